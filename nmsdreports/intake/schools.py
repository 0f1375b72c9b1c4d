"""Names that point to rows of another table: schools by any of their names, accounts by id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nmsdreports.intake.choices import nearest
from nmsdreports.intake.grid import TEXT
from nmsdreports.intake.texts import Fault, Parsed, parse_ids
from nmsdreports.settings import fold

# What stands for the whole district in every table that leaves the program.
_DISTRICT = "*"
_STAYS = "the incident stays with its school"
_JUDGES_NOTHING = "this row is kept but counts for nothing"
_LISTED = 12
_LONGEST_SHOWN = 60
NAMES = ("name", "short_name", "aliases")
"""The columns whose texts name a school, besides its id."""
_MOST_SUGGESTIONS = 500
_LOOKALIKE = str.maketrans({"o": "0", "i": "1", "l": "1"})


@dataclass(frozen=True)
class Directory:
    """Schools by folded name; a name that several schools share is only in `shared`.

    `aside` has the names that only a row that was set aside bears, each with that row's cell.
    """

    ids: dict[str, str]
    names: dict[str, str]
    shown: tuple[str, ...]
    shared: dict[str, tuple[str, ...]]
    aside: dict[str, str]

    def find(self, text: str) -> str | None:
        """The id of the school that a text names, or None."""
        folded = fold(text)
        return self.ids.get(folded) or self.names.get(folded) or self.ids.get(_number(text))

    def suggest(self, text: str) -> str | None:
        """The id or name of the school that a text may mean."""
        alike = _likest(self.ids.values()).get(_alike(text)) or nearest(text, self.shown)
        if alike:
            return alike
        begun = [name for name in self.shown if fold(name).startswith(f"{fold(text)} ")]
        if len(begun) == 1:
            return begun[0]
        # "Suny side Elem" is nearer to a name than its words are
        joined = {"".join(fold(name).split()): name for name in self.shown}
        return joined.get(nearest("".join(fold(text).split()), joined))


def read_directory(schools: pd.DataFrame, aside: dict[str, str] | None = None) -> Directory:
    """The directory of the accepted rows of the schools table, and of the names set `aside`."""
    ids = {fold(school): school for school in schools["school_id"]}
    ids |= _numbers(schools["school_id"])
    owners: dict[str, tuple[str, ...]] = {}
    for name, found in school_names(schools).items():
        at = dict.fromkeys(label for label, _ in found)
        owners[name] = tuple(dict.fromkeys(schools.loc[list(at), "school_id"]))
    names = {name: found[0] for name, found in owners.items() if len(found) == 1}
    shared = {name: found for name, found in owners.items() if len(found) > 1}
    return Directory(ids, names, tuple(schools["name"].dropna()), shared, aside or {})


def school_names(schools: pd.DataFrame) -> dict[str, list[tuple[int, str]]]:
    """Folded name → the rows (by label) and columns where it stands, in the order of the rows."""
    found: dict[str, list[tuple[int, str]]] = {}
    columns = schools[list(NAMES)]
    for label, *texts in columns.itertuples(name=None):
        for column, text in zip(NAMES, texts, strict=True):
            if pd.notna(text):
                for name in text.split("|") if column == "aliases" else [text]:
                    found.setdefault(fold(name), []).append((label, column))
    return found


def parse_schools(texts: Sequence[str | None], directory: Directory | None) -> Parsed:
    """School ids, null where the text names no school; as typed where no school is known."""
    if directory is None:
        return Parsed(pa.array(texts, TEXT), {})
    values = [directory.find(text) if text is not None else None for text in texts]
    listed = _listed(directory.shown) + (" …" if len(directory.shown) > _LISTED else "")
    faults: dict[int, Fault] = {}
    for position, (text, value) in enumerate(zip(texts, values, strict=True)):
        if text is None or value is not None:
            continue
        shared = directory.shared.get(fold(text))
        if shared:
            words = {"count": len(shared), "ids": _listed(shared)}
            faults[position] = Fault("ambiguous-school", None, words)
            continue
        there = directory.aside.get(fold(text))
        if there:
            faults[position] = Fault("school-set-aside", None, {"there": there})
            continue
        near = directory.suggest(text) if len(faults) < _MOST_SUGGESTIONS else None
        words = {"schools": "" if near else f"; it has {listed or 'no row that can be used'}"}
        faults[position] = Fault("unknown-school", near, words)
    return Parsed(pa.array(values, TEXT), faults)


def parse_school_ids(texts: pa.Array) -> Parsed:
    """The ids of the schools themselves; `*` is none, since it stands for the district."""
    ids = parse_ids(texts).result
    sign = pc.equal(ids, _DISTRICT)
    faults = {at: Fault("district-sign") for at in pc.indices_nonzero(sign).to_pylist()}
    return Parsed(pc.if_else(sign, pa.scalar(None, TEXT), ids), faults)


def parse_account_ids(
    texts: Sequence[str | None],
    registered: pd.Series | None,
    known_as: dict[str, str],
    aside: dict[str, str],
    *,
    incident: bool = False,
) -> Parsed:
    """Account ids: the registered spelling where one is meant, else as typed with a warning.

    A spreadsheet drops leading zeros, so that 7 means 007 unless both are registered. What differs
    in O and 0 or in I and 1 alone is suggested; no id is suggested because it is near, since A1002
    is as near to A1001 as a slip would be; of a handle or an address, the account that alone
    `known_as` it. `aside` has the ids whose row in the registry was set
    aside, folded, with the cell of that row.
    """
    if registered is None:
        return Parsed(pa.array(texts, TEXT), {})
    exact = set(registered)
    folded = {account.casefold(): account for account in registered}
    folded |= _numbers(registered)
    alike = _likest(registered)
    values: list[str | None] = []
    faults: dict[int, Fault] = {}
    for position, text in enumerate(texts):
        if text is None or text in exact:
            values.append(text)
            continue
        known = folded.get(text.casefold()) or folded.get(_number(text))
        values.append(known or text)
        if known is None and (there := aside.get(fold(text))):
            until = _STAYS if incident else _JUDGES_NOTHING
            faults[position] = Fault("account-set-aside", None, {"there": there, "until": until})
        elif known is None:
            code = "unregistered-incident" if incident else "unknown-account"
            meant = alike.get(_alike(text)) or known_as.get(_plain_name(text))
            faults[position] = Fault(code, meant)
    return Parsed(pa.array(values, TEXT), faults)


def accounts_known_as(accounts: pd.DataFrame) -> dict[str, str]:
    """Handle or address → the id of the one account that has it; `accounts` as accepted."""
    names = pd.concat([accounts["handle"], accounts["url"]]).dropna().map(_plain_name)
    owners = accounts["account_id"].reindex(names.index)
    single = ~names.duplicated(keep=False)
    return dict(zip(names[single], owners[single], strict=True))


def similar_ids(ids: pd.Series) -> dict[str, str]:
    """Ids of digits that differ only in leading zeros: each later one → the first."""
    digits = ids[ids.str.fullmatch(r"\d+").fillna(False).astype(bool)].drop_duplicates()
    bare = digits.map(_number)
    first = digits.groupby(bare.to_numpy(), sort=False).transform("first")
    pairs = zip(digits, first, strict=True)
    return {later: earlier for later, earlier in pairs if later != earlier}


def _numbers(ids: pd.Series) -> dict[str, str]:
    """Bare number → id, for ids of digits whose number no other id has."""
    digits = ids[ids.str.fullmatch(r"\d+").fillna(False).astype(bool)]
    bare = digits.map(_number)
    single = ~bare.duplicated(keep=False)
    return dict(zip(bare[single], digits[single], strict=True))


def _plain_name(text: str) -> str:
    """A handle or an address, whichever way it is typed."""
    plain = text.strip().casefold().removeprefix("https://").removeprefix("http://")
    return plain.removeprefix("www.").lstrip("@").rstrip("/")


def _number(text: str) -> str:
    return (text.lstrip("0") or "0") if text.isascii() and text.isdigit() else ""


def _listed(names: Sequence[str]) -> str:
    """The first of some names, each as much of it as fits."""
    return ", ".join(name[:_LONGEST_SHOWN] for name in names[:_LISTED])


def _likest(ids: Iterable[str]) -> dict[str, str]:
    """What an id looks like → the id, where no other id looks so."""
    found: dict[str, set[str]] = {}
    for known in ids:
        found.setdefault(_alike(known), set()).add(known)
    return {look: known.pop() for look, known in found.items() if len(known) == 1}


def _alike(text: str) -> str:
    plain = fold(text).translate(_LOOKALIKE)
    head = plain.rstrip("0123456789")
    return head + (plain[len(head) :].lstrip("0") or "")
