"""One month's edition: the list of its steps."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from nmsdreports.policy import assess
from nmsdreports.run import publish
from nmsdreports.run.execute import Executed, execute_notebook
from nmsdreports.run.manifest import facts
from nmsdreports.run.own_notebooks import check_notebooks
from nmsdreports.run.plan import Plan
from nmsdreports.run.snapshots import write_snapshot
from nmsdreports.settings import InputError, Settings
from nmsdreports.views.index import (
    FIRST,
    Entry,
    standing_words,
    write_edition_index,
    write_months_index,
)
from nmsdreports.views.logo import read_logo
from nmsdreports.views.places import file_stem, folder_names
from nmsdreports.views.repair import FILE_NAME, write_repair
from nmsdreports.views.sentences import list_words
from nmsdreports.views.theme import read_theme

SCHOOL_NOTEBOOK = "school_report.ipynb"
DISTRICT_NOTEBOOK = "district_report.ipynb"
KERNELS_AT_ONCE = 2
"""A kernel takes a core and some 300 MB; two keep an office's computer usable."""


@dataclass(frozen=True)
class Report:
    """One report to make: whose it is, from which notebook, into which folder of the edition."""

    name: str
    notebook: Path
    folder: Path
    parameters: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """What a run left: the edition, the file to open first, and what did not go well.

    `whole_stays` is the month's whole edition beside which one of single schools was put.
    `failed` has name, cause and repair of each report that could not be made; `left` the folders
    of older drafts that could not be removed.
    """

    edition: Path
    first: Path
    made: int
    failed: list[Entry]
    left: list[Path]
    whole_stays: Path | None


def make_month(plan: Plan, told: Callable[[int, int, str, bool], None]) -> Outcome:
    """Make an edition of the month and publish it as a draft.

    `told(done, all, name, failed)` is called after each report. Raises InputError when not one
    report could be made: then nothing is published, and the failed notebooks are kept aside.
    """
    check_own(plan.records.settings)
    standing = assess(plan.records).at(plan.as_of)
    with publish.staging_folder(plan.output) as staging:
        reports = reports_of(plan, staging)
        executed = execute_all(reports, told)
        entries = [
            replace(
                keep(report, executed[report.folder]),
                words=standing_words(standing.findings, report.parameters.get("school_id")),
            )
            for report in reports
        ]
        failed = [entry for entry in entries if entry.cause]
        if len(failed) == len(entries):
            raise InputError(_nothing_made(plan, staging, failed))
        write_snapshot(standing, staging / "data")
        write_repair(plan.records, staging / FILE_NAME, plan.as_of)
        write_index(plan, staging, entries)
        publish.write_manifest(staging, facts(plan, entries))
        edition = publish.publish(staging, plan.output, plan.month)
    whole_stays = None if plan.whole else whole_edition(plan)
    left = [] if failed else publish.remove_superseded(plan.output, edition, plan.month)
    write_months(plan)
    made = len(entries) - len(failed)
    return Outcome(edition, edition / "index.html", made, failed, left, whole_stays)


def check_own(settings: Settings) -> None:
    """Refuse a theme, a logo or notebooks of the district's own that cannot be used."""
    read_theme(settings.theme)
    read_logo(settings.logo)
    given = ("source", "month", "output")
    names = {SCHOOL_NOTEBOOK: (*given, "school_id"), DISTRICT_NOTEBOOK: given}
    check_notebooks(settings, names)


def reports_of(plan: Plan, staging: Path) -> list[Report]:
    """Return the reports of a month: the office's when all are asked, and one for each school."""
    settings = plan.records.settings
    common = {"source": str(plan.records.source.resolve()), "month": plan.month}
    reports = []
    names = list(zip(plan.schools["school_id"], plan.schools["name"], strict=True))
    folders = folder_names(names)
    if plan.whole:
        folder = staging / "district"
        parameters = {**common, "output": str(folder.resolve())}
        office = find_notebook(settings, DISTRICT_NOTEBOOK)
        reports.append(Report(FIRST, office, folder, parameters))
    notebook = find_notebook(settings, SCHOOL_NOTEBOOK)
    for school_id, name in names:
        folder = staging / "schools" / folders[school_id]
        parameters = {**common, "school_id": school_id, "output": str(folder.resolve())}
        reports.append(Report(name, notebook, folder, parameters))
    return reports


