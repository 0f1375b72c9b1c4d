"""Small made-up editions for the board, and the parts of a deck for looking into it."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
from pptx import Presentation

from nmsdreports.views.board.edition import BoardEdition
from nmsdreports.views.theme import read_theme

TITLES = {
    "program-purpose": "Program purpose",
    "supervisor-approval": "Supervisor approval",
    "admin-rights": "Admin rights",
    "professional-label": "Professional label",
    "audience-privacy": "Audience and privacy",
    "parent-notice": "Parent notification",
    "use-reported": "Use reported",
    "student-monitoring": "Monitoring of students' actions",
    "district-email": "District e-mail",
}
MONTHS = [
    f"{month:%Y-%m}" for month in pd.period_range("2024-11", "2026-10", freq="M").to_timestamp()
]
FEW = "fewer than 10"


def made_guidelines(**shown: str) -> pd.DataFrame:
    rows = [
        {
            **{"guideline": name, "title": title, "method": "record"},
            "board_category": "families" if name == "parent-notice" else "accounts",
            **{"applicable": 50, "meets": 40 - at, "does_not_meet": 6 + at, "excepted": 2},
            **{"not_assessed": 2, "shown": shown.get(name.replace("-", "_"), "")},
        }
        for at, (name, title) in enumerate(TITLES.items())
    ]
    counts = ["applicable", "meets", "does_not_meet", "excepted", "not_assessed"]
    made = pd.DataFrame(rows).astype(dict.fromkeys(counts, "Int64"))
    return made.assign(**{name: made[name].mask(made["shown"].ne("")) for name in counts})


def made_trend(months: list[str] = MONTHS, guidelines: list[str] | None = None) -> pd.DataFrame:
    rows = [
        (month, name, 20 + (at + 3 * place) % 17, 20 - (at + 3 * place) % 17, 1)
        for at, month in enumerate(months)
        for place, name in enumerate(TITLES if guidelines is None else guidelines)
    ]
    made = pd.DataFrame(rows, columns=["month", "guideline", "meets", "does_not_meet", "excepted"])
    return made.assign(rate=made["meets"] / 41)


def made_launches(*rows: tuple) -> pd.DataFrame:
    """Rows of (school year, measure, launched, in time)."""
    made = pd.DataFrame(rows, columns=["school_year", "measure", "launched", "in_time"])
    return made.astype({"launched": "Int64", "in_time": "Int64"})


def made_years(*rows: tuple) -> pd.DataFrame:
    """Rows of (school year, categories, reported, substantiated)."""
    made = pd.DataFrame(rows, columns=["school_year", "categories", "reported", "substantiated"])
    return made.astype("str").assign(counted_on=pd.Timestamp("2026-09-30").as_unit("us"))


def made_board(**changes) -> BoardEdition:
    """A board's edition in which every kind of number occurs, with some fields put otherwise."""
    fields = {
        "as_of": pd.Timestamp("2026-10-31"),
        "month": "2026-10",
        "district": {"name": "Sample School District"},
        "theme": read_theme(),
        "logo": None,
        "min_cell": 10,
        "one_school": False,
        "moves_since": "2026-09",
        "restates": {},
        "guidelines": made_guidelines(),
        "trend": made_trend(),
        "launches": made_launches(
            ("2024–25", "approved", 35, 23),
            ("2024–25", "told", 16, 7),
            ("2025–26", "approved", 19, 12),
            ("2025–26", "told", 14, 10),
            ("2026–27", "approved", None, None),
            ("2026–27", "told", None, None),
        ),
        "in_use": pd.DataFrame({"accounts": [62], "in_use": [48], "unclear": [2]}).astype("Int64"),
        "ageing": pd.DataFrame(
            {
                "bucket": ["up to 7 days", "8 to 30 days", "31 to 90 days", "over 90 days"],
                **{"findings": [2, 4, 6, 17], "overdue": [0, 4, 5, 16]},
            }
        ),
        "moves": pd.DataFrame(
            {
                "guideline": [*TITLES],
                "open_before": [1, 5, 4, 4, 2, 2, 3, 4, 0],
                "opened": [0, 2, 1, 0, 0, 2, 0, 10, 0],
                "closed": [0, 1, 1, 1, 0, 1, 1, 8, 0],
                "open_now": [1, 6, 4, 3, 2, 3, 2, 6, 0],
            }
        ),
        "incident_years": made_years(
            ("2024–25", "accounts + families", FEW, FEW),
            ("2024–25", "students + conduct", "34", "11"),
            ("2024–25", "personal use", "not shown", "13"),
            ("2025–26", "accounts + families", "21", FEW),
            ("2025–26", "students + conduct + personal use", FEW, FEW),
        ),
        "running": {"school_year": "2026–27", "reported": "10–19"},
    }
    return BoardEdition(**fields | changes)


