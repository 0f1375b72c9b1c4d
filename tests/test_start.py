import ast
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nmsdreports.cli import main

ROOT = Path(__file__).parents[1]


@pytest.fixture
def start(tmp_path, monkeypatch):
    """start.py as a module whose project is a made-up one in a folder of the test's own."""
    spec = importlib.util.spec_from_file_location("start_under_test", ROOT / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.lock").write_text("one==1\n")
    (tmp_path / "requirements" / "dev.lock").write_text("one==1\ntwo==2\n")
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "setup.json")
    monkeypatch.setattr(module.fingerprint, "__defaults__", (tmp_path,))
    monkeypatch.setattr(module.is_ready, "__defaults__", (module.STAMP, None))
    monkeypatch.setattr(module.venv_python, "__defaults__", (module.VENV,))
    return module


@pytest.fixture
def set_up_before(start, monkeypatch):
    """Pip is only noted, never run; the environment's Python always starts."""
    calls = []
    monkeypatch.setattr(start, "runs", lambda python: True)
    monkeypatch.setattr(start, "run_pip", lambda arguments: calls.append(arguments))
    start.VENV.mkdir()
    return calls


def test_an_older_python_can_read_the_file_and_is_told_what_to_install(start):
    ast.parse((ROOT / "start.py").read_text("utf-8"), feature_version=(3, 7))

    assert "Python 3.11 or newer" in start.version_sentence((3, 9, 6))
    assert start.version_sentence((3, 11, 0)) == ""
    assert start.version_sentence((4, 0, 0)) == ""


def test_set_up_happens_once_and_again_only_after_a_change(start, set_up_before):
    start.set_up("run.lock")
    start.set_up("run.lock")
    assert len(set_up_before) == 2
    assert set_up_before[0][0] == "--require-hashes"
    assert "--no-deps" in set_up_before[1] and "-e" in set_up_before[1]

    (start.ROOT / "requirements" / "run.lock").write_text("one==2\n")
    start.set_up("run.lock")
    assert len(set_up_before) == 4


def test_development_holds_all_that_running_needs(start, set_up_before):
    start.set_up("dev.lock")
    start.set_up("run.lock")

    assert len(set_up_before) == 2


def test_a_moved_folder_or_an_interrupted_set_up_is_set_up_again(start, set_up_before):
    start.set_up("run.lock")
    done = json.loads(start.STAMP.read_text())
    start.STAMP.write_text(json.dumps({**done, "run.lock": "of another folder"}))
    assert not start.is_ready("run.lock")

    start.STAMP.write_text("{")
    assert not start.is_ready("run.lock")


def test_a_failed_step_leaves_no_stamp_and_a_sentence(start, set_up_before, monkeypatch, capsys):
    def no_network(arguments):
        raise start.SetupError("connect to the internet", ["NewConnectionError: failed"])

    monkeypatch.setattr(start, "run_pip", no_network)

    assert start.main(["report"]) == 2
    assert not start.STAMP.exists()
    said = capsys.readouterr().err
    assert "NewConnectionError" in said and said.endswith("connect to the internet\n")


@pytest.mark.parametrize(
    ("pip", "person"),
    [
        ("ERROR: [Errno 28] No space left on device", "disk is full"),
        ("Failed to establish a new connection: Name resolution", "connect to the internet"),
        ("No matching distribution (from versions: none)", "connect to the internet"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "refused"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED]", "certificate"),
        ("[WinError 5] Access is denied", "may not be written"),
        ("something nobody foresaw", "could not be installed"),
    ],
)
def test_what_pip_says_becomes_what_a_person_can_do(start, pip, person):
    assert person in start.trouble_sentence(["Collecting pandas", pip])


def test_pip_itself_failing_keeps_its_last_lines(start, monkeypatch):
    monkeypatch.setattr(start, "venv_python", lambda venv=None: Path(sys.executable))

    with pytest.raises(start.SetupError) as error:
        start.run_pip(["--require-hashes", "-r", "there-is-no-such.lock"])
    assert "there-is-no-such.lock" in "\n".join(error.value.said)


def test_the_sample_is_taken_where_no_district_is_at_hand(start, tmp_path):
    assert start.verb_environment("report", tmp_path)["NMSDREPORTS_SOURCE"] == str(start.SAMPLE)
    assert "NMSDREPORTS_SOURCE" not in start.verb_environment("--help", tmp_path)

    (tmp_path / "district.toml").write_text("")
    assert "NMSDREPORTS_SOURCE" not in start.verb_environment("report", tmp_path)


def test_every_check_runs_whatever_fails_and_the_status_says_so(start, monkeypatch, capsys):
    monkeypatch.setattr(start, "venv_python", lambda venv=None: Path(sys.executable))
    checks = (("one", ["-c", "raise SystemExit(3)"]), ("tests", ["-c", "import sys; sys.exit()"]))
    monkeypatch.setattr(start, "CHECKS", checks)

    assert start.run_tests(["--an-option-for-pytest"]) == 1
    said = capsys.readouterr().err
    assert "one      FAILED (exit status 3)" in said and "tests    good" in said


@pytest.mark.parametrize(("arguments", "status"), [([], 2), (["--help"], 0), (["-h"], 0)])
def test_without_a_verb_it_tells_an_office_what_each_verb_does(arguments, status):
    done = subprocess.run(
        [sys.executable, str(ROOT / "start.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )

    assert done.returncode == status
    for verb in main.commands:
        assert f"start.py {verb} " in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    assert "standard library" not in done.stdout  # that is for programmers


@pytest.mark.parametrize("name", ["start.command", "start.bat"])
def test_a_double_click_opens_the_notebook_in_the_projects_own_folder(name):
    text = (ROOT / name).read_text("utf-8")
    assert "start.py explore" in text and "cd " in text
    tracked = subprocess.run(
        ["git", "ls-files", "--stage", name], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert tracked.startswith("100755" if name.endswith(".command") else "100644")


def test_explore_and_doctor_take_the_sample_where_no_district_is_at_hand(start, tmp_path):
    for verb in ("explore", "doctor"):
        environment = start.verb_environment(verb, tmp_path)
        assert environment["NMSDREPORTS_SOURCE"] == str(start.SAMPLE)
