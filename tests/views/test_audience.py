from dataclasses import fields, replace
from types import SimpleNamespace

import pandas as pd
import pytest

from nmsdreports.settings import InputError
from nmsdreports.views.audience import Edition, edition
from tests.views import editions


def texts(seen: Edition) -> str:
    """Everything that an edition holds, as one text."""
    held = (getattr(seen, item.name) for item in fields(seen))
    return "\n".join(
        part.to_csv() if isinstance(part, pd.DataFrame) else str(part) for part in held
    )


def with_incident(school_id: str, account_id: str) -> SimpleNamespace:
    row = ("I009", school_id, account_id, "logo-use", "2026-10-20", "alleged", None)
    return editions.standing(incident_rows=[row])


def test_no_edition_holds_a_restricted_text():
    assert "restricted" not in texts(editions.office_edition())
    assert "restricted" not in texts(editions.school_edition("S1"))


def test_a_school_sees_its_own_rows_and_no_other_schools_id_handle_or_owner():
    rows = [
        ("A1", "S1", "@pineone", None, "Ann Quill"),
        ("B1", "S2", "@cedarone", None, "Bo Fern"),
    ]
    seen = texts(editions.school_edition("S1", account_rows=rows, incident_rows=[]))
    assert "@pineone" in seen and "Ann Quill" in seen
    for foreign in ("B1", "@cedarone", "Bo Fern", "Cedar Creek", "S2"):
        assert foreign not in seen


def test_an_incident_on_another_schools_account_names_no_account():
    seen = edition(with_incident("S1", "A009"), "school", "S1")
    assert seen.incident_rows["account_id"].isna().all()
    assert "A009" not in texts(seen) and "@sample9" not in texts(seen)
    sentence = seen.findings.set_index("subject")["sentence"]["I009"]
    assert "another school's account" in sentence


def test_the_office_sees_which_account_it_was():
    seen = edition(with_incident("S1", "A009"), "office")
    assert '"@sample9"' in seen.findings.set_index("subject")["sentence"]["I009"]


def test_a_school_reads_where_a_problem_stands_and_nothing_made_from_its_value():
    mine, other = editions.school_edition("S1"), editions.school_edition("S2")
    assert mine.problems["cell"].to_list() == ["L3"]
    assert list(mine.problems) == ["file", "sheet", "row", "column", "cell", "level", "code"]
    assert other.problems.empty
    assert mine.counts.empty


def test_what_happened_after_the_day_is_not_known():
    standing = editions.standing(
        incident_rows=[
            ("I1", "S1", None, "logo-use", "2026-10-20", "alleged", "2026-11-03"),
            ("I2", "S1", None, "logo-use", "2026-11-02", "alleged", None),
        ]
    )
    standing.findings = standing.findings[standing.findings["opened_on"] <= standing.as_of]
    standing.records.accounts.loc[0, "closed_on"] = editions.day("2026-11-05")
    seen = edition(standing, "school", "S1")
    assert seen.incident_rows["incident_id"].to_list() == ["I1"]
    assert seen.incident_rows["resolved_on"].isna().all()
    assert seen.accounts["closed_on"].isna().all()


def test_findings_come_by_urgency():
    findings = editions.office_edition().findings
    ranks = {"critical": 0, "high": 1, "medium": 2}
    keys = [
        (not row.open, not row.overdue, ranks[row.severity], row.due_on)
        for row in findings.itertuples()
    ]
    assert keys == sorted(keys)
    assert {True, False} == set(findings["open"]) == set(findings["overdue"])


def test_totals_are_those_of_the_editions_own_reader():
    assert set(editions.office_edition().totals.rates["school_id"]) == {"*"}
    assert set(editions.school_edition("S2").totals.rates["school_id"]) == {"S2"}


def test_files_are_named_for_the_reader_and_for_every_system():
    seen = editions.school_edition("S1", names={"S1": '[North]/South: "A"?'})
    assert seen.stem == "[North] South A 2026-10"
    assert replace(seen, school={**seen.school, "name": "x" * 200}).stem == "x" * 80 + " 2026-10"


@pytest.mark.parametrize(
    ("audience", "school_id", "words"),
    [
        ("school", "S7", 'no school "S7".*S1, S2, S9'),
        ("public", None, 'no audience "public"'),
        ("school", None, "needs a school"),
        ("office", "S1", "takes none"),
    ],
)
def test_a_reader_that_is_not_one_is_refused(audience, school_id, words):
    with pytest.raises(InputError, match=words):
        edition(editions.standing(), audience, school_id)
