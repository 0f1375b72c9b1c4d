"""A district's own look and notebooks are refused before anything is written."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from nmsdreports.cli import main
from nmsdreports.run.own_notebooks import notebook_fault

FILES = Path(__file__).parents[1] / "files" / "notebooks"
SHIPPED = Path(__file__).parents[2] / "notebooks"
NAMES = ("source", "month", "output", "school_id")


def notebook(path: Path, *sources: str, tagged: bool = True) -> Path:
    cells = [
        {
            "cell_type": "code",
            "metadata": {"tags": ["parameters"]} if tagged and at == 0 else {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for at, source in enumerate(sources)
    ]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}), "utf-8")
    return path


PARAMETERS = 'source, month, output, school_id = "", "2026-10", "reports", "S1"'


@pytest.mark.parametrize(
    ("sources", "tagged", "fault"),
    [
        ((PARAMETERS, "page.show(1)"), False, "has no parameters cell; tag the cell that sets"),
        (('month = "2026-10"', "page.show(1)"), True, "does not set source, output, school_id"),
        ((PARAMETERS,), True, "shows nothing"),
        ((PARAMETERS, "%matplotlib inline\npage = Page(report)", "page.write(output)"), True, "sh"),
        ((PARAMETERS, "standing = load(source)"), True, "shows nothing"),
        ((PARAMETERS, "page = Page(report)", "page.show(1)"), True, "writes no page"),
        (
            (PARAMETERS, "page = Page(report)\npage.show(1)", "write_workbook(r, o)"),
            True,
            "writes n",
        ),
        ((PARAMETERS, "page = Page(report)\npage.show(1)", "page.write(output)"), True, ""),
        ((PARAMETERS, "page = Page(report)\npage.show(1)", "print(page.html())"), True, ""),
        ((PARAMETERS, "write_workbook(edition(standing), output)"), True, ""),
    ],
)
def test_what_keeps_a_notebook_from_making_a_report_is_named(tmp_path, sources, tagged, fault):
    path = notebook(tmp_path / "school_report.ipynb", *sources, tagged=tagged)
    found = notebook_fault(path, NAMES)
    assert found.startswith(fault)
    assert bool(found) == bool(fault)


def test_the_notebooks_that_are_shipped_have_no_fault(tmp_path):
    assert notebook_fault(SHIPPED / "school_report.ipynb", NAMES) == ""
    assert notebook_fault(SHIPPED / "district_report.ipynb", NAMES[:3]) == ""
    broken = tmp_path / "school_report.ipynb"
    broken.write_text("{")
    assert "is not a notebook that can be opened" in notebook_fault(broken, NAMES)


OWN = {
    "theme": ("theme.toml", '[colours]\nmuted = "#aaaaaa"\n', "theme.toml: [colours] 'muted'"),
    "logo": ("logo.png", "no picture", "district.toml: 'logo' names 'logo.png'"),
    "notebooks": ("notebooks", None, "district.toml: 'notebooks' has school_report.ipynb"),
}


@pytest.mark.parametrize("key", OWN)
def test_it_is_told_in_one_sentence_with_file_and_key_and_nothing_is_written(district, key):
    source = district("writes_nothing")
    settings = (source / "district.toml").read_text("utf-8")
    name, content, told = OWN[key]
    if content is None:
        shutil.copy(SHIPPED / "district_report.ipynb", source / "notebooks")
    else:
        (source / name).write_text(content)
        settings = settings.replace('notebooks = "notebooks"', f'{key} = "{name}"')
    (source / "district.toml").write_text(settings, "utf-8")
    reports = source.parent / "reports"
    done = CliRunner().invoke(
        main, ["report", "--month", "2026-10", "--quiet", "--output", str(reports), str(source)]
    )
    assert done.exit_code == 2, done.output
    assert done.stderr.startswith(told)
    assert not reports.exists()
