"""Every file of tests/files/intake and the program that made it.

    python -m tests.files.make_files [NAME ...]

makes those that a program made anew (all of them, or the ones named). It needs LibreOffice; the
files are small and committed, so that tests run without it. Their numbers are those of the cases
in tests/intake/cases.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.files import workbooks as books
from tests.files.programs import (
    AS_TYPED,
    FOLDER,
    delimited_by_libreoffice,
    protected_by_libreoffice,
    rows_of,
    with_libreoffice,
    with_openpyxl,
)


@dataclass(frozen=True)
class Made:
    """The program that made a file, and how it makes it again."""

    by: str
    make: Callable[[], bytes]


def exported(delimiter: str, encoding: int, source: str = "01-plain.csv") -> Made:
    """A CSV file that LibreOffice exported; encodings are LibreOffice's numbers."""
    return Made("LibreOffice", partial(delimited_by_libreoffice, source, delimiter, encoding))


def saved(source: str, ending: str, read_as: str | None = None) -> Made:
    """A typed CSV file that LibreOffice opened and saved; all cells are texts unless said."""
    options = {} if read_as is None else {"read_as": read_as}
    return Made("LibreOffice", partial(with_libreoffice, source, ending, **options))


def opened(source: str) -> Made:
    """A workbook that LibreOffice opened and saved as its own."""
    return Made("LibreOffice", partial(with_libreoffice, source, "ods"))


def copied(source: str) -> Made:
    """The cells of a typed CSV file as texts in a workbook that openpyxl wrote."""
    return Made("openpyxl", lambda: with_openpyxl({"Sheet1": rows_of(source)}))


def written(book: Callable[[], bytes]) -> Made:
    """A workbook that xlsxwriter wrote cell by cell."""
    return Made("xlsxwriter", book)


def shaped(book: Callable[[], bytes]) -> Made:
    """A workbook that openpyxl wrote cell by cell."""
    return Made("openpyxl", book)


def edited(book: Callable[[], bytes]) -> Made:
    """A file whose raw content no program writes on purpose."""
    return Made("openpyxl, then by hand", book)


def our_own(book: Callable[[], bytes]) -> Made:
    """A workbook that this program wrote."""
    return Made("nmsdreports", book)


