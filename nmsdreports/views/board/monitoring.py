"""The monitoring page: every guideline with the board's words, the data, and what is excepted.

Boards that govern by policy read it so: what they wrote, how the superintendent understands it, and
whether it is so. Also a guideline that no data can decide has its row, which says so.
"""

from nmsdreports.views.board.board_words import restated_words
from nmsdreports.views.board.charts_page import even
from nmsdreports.views.board.counts_incidents import chart_incidents
from nmsdreports.views.board.edition import BoardEdition
from nmsdreports.views.sentences import (
    capital,
    coverage_words,
    list_words,
    month_words,
    name_words,
    percent,
    share_words,
)
from nmsdreports.views.table import Table

_OURS = "Our words, not the board's: "
_NOTHING = "no accounts"


def monitoring_heading(edition: BoardEdition) -> str:
    """The heading of the monitoring page."""
    name = name_words(edition.district["name"])
    return f"{name}: monitoring of the social media guidelines, {edition.month_name}"


def monitoring_words(edition: BoardEdition) -> list[str]:
    """How to read the rows, and what the district has not written yet."""
    rules = edition.guidelines
    lacks = [
        words
        for column, words in (
            ("board_words", "the board's own words"),
            ("interpretation", "the superintendent's interpretation"),
        )
        if rules[column].eq("").all()
    ]
    words = [
        "One row for each guideline: what the board wrote, how the superintendent understands it, "
        "how many accounts meet it, of how many that were judged, and what is excepted.",
        *restated_words(edition),
    ]
    if lacks:
        words.append(
            f"The district's policy file does not give {list_words(lacks).replace(' and ', ' or ')}"
            " yet. Where they are missing, a row has the number of the clause and our words, "
            "marked as ours."
        )
    return words


def table_monitoring(edition: BoardEdition) -> Table:
    """One row a guideline, also of those that no data can decide."""
    rows = edition.guidelines.to_dict("records")
    columns = {
        "Guideline": [f"{row['clause']}: {row['title']}" for row in rows],
        "What it asks": [row["board_words"] or f"{_OURS}{row['wording']}" for row in rows],
    }
    if any(row["interpretation"] for row in rows):
        columns["The superintendent's interpretation"] = [
            row["interpretation"] or "none given" for row in rows
        ]
    columns |= {
        "How many meet it": [_data_words(row) for row in rows],
        "Coverage": [_coverage(row) for row in rows],
        "Exceptions": [_exceptions(row) for row in rows],
    }
    return Table(
        f"Every guideline at the end of {month_words(edition.month)}",
        columns,
        note="How many meet it: those that meet, of all that were judged, excepted ones included. "
        "Coverage: those judged, of those judged and those that a missing date or value leaves "
        "open. Percentages are rounded down.",
    )


def table_incident_years(edition: BoardEdition) -> Table:
    """Incidents and concerns of the school years that are over, as they are printed."""
    *closed, _ = chart_incidents(edition).tables
    return Table(
        "Incidents and parents' concerns in school years that are over",
        even(closed[0]) if closed else {},
        nothing="No school year has ended since the first account was launched.",
    )


def table_running_year(edition: BoardEdition) -> Table:
    """Incidents and concerns of the school year that is not over: a range."""
    return Table(
        "Incidents and parents' concerns in the school year that is not over",
        even(chart_incidents(edition).tables[-1]),
    )


def _data_words(row: dict) -> str:
    if row["shown"]:
        category = row["board_category"] if row["method"] == "incident" else ""
        return f"{capital(row['shown'])}{f' under “{category}”' if category else ''}."
    judged = _judged(row)
    if not judged:
        return "None could be judged."
    verb = "meets" if row["meets"] == 1 else "meet"
    return f"{share_words(row['meets'], judged)} {verb} it"


def _coverage(row: dict) -> str:
    return "" if row["shown"] else coverage_words(_judged(row), row["not_assessed"], _NOTHING)


def _exceptions(row: dict) -> str:
    if row["shown"]:
        return ""
    if not row["excepted"]:
        return "none"
    share = percent(row["meets"] + row["excepted"], _judged(row))
    return f"{row['excepted']:,} ({share}% with them)"


def _judged(row: dict) -> int:
    return row["meets"] + row["does_not_meet"] + row["excepted"]
