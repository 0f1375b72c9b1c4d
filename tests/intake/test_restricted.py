"""No restricted text gets into a list of problems, whichever way it came to stand elsewhere."""

from nmsdreports.intake import load

SCHOOLS = "school_id,name\nS1,Pine Elementary\n"
ACCOUNTS = "account_id,school_id,platform,handle\nA1,S1,Facebook,@samplea\n"
HEADER = "incident_id,school_id,guideline,occurred_on,description,resolved_on\n"


def problems_of(folder, incidents: str):
    (folder / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    (folder / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (folder / "incidents.csv").write_text(HEADER + incidents, encoding="utf-8")
    return load(folder).problems


def test_a_comma_without_quotation_marks_moves_no_text_into_the_list(tmp_path):
    row = "I1,S1,logo-use,2026-10-01,a logo was used, posted by SECRET\n"
    problems = problems_of(tmp_path, row)
    assert (problems["column"] == "resolved_on").any()
    row = "I1,S1,logo-use,2026-10-01,a logo was used, posted by SECRET, 2026-10-02\n"
    more = problems_of(tmp_path, row)
    assert (more["code"] == "extra-cells").any()
    for table in (problems, more):
        assert "SECRET" not in table.to_csv()


def test_a_line_below_the_log_is_listed_without_its_words(tmp_path):
    row = "I1,S1,logo-use,2026-10-01,a logo was used,\nPrincipal's note: SECRET was told,,,,,\n"
    problems = problems_of(tmp_path, row)
    assert problems.query("code == 'footnote'")["value"].tolist() == ["…"]
    assert "SECRET" not in problems.to_csv()
