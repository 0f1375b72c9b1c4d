"""What a person may ask "what if": the questions offered, today's answer to each, and the reply.

In: a desk, what is chosen, and the account shown. Out: names to choose from, days, and blocks.
Nothing on record and no setting is changed by asking.
"""

from collections.abc import Callable

from nmsdreports.run.desk import Desk
from nmsdreports.run.what_if import Question
from nmsdreports.settings import InputError
from nmsdreports.views.explore.answers import DAYS, EXCEPTIONS, changed_blocks, question_words
from nmsdreports.views.explore.choice import EVERY, Choice
from nmsdreports.views.explore.chosen import MOST_ROWS
from nmsdreports.views.sentences import account_labels, day_words

_MOST_DAYS = 3650
# Nothing can be done every 0 days.
_FROM_ONE = ("monitor_every", "report_every")


class Asking:
    """The questions about one desk; `chosen` gives the choice, `shown` the account, if any."""

    def __init__(
        self, desk: Desk, chosen: Callable[[], Choice], shown: Callable[[], str | None]
    ) -> None:
        self.desk, self.chosen, self.shown = desk, chosen, shown

    def offered(self, kind: str) -> list[tuple[str, str]]:
        """What a kind of question can be about, as (words, key).

        For an exception what is not met comes first, since only there one would change anything.
        """
        if kind == "days":
            return [(words, name) for name, words in DAYS.items()]
        rules = [(f"{rule.title} ({rule.clause})", rule.id) for rule in self._rules(kind)]
        if kind not in EXCEPTIONS:
            return rules
        unmet = self._unmet(kind)
        first = [(f"{words}: not met", name) for words, name in rules if name in unmet]
        return [*first, *(pair for pair in rules if pair[1] not in unmet)]

    def days_now(self, kind: str, name: str) -> int | None:
        """Today's number of days; None where there is none."""
        if kind == "days":
            return getattr(self.desk.records.settings.days, name)
        if kind in EXCEPTIONS:
            return None
        return next(rule.fix_within for rule in self._rules(kind) if rule.id == name)

    def answer(self, kind: str, name: str, text: str) -> list[object]:
        """The blocks that answer a question, its days as they were typed.

        Raises InputError for days that are none, and for an exception for nobody.
        """
        choice = self.chosen()
        about = {key: words for words, key in self.offered(kind)}[name]
        now, days = self.days_now(kind, name), 0
        account, school = self._whom(kind)
        if kind not in EXCEPTIONS:
            days = _days(text, least=int(name in _FROM_ONE))
        whom = self._whom_words(account, school, choice)
        asked = question_words(kind, name, about, days, now, whom)
        question = Question(kind.partition("-")[0], name, days, account, school)
        changed = self.desk.ask(choice, question)
        seen = self.desk.seen(choice.month, changed.head(MOST_ROWS))
        return changed_blocks(asked, changed, seen, day_words(seen.as_of))

    def _rules(self, kind: str) -> list:
        rules = self.desk.assessment.policy.recorded()
        return [rule for rule in rules if kind == "fix" or rule.subject != "emergency"]

    def _whom(self, kind: str) -> tuple[str | None, str | None]:
        """Whom an exception would be for: an account's id or a school's, where one is chosen."""
        account, school = self.shown(), self.chosen().school_id
        if kind == "exception-account":
            return (self.desk.account_id(account) if account else None), None
        if kind == "exception-school":
            return None, (None if school == EVERY else school)
        return None, None

    def _unmet(self, kind: str) -> set[str]:
        status = self.desk.standing(self.chosen().month).status
        account, school = self._whom(kind)
        column, whom = ("account_id", account) if account else ("school_id", school)
        if whom is None:
            return set()
        own = status[status[column].eq(whom) & status["status"].eq("does not meet")]
        return set(own["guideline"])

    def _whom_words(self, account: str | None, school: str | None, choice: Choice) -> str:
        records = self.desk.records
        if account is not None:
            row = records.accounts[records.accounts["account_id"].eq(account)]
            return f"{account_labels(row)[0]} ({account})"
        school = school or (None if choice.school_id == EVERY else choice.school_id)
        return "" if school is None else records.schools.set_index("school_id")["name"][school]


def _days(text: str, least: int) -> int:
    """Raises InputError where the text is no number of days from `least` on."""
    typed = text.strip()
    if typed.isascii() and typed.isdigit() and least <= int(typed) <= _MOST_DAYS:
        return int(typed)
    wrong = f"“{typed}” is none" if typed else "it is empty"
    raise InputError(
        f"In the box Days a whole number from {least} to {_MOST_DAYS:,} is needed; {wrong}."
    )
