"""One account: how it stands, its line of time, and why, as `explain` tells it."""

from html import escape

import pandas as pd

from nmsdreports.intake import Records
from nmsdreports.intake.tables import read_tables, restricted_columns
from nmsdreports.views.audience import Edition
from nmsdreports.views.explained import (
    Verdict,
    opening_words,
    silent_words,
    table_verdicts,
    verdicts,
)
from nmsdreports.views.explore.blocks import Html, details_html, sentences_html
from nmsdreports.views.sentences import capital, short_day_words
from nmsdreports.views.timeline import figure_timeline

# The first day of a row of the log, by which its words are told.
_DAYS = ("occurred_on", "decided_on", "received_on", "starts_on", "reviewed_on", "launched_on")


def account_blocks(seen: Edition, guideline: str) -> list[object]:
    """What the edition of one account shows, in the order of reading; details can be opened.

    Open at once is the chosen `guideline`, where there is none the first that is not met.
    """
    told = verdicts(seen)
    first = _first_to_read(told, seen, guideline)
    why = "".join(
        details_html(
            f"{verdict.heading}: {verdict.standing}",
            "".join(f"<p>{escape(text)}</p>" for text in verdict.sentences),
            opened=verdict is first,
        )
        for verdict in told
    )
    rest = "".join(f"<p>{escape(text)}</p>" for text in silent_words(seen))
    return [
        sentences_html(opening_words(seen)),
        table_verdicts(told),
        figure_timeline(seen),
        Html(f"<h4>Why it stands so</h4>{why}{details_html('The other guidelines', rest)}"),
    ]


def _first_to_read(told: list[Verdict], seen: Edition, guideline: str) -> Verdict | None:
    titles = seen.guidelines.set_index("guideline")["title"]
    chosen = f"{titles[guideline]} (" if guideline in titles else ""
    own = [verdict for verdict in told if verdict.heading.startswith(chosen)]
    unmet = [verdict for verdict in own if verdict.status == "does not meet"]
    return next(iter([*unmet, *(own if chosen else [])]), None)


def free_words(records: Records, account_id: str) -> Html:
    """The descriptions, actions and notes on an account as they were typed.

    Restricted: for the screen, after a click; they are put into no file.
    """
    typed = _typed(records, account_id)
    if not typed:
        return Html("<p>No note, description or action is on record for this account.</p>")
    rows = "".join(
        f'<tr><th scope="row">{escape(where)}</th><td>{escape(text)}</td></tr>'
        for where, text in typed
    )
    return Html(
        "<table><caption>On this screen only; written into no file</caption>"
        '<thead><tr><th scope="col">Where</th><th scope="col">As it was typed</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _typed(records: Records, account_id: str) -> list[tuple[str, str]]:
    restricted = set(restricted_columns())
    found = []
    for name, table in read_tables().items():
        frame = getattr(records, name)
        if "account_id" not in frame:
            continue
        own = frame[frame["account_id"].eq(account_id)]
        for column in restricted & set(frame.columns):
            for row in own[own[column].notna()].to_dict("records"):
                days = [row[day] for day in _DAYS if day in row and pd.notna(row[day])]
                when = f", {short_day_words(days[0])}" if days else ""
                heading = f"{capital(table.title)}: {column.replace('_', ' ')}{when}"
                found.append((heading, str(row[column])))
    return sorted(found)
