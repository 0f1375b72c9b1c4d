"""The differences between an earlier edition and now, each at the last step that made it.

In: findings and statuses of the earlier day, as printed and after each step (program, guidelines,
data), and those of now. Out: one row a difference, with its reason.
Traps: of a subject at most one finding is open on a day, so a subject names its open finding even
where a correction moved its first day; a finding that was corrected and then closed moves twice.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd

from nmsdreports.policy.changes import moved
from nmsdreports.policy.standing import Standing

PROGRAM, POLICY, DATA, _TIME = "program changed", "policy or setting changed", "data corrected", ""
EARLY = {"by_program": PROGRAM, "by_policy": POLICY, "by_data": DATA}
NEW = "new duty"
NOT_FOUND = "not found"
KEY = ["guideline", "subject", "school_id", "incident"]
MOVES = ("opened", "closed")
_STEPS = np.array(["", *EARLY.values(), _TIME])
_SUBJECT = KEY[:3]
_STATE = ["opened_on", "due_on", "severity", "overdue", "excepted"]
_SAYS = {
    "opened_on": "begun ",
    "due_on": "due ",
    "severity": "",
    "overdue": ("overdue", "not overdue"),
    "excepted": ("excepted", "not excepted"),
}
Frames = list[pd.DataFrame]


def keyed(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings with texts that are never missing, and whether each is an incident."""
    texts = {name: findings[name].astype("str").fillna("") for name in (*_SUBJECT, "account_id")}
    incident = findings["guideline"] + ":incident:" + findings["subject"]
    return findings.assign(**texts, incident=findings["finding_id"].eq(incident))


def finding_rows(states: Frames, now: Standing, known_on: pd.Timestamp) -> pd.DataFrame:
    """Return the findings that differ: opened, closed, changed, past (closed then as now).

    ``states`` are the findings of ``known_on``: printed, by program, by policy, by data.
    ``between`` (bool) says that the days after ``known_on`` opened or closed it.
    """
    found = _each(keyed, states)
    today = keyed(now.findings)
    is_open = _each(_open, found)
    time = timed(now, known_on)
    parts = [_turned(is_open), time, _altered([*is_open, _open(today)], time), _past(found)]
    rows = pd.concat(parts, ignore_index=True).assign(kind="finding")
    return rows.assign(between=rows.index.isin(range(len(parts[0]), len(parts[0]) + len(time))))


def status_rows(states: Frames, found: pd.DataFrame) -> pd.DataFrame:
    """Return the statuses that differ; ``states`` as of findings, with that of now at the end.

    ``found`` are the rows of :func:`finding_rows`: they know what the days between did.
    """
    named = _each(_by_subject, states)
    keys = _together([one.index for one in named])
    words = [one["status"].reindex(keys).astype("str").fillna("") for one in named]
    step, also = _last_step(words)
    chosen = words[0].to_numpy() != words[-1].to_numpy()
    accounts = pd.concat([named[-1]["account_id"], named[0]["account_id"]])
    accounts = accounts[~accounts.index.duplicated()]
    rows = pd.DataFrame(
        {
            "account_id": accounts.reindex(keys[chosen]),
            "before": words[0][chosen],
            "after": words[-1][chosen],
            "eve": words[-2][chosen],
            "reason": _STEPS[step[chosen]],
            "also": also[chosen],
        }
    ).reset_index()
    rows["reason"] = rows["reason"].mask(rows["reason"] == _TIME, _why_status(rows, found))
    for side, status in (("before", named[0]), ("after", named[-1])):
        late = status["late"].reindex(keys[chosen]).eq(True).fillna(False).to_numpy(dtype=bool)
        rows[side] = rows[side].mask(late, "meets, late")
    rows["finding_id"] = pd.Series("", rows.index, dtype="str")
    rows["opened_on"] = pd.Series(pd.NaT, rows.index, dtype="datetime64[us]")
    return rows.drop(columns="eve").assign(
        kind="status", move="changed", incident=False, between=False
    )


