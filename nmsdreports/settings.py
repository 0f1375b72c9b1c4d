"""The district's settings: the ground floor on which everything else stands.

`read_settings(folder)` reads `district.toml` beside the spreadsheets; every key has a default.
An unknown key is an error that names the nearest known one, because a misspelt setting that is
silently ignored changes verdicts. `fold` and `InputError` live here so that every floor shares
one way to compare names and one way to refuse.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pandas import DataFrame, Timestamp

SETTINGS_FILE = "district.toml"
IN_PROCESS, KERNEL = ENGINES = ("in-process", "kernel")
"""Where report notebooks run."""
SECURITY = ("starttls", "tls", "none")
CHECKED_METHODS = ("record", "incident")
_GUIDELINES = Path(__file__).parent / "policy" / "guidelines.toml"
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
_CURLY = "'\"\u2018\u2019\u201c\u201d "
_MOST_FAULTS = 10
_WORD = re.compile(r"[^\W_]+")


class InputError(ValueError):
    """A sentence on what cannot be used and what to do; `problems` has a file's rows, or None."""

    def __init__(self, message: str, problems: DataFrame | None = None) -> None:
        super().__init__(message)
        self.problems = problems

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it: the sentence alone."""
        return [str(self)]


@dataclass(frozen=True)
class Contact:
    """Whom a reader of a report may ask."""

    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Days:
    """Lengths in calendar days; `report_every` None means that one report is enough."""

    notice_lead: int = 0
    response: int = 5
    monitor_every: int = 30
    report_every: int | None = None
    emergency_notice: int = 1
    assumed_launch_on: Timestamp | None = None


@dataclass(frozen=True)
class Settings:
    """Everything that a district may set; paths are absolute."""

    name: str = "North Mason School District"
    time_zone: str = "America/Los_Angeles"
    email_domains: tuple[str, ...] = ("nmsd.wednet.edu",)
    contact: Contact = field(default_factory=Contact)
    logo: Path | None = None
    theme: Path | None = None
    policy: Path | None = None
    notebooks: Path | None = None
    engine: str = IN_PROCESS
    min_cell: int = 10
    days: Days = field(default_factory=Days)
    files: dict[str, list[str]] = field(default_factory=dict)
    mapping: dict[str, str] = field(default_factory=dict)
    deck: dict[str, Path] = field(default_factory=dict)
    mail: dict[str, Any] = field(default_factory=dict)


def fold(text: str) -> str:
    """The text as names are compared: case, spaces, punctuation and typographic forms put aside."""
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return " ".join(_WORD.findall(plain)) or " ".join(plain.split())


def read_settings(source: Path) -> Settings:
    """Settings of the district whose files lie in `source`; the defaults without district.toml."""
    path = Path(source) / SETTINGS_FILE
    if not path.is_file():
        return Settings()
    return Settings(**_read_each(read_toml(path), _READERS, "", path.parent))


def guideline_names(settings: Settings) -> dict[str, str]:
    """Folded id, alias or unambiguous clause → guideline id, for what an incident may name.

    Read as data (the shipped guidelines, then the district's policy file), so that reading
    spreadsheets needs nothing of the floor that judges them.
    """
    guidelines = read_toml(_GUIDELINES)
    if settings.policy is not None:
        for name, override in read_toml(settings.policy).items():
            if isinstance(override, dict):
                guidelines[name] = {"method": "record", **guidelines.get(name, {}), **override}
    checked = {
        name: guideline
        for name, guideline in guidelines.items()
        if isinstance(guideline, dict) and guideline.get("method") in CHECKED_METHODS
    }
    names: dict[str, str] = {}
    clauses: dict[str, list[str]] = {}
    for name, guideline in checked.items():
        clauses.setdefault(fold(str(guideline.get("clause", ""))), []).append(name)
        for alias in guideline.get("aliases", ()):
            names.setdefault(fold(str(alias)), name)
    single = {clause: ids[0] for clause, ids in clauses.items() if clause and len(ids) == 1}
    return {**single, **names, **{fold(name): name for name in checked}}


def nearest(word: str, known: Iterable[str]) -> str:
    """ " (did you mean 'name'?)" of the known word that a misspelt one most likely means, or ""."""
    guess = difflib.get_close_matches(word, list(known), 1, 0.6)
    return f" (did you mean '{guess[0]}'?)" if guess else ""


def read_toml(path: Path) -> dict[str, Any]:
    """The keys of a TOML file; raises `InputError` that names every line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults = "; ".join(_faulty_lines(text))
        raise InputError(f"{path.name} cannot be read: {faults}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8 text; save it again as UTF-8.") from error
    except OSError as error:
        raise InputError(f"{path.name} cannot be opened ({error.strerror}).") from error


def _faulty_lines(text: str) -> list[str]:
    """What is wrong in each line that is no TOML: a faulty line is blanked and the rest tried."""
    lines, faults = text.split("\n"), []
    while len(faults) < _MOST_FAULTS:
        try:
            tomllib.loads("\n".join(lines))
            break
        except tomllib.TOMLDecodeError as error:
            place = re.search(r" \(at (?:line (\d+).*|end of document)\)$", str(error))
            last = max((at for at, line in enumerate(lines, 1) if line.strip()), default=1)
            number = int(place[1]) if place and place[1] else last
            said = str(error)[: place.start()] if place else str(error)
            line = lines[number - 1].strip()
            faults.append(f"line {number} ({line[:80] or 'empty'}): {_expected(line, said)}")
            if not line:
                break
            lines[number - 1] = ""
    return faults


def _expected(line: str, said: str) -> str:
    """What was most likely meant by a line that is no TOML; else what its reader says."""
    key, equals, rest = (part.strip() for part in line.partition("="))
    value = rest.partition("#")[0].strip()
    if line.startswith("["):
        return said if "]" in line else "a section stands between [ and ]"
    if not equals:
        return 'a setting is written as its name, = and its value, such as name = "My District"'
    if not value:
        return "behind the = its value is missing"
    if re.match(r"[^\W\d]|[\u2018\u2019\u201c\u201d]", value) and value not in ("true", "false"):
        return f'a text needs straight quotation marks: {key} = "{value.strip(_CURLY)[:80]}"'
    if value[0] in "\"'" and (len(value) == 1 or value[-1] != value[0]):
        return f"a text ends with the quotation mark {value[0]} with which it begins"
    if value[0] == "[" and "]" not in value:
        return "a list ends with ]"
    return said


def _read_each(
    values: dict[str, Any], readers: dict[str, Any], section: str, folder: Path
) -> dict[str, Any]:
    """Every value by its reader; raises `InputError` that names all faults, not only the first."""
    read, faults = {}, []
    for key, value in values.items():
        try:
            if key not in readers:
                where = f"[{section}] " if section else ""
                hint = nearest(key, readers) or "; known are " + ", ".join(readers)
                raise InputError(f"{SETTINGS_FILE}: {where}has no setting '{key}'{hint}.")
            read[key] = readers[key](key, value, folder)
        except InputError as error:
            faults.append(str(error))
    if faults:
        raise InputError(" ".join(faults))
    return read


def _wrong(key: str, expected: str, value: object) -> InputError:
    return InputError(f"{SETTINGS_FILE}: '{key}' must be {expected}, not {value!r}.")


def _text(key: str, value: Any, folder: Path) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(key, "a text in quotation marks", value)
    return value.strip()


def _any_text(key: str, value: Any, folder: Path) -> str:
    if not isinstance(value, str):
        raise _wrong(key, "a text in quotation marks", value)
    return value.strip()


def _zone(key: str, value: Any, folder: Path) -> str:
    zone = _text(key, value, folder)
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError) as error:
        raise _wrong(key, "a time zone such as 'America/Los_Angeles'", value) from error
    return zone


