"""Who gets which workbook of an edition, and why a school gets none.

The address comes from the schools table as it is now, the workbook from the edition. Both are held
against what the workbook says of itself, and the address against what is known of whose it is: rows
that slipped in a table are the way a report reaches the wrong school. What does not fit is named
for the office and never guessed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nmsdreports.intake import Records
from nmsdreports.run.plan import find_school
from nmsdreports.run.post import is_address
from nmsdreports.run.publish import file_hash, read_manifest
from nmsdreports.settings import InputError
from nmsdreports.views.finish import WHOSE, read_properties
from nmsdreports.views.places import folder_names
from nmsdreports.views.sentences import list_words, month_words, name_words


@dataclass(frozen=True)
class Recipient:
    """A school of an edition: its principal, the address, the workbook, or what is wrong.

    `sha256` is that of the workbook; `fault` the sentence why nothing can be sent, else empty.
    """

    school_id: str
    name: str
    principal: str
    to: str
    workbook: Path | None
    sha256: str
    fault: str


def recipients(
    edition: Path, records: Records, then: pd.DataFrame, chosen: Iterable[str]
) -> list[Recipient]:
    """Return a recipient for each school of an edition, or for those chosen, by id.

    `records` are those of now, `then` the schools table as it was when the edition was made.
    """
    manifest = read_manifest(edition)
    failed = {failure["name"] for failure in manifest.get("failed", [])}
    reported = then[then["school_id"].isin(list(manifest["schools"]))]
    names = list(zip(reported["school_id"], reported["name"], strict=True))
    folders = folder_names(names)
    wanted = set(chosen) or set(folders)

    def recipient(school_id: str, name: str) -> Recipient:
        folder = edition / "schools" / folders[school_id]
        path, sha256, wrong = _workbook(folder, school_id, name, manifest["month"])
        if name in failed:
            wrong = "its report could not be made"
        return Recipient(
            school_id,
            name,
            _text(records.schools, school_id, "principal"),
            _text(records.schools, school_id, "principal_email"),
            path,
            sha256,
            wrong or _address_fault(school_id, name, records, then),
        )

    return [recipient(*pair) for pair in names if pair[0] in wanted]


def find_schools(texts: Iterable[str], schools: pd.DataFrame, edition: Path) -> list[str]:
    """Return the ids of the schools that ids or names mean; refuse one that the edition lacks."""
    held = read_manifest(edition)["schools"]
    found = [find_school(text, schools) for text in texts]
    lacks = [school_id for school_id in found if school_id not in held]
    if lacks:
        raise InputError(f"{edition.name} holds no report of {list_words(lacks)}.")
    return found


def address_fault(address: str, domains: tuple[str, ...]) -> str:
    """Return why nothing is sent to an address, as the end of a sentence; else nothing."""
    if not is_address(address):
        return f'"{name_words(address)}" is no e-mail address that can be used'
    if address.rpartition("@")[2].lower() not in domains:
        return f"{address} is no address of the district ({list_words(list(domains))})"
    return ""


def principal_address(school_id: str, name: str, records: Records) -> tuple[str, str]:
    """Return the address of a school's principal by the schools table of now, and why nothing can
    be sent there, else nothing.
    """
    to = _text(records.schools, school_id, "principal_email")
    return to, _address_fault(school_id, name, records, records.schools)


def _text(schools: pd.DataFrame, school_id: str, column: str) -> str:
    """A cell of a school's row; empty where there is none."""
    cells = schools.loc[schools["school_id"] == school_id, column].dropna()
    return "" if cells.empty else cells.iloc[0]


def _workbook(folder: Path, school_id: str, name: str, month: str) -> tuple[Path | None, str, str]:
    """A school's workbook, its SHA-256, and why it is not surely that of this school alone."""
    paths = sorted(folder.glob("*.xlsx"))
    if len(paths) != 1:
        return None, "", "it has more than one workbook" if paths else "it has no workbook"
    says = read_properties(paths[0].read_bytes())
    title, whose = says.get("title", ""), says.get(WHOSE)
    fault = ""
    if whose is None:
        fault = "its workbook does not say whose it is"
    elif whose != school_id:
        fault = f"its workbook is that of {whose}"
    elif not (title.startswith(f"{name_words(name)}:") and title.endswith(month_words(month))):
        fault = f"its workbook is headed “{name_words(title)}”"
    return paths[0], file_hash(paths[0]), fault


def _address_fault(school_id: str, name: str, records: Records, then: pd.DataFrame) -> str:
    """Why nothing can be sent to the address that the schools table has for a school."""
    rows = records.schools[records.schools["school_id"] == school_id]
    if rows.empty:
        return f"the schools table has no school {school_id}"
    if rows["name"].iloc[0] != name:
        return f"the schools table calls {school_id} {name_words(rows['name'].iloc[0])}"
    to = _text(rows, school_id, "principal_email")
    return (
        _no_address(to, rows.iloc[0], records)
        or address_fault(to, records.settings.email_domains)
        or _other_school(to, school_id, records, then)
    )


def _no_address(to: str, row: pd.Series, records: Records) -> str:
    """That no address of the principal is on record; with the cell where one cannot be read."""
    if to:
        return ""
    problems = records.problems
    cells = problems.loc[
        problems["table"].eq("schools")
        & problems["file"].eq(row["file"])
        & problems["row"].eq(row["row"])
        & problems["code"].isin(["not-email", "several-emails"]),
        "cell",
    ].dropna()
    if len(cells):
        return f"the principal's e-mail in {row['file']}, cell {cells.iloc[0]}, cannot be read"
    return f"{row['file']} has no e-mail address of the principal (row {row['row']})"


def _other_school(to: str, school_id: str, records: Records, then: pd.DataFrame) -> str:
    """That an address belongs to another school, by the schools table of the report or by staff."""
    schools = records.schools
    address = to.lower()

    def principals_of(table: pd.DataFrame) -> pd.Series:
        return table.set_index("school_id")["principal_email"].str.lower()

    was = principals_of(then)
    before = list(was.index[was.eq(address)])
    if before and school_id not in before:
        names = schools.loc[schools["school_id"].isin(before), "name"]
        return (
            f"{to} was that of {list_words(list(names))} when the report was made; if it is right "
            "now, make the reports again"
        )
    # Who works for the district's office may well lead a school or a programme beside it.
    known = schools.loc[schools["level"].ne("district"), "school_id"]
    staff = records.staff[records.staff["email"].str.lower().eq(address)]
    now = staff[staff["to"].isna() | (staff["to"] > records.read_on)]
    works = known[known.isin(list(now["school_id"].dropna()))]
    others = principals_of(schools).reindex(works)
    if len(works) and school_id not in set(works) and others.ne(address).all():
        names = schools.loc[schools["school_id"].isin(works), "name"]
        return f"{to} works at {list_words(list(names))} by the staff table"
    return ""
