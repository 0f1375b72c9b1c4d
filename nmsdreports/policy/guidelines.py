"""Reads the guidelines: the toolkit's own file with a district's changes laid over it.

In: ``guidelines.toml``, the district's policy file (overrides only) and its settings.
Out: :class:`Policy`, in which every name of a setting has become its value.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from nmsdreports.intake.looks import looks
from nmsdreports.policy.looks import POLICY, look_of_policy
from nmsdreports.policy.overrides import overlay
from nmsdreports.settings import Settings


@dataclass(frozen=True)
class Guideline:
    """One guideline in force; the keys are explained at the head of ``guidelines.toml``.

    ``days`` are calendar days added to the day that begins the duty (negative: before it),
    ``every`` the calendar days for which one piece of evidence holds (None: for ever).
    """

    id: str
    clause: str
    title: str
    wording: str
    method: str
    subject: str = ""
    applies: Mapping[str, Any] | None = None
    starts: Mapping[str, Any] = field(default_factory=dict)
    until: str | None = None
    met_by: Mapping[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    lacks: str = ""
    severity: str = ""
    fix_within: int = 0
    remedy: str = ""
    responsible: str = ""
    board_category: str = ""
    board_words: str = ""
    interpretation: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Policy:
    """The guidelines in force, in the order of Board Policy 2026.

    ``rules`` are the guidelines, ``assumed_launch_on`` is the day from which an account without a
    launch date is judged (None: it is not).
    """

    rules: tuple[Guideline, ...]
    assumed_launch_on: pd.Timestamp | None = None

    __repr__, _repr_html_, __dir__, __getattr__ = looks(look_of_policy, POLICY)

    @cached_property
    def guidelines(self) -> pd.DataFrame:
        """One row a guideline, indexed by ``guideline`` (str).

        Columns: clause, title, wording, method, subject, lacks, severity, remedy, responsible,
        board_category, board_words, interpretation (str, empty where there is none), fix_within
        (Int64, calendar days, NA for advice), aliases (str, separated by ``|``), applies (str, the
        column and its values, empty: always).
        """
        names = [
            *("clause", "title", "wording", "method", "subject", "lacks", "severity"),
            *("remedy", "responsible", "board_category", "board_words", "interpretation"),
        ]
        table = pd.DataFrame(
            {name: [getattr(rule, name) for rule in self.rules] for name in names},
            index=pd.Index([rule.id for rule in self.rules], name="guideline", dtype="str"),
            dtype="str",
        )
        table["fix_within"] = pd.array(
            [rule.fix_within if rule.method != "advice" else None for rule in self.rules], "Int64"
        )
        table["aliases"] = ["|".join(rule.aliases) for rule in self.rules]
        table["applies"] = [_condition_words(rule.applies) for rule in self.rules]
        return table

    def recorded(self) -> tuple[Guideline, ...]:
        """Return the guidelines of method record: those that have a duty."""
        return tuple(rule for rule in self.rules if rule.method == "record")


def read_policy(settings: Settings | None = None) -> Policy:
    """Return the guidelines in force in a district; without settings, those of Board Policy 2026.

    Raises :class:`InputError` with file, line and key when the district's policy file cannot be
    used.
    """
    settings = settings or Settings()
    tables = board_policy()
    if settings.policy is not None:
        tables = overlay(tables, settings.policy)
    rules = tuple(_guideline(name, table, settings) for name, table in tables.items())
    return Policy(rules, settings.days.assumed_launch_on)


def board_policy() -> dict[str, Any]:
    """Return the guidelines of Board Policy 2026 as ``guidelines.toml`` has them."""
    return tomllib.loads(Path(__file__).with_name("guidelines.toml").read_text("utf-8"))


def _condition_words(applies: Mapping[str, Any] | None) -> str:
    return "" if applies is None else f"{applies['column']}: {', '.join(applies['values'])}"


def _guideline(name: str, table: Mapping[str, Any], settings: Settings) -> Guideline:
    known = {entry.name for entry in fields(Guideline)}
    values = {key: value for key, value in table.items() if key in known}
    starts = dict(table.get("from", {}))
    starts["days"] = _in_days(starts.get("days", 0), settings)
    met_by = dict(table.get("met_by", {}))
    if "every" in met_by:
        met_by["every"] = _in_days(met_by["every"], settings)
    if isinstance(met_by.get("domains"), str):
        met_by["domains"] = tuple(domain.lower() for domain in settings.email_domains)
    values |= {"starts": starts, "met_by": met_by}
    values |= {key: tuple(table[key]) for key in ("needs", "aliases") if key in table}
    return Guideline(id=name, **values)


def _in_days(days: int | str, settings: Settings) -> int | None:
    if isinstance(days, int):
        return days
    value = getattr(settings.days, days.removeprefix("-"))
    return -value if days.startswith("-") else value
