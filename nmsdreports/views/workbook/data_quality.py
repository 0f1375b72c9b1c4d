"""The quality of the data: what was read of each file and school, and what is to be repaired."""

from collections import Counter

from nmsdreports.views.audience import Edition
from nmsdreports.views.repair import LEVELS_MEAN, instead_words, level_words
from nmsdreports.views.rows import records, values
from nmsdreports.views.sentences import capital, count_words
from nmsdreports.views.sheets import Block, Column, Sheet
from nmsdreports.views.tables import school_names
from nmsdreports.views.workbook.columns import floored, judged_of

NAME = "Data quality"
PROBLEMS = "Problems"
_LEVELS = {"error": "Errors", "warning": "Warnings", "note": "Notes"}
_NO_SCHOOL = "School not known"


def sheet_data_quality(edition: Edition) -> Sheet:
    """The counts of every file read, then the problems and the coverage of every school."""
    counts = records(edition.counts)
    if not counts:
        return Sheet(NAME, "nothing was read")
    quarantined = sum(values(counts, "quarantined"))
    words = (
        f"{count_words(sum(values(counts, 'rows_read')), 'row')} read, {quarantined or 'none'} "
        f"quarantined; {level_words(edition.problems)}"
    )
    lines = [
        capital(words) + ".",
        "Rows read = accepted + quarantined + blank or repeated. A quarantined row counts nowhere.",
        "Repeated: the same row stands in the file again, so it is taken once.",
        "Coverage: of the verdicts that apply, those that dates and values on record can decide.",
    ]
    blocks = [Block("FilesRead", _files(edition, counts), "File by file")]
    if len(edition.schools):
        blocks.append(Block("QualityBySchool", _schools(edition), "School by school"))
    return Sheet(NAME, words, lines, blocks)


def sheet_problems(edition: Edition) -> Sheet:
    """Every problem with its cell and what to do about it."""
    problems = edition.problems
    if problems.empty:
        return Sheet(PROBLEMS, "nothing to repair")
    contents = level_words(problems)
    return Sheet(
        PROBLEMS,
        contents,
        [f"{capital(contents)}.", LEVELS_MEAN],
        [Block("Problems", _problems(edition))],
    )


def _files(edition: Edition, counts: list[dict]) -> list[Column]:
    """The tallies of each file and sheet; a problem of a whole file counts at its first sheet."""
    first = {row["file"]: row["sheet"] for row in reversed(counts)}
    own = {(row["file"], row["sheet"]) for row in counts}
    found: Counter = Counter()
    for row in records(edition.problems, "file", "sheet", "level"):
        place = (row["file"], row["sheet"])
        found[place if place in own else (row["file"], first.get(row["file"])), row["level"]] += 1
    places = [(row["file"], row["sheet"]) for row in counts]
    return [
        Column("File", values(counts, "file"), most=30),
        Column("Sheet", values(counts, "sheet"), most=20),
        Column("Rows read", values(counts, "rows_read"), "count"),
        Column("Accepted", values(counts, "accepted"), "count"),
        Column("Quarantined", values(counts, "quarantined"), "count"),
        Column("Blank or repeated", values(counts, "blank"), "count"),
        *(
            Column(header, [found[place, level] for place in places], "count")
            for level, header in _LEVELS.items()
        ),
    ]


def _schools(edition: Edition) -> list[Column]:
    """Problems in the rows of each school, and how much of what applies could be judged."""
    names = school_names(edition).to_dict()
    found = Counter(
        (row["school_id"], row["level"]) for row in records(edition.problems, "school_id", "level")
    )
    judged, unknown = Counter(), Counter()
    for row in records(edition.rates):
        judged[row["school_id"]] += judged_of(row)
        unknown[row["school_id"]] += row["not_assessed"]
    keys: list[str | None] = [*names]
    if any(school is None for school, _ in found):
        keys.append(None)
    applied = [judged[key] + unknown[key] for key in keys]
    shares = floored([judged[key] for key in keys], applied, "nothing to assess")
    return [
        Column("School", [names.get(key, _NO_SCHOOL) for key in keys], most=30),
        *(
            Column(header, [found[key, level] for key in keys], "count")
            for level, header in _LEVELS.items()
        ),
        Column("Judged", [judged[key] for key in keys], "count"),
        Column("Not assessed", [unknown[key] for key in keys], "count"),
        Column("Coverage", shares, "percent", most=20),
    ]


def _problems(edition: Edition) -> list[Column]:
    rows = edition.problems
    to_do = [instead_words(*row) for row in zip(rows["code"], rows["suggestion"], strict=True)]
    schools = rows["school_id"].map(school_names(edition))
    return [
        Column("File", rows["file"], most=30),
        Column("Sheet", rows["sheet"], most=20),
        Column("Row", rows["row"], "count"),
        Column("Cell", rows["cell"], most=10),
        Column("School", schools, most=18),
        Column("Column", rows["column"], most=22),
        Column("Level", rows["level"], "state"),
        Column("What is wrong", rows["message"], most=60),
        Column("What to do", to_do, most=50),
        Column("Value", rows["value"], most=30),
        Column("Code", rows["code"], most=24),
    ]
