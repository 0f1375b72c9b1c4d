"""The way in: the page that leads to every month, and within a month to every school and file."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from nmsdreports.views.sentences import month_words
from nmsdreports.views.theme import Theme

KINDS = {".html": "page", ".xlsx": "workbook", ".ipynb": "notebook"}


@dataclass(frozen=True)
class Entry:
    """One line of an edition's index: a school or the office, its files, or why it has none."""

    name: str
    files: tuple[Path, ...]
    cause: str = ""
    repair: str = ""


def write_edition_index(
    path: Path, *, district: str, month: str, as_of: str, entries: list[Entry], theme: Theme
) -> Path:
    """Write an edition's index.html; the files of `entries` lie below the folder of `path`."""
    rows = [
        {
            "name": entry.name,
            "links": [
                (KINDS.get(file.suffix, file.suffix.lstrip(".")), _address(file, path.parent))
                for file in sorted(entry.files, key=lambda file: _order(file))
            ],
            "cause": entry.cause,
            "repair": entry.repair,
        }
        for entry in entries
    ]
    return _write(
        "edition.html.j2",
        path,
        title=f"{district}: social-media reports, {month_words(month)}",
        as_of=as_of,
        rows=rows,
        failed=[row for row in rows if row["cause"]],
        theme=theme,
    )


def write_months_index(path: Path, *, district: str, months: dict[str, Path], theme: Theme) -> Path:
    """Write reports/index.html: every month, newest first, with its current edition's folder."""
    rows = [
        (month_words(month), _address(folder / "index.html", path.parent))
        for month, folder in sorted(months.items(), reverse=True)
    ]
    return _write("months.html.j2", path, title=f"{district}: reports", rows=rows, theme=theme)


def _write(template: str, path: Path, **facts) -> Path:
    loader = PackageLoader("nmsdreports.views", "templates")
    jinja = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    path.write_text(jinja.get_template(template).render(**facts), "utf-8", newline="\n")
    return path


def _order(file: Path) -> int:
    known = list(KINDS)
    return known.index(file.suffix) if file.suffix in known else len(known)


def _address(file: Path, folder: Path) -> str:
    return quote(file.relative_to(folder).as_posix())
