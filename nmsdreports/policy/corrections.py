"""Which cells differ between two readings of a district's files.

In: the records of then and of now. Out: one row a cell, or a whole row that came or went.
Rows are found again by their identifier; those of a log, which have none, by their content, so
that a row that only moved in its file is no difference.
Traps: restricted columns are in no snapshot and are not compared; a fact that was entered since and
bears a day after ``known_on`` is marked `later`: it is news, not a correction.
"""

from collections.abc import Iterator, Sequence

import pandas as pd

from nmsdreports.intake import Records
from nmsdreports.intake.tables import read_tables

CAME, WENT = "a row was added", "a row was removed or set aside"
UNREADABLE = "not readable"
COLUMNS = [
    *("table", "column", "label", "label_before", "account_id", "account_before", "key"),
    *("school_id", "school_before", "guideline", "people", "place", "place_before"),
    *("before", "after", "later"),
]
# The day from which a row of a log is a fact.
_DATED = {
    "accounts": "launched_on",
    "incidents": "reported_on",
    "approvals": "decided_on",
    "notices": "sent_on",
    "concerns": "received_on",
    "admins": "granted_on",
    "reviews": "reviewed_on",
    "exceptions": "starts_on",
    "staff": "from",
}
_KEYS = {"staff": ("email", "from")}
_PEOPLE = ("email", "name", "supervisor_email", "designee_email")
_PLACE = ("file", "sheet", "row")


def corrections(before: Records, now: Records, known_on: pd.Timestamp) -> pd.DataFrame:
    """Return one row a cell that differs, ``column`` empty where a whole row came or went.

    Columns: table, column, label and label_before (row labels of the two tables, -1 for none),
    account_id, account_before, key (an incident's or concern's id), school_id, school_before,
    guideline (of an exception), people (of a staff row: e-mails and names, folded, between ``|``),
    place, place_before ("accounts.xlsx · Accounts!L7"), before, after (str, empty where nothing
    stands) and later (bool: a fact of a day after ``known_on``).
    """
    parts = [_of_table(name, before, now, known_on) for name in read_tables()]
    return pd.concat([part for part in parts if len(part)] or [_none()], ignore_index=True)


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=COLUMNS).astype({"later": "bool"})


def _of_table(name: str, before: Records, now: Records, known_on: pd.Timestamp) -> pd.DataFrame:
    columns = [column.name for column in read_tables()[name].columns.values()]
    columns = [column for column in columns if not read_tables()[name].columns[column].restricted]
    read = [records.table(name)[[*columns, *_PLACE]] for records in (before, now)]
    unreadable = any((records.unknowns["table"] == name).any() for records in (before, now))
    if not unreadable and read[0].equals(read[1]):
        return _none()
    old, new = (_texts(records, name, columns) for records in (before, now))
    old, new = _only_in_one(old, new)
    old, new = (
        frame.join(records.table(name)[list(_PLACE)].astype("str").fillna(""))
        for frame, records in ((old, before), (new, now))
    )
    if old.empty and new.empty:
        return _none()
    pairs = pd.DataFrame(list(_pairs(name, old, new, columns)), columns=["old", "new"])
    cells = _cells(name, old.loc[pairs["old"]], new.loc[pairs["new"]], columns)
    went = _whole(old.drop(pairs["old"]), WENT)
    came = _whole(new.drop(pairs["new"]), CAME)
    found = pd.concat([cells, went, came], ignore_index=True).assign(table=name)
    return _described(found, name, before, now, old, new, known_on)[COLUMNS]


def _texts(records: Records, name: str, columns: list[str]) -> pd.DataFrame:
    """The table's cells as texts, empty where nothing stands."""
    frame = records.table(name)
    texts = pd.DataFrame(index=frame.index)
    for column in columns:
        values = frame[column]
        if pd.api.types.is_datetime64_any_dtype(values):
            values = values.dt.strftime("%Y-%m-%d")
        texts[column] = values.astype("str").fillna("")
    unknown = records.unknowns
    unknown = unknown[(unknown["table"] == name) & unknown["index"].notna()]
    for column, rows in unknown.groupby("column"):
        if column in texts:
            labels = rows["index"].astype("int64")
            texts.loc[labels[labels.isin(texts.index)], column] = UNREADABLE
    return texts


