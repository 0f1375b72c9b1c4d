"""Workers that are lost, with the real command and its real processes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.checklist import months

FILES = Path(__file__).parents[1] / "files" / "notebooks"
SAMPLE = months.SAMPLE
WITH = """
import sys
from nmsdreports.run import reports
reports.REPORTS_PER_WORKER = 1
reports._processors = lambda: {count}
reports.memory_of_each = lambda count: {memory}
from nmsdreports.cli import main
main(sys.argv[1:], prog_name="nmsdreports")
"""
MUCH, LITTLE = 2**40, 600_000_000
HANGS = {
    "S1": "time.sleep(600)",
    "S2": "while True:\n    pass",
    "S3": "while True:\n    try:\n        time.sleep(1)\n    except BaseException:\n        pass",
    "S4": "held = sum(range(10**12))",
}
LOST = {
    "S6": "held = [b'x' * (n + 10**7) for n in range(100)]\ntime.sleep(600)",
    "DO": "os.kill(os.getpid(), signal.SIGKILL)",
}
CHANGES = """
import builtins, decimal, locale, logging, os, random, signal, sys, textwrap, warnings
import numpy as np, pandas as pd, plotly.graph_objects as go, plotly.io as pio
from nmsdreports.views import sentences
if school_id in {changing}:
    pd.set_option("display.max_rows", 3)
    os.environ["TZ"] = os.environ["SEEN"] = "UTC"
    os.chdir("/")
    sys.path.insert(0, "/elsewhere")
    warnings.simplefilter("ignore")
    pio.templates.default = "plotly_dark"
    pio.templates["plotly"].layout.font.size = 99
    pio.renderers.default = "json"
    random.seed(1), np.random.seed(1)
    builtins.hex, builtins.seen = (lambda _: 7), 1
    os.getcwd, textwrap.dedent = (lambda: "nowhere"), len
    sentences.month_words = str
    pd.DataFrame.shape, pd.DataFrame.seen = 5, 6
    logging.getLogger().setLevel("DEBUG"), logging.disable(50)
    locale.setlocale(locale.LC_ALL, "C")
    decimal.getcontext().prec = 2
    np.set_printoptions(precision=1), np.seterr(all="ignore")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.setrecursionlimit(500)
"""
LOOKS = """
print(pd.get_option("display.max_rows"), os.environ.get("TZ"), os.environ.get("SEEN"))
print(os.path.basename(os.getcwd()), "/elsewhere" in sys.path, textwrap.dedent(" a"))
warnings.warn("seen")
print(pio.templates.default, pio.templates['plotly'].layout.font.size)
print(pio.renderers.default, random.random(), np.random.rand(), hex(0), "seen" in dir(builtins))
print(sentences.month_words("2026-10"), pd.DataFrame().shape, hasattr(pd.DataFrame, "seen"))
print(logging.getLogger().level, logging.root.manager.disable, locale.setlocale(locale.LC_ALL))
print(decimal.getcontext().prec, np.array([1 / 3]), np.geterr())
print(signal.getsignal(signal.SIGTERM), sys.getrecursionlimit())
"""


def source_with(folder, cell):
    """A copy of the sample whose schools' notebooks have one more cell before their last."""
    source = shutil.copytree(SAMPLE, folder)
    (source / "own").mkdir()
    notebook = json.loads((FILES / "hello.ipynb").read_text("utf-8"))
    shutil.copy(FILES / "hello.ipynb", source / "own" / "district_report.ipynb")
    shutil.copy(FILES / "board.ipynb", source / "own" / "board_charts.ipynb")
    own = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": [], "source": cell}
    notebook["cells"].insert(1, {**own, "execution_count": None})
    (source / "own" / "school_report.ipynb").write_text(json.dumps(notebook), "utf-8")
    settings = source / "district.toml"
    settings.write_text('notebooks = "own"\n' + settings.read_text("utf-8"), "utf-8")
    return source


def is_marked(process, folder):
    """Whether a process was started, at any remove, by a run with that mark."""
    try:
        return process.environ().get("OF_THIS_TEST") == str(folder)
    except psutil.Error:
        return False


