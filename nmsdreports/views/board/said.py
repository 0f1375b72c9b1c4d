"""The sentences of a finished board file, seen or unseen, and the counts of incidents they name.

In: a file as it is published. Out: the numbers that stand beside the words for incidents. Traps: a
sentence also stands in an alternative text, in a speaker's notes, in a chart's title; a number in a
table's cell stands beside the next cell's words without belonging to them.
"""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import lxml.html
from defusedxml import ElementTree

_INLINE = {"a", "abbr", "b", "em", "i", "small", "span", "strong", "wbr"}
_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_UNSEEN = ("alt", "aria-label", "title", "content", "descr", "name")
_YEARS = re.compile(r"\b\d{4}[–-]\d{2}\b|(?<=, )\d{4}\b")
_COUNT = r"(\d[\d,]*+(?:[–-]\d[\d,]*+)?)"
_KIND = r"(?:open |new |alleged |reported |substantiated )?(?:incidents?|concerns?)"
# "Use reported: 45" is a guideline's name, so the word has to begin what is said
_NAMED = re.compile(
    rf"\b{_COUNT} (?:{_KIND}|reported|substantiated)\b"
    rf"|(?:(?:^|[;,:.] ?)reported|\bsubstantiated):? {_COUNT}(?! (?:days?|accounts?|of)\b)",
    re.IGNORECASE,
)


def read_named(path: Path) -> set[int]:
    """Return the counts of incidents that the sentences of a file name; of a table's cells none."""
    lines = _READERS[path.suffix](path.read_bytes()) if path.suffix in _READERS else []
    found = [
        number
        for line in lines
        for pair in _NAMED.findall(_YEARS.sub("", " ".join(line.split())))
        for text in filter(None, pair)
        for number in re.split("[–-]", text)
    ]
    return {int(number.replace(",", "")) for number in found}


def _page(data: bytes) -> Iterator[str]:
    tree = lxml.html.document_fromstring(data.decode("utf-8"))
    for element in [*tree.iter(lxml.html.etree.Element)]:
        yield from (element.get(name, "") for name in _UNSEEN)
        if element.tag == "script" and element.get("type") == "application/json":
            yield from _strings(json.loads(element.text))
        if element.tag in ("script", "style"):
            element.text = ""
        if element.tag not in _INLINE:
            element.text = f"\n{element.text or ''}"
            element.tail = f"\n{element.tail or ''}"
    yield from tree.text_content().splitlines()


def _notebook(data: bytes) -> Iterator[str]:
    for cell in json.loads(data)["cells"]:
        yield from "".join(cell.get("source", "")).splitlines()
        for output in cell.get("outputs", []):
            yield from "".join(output.get("text", "")).splitlines()
            for kind, content in output.get("data", {}).items():
                if kind == "text/html" and "".join(content).strip():
                    yield from _page("".join(content).encode())
                elif kind == "text/plain":
                    yield from "".join(content).splitlines()
                else:
                    yield from _strings(content)


def _slides(data: bytes) -> Iterator[str]:
    with ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.endswith(".xml"):
                tree = ElementTree.fromstring(package.read(name))
                for element in tree.iter():
                    yield from (element.get(name, "") for name in _UNSEEN)
                    if element.tag == f"{_TEXT}p":
                        yield "".join(part.text or "" for part in element.iter(f"{_TEXT}t"))
                    elif not len(element):
                        yield element.text or ""


def _picture(data: bytes) -> Iterator[str]:
    for element in ElementTree.fromstring(data).iter("{http://www.w3.org/2000/svg}text"):
        yield " ".join(element.itertext())


def _strings(thing: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict | list):
        for each in thing.values() if isinstance(thing, dict) else thing:
            yield from _strings(each)


_READERS = {".html": _page, ".ipynb": _notebook, ".pptx": _slides, ".svg": _picture}
