"""The map: accounts by guidelines, a mark in each cell, a word too where it asks for a look."""

from html import escape

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.explore.blocks import Html
from nmsdreports.views.sentences import count_words
from nmsdreports.views.tables import STATUS_ORDER, table_matrix

MOST_ACCOUNTS = 40
_NO_COLUMN = (
    "An account has one mark a guideline, its worst where several activities have one each. "
    "Incidents and parents' concerns have no column here: they stand in the list of findings and "
    "under the account."
)
# What stands beside the mark; the calm statuses have the mark alone, so that the others are seen.
_WORDS = {
    "does not meet": "not met",
    "not assessed": "unknown",
    "excepted": "excepted",
    "meets, late": "late",
}


def map_of(seen: Edition, accounts: list[str], nothing: str) -> Html:
    """The map of the first of the accounts (ids, the worst first), of which `seen` has those.

    `nothing` is the sentence for no account.
    """
    count = len(accounts)
    if not accounts:
        return Html(f"<p>{nothing}</p>")
    frame = table_matrix(seen).frame
    frame["Account"] = seen.accounts["account_id"].to_numpy() + " · " + frame["Account"]
    frame.index = pd.Index(seen.accounts["account_id"])
    frame = frame.loc[accounts[:MOST_ACCOUNTS]]
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in frame.columns)
    rows = "".join(_row(values, seen) for values in frame.itertuples(index=False, name=None))
    first = f"The first {len(frame)} of " if count > len(frame) else ""
    caption = f"{first}{count_words(count, 'account')} by guideline"
    if first:
        caption += ", in the order of the rows above; choose a school or a guideline for the others"
    return Html(
        '<div class="scroll" tabindex="0" role="region" aria-label="Accounts by guidelines">'
        f'<table class="map"><caption>{caption}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        f"<p>{_legend(frame, seen)}</p>"
        f'<p class="note">{_NO_COLUMN}</p>'
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
    """How often each status stands in the map; what meets late is one of those that meet."""
    statuses = frame.drop(columns="Account").melt()["value"].dropna().map(_alone)
    counts = statuses.str.removesuffix(", late").value_counts()
    late = int(statuses.str.endswith(", late").sum())
    of_them = {"meets": f", {late:,} of them late" if late else ""}
    return " &nbsp; ".join(
        f'<span class="badge {_kind(name)}">{seen.theme.status[name].mark} {name}: '
        f"{counts[name]:,}{of_them.get(name, '')}</span>"
        for name in STATUS_ORDER
        if name in counts
    )
