"""The quality of the data: what was read of each file, and what the office has to repair."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.sentences import count_words
from nmsdreports.views.sheets import Block, Column, Sheet

NAME = "Data quality"
_LEVELS = {"error": "critical", "warning": "high", "note": "low"}


def sheet_data_quality(edition: Edition) -> Sheet:
    """The counts of every file, and every problem with its cell and what to do about it."""
    counts, problems = edition.counts, edition.problems
    if counts.empty:
        return Sheet(NAME, "nothing was read")
    files = [
        Column("File", counts["file"], most=30),
        Column("Sheet", counts["sheet"], most=20),
        Column("Rows read", counts["rows_read"], "count"),
        Column("Accepted", counts["accepted"], "count"),
        Column("Quarantined", counts["quarantined"], "count"),
        Column("Blank", counts["blank"], "count"),
    ]
    blocks = [Block("FilesRead", files, "What was read" if len(problems) else None)]
    if len(problems):
        blocks.append(Block("Problems", _problems(edition), "What to repair"))
    quarantined = int(counts["quarantined"].sum())
    words = (
        f"{count_words(int(counts['rows_read'].sum()), 'row')} read, {quarantined or 'none'} "
        f"quarantined, {count_words(len(problems), 'problem')}"
    )
    explained = "Rows read = accepted + quarantined + blank. A quarantined row counts nowhere."
    return Sheet(NAME, words, [words[:1].upper() + words[1:] + ".", explained], blocks)


def _problems(edition: Edition) -> list[Column]:
    rows = edition.problems
    return [
        Column("File", rows["file"], most=30),
        Column("Sheet", rows["sheet"], most=20),
        Column("Row", rows["row"], "count"),
        Column("Cell", rows["cell"], most=10),
        Column("Column", rows["column"], most=22),
        Column("Level", rows["level"]),
        Column("What is wrong", rows["message"], most=60),
        Column("What to do", rows["suggestion"], most=50),
        Column("Value", rows["value"], most=30),
        Column("Code", rows["code"], most=24),
    ]
