"""The district's logo: what is a picture, and that page and notebook show it with a name."""

import base64
import struct
import zlib
from dataclasses import replace

import pytest

from nmsdreports.settings import InputError
from nmsdreports.views import headlines
from nmsdreports.views.logo import MOST_BYTES, read_logo
from nmsdreports.views.page import Page
from tests.views import editions

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h9"/></svg>'
JPEG = b"\xff\xd8\xff\xe0\x00\x04xx\xff\xc0\x00\x0b\x08\x00\x05\x00\x07\x01\x01\x11\x00\xff\xd9"


def png(width: int = 3, height: int = 2) -> bytes:
    def part(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(width)) * height)
    parts = part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize(
    ("data", "kind", "size"),
    [(png(), "png", (3, 2)), (JPEG, "jpeg", (7, 5)), (SVG.encode(), "svg+xml", (40, 20))],
)
def test_a_picture_is_known_by_its_content(tmp_path, data, kind, size):
    path = tmp_path / "logo"
    path.write_bytes(data)
    logo = read_logo(path)
    assert (logo.kind, (logo.width, logo.height)) == (kind, size)
    assert base64.b64decode(logo.uri.split(",")[1]) == data


@pytest.mark.parametrize(
    "data", [b"", b"hello", png()[:-8], b"<html/>", SVG.encode()[:-3], b"\xff\xd8\xff"]
)
def test_what_is_no_whole_picture_is_refused_with_file_and_key(tmp_path, data):
    path = tmp_path / "logo.png"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"'logo' names 'logo\.png', which is not a whole picture"):
        read_logo(path)


def test_a_logo_that_would_not_fit_into_a_mail_is_refused(tmp_path):
    path = tmp_path / "logo.svg"
    path.write_text(SVG.replace("M0 0h9", "M0 0h9" * MOST_BYTES))
    with pytest.raises(InputError, match="at most 60 kB"):
        read_logo(path)
    with pytest.raises(InputError, match="cannot be opened"):
        read_logo(tmp_path)


def test_page_and_notebook_show_it_with_the_districts_name(tmp_path):
    path = tmp_path / "logo.png"
    path.write_bytes(png())
    seen = editions.school_edition("S1")
    page = Page(replace(seen, logo=read_logo(path)))
    page.show(headlines.headline(seen))
    html = page.html()
    shown = 'alt="Logo of Sample School District"'
    assert html.count("<img") == 1 and shown in html
    assert "img-src data:" in html
    assert shown in page.head._repr_mimebundle_()["text/html"]
    plain = Page(seen)
    plain.show(headlines.headline(seen))
    assert "<img" not in plain.html() and "img-src" not in plain.html()
