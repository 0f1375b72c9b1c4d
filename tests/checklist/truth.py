"""What every number of a report has to be, from nothing but the tables that `table` prints."""

import io
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
from click.testing import CliRunner

from nmsdreports.cli import main
from nmsdreports.policy import read_policy
from tests.checklist.months import AS_OF

TABLES = (
    *("status", "findings", "rates", "incidents", "moves", "counts", "problems"),
    "watch",
)
WORST_FIRST = (
    *("does not meet", "not assessed", "excepted", "upcoming", "meets", "ended"),
    "not applicable",
)
STATES = ("reported", "substantiated", "unsubstantiated", "open")
Share = Callable[[int, int], str]
Rows = dict[str, dict[str, str]]


def day_words(text: str) -> str:
    """A day of a table as people read it: 2026-10-05 is Oct 5, 2026."""
    day = date.fromisoformat(text)
    return f"{day:%b} {day.day}, {day.year}"


def percent(part: int, whole: int) -> str:
    """The whole percentage, rounded down; nothing where there is no whole."""
    return f"{100 * part // whole}%" if whole else ""


def of(part: int, whole: int) -> str:
    """A share as a page words it."""
    return f"{part:,} of {whole:,} ({percent(part, whole)})" if whole else ""


def covered(part: int, whole: int) -> str:
    """A coverage as a page words it."""
    if part < whole:
        return of(part, whole)
    return "the only one" if whole == 1 else f"all {whole:,}"


class Truth:
    """The printed tables, narrowed to one school (or `*`, the district)."""

    def __init__(self, source: Path, tables: dict[str, pd.DataFrame] | None = None, key="*"):
        self.source, self.key = source, key
        self.tables = tables or {name: _printed(source, name) for name in TABLES}
        self.then: dict[str, pd.DataFrame] = {}
        rules = read_policy().guidelines
        self.titles, self.clauses = dict(rules["title"]), dict(rules["clause"])
        self.of_accounts = set(rules.index[rules["subject"].isin(["account", "notice"])])

    def narrowed(self, school_id: str | None) -> "Truth":
        one = Truth(self.source, self.tables, school_id or "*")
        one.then = self.then
        return one

    def read_then(self, edition: Path) -> "Truth":
        """The same with what the edition before printed, to be compared with."""
        for name in ("findings", "status", "moves"):
            path = edition / "data" / f"{name}.csv"
            self.then[name] = pd.read_csv(path, dtype="str", keep_default_na=False)
        return self

    def rows(self, name: str) -> pd.DataFrame:
        """The rows of one table that this reader may see; of counts, those of the total."""
        return self._narrowed(name, self.tables[name])

    def rows_then(self, name: str) -> pd.DataFrame:
        """The rows of one table that the edition before printed."""
        return self._narrowed(name, self.then[name])

    def _narrowed(self, name: str, table: pd.DataFrame) -> pd.DataFrame:
        if name in ("counts", "problems"):
            return table
        if name in ("rates", "incidents", "moves"):
            return table[table["school_id"].eq(self.key)]
        return table if self.key == "*" else table[table["school_id"].eq(self.key)]

    @property
    def open(self) -> pd.DataFrame:
        findings = self.rows("findings")
        return findings[findings["open"].eq("true")]

    @property
    def overdue(self) -> pd.DataFrame:
        return self.open[self.open["overdue"].eq("true") & self.open["excepted"].eq("false")]

    def rates(self, share: Share, coverage: Share | None = None) -> dict[str, dict[str, str]]:
        """The cells of each guideline's rates, by its id."""
        rows = _dicts(self.rows("rates"))
        return {row["guideline"]: rate_cells(row, share, coverage or share) for row in rows}

    def rates_of(self, guideline: str) -> dict[str, str]:
        return next(row for row in _dicts(self.rows("rates")) if row["guideline"] == guideline)

    def titled(self, rows: Rows) -> Rows:
        """The rows by the guideline's title instead of its id."""
        return {self.titles[guideline]: cells for guideline, cells in rows.items()}

    def with_clause(self, guideline: str) -> str:
        return f"{self.titles[guideline]} ({self.clauses[guideline]})"

    def moves(self) -> Rows:
        names = {"open_before": "Open before", "opened": "Opened", "closed": "Closed"}
        names["open_now"] = "Open now"
        rows = {
            self.titles[row["guideline"]]: {shown: row[name] for name, shown in names.items()}
            for row in _dicts(self.rows("moves"))
            if any(row[name] != "0" for name in names)
        }
        total = self.rows("moves")[list(names)].astype(int).sum()
        rows["All guidelines"] = {shown: str(total[name]) for name, shown in names.items()}
        return rows

    def moves_since(self) -> Rows:
        """What the edition before said was open, and what the days between moved."""
        then = self.rows_then("moves").set_index("guideline")["open_now"].astype(int)
        rows = {
            self.titles[row["guideline"]]: {
                "Open in the report of September 2026": str(then[row["guideline"]]),
                "Opened in October 2026": row["opened"],
                "Closed in October 2026": row["closed"],
                "Open now": row["open_now"],
            }
            for row in _dicts(self.rows("moves"))
        }
        rows["All guidelines"] = {
            name: str(sum(int(cells[name]) for cells in rows.values()))
            for name in next(iter(rows.values()))
        }
        return rows

    def findings(self, rows: pd.DataFrame) -> Rows:
        """What a list of findings says of each, by finding_id."""
        return {
            row["finding_id"]: {
                "State": _state(row),
                "Open since": day_words(row["opened_on"]),
                "Due by": day_words(row["due_on"]),
                "Days open": row["days_open"],
                "Severity": row["severity"],
                "Guideline and clause": self.with_clause(row["guideline"]),
                "Clause": self.clauses[row["guideline"]],
            }
            for row in _dicts(rows)
        }

    def statuses(self, guideline: str) -> dict[str, str]:
        """The status in words of each subject of a guideline."""
        rows = self.rows("status")
        rows = rows[rows["guideline"].eq(guideline)]
        late = {"true": ", late"}
        return {r["subject"]: r["status"] + late.get(r["late"], "") for r in _dicts(rows)}

    def matrix(self) -> Rows:
        """For each account its worst status by guideline title, and of how many."""
        rows, cells = self.rows("status"), {}
        rows = rows[rows["guideline"].isin(self.of_accounts)]
        for (account, guideline), group in rows.groupby(["account_id", "guideline"]):
            states = Counter(group["status"])
            worst = min(states, key=WORST_FIRST.index)
            late = int(group.loc[group["status"].eq(worst), "late"].eq("true").sum())
            words = worst + (", late" if late else "")
            if len(group) > 1:
                words += f" ({late or states[worst]} of {len(group)})"
            cells.setdefault(account, {})[self.titles[guideline]] = words
        return cells

    def incident_counts(self) -> Rows:
        """Counts by guideline, where one of either period is not 0, and of all together."""
        rows = self.rows("incidents").set_index("guideline").drop(columns="school_id").astype(int)
        seen = rows[rows[["reported_12m", "open_12m"]].any(axis=1)]
        rows = {self.titles[name]: dict(seen.loc[name]) for name in seen.index}
        return rows | {"All guidelines": dict(seen.sum())}

    def incidents(self) -> Rows:
        """What is said of each incident that is a finding, by its id."""
        rows = self._incidents(self.rows("findings"))
        return {
            row["subject"]: {
                "Days open": row["days_open"],
                "Reported": day_words(row["opened_on"]),
                "Closed": day_words(row["closed_on"]) if row["closed_on"] else "",
                "Severity": row["severity"],
                "Finding ID": row["finding_id"],
            }
            for row in _dicts(rows)
        }

    @staticmethod
    def _incidents(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["finding_id"].eq(rows["guideline"] + ":incident:" + rows["subject"])]

    def schools(self) -> Rows:
        """The counts that stand beside each school, by school_id."""
        keys = sorted(set(self.tables["rates"]["school_id"]) - {"*"})
        return {key: self.narrowed(key)._school() for key in keys}

    def _school(self) -> dict[str, str]:
        rates = self.rows("rates").set_index("guideline")
        counts = self.rows("incidents").drop(columns=["guideline", "school_id"]).astype(int).sum()
        days = self.open["days_open"].astype(int)
        cells = {
            "Incidents, 12 months": str(counts["reported_12m"]),
            "Violations, 12 months": str(counts["substantiated_12m"]),
            **{s.capitalize(): str(counts[f"{s}_12m"]) for s in STATES[:3]},
            "Still open, of any age": str(len(self._incidents(self.open))),
            "Incidents reported": str(counts["reported"]),
            "Violations": str(counts["substantiated"]),
            "Open findings": str(len(self.open)),
            "Overdue": str(len(self.overdue)),
            "Oldest, days": str(days.max()) if len(days) else "none open",
        }
        for guideline, word, on_page in (
            ("supervisor-approval", "Approval", "Supervisor approval"),
            ("parent-notice", "Notice", "Parents told by now"),
        ):
            row = rates.loc[guideline]
            cells[f"{word} meets"], judged = row["meets"], _judged(row)
            cells[f"{word} judged"] = str(judged)
            cells[f"{word} rate"] = percent(int(row["meets"]), judged)
            cells[on_page] = beside(row)
        return cells


