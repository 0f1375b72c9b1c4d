"""Reading a page or a notebook's output back as a reader sees it: tables, headings, texts."""

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

PLOTLY = "application/vnd.plotly.v1+json"
_SILENT = ("script", "style")


@dataclass
class Shown:
    """A table as it is shown: its caption, headings and rows of texts."""

    caption: str = ""
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def records(self) -> list[dict[str, str]]:
        return [dict(zip(self.header, row, strict=True)) for row in self.rows]


class _Reader(HTMLParser):
    """Collects tables, other words, charts' data and what a browser does not show."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Shown] = []
        self.said: list[str] = []
        self.headings: list[str] = []
        self.names: list[str] = []
        self.charts: list[dict] = []
        self.comments: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self._open: list[str] = []
        self._cell: list[str] | None = None
        self._script = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in ("meta", "br", "wbr", "img", "link", "input", "hr"):
            self._open.append(tag)
        if tag == "table":
            self.tables.append(Shown())
        elif tag == "tr" and "tbody" in self._open:
            self.tables[-1].rows.append([])
        elif tag in ("th", "td", "caption", "h1", "h2"):
            self._cell = []
        elif tag == "script":
            self._script = given.get("type", "javascript")
        if given.get("role") == "img":
            self.names.append(given["aria-label"])

    def handle_endtag(self, tag):
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag in ("th", "td", "caption", "h1", "h2") and self._cell is not None:
            words = " ".join("".join(self._cell).replace("\xa0", " ").split())
            if tag == "caption":
                self.tables[-1].caption = words
            elif tag in ("h1", "h2"):
                self.headings.append(words)
            elif "tbody" in self._open:
                self.tables[-1].rows[-1].append(words)
            else:
                self.tables[-1].header.append(words)
            self._cell = None

    def handle_data(self, data):
        if "script" in self._open:
            if self._script == "application/json":
                self.charts.append(json.loads(data))
        elif not set(_SILENT) & set(self._open):
            if self._cell is not None:
                self._cell.append(data)
            self.said.append(data)

    def handle_comment(self, data):
        self.comments.append(data)


class Page:
    """A written page, read back."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.read = _Reader()
        self.read.feed(html)

    @classmethod
    def of(cls, path: Path) -> "Page":
        return cls(path.read_text("utf-8"))

    @cached_property
    def words(self) -> str:
        """All words that are shown, also those of tables, with single blanks."""
        return " ".join(" ".join(self.read.said).split())

    @property
    def tables(self) -> list[Shown]:
        return self.read.tables

    def table(self, caption: str) -> Shown | None:
        """The one table whose caption begins so; none where its sentence stands instead."""
        found = [table for table in self.tables if table.caption.startswith(caption)]
        assert len(found) <= 1, caption
        return found[0] if found else None


def outputs(notebook: Path) -> list[dict]:
    """Every output of an executed notebook."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return [output for cell in cells for output in cell.get("outputs", [])]


def shown_in(notebook: Path) -> Page:
    """What a notebook's HTML outputs show, as one page; its charts are those of Plotly's kind."""
    data = [output.get("data", {}) for output in outputs(notebook)]
    page = Page("\n".join("".join(one.get("text/html", "")) for one in data))
    page.read.charts = [one[PLOTLY] for one in data if PLOTLY in one]
    return page


def numbers(text: str) -> list[str]:
    """The whole and broken numbers of a text, without the commas of thousands."""
    return [found.replace(",", "") for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]
