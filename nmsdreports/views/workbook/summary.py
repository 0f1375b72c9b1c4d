"""Summary: the first minute. Where the school stands, what to do first, and where to look next."""

from collections.abc import Sequence

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.headlines import headline
from nmsdreports.views.sentences import capital, day_words, due_words, month_words
from nmsdreports.views.sheets import Block, Column, Line, Sheet
from nmsdreports.views.workbook.columns import rate_columns
from nmsdreports.views.workbook.to_do import open_findings

SUMMARY = "Summary"
TITLE = "Official social-media accounts: the month's report"
_FIRST = ("supervisor-approval", "parent-notice")
_TO_DO_FIRST = 3


def about_words(edition: Edition) -> str:
    """School, month and as-of day in one line."""
    return f"{edition.name} · {month_words(edition.month)} · as of {day_words(edition.as_of)}"


def sheet_summary(edition: Edition, sheets: Sequence[Sheet]) -> Sheet:
    """The first sheet; `sheets` are those it lists, with a link where a sheet has tables."""
    lines = [
        *headline(edition),
        *_do_first(edition),
        Line("In this workbook", "heading"),
        *(_listed(sheet) for sheet in sheets),
        *_contact(edition),
    ]
    blocks = []
    if edition.totals.in_use["accounts"].sum():
        blocks.append(Block("Rates", _rates(edition), "The guidelines that the record can decide"))
    moves = _moves(edition)
    if moves:
        heading = f"What moved in {month_words(edition.month)}: findings by guideline"
        blocks.append(Block("Moves", moves, heading))
    return Sheet(SUMMARY, "", lines, blocks, title=TITLE, one_page=True)


def _do_first(edition: Edition) -> list[Line]:
    findings = open_findings(edition)
    findings = findings[~findings["excepted"]]
    if findings.empty:
        return []
    lines = [Line("To do first", "heading")]
    for number, row in enumerate(findings.head(_TO_DO_FIRST).itertuples(), start=1):
        state = due_words(row.due_on, row.overdue)
        lines.append(Line(f"{number}. {row.label}: {row.remedy}. {row.responsible_name}, {state}."))
    return lines


def _listed(sheet: Sheet) -> Line:
    text = f"{sheet.name}: {capital(sheet.contents)}"
    return Line(text, "link", sheet.name) if sheet.blocks else Line(text, "muted")


def _contact(edition: Edition) -> list[Line]:
    district = edition.district
    known = [district[key] for key in ("contact_name", "contact_email", "contact_phone")]
    known = [text for text in known if text]
    following = (edition.as_of + pd.offsets.MonthEnd(1)).normalize()
    whom = ", ".join(known) if known else "the district office"
    mail = f"mailto:{district['contact_email']}" if district["contact_email"] else None
    return [
        Line("Questions and next report", "heading"),
        Line(f"Questions: {whom}", "link" if mail else "lead", mail),
        Line(f"The next report comes after {day_words(following)} and shows that day."),
    ]


def _rates(edition: Edition) -> list[Column]:
    rates = edition.totals.rates
    rates = rates.assign(later=~rates["guideline"].isin(_FIRST)).sort_values("later", kind="stable")
    rules = edition.guidelines.set_index("guideline")
    return [
        Column("Guideline", rates["guideline"].map(rules["title"]), most=34),
        *rate_columns(rates, edition),
    ]


def _moves(edition: Edition) -> list[Column]:
    """The moves of the guidelines that had any finding in the month, and of all together."""
    moves = edition.totals.moves
    counts = ["open_before", "opened", "closed", "open_now"]
    moved = moves[(moves[counts] > 0).any(axis=1)]
    if moved.empty:
        return []
    titles = edition.guidelines.set_index("guideline")["title"]
    numbers = [[*moved[name], int(moves[name].sum())] for name in counts]
    headers = ("Open before", "Opened", "Closed", "Open now")
    return [
        Column("Guideline", [*moved["guideline"].map(titles), "All guidelines"], most=34),
        *(Column(header, values, "count") for header, values in zip(headers, numbers, strict=True)),
    ]
