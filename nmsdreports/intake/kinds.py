"""Every kind of thing that can be wrong with an input, once: what becomes of it, and its message.

`KINDS` maps a code to its kind. Outcomes: note (put right, and said), warn (kept, someone should
look), unknown (the value is not used, the row stays), quarantine (the row is set aside), refuse
(the file or sheet is not used). `LEVELS` maps an outcome to the level that a person reads.
"""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = {
    "note": "note",
    "warn": "warning",
    "unknown": "error",
    "quarantine": "error",
    "refuse": "error",
}


@dataclass(frozen=True)
class Kind:
    """One kind of problem; `message` is filled with the words that its finder gives."""

    outcome: str
    message: str
    hide: bool = False


KINDS: dict[str, Kind] = {
    # files
    "no-permission": Kind(
        "refuse", "{file} may not be read; close it elsewhere or ask for access."
    ),
    "changed-while-reading": Kind(
        "refuse",
        "{file} changed or disappeared while it was being read; save and close it, then start "
        "again.",
    ),
    "empty-file": Kind("refuse", "{file} is empty; export it again."),
    "not-text": Kind("refuse", "{file} is no readable text; save it again as CSV UTF-8."),
    "unclosed-quote": Kind(
        "refuse",
        "{file}: a quotation mark opened in line {line} is never closed; close it, or remove it.",
    ),
    "misplaced-quote": Kind(
        "refuse",
        "{file}: text follows a closing quotation mark in line {line}; "
        "double the quotation marks inside a text, or remove them.",
    ),
    "swallowed-rows": Kind(
        "refuse",
        "{file}: a text in row {row} holds whole rows; a quotation mark there is closed too late.",
    ),
    "old-excel": Kind(
        "refuse",
        "{file} is in Excel's format of before 2007; save it as .xlsx and remove this one.",
    ),
    "other-format": Kind("refuse", "{file} cannot be read; save it as .xlsx and remove this one."),
    "protected": Kind(
        "refuse",
        "{file} is protected with a password; save a copy without one and remove this one.",
    ),
    "renamed": Kind("refuse", "{file} is really {really}; save it again as {ending}."),
    "truncated": Kind(
        "refuse", "{file} is damaged or was cut off; open it, save it again, or copy it once more."
    ),
    "zip-bomb": Kind(
        "refuse",
        "{file} unpacks to far more than a spreadsheet holds and is not opened; "
        "copy its rows into a new one.",
    ),
    "doctype": Kind(
        "refuse",
        "{file} carries what no spreadsheet needs (a DOCTYPE) and is not opened; "
        "copy its rows into a new one.",
    ),
    "far-cell": Kind(
        "refuse",
        "{file}: a cell stands far away at {far}; press Ctrl+End to find it, delete the rows and "
        "columns between, and save.",
    ),
    "credential-column": Kind(
        "refuse",
        "{file}{where}: column {letter} '{header}' is named like a credential; "
        "delete that column, then try again{others}. Passwords have no place in this file.",
        hide=True,
    ),
    "missing-columns": Kind(
        "refuse",
        "{file}{where}: read as {title}, but there is no column for {missing}; the headings are "
        "{seen}. {repair}.",
    ),
    "no-headings": Kind(
        "refuse",
        "No row with headings was found in {spot}; write one above the data, with at least "
        "{wanted}.",
    ),
    "ambiguous-sheet": Kind(
        "refuse",
        "{file}{where} fits {tables} equally; say which it is under [files] in district.toml: "
        "{lines}.",
    ),
    "missing-table": Kind(
        "refuse", "There is no file for {title}; add one, for example {table}.csv."
    ),
    "no-settings": Kind(
        "warn",
        "There is no district.toml, so '{name}' and its e-mail domain {domain} are taken. "
        "`nmsdreports new FOLDER` makes one: fill it in and copy it beside the spreadsheets.",
    ),
    "untouched-settings": Kind(
        "warn",
        "district.toml names nobody to ask, and has the name and the e-mail domain that it came "
        "with: '{name}' and {domain}. Write your district's own there, and fill in [contact].",
    ),
    "schools-not-read": Kind(
        "note", "No table of schools could be read, so no school named elsewhere was looked up."
    ),
    "registry-not-read": Kind(
        "note", "No registry could be read, so no account named elsewhere was looked up."
    ),
    "windows-1252": Kind("note", "{file} was read as Windows-1252; is '{sample}' spelt right?"),
    "lock-file": Kind("note", "{file} only shows that the spreadsheet is open somewhere; skipped."),
    "own-workbook": Kind("note", "{file} was written by this program; skipped."),
    "folder-not-read": Kind("note", "The folder {file} holds spreadsheets; folders are not read."),
    "sheet-not-used": Kind("note", "{file}{where} fits no table; it is not used."),
    "likely-table": Kind(
        "warn",
        "{file}{where} seems to be meant as {title}, but its headings do not say so; it is not "
        "used. Name them as that table's are, at least {wanted}.",
    ),
    "hidden-sheet": Kind(
        "warn",
        "{file}{where} is hidden and fits {title}; it is not used. Show it, or name it in [files].",
    ),
    "unused-mapping": Kind(
        "warn",
        "The line of '{wording}' under [mapping] in district.toml does nothing: no heading reads "
        "so. Write it there word for word as the heading, or take the line out.",
    ),
    # headers
    "double-header": Kind(
        "warn",
        "'{header}' in {cell} means '{meaning}' as {other} does{elsewhere}; only {other} is used.",
    ),
    "data-without-header": Kind("warn", "There is data under an empty heading; it is not used."),
    "extra-column": Kind(
        "note", "This heading is not known{elsewhere}; its column is kept, but not used."
    ),
    "person-column": Kind(
        "warn",
        "'{header}'{elsewhere} seems to tell of students or parents, who are named in no table; "
        "it is not used. Delete that column.",
    ),
    "lacking-column": Kind(
        "warn", "There is no column for {headings}{elsewhere}: {absent}. {repair}."
    ),
    "column-in-log": Kind(
        "note", "There is no column for {headings}{elsewhere}; it is kept in {logs}."
    ),
    # rows
    "extra-cells": Kind(
        "quarantine",
        "This row has more cells than there are headings; "
        "a comma inside a text needs quotation marks around the text.",
        hide=True,
    ),
    "footnote": Kind("note", "A note below the table: it is no data and is skipped.", hide=True),
    "totals-row": Kind("note", "A line of totals: it is no data and is skipped.", hide=True),
    "hidden-rows": Kind("note", "{hidden} read too: {rows}."),
    "merged-cells": Kind("note", "Merged cells {range} in '{header}' were filled down."),
    "required-empty": Kind("quarantine", "{which} empty, and no row can do without {it}."),
    "identical-row": Kind("note", "The same row stands in {other} already; it counts once."),
    "same-id": Kind(
        "quarantine",
        "{heading} '{value}' stands in {other} already, with other values; the row in {other} is "
        "used, this one is not.",
    ),
    "concern-completed": Kind("note", "This row completes the concern in {other}."),
    # values
    "error-cell": Kind(
        "unknown", "'{header}' shows an error; open the file in Excel, mend it and save it."
    ),
    "formula-without-value": Kind(
        "unknown",
        "'{header}' holds a formula whose result was never stored; "
        "open the file in Excel and save it.",
    ),
    "day-number": Kind("note", "Excel's day number, read as {day}."),
    "pending": Kind("note", "Read as not done yet."),
    "unreadable-day": Kind(
        "unknown", "'{header}' needs a day such as 9/1/2026 or 2026-09-01{because}."
    ),
    "day-or-month": Kind(
        "warn",
        "'{header}' was read as {day}, month first; but another cell of this column has its day "
        "first.",
    ),
    "implausible-day": Kind("unknown", "'{header}': the year {year} is not plausible."),
    "future-day": Kind(
        "warn", "'{header}' lies after the day of reading; until then it counts as not done."
    ),
    "later-days": Kind(
        "warn",
        "{days} in '{header}' of {file} {lie} after {day}{first}; "
        "{they} not count on that day yet.",
    ),
    "not-yes-no": Kind("unknown", "'{header}' needs yes or no{because}."),
    "not-allowed": Kind("unknown", "'{header}' needs one of: {allowed}."),
    "several-emails": Kind("unknown", "'{header}' holds more than one e-mail address; keep one."),
    "not-email": Kind("unknown", "'{header}' needs an e-mail address."),
    "unknown-school": Kind("unknown", "'{header}' names no school of the schools table{schools}."),
    "ambiguous-school": Kind(
        "unknown", "'{value}' names {count} schools ({ids}); write the school's ID instead."
    ),
    "school-set-aside": Kind(
        "unknown", "'{header}' names a school whose own row ({there}) was set aside; mend it first."
    ),
    "district-sign": Kind(
        "unknown", "'{header}': * stands for the whole district; give the school another ID."
    ),
    "unknown-guideline": Kind("unknown", "'{header}' names no guideline{guidelines}."),
    "unknown-account": Kind(
        "warn", "Account '{value}' is not in the registry; the row is kept but counts for nothing."
    ),
    "unregistered-incident": Kind(
        "warn", "Account '{value}' is not in the registry; the incident stays with its school."
    ),
    "account-set-aside": Kind(
        "warn",
        "The row of account '{value}' in the registry ({there}) was set aside; mend it first. "
        "Until then {until}.",
    ),
    "unknown-platform": Kind("note", "'{value}' is no platform that is known; kept as it is."),
    "split-list": Kind("note", "Read as the list {parts}; separate with | to be sure."),
    "two-names": Kind(
        "note", "'{header}' seems to hold two names, and is read as one; separate them with |."
    ),
    "private-number": Kind(
        "warn",
        "'{header}' seems to hold a phone, social security or student number; take it out.",
        hide=True,
    ),
    # rows seen together
    "shared-school-name": Kind(
        "warn",
        "'{name}' names {school} in {cell} and {other} in {there}; a row that says '{name}' can be "
        "given to neither. Name one of them differently.",
    ),
    "similar-ids": Kind("warn", "'{value}' and '{other}' differ only in leading zeros; both kept."),
    "closed-before-launch": Kind(
        "warn", "Closed before it was launched, so it is not assessed; mend one of the days."
    ),
    "resolved-before-reported": Kind(
        "warn", "Resolved before it was reported; it counts as resolved on that day."
    ),
    "same-account": Kind("warn", "The same account stands in {other}; both rows are kept."),
    "same-account-elsewhere": Kind(
        "warn", "The same account stands in {other} at another school; both rows are kept."
    ),
    "other-platform": Kind("warn", "The address is not one of {platform}; it is kept as it is."),
    "link-collection": Kind(
        "warn", "The address is a collection of links, not an account; it is kept as it is."
    ),
    "post-link": Kind("warn", "The address is of one post; {taken}."),
}
