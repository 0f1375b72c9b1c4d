"""What the strategies build has the very shape of what reading a source gives."""

from pathlib import Path

import pandas as pd

from nmsdreports.intake import load
from tests.laws.registry import BESIDE, TABLES, records_from

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def test_made_up_records_are_shaped_like_read_ones():
    read, made = load(SAMPLE), records_from({})
    for name in [*TABLES, *BESIDE]:
        pd.testing.assert_frame_equal(getattr(made, name), getattr(read, name).iloc[:0])
