"""The quality of the data: what was read of each file, and what the office has to repair."""

from nmsdreports.views.audience import Edition
from nmsdreports.views.repair import instead_words
from nmsdreports.views.sentences import capital, count_words
from nmsdreports.views.sheets import Block, Column, Sheet

NAME = "Data quality"
PROBLEMS = "Problems"


def sheet_data_quality(edition: Edition) -> Sheet:
    """The counts of every file read."""
    counts, problems = edition.counts, edition.problems
    if counts.empty:
        return Sheet(NAME, "nothing was read")
    columns = [
        Column("File", counts["file"], most=30),
        Column("Sheet", counts["sheet"], most=20),
        Column("Rows read", counts["rows_read"], "count"),
        Column("Accepted", counts["accepted"], "count"),
        Column("Quarantined", counts["quarantined"], "count"),
        Column("Blank or repeated", counts["blank"], "count"),
    ]
    quarantined = int(counts["quarantined"].sum())
    words = (
        f"{count_words(int(counts['rows_read'].sum()), 'row')} read, {quarantined or 'none'} "
        f"quarantined, {count_words(len(problems), 'problem')}"
    )
    lines = [
        capital(words) + ".",
        "Rows read = accepted + quarantined + blank or repeated. A quarantined row counts nowhere.",
        "Repeated: the same row stands in the file again, so it is taken once.",
    ]
    return Sheet(NAME, words, lines, [Block("FilesRead", columns)])


def sheet_problems(edition: Edition) -> Sheet:
    """Every problem with its cell and what to do about it."""
    problems = edition.problems
    if problems.empty:
        return Sheet(PROBLEMS, "nothing to repair")
    errors = int(problems["level"].eq("error").sum())
    contents = f"{count_words(len(problems), 'problem')}, {errors or 'none'} of them errors"
    lines = ["What could not be read as it stands, cell by cell."]
    return Sheet(PROBLEMS, contents, lines, [Block("Problems", _problems(edition))])


def _problems(edition: Edition) -> list[Column]:
    rows = edition.problems
    to_do = [instead_words(*row) for row in zip(rows["code"], rows["suggestion"], strict=True)]
    return [
        Column("File", rows["file"], most=30),
        Column("Sheet", rows["sheet"], most=20),
        Column("Row", rows["row"], "count"),
        Column("Cell", rows["cell"], most=10),
        Column("Column", rows["column"], most=22),
        Column("Level", rows["level"]),
        Column("What is wrong", rows["message"], most=60),
        Column("What to do", to_do, most=50),
        Column("Value", rows["value"], most=30),
        Column("Code", rows["code"], most=24),
    ]
