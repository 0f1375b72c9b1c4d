"""The sheets of one table stacked, and what can only be seen with all its rows together.

Doubled identifiers, accounts under several spellings, days in the wrong order. Out: a `Stacked`
whose frame has the accepted rows; nothing is dropped without being counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nmsdreports.intake.accounts import Address, account_key, fits, platform_id, read_address
from nmsdreports.intake.grid import TEXT, letter
from nmsdreports.intake.problems import Problems
from nmsdreports.intake.rows import Piece
from nmsdreports.intake.schools import school_names, similar_ids
from nmsdreports.intake.tables import PROVENANCE, Table
from nmsdreports.settings import fold


@dataclass
class Stacked:
    """All data rows of a table while it is put together; masks run over them.

    `aside` marks quarantined rows, `again` rows that only repeat or complete another one.
    """

    table: Table
    pieces: list[Piece]
    rows: pd.DataFrame
    aside: np.ndarray
    again: np.ndarray
    piece_of: np.ndarray

    @property
    def used(self) -> np.ndarray:
        """Which rows are accepted."""
        return ~self.aside & ~self.again

    def accepted(self) -> pd.DataFrame:
        """The accepted rows, numbered from 0."""
        if self.used.all():
            return self.rows
        return self.rows[self.used].reset_index(drop=True)

    def accepted_index(self) -> np.ndarray:
        """For each data row its label among the accepted ones, -1 where it is none."""
        return np.where(self.used, np.cumsum(self.used) - 1, -1)

    def address(self, at: int, column: str, seen_from: int | None = None) -> str:
        """The cell of a row and column; with file and sheet where those are others."""
        piece = self.pieces[self.piece_of[at]]
        position = piece.layout.positions.get(column)
        cell = f"{letter(position) if position is not None else ''}{self.rows['row'].iloc[at]}"
        if seen_from is not None and self.piece_of[at] == self.piece_of[seen_from]:
            return cell
        place = piece.place
        return f"{place.file}{' · ' + place.sheet if place.sheet else ''}!{cell}"

    def note(self, problems: Problems, code: str, at: int, column: str, **words) -> None:
        """Note a problem of one row and column."""
        piece = self.pieces[self.piece_of[at]]
        position = piece.layout.positions.get(column)
        value = self.rows[column].iloc[at]
        problems.add(
            code,
            table=self.table.name,
            file=piece.place.file,
            sheet=piece.place.sheet,
            row=int(self.rows["row"].iloc[at]),
            column=column,
            letter=letter(position) if position is not None else "",
            value=None if pd.isna(value) else _shown(value),
            **words,
        )


def stack(table: Table, pieces: list[Piece]) -> Stacked:
    """The pieces of one table under each other."""
    frames = [_frame(piece) for piece in pieces]
    rows = frames[0] if len(frames) == 1 else None  # a copy of a large table is a large thing
    if rows is None:
        rows = pd.concat(frames, ignore_index=True) if frames else table.empty()
    sizes = [len(frame) for frame in frames]
    aside = np.concatenate([piece.aside for piece in pieces]) if pieces else np.zeros(0, bool)
    piece_of = np.repeat(np.arange(len(pieces)), sizes)
    return Stacked(table, pieces, rows, aside, np.zeros(len(rows), bool), piece_of)


def check_identifiers(stacked: Stacked, problems: Problems) -> None:
    """Set aside or merge rows of an identifier that stands before; warn of similar ones."""
    key = stacked.table.key
    if not key or stacked.rows.empty:
        return
    rows = stacked.rows
    names = rows[key].str.lower().where(~stacked.aside)
    later = (names.duplicated() & names.notna()).to_numpy()
    if later.any():
        first = dict(zip(names[~later], np.flatnonzero(~later), strict=True))
        data = [column for column in rows.columns if column not in PROVENANCE]
        same = rows.duplicated(data).to_numpy()
        for at in np.flatnonzero(later):
            original = int(first[names.iloc[at]])
            other = stacked.address(original, key, at)
            if same[at]:
                code, stacked.again[at] = "identical-row", True
            elif stacked.table.name == "concerns" and _complete(rows, original, at, data):
                code, stacked.again[at] = "concern-completed", True
            else:
                code, stacked.aside[at] = "same-id", True
            heading = stacked.table.columns[key].heading
            stacked.note(problems, code, int(at), key, other=other, heading=heading)
    pairs = similar_ids(rows.loc[stacked.used, key])
    similar = rows[key].isin(list(pairs)).to_numpy() & stacked.used if pairs else ()
    for at in np.flatnonzero(similar):
        stacked.note(problems, "similar-ids", int(at), key, other=pairs[rows[key].iloc[at]])


def set_aside(stacked: Stacked, others: Sequence[str] = ()) -> dict[str, str]:
    """What names a row that was set aside, folded → the cell of its identifier.

    Its names are its identifier and what stands in the columns `others`; what names an accepted row
    too is left out.
    """
    key = stacked.table.key
    found = {}
    for at in np.flatnonzero(stacked.aside)[::-1]:
        for column in (key, *others):
            text = stacked.rows[column].iloc[at]
            if pd.notna(text):
                found |= {fold(name): stacked.address(at, key) for name in text.split("|")}
    if not found:
        return {}
    used = stacked.rows[stacked.used]
    known = {fold(name) for column in (key, *others) for name in used[column].dropna().unique()}
    return {name: there for name, there in found.items() if name not in known}


def check_school_names(stacked: Stacked, problems: Problems) -> None:
    """Warn of a name that two schools share: a row that says it belongs to neither."""
    rows = stacked.rows[stacked.used]
    for name, places in school_names(rows).items():
        (first, column), *more = places
        there = rows.loc[first, "school_id"]
        for at, other in more:
            school = rows.loc[at, "school_id"]
            if school == there:
                continue
            stacked.note(
                problems,
                "shared-school-name",
                at,
                other,
                name=_spelt(rows.loc[at, other], name),
                school=school,
                there=stacked.address(first, column, at),
                other=there,
            )
            break


def _spelt(text: str, name: str) -> str:
    """The one of a cell's names that folds to `name`."""
    return next((part.strip() for part in text.split("|") if fold(part) == name), text)


