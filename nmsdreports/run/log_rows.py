"""What an answer becomes: rows for the logs, or an entry that the office makes by hand.

In: answers that fit an open finding, and the standing that they answer. Out: rows under the columns
of `tables.toml`, each with the finding it closes. What closes a finding is read off the guideline
(its `met_by`), so a guideline of the district's own is answered like any other.
Traps: a row of the notice log invites as well as tells, so what is added invites nobody anew; a
concern is completed by a later row of the same concern; a remark is nobody's business but the
office's and enters no row; whatever is typed as a name may be a student's or a parent's, so only
names on record are repeated.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from nmsdreports.intake.choices import nearest
from nmsdreports.intake.tables import read_tables
from nmsdreports.policy import Standing, assess
from nmsdreports.run.answers import answer_fault
from nmsdreports.settings import fold
from nmsdreports.views.rows import of_incident
from nmsdreports.views.sentences import day_words
from nmsdreports.views.workbook.to_do import BY_WHOM

CONCERNS = "concerns"
EVERYONE = "all"
_NAMING = {"approvals": "decided_by", "admins": "person", "reviews": "reviewed_by"}
"""The logs that keep who acted, and their column for it."""


@dataclass(frozen=True)
class Proposed:
    """What the answers would become.

    `rows` has one a row for a log: table, values (dict of that table's columns), finding_id,
    opened_on, answer (the place it came from), look (why the office has to look, empty where it
    need not) and enter (bool). `by_hand` has what no log holds: finding_id, done_on, by, place
    (file and cell to type it into, empty where nobody can tell), column (its heading), type (what
    to type), title (the guideline's), answer. `also` are the findings that the rows would close
    without an answer.
    """

    rows: pd.DataFrame
    by_hand: pd.DataFrame
    also: list[str]


def propose(answers: pd.DataFrame, standing: Standing) -> tuple[Proposed, list[dict]]:
    """The rows and entries of `answers` (as of `answers.match_answers`), and faults of the others.

    A row is only proposed where with it on record the finding would be closed.
    """
    names = _known_names(standing.records)
    rows, by_hand, faults = [], [], []
    for answer in answers.to_dict("records"):
        table = None if of_incident(answer) else log_of(answer["guideline"], standing)
        if table is None:
            by_hand.append(_by_hand(answer, names, standing))
            continue
        told, look = _who(answer, table, names, standing.records)
        told = told or _before_it_came(answer, table, standing.records)
        if told:
            faults.append(told)
            continue
        by = answer["by"] if pd.isna(answer["by"]) else names.get(fold(answer["by"]), answer["by"])
        look += _early(answer)
        row = {
            "table": table,
            "values": _values(answer | {"by": by}, table, standing.records),
            "finding_id": answer["finding_id"],
            "opened_on": answer["opened_on"],
            "answer": _answered_in(answer),
            "look": " ".join(look),
            "enter": not look,
        }
        rows.append(row | {"source": answer})
    kept, stays, also = _closing(rows, standing)
    kept = [row | {"values": _on_record(row, names)} for row in kept]
    columns = ["table", "values", "finding_id", "opened_on", "answer", "look", "enter"]
    found = pd.DataFrame(kept, columns=columns)
    listed = ["finding_id", "done_on", "by", "place", "column", "type", "title", "answer"]
    return Proposed(found, pd.DataFrame(by_hand, columns=listed), also), faults + stays


def log_of(guideline: str, standing: Standing) -> str | None:
    """The log in which a finding of the guideline is answered; none where it is a column's."""
    rule = next(rule for rule in standing.policy.rules if rule.id == guideline)
    if rule.subject == "concern" and rule.met_by.get("column") == "responded_on":
        return CONCERNS
    return rule.met_by.get("log")


def with_rows(records: Any, rows: list[tuple[str, dict]]) -> Any:
    """The records with more rows (table, values) in their logs; that of a concern completes it."""
    added: dict[str, list[dict]] = {}
    for table, values in rows:
        added.setdefault(table, []).append(values)
    frames = {}
    for table, values in added.items():
        frame = getattr(records, table)
        if table == CONCERNS:
            days = {value["concern_id"]: value["responded_on"] for value in values}
            found = frame["concern_id"].map(days).astype(frame["responded_on"].dtype)
            frames[table] = frame.assign(responded_on=frame["responded_on"].fillna(found))
        else:
            more = pd.DataFrame(values).reindex(columns=frame.columns).astype(frame.dtypes)
            frames[table] = pd.concat([frame, more], ignore_index=True) if len(frame) else more
    return replace(records, **frames)


def _closing(rows: list[dict], standing: Standing) -> tuple[list[dict], list[dict], list[str]]:
    """The rows that close their finding, a fault for each of the others, and what else closes."""
    records = with_rows(standing.records, [(row["table"], row["values"]) for row in rows])
    after = assess(records, standing.policy).at(standing.as_of)
    kept, faults, added = [], [], Counter()
    for row in rows:
        place = len(getattr(standing.records, row["table"])) + added[row["table"]]
        added[row["table"]] += 1
        if remains_open(row["finding_id"], row["opened_on"], row["source"]["guideline"],
                        row["source"]["subject"], after):  # fmt: skip
            faults.append(_stays(row, place, after))
        else:
            kept.append(row)
    before, now = (
        one.findings.loc[one.findings["open"], "finding_id"] for one in (standing, after)
    )
    also = {*before} - {*now} - {row["finding_id"] for row in rows}
    return kept, faults, sorted(also)


def remains_open(
    finding_id: str, opened_on: pd.Timestamp, guideline: str, subject: str, after: Standing
) -> bool:
    """Whether a finding, or one that now stands in its place, is open in another standing."""
    found = after.findings
    same = found["finding_id"].eq(finding_id) & found["opened_on"].eq(opened_on)
    if same.any():
        return bool(found.loc[same, "open"].any())
    return bool(
        (found["guideline"].eq(guideline) & found["subject"].eq(subject) & found["open"]).any()
    )


def _stays(row: dict, place: int, after: Standing) -> dict:
    """Why a finding would stay open with the row, the `place`-th of its log, on record."""
    answer, acts = row["source"], after.assessment.acts
    mine = acts[acts["table"].eq(row["table"]) & acts["index"].eq(place)]
    note = next(iter(mine["note"].dropna()), f"{day_words(answer['done_on'])} is too early or late")
    found = f"{note}: the finding would stay open"
    wanted = "what the guideline asks for, while the finding was open"
    repair = f"ask again; `nmsdreports explain {answer['account_id']}` says what counts"
    return answer_fault(answer, "done_cell", found, wanted, repair)


def _who(
    answer: dict, table: str, names: dict[str, str], records: Any
) -> tuple[dict | None, list[str]]:
    """A fault where it is not known who acted though the log keeps it; else what to look at."""
    if table not in _NAMING:
        return None, []
    by = answer["by"]
    if pd.isna(by):
        found, repair = f"nothing under {BY_WHOM}", "ask who it was"
        return answer_fault(answer, "by_cell", found, "a name or an e-mail", repair), []
    if fold(by) in names:
        return None, []
    near = nearest(by, names.values())
    hint = f"; perhaps {near} is meant" if near else ""
    if records.staff.empty and not by.startswith(("=", "+", "-", "@")):
        look = f"Nobody on record has the name in {answer['by_cell']} of the answer{hint}."
        return None, [f"{look} Type the name into this row, once you know who it was."]
    wanted = "somebody of the staff table, an owner or a principal"
    repair = f"ask for the full name or the district e-mail{hint}"
    return answer_fault(answer, "by_cell", "a name that is not on record", wanted, repair), []


def _before_it_came(answer: dict, table: str, records: Any) -> dict | None:
    """A fault where a concern was answered before it was received."""
    if table != CONCERNS:
        return None
    concerns = records.concerns.set_index("concern_id")
    received = concerns["received_on"][answer["subject"]]
    if answer["done_on"] >= received:
        return None
    found, wanted = day_words(answer["done_on"]), f"a day from {day_words(received)} on"
    repair = "ask again: the concern had not been received by then"
    return answer_fault(answer, "done_cell", found, wanted, repair)


def _early(answer: dict) -> list[str]:
    if not answer["early"]:
        return []
    began = day_words(answer["opened_on"])
    return [
        f"This day lies before the finding began ({began}). Entered, the finding is gone as if it "
        "had never been: do so only where a paper proves the day."
    ]


def _known_names(records: Any) -> dict[str, str]:
    """Everybody who may act, as written, by the folded name or e-mail."""
    accounts, schools, staff = records.accounts, records.schools, records.staff
    texts = [staff["email"], staff["name"], accounts["owner_email"]]
    texts += [accounts["owner"].str.split("|").explode(), schools["principal"]]
    found = pd.concat([*texts, schools["principal_email"]]).dropna()
    return {fold(text): text.strip() for text in found.unique()}


def _on_record(row: dict, names: dict[str, str]) -> dict:
    """The values of a row, its name left out where it is not on record."""
    values, column = row["values"], _NAMING.get(row["table"])
    known = column is None or fold(values[column]) in names
    return values if known else values | {column: None}


def _values(answer: dict, table: str, records: Any) -> dict:
    """The row of a log, by that table's columns."""
    account, day, by = answer["account_id"], answer["done_on"], answer["by"]
    match table:
        case "approvals":
            told = {"decision": "approved", "decided_on": day, "decided_by": by}
        case "admins":
            role = "supervisor" if _supervises(by, account, records) else "designee"
            told = {"person": by, "role": role, "granted_on": day}
        case "reviews":
            told = {"reviewed_on": day, "reviewed_by": by}
        case "notices":
            told = _invitation(answer, records.notices) | {"sent_on": day}
        case _:
            concerns = records.concerns
            mine = concerns[concerns["concern_id"].eq(answer["subject"])].iloc[0]
            told = {name: mine[name] for name in ("concern_id", "received_on", "category")}
            told["responded_on"] = day
    given = {"account_id": account} | told
    return {name: given[name] for name in read_tables()[table].columns if pd.notna(given.get(name))}


def _invitation(answer: dict, notices: pd.DataFrame) -> dict:
    """Whom the notice invited, as its subject's first row has it, and that everyone was told.

    An invitation that stands there already makes no new duty.
    """
    *_, activity = answer["subject"].removeprefix(answer["account_id"]).partition("/")
    mine = notices[notices["account_id"].eq(answer["account_id"])]
    folded = mine["activity"].map(fold, na_action="ignore")
    mine = mine[folded.eq(activity) if activity else folded.isna()]
    if mine.empty:
        return {"groups_notified": EVERYONE}
    first = mine.sort_values("starts_on", na_position="first").iloc[0]
    return {name: first[name] for name in ("activity", "starts_on", "groups_invited")} | {
        "groups_notified": EVERYONE
    }


def _supervises(by: str, account: str, records: Any) -> bool:
    """Whether a person is the principal of the account's school or somebody's supervisor."""
    school = records.accounts.set_index("account_id")["school_id"].get(account)
    principals = records.schools[records.schools["school_id"].eq(school)]
    staff = records.staff
    named = staff["email"].isin(staff["supervisor_email"].dropna())
    texts = [principals["principal"], principals["principal_email"]]
    texts += [staff.loc[named, "name"], staff.loc[named, "email"]]
    return fold(by) in {fold(text) for text in pd.concat(texts).dropna()}


def _answered_in(answer: dict) -> str:
    """Where an answer stands, and its remark: "Pine.xlsx · To do!F9, remark in H9"."""
    remark = f", remark in {answer['remark_cell']}" if answer["remark"] else ""
    return f"{answer['file']} · {answer['sheet']}!{answer['done_cell']}{remark}"


def _by_hand(answer: dict, names: dict[str, str], standing: Standing) -> dict:
    """What the office types itself, with the cell where it can be told."""
    rule = next(rule for rule in standing.policy.rules if rule.id == answer["guideline"])
    records, column = standing.records, rule.met_by.get("column")
    table, key = ("accounts", "account_id")
    if rule.subject != "account":
        table, key = ("incidents", "incident_id")
        column = column if rule.subject == "emergency" else "resolved_on"
    if of_incident(answer):
        table, key, column = "incidents", "incident_id", "resolved_on"
    rows = getattr(records, table)
    rows = rows[rows[key].eq(answer["subject"])]
    declared = read_tables()[table].columns.get(column)
    place = records.cell(table, rows.index[0], column) if len(rows) and declared else ""
    by = answer["by"]
    return {
        "finding_id": answer["finding_id"],
        "done_on": answer["done_on"],
        "by": by if pd.isna(by) else names.get(fold(by), f"not on record: see {answer['by_cell']}"),
        "place": place,
        "column": declared.heading if declared else "",
        "type": _to_type(rule.met_by, table, column, answer["done_on"]),
        "title": rule.title,
        "answer": _answered_in(answer),
    }


def _to_type(met_by: dict, table: str, column: str | None, day: pd.Timestamp) -> str:
    """What to type into the column that decides, in words."""
    columns = read_tables()[table].columns
    if column not in columns:
        return ""
    if column == "resolved_on":
        return f"{day_words(day)}, and under {columns['substantiation'].heading} what came of it"
    if columns[column].type == "day":
        return day_words(day)
    if "values" in met_by:
        words = " or ".join(met_by["values"])
        other = columns.get(met_by.get("or_given"))
        return f"{words}; else the reason under {other.heading}" if other else words
    return f"the {columns[column].heading.lower()} as it is now"
