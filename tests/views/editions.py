"""Small made-up standings for the tests of views, and the editions cut out of them."""

import tomllib
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

import nmsdreports
from nmsdreports.settings import Contact, Settings
from nmsdreports.views.audience import Edition, edition

AS_OF = pd.Timestamp("2026-10-31")
MONTH = "2026-10"
STATUSES = (
    "meets",
    "does not meet",
    "excepted",
    "not assessed",
    "upcoming",
    "ended",
    "not applicable",
)


def day(text: str | None) -> pd.Timestamp:
    return pd.NaT if text is None else pd.Timestamp(text)


def frame(columns: str, rows: list[tuple], days: str = "", texts: str = "") -> pd.DataFrame:
    """A frame with the dtypes of the contract between the floors."""
    made = pd.DataFrame(rows, columns=columns.split())
    for name in days.split():
        made[name] = pd.to_datetime(made[name]).astype("datetime64[us]")
    for name in texts.split():
        made[name] = made[name].astype("str")
    return made


def guidelines() -> pd.DataFrame:
    path = Path(nmsdreports.__file__).parent / "policy" / "guidelines.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    columns = (
        "clause title wording method subject severity fix_within remedy responsible "
        "board_category lacks"
    )
    made = pd.DataFrame.from_dict(rows, orient="index").reindex(columns=columns.split())
    return made.astype({"fix_within": "Int64"})


def schools(names: dict[str, str]) -> pd.DataFrame:
    rows = [
        (key, name, name.split()[0], "elementary", "Nell Inkpenny") for key, name in names.items()
    ]
    made = frame("school_id name short_name level principal", rows)
    return made.assign(opened_on=pd.NaT, closed_on=pd.NaT)


def accounts(rows: list[tuple]) -> pd.DataFrame:
    """Rows of (account_id, school_id, handle, title, owner)."""
    made = frame("account_id school_id handle title owner", rows, texts="handle title owner")
    made["platform"] = "Facebook"
    made["url"] = pd.Series([None] * len(made), dtype="str")
    made["audience"], made["visibility"], made["students_invited"] = "school", "public", "yes"
    made["note"] = "restricted text of a note"
    made["launched_on"] = day("2025-09-03")
    made["closed_on"] = pd.Series([pd.NaT] * len(made), dtype="datetime64[us]")
    return made


def incidents(rows: list[tuple]) -> pd.DataFrame:
    """Rows of (incident_id, school_id, account_id, guideline, reported_on, substantiation,
    resolved_on)."""
    columns = "incident_id school_id account_id guideline reported_on substantiation resolved_on"
    made = frame(columns, rows, days="reported_on resolved_on", texts="account_id")
    made["context"], made["emergency"] = "professional", "no"
    made["occurred_on"] = made["reported_on"] - pd.Timedelta(days=1)
    made["severity"] = pd.Series([None] * len(made), dtype="str")
    made["supervisor_notified_on"] = pd.Series([pd.NaT] * len(made), dtype="datetime64[us]")
    made["account_registered"] = made["account_id"].notna()
    made["action"], made["description"] = "restricted action", "restricted description"
    return made


