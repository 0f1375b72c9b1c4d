"""The one theme of workbook, page and notebook: `theme.toml` as a frozen object."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_OWN = Path(__file__).with_name("theme.toml")


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


@lru_cache
def read_theme(path: Path | None = None) -> Theme:
    """The project's theme, with the keys of the district's file `path` put over it."""
    raw = tomllib.loads(_OWN.read_text(encoding="utf-8"))
    if path is not None:
        raw = _laid_over(raw, tomllib.loads(path.read_text(encoding="utf-8")))
    return Theme(
        colours=raw["colours"],
        marks=raw["marks"],
        status=_looks(raw["status"]),
        severity=_looks(raw["severity"]),
        substantiation=_looks(raw["substantiation"]),
        series=tuple(raw["series"]["colours"]),
        fonts=raw["fonts"],
        formats=raw["formats"],
    )


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours `#rrggbb`, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _looks(table: dict[str, dict[str, str]]) -> dict[str, Look]:
    return {name: Look(**look) for name, look in table.items()}


def _laid_over(below: dict, above: dict) -> dict:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(below.get(key), dict)
        merged[key] = _laid_over(below[key], value) if both else value
    return merged
