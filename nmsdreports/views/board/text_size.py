"""How much room words take on a slide, near enough to lay out tables and titles.

The program that shows the slides breaks lines itself; here it is only foreseen how many there will
be, with the widths of Arial's letters and a little more, so that nothing runs over.
"""

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
_LATIN = "\u024f"
LINE, BOLD = 1.2, 1.08
"""The height of a line in sizes of its letters, and how much wider bold letters are."""


def text_width(text: str, points: float) -> float:
    """The width of one line of `text`, in inches."""
    return sum(map(_letter, text)) / 1000 * _MARGIN * points / _POINTS


def line_count(text: str, points: float, width: float) -> int:
    """How many lines `text` takes in `width` inches, broken between words or in a long one."""
    lines, room, blank = 1, width, text_width(" ", points)
    for word in text.split():
        needed = text_width(word, points)
        if needed > room and room < width:
            lines, room = lines + 1, width
        # a word wider than the box is broken in itself
        while needed > width:
            lines, needed = lines + 1, needed - width
        room -= needed + blank
    return lines


def height_of(lines: int, points: float) -> float:
    """The height of so many lines, in inches."""
    return lines * points * LINE / _POINTS


def _letter(letter: str) -> int:
    return _WIDTHS.get(letter, 722 if letter <= _LATIN else _BEYOND)