def _only_in_one(old: pd.DataFrame, new: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of each that the other does not have just so, as often as they stand there."""
    hashes = [pd.util.hash_pandas_object(frame, index=False) for frame in (old, new)]
    keys = [
        pd.MultiIndex.from_arrays([hashed, hashed.groupby(hashed).cumcount()]) for hashed in hashes
    ]
    return old[~keys[0].isin(keys[1])], new[~keys[1].isin(keys[0])]


def _pairs(
    name: str, old: pd.DataFrame, new: pd.DataFrame, columns: list[str]
) -> Iterator[tuple[int, int]]:
    """The labels of the rows of then and now that are the same row, corrected."""
    key = read_tables()[name].key
    ways: list[Sequence[str]] = [_KEYS.get(name, (key,))] if key or name in _KEYS else []
    if name not in _KEYS and not key:
        ways += [[other for other in columns if other != column] for column in columns]
        ways += [("account_id", *_PLACE)]
    for way in ways:
        if old.empty or new.empty:
            return
        sides = [frame[list(way)].copy() for frame in (old, new)]
        for side in sides:
            side["nth"] = side.groupby(list(way)).cumcount()
        left, right = (side.rename_axis("label").reset_index() for side in sides)
        found = left.merge(right, on=[*way, "nth"], suffixes=("", "_now"))
        yield from zip(found["label"], found["label_now"], strict=True)
        old, new = old.drop(found["label"]), new.drop(found["label_now"])


def _cells(name: str, old: pd.DataFrame, new: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """One row a cell that differs between rows that stand in the same order."""
    parts = [
        pd.DataFrame(
            {
                "column": column,
                "label": new.index[differs],
                "label_before": old.index[differs],
                "before": old[column].to_numpy()[differs],
                "after": new[column].to_numpy()[differs],
            }
        )
        for column in columns
        if (differs := old[column].to_numpy() != new[column].to_numpy()).any()
    ]
    names = ["column", "label", "label_before", "before", "after"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)


def _whole(rows: pd.DataFrame, what: str) -> pd.DataFrame:
    here = {"label": rows.index, "label_before": -1, "before": "", "after": what}
    if what == WENT:
        here = {"label": -1, "label_before": rows.index, "before": what, "after": ""}
    return pd.DataFrame({"column": "", **here}, index=range(len(rows)))


def _described(
    found: pd.DataFrame,
    name: str,
    before: Records,
    now: Records,
    old: pd.DataFrame,
    new: pd.DataFrame,
    known_on: pd.Timestamp,
) -> pd.DataFrame:
    """With whom and what each cell is about, where it stands, and whether it is only news."""

    def told(frame: pd.DataFrame, label: str, column: str) -> pd.Series:
        if column not in frame:
            return pd.Series("", found.index, dtype="str")
        return frame[column].reindex(found[label]).fillna("").set_axis(found.index).astype("str")

    sides = {"label": new, "label_before": old}
    ids = {
        column: [told(frame, label, column) for label, frame in sides.items()]
        for column in ("account_id", "school_id", "guideline", *_PEOPLE)
    }
    key = read_tables()[name].key
    keyed = key if name in ("incidents", "concerns") else ""
    either = {name: now_.mask(now_ == "", then) for name, (now_, then) in ids.items()}
    people = [side for column in _PEOPLE for side in ids[column]] if name == "staff" else []
    fact = _DATED.get(name, "")
    day = told(new, "label", fact).mask(found["column"] != "", found["after"])
    if name == "notices":
        # An invitation counts from the day on which the activity starts.
        starts = told(new, "label", "starts_on")
        day = day.mask((found["column"] == "") & (starts != ""), starts)
    is_day = day.str.fullmatch(r"\d{4}-\d\d-\d\d") | ((found["column"] == "") & (day == ""))
    known = day.between("0", f"{known_on:%Y-%m-%d}")
    later = (found["before"] == "") & (found["label"] >= 0) & is_day & ~known
    return found.assign(
        account_id=either["account_id"],
        account_before=ids["account_id"][1],
        school_id=either["school_id"],
        school_before=ids["school_id"][1],
        guideline=either["guideline"],
        key=told(new, "label", keyed).mask(found["label"] < 0, told(old, "label_before", keyed)),
        people="|" + _joined(people, found.index) + "|",
        place=_places(now, name, found, "label"),
        place_before=_places(before, name, found, "label_before"),
        later=later.astype("bool"),
    )


def _joined(texts: list[pd.Series], index: pd.Index) -> pd.Series:
    joined = pd.Series("", index, dtype="str")
    for text in texts:
        joined = joined + "|" + text.str.strip().str.casefold()
    return joined


def _places(records: Records, name: str, found: pd.DataFrame, label: str) -> pd.Series:
    """The address of each cell, of a whole row that of the row; empty where there is none."""
    at = records.table(name)[list(_PLACE)].reindex(found[label])
    at["sheet"] = at["sheet"].fillna("")
    known = records.columns[records.columns["table"] == name]
    by_column = known.assign(sheet=known["sheet"].fillna("")).drop_duplicates(
        [*_PLACE[:2], "column"]
    )
    letters = by_column.set_index([*_PLACE[:2], "column"])["letter"].reindex(
        pd.MultiIndex.from_arrays([at["file"], at["sheet"], found["column"]])
    )
    sheets = (" · " + at["sheet"]).where(at["sheet"] != "", "")
    place = at["file"] + sheets + "!" + letters.fillna("").to_numpy() + at["row"].astype("str")
    return place.fillna("").set_axis(found.index).astype("str")
