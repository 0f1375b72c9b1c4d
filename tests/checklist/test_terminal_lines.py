"""Lines 24 to 26: what a person at a terminal sees, and that the program can be installed."""

import hashlib
import json
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from nmsdreports.cli import main
from tests.checklist.months import ROOT, SAMPLE

SLOW = ["pandas", "papermill", "plotly", "openpyxl", "pyarrow", "rich", "jinja2", "nbformat"]
MONTH = ["--month", "2026-10"]
WRONG = [
    (["report", "--month", "2026-1", SAMPLE], "2026-01"),
    (["report", "--month", "2026-13", SAMPLE], "as in 2026-10"),
    (["report", "--month", "2019-01", SAMPLE], "the first month with data is 2024-"),
    (["report", "--month", "2199-01", SAMPLE], "the last month to report on is 20"),
    (["report", *MONTH, "--school", "Pine_Elementry", SAMPLE], "did you mean Pine Elementary?"),
    (["report", *MONTH, "--school", "S77", SAMPLE], "S1 Pine Elementary"),
    (["report", *MONTH, "--school", "S5", SAMPLE], "closed on 2026-07-01"),
    (["report", "--moth", "2026-10"], "Did you mean '--month'?"),
    (["rport"], "Did you mean 'report'?"),
    (["table", "stats", SAMPLE], "'status'"),
    (["table", "status", "--format", "xslx", SAMPLE], "'xlsx'"),
    (["table", "status", "--as-of", "2026-10-32", SAMPLE], "as in 2026-10-31"),
    (["table", "counts", "--school", "S1", SAMPLE], "leave out --school"),
    (["explain", "A0001", SAMPLE], "the nearest id is A001"),
]


@pytest.mark.parametrize(("arguments", "nearest"), WRONG, ids=lambda value: str(value)[:40])
def test_line_24_what_is_wrong_is_one_sentence_with_the_nearest_right(
    arguments, nearest, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == 2
    assert done.stdout == ""
    said = [line for line in done.stderr.splitlines() if line and not line.endswith(" ...")]
    said = [line for line in said if not line.startswith(("Usage: ", "Try '"))]
    assert len(said) == 1 and nearest in said[0]
    assert list(tmp_path.iterdir()) == []


def test_line_24_a_setting_that_is_none_names_the_nearest_and_nothing_is_written(
    tmp_path, monkeypatch
):
    source, place = tmp_path / "source", tmp_path / "place"
    for folder in (source, place):
        folder.mkdir()
    (source / "district.toml").write_text('emial_domains = ["example.org"]\n', "utf-8")
    (source / "schools.csv").write_text("school_id,name\nS1,Pine\n", "utf-8")
    monkeypatch.chdir(place)
    done = CliRunner().invoke(main, ["report", *MONTH, str(source)])
    assert done.exit_code == 2 and "email_domains" in done.stderr
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        *([verb, "--help"] for verb in main.commands),
        *(["table", "nonsense"], ["report", "--nonsense"], ["rport"], ["explain"]),
    ],
    ids=" ".join,
)
def test_line_25_help_and_wrong_arguments_load_nothing_slow(arguments):
    program = (
        "import sys; from nmsdreports.cli import main\n"
        f"try: main({arguments!r})\n"
        f"except SystemExit: print([m for m in {SLOW!r} if m in sys.modules], file=sys.stderr)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_line_25_a_run_tells_how_far_it_is_and_ends_with_what_to_open(sample_month, nasty_month):
    for made, count in ((sample_month, 8), (nasty_month, 6)):
        assert made.printed == ""
        lines = made.said.splitlines()
        for number in range(1, count + 1):
            assert any(line.strip().startswith(f"{number} of {count}  ") for line in lines)
        wrote = re.fullmatch(rf"Wrote {count} of {count} reports\. Open first: (.+)", lines[-1])
        assert wrote and wrote[1] == str(made.edition / "index.html")
        assert (made.edition / "index.html").is_file()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", made.said)
        assert "Warning" not in made.said and "Traceback" not in made.said


def test_line_26_every_locked_package_has_a_wheel_where_it_is_needed():
    lock = (ROOT / "requirements" / "dev.lock").read_text("utf-8")
    found = json.loads((ROOT / "requirements" / "wheels.json").read_text("utf-8"))
    digest = hashlib.sha256(lock.encode("utf-8")).hexdigest()
    assert found["lock"] == digest, "the lock changed: python requirements/find_wheels.py"
    systems = {name.split(", Python ")[0] for name in found["without"]}
    assert systems == {"Linux x64", "Windows x64", "macOS x64", "macOS arm64"}
    for name, without in found["without"].items():
        assert without == [], name
    assert len(found["wheels"]) > 100
    assert [wheel for wheel, sha in found["wheels"].items() if f"sha256:{sha}" not in lock] == []
