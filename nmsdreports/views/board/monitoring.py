"""The monitoring page: every guideline with the board's words, the data, and what is excepted.

Boards that govern by policy read it so: what they wrote, how the superintendent understands it,
what the data say, and whether the superintendent reports compliance. The last the program never
says: a row has boxes for it, the page ends with lines for declaration and acceptance.
Also a guideline that no data can decide has its row.
"""

from nmsdreports.views.board.board_words import restated_words
from nmsdreports.views.board.charts_page import even
from nmsdreports.views.board.counts_incidents import chart_incidents
from nmsdreports.views.board.edition import BoardEdition
from nmsdreports.views.sentences import (
    capital,
    count_words,
    coverage_words,
    month_words,
    name_words,
    percent,
    share_words,
)
from nmsdreports.views.table import Table

OURS = "†"
"""What marks our words, where the district's policy file does not give the board's."""
# each box keeps to its word, and the second word to its line
_BOXES = "☐\u00a0compliance ☐\u00a0non\u2011compliance"
_NOTHING = "no accounts"


def monitoring_heading(edition: BoardEdition) -> str:
    """The heading of the monitoring page."""
    name = name_words(edition.district["name"])
    return f"{name}: monitoring of the social media guidelines, {edition.month_name}"


def monitoring_words(edition: BoardEdition) -> list[str]:
    """How to read the rows, and what the district has not written yet."""
    rules = edition.guidelines
    silent = rules["interpretation"].eq("").all()
    understood = "" if silent else "how the superintendent understands it, "
    words = [
        f"One row for each guideline: what the board wrote, {understood}what the district's data "
        "say, and a place for the superintendent to report compliance. "
        "The data say how many accounts meet a guideline; whether the district complies is the "
        "superintendent's to report, in each row and at the end of the page, where the board "
        "accepts the report.",
        *restated_words(edition),
    ]
    if rules["board_words"].eq("").any():
        words.append(
            f"{OURS} marks our words, not the board's: of that guideline the district's policy "
            "file gives only the number of the clause."
        )
    if silent:
        words.append("The superintendent's interpretation of the guidelines is not given here.")
    return words


def overall_words(edition: BoardEdition) -> list[str]:
    """What the data say of all guidelines together, and of how many they say nothing."""
    rules = edition.guidelines
    rows = [row for row in rules[rules["shown"] == ""].to_dict("records") if _judged(row)]
    words = []
    if rows:
        met = sum(row["meets"] == _judged(row) for row in rows)
        judged = sum(map(_judged, rows))
        meets, excepted = (sum(row[state] for row in rows) for state in ("meets", "excepted"))
        words = [
            f"Data decide {len(rows)} of {count_words(len(rules), 'guideline')}. "
            f"{met or 'None'} of these {len(rows)} {'are' if met > 1 else 'is'} met by every "
            "account that was judged.",
            f"Each account, and each activity that parents are told of, was judged under each of "
            f"these guidelines that applies to it, {count_words(judged, 'time')} in all: it met "
            f"the guideline {count_words(meets, 'time')} ({percent(meets, judged)}%), did not "
            f"{count_words(judged - meets - excepted, 'time')}, and was excepted "
            f"{count_words(excepted, 'time')}.",
        ]
    others = len(rules) - len(rows)
    if others:
        which = f"of the other {others:,}" if rows else f"of any of {others:,} guidelines"
        words.append(
            f"No share can be stated {which}; the row of each says why. There the superintendent "
            "reports from what else is known."
        )
    return words


def table_monitoring(edition: BoardEdition) -> Table:
    """One row a guideline, also of those that no data can decide, with boxes to report in."""
    rows = edition.guidelines.to_dict("records")
    columns = {
        "Guideline": [f"{row['clause']}: {row['title']}" for row in rows],
        "What it asks": [row["board_words"] or f"{OURS} {row['wording']}" for row in rows],
    }
    if any(row["interpretation"] for row in rows):
        columns["The superintendent's interpretation"] = [
            row["interpretation"] or "none given" for row in rows
        ]
    columns |= {
        "How many meet it": [_data_words(row) for row in rows],
        "Coverage": [_coverage(row) for row in rows],
        "Exceptions": [_exceptions(row) for row in rows],
        "Superintendent reports": [_BOXES] * len(rows),
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
    return Table(
        "Incidents and parents' concerns in school years that are over",
        _printed(edition, "Counted on"),
        nothing="No school year has ended since the first account was launched.",
    )


def table_running_year(edition: BoardEdition) -> Table:
    """Incidents and concerns of the school year that is not over: a range."""
    return Table(
        "Incidents and parents' concerns in the school year that is not over",
        _printed(edition, "Reported so far"),
        nothing="This is the last day of a school year, so no other one has begun.",
    )


def _printed(edition: BoardEdition, header: str) -> dict[str, list]:
    """The table of incidents that has this header; on some days there is none."""
    tables = [table for table in chart_incidents(edition).tables if header in table]
    return even(tables[0]) if tables else {}


def _data_words(row: dict) -> str:
    if row["method"] == "incident":
        return f"Only incidents tell; they are counted below under “{row['board_category']}”."
    if row["shown"]:
        return f"{capital(row['shown'])}."
    judged = _judged(row)
    return "None could be judged." if not judged else share_words(row["meets"], judged)


def _coverage(row: dict) -> str:
    return "" if row["shown"] else coverage_words(_judged(row), row["not_assessed"], _NOTHING)


def _exceptions(row: dict) -> str:
    if row["shown"]:
        return ""
    if not row["excepted"]:
        return "none"
    share = percent(row["meets"] + row["excepted"], _judged(row))
    them = "it" if row["excepted"] == 1 else "them"
    return f"{row['excepted']:,} ({share}% with {them})"


def _judged(row: dict) -> int:
    return row["meets"] + row["does_not_meet"] + row["excepted"]
