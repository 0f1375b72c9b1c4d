"""What an edition was made from: inputs, versions, policy, settings."""

import dataclasses
import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from nmsdreports.run.plan import Plan
from nmsdreports.views.index import Entry

PACKAGES = ["nmsdreports", "openpyxl", "pandas", "papermill", "plotly", "pyarrow"]


def facts(plan: Plan, entries: list[Entry]) -> dict:
    """Return what the manifest says beside its outputs; nothing in it depends on the clock."""
    settings = plan.records.settings
    return {
        "month": plan.month,
        "as_of": plan.as_of.date().isoformat(),
        "read_on": plan.records.read_on.date().isoformat(),
        "whole": plan.whole,
        "schools": list(plan.schools["school_id"]),
        "failed": [{"name": e.name, "cause": e.cause} for e in entries if e.cause],
        "inputs": {
            row.file: {"sha256": row.sha256, "bytes": int(row.bytes)}
            for row in plan.records.inputs.itertuples()
        },
        "versions": {"python": platform.python_version()} | {p: version(p) for p in PACKAGES},
        "policy": policy_hashes(settings.policy),
        "settings": plain(dataclasses.asdict(settings)),
    }


def policy_hashes(own: Path | None) -> dict[str, str]:
    """Return the SHA-256 of the guidelines that came with the program and of the district's."""
    shipped = Path(__file__).resolve().parents[1] / "policy" / "guidelines.toml"
    files = {"board policy": shipped} | ({"district": own} if own else {})
    return {whose: hashlib.sha256(path.read_bytes()).hexdigest() for whose, path in files.items()}


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
