"""What moved since an earlier edition, each finding and status with exactly one reason.

In: what that edition printed with the facts and guidelines it was made from, and today's standing.
Out: :class:`Moved`: a row a difference, and the counts that lead from then to now.
The verdicts of the earlier day are computed again in steps: by the program of now, then by the
guidelines of now, then from the facts of now; what still differs is the work of time. The last step
that made a difference is its reason. Each finding opened or closed is one move, and the counts are
those of the rows: open then + all that was opened - all that was closed = open now.
What the days between opened or closed is also the guidelines' work where by those of then they
would not have; it is counted among what the days moved all the same.
Traps: an account that changed its school closes at one and opens at the other; a row entered since
about a day since is no correction.
"""

from dataclasses import dataclass, field, replace

import pandas as pd

from nmsdreports.intake import Records
from nmsdreports.policy.assess import assess
from nmsdreports.policy.causes import cell_words
from nmsdreports.policy.corrections import CAME, corrections
from nmsdreports.policy.counts import DISTRICT
from nmsdreports.policy.guidelines import Policy
from nmsdreports.policy.respelled import respelled
from nmsdreports.policy.rule_words import rule_words
from nmsdreports.policy.standing import Standing
from nmsdreports.policy.steps import (
    DATA,
    EARLY,
    KEY,
    MOVES,
    NEW,
    POLICY,
    PROGRAM,
    finding_rows,
    status_rows,
    timed,
)

COLUMNS = [
    *("kind", "guideline", "subject", "account_id", "school_id", "finding_id", "opened_on"),
    *("move", "before", "after", "reason", "also", "cells", "school_cells", "rules"),
]
BY_EARLY = [f"{move}_{by}" for by in EARLY for move in MOVES]
COUNTS = ["open_then", *BY_EARLY, *MOVES, "open_now"]
_READ = "settings on how the files are read"
_ONE = ["kind", *KEY[:3], "opened_on"]
_ORDER = ["kind", "by_rule", "past", *KEY[:3], "opened_on", "turn"]


@dataclass(frozen=True)
class Printed:
    """An earlier edition: what it printed, as of which day, and what it was made from."""

    as_of: pd.Timestamp
    findings: pd.DataFrame
    status: pd.DataFrame
    records: Records
    policy: Policy


@dataclass(frozen=True)
class Moved:
    """What differs, and how the counts of open findings lead from then to now.

    ``rows``: kind (finding, status), guideline, subject, account_id, school_id, finding_id (str,
    empty of a status), opened_on (datetime64, NaT of a status), move (opened, closed, changed;
    past: a finding closed, or not found, then as now), before, after, reason, also (other reasons
    that had a part in it, between ``|``). Where corrected data are among these: cells (which cells,
    in words), school_cells (the same as the row's school may read it); where the guidelines are:
    rules (what differs in them). ``counts``: guideline, school_id (``*``: district), open_then,
    opened_by_program, closed_by_program and so for policy and data, opened, closed (by the days
    between) and open_now (int).
    """

    rows: pd.DataFrame
    counts: pd.DataFrame


@dataclass(frozen=True)
class Since:
    """What an edition says of the one before it.

    ``name`` ("2026-09"; empty where there is none), its ``month``, whether it is ``restated`` (of
    the same month, and published), and why it could not be compared (``cannot``, the end of a
    sentence; then nothing has moved). ``moved`` as of :class:`Moved`. ``same_as`` is the earlier
    month whose spreadsheets were the very same (empty where they were others). ``left``:
    account_id, school_id, label of the accounts that were in the registry then and are not now,
    and set_aside (bool) where their row is there but was quarantined. ``restates`` is the same of
    the published edition of the month that is restated, where that is not the one compared.
    ``unfinished``: the edition was made before its own month was over.
    """

    name: str
    month: str
    restated: bool
    cannot: str
    moved: Moved
    same_as: str = ""
    left: list[dict] = field(default_factory=list)
    restates: "Since | None" = None
    unfinished: bool = False


