"""The boxes to choose with; the same ones can be shown at several places and stay the same."""

from collections.abc import Callable

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
        self.line = HTML("")
        boxes = [self.month, self.school, self.guideline, self.status]
        rows = [HBox(boxes[:2], layout=_WRAP), HBox(boxes[2:], layout=_WRAP)]
        self.widget = VBox([*rows, self.line])
        self.boxes = boxes

    @property
    def choice(self) -> Choice:
        """What is chosen now."""
        return Choice(*(box.value for box in self.boxes))

    def say(self, html: str) -> None:
        """Say something under the boxes; read aloud by a screen reader."""
        self.line.value = f'<p class="nmsd" role="status">{html}</p>'

    def follow(self, answer: Callable[[Choice], None]) -> None:
        """Call `answer` whenever something else is chosen."""
        for box in self.boxes:
            box.observe(lambda change: answer(self.choice), names="value")


_WRAP = Layout(flex_flow="row wrap")


def _box(name: str, options: list[tuple[str, str]], value: str) -> Dropdown:
    return Dropdown(description=name, options=options, value=value, layout=_WIDE, style=_LABEL)
