"""The map: accounts by guidelines, a mark in each cell, a word too where it asks for a look."""

from html import escape

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.explore.blocks import Html
from nmsdreports.views.sentences import count_words
from nmsdreports.views.tables import STATUS_ORDER, table_matrix

MOST_ACCOUNTS = 40
# What stands beside the mark; the calm statuses have the mark alone, so that the others are seen.
_WORDS = {
    "does not meet": "not met",
    "not assessed": "unknown",
    "excepted": "excepted",
    "meets, late": "late",
}


def map_of(seen: Edition, accounts: list[str]) -> Html:
    """The map of the first of the accounts (ids, the worst first), of which `seen` has those."""
    count = len(accounts)
    if not accounts:
        return Html("<p>None of these rows is about an account of the registry.</p>")
    frame = table_matrix(seen).frame
    frame.index = pd.Index(seen.accounts["account_id"])
    frame = frame.loc[accounts[:MOST_ACCOUNTS]]
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in frame.columns)
    rows = "".join(_row(values, seen) for values in frame.itertuples(index=False, name=None))
    first = f"The first {len(frame)} of " if count > len(frame) else ""
    caption = f"{first}{count_words(count, 'account')} by guideline"
    return Html(
        '<div class="scroll" tabindex="0" role="region" aria-label="Accounts by guidelines">'
        f'<table class="map"><caption>{caption}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        f"<p>{_legend(frame, seen)}</p>"
    )


def _row(values: tuple, seen: Edition) -> str:
    label, *statuses = values
    cells = "".join(_cell(status, seen) for status in statuses)
    return f'<tr><th scope="row">{escape(str(label))}</th>{cells}</tr>'


def _cell(status: object, seen: Edition) -> str:
    if pd.isna(status):
        return "<td></td>"
    alone = _alone(status)
    look = seen.theme.status[alone.split(",")[0]]
    word = _WORDS.get(alone, "")
    mark = f'<span aria-hidden="true">{look.mark}</span>'
    spoken = f' <span class="map-word">{word}</span>' if word else ""
    return f'<td class="{_kind(status)}" aria-label="{status}" title="{status}">{mark}{spoken}</td>'


def _kind(status: str) -> str:
    return f"status-{_alone(status).split(',')[0].replace(' ', '-')}"


def _alone(status: str) -> str:
    """A status without of how many subjects it is."""
    return status.split(" (")[0]


def _legend(frame: pd.DataFrame, seen: Edition) -> str:
    counts = frame.drop(columns="Account").melt()["value"].dropna().map(_alone).value_counts()
    return " &nbsp; ".join(
        f'<span class="badge {_kind(name)}">'
        f"{seen.theme.status[name.split(',')[0]].mark} {name}: {counts[name]:,}</span>"
        for name in (*STATUS_ORDER, "meets, late")
        if name in counts
    )
