"""What a run without anybody at the keyboard said and did: lines with day and time, for ever.

One file for each month in which something ran, a line for each weekday on which nothing was due.
"""

from pathlib import Path

from nmsdreports.run.clock import now_in
from nmsdreports.run.journal import OUTBOX
from nmsdreports.settings import Settings

LOGS = "logs"


def log_path(output: Path, settings: Settings) -> Path:
    """Return the log of this month in a folder of reports."""
    return output / LOGS / f"{now_in(settings):%Y-%m}.log"


def write_log(output: Path, settings: Settings, text: str) -> None:
    """Add what was said to the log of this month, with the district's day and time."""
    path = log_path(output, settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    now = f"{now_in(settings):%Y-%m-%d %H:%M}"
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{now}  {line}\n" for line in text.splitlines())


def told_path(output: Path) -> Path:
    """Return where the Message-ID of the last mail to the office about trouble stands."""
    return output / OUTBOX / "last-told-the-office.txt"


def forget_trouble(output: Path, month: str) -> None:
    """Take away the draft on a month that is done by now, and what the office was told last."""
    trouble_path(output, month).unlink(missing_ok=True)
    told_path(output).unlink(missing_ok=True)


def trouble_path(output: Path, month: str) -> Path:
    """Return where the draft lies that tells the office why a month is not done."""
    return output / OUTBOX / f"{month} is not done.eml"
