import json
import os
import tempfile
from pathlib import Path

import pytest

from nmsdreports.run.execute import clean_notebook, execute_notebook
from nmsdreports.settings import IN_PROCESS, KERNEL

NOTEBOOKS = Path(__file__).parents[1] / "files" / "notebooks"


def run(name, folder, engine=IN_PROCESS, **more):
    folder.mkdir(parents=True, exist_ok=True)
    parameters = {
        "source": str(folder / "secret place"),
        "month": "2026-10",
        "school_id": "S1",
        "output": str(folder),
        **more,
    }
    return execute_notebook(NOTEBOOKS / f"{name}.ipynb", folder / "kept.ipynb", parameters, engine)


def test_a_notebook_is_run_with_its_parameters_and_kept(tmp_path, capfd):
    done = run("hello", tmp_path / "with {braces}")

    assert not done.failed
    assert (tmp_path / "with {braces}" / "S1 2026-10.html").read_text() == "report of S1"
    kept = json.loads(done.notebook.read_text())
    assert kept["cells"][2]["execution_count"] == 3
    assert capfd.readouterr() == ("", "")


def test_what_is_kept_names_no_machine_and_is_the_same_every_time(tmp_path):
    first = run("hello", tmp_path / "one").notebook.read_text()
    second = run("hello", tmp_path / "two", KERNEL).notebook.read_text()

    assert first == second
    assert "PosixPath('S1 2026-10.html')" in first or "WindowsPath" in first
    for word in (str(tmp_path), tempfile.gettempdir(), str(Path.home()), "secret", "papermill"):
        assert word not in first
    assert 'school_id = \\"S1\\"' in first and "output = " not in first.split("injected")[1]


def test_the_kept_notebook_names_no_source_that_was_not_read(tmp_path):
    template = json.loads((NOTEBOOKS / "hello.ipynb").read_text("utf-8"))
    template["cells"][0]["source"] = ['source = "../data/sample"\n', 'month = "2026-09"']
    (tmp_path / "template.ipynb").write_text(json.dumps(template))

    places = {"source": str(tmp_path / "ours"), "output": str(tmp_path)}
    parameters = {**places, "month": "2026-10", "school_id": "S1"}
    done = execute_notebook(tmp_path / "template.ipynb", tmp_path / "kept.ipynb", parameters)

    assert not done.failed
    cells = json.loads(done.notebook.read_text("utf-8"))["cells"]
    sources = [line for cell in cells for line in "".join(cell["source"]).splitlines()]
    assert [line for line in sources if line.startswith("source")] == [
        'source = "."  # write here the folder with the district\'s spreadsheets to run this again'
    ]
    assert 'month = "2026-10"' in sources


def test_a_cell_that_raises_keeps_its_notebook_and_says_why(tmp_path):
    done = run("raises", tmp_path)

    assert done.failed
    assert done.cause.startswith("ValueError: no report for S1")
    assert str(tmp_path) not in done.cause
    text = done.notebook.read_text()
    assert "could not be finished" in text and "before" in text
    assert str(tmp_path) not in text


def test_a_kernel_that_dies_is_named(tmp_path):
    done = run("dies", tmp_path, KERNEL)

    assert done.failed
    assert "died" in done.cause
    assert "could not be finished" in done.notebook.read_text()


def test_a_kernel_that_never_starts_is_started_once_more(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        f"tried = {str(tmp_path / 'tried')!r}\n"
        "if 'ipykernel_launcher' in sys.orig_argv and not os.path.exists(tried):\n"
        "    open(tried, 'w').close()\n"
        "    os._exit(1)\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")

    assert not run("hello", tmp_path / "one", KERNEL).failed
    assert (tmp_path / "tried").exists()


def test_a_notebook_that_is_no_notebook_is_named(tmp_path):
    template = tmp_path / "broken.ipynb"
    template.write_text("{")

    done = execute_notebook(template, tmp_path / "kept.ipynb", {"month": "2026-10"})

    assert done.failed and done.repair


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("see /tmp/out/a.html", "see a.html"),
        ("File /tmp/ipykernel_12/345.py", "File a cell"),
        ("<object at 0x7f00aa11bb22>", "<object>"),
        ("https://example.org/tmp/page", "https://example.org/tmp/page"),
        ("/tmp/outside", "outside"),
    ],
)
def test_paths_shrink_to_names_and_addresses_stay(before, after, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/tmp")
    output = {"output_type": "stream", "name": "stdout", "text": [before]}
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "outputs": [output]}

    clean = clean_notebook({"cells": [cell], "metadata": {}}, {"output": "/tmp/out"})

    assert clean["cells"][0]["outputs"][0]["text"] == [after]
