"""What the board may see of a standing: narrowed once, by an allow-list of numbers.

Nothing is masked that was once here: what is not shown is never put in.
"""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from nmsdreports.views.change_rows import is_compared
from nmsdreports.views.logo import Logo
from nmsdreports.views.places import file_stem
from nmsdreports.views.sentences import month_words, name_words
from nmsdreports.views.theme import Theme

AGES = ((7, "up to 7 days"), (30, "8 to 30 days"), (90, "31 to 90 days"), (None, "over 90 days"))
PRINTED = ["file", "as_of", "kind", "school_year", "categories", "reported", "substantiated"]
"""The columns of what board files have printed (see `printed.read_printed`)."""
MOST_YEARS = 5
ONLY_INCIDENTS = "only the incident log can speak of it; incidents are counted together"
WITH_INCIDENTS = "parents' concerns are counted together with the incidents"
EMERGENCIES = "an emergency is judged by itself, and a single one is never shown"
NO_DATA = "no data can decide it; it is left to the employee's own judgement"

_JUDGED = ["meets", "does_not_meet", "excepted"]
_COUNTS = ["applicable", *_JUDGED, "not_assessed"]
_RATES = ["rate", "rate_with_exceptions", "coverage"]
_WORDS = ["guideline", "clause", "title", "wording", "board_words", "interpretation", "method"]
# What the registry says of accounts: these subjects are counted exactly.
_REGISTRY = {"account": "accounts", "notice": "accounts and activities"}
_OTHERS = {"concern": WITH_INCIDENTS, "emergency": EMERGENCIES}
_LAUNCHES = {"supervisor-approval": "approved", "parent-notice": "told"}


@dataclass(frozen=True, eq=False)
class BoardEdition:
    """What the board may see, of the whole district; counts are whole numbers, rates fractions.

    `guidelines`, a row a guideline in the policy's order: guideline, clause, title, wording,
    board_words, interpretation, method, board_category (str), applicable, meets, does_not_meet,
    excepted, not_assessed (Int64), rate, rate_with_exceptions, coverage (all missing where not
    shown), shown (str: why its numbers are not, empty where they are). The other frames are of
    those shown only. `trend`: month, guideline, meets, does_not_meet, excepted, rate, of the months
    in which at least `min_cell` were judged. `launches`: school_year, measure ("approved",
    "told"), launched, in_time (Int64, missing of fewer than `min_cell`). `in_use`: accounts,
    in_use, unclear (those whose days do not tell whether they are; Int64, the same). `ageing`:
    bucket, findings, overdue. `moves`: guideline,
    open_before, opened, closed, open_now, since the month `moves_since` was published, or where
    that is empty of the month itself.
    `incident_years`, of closed school years: school_year, categories, reported, substantiated (the
    texts printed), counted_on (datetime64). `running`: school_year and reported (text) of the
    school year that is not over (empty on the last day of one). `one_school` says that the district
    has only one, `since` whether the month was `unfinished` when this was made.
    """

    as_of: pd.Timestamp
    month: str
    district: dict
    theme: Theme
    logo: Logo | None
    min_cell: int
    one_school: bool
    moves_since: str
    restates: dict
    guidelines: pd.DataFrame
    trend: pd.DataFrame
    launches: pd.DataFrame
    in_use: pd.DataFrame
    ageing: pd.DataFrame
    moves: pd.DataFrame
    incident_years: pd.DataFrame
    running: dict
    since: dict = field(default_factory=dict)

    @property
    def audience(self) -> str:
        """Whom it is for."""
        return "board"

    @property
    def heading(self) -> str:
        """The heading of the page of charts."""
        return f"{name_words(self.district['name'])}: social media, {self.month_name}"

    @property
    def month_name(self) -> str:
        """The month in a heading, "October 2026", and that it is restated where it is."""
        return month_words(self.month) + (" (restated)" if self.restates else "")

    @property
    def stem(self) -> str:
        """The name of the edition's files without ending: "Board 2026-10"."""
        return file_stem("Board", self.month)


def board_edition(
    standing: Any,
    since: Any,
    printed: pd.DataFrame | None,
    about: dict,
) -> BoardEdition:
    """Return what the board may see of `standing` (a `Standing` of the policy floor).

    `since` is what moved since the last published month (a `Since`, or None), `printed` what
    published editions have printed for the board (as of `PRINTED`), `about` the fields that say
    whose it is: district, theme, logo.
    """
    settings = standing.records.settings
    least = settings.min_cell
    guidelines = _guidelines(standing, least)
    shown = guidelines.loc[guidelines["shown"] == "", "guideline"]
    findings = standing.findings
    # an incident may name any guideline; it is counted with the incidents and nowhere else
    own = findings["finding_id"] != (findings["guideline"] + ":incident:" + findings["subject"])
    findings = findings[own & findings["guideline"].isin(shown)]
    compared = since is not None and is_compared(since)
    first = standing.as_of.replace(day=1)
    moves = _moves_since(since, findings, shown) if compared else _moves(findings, shown, first)
    years, running = incidents_printed(standing, printed, least)
    schools = standing.records.schools
    return BoardEdition(
        as_of=standing.as_of,
        month=standing.month,
        min_cell=least,
        one_school=int(schools["level"].ne("district").sum()) == 1,
        moves_since=since.month if compared else "",
        restates=_restates(since.restates, shown) if since is not None and since.restates else {},
        guidelines=guidelines,
        trend=_trend(standing.trend, shown, least),
        launches=_launches(standing, least),
        in_use=_in_use(standing, least),
        ageing=_ageing(findings),
        moves=moves,
        incident_years=years,
        running=running,
        since={"unfinished": since is not None and since.unfinished},
        **about,
    )


