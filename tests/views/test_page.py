import re
from html import unescape
from importlib.resources import files

import pandas as pd
import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs_version

from nmsdreports.views import headlines, tables, tables_findings
from nmsdreports.views.audience import edition
from nmsdreports.views.page import MOST_ROWS, Page, break_words
from nmsdreports.views.table import Table
from tests.views import editions
from tests.views.pages import full_page

VENDOR = files("nmsdreports.views") / "vendor"
LONGEST = 1_500_000


def words(html: str) -> str:
    """The words of a page in order, without style and script."""
    body = re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_the_bundle_is_the_one_that_plotly_speaks_to():
    head = (VENDOR / "plotly-basic.min.js").read_text(encoding="utf-8")[:200]
    assert f"plotly.js (basic - minified) v{get_plotlyjs_version()}" in head
    assert "MIT" in (VENDOR / "plotly-basic.LICENSE").read_text(encoding="utf-8")


def test_a_page_is_one_small_file_with_equal_bytes(tmp_path):
    one = full_page(editions.school_edition("S1")).write(tmp_path / "one.html").read_bytes()
    other = full_page(editions.school_edition("S1")).write(tmp_path / "other.html").read_bytes()
    assert one == other
    assert len(one) <= LONGEST
    assert b"\r" not in one


def test_a_page_shows_its_table_cell_by_cell():
    seen = editions.school_edition("S1")
    page = Page(seen)
    table = tables.table_guidelines(seen)
    page.show(table, "All guidelines")
    shown = words(page.html())
    for row in table.frame.itertuples(index=False, name=None):
        assert " ".join(str(cell) for cell in row) in shown


def test_a_page_says_whose_it_is_of_when_and_whom_to_ask():
    shown = words(full_page(editions.school_edition("S1")).html())
    for part in ("Pine Elementary", "October 2026", "October 31, 2026", "Nell Inkpenny"):
        assert part in shown
    assert "Wren Quillby" in shown and "w.quillby@example.org" in shown
    assert "Next report as of November 30, 2026" in shown


def test_what_to_do_says_what_who_and_by_when():
    seen = editions.school_edition("S1")
    page = Page(seen)
    page.show(tables_findings.table_to_do(seen), "What to do first")
    html = page.html()
    assert (
        'Obtain approval or pause the account : Facebook "@sample1" Ann Quill · ! overdue since '
        "October 10, 2026 · ●● high Why: Supervisor approval "
        'Facebook "@sample1" has had no supervisor approval that counts since October 5, 2026 '
        "(27 days); self-approval on Mar 1, 2026 does not count. "
        "Professional 2 of the guidelines , in our words: "
    ) in words(html)
    # the clause and the definition are one step away
    assert "Professional 2" not in words(re.sub(r"<details>.*?</details>", "", html, flags=re.S))


def test_a_school_without_accounts_gets_words_and_no_percentage():
    shown = words(full_page(editions.school_edition("S9")).html())
    assert "Quiet School has no accounts on record" in shown
    assert "there is nothing to approve" in shown
    assert "%" not in shown
    assert "nan" not in shown.casefold().split()


def test_nothing_in_the_file_asks_a_host_and_the_policy_allows_only_what_is_in_it():
    html = full_page(editions.school_edition("S1")).html()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy and "http" not in policy
    assert not re.search(
        r"<(link|img|iframe|object|embed|base|form)\b|\bsrc=", html.split("<script")[0]
    )
    assert re.findall(r"<script[^>]*\bsrc=", html) == []
    assert not re.search(r'\s(style|on\w+)="', re.sub(r"<script.*?</script>", "", html, flags=re.S))


def test_a_page_without_a_chart_carries_no_script():
    seen = editions.school_edition("S1")
    page = Page(seen)
    page.show(headlines.headline(seen))
    html = page.html()
    assert "<script" not in html
    assert "script-src 'none'" in html
    assert len(html) < 20_000


