"""What a notebook begins with: a district read, judged and laid out for exploring.

In: a source. Out: an Explorer. How far a long reading is, is shown while it lasts.
"""

import os
from pathlib import Path

from nmsdreports.run.desk import open_desk
from nmsdreports.run.explorer import Explorer
from nmsdreports.run.plan import chosen_month
from nmsdreports.settings import SETTINGS_FILE
from nmsdreports.views.explore.progress import Progress
from nmsdreports.views.sentences import count_words

SOURCE_VARIABLE = "NMSDREPORTS_SOURCE"
MONTH_VARIABLE = "NMSDREPORTS_SAMPLE_MONTH"
_SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def explore(source: str | Path | None = None, month: str | None = None) -> Explorer:
    """Read and judge a district and return what explores it; how far it is, is shown.

    Left out, `source` is the one that `nmsdreports explore` was given, else the current folder
    where that is a district's, else the made-up one; `month` ("2026-10") is the last complete one.
    Raises InputError with one sentence where the source cannot be used.
    """
    folder = _source(source)
    with Progress() as told:
        desk = open_desk(folder, told)
        month = chosen_month(month or os.environ.get(MONTH_VARIABLE) or None, desk.today)
        if month not in desk.months:
            month = desk.months[0]
        explorer = Explorer(desk, month)
        accounts = count_words(len(desk.records.accounts), "account")
        told(f"{desk.records.settings.name}: {accounts} read.")
    return explorer


def _source(source: str | Path | None) -> Path:
    if source is not None:
        return Path(source)
    if SOURCE_VARIABLE in os.environ:
        return Path(os.environ[SOURCE_VARIABLE])
    if Path(SETTINGS_FILE).exists() or not _SAMPLE.is_dir():
        return Path()
    return _SAMPLE
