"""Pictures of the board's charts for slides and papers, where the extra for them is installed.

In: the charts of a page. Out: SVG and PNG files at slide size. The only part that needs a browser,
and it needs one only where `kaleido` is there; every other file is made without.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from nmsdreports.views.board.charts_page import CHARTS, BoardPage
from nmsdreports.views.board.drawing import HEIGHT, WIDTH, picture

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

NO_BROWSER = (
    "The board's charts were not made as pictures, because no browser was found: install Google "
    "Chrome or Chromium, then make the month again with --fresh. All other files are there."
)
_FORMATS = ("svg", "png")


def write_pictures(page: BoardPage, folder: str | Path) -> None:
    """Write a picture of every chart of a page that was drawn, all in one go.

    Without the extra nothing is tried. Where no browser starts there are no pictures, and the
    month's last words say so (see `lacks_pictures`); the rest of the board's part needs none.
    """
    if find_spec("kaleido") is None:
        return
    folder = Path(folder) / CHARTS
    folder.mkdir(parents=True, exist_ok=True)
    whose, theme = page.whose, page.edition.theme
    figures = {
        chart.name: _figure(picture(chart, page.drawn[chart.name], theme, whose))
        for chart in page.charts
        if chart.name in page.drawn
    }
    if not figures:
        return
    try:
        _write_all(figures, folder)
    except (RuntimeError, OSError):
        for path in (folder / f"{name}.{kind}" for name in figures for kind in _FORMATS):
            path.unlink(missing_ok=True)


def lacks_pictures(folder: Path) -> bool:
    """Whether the extra is there, and the charts of pages in `folder` have no pictures.

    Where a notebook of the district's own writes none, none are lacking.
    """
    if find_spec("kaleido") is None or any((folder / CHARTS).glob("*.png")):
        return False
    notebooks = (path.read_text("utf-8") for path in folder.glob("*.ipynb"))
    if not any("write_pictures(" in text for text in notebooks):
        return False
    return any('data-chart="' in page.read_text("utf-8") for page in folder.glob("*.html"))


def _figure(drawing: dict) -> "Figure":
    from plotly.graph_objects import Figure

    return Figure(drawing["data"], drawing["layout"])


def _write_all(figures: dict[str, "Figure"], folder: Path) -> None:
    from kaleido import write_fig_from_object_sync

    options = {"width": WIDTH, "height": HEIGHT, "scale": 1}
    write_fig_from_object_sync(
        [
            {"fig": figure, "path": folder / f"{name}.{kind}", "opts": {**options, "format": kind}}
            for name, figure in figures.items()
            for kind in _FORMATS
        ],
        cancel_on_error=True,
        # the formulas' typesetter would be fetched from a host
        kopts={"mathjax": False},
    )
