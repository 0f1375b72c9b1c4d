"""What stands in place of a rate where nothing was judged: words that say why.

"No accounts" is said only of a school without any; where accounts are on record the guideline's
own reason stands there.
"""

from functools import lru_cache

from nmsdreports.views.audience import Edition
from nmsdreports.views.rows import records

_REASONS = {"no students invited": "no account invites students"}
_SUBJECTS = {"concern": "no concerns", "emergency": "no emergencies"}


def nothing_words(edition: Edition, rate: dict) -> str:
    """Why a row of `rates`, of which nothing was judged, has no rate."""
    guideline, school_id = rate["guideline"], rate["school_id"]
    if rate["applicable"]:
        if rate["not_assessed"]:
            return "none could be judged"
        return "nothing to judge yet" if rate["upcoming"] else "none is left to judge"
    rules = edition.guidelines
    subject = dict(zip(rules["guideline"], rules["subject"], strict=True))[guideline]
    if subject in _SUBJECTS:
        return _SUBJECTS[subject]
    used = dict(zip(edition.in_use["school_id"], edition.in_use["accounts"], strict=True))
    if not used.get(school_id, 0):
        return "no accounts"
    reasons = _reasons(edition).get((guideline, school_id), set())
    own = _REASONS.get(min(reasons)) if len(reasons) == 1 else None
    return own or "applies to no account"


@lru_cache(maxsize=8)
def _reasons(edition: Edition) -> dict[tuple[str, str], set[str]]:
    """The reasons of all statuses by guideline and school, those of all schools under `*`."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in records(edition.status, "guideline", "school_id", "reason"):
        for school_id in (row["school_id"], "*") if row["reason"] else ():
            found.setdefault((row["guideline"], school_id), set()).add(row["reason"])
    return found
