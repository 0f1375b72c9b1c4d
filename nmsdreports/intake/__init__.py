"""Spreadsheets as offices have them → `Records`.

In: a folder with `district.toml` (optional) and spreadsheets. Out: the ten tables as DataFrames,
their problems, their counts and the cell each value came from. Nothing is lost: for each sheet
rows_read = accepted + quarantined + blank. Nothing is guessed: what is not certain is unknown, and
the problem says which cell to repair.
Traps: identifiers are text; a row in a table can still have unknown values, listed in
`records.unknowns`; restricted columns (description, action, note) may be shown on a screen only.
"""

from nmsdreports.intake.load import load
from nmsdreports.intake.records import Records

__all__ = ["Records", "load"]