def test_a_text_from_the_registry_stays_a_text():
    rows = [("A1", "S1", "</script><b>@x\x07", None, "=cmd|'/c calc'!A1 & Co <i>")]
    html = full_page(editions.school_edition("S1", account_rows=rows, incident_rows=[])).html()
    assert "<b>@x" not in html and "\x07" not in html
    assert "&lt;b&gt;@x" in html
    assert html.count("<script") == html.count("</script>")


def test_a_long_word_breaks_after_its_marks_and_never_before_a_last_letter():
    assert break_words("https://www.example.org/pine.school") == (
        "https://<wbr>www.<wbr>example.<wbr>org/<wbr>pine.<wbr>school"
    )
    assert break_words("x" * 23) == f"{'x' * 12}<wbr>{'x' * 11}"
    assert break_words("<b>" + "y" * 5) == "&lt;b&gt;yyyyy"
    handle = "@sample.pine.elementary.grade5"
    rows = [("A1", "S1", handle, None, "Ann Quill")]
    html = full_page(editions.school_edition("S1", account_rows=rows, incident_rows=[])).html()
    assert "elementary.<wbr>grade5" in html


@pytest.mark.parametrize(("level", "words"), [("district", "In charge"), ("high", "Principal")])
def test_only_a_school_has_a_principal(level, words):
    standing = editions.standing()
    standing.records.schools["level"] = level
    page = full_page(edition(standing, "school", "S1"))
    assert f"<dt>{words}</dt><dd>Nell Inkpenny</dd>" in page.html()


def test_what_is_cut_is_counted():
    seen = editions.school_edition("S1")
    page = Page(seen)
    page.show("x" * 40_000)
    page.show(pd.DataFrame({"n": range(MOST_ROWS + 5)}), "Many rows")
    shown = words(page.html())
    assert "(39,400 more characters)" in shown
    assert f"The first {MOST_ROWS} of 205 rows" in shown


def test_a_notebook_gets_html_without_script_or_style_sheet():
    seen = editions.school_edition("S1")
    page = Page(seen)
    things = (
        headlines.key_facts(seen),
        tables_findings.table_to_do(seen),
        tables.table_approvals(seen),
    )
    for thing in things:
        bundle = page.show(thing, "A heading")._repr_mimebundle_()
        assert set(bundle) == {"text/html", "text/plain"}
        assert "<h2>A heading</h2>" in bundle["text/html"]
        assert not re.search(r"<script|<style|\son\w+=", bundle["text/html"])


def test_a_districts_own_frame_and_figure_can_be_shown():
    page = Page(editions.school_edition("S1"))
    page.show(pd.DataFrame({"Club": ["Chess"], "Members": [12]}), "Clubs")
    page.show(
        go.Figure(go.Bar(name="Members", x=["Chess"], y=[12]), {"title": {"text": "12 play"}})
    )
    html = page.html()
    assert "Clubs" in html and "Chess" in html
    assert 'aria-label="12 play. Bar chart. Chess: members 12."' in html


def test_what_cannot_be_shown_is_refused_in_words():
    page = Page(editions.school_edition("S1"))
    with pytest.raises(TypeError, match="shows sentences, tables and charts, not int"):
        page.show(5)
    with pytest.raises(ValueError, match='Two columns of the table are named "Club"'):
        page.show(pd.DataFrame([["Chess", "Choir"]], columns=["Club", "Club"]), "Clubs")
    several = 'In the column "Clubs" of the table a cell holds several values .*Chess.*Choir'
    with pytest.raises(ValueError, match=several):
        page.show(pd.DataFrame({"Room": [1, 2], "Clubs": [None, ["Chess", "Choir"]]}), "Rooms")
    with pytest.raises(ValueError, match="Nothing was shown"):
        page.html()


def test_a_table_without_rows_is_its_sentence():
    page = Page(editions.school_edition("S1"))
    page.show(Table("Empty", pd.DataFrame({"a": []}), nothing="There is none."))
    assert "There is none." in words(page.html())
    assert "<table" not in page.html()