def _guidelines(standing: Any, least: int) -> pd.DataFrame:
    rules = standing.policy.guidelines.rename_axis("guideline").reset_index()
    rates = standing.rates
    rates = rates[rates["school_id"] == "*"].set_index("guideline")
    counts = rates[_COUNTS].astype("Int64").reindex(rules["guideline"]).set_axis(rules.index)
    shares = rates[_RATES].reindex(rules["guideline"]).set_axis(rules.index)
    few = (counts["applicable"] < least).fillna(False).astype(bool)
    why = rules["subject"].map(_OTHERS).fillna("")
    why = why.mask(rules["method"] == "incident", ONLY_INCIDENTS)
    why = why.mask(rules["method"] == "advice", NO_DATA)
    subjects = rules["subject"].map(_REGISTRY).fillna("")
    why = why.mask((why == "") & few, f"fewer than {least} " + subjects + " to judge")
    words = rules[[*_WORDS, "board_category"]].astype("str")
    hidden = why != ""
    return words.join(counts.mask(hidden)).join(shares.mask(hidden)).assign(shown=why.astype("str"))


def _trend(trend: pd.DataFrame, shown: pd.Series, least: int) -> pd.DataFrame:
    rows = trend[(trend["school_id"] == "*") & trend["guideline"].isin(shown)]
    rows = rows[rows[_JUDGED].sum(axis=1) >= least]
    columns = ["month", "guideline", *_JUDGED, "rate"]
    return rows[columns].astype({"month": "str", "guideline": "str"}).reset_index(drop=True)


def _launches(standing: Any, least: int) -> pd.DataFrame:
    rows = standing.in_time
    rows = rows.assign(measure=rows["guideline"].map(_LAUNCHES))
    years = sorted(rows["school_year"].unique())[-MOST_YEARS:]
    cells = pd.MultiIndex.from_product(
        [years, [*_LAUNCHES.values()]], names=["school_year", "measure"]
    )
    grouped = rows.groupby(["school_year", "measure"])["in_time"]
    table = pd.DataFrame({"launched": grouped.size(), "in_time": grouped.sum()})
    table = table.reindex(cells).fillna(0).astype("Int64")
    return table.mask(table["launched"] < least).reset_index()


def _in_use(standing: Any, least: int) -> pd.DataFrame:
    counts = standing.in_use
    counts = counts.loc[counts["school_id"] == "*", ["accounts", "in_use"]].astype("Int64")
    counts = counts.mask(counts < least).reset_index(drop=True)
    unclear = pd.array([_unclear(standing)], dtype="Int64")
    return counts.assign(unclear=unclear).mask(counts["in_use"].isna())


def _unclear(standing: Any) -> int:
    """How many accounts are neither in use nor known to be closed or not launched yet.

    Of these no guideline can be judged: a day is missing, unreadable or contradicts another.
    """
    accounts, status = standing.records.accounts, standing.status
    status = status[status["subject"] == status["account_id"]]
    judged = ~status["status"].isin(["not assessed", "not applicable"])
    undecided = ~accounts["account_id"].isin(status.loc[judged, "account_id"])
    day = standing.as_of
    used = (accounts["launched_on"] <= day) & ~(accounts["closed_on"] <= day)
    return int((undecided & ~used).sum())


def _ageing(findings: pd.DataFrame) -> pd.DataFrame:
    found = findings[findings["open"]]
    ends = [-1, *(most for most, _ in AGES[:-1]), float("inf")]
    bucket = pd.cut(found["days_open"], ends, labels=[name for _, name in AGES]).astype("str")
    due = found["overdue"] & ~found["excepted"]
    table = pd.DataFrame(
        {"findings": bucket.value_counts(), "overdue": bucket[due].value_counts()},
        index=pd.Index([name for _, name in AGES], name="bucket", dtype="str"),
    )
    return table.fillna(0).astype("int64").reset_index()


def _moves(findings: pd.DataFrame, shown: pd.Series, first: pd.Timestamp) -> pd.DataFrame:
    """Findings about accounts of the month that begins on `first`."""
    opened, closed = findings["opened_on"] >= first, findings["closed_on"] >= first
    return _moved(findings, shown, findings[opened], findings[closed])