def find_notebook(settings: Settings, name: str) -> Path:
    """Return a report notebook: the district's own copy, else the one that is shipped."""
    package = Path(__file__).resolve().parents[1]
    own = [settings.notebooks] if settings.notebooks else []
    for folder in [*own, package / "notebooks", package.parent / "notebooks"]:
        if (folder / name).is_file():
            return folder / name
    raise InputError(f"The report notebook {name} is missing; install nmsdreports again.")


def execute_all(
    reports: list[Report], told: Callable[[int, int, str, bool], None]
) -> dict[Path, Executed]:
    """Run every report's notebook, two kernels at a time; return what became of each by folder."""
    pool = ThreadPoolExecutor(KERNELS_AT_ONCE)
    try:
        running = {pool.submit(execute, report): report for report in reports}
        done: dict[Path, Executed] = {}
        for future in as_completed(running):
            report = running[future]
            done[report.folder] = future.result()
            told(len(done), len(reports), report.name, done[report.folder].failed)
        return done
    finally:
        # After Ctrl-C nothing is waited for: the kernels end with this process.
        pool.shutdown(wait=False, cancel_futures=True)


def execute(report: Report) -> Executed:
    """Run one report's notebook into its folder."""
    report.folder.mkdir(parents=True)
    done = execute_notebook(report.notebook, report.folder / "notebook.ipynb", report.parameters)
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


def write_index(plan: Plan, staging: Path, entries: list[Entry]) -> None:
    """Write the edition's way in."""
    settings = plan.records.settings
    write_edition_index(
        staging / "index.html",
        district=settings.name,
        month=plan.month,
        as_of=plan.as_of,
        entries=entries,
        whole=plan.whole,
        theme=read_theme(settings.theme),
        logo=read_logo(settings.logo),
    )


def write_months(plan: Plan) -> None:
    """Replace the page that leads to every month's current edition, in one step."""
    settings = plan.records.settings
    found = publish.editions(plan.output)
    current = {month: publish.current_edition(folders) for month, folders in found.items()}
    months = {month: folder for month, folder in current.items() if folder}
    only = {month: words for month, folder in months.items() if (words := only_words(plan, folder))}
    page = partial(
        write_months_index,
        district=settings.name,
        months=months,
        only=only,
        failed={
            month: [failure["name"] for failure in manifest["failed"]]
            for month, folder in months.items()
            if (manifest := publish.read_manifest(folder)) and manifest.get("failed")
        },
        theme=read_theme(settings.theme),
        logo=read_logo(settings.logo),
    )
    publish.replace_file(plan.output / "index.html", page)


def whole_edition(plan: Plan) -> Path | None:
    """Return the edition of the month that holds all its schools, if there is one."""
    folder = publish.current_edition(publish.editions(plan.output).get(plan.month, []))
    return folder if folder and (publish.read_manifest(folder) or {}).get("whole") else None


def only_words(plan: Plan, folder: Path) -> str:
    """Return which schools an edition holds ("only Pine Elementary"); of a whole one nothing."""
    manifest = publish.read_manifest(folder) or {}
    if manifest.get("whole"):
        return ""
    schools = plan.records.schools.set_index("school_id")["name"]
    names = [schools.get(school_id, school_id) for school_id in manifest.get("schools", [])]
    return f"only {list_words(names)}" if names else ""


def _nothing_made(plan: Plan, staging: Path, failed: list[Entry]) -> str:
    """Keep the failed notebooks aside; return the sentence that says what happened."""
    aside = plan.output / f"{plan.month} failed"
    shutil.rmtree(aside, ignore_errors=True)
    staging.rename(aside)
    return (
        f"No report could be made, so nothing was published. {failed[0].name}: {failed[0].cause} "
        f'The notebooks with their errors are in "{aside}".'
    )
