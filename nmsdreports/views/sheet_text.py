"""Texts as a cell can hold and show them: cleaned, measured, and broken into lines.

Only Excel fits a row to its wrapped text when it opens a file; LibreOffice and viewers take the
height that is written. So texts are measured here, in widths of a digit as columns are, from
the proportions of Arial (and of Liberation Sans, which has the same).
"""

import re
from functools import lru_cache

LONGEST_TEXT = 1000
"""Characters of one cell that can still be read and printed; Excel itself ends at 32,767."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CUT = " … (cut)"
# widths of characters in thousandths of an em; what is not listed is as wide as a digit
_DIGIT = 556
_EMS = {
    191: "'", 222: "ijl", 260: "|", 278: " !,./:;I[]\\ft", 333: "()-r{}", 355: '"', 389: "*",
    500: "Jckvsxyz", 584: "+<=>~", 611: "FTZ", 667: "ABEKPSVXY&", 722: "CDHNRUw", 778: "GOQ○●◐",
    833: "Mm", 889: "%", 944: "W", 1015: "@…—✓✗◇→■",
}  # fmt: skip
_WIDTHS = {mark: ems / _DIGIT for ems, marks in _EMS.items() for mark in marks}
_FULL_WIDTH_FROM = 0x2E80
_FULL_WIDTH = 2.2
_LATIN = [_WIDTHS.get(chr(code), 1) for code in range(256)]


def clean_text(text: str) -> tuple[str, bool]:
    """A registry's text as a cell can hold it, and whether it had to be cut."""
    if text.isprintable() and len(text) <= LONGEST_TEXT and "_x" not in text:
        return text, False
    text = _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    cut = len(text) > LONGEST_TEXT
    if cut:
        text = text[: LONGEST_TEXT - len(_CUT)] + _CUT
    return _LOOKS_ESCAPED.sub("_x005F_", text), cut


@lru_cache(maxsize=2**15)
def text_width(text: str) -> float:
    """The width of a text in widths of a digit."""
    try:
        return sum(map(_LATIN.__getitem__, text.encode("latin-1")))
    except UnicodeEncodeError:
        pass
    return sum(
        _WIDTHS.get(mark, _FULL_WIDTH if ord(mark) >= _FULL_WIDTH_FROM else 1) for mark in text
    )


def wrap_text(text: str, width: float) -> list[str]:
    """The lines a text takes in a cell that has room for `width` digits."""
    return [line for part in text.split("\n") for line in _wrap_line(part, width)]


def _wrap_line(text: str, width: float) -> list[str]:
    if text_width(text) <= width:
        return [text]
    lines, line, used = [], "", 0.0
    for word in re.findall(r"\S+\s*", text):
        wide = text_width(word.rstrip())
        if line and used + wide > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        while wide > width:
            fits = max(1, int(len(word) * width / wide))
            lines.append(word[:fits])
            word = word[fits:]
            wide = text_width(word.rstrip())
        line += word
        used += text_width(word)
    return [*lines, line.rstrip()] if line.strip() else lines