def _each(function: Callable, states: Frames) -> Frames:
    """The function of each state; states that are one and the same are worked on once."""
    results: Frames = []
    for at, state in enumerate(states):
        same = at > 0 and state is states[at - 1]
        results.append(results[-1] if same else function(state))
    return results


def _open(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["open"]].drop_duplicates(KEY).set_index(KEY)


def _by_subject(status: pd.DataFrame) -> pd.DataFrame:
    texts = {name: status[name].astype("str").fillna("") for name in (*_SUBJECT, "account_id")}
    return status.assign(**texts).set_index(_SUBJECT)


def _together(indexes: list[pd.Index]) -> pd.Index:
    keys = indexes[0]
    for at, index in enumerate(indexes[1:], start=1):
        keys = keys if index is indexes[at - 1] else keys.union(index, sort=False)
    return keys


def _last_step(states: list[pd.Series]) -> tuple[np.ndarray, np.ndarray]:
    """For each row the last step at which its state, a text, became another; the ones before it.

    The latter are reasons, between ``|``, empty where only one step made the difference.
    """
    step = np.zeros(len(states[0]), dtype=int)
    also = np.full(len(step), "", dtype=object)
    for number, (one, other) in enumerate(pairwise(states), start=1):
        turned = one.to_numpy() != other.to_numpy()
        again = turned & (step > 0)
        also[again] = also[again] + "|" + _STEPS[step[again]]
        step = np.where(turned, number, step)
    return step, pd.Series(also, dtype="str").str.removeprefix("|").to_numpy(dtype=object)


def _turned(is_open: Frames) -> pd.DataFrame:
    """The findings of the earlier day that were open in one of then and now only."""
    keys = _together([one.index for one in is_open])
    flags = [pd.Series(keys.isin(one.index), keys) for one in is_open]
    step, also = _last_step(flags)
    was, stands = flags[0].to_numpy(), flags[-1].to_numpy()
    parts = [
        facts.loc[keys[chosen]]
        .reset_index()
        .assign(move=move, reason=_STEPS[step[chosen]], also=also[chosen])
        for move, facts, chosen in (
            ("opened", is_open[-1], stands & ~was),
            ("closed", is_open[0], was & ~stands),
        )
    ]
    return pd.concat(parts, ignore_index=True).assign(before="", after="")


def timed(now: Standing, known_on: pd.Timestamp) -> pd.DataFrame:
    """Return the findings that the days after ``known_on`` opened and closed."""
    rows = moved(now.assessment, now.as_of, known_on + pd.Timedelta(days=1))
    return keyed(rows[rows["move"] != "still open"]).assign(before="", after="", also="")


def _altered(is_open: Frames, time: pd.DataFrame) -> pd.DataFrame:
    """The findings open then and now of which something else differs."""
    printed, eve, today = is_open[0], is_open[-2], is_open[-1]
    keys = printed.index.intersection(eve.index).intersection(today.index)
    # One that closed in the days between moved by itself; what is open now is another.
    keys = keys.difference(pd.MultiIndex.from_frame(time.loc[time["move"] == "closed", KEY]))
    words = _each(lambda one: _joined(one.reindex(keys), _STATE), is_open)
    step, also = _last_step(words)
    chosen = words[0].to_numpy() != words[-1].to_numpy()
    old, new = (side.loc[keys[chosen]] for side in (printed, today))
    by_time = np.select(
        [new["excepted"] & ~old["excepted"], old["excepted"] & ~new["excepted"]],
        ["exception began", "exception ended"],
        "became overdue",
    )
    reason = _STEPS[step[chosen]]
    before, after = _differences(old, new)
    return new.assign(
        move="changed",
        reason=np.where(reason == _TIME, by_time, reason),
        also=also[chosen],
        before=before,
        after=after,
    ).reset_index()


