"""The counts behind every chart of the board's part, and the title that is its finding.

Comes in: a BoardEdition. Goes out: BoardCharts in the order of the deck, which page, CSV twin and
deck draw each in their own way. A number that is not shown is a gap in what is drawn and words in
the table beside it, never 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.views.board.board_chart import (
    BoardChart,
    few_words,
    gap_words,
    moved_words,
    source_words,
    texts_of,
    under_words,
    whole_numbers,
    year_words,
)
from nmsdreports.views.board.board_words import PERSONAL
from nmsdreports.views.board.counts_incidents import chart_incidents
from nmsdreports.views.board.counts_rates import chart_rates
from nmsdreports.views.sentences import (
    be_words,
    capital,
    month_words,
    percent,
)

if TYPE_CHECKING:
    from nmsdreports.views.board.edition import BoardEdition

_YEARS = 5
NOTHING = "There is nothing to draw."
"""What stands in place of a chart where its title says already that there is nothing."""
_STATES = {
    "meets": "Meets",
    "does_not_meet": "Does not meet",
    "excepted": "Excepted",
    "not_assessed": "Not assessed",
}
_MOVES = {
    "open_before": "Open before",
    "opened": "Opened",
    "closed": "Closed",
    "open_now": "Open now",
}
_LAUNCHES = {
    "approved": (
        "approvals-in-time",
        "Approved in time",
        "In time: a supervisor's approval was valid on the launch day.",
        "the registry and the log of approvals",
    ),
    "told": (
        "parents-told-in-time",
        "Parents told in time",
        "In time: parents were told by the launch, or as long before it as the district asks; only "
        "accounts that invite students.",
        "the registry and the log of notices to parents",
    ),
}

_CAUGHT_UP = (
    "Late ones may have caught up since; the shares over 24 months tell how many meet the "
    "guideline now."
)


def charts_of(edition: BoardEdition) -> tuple[BoardChart, ...]:
    """What the board asked for and no more, one finding a chart, in the order of the deck."""
    return (
        chart_in_use(edition),
        chart_launches(edition, "approved"),
        chart_launches(edition, "told"),
        chart_admin_rights(edition),
        chart_incidents(edition),
        chart_ageing(edition),
        chart_rates(edition),
        chart_moves(edition),
    )


def chart_in_use(edition: BoardEdition) -> BoardChart:
    """How many official accounts are on record, and how many of them are in use."""
    accounts, in_use, unclear = (
        edition.in_use[name].iloc[0] for name in ("accounts", "in_use", "unclear")
    )
    numbers = {
        "On record": accounts,
        "In use": in_use,
        "Closed or not launched yet": accounts - in_use - unclear,
        "Days not clear": unclear,
    }
    known = pd.notna(in_use)
    meaning = "In use: launched and not closed."
    if known and unclear:
        are = "it is" if unclear == 1 else "they are"
        meaning += (
            " Days not clear: the day of launch or closing is missing, cannot be read or "
            f"contradicts the other, so {are} not assessed."
        )
    else:
        del numbers["Days not clear"]
    frame = pd.DataFrame(
        {"Accounts": [*numbers], "Number": whole_numbers([*numbers.values()])},
    )
    if known:
        title = (
            f"{in_use:,} of {accounts:,} official accounts on record are in use "
            f"({percent(in_use, accounts)}%)"
        )
    else:
        title = f"{capital(few_words(edition))} official accounts are in use"
    return BoardChart(
        name="accounts-in-use",
        title=title,
        frame=frame,
        tables=(texts_of(frame if known else frame.iloc[:2], few_words(edition)),),
        meaning=f"{meaning} {PERSONAL}.",
        source=source_words(edition, "the district's registry of official accounts"),
        instead="" if known else "Too few accounts are in use for a chart.",
    )


def chart_launches(edition: BoardEdition, measure: str) -> BoardChart:
    """Accounts by the school year of their launch: approved in time, or parents told in time.

    `measure` is one of the edition's `launches`: "approved" or "told".
    """
    name, done, meaning, source = _LAUNCHES[measure]
    rows = edition.launches[edition.launches["measure"].eq(measure)]
    rows = rows.sort_values("school_year").tail(_YEARS).reset_index(drop=True)
    years = [year_words(edition, year) for year in rows["school_year"]]
    launched, in_time = (whole_numbers(rows[each].to_list()) for each in ("launched", "in_time"))
    frame = pd.DataFrame(
        {"School year": years, "In time": in_time, "Late or not at all": launched - in_time}
    )
    shares = [
        f"{percent(part, whole)}%" if pd.notna(whole) and whole else ""
        for part, whole in zip(in_time, launched, strict=True)
    ]
    columns = {"School year": years, "Launched": launched, done: in_time, "Share": shares}
    table = texts_of(pd.DataFrame(columns), few_words(edition))
    counted = [
        (year, part, whole)
        for year, part, whole in zip(years, in_time, launched, strict=True)
        if pd.notna(whole) and whole
    ]
    few = f"{few_words(edition)} accounts launched, too few to show"
    gaps = gap_words("bar", few) if counted and len(counted) < len(years) else ""
    instead = "" if counted else "Too few accounts were launched in any school year for a chart."
    return BoardChart(
        name=name,
        title=_launches_title(edition, measure, counted, years),
        frame=frame,
        tables=(table,) if years else (),
        meaning=f"{meaning} {_CAUGHT_UP}{gaps}",
        source=source_words(edition, source),
        instead=instead if years else NOTHING,
    )


def _launches_title(
    edition: BoardEdition, measure: str, counted: list[tuple], years: list[str]
) -> str:
    what = {"approved": "approvals by the launch day", "told": "notices to parents in time"}
    if not years:
        return f"No launch is on record yet, so no {what[measure]} can be counted"
    if not counted:
        return f"{capital(few_words(edition))} launches a school year: no {what[measure]} counted"
    year, part, whole = counted[-1]
    if measure == "approved":
        were = "was" if part == 1 else "were"
        done = f"{part:,} of {whole:,} accounts launched {were} approved in time"
    else:
        done = f"parents were told in time of {part:,} of {whole:,} accounts launched"
    share = percent(part, whole)
    title = f"In {year}, {done} ({share}%)"
    if len(counted) == 1:
        return title
    before, *its = counted[-2]
    share_before = percent(*its)
    how = "the same share as" if share == share_before else f"against {share_before}%"
    return f"{title}, {how} in {before}"


def chart_admin_rights(edition: BoardEdition) -> BoardChart:
    """Of how many accounts a supervisor or designee holds admin rights."""
    rows = edition.guidelines[edition.guidelines["guideline"].eq("admin-rights")]
    reason = rows["shown"].iloc[0] if len(rows) else "the district does not ask for it"
    numbers = [] if reason else [int(rows[state].iloc[0]) for state in _STATES]
    meaning = (
        "Meets: a supervisor or designee who does not own the account can take it over. "
        "The share is of those that meet, do not meet or are excepted."
    )
    frame = pd.DataFrame({"Admin rights": [*_STATES.values()][: len(numbers)], "Accounts": numbers})
    if numbers:
        # of the others there is something to say only where there are some
        frame = frame[frame["Accounts"].gt(0) | frame.index.isin([0, 1])].reset_index(drop=True)
        if numbers[-1]:
            meaning += " Not assessed: a day that decides is missing or not clear."
        meets, judged = numbers[0], sum(numbers[:3])
        title = "Of no account it could be judged who holds admin rights"
        if judged:
            title = (
                f"A supervisor or designee holds admin rights to {meets:,} of {judged:,} accounts "
                f"({percent(meets, judged)}%)"
            )
    else:
        title = "Who holds admin rights is not counted for this month"
    return BoardChart(
        name="admin-rights",
        title=title,
        frame=frame,
        tables=(frame.astype(object),) if numbers else (),
        meaning=meaning,
        source=source_words(edition, "the registry and the log of admin rights"),
        instead=f"{capital(reason)}." if reason else "",
    )


def chart_ageing(edition: BoardEdition) -> BoardChart:
    """Open findings about accounts by how long they have been open, the overdue ones apart."""
    rows = edition.ageing
    found, overdue = rows["findings"].astype(int), rows["overdue"].astype(int)
    buckets, whole = rows["bucket"].to_list(), int(found.sum())
    frame = pd.DataFrame({"Open for": buckets, "Overdue": overdue, "Not overdue": found - overdue})
    table = pd.DataFrame({"Open for": buckets, "Findings": found, "Overdue": overdue})
    title = capital(be_words(whole, "finding about accounts", "findings about accounts"))
    title = f"{title} open{under_words(edition)}"
    if whole:
        last = int(found.iloc[-1])
        late = f"{int(overdue.sum()):,}" if overdue.sum() else "none"
        title += f", {late} of them overdue; {f'{last:,}' if last else 'none'} for {buckets[-1]}"
    return BoardChart(
        name="ageing-of-open-findings",
        title=title,
        frame=frame.reset_index(drop=True),
        tables=(table.astype(object).reset_index(drop=True),),
        meaning="A finding is a stretch of days on which a guideline applied to an account and was "
        "not met. Overdue: past the day by which it is to be put right.",
        source=source_words(edition, "the registry and its logs"),
        instead="" if whole else NOTHING,
    )


def chart_moves(edition: BoardEdition) -> BoardChart:
    """Findings about accounts: open before, opened, closed and open now, all guidelines together.

    The table has the guidelines of which anything was open or moved, and all together below.
    """
    columns = [*_MOVES]
    rows = edition.moves[edition.moves[columns].sum(axis=1).gt(0)]
    total = rows[columns].sum().astype(int)
    titles = edition.guidelines.set_index("guideline")["title"]
    table = rows.assign(Guideline=rows["guideline"].map(titles))[["Guideline", *columns]]
    table = table.rename(columns=_MOVES).astype(object).reset_index(drop=True)
    table.loc[len(table)] = ["All together", *total.to_list()]
    closed, opened = int(total["closed"]), int(total["opened"])
    since = f"In {month_words(edition.month)},"
    if edition.moves_since:
        since = f"Since the end of {month_words(edition.moves_since)},"
    title = f"{since} {moved_words(closed, opened)}{under_words(edition)}"
    frame = pd.DataFrame({"Findings": [*_MOVES.values()], "Number": total.to_list()})
    return BoardChart(
        name="what-moved",
        title=title,
        frame=frame,
        tables=(table,) if len(rows) else (),
        meaning="Closed: the guideline is met now, or the account was closed.",
        source=source_words(edition, "the registry and its logs"),
        instead="" if len(rows) else NOTHING,
    )