def report(source, output, *options, count=1, memory=MUCH, env=None):
    """Run the command with so many workers; gives how it ended and what it said."""
    asked = ["report", "--month", "2026-10", "--output", output, *options, source]
    return subprocess.run(
        [sys.executable, "-c", WITH.format(count=count, memory=memory), *map(str, asked)],
        cwd=months.ROOT,
        env=env,
        capture_output=True,
        encoding="utf-8",
        timeout=200,
    )


def contents(edition):
    """Every file of the schools, by its place."""
    files = (edition / "schools").rglob("*.*")
    return {str(path.relative_to(edition)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def hard_night(tmp_path_factory):
    """A month in which every school's notebook hangs, dies or grows."""
    folder = tmp_path_factory.mktemp("hard")
    cases = [f"if school_id == {s!r}:" + f"\n{code}".replace("\n", "\n    ")
             for s, code in (HANGS | LOST).items()]  # fmt: skip
    cell = "import os, signal, time\n" + "\n".join(cases)
    source = source_with(folder / "source", cell)
    return folder, report(source, folder / "reports", "--timeout", "4", count=2, memory=LITTLE)


def test_a_notebook_that_hangs_is_ended_and_the_others_are_made(hard_night):
    """15: asleep, busy, catching everything, in one long call."""
    folder, done = hard_night
    assert done.returncode == 1, done.stderr
    names = json.loads((folder / "reports" / "2026-10" / "manifest.json").read_text("utf-8"))
    causes = {one["name"]: one["cause"] for one in names["failed"]}
    ended = [cause for cause in causes.values() if cause.startswith("it took longer than 4 sec")]
    assert len(ended) == len(HANGS)
    assert done.stderr.count("give it more time with --timeout") == len(HANGS)
    assert len(causes) == len(HANGS | LOST)
    assert "  FAILED" in done.stderr and "Wrote 2 of 8 reports" in done.stderr
    index = (folder / "reports" / "2026-10" / "index.html").read_text("utf-8")
    assert all(name in index for name in causes) and "it took longer than 4 seconds" in index
    (kept,) = (folder / "reports" / "2026-10").glob("schools/S1-*/*")
    assert kept.name.endswith("(failed).ipynb")
    assert "could not be finished" in kept.read_text("utf-8")


def test_a_notebook_that_takes_too_much_memory_is_ended(hard_night):
    """16."""
    assert "it needed more than 0.6 GB of memory and was ended" in hard_night[1].stderr


def test_a_worker_that_dies_costs_its_school_only(hard_night):
    """3."""
    assert "the process that ran it died (by signal 9)" in hard_night[1].stderr


@pytest.fixture(scope="module")
def changing(tmp_path_factory):
    """Notebooks that change all they can around themselves, and then look at it."""
    folder = tmp_path_factory.mktemp("changing")
    changed = CHANGES.format(changing=("S1", "S3"))
    return folder, source_with(folder / "source", f"{changed}{LOOKS}")


def test_what_a_notebook_changes_is_put_back_for_the_next(changing):
    """17: the same bytes after one that changed everything, and alone."""
    folder, source = changing
    done = report(source, folder / "all")
    assert done.returncode == 0, done.stderr
    together = contents(folder / "all" / "2026-10")
    texts = {place: data.decode() for place, data in together.items() if place.endswith(".ipynb")}
    assert sum("3 UTC UTC" in text for text in texts.values()) == 2
    done = report(source, folder / "one", "--school", "S4", "--school", "DO")
    alone = contents(folder / "one" / "2026-10")
    assert len(alone) == 4
    assert {place: together[place] for place in alone} == alone
    done = report(source, folder / "first", "--school", "S2")
    assert contents(folder / "first" / "2026-10").items() <= together.items()


def test_any_number_of_workers_gives_the_same_bytes_and_leaves_no_process(changing):
    """1, 17 and 18, with two workers and with four."""
    folder, source = changing
    for count in (2, 4):
        mark = {**os.environ, "OF_THIS_TEST": str(folder)}
        done = report(source, folder / str(count), count=count, env=mark)
        assert done.returncode == 0, done.stderr
        assert [one for one in psutil.process_iter() if is_marked(one, folder)] == []
    editions = [folder / str(count) / "2026-10" for count in (2, 4)]
    assert contents(editions[0]) == contents(editions[1])
    names = {path.relative_to(editions[0]) for path in editions[0].rglob("*.*")}
    assert names
    for name in names:
        assert (editions[0] / name).read_bytes() == (editions[1] / name).read_bytes(), name