def _past(found: Frames) -> pd.DataFrame:
    """The findings that lie before the earlier day, closed or unknown then as now, that differ."""
    key = [*KEY, "opened_on"]
    shut = _each(lambda one: one[~one["open"]].drop_duplicates(key).set_index(key), found)
    keys = _together([one.index for one in shut])
    words = _each(
        lambda one: _joined(one, ["closed_on", "closed_by"]).reindex(keys).fillna(""), shut
    )
    # One that was open in either is told already.
    told = pd.concat([one.loc[one["open"], key] for one in (found[0], found[-1])])
    differs = words[0].to_numpy() != words[-1].to_numpy()
    chosen = differs & ~keys.isin(pd.MultiIndex.from_frame(told))
    facts = pd.concat([shut[-1], shut[0]])
    facts = facts[~facts.index.duplicated()].reindex(keys[chosen]).reset_index()
    before, after = (_closed_words(words[at][chosen]) for at in (0, -1))
    step, also = _last_step(words)
    reason, also = _STEPS[step[chosen]], also[chosen]
    return _begun_otherwise(
        facts.assign(move="past", reason=reason, also=also, before=before, after=after)
    )


def _closed_words(words: pd.Series) -> np.ndarray:
    return ("closed " + words.str.split("|").str[0]).where(words != "", NOT_FOUND).to_numpy()


def _begun_otherwise(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, of which one found no more and one found now that ended alike are one: it began
    on another day.
    """
    same = [*KEY, "closed_on", "closed_by", "reason", "also"]
    went, came = rows[rows["after"] == NOT_FOUND], rows[rows["before"] == NOT_FOUND]
    pairs = (
        came[same]
        .rename_axis("came")
        .reset_index()
        .merge(went[[*same, "opened_on"]].rename_axis("went").reset_index(), on=same)
    )
    begun = "begun " + rows["opened_on"].dt.strftime("%Y-%m-%d")
    rows = rows.assign(
        before=rows["before"].where(~rows.index.isin(pairs["came"]), ""),
        after=rows["after"].mask(rows.index.isin(pairs["came"]), begun),
    )
    rows.loc[pairs["came"], "before"] = begun[pairs["went"]].to_numpy()
    return rows.drop(index=pairs["went"])


def _joined(rows: pd.DataFrame, names: list[str]) -> pd.Series:
    """The columns as one text a row."""
    text = _plain(rows[names[0]])
    for name in names[1:]:
        text = text + "|" + _plain(rows[name])
    return text


def _plain(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d")
    return values.astype("str").fillna("")


def _differences(old: pd.DataFrame, new: pd.DataFrame) -> tuple[list[str], list[str]]:
    """What then and now say of each finding where they differ, in words."""
    told: tuple[list[list[str]], list[list[str]]] = ([], [])
    differ = {
        name: (_plain(old[name]).to_numpy() != _plain(new[name]).to_numpy()) for name in _STATE
    }
    for side, words in zip((old, new), told, strict=True):
        for name, says in _SAYS.items():
            if isinstance(says, tuple):
                text = np.where(side[name].astype("bool"), *says)
            else:
                text = (says + _plain(side[name])).to_numpy()
            words.append(np.where(differ[name], text, "").tolist())
    before, after = (
        [", ".join(filter(None, row)) for row in zip(*words, strict=True)] for words in told
    )
    return before, after


def _why_status(rows: pd.DataFrame, found: pd.DataFrame) -> pd.Series:
    """What the days between did to a status: what they did to its finding, where it has one."""
    by_time = ~found["incident"] & found["between"]
    opened = found[by_time & (found["move"] == "opened")]
    opened = opened.drop_duplicates(_SUBJECT, keep="last").set_index(_SUBJECT)["reason"]
    index = pd.MultiIndex.from_frame(rows[_SUBJECT])
    by_opening = opened.reindex(index).set_axis(rows.index)
    unmet = rows["after"].isin(["does not meet", "excepted"])
    reason = np.select(
        [
            rows["after"] == "ended",
            (rows["after"] == "meets") & rows["eve"].isin(["does not meet", "excepted"]),
            unmet & by_opening.notna(),
            (rows["after"] == "excepted") & (rows["eve"] == "does not meet"),
            (rows["after"] == "does not meet") & (rows["eve"] == "excepted"),
        ],
        ["account closed", "met", by_opening.fillna(""), "exception began", "exception ended"],
        NEW,
    )
    return pd.Series(reason, rows.index, dtype="str")
