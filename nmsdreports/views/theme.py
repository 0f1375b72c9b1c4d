"""The one theme of workbook, page and notebook: `theme.toml` as a frozen object.

A district's own file names only what it changes. It is checked whole before anything is drawn: a
key that does not exist, a value of the wrong kind, and colours that too many could not tell apart.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nmsdreports.settings import InputError, nearest, read_toml

if TYPE_CHECKING:
    import pandas as pd

TEXT_CONTRAST = 4.5
MARK_CONTRAST = 3.0
"""What text and what marks need against what lies behind them, by WCAG 2.1 AA."""
LEAST_SIZE = 10

_OWN = Path(__file__).with_name("theme.toml")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FONT = re.compile(r"[A-Za-z][A-Za-z0-9 -]{0,40}")
_DATE = re.compile(r"(?:mmmm|mmm|mm|m|dd|d|yyyy|yy|[ ,./-])+")
_PARTS = re.compile("yyyy|yy|mmmm|mmm|mm|m|dd|d")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_NUMBERS = ("#,##0", "0")
_LONGEST_MARK = 4
# Each text with what it stands on, as the pages and workbooks put them together.
_PAIRS = (
    *((ink, ground) for ink in ("text", "muted", "accent") for ground in ("background", "band")),
    ("header_text", "header_fill"),
    ("header_text", "accent"),
    ("alert_text", "alert_fill"),
    ("alert_text", "background"),
)
_LOOKS = ("status", "severity", "substantiation")


@dataclass(frozen=True)
class Look:
    """How one state is shown: a mark, and colours `#rrggbb` of its fill and text."""

    mark: str
    fill: str
    text: str


@dataclass(frozen=True, eq=False)
class Theme:
    """Colours, marks, looks of states, fonts and number formats.

    `colours`, `marks`, `fonts` and `formats` are the tables of theme.toml as they stand there;
    `status`, `severity` and `substantiation` give a Look for each state; `series` are the colours
    of a chart's series in order.
    """

    colours: dict[str, str]
    marks: dict[str, str]
    status: dict[str, Look]
    severity: dict[str, Look]
    substantiation: dict[str, Look]
    series: tuple[str, ...]
    fonts: dict[str, str | int]
    formats: dict[str, str]


def read_theme(path: Path | None = None) -> Theme:
    """The project's theme, with the keys of the district's file `path` put over it.

    Raises `InputError` that names the file and every key of it that cannot be used.
    """
    if path is None:
        return _own_theme()
    return _district_theme(path, path.read_bytes() if path.is_file() else b"")


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours `#rrggbb`, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def date_words(day: pd.Timestamp, form: str) -> str:
    """A day in one of the theme's formats of dates: in "mmm d, yyyy", "Oct 31, 2026"."""
    parts = {
        "yyyy": f"{day.year}",
        "yy": f"{day.year % 100:02}",
        "mmmm": _MONTHS[day.month - 1],
        "mmm": _MONTHS[day.month - 1][:3],
        "mm": f"{day.month:02}",
        "m": f"{day.month}",
        "dd": f"{day.day:02}",
        "d": f"{day.day}",
    }
    return _PARTS.sub(lambda found: parts[found[0]], form)


@lru_cache
def _own_theme() -> Theme:
    return _theme(_own_tables())


# Kept by its content, so that a file changed while a notebook is open is read again.
@lru_cache(maxsize=8)
def _district_theme(path: Path, content: bytes) -> Theme:
    own, above = _own_tables(), read_toml(path)
    faults = _unknown(above, own) or _unfit(_laid_over(own, above))
    if faults:
        raise InputError(" ".join(f"{path.name}: {fault}." for fault in faults))
    return _theme(_laid_over(own, above))


def _own_tables() -> dict[str, Any]:
    return tomllib.loads(_OWN.read_text(encoding="utf-8"))


def _theme(raw: dict[str, Any]) -> Theme:
    return Theme(
        colours=raw["colours"],
        marks=raw["marks"],
        **{kind: {name: Look(**look) for name, look in raw[kind].items()} for kind in _LOOKS},
        series=tuple(raw["series"]["colours"]),
        fonts=raw["fonts"],
        formats=raw["formats"],
    )


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _unknown(above: dict, below: dict, section: str = "") -> list[str]:
    """The keys that the theme does not have, and the sections that are written as values."""
    faults = []
    for key, value in above.items():
        where = f"[{section}] " if section else ""
        if key not in below:
            hint = nearest(key, below) or "; known are " + ", ".join(below)
            faults.append(f"{where}has no key '{key}'{hint}")
        elif isinstance(below[key], dict) and not isinstance(value, dict):
            faults.append(f"{where}'{key}' is a section; write [{key}] on its own line")
        elif isinstance(below[key], dict):
            inner = f'{section}."{key}"' if section else key
            faults += _unknown(value, below[key], inner)
    return faults


