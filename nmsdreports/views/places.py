"""Where the files of a month's edition lie, so that who writes them and who links to them agree."""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

import pandas as pd

# What one system or another refuses in a file's name.
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
# Windows takes these for devices, also with anything behind a point: "Aux. Campus.xlsx".
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE
)
_LONGEST_NAME = 80
_LONGEST_FOLDER = 60


def file_stem(name: str, month: str) -> str:
    """The name of a report's files without ending, such as "Pine Elementary 2026-10"."""
    words = " ".join(_UNSAFE.sub(" ", name).split())[:_LONGEST_NAME].strip(" .") or "Report"
    stem = f"{words} {month}"
    return f"School {stem}" if _DEVICE.fullmatch(stem) else stem


def folder_names(schools: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The folder of each school, by id; `schools` are (id, name) of those that have a report.

    Plain letters that no system refuses, and none twice, whatever the schools are called.
    """
    folders: dict[str, str] = {}
    taken: set[str] = set()
    for school_id, name in schools:
        base = f"{_plain(school_id) or 'school'}-{_plain(name).lower()}"
        base = base[:_LONGEST_FOLDER].strip("-")
        base = free = f"school-{base}" if _DEVICE.fullmatch(base) else base
        number = 1
        while free.lower() in taken:
            number += 1
            free = f"{base}-{number}"
        taken.add(free.lower())
        folders[school_id] = free
    return folders


def has_report(schools: pd.DataFrame, month: str) -> pd.Series:
    """Which rows of the schools table (bool) were open on some day of the month."""
    period = pd.Period(month, "M")
    closed = schools["closed_on"] <= period.start_time
    return ~(closed | (schools["opened_on"] > period.end_time))


def report_addresses(schools: pd.DataFrame, month: str, ending: str) -> dict[str, str]:
    """The address of each school's report as seen from the office's folder, by school id.

    `ending` is that of the file (".xlsx", ".html"). A school without a report is left out.
    """
    shown = schools[has_report(schools, month)]
    pairs = list(zip(shown["school_id"], shown["name"], strict=True))
    folders = folder_names(pairs)
    return {
        school_id: quote(f"../schools/{folders[school_id]}/{file_stem(name, month)}{ending}")
        for school_id, name in pairs
    }


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-")
