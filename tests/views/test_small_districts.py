"""The report notebooks on districts in which almost nothing is on record: no error, no warning."""

import json
from pathlib import Path

import pytest

from nmsdreports.intake.tables import read_tables
from nmsdreports.views.board import images
from nmsdreports.views.board.audit import check_hidden

ROOT = Path(__file__).parents[2]
SCHOOLS = """school_id,name,level
S1,Pine Elementary,elementary
S2,Cedar High,high
"""
COLUMNS = list(read_tables()["accounts"].columns)
INCIDENTS = "incident_id,school_id,account_id,guideline,occurred_on,reported_on,emergency\n"
GOOD = {
    "owner": "Ann Lee",
    "registered_email": "a@example.org",
    "purpose": "educational",
    "audience": "public",
    "visibility": "public",
    "students_invited": "no",
    "approved_on": "2026-08-01",
    "approved_by": "Bo Ray",
    **dict.fromkeys(("reported_on", "admin_granted_on", "labelled_on"), "2026-09-01"),
    "launched_on": "2026-09-01",
}


def registry(**values: str) -> str:
    """Return the text of a registry with one account of these values; without any, none."""
    fixed = {"account_id": "A1", "school_id": "S1", "platform": "Facebook", "handle": "@samplea"}
    rows = [COLUMNS, [(fixed | values).get(name, "") for name in COLUMNS]]
    return "\n".join(",".join(row) for row in rows[: 2 if values else 1]) + "\n"


DISTRICTS = {
    "headings only": {"accounts": registry()},
    "nothing to find": {"accounts": registry(**GOOD)},
    "one launch and no more": {"accounts": registry(launched_on="2026-09-01")},
    "only planned": {"accounts": registry(requested_on="2026-10-01", students_invited="yes")},
    "launched later": {"accounts": registry(launched_on="2027-02-01", students_invited="yes")},
    "only ended": {"accounts": registry(launched_on="2025-02-01", closed_on="2026-01-01")},
    "only emergencies": {
        "accounts": registry(**GOOD),
        "incidents": INCIDENTS
        + "E1,S1,A1,personal-contact,2026-10-10,,yes\n"
        + "E2,S2,A1,emergency-notice,,2026-10-11,yes\n",
    },
    "an incident and no account": {
        "accounts": registry(),
        "incidents": INCIDENTS + "I1,S2,,logo-use,2026-10-10,,\n",
    },
}


def run_cells(notebook: str, **parameters) -> None:
    """Run a notebook's cells in their order, and draw what each one shows."""
    names: dict = {}
    cells = json.loads((ROOT / "notebooks" / f"{notebook}.ipynb").read_text("utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        exec(source, names)
        if "parameters" in cell["metadata"].get("tags", []):
            names |= parameters
        if source.strip().splitlines()[-1].startswith("page.show("):
            names["page"].sections[-1][-1]._repr_mimebundle_()


@pytest.mark.parametrize("tables", DISTRICTS.values(), ids=DISTRICTS)
def test_a_district_with_almost_nothing_gets_its_reports(tmp_path, tables, monkeypatch):
    source = tmp_path / "source"
    source.mkdir()
    settings = 'name = "Small District"\nemail_domains = ["example.org"]\n'
    (source / "district.toml").write_text(settings, encoding="utf-8")
    for name, text in ({"schools": SCHOOLS, "incidents": INCIDENTS} | tables).items():
        (source / f"{name}.csv").write_text(text, encoding="utf-8")
    shared = {"source": str(source), "month": "2026-10", "output": str(tmp_path / "out")}
    run_cells("district_report", **shared)
    monkeypatch.setattr(images, "find_spec", lambda name: None)  # the extra takes a browser
    board = tmp_path / "2026-10" / "board"
    run_cells("board_charts", **shared | {"output": str(board)})
    assert check_hidden([board], 10) == []
    assert len([*board.rglob("*.html")]) == 2 and len([*board.rglob("*.csv")]) > 1
    for school_id in ("S1", "S2"):
        run_cells("school_report", **shared, school_id=school_id)
    assert len(list((tmp_path / "out").rglob("*.html"))) == 3
    assert len(list((tmp_path / "out").rglob("*.xlsx"))) == 3
