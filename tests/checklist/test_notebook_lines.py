"""Lines 21 to 23: the committed notebooks, and those that `report` published.

explore.ipynb runs where it is used, in JupyterLab: see tests/run/test_explore_in_browser.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from nmsdreports.run.execute import execute_notebook
from tests.checklist import reading
from tests.checklist.months import ROOT, SAMPLE
from tests.views.pages import ARGUMENTS, CHROMIUM

FOLDER = ROOT / "notebooks"
COMMITTED = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
REPORTS = [name for name in COMMITTED if name.endswith("_report")]
KINDS = {reading.PLOTLY, "text/plain", "text/html", "image/png"}
SHOWN = {"execute_result", "display_data"}
WITHOUT_DATA = "2024-01"
LONGEST_CELL, LONGEST_RECIPE = 4, 8
CELL_METADATA = {"deletable", "editable", "tags", "slideshow", "jupyter"}
METADATA = {"kernelspec", "language_info", "title"}


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text("utf-8"))["cells"]


def code(path: Path) -> list[dict]:
    return [cell for cell in cells(path) if cell["cell_type"] == "code"]


def run(folder: Path, name: str, **parameters: str) -> list[dict]:
    """The outputs of a report notebook, run as `report` runs it."""
    parameters = {"source": str(SAMPLE), "output": str(folder / "out"), **parameters}
    done = execute_notebook(FOLDER / f"{name}.ipynb", folder / "done.ipynb", parameters)
    assert not done.failed, done.cause
    return reading.outputs(done.notebook)


@pytest.fixture(scope="module")
def published(sample_month, nasty_month):
    """Every notebook of both months, by month and folder."""
    made = {"sample": sample_month, "nasty": nasty_month}
    found = {
        f"{month}/{name}": report.notebook
        for month, each in made.items()
        for name, report in each.reports.items()
    }
    for month, each in made.items():
        (found[f"{month}/board"],) = (each.edition / "board").glob("*.ipynb")
    return found


def test_line_21_no_report_warns_or_fails_also_without_accounts(published):
    assert len(published) == 7 + 5 + 2
    for name, path in published.items():
        outputs = reading.outputs(path)
        assert {output["output_type"] for output in outputs} <= SHOWN, name
        assert len(outputs) > 10, name
    words = reading.shown_in(published["sample/S6-homestead-learning-program"]).words
    assert "has no accounts on record" in words


@pytest.mark.parametrize("name", REPORTS)
def test_line_21_a_month_without_data_is_no_error(tmp_path, name):
    school = {"school_id": "S1"} if name == "school_report" else {}
    outputs = run(tmp_path, name, month=WITHOUT_DATA, **school)
    assert {output["output_type"] for output in outputs} <= SHOWN
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".html", ".xlsx"]


def test_line_21_the_boards_notebook_runs_on_a_month_without_data(tmp_path):
    outputs = run(tmp_path, "board_charts", month=WITHOUT_DATA)
    assert {output["output_type"] for output in outputs} <= SHOWN
    kinds = {path.suffix for path in (tmp_path / "out").iterdir()}
    assert kinds == {".html", ".pptx", ""}
    told = " ".join("".join(output["data"].get("text/plain", "")) for output in outputs)
    assert "No school year has ended since the first account was launched" in told


def test_line_22_report_notebooks_have_outputs_of_these_kinds_only(published):
    for name, path in published.items():
        for output in reading.outputs(path):
            data = output["data"]
            assert set(data) <= KINDS, name
            html = "".join(data.get("text/html", ""))
            assert not re.search(r"<(script|iframe|object|link|style)|\son\w+=", html), name
            for image in re.findall("<img[^>]*>", html):
                assert re.search('alt="[^"]{10,}"', image)
            drawn = data.get(reading.PLOTLY)
            if drawn:
                assert drawn["config"]["showSendToCloud"] is False
                assert len("".join(data["text/plain"])) > 40


@pytest.fixture(scope="module")
def lab(published, tmp_path_factory):
    """JupyterLab as a stranger starts it, in a folder with a copy of a notebook: its address."""
    folder, home = tmp_path_factory.mktemp("received"), tmp_path_factory.mktemp("home")
    shutil.copy(published["sample/district"], folder / "copy.ipynb")
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    own = {name: str(home / name) for name in places}
    options = ["--no-browser", "--allow-root", "--port=0", "--ServerApp.port_retries=0"]
    options += ["--IdentityProvider.token=", "--ServerApp.password=", f"--notebook-dir={folder}"]
    with subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        env={**os.environ, **own},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        for line in server.stderr:
            if address := re.search(r"http://(localhost|127\.0\.0\.1):\d+/", line):
                break
        yield address.group()
        server.terminate()
        server.communicate(timeout=30)


@pytest.mark.skipif(
    not CHROMIUM.exists(), reason="needs Chromium in /usr/bin/chromium (apt-get install chromium)"
)
def test_line_22_an_untrusted_copy_shows_every_chart_in_jupyterlab(lab, published):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        # so high that JupyterLab draws every cell at once
        page = browser.new_page(viewport={"width": 1300, "height": 16_000})
        page.set_default_timeout(60_000)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{lab}lab/tree/copy.ipynb")
        wanted = len(reading.shown_in(published["sample/district"]).read.charts)
        drawn = page.locator(".jp-OutputArea .js-plotly-plot")
        drawn.nth(wanted - 1).locator(".main-svg").first.wait_for()
        assert drawn.count() == wanted > 4
        assert page.locator(".jp-OutputArea table caption").count() > 5
        assert page.get_by_text("Share chart").count() == 0
        browser.close()
    assert [url for url in asked if not url.startswith((lab, "data:", "blob:"))] == []


@pytest.mark.parametrize("name", COMMITTED)
def test_line_23_a_notebook_is_committed_thin_and_without_results(name):
    path = FOLDER / f"{name}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    assert set(notebook["metadata"]) <= METADATA
    for cell in notebook["cells"]:
        assert set(cell["metadata"]) <= CELL_METADATA
    for cell in code(path):
        source = "".join(cell["source"])
        assert cell["outputs"] == [] and cell["execution_count"] is None
        recipe = "recipe" in cell["metadata"].get("tags", [])
        assert not (recipe and name in REPORTS)
        assert len(source.splitlines()) <= (LONGEST_RECIPE if recipe else LONGEST_CELL), source
        assert not re.search(r"^\s*(def|class) |pandas|\bpd\.", source, re.MULTILINE), source
    text = path.read_text("utf-8")
    assert not re.search(r"/home/|/tmp/|/Users/|[A-Z]:\\\\", text)
    assert str(ROOT) not in text


def test_line_23_a_published_notebook_names_no_place_no_person_and_no_time(published, sample_month):
    places = [tempfile.gettempdir(), str(Path.home()), str(ROOT), sys.prefix, sys.base_prefix]
    places += [str(sample_month.edition.parent), "ipykernel_"]
    user = os.environ.get("USER") or os.environ.get("USERNAME")
    for name, path in published.items():
        text = path.read_text("utf-8")
        assert [place for place in places if len(place) > 3 and place in text] == [], name
        assert not user or f'"{user}"' not in text
        notebook = json.loads(text)
        assert set(notebook["metadata"]) <= METADATA
        for cell in notebook["cells"]:
            assert set(cell["metadata"]) <= CELL_METADATA
        # a time of day, or the day of today
        assert not re.search(r"\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT", text), name
