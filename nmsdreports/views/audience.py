"""Who may see what: an Edition is the only thing a view of verdicts accepts.

Columns leave by allow-list, so a column nobody thought of stays inside; rows leave by school. A
restricted text (`description`, `action`, every `note` typed by a person) is on no list.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from nmsdreports.settings import InputError, Settings
from nmsdreports.views import change_rows, sentences
from nmsdreports.views.board.edition import BoardEdition, board_edition
from nmsdreports.views.logo import Logo, read_logo
from nmsdreports.views.places import file_stem
from nmsdreports.views.problem_rows import SCHOOL_PROBLEM, school_of_problems
from nmsdreports.views.sources import files_read
from nmsdreports.views.theme import Theme, read_theme

if TYPE_CHECKING:
    from nmsdreports.intake import Records
    from nmsdreports.policy import Standing
    from nmsdreports.policy.since import Since

AUDIENCES = ("office", "school", "board")

_SEVERITIES = ("critical", "high", "medium", "low")
_LISTS = {
    "schools": "school_id name short_name level principal opened_on closed_on",
    "accounts": "account_id school_id platform handle url title owner label audience visibility "
    "students_invited launched_on closed_on",
    "status": "guideline subject account_id school_id status underlying_status late reason since",
    "findings": "finding_id guideline subject account_id school_id severity opened_on closed_on "
    "closed_by due_on open overdue days_open excepted label title clause responsible "
    "responsible_name remedy sentence",
    "rates": "guideline school_id applicable meets does_not_meet excepted not_assessed upcoming "
    "ended rate rate_with_exceptions coverage",
    "incidents": "guideline school_id reported substantiated unsubstantiated open reported_12m "
    "substantiated_12m unsubstantiated_12m open_12m",
    "moves": "guideline school_id open_before opened closed open_now",
    "changes": "kind guideline subject account_id school_id finding_id opened_on move before after "
    "reason also cells rules title label sentence",
    "change_counts": " ".join(change_rows.COUNTS),
    "trend": "month guideline school_id meets does_not_meet excepted not_assessed rate "
    "open_findings",
    "in_time": "guideline school_id account_id month launched_on in_time",
    "approvals": "account_id school_id launched_on closed_on status approved_on approver "
    "days_from_launch valid_until note",
    "notifications": "subject account_id school_id activity launched_on invited status starts_on "
    "told_on days_from_start note",
    "in_use": "school_id accounts in_use",
    "incident_rows": "incident_id school_id account_id guideline context occurred_on reported_on "
    "severity emergency supervisor_notified_on substantiation resolved_on account_registered",
    "watch": "list subject account_id school_id on message",
    "problems": "file sheet row column cell value level code message suggestion school_id",
    "counts": "file sheet rows_read accepted quarantined blank",
    "guidelines": "guideline clause title wording method subject severity fix_within remedy "
    "responsible board_category",
    "explanation": "guideline subject account_id school_id kind start stop day column value person "
    "group note start_cell stop_cell other_cells",
}
_COLUMNS = {name: text.split() for name, text in _LISTS.items()}
_ORDERS = {
    "accounts": ["account_id"],
    "approvals": ["account_id"],
    "notifications": ["account_id", "subject"],
    "incident_rows": ["reported_on", "occurred_on", "incident_id"],
}


@dataclass(frozen=True, eq=False)
class Edition:
    """What one audience may see of a standing; columns of each frame as in the allow-lists above.

    Two editions are never equal, so that what is often asked of one can be kept by it.

    `school` is None for the office, else its row of the schools table (None where blank);
    `district` has name, contact_name, contact_email, contact_phone and time_zone. `findings` come
    open ones first, then overdue ones, then by severity and due day, each with its sentence.
    `explanation` is empty but in the edition of one account: what led to its verdicts, one row a
    fact, and `account_id` names it. `sources` has the files read: file, sha256.
    `unknown_school_incidents` counts the rows of the incident log whose school cannot be told (0
    for a school). `since` tells of the edition before (as of `change_rows.about_since`).
    """

    audience: str
    as_of: pd.Timestamp
    month: str
    school: dict | None
    district: dict
    theme: Theme
    logo: Logo | None
    schools: pd.DataFrame
    accounts: pd.DataFrame
    status: pd.DataFrame
    findings: pd.DataFrame
    rates: pd.DataFrame
    incidents: pd.DataFrame
    moves: pd.DataFrame
    changes: pd.DataFrame
    change_counts: pd.DataFrame
    trend: pd.DataFrame
    in_time: pd.DataFrame
    approvals: pd.DataFrame
    notifications: pd.DataFrame
    in_use: pd.DataFrame
    incident_rows: pd.DataFrame
    watch: pd.DataFrame
    problems: pd.DataFrame
    counts: pd.DataFrame
    guidelines: pd.DataFrame
    explanation: pd.DataFrame
    sources: pd.DataFrame
    unknown_school_incidents: int
    account_id: str | None = None
    since: dict | None = None

    @property
    def school_id(self) -> str:
        """The school's id, or `*` for the office: the key of this edition's own totals."""
        return "*" if self.school is None else self.school["school_id"]

    @property
    def name(self) -> str:
        """What the edition is about in words: the school's name, or the district's."""
        return self.district["name"] if self.school is None else self.school["name"]

    @property
    def heading(self) -> str:
        """The heading of a page of this edition."""
        if self.account_id is not None:
            return f"{self.accounts['label'].iloc[0]}: how it stands with each guideline, and why"
        name = sentences.name_words(self.name)
        return f"{name}: social media accounts in {sentences.month_words(self.month)}"

    @property
    def stem(self) -> str:
        """The name of the edition's files without ending, such as "Pine Elementary 2026-10"."""
        return file_stem(self.name, self.month)

    @cached_property
    def totals(self) -> "Edition":
        """The same edition with only its own total rows (district or school) in its counts."""
        frames = ("rates", "incidents", "moves", "change_counts", "trend", "in_use")
        own = {name: _rows(getattr(self, name), self.school_id) for name in frames}
        return replace(self, **own)