def check_accounts(stacked: Stacked, problems: Problems) -> None:
    """Add `key`; warn of one account in two rows, addresses that do not fit, days turned round."""
    rows = stacked.rows
    platforms = [platform_id(name) if name is not None else "" for name in _plain(rows["platform"])]
    urls = _plain(rows["url"])
    addresses = {url: read_address(url) for url in set(urls) if url is not None}
    found = [addresses.get(url) for url in urls]
    keys = map(account_key, platforms, _plain(rows["handle"]), found)
    rows["key"] = pd.Series(pd.array(pa.array(keys, TEXT), dtype="str"))
    _check_addresses(stacked, addresses, platforms, problems)
    used = rows["key"].where(stacked.used)
    twice = (used.duplicated() & used.notna()).to_numpy()
    if twice.any():
        first = used.drop_duplicates().dropna()
        first = dict(zip(first, first.index, strict=True))
        for at in np.flatnonzero(twice):
            original = int(first[used.iloc[at]])
            here = rows["school_id"].iloc[at] == rows["school_id"].iloc[original]
            code = "same-account" if here else "same-account-elsewhere"
            column = "url" if pd.notna(rows["url"].iloc[at]) else "handle"
            other = stacked.address(original, "account_id", at)
            stacked.note(problems, code, int(at), column, other=other)
    _check_order(stacked, problems, "launched_on", "closed_on", "closed-before-launch")


def check_incidents(stacked: Stacked, registered: pd.Series | None, problems: Problems) -> None:
    """Add `account_registered`; a blank substantiation is alleged; warn of days turned round."""
    rows = stacked.rows
    ids = pa.array([] if registered is None else registered, TEXT)
    known = pc.is_in(pa.array(rows["account_id"]), ids)
    rows["account_registered"] = known.to_numpy(zero_copy_only=False)
    rows["substantiation"] = rows["substantiation"].fillna("alleged")
    _check_order(stacked, problems, "reported_on", "resolved_on", "resolved-before-reported")


def lost(stacked: Stacked) -> list[tuple[int, int, str]]:
    """Every unreadable value as (piece, row of the stack, column)."""
    starts = np.searchsorted(stacked.piece_of, np.arange(len(stacked.pieces)))
    return [
        (number, int(starts[number]) + row, column)
        for number, piece in enumerate(stacked.pieces)
        for row, column in piece.lost
    ]


def _frame(piece: Piece) -> pd.DataFrame:
    columns = {name: _series(values) for name, values in piece.columns.items()}
    columns["file"] = _series(pa.repeat(pa.scalar(piece.place.file, TEXT), len(piece.rows)))
    columns["sheet"] = _series(pa.repeat(pa.scalar(piece.place.sheet, TEXT), len(piece.rows)))
    columns["row"] = pd.array(piece.rows, dtype="Int64")
    return pd.DataFrame(columns)


def _series(values: pa.Array | np.ndarray) -> pd.Series:
    if isinstance(values, np.ndarray):
        return pd.Series(values, dtype="datetime64[us]")
    return pd.Series(pd.array(values, dtype="str"))


def _complete(rows: pd.DataFrame, original: int, later: int, data: list[str]) -> bool:
    """Fill the blanks of a row from a later one; False, and nothing done, where they differ."""
    first, second = rows.loc[original, data], rows.loc[later, data]
    if (first.notna() & second.notna() & (first != second)).any():
        return False
    for column in data:
        if pd.isna(first[column]) and pd.notna(second[column]):
            rows.loc[original, column] = second[column]
    return True


def _check_addresses(
    stacked: Stacked, addresses: dict[str, Address], platforms: list[str], problems: Problems
) -> None:
    urls = stacked.rows["url"]
    pairs = pd.DataFrame({"url": urls, "platform": platforms})[stacked.used & urls.notna()]
    odd = {
        pair
        for pair in pairs.drop_duplicates().itertuples(index=False, name=None)
        if addresses[pair[0]].post or not fits(addresses[pair[0]], pair[1])
    }
    known = pd.MultiIndex.from_frame(pairs)
    for at in pairs.index[known.isin(odd)] if odd else ():
        address = addresses[urls[at]]
        if address.collection:
            stacked.note(problems, "link-collection", at, "url")
            continue
        if address.post:
            taken = "its account was taken from it" if address.name else "its account is not in it"
            stacked.note(problems, "post-link", at, "url", taken=taken)
        if not fits(address, platforms[at]):
            name = stacked.rows["platform"].iloc[at]
            stacked.note(problems, "other-platform", at, "url", platform=name)


def _check_order(stacked: Stacked, problems: Problems, first: str, then: str, code: str) -> None:
    wrong = (stacked.rows[then] < stacked.rows[first]).to_numpy() & stacked.used
    for at in np.flatnonzero(wrong):
        stacked.note(problems, code, int(at), then)


def _plain(texts: pd.Series) -> list[str | None]:
    """The texts of a column as plain objects; pandas' own iteration is five times as slow."""
    return pa.array(texts).to_pylist()


def _shown(value: object) -> str:
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)