def _unfit(raw: dict[str, Any]) -> list[str]:
    """What of a theme cannot be drawn, else what cannot be read or told apart."""
    faults = [
        f"[{where}] '{key}' must be {expected}, not {value!r}"
        for where, key, value, expected in _values(raw)
        if not _fits(expected, value)
    ]
    return faults or _faint(raw)


_EXPECTED = {
    "colour": "a colour such as '#1f4e79'",
    "colours": "a list of at least six colours such as ['#0072b2', …]",
    "mark": f"a mark of one to {_LONGEST_MARK} characters",
    "sans": "the name of a font, letters and spaces only",
    "size": f"a whole number of points from {LEAST_SIZE} to 16",
    "date": "a day in d, m and y such as 'mmm d, yyyy'",
    "number": f"one of {', '.join(map(repr, _NUMBERS))}",
}


def _values(raw: dict[str, Any]) -> list[tuple[str, str, Any, str]]:
    """Every value of a theme: its section, its key, itself, and what is expected of it."""
    looks = [(f'{kind}."{name}"', raw[kind][name]) for kind in _LOOKS for name in raw[kind]]
    return [
        *(("colours", key, value, _EXPECTED["colour"]) for key, value in raw["colours"].items()),
        *(("marks", key, value, _EXPECTED["mark"]) for key, value in raw["marks"].items()),
        *(
            (where, key, value, _EXPECTED["mark" if key == "mark" else "colour"])
            for where, look in looks
            for key, value in look.items()
        ),
        ("series", "colours", raw["series"]["colours"], _EXPECTED["colours"]),
        *(
            (where, key, raw[where][key], _EXPECTED[key])
            for where in ("fonts", "formats")
            for key in raw[where]
        ),
    ]


def _fits(expected: str, value: Any) -> bool:
    name = next(name for name, words in _EXPECTED.items() if words == expected)
    if name == "colours":
        return isinstance(value, list) and len(value) >= 6 and all(map(_is_colour, value))
    if name == "size":
        return type(value) is int and LEAST_SIZE <= value <= 16
    if not isinstance(value, str):
        return False
    if name == "mark":
        return 1 <= len(value) <= _LONGEST_MARK and value.isprintable() and not value.isspace()
    if name == "sans":
        return bool(_FONT.fullmatch(value))
    if name == "date":
        return bool(_DATE.fullmatch(value)) and {"d", "m", "y"} <= set(value)
    return value in _NUMBERS if name == "number" else _is_colour(value)


def _is_colour(value: Any) -> bool:
    return isinstance(value, str) and bool(_COLOUR.fullmatch(value))


def _faint(raw: dict[str, Any]) -> list[str]:
    """The pairs of colours with too little contrast, each with the keys that make it."""
    colours = raw["colours"]
    pairs = [
        (f"[colours] '{ink}'", colours[ink], f"'{ground}'", colours[ground], TEXT_CONTRAST)
        for ink, ground in _PAIRS
    ]
    pairs += [
        (f"[{kind}.\"{name}\"] 'text'", look["text"], "its 'fill'", look["fill"], TEXT_CONTRAST)
        for kind in _LOOKS
        for name, look in raw[kind].items()
    ]
    pairs += [
        (f"[series] colour {at}", colour, "'background'", colours["background"], MARK_CONTRAST)
        for at, colour in enumerate(raw["series"]["colours"], start=1)
    ]
    return [
        f"{what} {one} on {ground} {other} has a contrast of {_floor(ratio)}, less than the "
        f"{need:g} that is needed to see it; choose a darker or a lighter colour"
        for what, one, ground, other, need in pairs
        if (ratio := contrast(one, other)) < need
    ]


def _floor(ratio: float) -> str:
    return f"{int(ratio * 100) / 100:.2f}"


def _laid_over(below: dict, above: dict) -> dict:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(below.get(key), dict)
        merged[key] = _laid_over(below[key], value) if both else value
    return merged
