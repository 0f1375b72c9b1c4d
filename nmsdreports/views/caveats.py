"""What a reader must know beside the numbers of a report, in sentences.

That an account has left the registry, that the spreadsheets are those of an earlier month.
"""

from nmsdreports.views.audience import Edition
from nmsdreports.views.repair import FILE_NAME
from nmsdreports.views.sentences import list_words, month_words

_MOST_LEFT = 5


def left_words(left: list[dict], month: str) -> list[str]:
    """Say which accounts of an earlier month's report cannot be judged now, and what to do.

    They are no longer in the registry, or their row there was set aside.
    """
    gone, aside = (
        [one for one in left if one["set_aside"] == set_aside] for set_aside in (False, True)
    )
    told = []
    if gone:
        are, row = ("is", "the row") if len(gone) == 1 else ("are", "each row")
        told.append(
            f"{_left_accounts(gone, month)} {are} no longer in the registry, and what was found "
            f"there is no longer told. Put {row} back; where the account is closed, enter the day "
            "under Closed on instead of removing the row."
        )
    if aside:
        rows = "its row" if len(aside) == 1 else "their rows"
        told.append(
            f"{_left_accounts(aside, month)} cannot be judged, because {rows} in the registry "
            f"could not be used; {FILE_NAME} tells the office what to repair."
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
