"""The last pass over an office file's parts: fixed bytes, clean properties, alt texts of charts.

openpyxl stamps the clock into every entry of the zip and into the properties, and has no way to
give a chart an alternative text. Here the writer's parts go through an archive that mends them on
their way, so nothing is packed twice. Loading and saving such a file with openpyxl undoes it.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import pandas as pd
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.xml.constants import ARC_CORE, ARC_CUSTOM

from nmsdreports.views.sheet_xml import FastExcelWriter

MADE_BY = "nmsdreports"
"""Name of the custom property that marks a file as made by this program (its value: the kind)."""
WHOSE = "school_id"
"""Name of the custom property that says whose a report is: a school's id, `*` for the office."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
_READ_WRITE = 0o600 << 16
_UNIX = 3


class FixedArchive(ZipFile):
    """A zip for writing whose entries carry no clock, no system and the charts' alt texts.

    `alt_texts` are those of charts and pictures in the order in which openpyxl numbers drawings and
    what is in each, charts first: one sequence a drawing, (name, alt text) a chart or picture.
    """

    def __init__(self, file: BytesIO, alt_texts: Sequence[Sequence[tuple[str, str]]] = ()):
        super().__init__(file, "w", ZIP_DEFLATED)
        self._parts_with_charts = {
            f"xl/drawings/drawing{number}.xml": charts
            for number, charts in enumerate(alt_texts, start=1)
        }

    def writestr(self, zinfo_or_arcname, data, compress_type=None, compresslevel=None):
        """Add one part under its name; a drawing gets its alt texts first."""
        name = getattr(zinfo_or_arcname, "filename", zinfo_or_arcname)
        if name in self._parts_with_charts:
            data = _with_alt_texts(data, self._parts_with_charts[name])
        entry = ZipInfo(name, _EPOCH)
        entry.create_system = _UNIX
        entry.external_attr = _READ_WRITE
        super().writestr(entry, data, ZIP_DEFLATED, compresslevel)

    def write(self, filename, arcname=None, compress_type=None, compresslevel=None):
        """Add the file `filename` under `arcname`, without its times and rights."""
        self.writestr(arcname, Path(filename).read_bytes())


def describe_workbook(
    workbook: Workbook,
    title: str,
    creator: str,
    day: pd.Timestamp,
    kind: str,
    whose: str | None = None,
) -> None:
    """Set the properties of `workbook`: nothing of the machine, the day instead of the clock.

    `whose` is the id of the school that it is about, `*` where it is the office's.
    """
    properties = workbook.properties
    properties.title = title
    properties.creator = creator
    properties.lastModifiedBy = None
    properties.language = "en-US"
    properties.created = properties.modified = datetime(day.year, day.month, day.day)
    workbook.custom_doc_props.append(StringProperty(name=MADE_BY, value=kind))
    if whose is not None:
        workbook.custom_doc_props.append(StringProperty(name=WHOSE, value=whose))


def read_properties(packed: bytes) -> dict[str, str]:
    """What the properties of a packed workbook say of it: `title`, and every custom property.

    Empty where it is no workbook that can be read.
    """
    try:
        with ZipFile(BytesIO(packed)) as archive:
            parts = [fromstring(archive.read(name)) for name in (ARC_CORE, ARC_CUSTOM)]
    except (BadZipFile, KeyError, ParseError, DefusedXmlException, ValueError, EOFError):
        return {}
    title = parts[0].findtext("{http://purl.org/dc/elements/1.1/}title") or ""
    return {"title": title} | {one.get("name"): "".join(one.itertext()) for one in parts[1]}


def save_workbook(
    workbook: Workbook, path: Path, alt_texts: Sequence[Sequence[tuple[str, str]]] = ()
) -> Path:
    """Write `workbook` to `path`; nothing is written where packing it fails."""
    path.write_bytes(pack_workbook(workbook, alt_texts))
    return path


def pack_workbook(workbook: Workbook, alt_texts: Sequence[Sequence[tuple[str, str]]] = ()) -> bytes:
    """The file of `workbook`: the same workbook gives the same bytes, always."""
    packed = BytesIO()
    with FixedArchive(packed, alt_texts) as archive:
        FastExcelWriter(workbook, archive).write_data()
    return packed.getvalue()


def _with_alt_texts(drawing: bytes | str, charts: Sequence[tuple[str, str]]) -> str:
    text = drawing.decode("utf-8") if isinstance(drawing, bytes) else drawing
    for number, (name, alt) in enumerate(charts, start=1):
        for plain in (f'name="Chart {number}"', f'name="Image {number}" descr="Picture"'):
            if plain in text:
                described = f"name={quoteattr(name)} descr={quoteattr(alt)}"
                text = text.replace(plain, described, 1)
                break
        else:
            raise ValueError(f"the drawing has no chart {number} to describe")
    return text
