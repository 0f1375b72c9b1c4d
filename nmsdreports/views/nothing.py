"""What stands in place of a rate where nothing was judged: words that say why.

"No accounts" is said only of a school without any; where accounts are on record the guideline's
own reason stands there.
"""

from collections.abc import Mapping
from typing import Any

from nmsdreports.views.audience import Edition

_REASONS = {"no students invited": "no account invites students"}
_SUBJECTS = {"concern": "no concerns", "emergency": "no emergencies"}


def nothing_words(edition: Edition, rate: Mapping[str, Any]) -> str:
    """Why a row of `rates`, of which nothing was judged, has no rate."""
    guideline, school_id = rate["guideline"], rate["school_id"]
    if rate["applicable"]:
        if rate["not_assessed"]:
            return "none could be judged"
        return "nothing to judge yet" if rate["upcoming"] else "none is left to judge"
    subject = edition.guidelines.set_index("guideline")["subject"][guideline]
    if subject in _SUBJECTS:
        return _SUBJECTS[subject]
    used = edition.in_use.set_index("school_id")["accounts"]
    if not used.get(school_id, 0):
        return "no accounts"
    status = edition.status[edition.status["guideline"].eq(guideline)]
    if school_id != "*":
        status = status[status["school_id"].eq(school_id)]
    reasons = set(status["reason"].dropna())
    own = _REASONS.get(reasons.pop()) if len(reasons) == 1 else None
    return own or "applies to no account"
