"""How our objects show themselves at a prompt and in a notebook.

What it is, how many rows it holds, what to try next; Tab lists few names, and a wrong one is
answered with the nearest right ones.
"""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

_NEAR = 3


@dataclass(frozen=True)
class Look:
    """An object in words: `title`, `rows` (what it holds, and how many), `tries` (code to type)."""

    title: str
    rows: dict[str, int]
    tries: Sequence[str]


def looks(describe: Callable[[object], Look], members: Sequence[str]) -> tuple:
    """The methods `__repr__`, `_repr_html_`, `__dir__` and `__getattr__` of a class."""

    def text(self) -> str:
        look = describe(self)
        rows = ", ".join(f"{count:,} {name}" for name, count in look.rows.items())
        return f"{look.title}\n  {rows}\n  Try: {', '.join(look.tries)}"

    def html(self) -> str:
        look = describe(self)
        rows = "".join(
            f'<tr><th scope="row" style="text-align: left">{escape(name)}</th><td>{count:,}</td>'
            "</tr>"
            for name, count in look.rows.items()
        )
        tries = ", ".join(f"<code>{escape(code)}</code>" for code in look.tries)
        title = escape(look.title)
        return f"<p><strong>{title}</strong></p><table>{rows}</table><p>Try {tries}</p>"

    def names(self) -> list[str]:
        return list(members)

    def missing(self, name: str) -> object:
        if hasattr(type(self), name):
            # it is there, and failed with an AttributeError of its own: that one is told
            return object.__getattribute__(self, name)
        raise NoSuchNameError(f"{type(self).__name__} has no {name!r}{near_words(name, members)}")

    return text, html, names, missing


class NoSuchNameError(AttributeError):
    """A name that an object does not have; a notebook shows the sentence alone."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Named:
    """Frames by their names, each made when it is asked for: `tables.findings`.

    A name behind a dot, not in brackets, is what Tab completes in a notebook.
    """

    def __init__(
        self, what: str, names: Sequence[str], made: Callable[[str], pd.DataFrame]
    ) -> None:
        self._what, self._names, self._made = what, list(names), made

    def __repr__(self) -> str:
        return f"{self._what}: {', '.join(self._names)}"

    def __dir__(self) -> list[str]:
        return self._names

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in self._names:
            raise NoSuchNameError(f'There is no table "{name}"{near_words(name, self._names)}')
        return self._made(name)


def near_words(name: str, known: Sequence[str]) -> str:
    """The names nearest to a wrong one, as the end of a sentence; all where none is near."""
    near = difflib.get_close_matches(name, known, _NEAR, 0.6)
    return f"; did you mean {' or '.join(near)}?" if near else f"; there are {', '.join(known)}."


RECORDS = (
    *("schools", "accounts", "incidents", "approvals", "notices", "concerns", "admins"),
    *("reviews", "staff", "exceptions", "problems", "counts", "table", "settings", "read_on"),
)
TABLES = RECORDS[: RECORDS.index("table")]


def look_of_records(records) -> Look:
    """What was read: rows of each table, and problems."""
    return Look(
        f"Records of {records.settings.name}, read on {records.read_on:%Y-%m-%d}",
        {name: len(getattr(records, name)) for name in TABLES if name != "counts"},
        ("records.accounts", "records.problems", "assess(records)"),
    )
