"""The reports of a month: which there are, and each made by running its notebook.

A report that is finished is on record at once, so that an interrupted run loses only those it was
at work on.
"""

import errno
import os
import shutil
from collections.abc import Callable
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nmsdreports.policy.since import Since
from nmsdreports.run.board import FOLDER as BOARD_FOLDER
from nmsdreports.run.compared import DATA, since_key
from nmsdreports.run.execute import Executed, execute_notebook, get_ready, lost_notebook
from nmsdreports.run.manifest import notebook_hash
from nmsdreports.run.plan import Plan
from nmsdreports.run.progress import FINISHED_BEFORE
from nmsdreports.run.publish import digest
from nmsdreports.run.resume import clear, finished_entry, record_finished
from nmsdreports.run.workers import Limits, LostWorker, Workers, memory_of_each
from nmsdreports.settings import KERNEL, InputError, Settings
from nmsdreports.views.index import BOARD, FIRST, Entry
from nmsdreports.views.places import file_stem, folder_names

SCHOOL_NOTEBOOK = "school_report.ipynb"
DISTRICT_NOTEBOOK = "district_report.ipynb"
BOARD_NOTEBOOK = "board_charts.ipynb"
KERNELS_AT_ONCE = 2
"""A kernel takes a core and some 300 MB; two keep an office's computer usable."""
REPORTS_PER_WORKER = 15
"""Starting a worker takes about as long as making so many reports."""
LONGEST_SECONDS = 900
"""How long one report may take where nothing is said."""
_NOTEBOOK = "notebook.ipynb"


@dataclass(frozen=True)
class Report:
    """One report to make: whose it is, from which notebook, into which folder of the edition.

    `key` is the hash of all that decides its content.
    """

    name: str
    notebook: Path
    folder: Path
    parameters: dict[str, str]
    key: str


def reports_of(
    plan: Plan, staging: Path, state: str, since: Since, before_board: str
) -> list[Report]:
    """Return the reports of a month: one for each school, and when all are asked two more.

    These are the office's, which comes first, and the board's, which comes last. `state` is the
    hash of what the whole month is made from, `since` what moved since the one before,
    `before_board` the hash of what the board was given before.
    """
    settings = plan.records.settings
    common = {"source": str(plan.records.source.resolve()), "month": plan.month}
    notebooks = notebook_hashes(settings)
    reports = []
    names = list(zip(plan.schools["school_id"], plan.schools["name"], strict=True))
    folders = folder_names(names)
    if plan.whole:
        folder = staging / "district"
        parameters = {**common, "output": str(folder.resolve())}
        office = find_notebook(settings, DISTRICT_NOTEBOOK)
        key = report_key(state, notebooks[DISTRICT_NOTEBOOK], FIRST, since_key(since, None))
        reports.append(Report(FIRST, office, folder, parameters, key))
    notebook = find_notebook(settings, SCHOOL_NOTEBOOK)
    for school_id, name in names:
        folder = staging / "schools" / folders[school_id]
        parameters = {**common, "school_id": school_id, "output": str(folder.resolve())}
        moved = since_key(since, school_id)
        key = report_key(state, notebooks[SCHOOL_NOTEBOOK], school_id, moved)
        reports.append(Report(name, notebook, folder, parameters, key))
    if plan.whole:
        folder = staging / BOARD_FOLDER
        parameters = {**common, "output": str(folder.resolve())}
        key = report_key(state, notebooks[BOARD_NOTEBOOK], BOARD, before_board)
        notebook = find_notebook(settings, BOARD_NOTEBOOK)
        reports.append(Report(BOARD, notebook, folder, parameters, key))
    return reports


def find_notebook(settings: Settings, name: str) -> Path:
    """Return a report notebook: the district's own copy, else the one that is shipped."""
    package = Path(__file__).resolve().parents[1]
    own = [settings.notebooks] if settings.notebooks else []
    for folder in [*own, package / "notebooks", package.parent / "notebooks"]:
        if (folder / name).is_file():
            return folder / name
    raise InputError(f"The report notebook {name} is missing; install nmsdreports again.")