def _restates(of: Any, shown: pd.Series) -> dict:
    """The published edition of the month, and how many findings were opened and closed since."""
    if not is_compared(of):
        return {"name": of.name}
    opened, closed = (int(rows["guideline"].isin(shown).sum()) for rows in _own_rows(of.moved.rows))
    return {"name": of.name, "opened": opened, "closed": closed}


def _moves_since(since: Any, findings: pd.DataFrame, shown: pd.Series) -> pd.DataFrame:
    """The same since an edition; what was corrected since opened or closed it likewise."""
    return _moved(findings, shown, *_own_rows(since.moved.rows))


def _own_rows(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Of what moved, the findings opened and those closed that are no incidents."""
    own = rows["finding_id"] != rows["guideline"] + ":incident:" + rows["subject"]
    rows = rows[(rows["kind"] == "finding") & own]
    return [rows[rows["move"] == move] for move in ("opened", "closed")]


def _moved(
    findings: pd.DataFrame, shown: pd.Series, opened: pd.DataFrame, closed: pd.DataFrame
) -> pd.DataFrame:
    sides = {"opened": opened, "closed": closed, "open_now": findings[findings["open"]]}
    counts = {
        name: rows["guideline"].value_counts().reindex(shown).fillna(0).astype("int64")
        for name, rows in sides.items()
    }
    table = pd.DataFrame(counts, index=pd.Index(shown, name="guideline"))
    table.insert(0, "open_before", table["open_now"] - table["opened"] + table["closed"])
    return table.reset_index()


def incidents_printed(
    standing: Any, printed: pd.DataFrame | None, least: int
) -> tuple[pd.DataFrame, dict]:
    """Return the closed school years as they are printed, and the running one (`incident_years`
    and `running` of a BoardEdition).

    A year that a published edition has is printed as it was: no difference tells of one incident.
    So a year is also told as closed in a month within it that is reported after the year was told.
    One before the first launch is told where it has at least `least` in all, so that not being told
    says no more than "fewer than" would, and where it was; once left out it stays so.
    """
    from nmsdreports.views.board.printed import bounds
    from nmsdreports.views.board.suppression import band, suppress

    exact = standing.school_years
    printed = pd.DataFrame(columns=PRINTED) if printed is None else printed
    closed = printed[printed["kind"] == "closed"]
    told = exact["closed"] | exact["school_year"].isin(closed["school_year"])
    over, now = exact[told], exact[~told]
    before = {year for year in closed["school_year"] if year <= exact["school_year"].iloc[-1]}
    years = sorted(before | _told_years(over, printed, least))[-MOST_YEARS:]
    frozen = _first_printed(closed, years)
    fresh = over[over["school_year"].isin(set(years) - set(frozen["school_year"]))]
    bands = printed[printed["kind"] == "running"]
    lower = [bounds(text)[0] for text in bands["reported"]]
    lowest = bands.assign(lower=lower).groupby("school_year")["lower"].max().to_dict()
    fresh = fresh.drop(columns=["closed", "launched"]).reset_index(drop=True)
    counted = suppress(fresh, lowest, least)
    counted = counted.assign(counted_on=standing.as_of)
    running = {"school_year": "", "reported": ""}
    if len(now):
        reported = band(int(now["reported"].sum()), least)
        running = {"school_year": str(now["school_year"].iloc[-1]), "reported": reported}
    table = pd.concat([frozen, counted], ignore_index=True) if len(frozen) else counted
    texts = dict.fromkeys(["school_year", "categories", "reported", "substantiated"], "str")
    table = table[[*texts, "counted_on"]].astype({**texts, "counted_on": "datetime64[us]"})
    return table.sort_values("school_year", kind="stable").reset_index(drop=True), running


def _told_years(over: pd.DataFrame, printed: pd.DataFrame, least: int) -> set[str]:
    """The closed school years that are told: one before the first launch only where it is large."""
    before = {*printed["school_year"]}
    # what was printed since such a year ended would have told of it
    ends = pd.to_datetime(over["school_year"].str[:4] + "-08-31") + pd.DateOffset(years=1)
    left_out = ends <= pd.to_datetime(printed["as_of"]).max()
    large = over.groupby("school_year")["reported"].transform("sum") >= least
    known = over["launched"] | over["school_year"].isin(before) | (large & ~left_out)
    return {*over["school_year"][known]}


def _first_printed(closed: pd.DataFrame, years: list[str]) -> pd.DataFrame:
    """The rows of each of these years as they were first printed, with the day of that count."""
    rows = closed[closed["school_year"].isin(years) & closed["as_of"].notna()]
    rows = rows[rows["as_of"] == rows.groupby("school_year")["as_of"].transform("min")]
    # a file may have room for some of the rows only
    rows = rows.sort_values("file", kind="stable").drop_duplicates(["school_year", "categories"])
    return rows.rename(columns={"as_of": "counted_on"}).drop(columns=["file", "kind"])