WINDOWS_1252, UTF_8, UTF_16 = 1, 76, 65535
MADE = {
    "01-plain.xlsx": saved("01-plain.csv", "xlsx"),
    "01-plain.ods": saved("01-plain.csv", "ods"),
    "01-unicode-text.txt": exported("\t", UTF_16),
    "01-semicolon.csv": exported(";", UTF_8),
    "01-tab.tsv": exported("\t", UTF_8),
    "01-pipe.csv": exported("|", UTF_8),
    "02-windows-1252.csv": exported(",", WINDOWS_1252),
    "03-line-break.xlsx": saved("03-line-break.csv", "xlsx"),
    "03-line-break.ods": saved("03-line-break.csv", "ods"),
    "06-short-and-blank-rows.xlsx": copied("06-short-and-blank-rows.csv"),
    "07-title-lines.xlsx": saved("07-title-lines.csv", "xlsx"),
    "07-title-lines.ods": saved("07-title-lines.csv", "ods"),
    "08-missing-column.xlsx": copied("08-missing-column.csv"),
    "09-other-wordings.xlsx": saved("09-other-wordings.csv", "xlsx"),
    "10-doubled-heading.xlsx": copied("10-doubled-heading.csv"),
    "11-empty-heading.xlsx": copied("11-empty-heading.csv"),
    "12-tab-for-each-school.xlsx": shaped(books.tab_for_each_school),
    "12b-several-tables.xlsx": shaped(books.several_tables),
    "12b-fits-two.xlsx": copied("12b-fits-two.csv"),
    "13-hidden-sheet.xlsx": shaped(books.hidden_sheet),
    "13-hidden-sheet.ods": opened("13-hidden-sheet.xlsx"),
    "13-hidden-and-filtered-rows.xlsx": written(books.filtered_rows),
    "13-hidden-and-filtered-rows.ods": opened("13-hidden-and-filtered-rows.xlsx"),
    "14-merged-cells.xlsx": shaped(books.merged_cells),
    "14-merged-cells.ods": opened("14-merged-cells.xlsx"),
    "15-error-cells.xlsx": copied("15-error-cells.csv"),
    "15-error-cells.ods": opened("15-error-cells.xlsx"),
    "15-formula-without-value.xlsx": shaped(books.formula_without_value),
    "16-links.xlsx": written(books.links),
    "16-links.ods": opened("16-links.xlsx"),
    "17-totals.xlsx": saved("17-totals.csv", "xlsx", AS_TYPED),
    "17-totals.ods": saved("17-totals.csv", "ods", AS_TYPED),
    "18-far-cell.xlsx": edited(books.far_cell),
    "18-far-row.ods": edited(books.far_row),
    "18-zip-bomb.xlsx": edited(books.zip_bomb),
    "18-doctype.xlsx": edited(books.doctype),
    "18-external-entity.xlsx": edited(books.external_entity),
    "19-before-2007.xls": saved("01-plain.csv", "xls"),
    "19-before-2007-renamed.xlsx": saved("01-plain.csv", "xls"),
    "19-web-page-renamed.xlsx": saved("01-plain.csv", "html"),
    "19-workbook-renamed.csv": saved("01-plain.csv", "xlsx"),
    "19-document-renamed.xlsx": edited(books.word_document),
    "19-cut-off.xlsx": edited(books.cut_off),
    "19-protected.xlsx": Made(
        "LibreOffice", partial(protected_by_libreoffice, "01-plain.ods", "xlsx")
    ),
    "19-protected.ods": Made(
        "LibreOffice", partial(protected_by_libreoffice, "01-plain.ods", "ods")
    ),
    "20-own-workbook.xlsx": our_own(books.own_workbook),
    "20-template.xlsx": our_own(books.template),
    "21-days.xlsx": copied("21-days.csv"),
    "21-real-days.xlsx": shaped(books.real_days),
    "21-real-days.ods": saved("21-real-days.csv", "ods", AS_TYPED),
    "21-days-from-1904.xlsx": written(books.days_from_1904),
    "22-day-numbers.xlsx": saved("22-day-numbers.csv", "xlsx", AS_TYPED),
    "23-unreadable-days.xlsx": copied("23-unreadable-days.csv"),
    "23-any-year.xlsx": copied("23-any-year.csv"),
    "24-days-to-come.xlsx": saved("24-days-to-come.csv", "xlsx", AS_TYPED),
    "25-empty-words.xlsx": copied("25-empty-words.csv"),
    "26-pending.xlsx": copied("26-pending.csv"),
    "27-yes-no.xlsx": written(books.yes_no),
    "28-neither-yes-nor-no.xlsx": copied("28-neither-yes-nor-no.csv"),
    "29-ids.xlsx": written(books.ids),
    "29-reviews.xlsx": copied("29-reviews.csv"),
    "30-same-id.xlsx": copied("30-same-id.csv"),
    "30-concerns.xlsx": copied("30-concerns.csv"),
    "31-spellings.xlsx": copied("31-spellings.csv"),
    "32-addresses.xlsx": copied("32-addresses.csv"),
    "33-odd-characters.xlsx": saved("33-odd-characters.csv", "xlsx"),
    "33-odd-characters.ods": saved("33-odd-characters.csv", "ods"),
    "34-schools.xlsx": copied("34-schools.csv"),
    "35-incidents.xlsx": copied("35-incidents.csv"),
    "35-reviews.xlsx": copied("35-reviews.csv"),
    "36-emails.xlsx": copied("36-emails.csv"),
    "37-microsoft-forms.xlsx": written(books.microsoft_forms),
    "37-microsoft-forms.csv": exported(",", UTF_8, "37-microsoft-forms.xlsx"),
    "37-unknown-questions.xlsx": written(books.unknown_questions),
    "38-google-forms.xlsx": shaped(books.google_forms),
    "38-joined-groups.xlsx": copied("38-joined-groups.csv"),
    "39-credential-column.xlsx": copied("39-credential-column.csv"),
    "39-credential-column.ods": saved("39-credential-column.csv", "ods"),
    "39-empty-credential-column.xlsx": copied("39-empty-credential-column.csv"),
    "39-hidden-column.xlsx": written(books.hidden_credential_column),
    "39-second-sheet.xlsx": shaped(books.credentials_on_second_sheet),
    "39-no-credentials.xlsx": copied("39-no-credentials.csv"),
    "40-private-numbers.xlsx": copied("40-private-numbers.csv"),
    "41-formula-texts.xlsx": written(books.formula_texts),
}
"""Each in the order in which it can be made: a file made from another comes after it."""


def main(*names: str) -> None:
    """Make the files anew that a program made."""
    for name, made in MADE.items():
        if not names or name in names:
            (FOLDER / name).write_bytes(made.make())
            print(f"{name}  ({made.by})")


if __name__ == "__main__":
    main(*sys.argv[1:])