def standing(
    names: dict[str, str] | None = None,
    account_rows: list[tuple] | None = None,
    incident_rows: list[tuple] | None = None,
) -> SimpleNamespace:
    """A standing in which every status occurs; counts and findings follow from its statuses."""
    names = (
        {"S1": "Pine Elementary", "S2": "Cedar Creek", "S9": "Quiet School"}
        if names is None
        else names
    )
    if account_rows is None:
        account_rows = [
            (f"A{number:03}", "S1" if number < 9 else "S2", f"@sample{number}", None, "Ann Quill")
            for number in range(1, 12)
        ]
    if incident_rows is None:
        incident_rows = [
            ("I001", "S1", "A001", "student-identity", "2026-10-05", "substantiated", "2026-10-06"),
            ("I002", "S1", "A002", "conduct-standards", "2026-09-07", "alleged", None),
            (
                "I003",
                "S1",
                None,
                "prohibited-language",
                "2026-10-08",
                "unsubstantiated",
                "2026-10-09",
            ),
            ("I004", "S2", "A009", "logo-use", "2026-10-21", "under investigation", None),
        ]
    policy = SimpleNamespace(guidelines=guidelines())
    registry, log = accounts(account_rows), incidents(incident_rows)
    status = _status(policy.guidelines, registry)
    findings = _findings(policy.guidelines, status, log)
    keys = ["*", *names]
    return SimpleNamespace(
        as_of=AS_OF,
        month=MONTH,
        policy=policy,
        records=_records(names, registry, log),
        status=status,
        findings=findings,
        rates=_rates(policy.guidelines, status, keys),
        incidents=_incident_counts(policy.guidelines, findings, log, keys),
        moves=_moves(policy.guidelines, findings, keys),
        trend=_trend(policy.guidelines, status, findings, keys),
        in_time=_in_time(registry),
        approvals=_approvals(registry, status),
        notifications=_notifications(registry, status),
        watch=frame(
            "list subject account_id school_id on message", [("review", *"ASS", AS_OF, "")]
        ),
        in_use=pd.DataFrame(
            [(key, len(of(registry, key)), len(of(registry, key))) for key in keys],
            columns=["school_id", "accounts", "in_use"],
        ),
    )


def with_emergency(made: SimpleNamespace) -> SimpleNamespace:
    """The standing with an emergency on its log, I041 of school S1: judged as no incident."""
    rows = [("I041", "S1", "A001", "personal-contact", "2026-10-12", "substantiated", None)]
    log = made.records.incidents
    more = incidents(rows).assign(emergency="yes", file="incidents.csv", row=len(log) + 2)
    made.records.incidents = pd.concat([log, more], ignore_index=True)
    return made


def school_edition(school_id: str = "S1", **facts) -> Edition:
    return edition(standing(**facts), "school", school_id)


def office_edition(**facts) -> Edition:
    return edition(standing(**facts), "office")


def of(rows: pd.DataFrame, school_id: str) -> pd.DataFrame:
    return rows if school_id == "*" else rows[rows["school_id"].eq(school_id)]


def _records(names: dict, registry: pd.DataFrame, log: pd.DataFrame) -> SimpleNamespace:
    place = {"file": "accounts.xlsx", "sheet": "Accounts", "row": range(2, len(registry) + 2)}
    registry = registry.assign(**place)
    log = log.assign(file="incidents.csv", sheet=None, row=range(2, len(log) + 2))
    empty = {
        "approvals": registry.iloc[:0],
        "notices": registry.iloc[:0],
        "admins": registry.iloc[:0],
        "reviews": registry.iloc[:0],
        "concerns": registry.iloc[:0].assign(concern_id=""),
    }
    problem = (
        "accounts.xlsx",
        "Accounts",
        3,
        "launched_on",
        "L3",
        "soon",
        "warning",
        "unreadable-day",
    )
    problems = pd.DataFrame(
        [(*problem, 'The date "soon" cannot be read.', "Write it as 2026-10-31.")]
        if len(registry)
        else [],
        columns=[
            *("file", "sheet", "row", "column", "cell"),
            *("value", "level", "code", "message", "suggestion"),
        ],
    )
    counts = [("accounts.xlsx", "Accounts", len(registry) + 2, len(registry), 1, 1)]
    return SimpleNamespace(
        schools=schools(names),
        accounts=registry,
        incidents=log,
        problems=problems,
        counts=pd.DataFrame(
            counts, columns=["file", "sheet", "rows_read", "accepted", "quarantined", "blank"]
        ),
        inputs=pd.DataFrame([("accounts.xlsx", "ab" * 32, 9)], columns=["file", "sha256", "bytes"]),
        settings=settings(),
        unknown_school_incidents=0,
        **empty,
    )


def settings() -> Settings:
    contact = Contact(name="Wren Quillby", email="w.quillby@example.org", phone="360-555-0142")
    return Settings(name="Sample School District", contact=contact)


