"""What the board's pages say around their numbers: what they are, what is hidden, and why."""

from nmsdreports.views.board.board_chart import moved_words
from nmsdreports.views.board.edition import BoardEdition
from nmsdreports.views.sentences import day_words, list_words, month_words, name_words

ONE_SCHOOL = (
    "The district has one school, so what is said here of the district is said of that school."
)
PERSONAL = "Personal accounts of employees are never registered, looked for or counted"
"""So that every page says it in the same words."""
ROUNDED = "Every percentage is a whole number, rounded down."
APART = "Incidents and parents' concerns are counted apart."
STAYS = "incidents of school years that are over stay as first printed"
NOT_AMONG = "contacts in an emergency, which are judged by the notice of them, are not among them"
"""What a reader who counts himself would miss."""

# What the categories are about that the guidelines come with; a district may have others.
_ABOUT = {
    "accounts": "how official accounts are approved and kept",
    "families": "notices to parents, and their concerns",
    "students": "students' information and actions",
    "conduct": "how employees behave",
    "personal use": "personal accounts, only where an incident was reported",
}


def opening_words(edition: BoardEdition) -> list[str]:
    """What the page is about, and what a reader of this district must know before its numbers."""
    name = name_words(edition.district["name"])
    return [
        f"How the official social media accounts of {name} stand with the board's guidelines at "
        f"the end of {month_words(edition.month)}: totals of the whole district. No school, no "
        "account and no person is named.",
        *restated_words(edition),
        *district_words(edition),
    ]


def restated_words(edition: BoardEdition) -> list[str]:
    """That the month was published before, and what is otherwise now; of most months nothing."""
    if not edition.restates:
        return []
    month = month_words(edition.month)
    words = (
        f"Restated: {month} was published before, as {edition.restates['name']}, whose place this "
        f"packet takes. It is counted again from the files as they are now; {STAYS}."
    )
    if "opened" not in edition.restates:
        return [words]
    moved = moved_words(edition.restates["closed"], edition.restates["opened"])
    return [f"{words} Against that packet, {moved}."]


def district_words(edition: BoardEdition) -> list[str]:
    """What is unusual in a district and changes what its numbers mean; nothing in most."""
    words = []
    if edition.one_school:
        words.append(ONE_SCHOOL)
    if edition.in_use["accounts"].isna().all():
        words.append(
            f"Fewer than {edition.min_cell} accounts are on record, so little can be shown without "
            "telling of single ones."
        )
    if edition.incident_years.empty:
        words.append(
            "No school year has ended since the first account was launched, so there is no count "
            f"of incidents by category yet. {older_words(edition)}"
        )
    return words


def older_words(edition: BoardEdition) -> str:
    """Of which school years before the first launch incidents are counted."""
    return (
        "A school year that ended before the first account was launched is listed only where "
        f"{edition.min_cell} or more incidents and concerns were reported in it."
    )


def short_category_words(edition: BoardEdition) -> list[str]:
    """What the categories of incidents are about, in a sentence."""
    told = [f"{name} ({_ABOUT[name]})" if name in _ABOUT else name for name in _categories(edition)]
    return [f"Categories: {', '.join(told)}."] if told else []


def category_words(edition: BoardEdition) -> list[str]:
    """Which guidelines the incidents of each category are counted under."""
    rules = edition.guidelines
    return [
        f"Category “{name}”: {list_words(rules['title'][rules['board_category'] == name])}."
        for name in _categories(edition)
    ]


def _categories(edition: BoardEdition) -> list[str]:
    """The categories in the order of the guidelines."""
    return [name for name in edition.guidelines["board_category"].unique() if name]


def hiding_words(edition: BoardEdition) -> list[str]:
    """What stands in place of a small count, and how incidents are counted at all."""
    few = edition.min_cell
    return [
        f"“Fewer than {few}” stands for any count from 0 to {few - 1:,}. “Not shown” stands for a "
        f"count that would tell of one of fewer than {few} by subtraction. Neither says that "
        "anything happened.",
        "Incidents and parents' concerns are counted once for each school year, when it is over "
        "(September 1 to August 31), by category; small categories are put together. A year "
        "once printed is never counted again, so that no difference tells of one incident. Of the "
        f"school year that is running there is only a range. {older_words(edition)}",
        f"Reported: incidents and parents' concerns, whatever their outcome; {NOT_AMONG}. "
        "Substantiated: those that were found to have happened. An incident that was only "
        "reported is no reproach.",
        *short_category_words(edition),
        *category_words(edition),
    ]


def method_words(edition: BoardEdition) -> list[str]:
    """How the numbers about accounts are made, in the words of someone who reads them once."""
    day = day_words(edition.as_of)
    few = edition.min_cell
    return [
        f"Everything is judged as of the end of {day}, from what the district's files say about "
        f"that day. {PERSONAL}.",
        "The guidelines say what employees should do, so an account meets a guideline or does not. "
        "A finding is a stretch of days on which a guideline applied to an account and was not "
        "met; incidents and parents' concerns are counted apart, and the office's own report has "
        "both. An exception never hides a finding.",
        "A share is the number that meets, of all that were judged (those that meet, do not meet "
        "or are excepted). Coverage is the number judged, of those judged and those that a "
        f"missing date leaves open. {ROUNDED}",
        f"Counts about accounts are exact. A guideline that applies to fewer than {few} of them is "
        f"not shown, nor is a month or a school year with fewer than {few}.",
    ]
