"""What page and report show, as outputs of a widget: sentences, tables, charts."""

from collections.abc import Sequence
from html import escape

from ipywidgets import Output

from nmsdreports.views.charts import Chart
from nmsdreports.views.page import environment
from nmsdreports.views.theme import Theme

# JupyterLab knows none of the page's styles.
_STYLE = """<style>
.nmsd {{ color: {text}; background: {background}; padding: 2px 8px; max-width: 76rem; }}
.nmsd p {{ margin: 0.3em 0; line-height: 1.5; }}
.nmsd.line {{ margin: 0; }}
.nmsd table {{ border-collapse: collapse; margin: 0.4em 0; font-size: 13px; }}
.nmsd caption {{ text-align: left; font-weight: 600; padding: 4px 0; }}
.nmsd table th, .nmsd table td {{ border-bottom: 1px solid {line}; padding: 4px 8px;
  vertical-align: top; text-align: left !important; color: {text}; white-space: normal; }}
.nmsd table th.number, .nmsd table td.number, .nmsd table td.dt-type-numeric {{
  text-align: right !important; }}
.nmsd table td.whole {{ white-space: nowrap; }}
.nmsd .badge {{ border-radius: 3px; padding: 1px 5px; white-space: nowrap; }}
.nmsd summary {{ cursor: pointer; padding: 4px 0; color: {accent}; }}
.nmsd details p {{ margin-left: 1.2em; }}
.nmsd .note {{ color: {muted}; }}
.nmsd table.map {{ font-size: 12px; }}
.nmsd table.map td {{ padding: 3px 2px; border: 1px solid {background}; white-space: nowrap;
  text-align: center !important; vertical-align: middle; }}
.nmsd table.map th {{ padding: 3px 3px; }}
.nmsd table.map thead th {{ vertical-align: bottom; width: 5.6em; font-size: 11px; }}
.nmsd .scroll {{ overflow-x: auto; }}
.nmsd .dt-container {{ max-width: 100%; overflow-x: auto; }}
.nmsd table.dataTable {{ font-size: 12px; }}
.nmsd table.dataTable th, .nmsd table.dataTable td {{ padding: 4px 5px; overflow-wrap: anywhere; }}
.nmsd table.dataTable thead th {{ font-size: 11px; padding-right: 2px; }}
.nmsd table.dataTable thead th div.dt-column-header {{ gap: 0; }}
.nmsd details caption {{ position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); padding: 0; }}
{states}
</style>"""


def style(theme: Theme) -> str:
    """The styles of all panels, as HTML."""
    looks = {
        f"{kind}-{name.replace(' ', '-')}": look
        for kind in ("status", "severity", "state")
        for name, look in getattr(theme, "substantiation" if kind == "state" else kind).items()
    }
    looks["status-meets-late"] = theme.status["meets"]
    states = "\n".join(
        f".nmsd .{name} {{ background: {look.fill}; color: {look.text}; }}"
        for name, look in looks.items()
    )
    return _STYLE.format(**theme.colours, states=states)


def put(output: Output, theme: Theme, *things: object) -> None:
    """Show in `output` what is given, in place of what it showed: see `bundles`."""
    output.outputs = tuple(
        {"output_type": "display_data", "data": data, "metadata": {}}
        for data in bundles(theme, things)
    )


def bundles(theme: Theme, things: Sequence[object]) -> list[dict]:
    """Each thing as a notebook's output: a sentence, ready HTML, a Table or a Chart.

    Below a chart its numbers stand as a table that one can open.
    """
    made = []
    for thing in things:
        if isinstance(thing, Html):
            made.append(_html(thing.text))
        elif isinstance(thing, Chart):
            made += [thing._repr_mimebundle_(), _html(_numbers(theme, thing))]
        elif isinstance(thing, str):
            made += [_html(f"<p>{escape(thing)}</p>")] if thing else []
        else:
            made.append(_html(table_html(theme, thing)))
    return made


class Html:
    """HTML that is ready: every text from a registry in it was escaped by who made it."""

    def __init__(self, text: str) -> None:
        self.text = text


def sentences_html(sentences: Sequence[str]) -> Html:
    """Sentences as paragraphs."""
    return Html("".join(f"<p>{escape(text)}</p>" for text in sentences if text))


def facts(theme: Theme, items: Sequence[object]) -> Html:
    """The figures of the first glance as a list."""
    return Html(str(environment(theme).get_template("blocks.html.j2").module.facts_list(items)))


def table_script() -> dict:
    """The output that makes tables searchable: the library itself, so that nothing is fetched."""
    from itables.javascript import generate_init_offline_itables_html
    from itables.options import dt_bundle

    html = generate_init_offline_itables_html(dt_bundle)
    data = {"text/html": html.partition("<div")[0], "text/plain": ""}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def details_html(summary: str, inner: str, opened: bool = False) -> str:
    """HTML that opens and closes under a summary."""
    state = " open" if opened else ""
    return f"<details{state}><summary>{escape(summary)}</summary>{inner}</details>"


def table_html(theme: Theme, table: object) -> str:
    """A Table as HTML, its states with mark and colour."""
    return str(environment(theme).get_template("blocks.html.j2").module.table(table, "left"))


def _numbers(theme: Theme, chart: Chart) -> str:
    return details_html("The numbers of this chart", table_html(theme, chart.numbers))


def _html(text: str) -> dict:
    return {"text/html": f'<div class="nmsd">{text}</div>', "text/plain": ""}
