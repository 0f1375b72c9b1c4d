"""Spreadsheets that another program wrote: makes those in tests/files/intake anew.

    python tests/files/make_files.py

Needs LibreOffice; the files are small and committed, so that tests run without it.
"""

import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(__file__).with_name("intake")
REGISTRY = (
    "account_id,school_id,platform,handle,launched_on,note\n"
    "007,S1,Facebook,@pine,9/1/2026,\n"
    "A8,S2,Instagram,@hawk,2026-09-02,Café\n"
)
PASSWORD = "opensesame"
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


def main() -> None:
    """Convert one small registry into each format that LibreOffice writes, and protect it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "registry.csv"
        source.write_text(REGISTRY, encoding="utf-8")
        # The filter options keep 007 as text: columns 1 to 6 as text, except the day.
        options = "44,34,76,1,1/2/2/2/3/2/4/2/6/2"
        for ending in ("ods", "xlsx", "xls"):
            infilter = f"--infilter=CSV:{options}"
            run(folder, infilter, "--convert-to", ending, "--outdir", FOLDER, source)
        protect(folder)


def protect(folder: Path) -> None:
    """Save the registry with a password as XLSX and ODS; `folder` keeps LibreOffice's profile."""
    run(folder, "--terminate_after_init")  # makes the profile, which would replace the macro
    library = folder / "profile" / "user" / "basic" / "Standard"
    library.mkdir(parents=True, exist_ok=True)
    macro = MACRO.replace('"PASSWORD"', f'"{PASSWORD}"')
    (library / "Module1.xba").write_text(MODULE.replace("MACRO", macro), encoding="utf-8")
    (library / "script.xlb").write_text(LIBRARY, encoding="utf-8")
    source = (FOLDER / "registry.ods").as_uri()
    for ending, kind in FILTERS.items():
        target = (FOLDER / f"protected.{ending}").as_uri()
        run(folder, f'macro:///Standard.Module1.Protect("{source}","{target}","{kind}")')


def run(folder: Path, *arguments: str | Path) -> None:
    """Run LibreOffice without a screen and with a profile of its own."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
