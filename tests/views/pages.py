"""Pages for tests: everything a report shows, in one page, and the browser that opens it."""

from pathlib import Path

from nmsdreports.views import charts, headlines, tables, tables_findings, tables_office
from nmsdreports.views.audience import Edition
from nmsdreports.views.page import Page

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def full_page(seen: Edition) -> Page:
    """A page with every kind of thing, as the report notebooks show them."""
    page = Page(seen)
    page.show(headlines.headline(seen))
    page.show(headlines.key_facts(seen))
    page.show(tables_findings.table_to_do(seen), "What to do first")
    page.show(headlines.approvals_words(seen), "Approvals")
    page.show(tables.table_approvals(seen))
    page.show(charts.figure_approvals(seen))
    page.show(tables.table_incidents(seen), "Violations and reported incidents")
    page.show(tables.table_violations(seen))
    page.show(tables.table_matrix(seen), "Accounts by guidelines")
    page.show(charts.figure_trend(seen), "The last 24 months")
    page.show(charts.figure_guideline(seen, "parent-notice"))
    page.show(tables_findings.table_findings(seen), "Every open finding")
    page.show(tables.table_clauses(seen), "How this report is made")
    if seen.school is None:
        page.show(tables_office.table_schools_by_guideline(seen), "Each guideline")
        page.show(charts.figure_schools(seen), "The schools")
        page.show(tables_office.table_problems(seen))
    return page
