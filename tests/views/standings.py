"""The frames of a hand-made standing: statuses, findings and counts from a few rows."""

import pandas as pd

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


def of(rows: pd.DataFrame, school_id: str) -> pd.DataFrame:
    return rows if school_id == "*" else rows[rows["school_id"].eq(school_id)]


def made_status(rules: pd.DataFrame, registry: pd.DataFrame) -> pd.DataFrame:
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


def made_findings(rules: pd.DataFrame, status: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
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


def made_rates(rules: pd.DataFrame, status: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
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


def made_incident_counts(rules, findings, log, keys) -> pd.DataFrame:
    rows = []
    for guideline in rules.index[rules["method"].ne("advice")]:
        for key in keys:
            year = of(log[log["guideline"].eq(guideline)], key)
            month = year[year["reported_on"] >= "2026-10-01"]
            rows.append((guideline, key, *made_states(month), *made_states(year)))
    columns = (
        "guideline school_id reported substantiated unsubstantiated open "
        "reported_12m substantiated_12m unsubstantiated_12m open_12m"
    )
    return frame(columns, rows)


def made_states(log: pd.DataFrame) -> tuple[int, int, int, int]:
    state = log["substantiation"]
    return (
        len(log),
        int(state.eq("substantiated").sum()),
        int(state.eq("unsubstantiated").sum()),
        int(log["resolved_on"].isna().sum()),
    )


def made_moves(rules: pd.DataFrame, findings: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
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


def made_trend(rules, status, findings, keys) -> pd.DataFrame:
    months = [str(month) for month in pd.period_range(end=MONTH, periods=24, freq="M")]
    rows = []
    for guideline in rules.index[rules["method"].ne("advice")]:
        judged, found = (rows_[rows_["guideline"].eq(guideline)] for rows_ in (status, findings))
        for key in keys:
            states = of(judged, key)["status"]
            kinds = ("meets", "does not meet", "excepted")
            judged_now = [int(states.eq(kind).sum()) for kind in kinds]
            mine = of(found, key)
            total, still = len(mine), int(mine["open"].sum())
            for at, month in enumerate(months):
                counts = judged_now if at >= 10 else [0, 0, 0]
                rate = counts[0] / sum(counts) if sum(counts) else float("nan")
                open_then = still if at >= 22 else at % 3 * total
                rows.append((month, guideline, key, *counts, 0, rate, open_then))
    return frame(
        "month guideline school_id meets does_not_meet excepted not_assessed rate open_findings",
        rows,
    )


def made_in_time(registry: pd.DataFrame) -> pd.DataFrame:
    rows = [
        (guideline, row.school_id, row.account_id, "2025-09", row.launched_on, at % 3 > 0)
        for guideline in ("supervisor-approval", "parent-notice")
        for at, row in enumerate(registry.itertuples())
    ]
    return frame("guideline school_id account_id month launched_on in_time", rows)


def made_approvals(registry: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
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


def made_notifications(registry: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
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
