"""The Excel report: one file per sheet, each a function `sheet_…` from an Edition to a Sheet.

Comes in: an Edition (one school's, or the office's). Goes out: one .xlsx, the same bytes for the
same edition. A sheet with nothing to show is not written; the summary says so in its list.
Traps: the edition of the office holds the rows of every school *and* the total row `*` in its
counts, so a sheet takes `edition.totals` for its own counts; a percentage is the whole number
rounded down from its counts.
"""

from pathlib import Path

from nmsdreports.intake.collector import collector_at_rest
from nmsdreports.views.audience import Edition
from nmsdreports.views.finish import describe_workbook, save_workbook
from nmsdreports.views.sheets import Book, add_sheet
from nmsdreports.views.workbook.accounts import sheet_accounts
from nmsdreports.views.workbook.approvals import sheet_approvals
from nmsdreports.views.workbook.changed import sheet_changed, sheet_changed_statuses
from nmsdreports.views.workbook.charts import sheet_charts
from nmsdreports.views.workbook.data_quality import sheet_data_quality, sheet_problems
from nmsdreports.views.workbook.notes import sheet_guidelines, sheet_notes
from nmsdreports.views.workbook.notifications import sheet_notifications
from nmsdreports.views.workbook.schools import sheet_rates_by_school, sheet_schools
from nmsdreports.views.workbook.summary import SUMMARY, about_words, sheet_summary
from nmsdreports.views.workbook.to_do import sheet_oldest, sheet_to_do
from nmsdreports.views.workbook.trend import sheet_trend
from nmsdreports.views.workbook.violations import sheet_incident_counts, sheet_violations
from nmsdreports.views.workbook.watch import sheet_watch

KIND = "report"
"""What the property of the program says of this file, so that intake does not read it as input."""

_SHEETS = (
    sheet_to_do,
    sheet_changed,
    sheet_changed_statuses,
    sheet_approvals,
    sheet_notifications,
    sheet_violations,
    sheet_incident_counts,
    sheet_accounts,
    sheet_watch,
    sheet_charts,
    sheet_trend,
)
_OFFICE_SHEETS = (
    sheet_schools,
    sheet_rates_by_school,
    sheet_to_do,
    sheet_oldest,
    sheet_changed,
    sheet_changed_statuses,
    sheet_watch,
    sheet_approvals,
    sheet_notifications,
    sheet_violations,
    sheet_incident_counts,
    sheet_accounts,
    sheet_charts,
    sheet_trend,
    sheet_data_quality,
    sheet_problems,
)
"""What each audience reads, in its order: an office compares its schools first."""


@collector_at_rest()
def write_workbook(edition: Edition, path: str | Path) -> Path:
    """Write the report of `edition` to `path` and return it."""
    own = _OFFICE_SHEETS if edition.audience == "office" else _SHEETS
    sheets = [sheet(edition) for sheet in own]
    guidelines = sheet_guidelines(edition)
    book = Book(edition.theme, about_words(edition))
    add_sheet(book, sheet_summary(edition, [*sheets, sheet_notes(edition), guidelines]))
    for sheet in sheets:
        if sheet.blocks:
            add_sheet(book, sheet, SUMMARY)
    # the notes say how many texts the sheets before them had to cut
    add_sheet(book, sheet_notes(edition, cut=book.cut), SUMMARY)
    add_sheet(book, guidelines, SUMMARY)
    describe_workbook(
        book.workbook,
        edition.heading,
        edition.district["name"],
        edition.as_of,
        KIND,
        edition.school_id,
    )
    return save_workbook(book.workbook, Path(path), book.alt_texts)
