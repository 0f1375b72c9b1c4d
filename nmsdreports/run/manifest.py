"""What an edition was made from: inputs, versions, policy, settings, notebooks, the program."""

import dataclasses
import platform
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from nmsdreports.intake.files import list_files
from nmsdreports.intake.problems import Problems
from nmsdreports.run.plan import Plan, is_over
from nmsdreports.run.publish import (
    digest,
    editions,
    file_hash,
    read_manifest,
)
from nmsdreports.settings import SETTINGS_FILE, Settings
from nmsdreports.views.index import Entry

PACKAGES = [
    *("nmsdreports", "openpyxl", "pandas", "papermill", "plotly", "pyarrow", "python-pptx"),
    "scipy",
]
# Where it is installed the board gets pictures, too.
_OF_EXTRAS = ["kaleido"]
_PACKAGE = Path(__file__).resolve().parents[1]


def facts(
    plan: Plan,
    entries: list[Entry],
    state: str,
    notebooks: dict[str, str],
    keys: dict[str, str],
) -> dict:
    """Return what the manifest says beside its outputs; nothing in it depends on the clock.

    `state` is what `made_from` says, `notebooks` has the hash of each report notebook,
    `keys` for each report's folder that of all it was made from.
    """
    records = plan.records
    names = zip(plan.schools["school_id"], plan.schools["name"], strict=True)
    return {
        "month": plan.month,
        "as_of": plan.as_of.date().isoformat(),
        "read_on": records.read_on.date().isoformat(),
        "whole": plan.whole,
        "schools": {school_id: str(name) for school_id, name in names},
        "failed": [{"name": e.name, "cause": e.cause} for e in entries if e.cause],
        "inputs": {
            row.file: {"sha256": row.sha256, "bytes": int(row.bytes)}
            for row in records.inputs.itertuples()
        },
        "set_aside": {
            "rows": int(records.counts["quarantined"].sum()),
            "values": int(records.problems["outcome"].eq("unknown").sum()),
        },
        "versions": versions(),
        "policy": policy_hashes(records.settings.policy),
        "settings": plain(dataclasses.asdict(records.settings)),
        "notebooks": notebooks,
        "made_from": state,
        "program_state": program_state(),
        "reports": keys,
    }


def made_from(settings: Settings, month: str, inputs: dict[str, str], today: date) -> str:
    """Return one hash of everything that decides what a month's reports say, less the notebooks.

    `inputs` has the SHA-256 of each spreadsheet. Of the clock only this decides: whether the month
    is over, and the year up to whose next one a date may lie ahead.
    """
    named = [settings.theme, settings.logo, *settings.deck.values()]
    return digest(
        {
            "month": month,
            "clock": [is_over(month, today), today.year],
            "inputs": inputs,
            "policy": policy_hashes(settings.policy),
            "settings": plain(dataclasses.asdict(settings)),
            "files": [file_hash(path) for path in named if path and path.is_file()],
            "versions": versions(),
            "program": program_hash(),
        }
    )


def same_as_before(output: Path, month: str, inputs: dict[str, str]) -> str:
    """Return the month with reports that lies before, where its spreadsheets were the very same.

    Otherwise nothing. `inputs` has the SHA-256 of each file read; the settings do not count. The
    month's first edition counts: it may have been restated from the spreadsheets of now.
    """
    earlier = {name: found for name, found in editions(output).items() if name < month}
    if not earlier:
        return ""
    last = max(earlier)
    listed = read_manifest(earlier[last][0]).get("inputs", {})
    before = {name: file["sha256"] for name, file in listed.items() if name != SETTINGS_FILE}
    now = {name: sha256 for name, sha256 in inputs.items() if name != SETTINGS_FILE}
    return last if before == now else ""


def input_hashes(source: Path, settings: Settings) -> dict[str, str]:
    """Return the SHA-256 of each spreadsheet that a source holds now, and of its settings."""
    files = [file.path for file in list_files(source, settings, Problems())]
    own = source / SETTINGS_FILE
    return {path.name: file_hash(path) for path in [*files, *([own] if own.is_file() else [])]}


def notebook_hash(notebook: Path, own: Path | None) -> str:
    """Return one hash of a report notebook, and of the Python files a district has beside it."""
    beside = sorted(own.glob("*.py")) if own and notebook.is_relative_to(own) else []
    return digest([file_hash(path) for path in [notebook, *beside]])


def policy_hashes(own: Path | None) -> dict[str, str]:
    """Return the SHA-256 of the guidelines that came with the program and of the district's."""
    shipped = _PACKAGE / "policy" / "guidelines.toml"
    files = {"board policy": shipped} | ({"district": own} if own else {})
    return {whose: file_hash(path) for whose, path in files.items()}


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that make reports."""
    extras = [name for name in _OF_EXTRAS if find_spec(name)]
    names = [*PACKAGES, *extras]
    return {"python": platform.python_version()} | {name: version(name) for name in names}


@cache
def program_hash() -> str:
    """Return one hash of the program's own files: its version stays the same while it is built."""
    files = [path for path in _PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return digest({path.relative_to(_PACKAGE).as_posix(): file_hash(path) for path in files})


def program_state() -> str:
    """Return one hash of the program and of what it stands on."""
    return digest([program_hash(), versions()])


def plain(value):
    """Return settings as JSON takes them; of a path only the name."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Path):
        return value.name
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value
