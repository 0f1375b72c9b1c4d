"""Each subject's life, cut into spells of one status; a status on a day is the spell that holds it.

In: one guideline's subjects with their duties, gaps and excepted days. Out: one row a spell.
Traps: before a concern was received its subject has no spell; what is not applicable never ends.
"""

import numpy as np
import pandas as pd

from nmsdreports.policy.intervals import OPEN, Intervals, Spans, split

STATUSES = (
    "not applicable",
    "ended",
    "not assessed",
    "upcoming",
    "excepted",
    "does not meet",
    "meets",
)


def spells(
    subjects: pd.DataFrame, duties: Spans, met: Spans, gaps: Spans, excepted: Spans
) -> pd.DataFrame:
    """Return ``position``, ``status`` (int8, place in :data:`STATUSES`), ``start``, ``stop`` (int32

    days, half-open) of each spell; the arguments are those of :class:`duties.Judged`.
    """
    known = subjects["known_from"].to_numpy()
    ended = subjects["ended_from"].to_numpy()
    position = np.arange(len(subjects))
    inapplicable = subjects["not_applicable"].notna().to_numpy()
    undecided = subjects["undecided"].notna().to_numpy() & ~inapplicable
    planned = subjects["planned"].to_numpy() & ~inapplicable & ~undecided
    begins = np.full(len(subjects), OPEN)
    begins[duties.key[::-1]] = duties.start[::-1]
    # A duty that never begins (closed first) is upcoming until its subject has ended.
    begins = np.where(planned, ended, np.minimum(begins, ended))
    held, bare = split(gaps, excepted)
    all_days = np.broadcast_to(OPEN, len(subjects))
    whole = Intervals(position, known, all_days)
    pieces = {
        "not applicable": whole.only(inapplicable),
        "ended": Intervals(position, np.maximum(ended, known), all_days).only(~inapplicable),
        "not assessed": Intervals(position, known, ended).only(undecided),
        "upcoming": Intervals(position, known, begins).only(~inapplicable & ~undecided),
        "excepted": held,
        "does not meet": bare,
        "meets": met,
    }
    pieces = {
        STATUSES.index(status): piece.only(piece.start < piece.stop).halved()
        for status, piece in pieces.items()
    }
    return pd.DataFrame(
        {
            "position": np.concatenate([piece.key for piece in pieces.values()]),
            "status": np.concatenate(
                [np.full(len(piece), status, np.int8) for status, piece in pieces.items()]
            ),
            "start": np.concatenate([piece.start for piece in pieces.values()]),
            "stop": np.concatenate([piece.stop for piece in pieces.values()]),
        },
        copy=False,
    )
