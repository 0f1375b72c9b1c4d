"""The parameters of the report notebooks; that they run stands in tests/checklist."""

import json
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
REPORTS = {"school_report": ["source", "month", "school_id", "output"]}
REPORTS["district_report"] = [name for name in REPORTS["school_report"] if name != "school_id"]
REPORTS["board_charts"] = REPORTS["district_report"]


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def code(path: Path) -> list[dict]:
    return [cell for cell in cells(path) if cell["cell_type"] == "code"]


@pytest.mark.parametrize("name", REPORTS)
def test_its_parameters_are_those_that_a_run_gives(name):
    tagged = [
        c for c in cells(FOLDER / f"{name}.ipynb") if "parameters" in c["metadata"].get("tags", [])
    ]
    assert len(tagged) == 1
    assert re.findall(r"^(\w+) = ", "".join(tagged[0]["source"]), flags=re.M) == REPORTS[name]


@pytest.mark.parametrize("name", REPORTS)
def test_its_defaults_work_from_a_fresh_clone(name, monkeypatch, tmp_path):
    source = "".join(code(FOLDER / f"{name}.ipynb")[0]["source"])
    given = {}
    exec(source, given)
    assert (FOLDER / given["source"] / "district.toml").is_file()
    assert given["output"] == "reports"
