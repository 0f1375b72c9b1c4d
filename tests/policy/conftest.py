"""The sample district, read and judged once for all tests of this folder."""

from pathlib import Path

import pytest

from nmsdreports.intake import load
from nmsdreports.policy import assess

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="session")
def sample():
    """Return the assessment of the sample district."""
    return assess(load(SAMPLE))
