"""The cells of a page's tables: words, places at which they break, marks and shape.

A page has a thousand cells, and a template that decides for each of them takes longer than all the
rest of the page: a row reaches the template with its cells ready.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from markupsafe import Markup, escape

from nmsdreports.views.sentences import ONLY_REPORTED
from nmsdreports.views.table import Table
from nmsdreports.views.theme import Look, Theme, date_words

MOST_ROWS = 200
"""How many rows of a table a page shows, unless it shows the whole table."""

_MOST_LETTERS = 600
_LONG_WORD = 18
_LONG_PIECE = 20
_LEAST = 4
_PROSE = 40
_BREAK = "\0"
_LONG = re.compile(rf"\S{{{_LONG_WORD + 1},}}")
# what stays on one line: a share, a clause of the guidelines, how it is known whether it is met
_WHOLE = re.compile(
    r"[\d,]+ of [\d,]+ \(\d+%\)|[A-Z][a-z]+( [a-z]+)? \d[\d–, ]*"
    r"|by (what is on record|the incident log)"
)
# what a status says beside its name: that it is late, and of how many subjects
_ALONE = re.compile(r", | \(")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NUMBER, _ZERO = ' class="number"', ' class="number zero"'


def table_rows(data: Table, side: str, theme: Theme) -> Iterator[Markup]:
    """The cells of each row of a table, as far as a page shows them, the first as its header.

    `side` is the style of what does not stand right.
    """
    columns = []
    for header, column in data.columns.items():
        values = column if data.whole else column[:MOST_ROWS]
        if not columns:
            columns.append(_row_headers(values, data.links.get(header), side, theme))
        else:
            columns.append(_column(values, header, data.kinds.get(header), side, theme))
    return (Markup("\n".join(cells)) for cells in zip(*columns, strict=True))


def _row_headers(
    values: list, links: Sequence[str] | None, side: str, theme: Theme
) -> Iterator[str]:
    for at, value in enumerate(values):
        words = break_words(cell_words(value, theme.formats))
        if links and links[at]:
            words = Markup('<a href="{}">{}</a>').format(links[at], words)
        yield f'<th scope="row" role="rowheader"{side}{_shape(value)}>{words}</th>'


def _column(values: list, header: str, kind: str | None, side: str, theme: Theme) -> Iterator[str]:
    start = f'<td role="cell" data-label="{escape(header)}"'
    for value in values:
        words = cell_words(value, theme.formats)
        if words and kind:
            yield f"{start}{side}>{badge(value, kind, theme)}</td>"
        else:
            shape = _shape(value)
            left = "" if shape in (_NUMBER, _ZERO) else side
            yield f"{start}{left}{shape}>{break_words(words)}</td>"


@lru_cache(maxsize=1024)
def badge(value: str, kind: str, theme: Theme) -> Markup:
    """A state with its mark, in the colours of its kind ("status", "severity", …)."""
    look = _look(theme, kind, value)
    mark = ""
    if look and look.mark:
        mark = Markup('<span aria-hidden="true">{}</span>&nbsp;').format(look.mark)
    name = slug(str(value).split(" (")[0])
    return Markup('<span class="badge {}-{}">{}{}</span>').format(kind, name, mark, value)


def cell_words(value: object, form: dict[str, str]) -> str:
    """A cell as a reader sees it, days and numbers in the theme's formats, missing as nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return date_words(value, form["date"])
    if isinstance(value, int | float):
        return f"{value:,}" if "," in form["number"] else str(value)
    return letters(str(value))


def break_words(text: str) -> Markup:
    """The text with places at which its long words may be broken: after marks, else in equal parts.

    Without them a narrow column would break a handle anywhere, one letter left on its own line.
    """
    # Escaped at once: bit by bit it takes longer than all the rest of a cell.
    broken = _LONG.sub(lambda word: _BREAK.join(_pieces(word[0])), text)
    return Markup(str(escape(broken)).replace(_BREAK, "<wbr>"))


def _pieces(word: str) -> list[str]:
    pieces: list[str] = []
    for part in re.findall(r".*?[./_@-]+|.+$", word):
        if pieces and (len(part) < _LEAST or len(pieces[-1]) < _LEAST):
            pieces[-1] += part
        else:
            pieces.append(part)
    return [even for piece in pieces for even in _even(piece)]


def _even(piece: str) -> list[str]:
    count = -(-len(piece) // _LONG_PIECE)
    size = -(-len(piece) // count)
    return [piece[at : at + size] for at in range(0, len(piece), size)]


def _look(theme: Theme, kind: str, value: object) -> Look | None:
    word = _ALONE.split(str(value))[0]
    tables = {"status": theme.status, "severity": theme.severity}
    if kind == "urgency":
        alert = Look(theme.marks["overdue"], "", "")
        return {"overdue": alert, "excepted": theme.status["excepted"]}.get(word)
    if kind == "state":
        return theme.substantiation.get("alleged" if word == ONLY_REPORTED else word)
    return tables[kind].get(word)


def _shape(value: object) -> str:
    """The class attribute of a cell: numbers stand right, days, shares and clauses on one line."""
    if isinstance(value, datetime) or (isinstance(value, str) and _WHOLE.fullmatch(value)):
        return ' class="whole"'
    if isinstance(value, str):
        if _LONG.search(value):
            return ' class="long"'
        return ' class="prose"' if len(value) > _PROSE else ""
    if isinstance(value, int | float):
        return _NUMBER if value else _ZERO
    return ""


def letters(text: str) -> str:
    """The text without control characters; what is cut off a very long one is counted."""
    clean = _CONTROL.sub(" ", text)
    if len(clean) <= _MOST_LETTERS:
        return clean
    return f"{clean[:_MOST_LETTERS]}… ({len(clean) - _MOST_LETTERS:,} more characters)"


def without_controls(text: str) -> str:
    """The text with a blank in place of each control character."""
    return _CONTROL.sub(" ", text)


def slug(title: str) -> str:
    """The title as a name in an address or a style."""
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-") or "section"
