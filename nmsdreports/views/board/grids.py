"""Every table and chart that a finished board file holds, seen or unseen, as rows of texts.

In: a file as it is published. Out: grids, a list of rows for each table, and for each chart the
rows of its series with the labels first. Traps: a chart carries its numbers more than once (in the
drawing, in a cache, in a workbook inside the file), and each copy is read.
"""

import base64
import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element
from zipfile import ZipFile

import lxml.html
import numpy as np
import openpyxl
from defusedxml import ElementTree

Grid = list[list[str]]
"""The rows of a table or chart, the header's first; an empty cell is an empty text."""
_PICTURES = (".png", ".svg")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def read_grids(path: Path) -> list[Grid]:
    """Return the grids of a file of the board; of a picture none, it is drawn from a page's chart.

    Raises ValueError for a kind of file that is not known, and whatever its reader raises.
    """
    if path.suffix in _PICTURES:
        return []
    if path.suffix not in _READERS:
        raise ValueError(f"a file ending in {path.suffix or 'nothing'} cannot be checked")
    return list(_READERS[path.suffix](path.read_bytes()))


def _csv(data: bytes) -> Iterator[Grid]:
    yield [*csv.reader(io.StringIO(data.decode("utf-8-sig")), strict=True)]


def _html(data: bytes) -> Iterator[Grid]:
    tree = lxml.html.document_fromstring(data.decode("utf-8"))
    for table in tree.iter("table"):
        rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
        if any(cell.get("rowspan") or cell.get("colspan") for row in rows for cell in row):
            raise ValueError("a table with joined cells cannot be checked")
        yield [[_plain(cell.text_content()) for cell in row] for row in rows]
    for script in tree.iter("script"):
        if script.get("type") == "application/json":
            yield from _figures(json.loads(script.text))


def _notebook(data: bytes) -> Iterator[Grid]:
    for cell in json.loads(data)["cells"]:
        for output in cell.get("outputs", []):
            for kind, content in output.get("data", {}).items():
                if kind == "text/html" and "".join(content).strip():
                    yield from _html("".join(content).encode())
                elif kind == "application/vnd.plotly.v1+json":
                    yield from _figures(content)


def _figures(drawing: object) -> Iterator[Grid]:
    """A Plotly figure's series, with all that a pointer over it may tell."""
    for trace in drawing.get("data", []) if isinstance(drawing, dict) else []:
        name = str(trace.get("name", ""))
        sides = [_values(trace.get(side)) for side in ("x", "y")]
        labels, numbers = sides[::-1] if trace.get("orientation") == "h" else sides
        for unseen in ("text", "hovertext", "customdata"):
            said = _values(trace.get(unseen))
            if len(said) == len(labels):
                yield [["", name], *map(list, zip(labels, said, strict=True))]
        if len(labels) == len(numbers):
            yield [["", name], *map(list, zip(labels, numbers, strict=True))]


def _values(array: object) -> list[str]:
    if isinstance(array, dict):
        raw = base64.b64decode(array["bdata"])
        array = np.frombuffer(raw, dtype=array["dtype"]).tolist()
    return [*map(_text, array)] if isinstance(array, list) else []


def _workbook(data: bytes) -> Iterator[Grid]:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    for sheet in book.worksheets:
        yield [[*map(_text, row)] for row in sheet.values]


def _slides(data: bytes) -> Iterator[Grid]:
    with ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.endswith(".xlsx"):
                yield from _workbook(package.read(name))
            elif name.endswith(".xml"):
                tree = ElementTree.fromstring(package.read(name))
                for table in tree.iter(f"{_DRAWING}tbl"):
                    rows = table.iter(f"{_DRAWING}tr")
                    yield [[_said(cell) for cell in row.iter(f"{_DRAWING}tc")] for row in rows]
                for series in tree.iter(f"{_CHART}ser"):
                    yield from _series(series)


def _said(cell: Element) -> str:
    return _plain("".join(part.text or "" for part in cell.iter(f"{_DRAWING}t")))


def _series(series: Element) -> Iterator[Grid]:
    """A series as its cache in the chart has it: a number may be missing in between."""
    name, labels, numbers = (_points(series, tag) for tag in ("tx", "cat", "val"))
    title = name.get(0, "")
    yield [["", title], *([labels.get(at, ""), number] for at, number in sorted(numbers.items()))]


def _points(series: Element, tag: str) -> dict[int, str]:
    part = series.find(_CHART + tag)
    points = [] if part is None else [*part.iter(f"{_CHART}pt")]
    if part is not None and part.find(f"{_CHART}multiLvlStrRef") is not None:
        raise ValueError("a chart with labels in levels cannot be checked")
    return {int(point.get("idx")): _text(point.findtext(f"{_CHART}v")) for point in points}


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value)
    return _plain(re.sub(r"^(\d+)\.0$", r"\1", text))


def _plain(text: str) -> str:
    return " ".join(re.sub("[\u200b\u00ad\u2060]", "", text).split())


_READERS = {
    ".csv": _csv,
    ".html": _html,
    ".ipynb": _notebook,
    ".pptx": _slides,
    ".xlsx": _workbook,
}
