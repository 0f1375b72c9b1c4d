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


def main() -> None:
    """Convert one small registry with LibreOffice into each format that it writes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "registry.csv"
        source.write_text(REGISTRY, encoding="utf-8")
        # The filter options keep 007 as text: columns 1 to 6 as text, except the day.
        options = "44,34,76,1,1/2/2/2/3/2/4/2/6/2"
        for ending in ("ods", "xlsx", "xls"):
            subprocess.run(
                [
                    "soffice",
                    f"-env:UserInstallation=file://{folder}/profile",
                    "--headless",
                    f"--infilter=CSV:{options}",
                    "--convert-to",
                    ending,
                    "--outdir",
                    str(FOLDER),
                    str(source),
                ],
                check=True,
                capture_output=True,
            )


if __name__ == "__main__":
    main()
