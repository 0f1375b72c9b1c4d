"""Which files of a folder are spreadsheets, and their bytes at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nmsdreports.intake.delimited import looks_like_table, read_delimited
from nmsdreports.intake.grid import Grid
from nmsdreports.intake.headers import named_tables
from nmsdreports.intake.lacks import needed_headings
from nmsdreports.intake.problems import Problems, Refused
from nmsdreports.intake.spreadsheet import read_workbook
from nmsdreports.intake.tables import read_tables
from nmsdreports.settings import InputError, Settings

DELIMITED = (".csv", ".tsv", ".tab", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".ods")
OTHER_FORMATS = (".xls", ".xlsb", ".numbers")
_NEVER_READ = ("reports",)


@dataclass(frozen=True)
class SourceFile:
    """One file that may hold tables."""

    path: Path

    @property
    def name(self) -> str:
        """Its name, as problems and provenance show it."""
        return self.path.name

    @property
    def ending(self) -> str:
        """Its ending in small letters."""
        return self.path.suffix.lower()


def list_files(folder: Path, settings: Settings, problems: Problems) -> list[SourceFile]:
    """The spreadsheets of a folder by name; raises `InputError` where there is none."""
    files: list[SourceFile] = []
    for path in sorted(folder.iterdir()):
        ending = path.suffix.lower()
        if path.is_dir():
            _note_folder(path, problems)
        elif path.name.startswith(("~$", ".~lock")):
            problems.add("lock-file", file=path.name)
        elif not path.name.startswith(".") and ending in (*DELIMITED, *WORKBOOKS, *OTHER_FORMATS):
            files.append(SourceFile(path))
    if not files:
        raise InputError(
            f"The folder '{folder.name}' holds no spreadsheet; put the schools, the accounts and "
            "the incidents there as .csv or .xlsx."
        )
    names = {file.name for file in files}
    for table, items in settings.files.items():
        for item in items:
            if item.partition("!")[0] not in names:
                raise InputError(
                    f"district.toml: [files] {table} names '{item}', which is not in the folder."
                )
    return files


def read_bytes(file: SourceFile) -> bytes:
    """The whole file as it stood at one moment; raises `Refused` where it changed meanwhile."""
    try:
        before = file.path.stat()
        data = file.path.read_bytes()
        after = file.path.stat()
    except FileNotFoundError as error:
        raise Refused("changed-while-reading", file=file.name) from error
    except OSError as error:
        raise Refused("no-permission", file=file.name) from error
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, len(data)):
        raise Refused("changed-while-reading", file=file.name)
    return data


def read_grids(file: SourceFile, data: bytes, problems: Problems) -> list[Grid]:
    """The sheets of a file; raises `Refused` where it cannot be read."""
    if not data:
        raise Refused("empty-file", file=file.name)
    if file.ending in WORKBOOKS or file.ending == ".xls":
        return read_workbook(file.name, data, problems)
    if file.ending in OTHER_FORMATS:
        raise Refused("other-format", file=file.name)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused(
            "renamed", file=file.name, really="a workbook", ending="CSV, or name it .xlsx"
        )
    if file.ending == ".txt" and not looks_like_table(data):
        _note_unread(file.name, problems)
        return []
    return [read_delimited(file.name, data, problems)]


def _note_unread(name: str, problems: Problems) -> None:
    """Note a file of plain words; warn where its name says that it should be a table."""
    named = [read_tables()[table] for table in sorted(named_tables(name))]
    if not named:
        problems.add("sheet-not-used", file=name)
    for table in named[:1]:
        wanted = needed_headings(table)
        problems.add("likely-table", file=name, table=table.name, title=table.title, wanted=wanted)


def _note_folder(path: Path, problems: Problems) -> None:
    if path.name in _NEVER_READ or path.name.startswith("."):
        return
    try:
        inside = any(item.suffix.lower() in (*WORKBOOKS, ".csv") for item in path.iterdir())
    except OSError:
        return
    if inside:
        problems.add("folder-not-read", file=path.name)
