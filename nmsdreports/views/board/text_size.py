"""How much room words take on a slide, near enough to lay out tables and titles.

The program that shows the slides breaks lines itself; here it is only foreseen how many there will
be, with the widths of Arial's letters, stretched for wider fonts, so that nothing runs over.
"""

from dataclasses import dataclass

# The letters of each width, in thousandths of the size.
_LETTERS = {
    225: "ijl'’|",
    278: " ftI!,./:;[]\\",
    340: 'r()-“”"`·',
    500: "ckvsxyzJ",
    556: "abdeghnopquL0123456789–$#?_",
    611: "FTZ",
    667: "ABEKPSVXY&✕",
    722: "wCDHNRU",
    778: "GOQ◆●■",
    889: "mM%",
    1000: "W@—…▲",
}
_WIDTHS = {letter: width for width, letters in _LETTERS.items() for letter in letters}
_BEYOND, _MARGIN, _POINTS = 1000, 1.03, 72
# How much wider than Arial's the letters of other fonts are; one that is not known may be wide.
_STRETCHES = {
    **dict.fromkeys(("arial", "helvetica", "liberation sans", "tahoma", "aptos"), 1.0),
    **dict.fromkeys(("calibri", "carlito", "arial narrow", "corbel", "candara"), 1.0),
    **dict.fromkeys(("segoe ui", "trebuchet ms", "source sans pro", "gill sans mt"), 1.05),
}
_WIDEST = 1.22
_LATIN = "\u024f"
LINE, BOLD = 1.2, 1.08
"""The height of a line in sizes of its letters, and how much wider bold letters are."""


@dataclass(frozen=True)
class Letters:
    """The letters of a font: `stretch` is how much wider than Arial's they are."""

    stretch: float = 1.0

    def width(self, text: str, points: float) -> float:
        """The width of one line of `text`, in inches."""
        return sum(map(_letter, text)) / 1000 * _MARGIN * self.stretch * points / _POINTS

    def lines(self, text: str, points: float, width: float) -> int:
        """How many lines `text` takes in `width` inches, broken between words or in a long one."""
        lines, room, blank = 1, width, self.width(" ", points)
        for word in text.split():
            needed = self.width(word, points)
            if needed > room and room < width:
                lines, room = lines + 1, width
            # a word wider than the box is broken in itself
            while needed > width:
                lines, needed = lines + 1, needed - width
            room -= needed + blank
        return lines


def letters_of(font: str) -> Letters:
    """The letters of the font of that name."""
    return Letters(_STRETCHES.get(font.strip().casefold(), _WIDEST))


def height_of(lines: int, points: float) -> float:
    """The height of so many lines, in inches."""
    return lines * points * LINE / _POINTS


def _letter(letter: str) -> int:
    return _WIDTHS.get(letter, 722 if letter <= _LATIN else _BEYOND)
