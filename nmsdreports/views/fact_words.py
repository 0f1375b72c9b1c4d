"""One fact behind a verdict as one sentence: the duty, an act on record, an exception, a finding.

In: rows of an edition's explanation. Out: sentences with US dates and the cell of each date.
Traps: what lies after the as-of day is a plan and is told as one.
"""

from collections.abc import Callable

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.sentences import (
    capital,
    count_words,
    day_words,
    days_in_words,
    list_words,
    name_words,
    note_words,
)

_DAY = pd.Timedelta(days=1)
_BEGINNINGS = {
    "launched_on": "the launch on {day}",
    "starts_on": "the start on {day}",
    "received_on": "the concern arrived on {day}",
    "occurred_on": "the emergency on {day}",
    "reported_on": "the report of the emergency on {day}",
    "monitored_on": "the last review on {day}, the only one that the registry keeps",
}
_ACTS = {
    "decided_on": "{person} approved the account on {day}",
    "approved_on": "{person} approved the account on {day}",
    "granted_on": "{person} was given admin rights on {day}",
    "admin_granted_on": "{person} was given admin rights on {day}",
    "reviewed_on": "What students did was reviewed on {day}",
    "monitored_on": "What students did was reviewed on {day}",
    "sent_on": "{group} were told on {day}",
    "parents_notified_on": "All parents were told on {day}",
    "labelled_on": "The profile has said since {day} that it is a professional account",
    "reported_on": "The account's use was reported to the supervisor on {day}",
    "responded_on": "The parent was answered on {day}",
    "supervisor_notified_on": "The supervisor was told on {day}",
}
_DECISIONS = {
    "requested": "Approval was requested on {day}",
    "denied": "{person} denied approval on {day}",
    "revoked": "{person} revoked the approval on {day}",
    "withdrawn": "The request for approval was withdrawn on {day}",
}
_WHY_NOT = {
    "self-approval does not count": "nobody can approve an account of their own",
    "approver not recorded, does not count": "who approved is not on record",
    "approver without authority on that day does not count": "on that day this person had no "
    "authority over the account, by the staff list",
    "the holder is an owner": "the guideline asks for a supervisor or designee who is not an "
    "owner of the account",
}
_ANY_NOTICE = "the first notice of any kind"
_FOR_A_TIME = "it holds for a time"
_MANY_OF_THE_NAME = "several people have the approver's name"
# What would make an approval count that does not, where writing it down may be enough.
_MENDS = {
    "approver not recorded, does not count": "write in {cell} who approved, if that person had "
    "authority over the account on that day",
    _MANY_OF_THE_NAME: "write the approver's e-mail address instead of the name in {cell}, if that "
    "person had authority over the account on that day",
}
_MISSING = {"reason": "reason", "approved_by": "approver", "expires_on": "last day"}
_NOBODY = "a person whose name is not on record"


def fact_words(
    edition: Edition, guideline: dict, facts: pd.DataFrame, status: dict | None
) -> list[str]:
    """The facts on one subject in sentences, in the order: duty, record, exception, finding."""
    sentences = []
    for fact in facts.to_dict("records"):
        tell = _TELLERS[fact["kind"]]
        sentences += [capital(sentence) for sentence in tell(fact, edition, guideline)]
    told = facts["kind"].isin(["duty", "reason"]).any()
    if status is not None and not told:
        sentences.append(f"As of {day_words(edition.as_of)}: {days_in_words(status['reason'])}.")
    return sentences


def _reason(fact: dict, edition: Edition, guideline: dict) -> list[str]:
    applies = "This does not apply to the account"
    if fact["value"].startswith('"'):
        applies = "This cannot be assessed"
    return [f"{applies}: {fact['value']}{_at(fact['start_cell'])}."]


def _duty(fact: dict, edition: Edition, guideline: dict) -> list[str]:
    if pd.isna(fact["start"]):
        return ["The registry keeps only the last review, so no day before it is judged."]
    begin = _beginning(fact)
    if guideline["subject"] == "account":
        if not pd.isna(fact["stop"]):
            return [
                f"The guideline applied from {begin} until the account was closed on "
                f"{day_words(fact['stop'])}{_at(fact['stop_cell'])}."
            ]
        if fact["start"] > edition.as_of:
            return [f"The guideline will apply from {begin}."]
        return [f"The guideline has applied since {begin}."]
    past = fact["start"] <= edition.as_of
    was, were = ("was", "were") if past else ("is", "are")
    if guideline["subject"] == "notice":
        return [f"{_group(fact['group'])} {were} to be told by {begin}."]
    if guideline["subject"] == "concern":
        return [f"An answer {was} due by {begin}."]
    return [f"The supervisor {was} to be told by {begin}."]