def _domains(key: str, value: Any, folder: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _wrong(key, "a list of mail domains such as ['nmsd.wednet.edu']", value)
    return tuple(_text(key, item, folder).lower().removeprefix("@") for item in value)


def _number(least: int, most: int = 65_535) -> Any:
    def read(key: str, value: Any, folder: Path) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise _wrong(key, f"a whole number from {least} to {most:,}", value)
        return value

    return read


def _path(key: str, value: Any, folder: Path) -> Path:
    path = (folder / _text(key, value, folder)).resolve()
    if not path.exists():
        raise InputError(f"{SETTINGS_FILE}: '{key}' names '{value}', which is not there.")
    return path


def _choice(allowed: tuple[str, ...]) -> Any:
    def read(key: str, value: Any, folder: Path) -> str:
        if value not in allowed:
            raise _wrong(key, "one of " + ", ".join(f"'{item}'" for item in allowed), value)
        return value

    return read


def _day(key: str, value: Any, folder: Path) -> Timestamp:
    from pandas import Timestamp

    if isinstance(value, str):
        try:
            value = date.fromisoformat(value.strip())
        except ValueError as error:
            raise _wrong(key, "a day such as 2026-09-01", value) from error
    if not isinstance(value, date):
        raise _wrong(key, "a day such as 2026-09-01", value)
    day = value.date() if isinstance(value, datetime) else value
    return Timestamp(day).as_unit("us")


def _section(key: str, value: Any, folder: Path, readers: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{SETTINGS_FILE}: '{key}' is a section; write [{key}] on its own line.")
    return _read_each(value, readers, key, folder)


def _contact(key: str, value: Any, folder: Path) -> Contact:
    readers = {"name": _any_text, "email": _any_text, "phone": _any_text}
    return Contact(**_section(key, value, folder, readers))


def _days(key: str, value: Any, folder: Path) -> Days:
    readers = {
        "notice_lead": _number(0, 3_650),
        "response": _number(0, 3_650),
        "monitor_every": _number(1, 3_650),
        "report_every": _number(1, 3_650),
        "emergency_notice": _number(0, 3_650),
        "assumed_launch_on": _day,
    }
    return Days(**_section(key, value, folder, readers))


def _files(key: str, value: Any, folder: Path) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        raise InputError(
            f'{SETTINGS_FILE}: [{key}] takes lines such as accounts = "registry.xlsx".'
        )
    lists = {name: item if isinstance(item, list) else [item] for name, item in value.items()}
    return {name: [_text(name, item, folder) for item in items] for name, items in lists.items()}


def _mapping(key: str, value: Any, folder: Path) -> dict[str, str]:
    if not isinstance(value, dict):
        raise InputError(f'{SETTINGS_FILE}: [{key}] takes lines such as "Who posts?" = "owner".')
    return {fold(wording): _text(wording, column, folder) for wording, column in value.items()}


def _deck(key: str, value: Any, folder: Path) -> dict[str, Path]:
    return _section(key, value, folder, {"template": _path})


def _mail(key: str, value: Any, folder: Path) -> dict[str, Any]:
    readers = {
        "host": _text,
        "port": _number(1),
        "sender": _text,
        "office": _text,
        "security": _choice(SECURITY),
    }
    return _section(key, value, folder, readers)


_READERS = {
    "name": _text,
    "time_zone": _zone,
    "email_domains": _domains,
    "contact": _contact,
    "logo": _path,
    "theme": _path,
    "policy": _path,
    "notebooks": _path,
    "engine": _choice(ENGINES),
    "min_cell": _number(1),
    "days": _days,
    "files": _files,
    "mapping": _mapping,
    "deck": _deck,
    "mail": _mail,
}
