"""What a reader must know before the numbers of a report, in sentences.

That the month is not over, that the numbers do not follow from those of the report before, that an
account has left the registry, that the spreadsheets are those of an earlier month.
"""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.repair import FILE_NAME
from nmsdreports.views.sentences import day_words, list_words, month_words

_MOST_LEFT = 5


def caveats(edition: Edition) -> list[str]:
    """What stands above the numbers: that the month is not over, that nothing was compared."""
    return caveats_of(edition.since or {}, edition.month)


def caveats_of(since: dict, month: str) -> list[str]:
    """The same of the edition of `month`, by what it says of the one before it."""
    words = [unfinished_words(month)] if since.get("unfinished") else []
    if is_uncompared(since):
        words.append(uncompared_words(since["month"], month))
    return words


def beside_words(since: dict) -> list[str]:
    """What the office has to know beside the reports: the same spreadsheets, lost accounts."""
    same = [same_files_words(since["same_as"])] if since.get("same_as") else []
    return same + left_words(since["left"], since["month"])


def is_uncompared(since: dict) -> bool:
    """Whether there is a report before with which this one could not be compared.

    `since` is what an edition says of it (as of `change_rows.about_since`).
    """
    return bool(since.get("name") and since.get("cannot"))


def unfinished_words(month: str) -> str:
    """Say that a report was made before its month was over."""
    last = day_words(pd.Period(month, "M").end_time)
    return (
        f"{month_words(month)} was not over when this was made: the days to come, up to "
        f"{last}, are counted as if nothing more happened."
    )


def uncompared_words(before: str, month: str) -> str:
    """Say that the numbers do not follow from those of the report of the month `before`."""
    report = f"the report of {month_words(before)}"
    report += " that was published" if before == month else ""
    return (
        f"This could not be compared with {report}, so its numbers do not follow from those: "
        "what was opened and closed is told here by the dates now on record."
    )


def stays_uncompared_words(edition: str, before: str) -> str:
    """Say of a published edition that it could now be compared with the one before, and is not."""
    return (
        f"{edition} could not be compared with {before}, which is whole again now. What is "
        "published stays as it is, so nothing is to be done."
    )


def left_words(left: list[dict], month: str, to_school: bool = False) -> list[str]:
    """Say which accounts of an earlier month's report cannot be judged now, and what to do.

    They are no longer in the registry, or their row there was set aside. A school keeps no
    registry, so it is told what that means for its report and whom to tell.
    """
    gone, aside = (
        [one for one in left if one["set_aside"] == set_aside] for set_aside in (False, True)
    )
    told = []
    if gone:
        are, row, it = ("is", "the row", "it") if len(gone) == 1 else ("are", "each row", "one")
        told.append(
            f"{_left_accounts(gone, month)} {are} no longer in the registry, and what was found "
            "there is no longer told. "
        )
        told[0] += (
            f"If {it} is still in use, tell the district office, which keeps the registry: what "
            "was missing is still to be put right."
            if to_school
            else f"Put {row} back; where the account is closed, enter the day under Closed on "
            "instead of removing the row."
        )
    if aside:
        rows = "its row" if len(aside) == 1 else "their rows"
        what = (
            "the district office has been told what to repair, and the report after that judges "
            f"{'it' if len(aside) == 1 else 'them'} again"
            if to_school
            else f"{FILE_NAME} tells the office what to repair"
        )
        told.append(
            f"{_left_accounts(aside, month)} cannot be judged, because {rows} in the registry "
            f"could not be used; {what}."
        )
    return told


def _left_accounts(left: list[dict], month: str) -> str:
    names = [f"{one['account_id']} ({one['label']})" for one in left[:_MOST_LEFT]]
    names += [f"{len(left) - _MOST_LEFT:,} more"] if len(left) > _MOST_LEFT else []
    accounts = "Account" if len(left) == 1 else "Accounts"
    return f"{accounts} {list_words(names)} of the report of {month_words(month)}"


def same_files_words(month: str) -> str:
    """Say that the spreadsheets are those of an earlier month, which may be an oversight."""
    return (
        f"The spreadsheets are the same as those of {month_words(month)}: not one of them has "
        "changed since. If newer ones were meant, put them in and make the reports again."
    )


def to_the_office(edition: Edition) -> list[str]:
    """What only the office is told: that the spreadsheets are those of the report before."""
    same_as = (edition.since or {}).get("same_as")
    return [same_files_words(same_as)] if same_as and edition.school is None else []