def _beginning(fact: dict) -> str:
    """The first day of a duty, told from the day on record that it is counted from."""
    if pd.isna(fact["start_cell"]):
        return f"{day_words(fact['start'])}, the day assumed because no launch is on record"
    named = _BEGINNINGS.get(fact["column"], f"the day under {_header(fact['column'])}, {{day}}")
    named = named.format(day=day_words(fact["day"])) + _at(fact["start_cell"])
    days = (fact["start"] - fact["day"]).days
    if days == 0:
        return named
    away = f"{count_words(abs(days), 'day')} {'after' if days > 0 else 'before'}"
    return f"{day_words(fact['start'])}, {away} {named}"


def _evidence(fact: dict, edition: Edition, guideline: dict) -> list[str]:
    if pd.isna(fact["day"]):
        return [_value(fact)]
    if fact["note"] == _ANY_NOTICE:
        return [
            f"{_act(fact)}{_about(fact)}; this first notice is enough, since the log has no row "
            "for the account itself."
        ]
    return [f"{_act(fact)}{_about(fact)}{_until(fact, edition)}."]


def _about(fact: dict) -> str:
    """Which activity a notice was about, where it speaks for something else."""
    of_notice = fact["column"] == "sent_on" and not pd.isna(fact["value"])
    return f' about the activity "{name_words(fact["value"])}"' if of_notice else ""


def _not_counting(fact: dict, edition: Edition, guideline: dict) -> list[str]:
    why = _WHY_NOT.get(fact["note"], days_in_words(fact["note"]))
    if fact["note"] == _MANY_OF_THE_NAME:
        why = (
            f"several people have this name in the staff list ({fact['value']}), and nothing on "
            "record tells which of them it was"
        )
    return [f"{_act(fact)}; this does not count, because {why}."]


def _on_record(fact: dict, edition: Edition, guideline: dict) -> list[str]:
    if pd.isna(fact["day"]):
        return [_value(fact)]
    if fact["column"] == "starts_on":
        return [
            f"An exception was asked for from {day_words(fact['day'])} on"
            f"{_at(fact['start_cell'])}; {_missing(fact)} missing, so it is only a request."
        ]
    if fact["value"] in _DECISIONS:
        return [f"{_filled(_DECISIONS[fact['value']], fact)}."]
    return [
        f"{_act(fact)} as {fact['value']}; the guideline asks for a supervisor or designee who is "
        "not an owner of the account."
    ]


def _missing(fact: dict) -> str:
    lacks = [_MISSING[column] for column in fact["note"].split("|")]
    return f"its {list_words(lacks)} {'is' if len(lacks) == 1 else 'are'}"


def _exception(fact: dict, edition: Edition, guideline: dict) -> list[str]:
    holds = "held" if fact["stop"] <= edition.as_of else "holds"
    return [
        f"An exception {holds} from {day_words(fact['start'])}{_at(fact['start_cell'])} to "
        f"{day_words(fact['stop'] - _DAY)}{_at(fact['stop_cell'])}, approved by "
        f'{name_words(fact["person"])} for this reason: "{name_words(fact["note"], most=600)}".'
    ]


def _finding(fact: dict, edition: Edition, guideline: dict) -> list[str]:
    """The finding's own sentence as in the reports, and what would close it."""
    found = edition.findings
    mine = found["guideline"].eq(fact["guideline"]) & found["subject"].eq(fact["subject"])
    is_incident = found["finding_id"].eq(f"{fact['guideline']}:incident:{fact['subject']}")
    incident = fact["kind"] == "incident"
    mine &= (is_incident == incident) & found["opened_on"].eq(fact["start"])
    row = found[mine].iloc[0]
    sentences = [_without_notes(row["sentence"], fact, edition)]
    if incident:
        places = [fact["start_cell"], fact["stop_cell"], *fact["other_cells"].split("|")]
        cells = sorted({cell for cell in places if pd.notna(cell) and cell})
        sentences.append(f"This stands in {list_words(cells)}.")
    return [*sentences, *_closing(fact, row, edition)]