def nothing_moved() -> Moved:
    """Return that nothing moved: no row, no count."""
    days = {"opened_on": "datetime64[us]"}
    rows = pd.DataFrame({name: pd.Series(dtype=days.get(name, "str")) for name in COLUMNS})
    texts = dict.fromkeys(("guideline", "school_id"), "str")
    kinds = texts | dict.fromkeys(COUNTS, "int64")
    return Moved(rows, pd.DataFrame({name: pd.Series(dtype=kinds[name]) for name in kinds}))


def moved_since(
    then: Printed, now: Standing, same_program: bool = True, read_by: str = DATA
) -> Moved:
    """Return what moved from what was printed then to what stands now.

    ``same_program`` says that it was the program of now that printed it. ``read_by`` is why the
    facts of now are others; not "data corrected" where the spreadsheets are those of then.
    """
    then = _respelled(then, now)
    states = _states(then, now, same_program)
    found = finding_rows([one for one, _ in states], now, then.as_of)
    if then.policy != now.policy:
        found["reason"] = found["reason"].mask(_only_by_policy(found, then, now), POLICY)
    statuses = status_rows([*(other for _, other in states), now.status], found)
    rows = pd.concat([found, statuses], ignore_index=True)
    rows = _with_causes(rows if read_by == DATA else _read_by(rows, read_by), then, now)
    # A changed limit moves much at once, most of it long closed: what matters now is before it.
    # What it opened and the month closed stays together.
    by_rule = rows["reason"].isin([POLICY, PROGRAM])
    rows = rows.assign(
        past=rows["move"] == "past",
        by_rule=by_rule.groupby([rows[name] for name in _ONE], dropna=False).transform("all"),
        turn=rows["move"].map({"opened": 0, "closed": 1}).fillna(2),
    )
    rows = rows.sort_values(_ORDER, kind="stable")
    kinds = nothing_moved().rows.dtypes.to_dict()
    return Moved(rows[COLUMNS].reset_index(drop=True).astype(kinds), _counts(then, now, rows))


def _states(
    then: Printed, now: Standing, same_program: bool
) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """Findings and statuses of the earlier day: printed, by the program, the policy, the data."""
    by_program = by_policy = (then.findings, then.status)
    if not same_program:
        by_program = by_policy = _at(assess(then.records, then.policy).at(then.as_of))
    if then.policy != now.policy:
        by_policy = _at(assess(then.records, now.policy).at(then.as_of))
    by_data = _at(now.assessment.at(then.as_of))
    return [(then.findings, then.status), by_program, by_policy, by_data]


def _only_by_policy(found: pd.DataFrame, then: Printed, now: Standing) -> pd.Series:
    """Which findings the days between would not have opened or closed by the guidelines of then."""
    unchanged = timed(assess(now.records, then.policy).at(now.as_of), then.as_of)
    key = [*KEY, "move"]
    would = pd.MultiIndex.from_frame(found[key]).isin(pd.MultiIndex.from_frame(unchanged[key]))
    return found["between"] & ~would


def _at(standing: Standing) -> tuple[pd.DataFrame, pd.DataFrame]:
    return standing.findings, standing.status


def _respelled(then: Printed, now: Standing) -> Printed:
    """What was printed then, with the ids of accounts spelled as they are now."""
    frames = respelled(then.records, then.findings, then.status, now.records.accounts)
    return replace(then, **dict(zip(("records", "findings", "status"), frames, strict=True)))


def _read_by(rows: pd.DataFrame, read_by: str) -> pd.DataFrame:
    """The rows where the data are the same and were read otherwise: by what, as their reason."""
    reason = rows["reason"].replace(DATA, read_by)
    also = [
        "|".join(dict.fromkeys(why for why in text.split("|") if why != own))
        for text, own in zip(rows["also"].str.replace(DATA, read_by), reason, strict=True)
    ]
    return rows.assign(reason=reason, also=pd.Series(also, rows.index, dtype="str"))


