"""The boxes to choose with; the same ones can be shown at several places and stay the same."""

from collections.abc import Callable, Sequence

from ipywidgets import HTML, Dropdown, HBox, Layout, VBox

from nmsdreports.views.audience import Edition
from nmsdreports.views.explore.choice import EVERY, STATUSES, Choice
from nmsdreports.views.sentences import month_words

_WIDE = Layout(width="30em")
_LABEL = {"description_width": "6em"}


class Choosers:
    """Month, school, guideline and status; `follow` is called with each Choice, and answers in
    one line what was found.
    """

    def __init__(self, months: list[str], month: str, seen: Edition) -> None:
        schools = seen.schools[["name", "school_id"]].itertuples(index=False, name=None)
        judged = seen.guidelines[seen.guidelines["method"].ne("advice")]
        rules = (judged["title"] + " (" + judged["clause"] + ")").to_list()
        self.month = _box("Month", [(month_words(name), name) for name in months], month)
        self.school = _box("School", [("All schools", EVERY), *schools], EVERY)
        self.guideline = _box(
            "Guideline",
            [("All guidelines", EVERY), *zip(rules, judged["guideline"], strict=True)],
            EVERY,
        )
        self.status = _box("Status", [(words, key) for key, words in STATUSES.items()], "open")
        self.line, self.as_of = HTML(""), HTML("")
        boxes = [self.month, self.school, self.guideline, self.status]
        rows = [HBox(boxes[:2], layout=_WRAP), HBox(boxes[2:], layout=_WRAP)]
        self.widget = VBox([*rows, self.as_of, self.line])
        self.boxes = boxes

    @property
    def choice(self) -> Choice:
        """What is chosen now."""
        return Choice(*(box.value for box in self.boxes))

    def say(self, found: str, as_of: str) -> None:
        """Say under the boxes as of which day everything is, and what was found.

        Both are HTML, and read aloud by a screen reader.
        """
        self.line.value = f'<p class="nmsd line" role="status">{found}</p>'
        self.as_of.value = f'<p class="nmsd line" role="status">{as_of}</p>'

    def follow(self, answer: Callable[[Choice], None]) -> None:
        """Call `answer` whenever something else is chosen."""
        for box in self.boxes:
            box.observe(lambda change: answer(self.choice), names="value")


_WRAP = Layout(flex_flow="row wrap")


def _box(name: str, options: list[tuple[str, str]], value: str) -> Dropdown:
    return Dropdown(description=name, options=options, value=value, layout=_WIDE, style=_LABEL)


def key_of(options: Sequence[tuple[str, str]], text: str) -> str | None:
    """The key that a box offers under `text`: its key or its words, in any case; "all" is all.

    Of a guideline the title is enough. None where there is no such key.
    """
    typed = text.strip().casefold()
    if typed == "all":
        typed = EVERY
    for words, key in options:
        title = words.partition(" (")[0]
        if typed in (key.casefold(), words.casefold(), title.casefold()):
            return key
    return None
