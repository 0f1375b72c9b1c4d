"""The report notebooks: committed thin and without outputs, and each run through Papermill."""

import json
import re
from pathlib import Path

import pytest

from nmsdreports.run.execute import execute_notebook

FOLDER = Path(__file__).parents[2] / "notebooks"
REPORTS = {"school_report": ["source", "month", "school_id", "output"]}
REPORTS["district_report"] = [name for name in REPORTS["school_report"] if name != "school_id"]
KINDS = {"application/vnd.plotly.v1+json", "text/plain", "text/html"}
SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def code(path: Path) -> list[dict]:
    return [cell for cell in cells(path) if cell["cell_type"] == "code"]


def run(tmp_path: Path, name: str, **parameters: str) -> tuple[list[dict], Path]:
    output = tmp_path / "out"
    given = {"source": str(SAMPLE), "month": "2026-10", "output": str(output), **parameters}
    done = execute_notebook(FOLDER / f"{name}.ipynb", tmp_path / "done.ipynb", given)
    assert not done.failed, done.cause
    return [out for cell in code(done.notebook) for out in cell["outputs"]], output


@pytest.mark.parametrize("name", REPORTS)
def test_a_notebook_is_committed_without_outputs_and_thin(name):
    for cell in code(FOLDER / f"{name}.ipynb"):
        source = "".join(cell["source"])
        assert cell["outputs"] == [] and cell["execution_count"] is None
        assert len(source.splitlines()) <= 4
        assert not re.search(r"\bdef\b|pandas|\bpd\.", source)
    text = (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")
    assert not re.search(r"/home/|/tmp/|/Users/|[A-Z]:\\\\", text)
    assert str(FOLDER.parent) not in text


@pytest.mark.parametrize("name", REPORTS)
def test_its_parameters_are_those_that_a_run_gives(name):
    tagged = [
        c for c in cells(FOLDER / f"{name}.ipynb") if "parameters" in c["metadata"].get("tags", [])
    ]
    assert len(tagged) == 1
    assert re.findall(r"^(\w+) = ", "".join(tagged[0]["source"]), flags=re.M) == REPORTS[name]


@pytest.mark.parametrize(
    ("name", "parameters", "charts"),
    [
        ("school_report", {"school_id": "S1"}, 5),
        ("school_report", {"school_id": "S6"}, 0),
        ("district_report", {}, 7),
    ],
)
def test_it_runs_on_the_sample_and_leaves_page_and_workbook(tmp_path, name, parameters, charts):
    outputs, written = run(tmp_path, name, **parameters)
    assert sorted(path.suffix for path in written.iterdir()) == [".html", ".xlsx"]
    for output in outputs:
        assert output["output_type"] == "execute_result", output
        assert set(output["data"]) <= KINDS
        assert "<script" not in "".join(output["data"].get("text/html", ""))
    shown = json.dumps(outputs)
    assert str(tmp_path) not in shown and str(SAMPLE) not in shown
    assert shown.count('"showSendToCloud": false') == charts


def test_it_runs_on_a_month_without_data(tmp_path):
    outputs, written = run(tmp_path, "school_report", school_id="S1", month="2024-01")
    assert all(output["output_type"] == "execute_result" for output in outputs)
    assert len(list(written.iterdir())) == 2


@pytest.mark.parametrize("name", REPORTS)
def test_its_defaults_work_from_a_fresh_clone(name, monkeypatch, tmp_path):
    source = "".join(code(FOLDER / f"{name}.ipynb")[0]["source"])
    given = {}
    exec(source, given)
    assert (FOLDER / given["source"] / "district.toml").is_file()
    assert given["output"] == "reports"
