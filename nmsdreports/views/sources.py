"""Which files a report was made from: what was read, and what decides how it is judged."""

import hashlib
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from nmsdreports.intake import Records


def files_read(records: "Records") -> pd.DataFrame:
    """The spreadsheets and settings that were read, and the district's own policy file.

    Columns: file, sha256 (str).
    """
    files, policy = records.inputs[["file", "sha256"]], records.settings.policy
    if policy is None or not policy.is_file():
        return files.reset_index(drop=True)
    own = {"file": policy.name, "sha256": hashlib.sha256(policy.read_bytes()).hexdigest()}
    return pd.concat([files, pd.DataFrame([own])], ignore_index=True)