def first_month() -> BoardEdition:
    """A district of one school that has just begun: hardly anything is there to be counted."""
    return made_board(
        one_school=True,
        moves_since="",
        guidelines=made_guidelines(
            **{name.replace("-", "_"): "fewer than 10 accounts to judge" for name in TITLES}
        ),
        trend=made_trend()[:0],
        launches=made_launches(),
        in_use=made_board().in_use.assign(accounts=None, in_use=None, unclear=None).astype("Int64"),
        ageing=made_board().ageing.assign(findings=0, overdue=0),
        moves=made_board().moves[:0],
        incident_years=made_years(),
        running={"school_year": "2026–27", "reported": FEW},
    )


def big_board() -> BoardEdition:
    """A district of thousands of accounts, with everything that a slide can hold."""
    numbers = ["open_before", "opened", "closed", "open_now"]
    base = made_board()
    many = [f"{2021 + at}–{22 + at}" for at in range(5)]
    categories = ["accounts", "families", "students", "conduct", "personal use"]
    return made_board(
        district={"name": "The Unified School District of All the Islands and the Mainland"},
        guidelines=base.guidelines.assign(
            **{name: base.guidelines[name] * 411 for name in ("applicable", "meets", "excepted")}
        ),
        trend=base.trend.assign(meets=base.trend["meets"] * 512),
        launches=made_launches(
            *((year, how, 11_234, 9_876) for year in many for how in ("approved", "told"))
        ),
        in_use=made_board().in_use * 2_003,
        ageing=base.ageing.assign(**{n: base.ageing[n] * 1_234 for n in ("findings", "overdue")}),
        moves=base.moves.assign(**{name: base.moves[name] * 1_201 for name in numbers}),
        incident_years=made_years(
            *(
                (year, name, "1,204" if name == "conduct" else "318", "207")
                for year in many
                for name in categories
            )
        ),
        running={"school_year": "2026–27", "reported": "220–229"},
    )


def slides_of(path: Path) -> list:
    return list(Presentation(str(path)).slides)


def parts_of(path: Path) -> dict[str, bytes]:
    """Every part of the deck, those of embedded workbooks among them, by its name."""
    found = {}
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            found[name] = parts.read(name)
    for name, data in [*found.items()]:
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(BytesIO(data)) as inner:
                found |= {f"{name}/{each}": inner.read(each) for each in inner.namelist()}
    return found


def tables_of(slide) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in shape.table.rows]
        for shape in slide.shapes
        if shape.has_table
    ]


def charts_of_slide(slide) -> list:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def workbook_rows(chart) -> list[tuple]:
    """The cells of the workbook behind a chart, row by row, of all its sheets."""
    blob = chart.part.chart_workbook.xlsx_part.blob
    book = openpyxl.load_workbook(BytesIO(blob))
    return [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]


def cached(chart) -> list[tuple]:
    """What the slide itself keeps of a chart: category by category, a gap as None."""
    plot = chart.plots[0]
    return [
        (str(category), *values)
        for category, *values in zip(
            plot.categories,
            *(list(series.values) for series in plot.series),
            strict=True,
        )
    ]


def plain(text: str) -> str:
    """A text without what only tells places: for comparing what is said."""
    return re.sub(r"\s+", " ", text).strip()