def edition(
    standing: "Standing",
    audience: str,
    school_id: str | None = None,
    account_id: str | None = None,
    since: "Since | None" = None,
    printed: pd.DataFrame | None = None,
    watched: bool = True,
) -> Edition | BoardEdition:
    """What `audience` ("office", "board", or "school" with its `school_id`) may see of `standing`.

    With an `account_id` only what concerns that account, with the explanation of its verdicts;
    with `since` also what changed since the edition before. For the board `printed` has what
    published editions have printed for it (as of `board.edition.PRINTED`). Watch lists, which take
    a while, are left out unless `watched`.
    """
    records = standing.records
    if audience not in AUDIENCES:
        raise InputError(f'There is no audience "{audience}", only {" and ".join(AUDIENCES)}.')
    if (audience == "school") != (school_id is not None):
        raise InputError("A school's edition needs a school, any other takes none.")
    about = {
        "district": _district(records.settings),
        "theme": read_theme(records.settings.theme),
        "logo": read_logo(records.settings.logo),
    }
    if audience == "board":
        return board_edition(standing, since, printed, about)
    school = None if school_id is None else _school(records.schools, school_id)

    frames = _frames(standing) | change_rows.change_frames(since, standing)
    frames["watch"] = standing.watch if watched else pd.DataFrame(columns=_COLUMNS["watch"])
    frames["explanation"] = pd.DataFrame(columns=_COLUMNS["explanation"])
    if account_id is not None:
        frames = _of_account(frames, standing, account_id)
    if school is not None:
        frames = _of_school(frames, school_id)
    if account_id is not None and frames["accounts"].empty:
        raise InputError(f'"{account_id}" is not an account of school "{school_id}".')
    # labels and sentences are made after the narrowing, so they cannot name what was left out
    frames["accounts"]["label"] = sentences.account_labels(frames["accounts"])
    frames["findings"] = _told(frames, records)
    before = change_rows.about_since(since, school_id)
    frames["changes"] = change_rows.tell_changes(frames, before)
    columns = _COLUMNS if school is None else _COLUMNS | {"problems": SCHOOL_PROBLEM}
    order = frames["guidelines"]["guideline"]
    allowed = {
        name: _gathered(_sorted(frame[columns[name]], name, order).reset_index(drop=True))
        for name, frame in frames.items()
    }
    return Edition(
        audience=audience,
        as_of=standing.as_of,
        month=standing.month,
        school=school,
        sources=files_read(records),
        unknown_school_incidents=0 if school else records.unknown_school_incidents,
        account_id=account_id,
        since=before,
        **about,
        **allowed,
    )


def _frames(standing: "Standing") -> dict[str, pd.DataFrame]:
    records = standing.records
    incidents = records.incidents
    opened = incidents["reported_on"].fillna(incidents["occurred_on"])
    known = incidents[opened <= standing.as_of].drop(columns=["action", "description"])
    return {
        "schools": records.schools,
        "accounts": _as_of(records.accounts, ["closed_on"], standing).drop(columns="note"),
        "status": standing.status,
        "findings": standing.findings,
        "rates": standing.rates,
        "incidents": standing.incidents,
        "moves": standing.moves,
        "trend": standing.trend,
        "in_time": standing.in_time,
        "approvals": standing.approvals,
        "notifications": _with_launch(standing.notifications, records.accounts),
        "in_use": standing.in_use,
        "incident_rows": _as_of(known, ["resolved_on", "supervisor_notified_on"], standing),
        "problems": records.problems.assign(school_id=school_of_problems(records)),
        "counts": records.counts,
        "guidelines": standing.policy.guidelines.rename_axis("guideline").reset_index(),
    }


