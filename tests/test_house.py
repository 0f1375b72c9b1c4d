"""The house rules of docs/for-engineers/design.md, held by tests."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

import nmsdreports

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MODULES = sorted((ROOT / "nmsdreports").rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
LONGEST_FILE = 350
LONGEST_TEST = 400
# what the algebra's laws and the look's rules are stated with
ONLY_IN_TESTS = {"union", "contrast"}
CONDA_NAMES = {"tzdata": "python-tzdata"}


def test_every_floor_imports_only_from_floors_below_it():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_grows_for_ever():
    limits = dict.fromkeys([*MODULES, ROOT / "start.py"], LONGEST_FILE)
    limits |= dict.fromkeys((ROOT / "tests").rglob("*.py"), LONGEST_TEST)
    long = {
        str(path.relative_to(ROOT)): lines
        for path, limit in limits.items()
        if (lines := len(path.read_text("utf-8").splitlines())) > limit
    }

    assert long == {}


def test_a_notebook_imports_at_most_twelve_names_and_each_has_its_home():
    assert len(nmsdreports.__all__) <= 12
    for name in nmsdreports.__all__:
        assert getattr(nmsdreports, name).__doc__
    assert set(nmsdreports.__all__) <= set(dir(nmsdreports))
    with pytest.raises(AttributeError, match="no 'nonsense'"):
        nmsdreports.nonsense  # noqa: B018


def definitions(tree):
    """Names defined at the top of a module, and the methods of its classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        yield from (target for target in targets if isinstance(target, ast.Name))
        if isinstance(node, ast.ClassDef) and not node.bases:
            yield from (item for item in node.body if isinstance(item, ast.FunctionDef))


def uses(tree):
    """Names read, called, imported or spelt out as a text (a table of names)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_definition_is_used_somewhere():
    trees = {path: ast.parse(path.read_text("utf-8")) for path in MODULES}
    used = {name for tree in trees.values() for name in uses(tree)}
    for path in (ROOT / "benchmarks").glob("*.py"):
        used |= set(uses(ast.parse(path.read_text("utf-8"))))
    templates = (ROOT / "nmsdreports" / "views" / "templates").glob("*.j2")
    for path in [*NOTEBOOKS, *templates]:
        used |= set(re.findall(r"\w+", path.read_text("utf-8")))
    idle = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, tree in trees.items()
        for node in definitions(tree)
        for name in [getattr(node, "name", None) or node.id]
        if name not in used | ONLY_IN_TESTS
        and not name.startswith("__")
        # a verb of the command line is used by who types it
        and not any("command" in ast.unparse(d) for d in getattr(node, "decorator_list", []))
    ]

    assert idle == []


def test_the_report_notebooks_are_there():
    names = {path.name for path in NOTEBOOKS}

    assert {"school_report.ipynb", "district_report.ipynb"} <= names


def test_the_wheel_carries_all_that_a_report_needs(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())

    tracked = subprocess.run(
        ["git", "ls-files", "nmsdreports", "notebooks"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    wanted = {re.sub("^notebooks/", "nmsdreports/notebooks/", name) for name in tracked}
    assert wanted <= names


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_versions_with_hashes_and_names_no_address(lock):
    text = lock.read_text("utf-8")
    pins = re.findall(r"^([A-Za-z0-9._-]+)==\S+.*\\$", text, re.MULTILINE)

    assert "://" not in text and "index-url" not in text
    assert len(pins) > 50
    assert text.count("--hash=sha256:") >= len(pins)
    for requirement in PROJECT["project"]["dependencies"]:
        assert plain_name(requirement) in pins


def test_both_locks_hold_the_same_versions():
    run, dev = (
        {line.split(" ")[0] for line in path.read_text("utf-8").splitlines() if "==" in line}
        for path in (ROOT / "requirements" / "run.lock", ROOT / "requirements" / "dev.lock")
    )

    assert run <= dev


def test_conda_names_the_packages_of_the_project():
    lines = (ROOT / "environment.yml").read_text("utf-8").splitlines()
    conda = {line.strip("- ").replace(" ", "") for line in lines if line.startswith("  - ")}
    conda -= {"conda-forge", "nodefaults", "pip"}
    wanted = {
        CONDA_NAMES.get(plain_name(requirement), plain_name(requirement)) + bounds(requirement)
        for requirement in [
            *PROJECT["project"]["dependencies"],
            *PROJECT["dependency-groups"]["build"],
            f"python{PROJECT['project']['requires-python']}",
        ]
    }

    assert conda == wanted


def plain_name(requirement):
    return re.match(r"[A-Za-z0-9._-]+", requirement).group()


def bounds(requirement):
    return re.sub(r"^[A-Za-z0-9._-]+(\[\w+\])?", "", requirement)
