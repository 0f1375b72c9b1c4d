"""The district's logo: a small picture, checked to be one before anything is drawn."""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError

from nmsdreports.settings import SETTINGS_FILE, InputError

MOST_BYTES = 60_000
"""A page carries its logo in itself, and must stay small enough to be mailed."""

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"
# The segments of a JPEG that tell its size, and those that stand alone.
_JPEG_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:px)?\s*")


@dataclass(frozen=True)
class Logo:
    """A picture: its kind ("png", "jpeg" or "svg+xml"), its bytes, and its size in pixels."""

    kind: str
    data: bytes
    width: float
    height: float

    @property
    def uri(self) -> str:
        """The picture as a data URI, to stand in a page."""
        return f"data:image/{self.kind};base64,{base64.b64encode(self.data).decode('ascii')}"


def read_logo(path: Path | None) -> Logo | None:
    """The picture that the setting `logo` names; nothing where it names none.

    Raises `InputError` for a file that cannot be opened, is no picture or is too large.
    """
    if path is None:
        return None
    named = f"{SETTINGS_FILE}: 'logo' names '{path.name}', which"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{named} cannot be opened ({error.strerror}).") from error
    found = _png(data) or _jpeg(data) or _svg(data)
    if found is None:
        raise InputError(f"{named} is not a whole picture; give a PNG, JPEG or SVG file.")
    if len(data) > MOST_BYTES:
        raise InputError(
            f"{named} has {len(data) // 1000:,} kB; give one of at most {MOST_BYTES // 1000} kB, "
            "some 400 pixels wide."
        )
    kind, width, height = found
    return Logo(kind, data, width, height)


def _png(data: bytes) -> tuple[str, float, float] | None:
    if not (data.startswith(_PNG) and data[12:16] == b"IHDR" and data.rstrip().endswith(_PNG_END)):
        return None
    width, height = struct.unpack(">II", data[16:24])
    return ("png", width, height) if width and height else None


def _jpeg(data: bytes) -> tuple[str, float, float] | None:
    if not (data.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in data[-16:]):
        return None
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return ("jpeg", width, height) if width and height else None
        at += 2 + length
    return None


def _svg(data: bytes) -> tuple[str, float, float] | None:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if b"<svg" not in data[:4096]:
        return None
    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError):
        return None
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        return None
    sides = [_NUMBER.fullmatch(root.get(side, "")) for side in ("width", "height")]
    if all(sides):
        return ("svg+xml", float(sides[0][1]), float(sides[1][1]))
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    numbers = [_NUMBER.fullmatch(part) for part in box[2:4]]
    if len(numbers) == 2 and all(numbers):
        return ("svg+xml", float(numbers[0][1]), float(numbers[1][1]))
    return ("svg+xml", 300.0, 150.0)
