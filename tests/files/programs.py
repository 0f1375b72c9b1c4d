"""The programs that make awkward spreadsheets: each gives the bytes of one file.

Workbooks of openpyxl and xlsxwriter come out with the same bytes every time. LibreOffice writes
the time of day into its files, so that a file made anew differs, though not in its cells.
"""

import csv
import io
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

FOLDER = Path(__file__).with_name("intake")
MADE_ON = datetime(2026, 9, 1)
SHEET = "xl/worksheets/sheet1.xml"
PASSWORD = "opensesame"
ALL_TEXT = "44,34,76,1," + "/".join(f"{column}/2" for column in range(1, 21))
AS_TYPED = "44,34,76,1,,1033,false,true"
# A password is no option of --convert-to, so a macro of LibreOffice's own saves with one.
MACRO = """\
Sub Protect(source, target, filter)
 Dim hidden(0) As New com.sun.star.beans.PropertyValue
 hidden(0).Name = "Hidden"
 hidden(0).Value = True
 document = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
 Dim secret(1) As New com.sun.star.beans.NamedValue
 secret(0).Name = "CryptoType"
 secret(0).Value = "Standard"
 secret(1).Name = "OOXPassword"
 secret(1).Value = "PASSWORD"
 Dim options(1) As New com.sun.star.beans.PropertyValue
 options(0).Name = "FilterName"
 options(0).Value = filter
 If filter = "calc8" Then
  options(1).Name = "Password"
  options(1).Value = "PASSWORD"
 Else
  options(1).Name = "EncryptionData"
  options(1).Value = secret()
 End If
 document.storeAsURL(target, options())
 document.close(True)
End Sub
"""
MODULE = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">
MACRO</script:module>
"""
LIBRARY = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Module1"/>
</library:library>
"""
FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8"}

Rows = Sequence[Sequence[object]]


def rows_of(name: str) -> list[list[str]]:
    """The rows of a typed CSV file."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def with_openpyxl(
    sheets: dict[str, Rows], change: Callable[[dict[str, Worksheet]], None] | None = None
) -> bytes:
    """A workbook that openpyxl wrote; `change` gets its sheets by name."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    made = {title: book.create_sheet(title) for title in sheets}
    for title, rows in sheets.items():
        for row in rows:
            made[title].append(row)
    if change is not None:
        change(made)
    stream = io.BytesIO()
    book.save(stream)
    return repacked(stream.getvalue(), {})


def with_xlsxwriter(build: Callable[[xlsxwriter.Workbook], None], **options: object) -> bytes:
    """A workbook that xlsxwriter wrote."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    book.set_properties({"created": MADE_ON})
    build(book)
    book.close()
    return stream.getvalue()


def with_libreoffice(name: str, ending: str, read_as: str = ALL_TEXT, write_as: str = "") -> bytes:
    """A typed CSV file (or one of a workbook) opened in LibreOffice and saved in another format.

    `read_as` and `write_as` are LibreOffice's tokens: delimiter, quotation mark, encoding, first
    line, columns.
    """
    target = f"{ending}:{write_as}" if write_as else ending
    infilter = [f"--infilter=CSV:{read_as}"] if name.endswith(".csv") else []
    with tempfile.TemporaryDirectory() as folder:
        _run(*infilter, "--convert-to", target, "--outdir", folder, FOLDER / name)
        return next(Path(folder).iterdir()).read_bytes()


def delimited_by_libreoffice(name: str, delimiter: str, encoding: int) -> bytes:
    """A typed CSV file as LibreOffice exports it with another delimiter and encoding."""
    filter_name = "Text - txt - csv (StarCalc)"
    return with_libreoffice(
        name, "csv", write_as=f"{filter_name}:{ord(delimiter)},34,{encoding},1,,0,false,true,false"
    )


def protected_by_libreoffice(name: str, ending: str) -> bytes:
    """A file of the folder as LibreOffice saves it with a password."""
    _run("--terminate_after_init")  # makes the profile, which would replace the macro
    library = Path(_profile().name) / "user" / "basic" / "Standard"
    library.mkdir(parents=True, exist_ok=True)
    macro = MACRO.replace('"PASSWORD"', f'"{PASSWORD}"')
    (library / "Module1.xba").write_text(MODULE.replace("MACRO", macro), encoding="utf-8")
    (library / "script.xlb").write_text(LIBRARY, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"protected.{ending}"
        source = (FOLDER / name).as_uri()
        words = f'"{source}","{target.as_uri()}","{FILTERS[ending]}"'
        _run(f"macro:///Standard.Module1.Protect({words})")
        return target.read_bytes()


def repacked(package: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """A workbook's package with the raw XML of some parts changed, as no program would on purpose.

    Every part bears the same day, so that the bytes are the same every time.
    """
    with zipfile.ZipFile(io.BytesIO(package)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    moment = MADE_ON.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    parts["docProps/core.xml"] = re.sub(
        rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment, parts["docProps/core.xml"]
    )
    for name, change in changes.items():
        parts[name] = change(parts.get(name, b""))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, data in parts.items():
            target.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
    return stream.getvalue()


@cache
def _profile() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory()


def _run(*arguments: str | Path) -> None:
    """Run LibreOffice without a screen and with a profile of its own."""
    profile = f"-env:UserInstallation={Path(_profile().name).as_uri()}"
    command = ["soffice", profile, "--headless", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)