def _status(rules: pd.DataFrame, registry: pd.DataFrame) -> pd.DataFrame:
    rows = []
    judged = rules[rules["subject"].isin(["account", "notice"]) & rules["method"].eq("record")]
    for at, guideline in enumerate(judged.index):
        for number, account in enumerate(registry.itertuples()):
            state = STATUSES[(at + number) % len(STATUSES)]
            under = "does not meet" if state == "excepted" else None
            reason = "no students invited" if state == "not applicable" else None
            rows.append(
                (
                    guideline,
                    account.account_id,
                    account.account_id,
                    account.school_id,
                    state,
                    under,
                    pd.NA,
                    reason,
                    day("2026-09-10"),
                )
            )
    columns = "guideline subject account_id school_id status underlying_status late reason since"
    return frame(columns, rows, texts="underlying_status reason").astype({"late": "boolean"})


def _findings(rules: pd.DataFrame, status: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for at, row in enumerate(status.itertuples()):
        if row.status in ("does not meet", "excepted"):
            opened = day("2026-10-05") if at % 2 else day("2026-10-29")
            rows.append(
                (
                    f"{row.guideline}:{row.subject}",
                    row.guideline,
                    row.subject,
                    row.account_id,
                    row.school_id,
                    opened,
                    pd.NaT,
                    row.status == "excepted",
                )
            )
    for row in log.itertuples():
        shut = row.resolved_on
        rows.append(
            (
                f"{row.guideline}:incident:{row.incident_id}",
                row.guideline,
                row.incident_id,
                row.account_id,
                row.school_id,
                row.reported_on,
                shut,
                False,
            )
        )
    columns = "finding_id guideline subject account_id school_id opened_on closed_on excepted"
    made = frame(columns, rows, days="opened_on closed_on", texts="account_id")
    made["excepted"] = made["excepted"].astype(bool)
    made["severity"] = rules["severity"].reindex(made["guideline"]).to_numpy()
    made["closed_by"] = made["closed_on"].notna().map({True: "resolved", False: None}).astype("str")
    fix = rules["fix_within"].reindex(made["guideline"]).astype("int64").to_numpy()
    made["due_on"] = made["opened_on"] + pd.to_timedelta(fix, unit="D")
    made["open"] = made["closed_on"].isna()
    made["overdue"] = made["open"] & (made["due_on"] <= AS_OF)
    end = made["closed_on"].fillna(AS_OF + pd.Timedelta(days=1))
    made["days_open"] = (end - made["opened_on"]).dt.days
    return made


def _rates(rules: pd.DataFrame, status: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    rows = []
    for guideline in rules.index[rules["method"].eq("record")]:
        for key in keys:
            mine = of(status[status["guideline"].eq(guideline)], key)["status"].value_counts()
            n = {state: int(mine.get(state, 0)) for state in STATUSES}
            judged = n["meets"] + n["does not meet"] + n["excepted"]
            known = judged + n["not assessed"]
            rows.append(
                (
                    guideline,
                    key,
                    sum(n.values()) - n["not applicable"],
                    n["meets"],
                    n["does not meet"],
                    n["excepted"],
                    n["not assessed"],
                    n["upcoming"],
                    n["ended"],
                    n["meets"] / judged if judged else float("nan"),
                    (n["meets"] + n["excepted"]) / judged if judged else float("nan"),
                    judged / known if known else float("nan"),
                )
            )
    columns = (
        "guideline school_id applicable meets does_not_meet excepted not_assessed upcoming ended "
        "rate rate_with_exceptions coverage"
    )
    return frame(columns, rows)


def _incident_counts(rules, findings, log, keys) -> pd.DataFrame:
    rows = []
    for guideline in rules.index[rules["method"].ne("advice")]:
        for key in keys:
            year = of(log[log["guideline"].eq(guideline)], key)
            month = year[year["reported_on"] >= "2026-10-01"]
            rows.append((guideline, key, *_states(month), *_states(year)))
    columns = (
        "guideline school_id reported substantiated unsubstantiated open "
        "reported_12m substantiated_12m unsubstantiated_12m open_12m"
    )
    return frame(columns, rows)


def _states(log: pd.DataFrame) -> tuple[int, int, int, int]:
    state = log["substantiation"]
    return (
        len(log),
        int(state.eq("substantiated").sum()),
        int(state.eq("unsubstantiated").sum()),
        int(log["resolved_on"].isna().sum()),
    )


def _moves(rules: pd.DataFrame, findings: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    first = day("2026-10-01")
    rows = []
    for guideline in rules.index[rules["method"].ne("advice")]:
        for key in keys:
            mine = of(findings[findings["guideline"].eq(guideline)], key)
            before = int((mine["opened_on"] < first).sum())
            opened = len(mine) - before
            closed = int((~mine["open"]).sum())
            rows.append((guideline, key, before, opened, closed, before + opened - closed))
    return frame("guideline school_id open_before opened closed open_now", rows)


def _trend(rules, status, findings, keys) -> pd.DataFrame:
    months = [str(month) for month in pd.period_range(end=MONTH, periods=24, freq="M")]
    rows = []
    for guideline in rules.index[rules["method"].ne("advice")]:
        judged, found = (rows_[rows_["guideline"].eq(guideline)] for rows_ in (status, findings))
        for key in keys:
            states = of(judged, key)["status"]
            good, bad = int(states.eq("meets").sum()), int(states.eq("does not meet").sum())
            mine = of(found, key)
            total, still = len(mine), int(mine["open"].sum())
            for at, month in enumerate(months):
                counts = (good, bad) if at >= 10 else (0, 0)
                rate = counts[0] / sum(counts) if sum(counts) else float("nan")
                open_then = still if at >= 22 else at % 3 * total
                rows.append((month, guideline, key, *counts, 0, 0, rate, open_then))
    return frame(
        "month guideline school_id meets does_not_meet excepted not_assessed rate open_findings",
        rows,
    )


def _in_time(registry: pd.DataFrame) -> pd.DataFrame:
    rows = [
        (guideline, row.school_id, row.account_id, "2025-09", row.launched_on, at % 3 > 0)
        for guideline in ("supervisor-approval", "parent-notice")
        for at, row in enumerate(registry.itertuples())
    ]
    return frame("guideline school_id account_id month launched_on in_time", rows)


def _approvals(registry: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
    made = registry[["account_id", "school_id", "launched_on", "closed_on"]].copy()
    own = status[status["guideline"].eq("supervisor-approval")].set_index("account_id")["status"]
    made["status"] = made["account_id"].map(own).astype("str")
    approved = made["status"].eq("meets")
    made["approved_on"] = pd.Series(day("2025-09-01"), index=made.index).where(approved)
    made["approver"] = pd.Series("Nell Inkpenny", index=made.index, dtype="str").where(approved)
    made["days_from_launch"] = pd.Series(-2, index=made.index, dtype="Int64").where(approved)
    made["valid_until"] = pd.Series([pd.NaT] * len(made), index=made.index, dtype="datetime64[us]")
    note = "self-approval on 2026-03-01 does not count"
    made["note"] = pd.Series(note, index=made.index, dtype="str").where(~approved)
    return made


def _notifications(registry: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
    own = status[status["guideline"].eq("parent-notice")]
    made = own[["subject", "account_id", "school_id", "status"]].reset_index(drop=True)
    told = made["status"].eq("meets")
    made["activity"] = pd.Series([None] * len(made), dtype="str")
    made["invited"] = pd.Series("all", index=made.index, dtype="str")
    made["starts_on"] = pd.Series(day("2025-09-03"), index=made.index)
    made["told_on"] = pd.Series(day("2025-09-05"), index=made.index).where(told)
    made["days_from_start"] = pd.Series(2, index=made.index, dtype="Int64").where(told)
    made["note"] = pd.Series([None] * len(made), dtype="str")
    return made
