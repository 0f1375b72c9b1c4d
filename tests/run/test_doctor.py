"""What doctor says, and explore before JupyterLab is up."""

import base64
import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from nmsdreports.cli import main
from nmsdreports.run import doctor
from nmsdreports.run.lab import NOTEBOOK, copy_notebook, running_lab
from nmsdreports.settings import InputError, Settings

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


@pytest.fixture
def without_kernel(monkeypatch):
    """Doctor without the notebook it runs, which takes a second or two."""
    monkeypatch.setattr(doctor, "_kernel", lambda: doctor.Sign(True, "A notebook can be run."))


def run(*arguments):
    return CliRunner().invoke(main, ["doctor", *map(str, arguments)])


def test_without_a_folder_it_is_said_that_no_spreadsheets_were_looked_at(
    without_kernel, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NMSDREPORTS_SOURCE", raising=False)
    assert "Spreadsheets were not looked at: name their folder." in run().stderr
    assert "not looked at" not in run(SAMPLE).stderr


def test_a_good_machine_can_do_everything(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = run(SAMPLE)
    assert told.exit_code == 0, told.output
    assert "This machine can do everything." in told.stderr
    assert "62 accounts" in told.stdout and "2 errors" in told.stdout
    assert "A notebook can be run" in told.stdout
    assert "WRONG" not in told.stdout
    assert max(map(len, told.stdout.splitlines())) <= 80
    for secret in ("samplepine", "Inkpenny", str(tmp_path)):
        assert secret not in told.stdout
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_said_and_what_to_do(without_kernel, monkeypatch, tmp_path):
    needs = ["click>=8", "no-such-package>=1.0", "pandas<4,>=99.1", "kaleido>=1; extra == 'images'"]
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: needs)
    shutil.copy(SAMPLE / "schools.csv", tmp_path)
    told = run(tmp_path)
    assert told.exit_code == 1
    words = " ".join(told.stdout.split())
    assert "no-such-package is missing and pandas is" in words
    assert "99.1 or newer is needed; set up again with start.py" in words
    assert "kaleido" not in words
    assert "WRONG The spreadsheets cannot be used" in words
    assert "2 of these need a look" in told.stderr


@pytest.mark.parametrize(
    ("content", "good"), [(PICTURE, True), (b"no picture", False)], ids=["png", "text"]
)
def test_a_logo_is_looked_at_by_doctor_and_by_check(without_kernel, tmp_path, content, good):
    source = shutil.copytree(SAMPLE, tmp_path / "source")
    (source / "logo.png").write_bytes(content)
    (source / "district.toml").write_text('logo = "logo.png"\n', "utf-8")
    told = run(source)
    words = " ".join(told.stdout.split())
    reason = "'logo' names 'logo.png', which is not a whole picture"
    assert ("The district's own logo can be used." in words) is good
    assert (f"cannot be used: district.toml: {reason}" in words) is not good
    checked = CliRunner().invoke(main, ["check", "--output", str(tmp_path / "out"), str(source)])
    assert (tmp_path / "out" / "quarantine.xlsx").is_file()
    assert (checked.exit_code, reason in checked.stderr) == ((0, False) if good else (2, True))


def test_a_template_for_slides_is_looked_at_by_doctor_check_and_report(without_kernel, tmp_path):
    source = shutil.copytree(SAMPLE, tmp_path / "source")
    (source / "slides.pptx").write_bytes(b"no slides")
    (source / "district.toml").write_text('[deck]\ntemplate = "slides.pptx"\n', "utf-8")
    reason = "[deck] 'template' names 'slides.pptx', which is not a PowerPoint presentation"
    assert f"cannot be used: district.toml: {reason}" in " ".join(run(source).stdout.split())
    checked = CliRunner().invoke(main, ["check", "--output", str(tmp_path / "out"), str(source)])
    assert checked.exit_code == 2 and reason in checked.stderr
    told = CliRunner().invoke(
        main, ["report", "--month", "2026-10", "--output", str(tmp_path / "out"), str(source)]
    )
    assert told.exit_code == 2 and reason in told.stderr
    assert "Making" not in told.stderr and not (tmp_path / "out" / "2026-10").exists()


def test_an_unwritable_folder_and_a_notebook_that_fails_are_told(without_kernel, monkeypatch):
    def refused(dir=None):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refused)
    signs = list(doctor.examine(None, Path()))
    assert [sign.words for sign in signs if not sign.good] == [
        "The current folder cannot be written (Permission denied).",
        "The folder for temporary files cannot be written (Permission denied).",
    ]


def test_a_kernel_that_cannot_start_is_a_sentence(monkeypatch):
    def refused(self, **more):
        raise OSError("no such program")

    monkeypatch.setattr("jupyter_client.manager.KernelManager.start_kernel", refused)
    sign = doctor._kernel()
    assert not sign.good and "no such program" in sign.words and "start.py" in sign.words


def test_a_notebook_that_is_there_is_kept(tmp_path):
    path, new = copy_notebook(tmp_path, Settings())
    assert new and json.loads(path.read_text("utf-8"))["cells"]
    path.write_text("mine", "utf-8")
    assert copy_notebook(tmp_path, Settings()) == (path, False)
    assert path.read_text("utf-8") == "mine"


def test_explore_refuses_what_it_cannot_open(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(main, ["explore", "--no-browser", "nowhere"])
    assert told.exit_code == 2 and "no folder 'nowhere'" in told.stderr
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="go to a folder of yours"):
        copy_notebook(tmp_path / "nowhere", Settings())


def test_a_jupyterlab_that_does_not_start_is_told_with_its_last_words(tmp_path, monkeypatch):
    broken = tmp_path / "jupyterlab"
    broken.mkdir()
    (broken / "__init__.py").touch()
    (broken / "__main__.py").write_text("raise SystemExit('no port is free')", "utf-8")
    environment = {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    with (
        pytest.raises(InputError, match=r"did not start\. no port is free"),
        running_lab(tmp_path, environment, browser=False),
    ):
        pass
    assert not (tmp_path / NOTEBOOK).exists()
