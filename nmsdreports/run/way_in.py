"""The pages by which people get to the reports: of one edition, and of every month.

Traps: the page of every month is made by `report`, and an edition is published later, so that word
on it is put right in the page as it stands; its seal is made anew.
"""

from functools import partial
from pathlib import Path

from nmsdreports.policy.since import Since
from nmsdreports.run.compared import read_told
from nmsdreports.run.damage import INDEX, page_text, restated_or_before, seal_page
from nmsdreports.run.plan import Plan
from nmsdreports.run.publish import (
    current_edition,
    editions,
    is_published,
    mark_published,
    read_manifest,
    replace_file,
)
from nmsdreports.settings import InputError, Settings
from nmsdreports.views.caveats import beside_words, caveats_of, left_words
from nmsdreports.views.change_rows import about_since
from nmsdreports.views.index import (
    Entry,
    Month,
    state_badge,
    write_edition_index,
    write_months_index,
)
from nmsdreports.views.logo import read_logo
from nmsdreports.views.sentences import list_words
from nmsdreports.views.theme import read_theme


def write_index(plan: Plan, staging: Path, entries: list[Entry], since: Since) -> None:
    """Write the edition's way in, with what `since` says of the edition before."""
    settings = plan.records.settings
    about = about_since(since, None)
    write_edition_index(
        staging / INDEX,
        district=settings.name,
        month=plan.month,
        as_of=plan.as_of,
        entries=entries,
        whole=plan.whole,
        caveats=caveats_of(about, plan.month),
        said=beside_words(about),
        restates=since.name if since.restated else "",
        theme=read_theme(settings.theme),
        logo=read_logo(settings.logo),
    )


def write_months(settings: Settings, output: Path, notes: list[str]) -> None:
    """Replace the page that leads to every month's current edition, in one step."""
    months = [
        _month(month, current_edition(found)) for month, found in sorted(editions(output).items())
    ]
    # What an earlier month lacked its own pages say, and the office has been told.
    told = read_told(months[-1].folder) if months else {}
    left = left_words(told["left"], told["month"]) if told else []
    page = partial(
        write_months_index,
        district=settings.name,
        months=months,
        notes=notes + left,
        theme=read_theme(settings.theme),
        logo=read_logo(settings.logo),
    )

    def write(fresh: Path) -> None:
        page(fresh)
        seal_page(fresh)

    replace_file(output / INDEX, write)


def publish_edition(edition: Path) -> None:
    """Mark an edition as published, and say so on the page that leads to every month.

    Where that page is not as it was made it stays so, and the next run makes it anew.
    """
    if not is_published(edition):
        mark_published(edition)
    path = edition.parent / INDEX
    draft, published = (state_badge(edition.name, state) for state in (False, True))
    try:
        text = page_text(path)
    except InputError:
        return
    if draft not in text:
        return

    def write(fresh: Path) -> None:
        fresh.write_text(text.replace(draft, published), "utf-8", newline="\n")
        seal_page(fresh)

    replace_file(path, write)


def _month(month: str, folder: Path) -> Month:
    """What the page of every month says of one, from its current edition."""
    manifest = read_manifest(folder)
    before = restated_or_before(folder)
    old = folder.parent / before["name"] if before.get("restated") else None
    names = list(manifest.get("schools", {}).values())
    return Month(
        month,
        folder,
        published=manifest["state"] == "published",
        restates=old is not None,
        published_before=old if old and old.is_dir() else None,
        only="" if manifest["whole"] or not names else f"only {list_words(names)}",
        failed=[failure["name"] for failure in manifest.get("failed") or []],
        unfinished=bool(read_told(folder).get("unfinished")),
    )
