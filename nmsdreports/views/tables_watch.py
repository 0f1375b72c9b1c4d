"""The table of watch lists: what to act on before it becomes a finding, and what no rate counts."""

import re

from nmsdreports.views.audience import Edition
from nmsdreports.views.rows import account_labels, records, values
from nmsdreports.views.sentences import capital, days_in_words
from nmsdreports.views.table import Table
from nmsdreports.views.tables import school_cells

_GUIDELINE = re.compile("^[a-z-]+: ")


def table_watch(edition: Edition) -> Table:
    """One row an entry of a watch list: what it is about, the day, and what is to be known."""
    rows = records(edition.watch)
    titles = dict(zip(edition.guidelines["guideline"], edition.guidelines["title"], strict=True))
    labels = account_labels(edition)
    incidents = set(edition.incident_rows["incident_id"])
    # an exception's message begins with the guideline, which stands beside it in words
    messages = [_GUIDELINE.sub("", row["message"]) for row in rows]
    columns = {
        "Watch": [capital(row["list"]) for row in rows],
        "About": [_about(row, labels, titles, incidents) for row in rows],
        **school_cells(edition, rows),
        "Day": values(rows, "on"),
        "What is known": [capital(days_in_words(text)) for text in messages],
    }
    return Table(
        "Watch lists",
        columns,
        nothing="Nothing runs out soon, and nothing else is to be watched.",
        note="These entries are not counted here; some of them also have a finding."
        if rows
        else "",
    )


def _about(row: dict, labels: dict, titles: dict, incidents: set[str]) -> str:
    """An account by its label, an exception by its guideline, an incident by its id."""
    if row["subject"] in titles:
        on = labels.get(row["account_id"])
        return titles[row["subject"]] + (f" of {on}" if on else "")
    if row["subject"] in incidents and row["account_id"] not in labels:
        return f"Incident {row['subject']}"
    return labels.get(row["account_id"], row["subject"])
