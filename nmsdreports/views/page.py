"""A page is what was shown on it: text, tables and charts, written as one self-contained file.

The file asks no host for anything: style, script and Plotly's basic bundle stand in it, and its
content security policy allows these by their hashes and nothing else.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from nmsdreports.intake.collector import collector_at_rest
from nmsdreports.views import sentences
from nmsdreports.views.audience import Edition
from nmsdreports.views.caveats import caveats
from nmsdreports.views.charts import Chart
from nmsdreports.views.definitions import Aside
from nmsdreports.views.headlines import Fact, accounts_words, all_well
from nmsdreports.views.logo import Logo
from nmsdreports.views.page_cells import (
    MOST_ROWS,
    badge,
    break_words,
    letters,
    slug,
    table_rows,
    without_controls,
)
from nmsdreports.views.table import Table
from nmsdreports.views.tables_findings import ToDo
from nmsdreports.views.theme import Theme

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_HERE = Path(__file__).parent
# A wide table of more columns is printed on a page turned sideways.
_MOST_UPRIGHT = 11


@dataclass(frozen=True)
class Shown:
    """One thing on the page; a notebook displays it as HTML without scripts, or as a chart."""

    kind: str
    thing: object
    title: str | None
    edition: Edition
    folded: bool = False

    @property
    def silent(self) -> bool:
        """Whether it only says that there is nothing to show."""
        if self.kind in ("table", "todo"):
            return self.thing.empty
        return self.kind == "text" and not self.thing

    def _repr_mimebundle_(self, **_: object) -> dict:
        if self.kind == "chart":
            return self.thing._repr_mimebundle_()
        blocks = environment(self.edition.theme).get_template("blocks.html.j2").module
        heading = blocks.heading(self.title) if self.title else ""
        html = f"{heading}{blocks.block(self, notebook=True)}"
        return {"text/html": html, "text/plain": _plain(self)}


class Page:
    """The page of an edition: `show` things in the order in which they are read, then `write`."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.sections: list[list[Shown]] = [[]]

    @property
    def head(self) -> Shown:
        """Logo, district and heading, as the page begins with them, to begin a notebook."""
        return Shown("head", self.edition, None, self.edition)

    def show(self, thing: object, title: str | None = None, *, folded: bool = False) -> Shown:
        """Put a sentence, list of sentences, table or chart on the page; returns what it shows.

        `title` begins a section with that heading, which is opened by a click on it where the
        section is `folded`. Takes also a DataFrame, whose caption is then the title, and a Plotly
        figure, whose numbers stand below it.
        """
        kind, thing = _block(thing, title)
        shown = Shown(kind, thing, title, self.edition, folded)
        if title is not None:
            self.sections.append([])
        self.sections[-1].append(shown)
        return shown

    def write(self, path: str | Path) -> Path:
        """Write the page as one HTML file; returns its path."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.html(), encoding="utf-8", newline="\n")
        return path

    @collector_at_rest()
    def html(self) -> str:
        """The whole page as text."""
        if not any(self.sections):
            raise ValueError("Nothing was shown on the page, so there is nothing to write.")
        well = self.edition.account_id is None and all_well(self.edition)
        # where all is well only what says something is left, behind its heading
        opening, *sections = self.sections
        if well:
            sections = [section for section in sections if not all(s.silent for s in section)]
        return render(
            "page.html.j2",
            self.edition.theme,
            scripts_for([opening, *sections]),
            self.edition.logo,
            edition=self.edition,
            well=well,
            opening=opening,
            sections=sections,
            accounts=accounts_words(self.edition),
            month=sentences.month_words(self.edition.month),
            next_report=_next_report(self.edition.as_of),
        )


def scripts_for(sections: list[list[Shown]]) -> list[str]:
    """The scripts that draw the charts of a page; none where it has no chart."""
    if not any(shown.kind == "chart" for section in sections for shown in section):
        return []
    return [_read("vendor/plotly-basic.min.js"), _read("templates/page.js")]


def render(
    template: str,
    theme: Theme,
    scripts: list[str] | None = None,
    logo: Logo | None = None,
    **values,
) -> str:
    """A template as text, with style and scripts inlined and allowed by their hashes."""
    style = _style(theme)
    scripts = scripts or []
    policy = Markup(_policy(style, scripts, logo is not None))
    text = (
        environment(theme)
        .get_template(template)
        .render(style=Markup(style), policy=policy, logo=logo, **values)
    )
    if not scripts:
        return text
    # A template would copy the megabyte of Plotly's bundle four times.
    before, body, after = text.rpartition("</body>")
    inlined = [part for script in scripts for part in ("<script>", script, "</script>\n")]
    return "".join([before, *inlined, body, after])


@lru_cache
def environment(theme: Theme) -> Environment:
    """Jinja2 with the filters in which every cell's format is defined once, made once a theme."""
    env = Environment(
        loader=PackageLoader("nmsdreports.views"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    env.filters.update(
        rows=partial(table_rows, theme=theme),
        badge=partial(badge, theme=theme),
        day=sentences.day_words,
        caveats=caveats,
        slug=slug,
        capital=sentences.capital,
        words=letters,
        controls=without_controls,
        breakable=break_words,
        sideways=lambda section: any(_is_sideways(shown) for shown in section),
        chart=lambda chart: Markup(_json(chart)),
    )
    env.globals.update(theme=theme, most_rows=MOST_ROWS)
    return env


def _is_sideways(shown: Shown) -> bool:
    return shown.kind == "table" and shown.thing.wide and len(shown.thing.columns) > _MOST_UPRIGHT


@lru_cache
def _style(theme: Theme) -> str:
    return environment(theme).get_template("style.css.j2").render(theme=theme)


def _block(thing: object, title: str | None) -> tuple[str, object]:
    if isinstance(thing, str):
        return "text", [thing] if thing else []
    if isinstance(thing, list | tuple) and all(isinstance(item, str) for item in thing):
        return "text", list(thing)
    if isinstance(thing, list | tuple) and all(isinstance(item, Fact) for item in thing):
        return "facts", list(thing)
    if isinstance(thing, pd.DataFrame):
        if not thing.columns.is_unique:
            twice = thing.columns[thing.columns.duplicated()][0]
            raise ValueError(f'Two columns of the table are named "{twice}": rename one of them.')
        _check_cells(thing)
        return "table", Table(title or "Table", thing.reset_index(drop=True))
    if hasattr(thing, "to_plotly_json"):
        return "chart", _chart_of(thing)
    kinds = {Table: "table", Chart: "chart", ToDo: "todo", Aside: "aside"}
    if type(thing) in kinds:
        return kinds[type(thing)], thing
    raise TypeError(
        f"A page shows sentences, tables and charts, not {type(thing).__name__}: give a text, "
        "a DataFrame or a Plotly figure."
    )


def _check_cells(frame: pd.DataFrame) -> None:
    """Refuse a table with a list in a cell, of which nobody could say how it is to be shown."""
    for header, column in frame.items():
        several = column[column.map(pd.api.types.is_list_like)]
        if len(several):
            raise ValueError(
                f'In the column "{header}" of the table a cell holds several values '
                f"({letters(str(several.iloc[0]))}): make one text of them, or give each its row."
            )


def _chart_of(figure: "Figure") -> Chart:
    """A figure that a district's own notebook drew, with the numbers of its traces."""
    title = figure.layout.title.text or "Chart"
    columns = {}
    for trace in figure.data:
        labels, numbers = (trace.y, trace.x) if trace.orientation == "h" else (trace.x, trace.y)
        columns[trace.name or "Number"] = pd.Series(list(numbers), index=[str(x) for x in labels])
    frame = pd.DataFrame(columns).rename_axis("Category").reset_index()
    drawing = json.loads(figure.to_json(engine="json"))
    return Chart(title, drawing, Table(f"Numbers of the chart: {title}", frame))


def _plain(shown: Shown) -> str:
    if shown.kind == "text":
        return "\n".join(shown.thing)
    if shown.kind == "facts":
        return "\n".join(f"{fact.name}: {fact.value} ({fact.detail})" for fact in shown.thing)
    if shown.kind == "todo":
        return "\n".join(row["sentence"] for row in shown.thing.rows) or shown.thing.nothing
    if shown.kind == "aside":
        return "\n".join([shown.thing.title, *shown.thing.sentences])
    if shown.kind == "head":
        return shown.thing.heading
    if shown.kind == "files":
        return ", ".join(shown.thing)
    return f"{shown.thing.caption}: {sentences.count_words(shown.thing.length, 'row')}"


def _json(chart: Chart) -> str:
    """The drawing for the page: its title stands in the page's text, so not in the drawing."""
    layout = {k: v for k, v in chart.drawing["layout"].items() if k not in ("title", "template")}
    layout["margin"] = {**layout.get("margin", {}), "t": 10}
    text = json.dumps({"data": chart.drawing["data"], "layout": layout}, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _policy(style: str, scripts: list[str], pictures: bool) -> str:
    # Plotly adds an empty <style> and fills it by script; the empty text has a hash as well
    styles = " ".join(_hash(text) for text in ((style, "") if scripts else (style,)))
    allowed = " ".join(_hash(text) for text in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src {styles}; "
        f"{'img-src data:; ' if pictures else ''}base-uri 'none'; form-action 'none'"
    )


@lru_cache
def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@lru_cache
def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8").strip()


def _next_report(as_of: pd.Timestamp) -> str:
    return sentences.day_words(as_of + pd.offsets.MonthEnd(1))