def _of_account(frames: dict, standing: "Standing", account_id: str) -> dict[str, pd.DataFrame]:
    explanation = standing.explain(account_id)
    narrowed = {
        name: frame[frame["account_id"].eq(account_id)] if "account_id" in frame else frame
        for name, frame in frames.items()
    }
    return narrowed | {"explanation": explanation}


def _as_of(frame: pd.DataFrame, facts: list[str], standing: "Standing") -> pd.DataFrame:
    """The frame with those facts left blank that the as-of day cannot know yet."""
    return frame.assign(
        **{name: frame[name].where(frame[name] <= standing.as_of) for name in facts}
    )


def _with_launch(notifications: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    launched = accounts.set_index("account_id")["launched_on"]
    own = launched.reindex(notifications["account_id"]).set_axis(notifications.index)
    return notifications.assign(launched_on=own)


def _of_school(frames: dict, school_id: str) -> dict[str, pd.DataFrame]:
    narrowed = {
        name: _rows(frame, school_id) if "school_id" in frame else frame
        for name, frame in frames.items()
    }
    own = narrowed["accounts"]["account_id"]
    narrowed["counts"] = frames["counts"].iloc[:0]
    # an incident may have happened on another school's account: the incident is ours, its id is not
    ids = frames["accounts"]["account_id"]
    strangers = set(_folded(ids[~frames["accounts"].index.isin(own.index)]))
    narrowed["changes"] = change_rows.for_school(narrowed["changes"])
    for name, frame in narrowed.items():
        if "account_id" in frame and name != "problems":
            # few rows against a whole district: pandas' isin would read the district every time
            told = [one in strangers for one in _folded(frame["account_id"])]
            foreign = pd.Series(told, frame.index, dtype=bool)
            narrowed[name] = frame.assign(account_id=frame["account_id"].mask(foreign))
    return narrowed


def _told(frames: dict, records: "Records") -> pd.DataFrame:
    """The findings with their words: label, title, clause, who, remedy and the whole sentence."""
    return sentences.tell_findings(
        frames["findings"],
        guidelines=frames["guidelines"],
        schools=records.schools,
        accounts=frames["accounts"],
        incidents=frames["incident_rows"],
        concerns=records.concerns,
        approvals=frames["approvals"],
        notifications=frames["notifications"],
    )


def _sorted(frame: pd.DataFrame, name: str, guidelines: pd.Series) -> pd.DataFrame:
    """Findings by urgency, counts by the order of the guidelines, rows of the registry by id."""
    if name == "findings":
        rank = frame["severity"].map({word: at for at, word in enumerate(_SEVERITIES)})
        order = frame.assign(rank=rank.fillna(len(_SEVERITIES)), shut=~frame["open"])
        by = ["shut", "overdue", "rank", "due_on", "finding_id"]
        order = order.sort_values(by, ascending=[True, False, True, True, True], kind="stable")
        return frame.loc[order.index]
    if name in ("rates", "incidents", "moves", "change_counts"):
        places = pd.Series(range(len(guidelines)), index=guidelines)
        order = frame["guideline"].map(places)
        return frame.loc[order.sort_values(kind="stable").index]
    return frame.sort_values(_ORDERS[name], kind="stable") if name in _ORDERS else frame


def _gathered(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with all its texts in one block and plain names: a third of the time to narrow."""
    texts = dict.fromkeys(frame.select_dtypes("str"), object)
    return frame.astype(texts).copy().set_axis(frame.columns.astype(object), axis=1)


def _rows(frame: pd.DataFrame, school_id: str) -> pd.DataFrame:
    return frame[frame["school_id"].eq(school_id)]


def _folded(ids: pd.Series) -> pd.Series:
    return ids.str.strip().str.casefold()


def _school(schools: pd.DataFrame, school_id: str) -> dict:
    rows = _rows(schools, school_id)
    if rows.empty:
        raise InputError(
            f'There is no school "{school_id}"; the schools table has '
            f"{', '.join(schools['school_id'])}."
        )
    row = rows.iloc[0][_COLUMNS["schools"]]
    return {name: None if pd.isna(value) else value for name, value in row.items()}


def _district(settings: Settings) -> dict:
    return {
        "name": settings.name,
        "contact_name": settings.contact.name,
        "contact_email": settings.contact.email,
        "contact_phone": settings.contact.phone,
        "time_zone": settings.time_zone,
    }