def _without_notes(sentence: str, fact: dict, edition: Edition) -> str:
    """The finding's sentence without what each act has already told."""
    if fact["guideline"] == "supervisor-approval" and fact["kind"] == "uncovered":
        for note in edition.approvals["note"].dropna():
            for part in note.split("; "):
                sentence = sentence.replace(f"; {note_words(part)}", "")
    return sentence


def _closing(fact: dict, row: pd.Series, edition: Edition) -> list[str]:
    """Which of a finding's days are excepted, and what would close it, for whom and until when."""
    facts = edition.explanation
    same = facts["guideline"].eq(fact["guideline"]) & facts["subject"].eq(fact["subject"])
    own = facts[same] if fact["kind"] == "uncovered" else facts[:0]
    sentences, until = [], ""
    stop = row["closed_on"] if pd.notna(row["closed_on"]) else pd.Timestamp.max
    for held in own[own["kind"].eq("exception")].itertuples():
        first, last = max(held.start, fact["start"]), min(held.stop, stop) - _DAY
        if first <= last:
            days = f"{day_words(first)} to {day_words(last)}"
            sentences.append(f"Of these days those from {days} are excepted.")
            if row["excepted"] and first <= edition.as_of <= last:
                until = f"; it is excepted until {day_words(last)}"
    if not row["open"]:
        return sentences
    was = "was" if row["due_on"] <= edition.as_of else "is"
    mends = [
        f"{_MENDS[act.note].format(cell=act.other_cells)}; otherwise "
        for act in own[own["kind"].eq("does not count") & own["note"].isin(_MENDS)].itertuples()
    ]
    return [
        *sentences,
        f"To close this: {''.join(mends)}{row['remedy']}. This is for {row['responsible_name']} "
        f"and {was} due on {day_words(row['due_on'])}{until}.",
    ]


_TELLERS: dict[str, Callable[[dict, Edition, dict], list[str]]] = {
    "reason": _reason,
    "duty": _duty,
    "evidence": _evidence,
    "does not count": _not_counting,
    "on record": _on_record,
    "exception": _exception,
    "uncovered": _finding,
    "incident": _finding,
}


def _act(fact: dict) -> str:
    unknown = f"{{day}} stands under {_header(fact['column'])}"
    return _filled(_ACTS.get(fact["column"], unknown), fact)


def _filled(template: str, fact: dict) -> str:
    person = _NOBODY if pd.isna(fact["person"]) else name_words(fact["person"])
    day = day_words(fact["day"]) + _at(fact["start_cell"])
    return template.format(person=person, group=_group(fact["group"]), day=day)


def _until(fact: dict, edition: Edition) -> str:
    """How long an act holds, where it does not hold for ever."""
    if pd.isna(fact["stop"]):
        return ""
    last, cell = day_words(fact["stop"] - _DAY), _at(fact["stop_cell"])
    over = fact["stop"] <= edition.as_of
    if fact["note"] == _FOR_A_TIME:
        return f"; this {'covered' if over else 'covers'} the days to {last}"
    if fact["column"] in ("granted_on", "admin_granted_on"):
        return f"; the rights were taken back on {day_words(fact['stop'])}{cell}"
    if fact["column"] in ("decided_on", "approved_on"):
        if cell:
            return f"; the approval {'was' if over else 'is'} valid until {last}{cell}"
        same = fact["stop"] == fact["start"]
        if same:
            return (
                "; it was revoked on the same day, and of two rows of one day the revocation "
                "counts as the later one"
            )
        return f"; it was revoked on {day_words(fact['stop'])}"
    return f"; this {'covered' if over else 'covers'} the days to {last}"


def _value(fact: dict) -> str:
    header, cell = _header(fact["column"]), _at(fact["start_cell"])
    if pd.isna(fact["value"]):
        return f"The registry says nothing under {header}{cell}."
    return f'The registry says "{name_words(fact["value"])}" under {header}{cell}.'


def _group(group: object) -> str:
    if pd.isna(group) or group == "all":
        return "All parents"
    groups = [" ".join(name.split()) for name in group.split("|") if name.strip()]
    if {"all", "everyone"} & set(groups):
        return "All parents"
    return "The parents of " + list_words([f'"{name_words(name)}"' for name in groups])


def _header(column: str) -> str:
    return f'"{column.replace("_", " ").capitalize()}"'


def _at(cell: object) -> str:
    return "" if pd.isna(cell) else f" ({cell})"