def _with_causes(rows: pd.DataFrame, then: Printed, now: Standing) -> pd.DataFrame:
    """The rows with what made them: the cells of a correction, the lines of the guidelines."""
    rows = rows.assign(cells="", school_cells="", rules="")
    parts = "|" + rows["reason"] + "|" + rows["also"] + "|"
    by_policy = parts.str.contains(f"|{POLICY}|", regex=False)
    if by_policy.any():
        lines = rows.loc[by_policy, "guideline"].map(rule_words(then.policy, now.policy))
        rows.loc[by_policy, "rules"] = lines.fillna("").replace("", _READ)
    asked = rows[parts.str.contains(f"|{DATA}|", regex=False)]
    if asked.empty:
        return rows
    cells = corrections(then.records, now.records, then.as_of)
    people = _people([then.records, now.records])
    asked = asked.assign(people=[people.get(one, "") for one in asked["account_id"]])
    schools = pd.concat([then.records.schools, now.records.schools])
    schools = schools.set_index("school_id")["name"].to_dict()
    words = cell_words(asked, cells, now.policy, schools).set_axis(asked.index)
    # A status that is there because of a new row is news, where the row is of a day since.
    came = cells[(cells["table"] == "accounts") & (cells["after"] == CAME)]
    registered = asked["account_id"].isin(came.loc[came["later"], "account_id"])
    news = (asked["kind"] == "status") & (asked["before"] == "") & (registered | words["news"])
    rows.loc[asked.index[news], "reason"] = rows["reason"].replace(DATA, NEW)
    rows.loc[asked.index[news], "also"] = rows["also"].str.replace(DATA, "").str.strip("|")
    told = asked.index[~news]
    rows.loc[told, ["cells", "school_cells"]] = words.loc[told, ["cells", "school_cells"]]
    return rows


def _people(sides: list[Records]) -> dict[str, str]:
    """The people of each account, then and now: e-mails and names, folded, between ``|``."""
    columns = {
        "accounts": ("owner", "owner_email", "approved_by", "admin_holder"),
        "approvals": ("decided_by",),
        "admins": ("person",),
    }
    parts = [
        records.table(table).set_index("account_id")[name].dropna()
        for records in sides
        for table, names in columns.items()
        for name in names
    ]
    people = pd.concat(parts).astype("str").str.split("|").explode().str.strip().str.casefold()
    return ("|" + people.groupby(level=0).agg("|".join) + "|").to_dict()


def _counts(then: Printed, now: Standing, rows: pd.DataFrame) -> pd.DataFrame:
    """How the open findings of then became those of now, by guideline and school."""
    found = rows[rows["kind"] == "finding"]
    by_time = found["between"]
    then_open = then.findings[then.findings["open"]]
    columns = {
        "open_then": _counted(then_open, pd.Series(1, then_open.index)),
        **{
            f"{move}_{by}": _counted(
                found, ~by_time & (found["reason"] == why) & (found["move"] == move)
            )
            for by, why in EARLY.items()
            for move in MOVES
        },
        **{move: _counted(found, by_time & (found["move"] == move)) for move in MOVES},
        "open_now": now.moves.set_index(["guideline", "school_id"])["open_now"],
    }
    # A guideline or a school that is no more has its last line here.
    keys = columns["open_now"].index
    for counts in columns.values():
        keys = keys.union(counts.index[counts != 0], sort=False)
    table = pd.DataFrame({name: counts.reindex(keys) for name, counts in columns.items()})
    return table.fillna(0).astype("int64").reset_index()[["guideline", "school_id", *COUNTS]]


def _counted(rows: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """The sum of the weights by guideline and school, and of the district."""
    weights = weights.astype("int64")
    by_school = weights.groupby([rows["guideline"], rows["school_id"]]).sum()
    of_all = weights.groupby(rows["guideline"]).sum()
    of_all.index = pd.MultiIndex.from_product([of_all.index, [DISTRICT]])
    return pd.concat([by_school, of_all]).rename_axis(["guideline", "school_id"])
