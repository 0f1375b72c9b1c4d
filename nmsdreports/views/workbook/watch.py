"""Watch list: what to act on before it becomes a finding, and what the guidelines do not judge."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.sentences import count_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.tables_watch import table_watch

NAME = "Watch list"


def sheet_watch(edition: Edition) -> Sheet:
    """A row per entry of the watch lists, list by list; none of them counts in a rate."""
    table = table_watch(edition)
    if table.empty:
        return Sheet(NAME, table.nothing.rstrip("."))
    kinds = {"Day": ("date", 14), "What is known": ("text", 60), "About": ("text", 44)}
    columns = [
        Column(name, cells, *_shape(kinds.get(name, ("text", 30))))
        for name, cells in table.columns.items()
    ]
    lists = count_words(len(set(table.columns["Watch"])), "list")
    words = f"{count_words(table.length, 'entry', 'entries')} on {lists}"
    lines = [f"{words}: what runs out soon, and what should be looked at.", table.note]
    return Sheet(NAME, words, lines, [Block("WatchList", columns)])


def _shape(shape: tuple[str, int]) -> tuple[str, None, int]:
    kind, most = shape
    return kind, None, most
