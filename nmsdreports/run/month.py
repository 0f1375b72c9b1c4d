"""One month's edition: the list of its steps."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from nmsdreports.policy import Standing, assess
from nmsdreports.run import publish
from nmsdreports.run.board import FOLDER as BOARD_FOLDER
from nmsdreports.run.board import check_part, given_before, write_before
from nmsdreports.run.compared import (
    DATA,
    compare,
    could_be_compared,
    read_told,
    write_since,
)
from nmsdreports.run.damage import beside, mend_manifests, mended_words
from nmsdreports.run.lock import only_run
from nmsdreports.run.manifest import facts, input_hashes, made_from, same_as_before
from nmsdreports.run.own_notebooks import check_notebooks
from nmsdreports.run.plan import Plan, is_over
from nmsdreports.run.publish import digest
from nmsdreports.run.reports import (
    BOARD_NOTEBOOK,
    DISTRICT_NOTEBOOK,
    LONGEST_SECONDS,
    SCHOOL_NOTEBOOK,
    Report,
    make_all,
    notebook_hashes,
    reports_of,
)
from nmsdreports.run.resume import take_over
from nmsdreports.run.snapshots import write_snapshot
from nmsdreports.run.way_in import write_index, write_months
from nmsdreports.settings import InputError, Settings
from nmsdreports.views.board.images import NO_BROWSER, lacks_pictures
from nmsdreports.views.caveats import left_words, stays_uncompared_words
from nmsdreports.views.index import Entry, standing_words
from nmsdreports.views.logo import read_logo
from nmsdreports.views.repair import FILE_NAME, write_repair
from nmsdreports.views.sentences import list_words
from nmsdreports.views.theme import read_theme


@dataclass(frozen=True)
class MonthOutcome:
    """What a run left: the edition, the file to open first, and what did not go well.

    `whole_stays` is the month's whole edition beside which one of single schools was put.
    `failed` has name, cause and repair of each report that could not be made; `notes` a sentence
    for each thing in the folder of reports that a person has to look at; `restates` the published
    edition that this one restates; `same_as` the month whose spreadsheets were the very same;
    `left` says which accounts of the report before cannot be judged now; `hints` what is no fault
    and good to know.
    """

    edition: Path
    first: Path
    made: int
    failed: list[Entry]
    notes: list[str]
    whole_stays: Path | None
    restates: str
    same_as: str
    left: list[str]
    hints: list[str]


def make_month(
    plan: Plan,
    told: Callable[[int, int, str, bool], None],
    fresh: bool = False,
    seconds: int = LONGEST_SECONDS,
) -> MonthOutcome:
    """Make an edition of the month and publish it as a draft.

    `told(done, all, name, failed)` is called after each report. With `fresh` nothing that an
    interrupted run finished is kept; `seconds` is how long one report may take. Raises InputError
    when another run is at work, when a spreadsheet changes meanwhile, and when not one report could
    be made: then nothing is published, and the failed notebooks are kept aside.
    """
    settings = plan.records.settings
    check_own(settings)
    standing = assess(plan.records).at(plan.as_of)
    inputs = dict(zip(plan.records.inputs["file"], plan.records.inputs["sha256"], strict=True))
    state = made_from(settings, plan.month, inputs, plan.today)
    with only_run(plan.output), publish.staging_folder(plan.output, staging_name(plan)) as staging:
        if fresh:
            publish.forget(staging)
            staging.mkdir()
        mended = mend_manifests(plan.output)
        before = publish.edition_before(plan.output, plan.month)
        same_as = same_as_before(plan.output, plan.month, inputs)
        since = replace(
            compare(plan.output, before, standing),
            same_as=same_as,
            unfinished=not is_over(plan.month, plan.today),
        )
        shutil.rmtree(staging / DATA, ignore_errors=True)
        write_since(since, plan.month, staging / DATA)
        follows = (standing, since, before, staging / DATA)
        before_board = write_before(plan.output, plan.month, *follows) if plan.whole else ""
        reports = reports_of(plan, staging, state, since, before_board)
        if not fresh and (standing_edition := whole_edition(plan)):
            take_over(standing_edition, staging, {r.folder: r.key for r in reports})
        check = partial(check_inputs, plan, inputs, staging)
        made = make_all(reports, staging, told, check, settings.engine, seconds)
        if plan.whole:
            part = staging / BOARD_FOLDER
            made[part] = check_part(made[part], part, plan.output, settings.min_cell)
        entries = [
            replace(made[report.folder], words=_words(report, standing, made)) for report in reports
        ]
        failed = [entry for entry in entries if entry.cause]
        if len(failed) == len(entries):
            raise InputError(_nothing_made(plan, staging, failed))
        write_snapshot(standing, staging / DATA)
        write_repair(plan.records, staging / FILE_NAME, plan.as_of)
        write_index(plan, staging, entries, since)
        keys = {
            report.folder.relative_to(staging).as_posix(): report.key
            for report in reports
            if not made[report.folder].cause
        }
        known = facts(plan, entries, state, notebook_hashes(settings), keys)
        known |= {"before": before, "same_as": same_as, "given": given_before(plan.output)}
        publish.write_manifest(staging, known)
        check()
        edition = publish.publish(staging, plan.output, plan.month)
        publish.forget(staging)
        whole_stays = None if plan.whole else whole_edition(plan)
        notes = settle(settings, plan.output, edition, mended)
    return MonthOutcome(
        edition,
        edition / "index.html",
        len(entries) - len(failed),
        failed,
        notes,
        whole_stays,
        before["name"] if before and before["restated"] else "",
        same_as,
        left_words(since.left, since.month),
        [NO_BROWSER] if plan.whole and lacks_pictures(edition / BOARD_FOLDER) else [],
    )


def unchanged_month(
    source: Path, settings: Settings, month: str, output: Path, today: date
) -> MonthOutcome | None:
    """Return the month's whole edition where making it again would change nothing.

    Reads no spreadsheet, only their hashes. What an interrupted run left undone after the edition
    stood (the index of months, an older draft) is done, and damage to other months is mended.
    """
    edition = publish.current_edition(publish.editions(output).get(month, []))
    manifest = edition and publish.read_manifest(edition)
    if not manifest or not manifest.get("whole") or manifest.get("failed"):
        return None
    if manifest.get("notebooks") != notebook_hashes(settings):
        return None
    inputs = input_hashes(source, settings)
    if manifest.get("made_from") != made_from(settings, month, inputs, today):
        return None
    if not (publish.follows_the_same(edition, manifest) and publish.as_made(edition)):
        return None
    newly_given = {*given_before(output)} - {*(manifest.get("given") or [])}
    if manifest["state"] != "published" and newly_given:
        return None
    comparable = could_be_compared(edition)
    if manifest["state"] != "published" and comparable:
        return None
    with only_run(output):
        notes = settle(settings, output, edition, mend_manifests(output))
    same_as = manifest.get("same_as") or ""
    told, first = read_told(edition), edition / "index.html"
    left = left_words(told["left"], told["month"]) if told else []
    hints = [stays_uncompared_words(edition.name, told["name"])] if comparable else []
    return MonthOutcome(edition, first, 0, [], notes, None, "", same_as, left, hints)


def settle(settings: Settings, output: Path, edition: Path, mended: list[str]) -> list[str]:
    """Lead readers to a new edition and let the drafts go whose place it takes.

    In this order: no page ever leads to a folder that is gone. Drafts stay where a report of the
    new edition failed. `mended` are editions whose manifest was made anew. Returns what a person
    has to look at; the page that leads to every month says it, too.
    """
    notes = [mended_words(name) for name in mended] + beside(output, edition, [])
    write_months(settings, output, notes)
    manifest = publish.read_manifest(edition)
    # What an interrupted run finished has no use once the whole month stands.
    if manifest["whole"]:
        for waiting in output.glob(f"{publish.STAGING}{manifest['month']}*"):
            publish.forget(waiting)
    if manifest.get("failed"):
        return notes
    left = publish.remove_superseded(output, edition, manifest["month"])
    if left:
        notes = [mended_words(name) for name in mended] + beside(output, edition, left)
        write_months(settings, output, notes)
    return notes


def staging_name(plan: Plan) -> str:
    """Return the name under which a run of the same month and schools finds what was finished."""
    return (
        plan.month if plan.whole else f"{plan.month}-{digest(list(plan.schools['school_id']))[:8]}"
    )


def check_inputs(plan: Plan, inputs: dict[str, str], staging: Path) -> None:
    """Refuse to go on with spreadsheets that are no longer those that were read.

    Which state each report saw nobody can tell then, so none of them is kept.
    """
    try:
        now = input_hashes(plan.records.source, plan.records.settings)
    except (OSError, InputError):
        now = {}
    changed = sorted(name for name in inputs | now if inputs.get(name) != now.get(name))
    if changed:
        publish.forget(publish.finished_folder(staging))
        raise InputError(
            f"{list_words(changed)} changed while the reports were made, so nothing was published; "
            "run it once more."
        )


def check_own(settings: Settings) -> None:
    """Refuse a theme, logo, template or notebooks of the district's own that cannot be used."""
    theme = read_theme(settings.theme)
    read_logo(settings.logo)
    if "template" in settings.deck:
        # what reads slides takes its time to load, and few have a template
        from nmsdreports.views.board.deck_base import open_base

        open_base(settings.deck["template"], theme)
    given = ("source", "month", "output")
    names = {SCHOOL_NOTEBOOK: (*given, "school_id"), DISTRICT_NOTEBOOK: given}
    names[BOARD_NOTEBOOK] = given
    check_notebooks(settings, names)


def whole_edition(plan: Plan) -> Path | None:
    """Return the edition of the month that holds all its schools, if there is one."""
    folder = publish.current_edition(publish.editions(plan.output).get(plan.month, []))
    return folder if folder and (publish.read_manifest(folder) or {}).get("whole") else None


def _words(report: Report, standing: Standing, made: dict[Path, Entry]) -> str:
    """How it stands with whom a report is about, in a line."""
    if report.folder.name != BOARD_FOLDER:
        return standing_words(standing.findings, report.parameters.get("school_id"))
    words = "totals of the district; checked: no small count of incidents can be worked out"
    return "" if made[report.folder].cause else words


def _nothing_made(plan: Plan, staging: Path, failed: list[Entry]) -> str:
    """Keep the failed notebooks aside; return the sentence that says what happened."""
    aside = plan.output / f"{plan.month} failed"
    shutil.rmtree(aside, ignore_errors=True)
    publish.forget(publish.finished_folder(staging))
    staging.rename(aside)
    return (
        f"No report could be made, so nothing was published. {failed[0].name}: {failed[0].cause} "
        f'The notebooks with their errors are in "{aside}".'
    )
