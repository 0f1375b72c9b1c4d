"""Notes: how the numbers are made, what the words mean, every guideline, and the sources."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.sentences import count_words, day_words, list_words
from nmsdreports.views.sheet_text import LONGEST_TEXT
from nmsdreports.views.sheets import Block, Column, Line, Sheet

NAME = "Notes"
_METHOD = (
    "Source of the guidelines: Social Media Guidelines for Employees, North Mason School District, "
    "Board Policy 2026.",
    "They say what employees should do, so an account meets or does not meet a guideline; only a "
    "substantiated incident is called a violation.",
    "Personal accounts are never registered or searched: only incidents tell of personal use.",
    "Every day from which a guideline applies and on which the record shows nothing that meets it "
    "belongs to a finding.",
    "Percentages are whole numbers, rounded down from the counts beside them.",
)
_WORDS = {
    "meets": "On that day the record shows what is asked for; late: not from the first day on.",
    "does not meet": "On that day the record does not show it: there is an open finding.",
    "excepted": "Not met, but an approved exception covers the day. It counts as judged.",
    "not assessed": "A date or value that decides is missing, unreadable or contradictory.",
    "upcoming": "The guideline will apply later, for instance before the launch.",
    "ended": "The account is closed.",
    "not applicable": "The guideline does not apply, for instance because no students are invited.",
    "judged": "Meets, does not meet and excepted together.",
    "rate": "Meets divided by judged.",
    "coverage": "Judged divided by judged and not assessed.",
    "overdue": "Open, and the day by which it is due has come: from that day on it is overdue.",
    "reported": "A count of incidents: all of the time named, whatever their outcome.",
    "only reported": "An incident that somebody alleges; nothing is decided.",
    "under investigation": "An incident that is being looked into; nothing is decided.",
    "substantiated": "An incident that was found true: a violation.",
    "unsubstantiated": "An incident that was not found true: never a violation.",
}
_METHODS = {
    "record": "the record decides",
    "incident": "only the incident log can tell",
    "advice": "advice to employees, never checked",
}


def sheet_notes(edition: Edition, cut: int = 0) -> Sheet:
    """Method and sources as sentences, then what the words mean.

    `cut` is how many texts of the sheets before were too long to be shown whole.
    """
    lines = [Line(text) for text in (*_METHOD, *_source_words(edition))]
    if cut:
        were = "text was" if cut == 1 else "texts were"
        lines.append(
            Line(f"{cut:,} {were} longer than {LONGEST_TEXT:,} characters and cut.", "strong")
        )
    columns = [
        Column("Word", list(_WORDS), "state", most=24),
        Column("Meaning", list(_WORDS.values()), most=90),
    ]
    contents = "how the numbers are made, what the words mean, the sources"
    return Sheet(NAME, contents, lines, [Block("Words", columns)])


def sheet_guidelines(edition: Edition) -> Sheet:
    """Every guideline in our words, with its clause: also those that no record can decide."""
    rules = edition.guidelines
    columns = [
        Column("Guideline", rules["title"], most=34),
        Column("In our words", rules["wording"], most=70),
        Column("Clause", rules["clause"], most=18),
        Column("How it is judged", rules["method"].map(_METHODS), most=26),
        Column("Severity", rules["severity"], "state", "none"),
        Column("Days to put right", rules["fix_within"], "count", "none"),
    ]
    lines = ["The clause is the place in the guidelines; the words are ours."]
    contents = "every guideline in our words, with its clause"
    return Sheet("Guidelines", contents, lines, [Block("Guidelines", columns)])


def _source_words(edition: Edition) -> list[str]:
    if edition.sources.empty:
        return []
    files = edition.sources["file"].tolist()
    day, what = day_words(edition.as_of), count_words(len(files), "file")
    return [f"Judged as of the end of {day} from {what}: {list_words(files)}."]