def notebook_hashes(settings: Settings) -> dict[str, str]:
    """Return the hash of each report notebook."""
    return {
        name: notebook_hash(find_notebook(settings, name), settings.notebooks)
        for name in (SCHOOL_NOTEBOOK, DISTRICT_NOTEBOOK, BOARD_NOTEBOOK)
    }


def report_key(state: str, notebook: str, whose: str, moved: str) -> str:
    """Return the hash of what one report is made from.

    That is the month's state, its notebook, whose it is, and what moved since the one before.
    """
    return digest([state, notebook, whose, moved])


def make_all(
    reports: list[Report],
    staging: Path,
    told: Callable[[int, int, str, bool], None],
    check: Callable[[], None],
    engine: str,
    seconds: int,
) -> dict[Path, Entry]:
    """Make every report that is not finished yet, in workers; return their entries by folder.

    `engine` says where notebooks run, `seconds` how long one may take. `check` is called after each
    one, before it counts as finished. Raises OSError when the disk is full, because then no report
    can be trusted to be whole.
    """
    made = {}
    for report in reports:
        entry = finished_entry(staging, report.folder, report.key, report.name)
        if entry is not None:
            made[report.folder] = entry
            told(len(made), len(reports), f"{report.name} {FINISHED_BEFORE}", False)
    clear(staging, {*made, staging / DATA})
    left = [report for report in reports if report.folder not in made]
    if not left:
        return made
    workers = open_workers(left, engine, seconds)
    finished = False
    try:
        running = {_begin(workers, report, engine, seconds): report for report in left}
        for future in as_completed(running):
            report = running[future]
            made[report.folder] = entry = keep(report, _done(future, report))
            check()
            if not entry.cause:
                record_finished(staging, report.folder, report.key)
            elif any(os.strerror(full) in entry.cause for full in (errno.ENOSPC, errno.EFBIG)):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(staging.parent))
            told(len(made), len(reports), report.name, bool(entry.cause))
        finished = True
        return made
    finally:
        # After Ctrl-C nothing is waited for.
        workers.shutdown(cancel_futures=not finished)


def open_workers(reports: list[Report], engine: str, seconds: int) -> Executor:
    """Return what makes these reports: as many workers as pay, or any executor in their place."""
    pays = KERNELS_AT_ONCE if engine == KERNEL else 1 + len(reports) // REPORTS_PER_WORKER
    count = min(pays, len(reports), _processors())
    templates = tuple({report.notebook: None for report in reports})
    limits = Limits(seconds, memory_of_each(count))
    return Workers(count, limits, partial(get_ready, engine, templates))


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin(workers: Executor, report: Report, engine: str, seconds: int) -> Future:
    """Have one report's notebook run into its folder."""
    report.folder.mkdir(parents=True)
    target = report.folder / _NOTEBOOK
    asked = (report.notebook, target, report.parameters, engine, seconds)
    return workers.submit(execute_notebook, *asked)


def _done(future: Future, report: Report) -> Executed:
    """What became of a report's notebook, also where its worker was lost with it."""
    try:
        done = future.result()
    except LostWorker as lost:
        target = report.folder / _NOTEBOOK
        asked = (report.notebook, target, report.parameters)
        return lost_notebook(*asked, lost.cause, lost.repair)
    if done.failed or any(path.suffix != ".ipynb" for path in report.folder.iterdir()):
        return done
    cause = "the notebook ran to its end but wrote no report"
    return Executed(done.notebook, cause, f"let its last cell write one ({report.notebook.name})")


def keep(report: Report, done: Executed) -> Entry:
    """Name the executed notebook like the report beside it; of a failed one keep only that."""
    files = [path for path in report.folder.iterdir() if path != done.notebook]
    stems = sorted(path.stem for path in files if path.suffix in (".html", ".xlsx"))
    stem = file_stem(report.name, report.parameters["month"])
    if stems and not done.failed:
        stem = stems[0]
    if done.failed:
        stem += " (failed)"
        for path in files:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        files = []
    notebook = done.notebook.rename(report.folder / f"{stem}.ipynb")
    repair = done.repair.replace(done.notebook.name, notebook.name)
    return Entry(report.name, (*files, notebook), done.cause, repair)
