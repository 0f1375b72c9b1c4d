"""Summary: the first minute. Where the school stands, what to do first, and where to look next."""

from collections.abc import Sequence

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.caveats import caveats
from nmsdreports.views.changed import table_since
from nmsdreports.views.headlines import all_well, headline
from nmsdreports.views.rows import records, values
from nmsdreports.views.sentences import (
    capital,
    day_words,
    due_words,
    month_words,
    name_words,
)
from nmsdreports.views.sheets import Block, Column, Line, Sheet
from nmsdreports.views.since_words import (
    changed_words,
    heading,
    is_compared,
)
from nmsdreports.views.table import Table
from nmsdreports.views.tables import school_names
from nmsdreports.views.tables_findings import MOST_TO_DO, left_words
from nmsdreports.views.workbook.columns import rate_columns
from nmsdreports.views.workbook.to_do import NAME as TO_DO
from nmsdreports.views.workbook.to_do import open_findings

SUMMARY = "Summary"
_FIRST = ("supervisor-approval", "parent-notice")
_MOVES = ("open_before", "opened", "closed", "open_now")
_MOVE_WORDS = ("Open before", "Opened", "Closed", "Open now")


def about_words(edition: Edition) -> str:
    """School, month and as-of day in one line."""
    name = name_words(edition.name)
    return f"{name} · {month_words(edition.month)} · as of {day_words(edition.as_of)}"


def sheet_summary(edition: Edition, sheets: Sequence[Sheet]) -> Sheet:
    """The first sheet; `sheets` are those it lists, with a link where a sheet has tables."""
    first, *others = headline(edition)
    lines = [
        *([Line(edition.district["name"], "muted")] if edition.school else []),
        *(Line(f"Mind: {sentence}", "strong") for sentence in caveats(edition)),
        Line(first, "strong" if all_well(edition) else "lead"),
        *others,
        *_do_first(edition),
        *_changed(edition),
        Line("In this workbook", "heading"),
        *(_listed(sheet) for sheet in sheets),
        *_contact(edition),
    ]
    blocks = []
    if edition.totals.in_use["accounts"].sum():
        blocks.append(Block("Rates", _rates(edition), "How the guidelines are met"))
    since = table_since(edition)
    if not since.empty:
        blocks.append(Block("Since", _since(since), since.caption))
    moves = _moves(edition)
    if moves:
        heading = f"Findings opened and closed in {month_words(edition.month)}"
        blocks.append(Block("Moves", moves, heading))
    title = edition.heading
    return Sheet(SUMMARY, "", lines, blocks, title=title, one_page=True, logo=edition.logo)


def _do_first(edition: Edition) -> list[Line]:
    """The most urgent findings, each with what is to be done, by whom and by when."""
    findings = open_findings(edition)
    due = [row for row in findings if not row["excepted"]]
    if not due:
        return []
    names = school_names(edition) if edition.school is None else {}
    lines = [Line("What to do first", "heading")]
    for number, row in enumerate(due[:MOST_TO_DO], start=1):
        at = f" ({name_words(names[row['school_id']])})" if row["school_id"] in names else ""
        state = due_words(row["due_on"], row["overdue"])
        who = f"{row['responsible_name']}, {state}"
        lines.append(Line(f"{number}. {row['label']}{at}: {row['remedy']}. {who}."))
    if left := left_words(findings):
        lines.append(Line(f"And {left} on the sheet {TO_DO}", "link", TO_DO))
    return lines


def _changed(edition: Edition) -> list[Line]:
    """What the first sentence does not say of what changed, or why nothing was compared."""
    if edition.since is None:
        return []
    words = changed_words(edition)
    rest = words[1:] if is_compared(edition) else words
    return [Line(heading(edition), "heading"), *map(Line, rest)]


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
    rates = records(edition.totals.rates)
    rates.sort(key=lambda rate: rate["guideline"] not in _FIRST)
    titles = _titles(edition)
    return [
        Column("Guideline", [titles[rate["guideline"]] for rate in rates], most=34),
        *rate_columns(rates, edition),
    ]


def _since(since: Table) -> list[Column]:
    """How the open findings of the report before became those of now, as a page has it."""
    (name, titles), *numbers = since.columns.items()
    return [
        Column(name, titles, most=34),
        *(Column(header, counts, "count") for header, counts in numbers),
    ]


def _moves(edition: Edition) -> list[Column]:
    """The moves of the guidelines that had any finding in the month, and of all together."""
    moved = [row for row in records(edition.totals.moves) if any(row[name] for name in _MOVES)]
    if not moved:
        return []
    titles = _titles(edition)
    names = [titles[row["guideline"]] for row in moved]
    return [
        Column("Guideline", [*names, "All guidelines"], most=34),
        *(
            Column(header, [*values(moved, name), sum(values(moved, name))], "count")
            for name, header in zip(_MOVES, _MOVE_WORDS, strict=True)
        ),
    ]


def _titles(edition: Edition) -> dict[str, str]:
    rules = edition.guidelines
    return dict(zip(rules["guideline"], rules["title"], strict=True))
