"""A chart under a sheet's table: its question, its numbers as a small table, and the way to it."""

from nmsdreports.views.chart_counts import Counts
from nmsdreports.views.rows import plain_values
from nmsdreports.views.sheet_charts import ChartOver, alt_text
from nmsdreports.views.sheet_parts import CHARTS
from nmsdreports.views.sheets import Block, Column, Line


def chart_block(
    counts: Counts | str, name: str, question: str, unit: str
) -> tuple[list[Line], list[Block], list[ChartOver]]:
    """What a sheet whose first table is another gets for a chart: a line, a table, the chart.

    Where there is nothing to draw, only the sentence that says so.
    """
    if isinstance(counts, str):
        return ([Line(counts, "muted")] if counts else []), [], []
    frame = counts.frame
    kinds = ["month" if frame.dtypes.iloc[0].kind == "M" else "text"]
    kinds += ["count"] * (len(frame.columns) - 1)
    columns = [
        Column(header, plain_values(frame[header]), kind)
        for header, kind in zip(frame.columns, kinds, strict=True)
    ]
    chart = ChartOver(
        title=counts.title,
        alt_text=alt_text(counts.title, frame),
        unit=unit,
        columns=tuple(range(2, len(columns) + 1)),
        bars=True,
        table=1,
        size=(19.0, 8.5),
    )
    line = Line(f"Chart below the table: {counts.title}", "link", CHARTS)
    return [line], [Block(name, columns, question)], [chart]
