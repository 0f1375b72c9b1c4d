"""No restricted text gets into what is written, whichever way it came to stand elsewhere."""

from nmsdreports.intake import load

SCHOOLS = "school_id,name\nS1,Pine Elementary\n"
ACCOUNTS = "account_id,school_id,platform,handle\nA1,S1,Facebook,@samplea\n"
HEADER = "incident_id,school_id,guideline,occurred_on,description,resolved_on\n"


def read(folder, incidents: str, header=HEADER):
    (folder / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    (folder / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (folder / "incidents.csv").write_text(header + incidents, encoding="utf-8")
    return load(folder)


def written(records):
    """The tables of a reading that an office's list of repairs is written from."""
    return records.problems.to_csv() + records.originals.to_csv()


def test_a_comma_without_quotation_marks_moves_no_text_into_the_list(tmp_path):
    row = "I1,S1,logo-use,2026-10-01,a logo was used, posted by SECRET\n"
    records = read(tmp_path, row)
    assert (records.problems["column"] == "resolved_on").any()
    row = "I1,S1,logo-use,2026-10-01,a logo was used, posted by SECRET, 2026-10-02\n"
    more = read(tmp_path, row)
    assert (more.problems["code"] == "extra-cells").any()
    for reading in (records, more):
        assert "SECRET" not in written(reading)
        assert "logo-use" in written(reading), "the cells before it are shown"


def test_a_comma_moves_no_text_under_an_empty_heading_into_the_list(tmp_path):
    head = "incident_id,school_id,guideline,occurred_on,description,\n"
    row = "I1,S1,logo-use,2026-10-01,a logo was used, posted by SECRET\n"
    records = read(tmp_path, row, head)
    assert records.problems["code"].str.contains("data-without-header").any()
    assert "SECRET" not in written(records)


def test_a_line_below_the_log_is_listed_without_its_words(tmp_path):
    row = "I1,S1,logo-use,2026-10-01,a logo was used,\nPrincipal's note: SECRET was told,,,,,\n"
    records = read(tmp_path, row)
    assert records.problems.query("code == 'footnote'")["value"].tolist() == ["…"]
    assert records.originals.query("row == 3")["value"].tolist() == ["…"]
    assert "SECRET" not in written(records)