def rate_cells(row: dict, share: Share, coverage: Share) -> dict[str, str]:
    """The cells of a row of rates; a share of nothing is left to words."""
    meets, excepted = int(row["meets"]), int(row["excepted"])
    judged, unknown = _judged(row), int(row["not_assessed"])
    return {
        "Judged": str(judged),
        "Meets": row["meets"],
        "Does not meet": row["does_not_meet"],
        "Excepted": row["excepted"],
        "Not assessed": row["not_assessed"],
        "Rate": share(meets, judged),
        "Rate with exceptions": share(meets + excepted, judged),
        "Coverage": coverage(judged, judged + unknown) if judged else "",
    }


def beside(row: dict) -> str:
    """A rate as a page words it where schools stand side by side."""
    judged, unknown = _judged(row), int(row["not_assessed"])
    if not judged:
        return ""
    coverage = f"; assessed: {of(judged, judged + unknown)}" if unknown else ""
    return of(int(row["meets"]), judged) + coverage


def _judged(row: dict) -> int:
    return sum(int(row[name]) for name in ("meets", "does_not_meet", "excepted"))


def _state(row: dict) -> str:
    if row["excepted"] == "true":
        return "excepted"
    return "overdue" if row["overdue"] == "true" else "not yet due"


def _dicts(rows: pd.DataFrame) -> list[dict]:
    return rows.to_dict("records")


def _printed(source: Path, name: str) -> pd.DataFrame:
    done = CliRunner().invoke(main, ["table", name, "--as-of", AS_OF, str(source)])
    assert done.exit_code in (0, 1), done.output
    table = pd.read_csv(io.StringIO(done.stdout), dtype="str", keep_default_na=False)
    # an apostrophe keeps a spreadsheet from running a text; it is no part of it
    return table.map(lambda text: text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text)
