"""Small districts whose report notebooks have two cells, so that a month takes seconds."""

import shutil
from pathlib import Path

import pytest

from nmsdreports.run import deliver
from tests.run import mailed

FILES = Path(__file__).parents[1] / "files" / "notebooks"
SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="session")
def mailed_month(tmp_path_factory):
    """A small district's source and edition, to be copied before they are sent."""
    folder = tmp_path_factory.mktemp("mailed")
    source = mailed.write_source(folder / "source")
    return source, mailed.make(source, folder / "reports")


@pytest.fixture(scope="session")
def remembered():
    """What editions say of their schools, computed once."""
    return mailed.remember(deliver.school_editions)


@pytest.fixture
def district(tmp_path):
    """Make a copy of the sample that reports with the notebooks named."""

    def make(school_report, district_report=None):
        source = tmp_path / "source"
        shutil.copytree(SAMPLE, source)
        notebooks = source / "notebooks"
        notebooks.mkdir()
        shutil.copy(FILES / f"{school_report}.ipynb", notebooks / "school_report.ipynb")
        office = FILES / f"{district_report or school_report}.ipynb"
        shutil.copy(office, notebooks / "district_report.ipynb")
        shutil.copy(FILES / "board.ipynb", notebooks / "board_charts.ipynb")
        settings = source / "district.toml"
        settings.write_text('notebooks = "notebooks"\n' + settings.read_text("utf-8"), "utf-8")
        return source

    return make
