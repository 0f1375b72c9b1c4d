"""How long all verdicts take beside asking each guideline anew at each month's end.

    python benchmarks/policy.py [ACCOUNTS]        (default 100000; the ratio and equal counts)
    python benchmarks/policy.py growth [LARGEST]  (default 5000000; seconds and memory by size)

The plain way has one function a guideline: pandas predicates on the tables as they are, for one
day. Both ways must give the same counts, cell by cell. Prints ratios measured side by side in one
run; trust those, not the seconds (of processor time, since machines are shared). The districts
are made up.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable

import pandas as pd

from nmsdreports.intake import Records
from nmsdreports.policy import assess
from nmsdreports.simulate import LAST_DAY, simulate

PART = 1_000_000
COUNTS = ["meets", "does_not_meet", "excepted", "not_assessed"]
PURPOSES = ["instructional", "educational", "communication", "extracurricular"]
CLOSED_CIRCLES = ["class", "grade", "team"]


def _plain_purpose(records: Records, day: pd.Timestamp) -> pd.DataFrame:
    own = _alive(records, day)
    return _verdicts(own, own["purpose"].isin(PURPOSES), own["purpose"].isna())


def _plain_approval(records: Records, day: pd.Timestamp) -> pd.DataFrame:
    own = _alive(records, day)
    log = records.approvals[records.approvals["decided_on"] <= day]
    revoked = log[log["decision"] == "revoked"].groupby("account_id")["decided_on"].max()
    approved = _counting(records, log[log["decision"] == "approved"])
    noted = records.accounts[records.accounts["approved_on"] <= day]
    noted = noted[["account_id", "approved_on", "approved_by"]].set_axis(
        ["account_id", "decided_on", "decided_by"], axis=1
    )
    both = noted.merge(approved[["account_id", "decided_on"]], on=["account_id", "decided_on"])
    noted = noted[~noted["account_id"].isin(both["account_id"])]
    approved = pd.concat([approved, _counting(records, noted)], ignore_index=True)
    ended = approved["account_id"].map(revoked) >= approved["decided_on"]
    lapsed = approved["valid_until"] < day
    valid = approved[~ended & ~lapsed]
    return _verdicts(own, own["account_id"].isin(valid["account_id"]))


def _plain_admin(records: Records, day: pd.Timestamp) -> pd.DataFrame:
    own = _alive(records, day)
    log = records.admins[records.admins["role"].isin(["supervisor", "designee"])]
    held = log[(log["granted_on"] <= day) & ~(log["revoked_on"] <= day)]
    noted = records.accounts[records.accounts["admin_granted_on"] <= day]
    named = noted.merge(
        log[["account_id", "person"]].drop_duplicates(),
        left_on=["account_id", "admin_holder"],
        right_on=["account_id", "person"],
    )
    noted = noted[~noted["account_id"].isin(named["account_id"])]
    noted = noted[["account_id", "admin_holder"]].set_axis(["account_id", "person"], axis=1)
    held = pd.concat([held[["account_id", "person"]], noted], ignore_index=True)
    held = held[~_is_owner(records, held["account_id"], held["person"])]
    return _verdicts(own, own["account_id"].isin(held["account_id"]))


def _plain_label(records: Records, day: pd.Timestamp) -> pd.DataFrame:
    own = _alive(records, day)
    return _verdicts(own, own["labelled_on"] <= day)


def _plain_audience(records: Records, day: pd.Timestamp) -> pd.DataFrame:
    own = _alive(records, day)
    good = ~own["audience"].isin(CLOSED_CIRCLES) | (own["visibility"] == "private")
    good |= own["public_reason"].notna()
    return _verdicts(own, good & own["audience"].notna() & own["visibility"].notna())


def _plain_notice(records: Records, day: pd.Timestamp) -> pd.DataFrame:
    own = _alive(records, None)
    own = own[~(own["closed_on"] <= day) & (own["students_invited"] == "yes")]
    rows = records.notices.merge(own[["account_id", "school_id"]], on="account_id")
    rows["subject"] = rows["account_id"].where(
        rows["activity"].isna(), rows["account_id"] + "/" + rows["activity"]
    )
    silent = own[~own["account_id"].isin(rows.loc[rows["activity"].isna(), "account_id"])]
    silent = silent.assign(
        subject=silent["account_id"], group="all", starts_on=silent["launched_on"]
    )
    invited = rows.assign(group=rows["groups_invited"].fillna("all").str.split("|")).explode(
        "group"
    )
    columns = ["subject", "account_id", "school_id", "group"]
    owed = pd.concat([invited, silent], ignore_index=True)
    owed = owed.groupby(columns, as_index=False)["starts_on"].min()
    owed = owed[owed["starts_on"] <= day]

    sent = rows[rows["sent_on"] <= day]
    told = sent.assign(group=sent["groups_notified"].fillna("all").str.split("|")).explode("group")
    noted = own[own["parents_notified_on"] <= day].assign(group="all")
    noted["subject"] = noted["account_id"]
    any_kind = sent[sent["account_id"].isin(silent["account_id"])].assign(group="all")
    any_kind["subject"] = any_kind["account_id"]
    told = pd.concat([told, noted, any_kind], ignore_index=True)[["subject", "group"]]
    told = told.drop_duplicates()
    to_all = owed["subject"].isin(told.loc[told["group"] == "all", "subject"])
    by_group = owed.merge(told, on=["subject", "group"], how="left", indicator=True)["_merge"]
    owed["told"] = to_all | (by_group == "both").to_numpy()
    each = owed.groupby(["subject", "account_id", "school_id"], as_index=False)["told"].all()
    return _verdicts(each, each["told"])


def _plain_response(records: Records, day: pd.Timestamp) -> pd.DataFrame:
    log = records.concerns[records.concerns["received_on"] + pd.Timedelta(days=5) <= day]
    log = log.merge(records.accounts[["account_id", "school_id"]], on="account_id")
    return _verdicts(log, log["responded_on"] <= day)


def _plain_reported(records: Records, day: pd.Timestamp) -> pd.DataFrame:
    own = _alive(records, day)
    return _verdicts(own, own["reported_on"] <= day)


def _plain_monitoring(records: Records, day: pd.Timestamp) -> pd.DataFrame:
    every = pd.Timedelta(days=30)
    own = _alive(records, day)
    own = own[own["students_invited"] == "yes"]
    first = own["account_id"].map(records.reviews.groupby("account_id")["reviewed_on"].min())
    starts = own["launched_on"] + every
    last = own["monitored_on"]
    starts = starts.where(last.isna() | (first < last) | (starts > last), last)
    recent = records.reviews[records.reviews["reviewed_on"].between(day - every, day, "right")]
    good = own["account_id"].isin(recent["account_id"]) | last.between(day - every, day, "right")
    return _verdicts(own[starts <= day], good[starts <= day])


def _plain_email(records: Records, day: pd.Timestamp) -> pd.DataFrame:
    own = _alive(records, day)
    domain = own["registered_email"].str.rsplit("@", n=1).str[-1].str.casefold()
    return _verdicts(
        own, domain.isin(records.settings.email_domains), own["registered_email"].isna()
    )


def _plain_emergency(records: Records, day: pd.Timestamp) -> pd.DataFrame:
    log = records.incidents[records.incidents["emergency"] == "yes"]
    begun = log["occurred_on"].fillna(log["reported_on"]) + pd.Timedelta(days=1)
    log = log[begun <= day]
    return _verdicts(log, log["supervisor_notified_on"] <= day)


PLAIN: dict[str, Callable[[Records, pd.Timestamp], pd.DataFrame]] = {
    "program-purpose": _plain_purpose,
    "supervisor-approval": _plain_approval,
    "admin-rights": _plain_admin,
    "professional-label": _plain_label,
    "audience-privacy": _plain_audience,
    "parent-notice": _plain_notice,
    "concern-response": _plain_response,
    "use-reported": _plain_reported,
    "student-monitoring": _plain_monitoring,
    "district-email": _plain_email,
    "emergency-notice": _plain_emergency,
}


def _alive(records: Records, day: pd.Timestamp | None) -> pd.DataFrame:
    """The accounts in use on the day (None: all)."""
    accounts = records.accounts
    if day is None:
        return accounts
    return accounts[(accounts["launched_on"] <= day) & ~(accounts["closed_on"] <= day)]


def _verdicts(own: pd.DataFrame, good: pd.Series, unknown: pd.Series | None = None) -> pd.DataFrame:
    verdict = pd.Series("does_not_meet", own.index).mask(good, "meets")
    if unknown is not None:
        verdict = verdict.mask(unknown, "not_assessed")
    return pd.DataFrame(
        {
            "account_id": own["account_id"],
            "school_id": own["school_id"],
            "verdict": verdict,
        }
    )


def _is_owner(records: Records, account: pd.Series, person: pd.Series) -> pd.Series:
    accounts = records.accounts.set_index("account_id")
    who = _folded(person)
    own = who == account.map(_folded(accounts["owner_email"]))
    return own | (who == account.map(_folded(accounts["owner"])))


def _counting(records: Records, approvals: pd.DataFrame) -> pd.DataFrame:
    own = _is_owner(records, approvals["account_id"], approvals["decided_by"])
    approvals = approvals[~own]
    return approvals[_has_authority(records, approvals)]


def _has_authority(records: Records, acts: pd.DataFrame) -> pd.Series:
    staff = records.staff.assign(
        email=_folded(records.staff["email"]), supervisor=_folded(records.staff["supervisor_email"])
    )[["email", "supervisor", "designee_email", "approves_for", "school_id", "from", "to"]]
    owners = records.accounts[["account_id", "owner_email", "school_id"]]
    acts = acts[["account_id", "decided_on", "decided_by"]].reset_index(names="act")
    acts = acts.merge(owners, on="account_id", how="left")
    acts = acts.assign(decider=_folded(acts["decided_by"]), owner=_folded(acts["owner_email"]))

    def _on_the_day(rows: pd.DataFrame, person: str) -> pd.DataFrame:
        joined = rows.merge(staff, left_on=person, right_on="email", suffixes=("", "_staff"))
        return joined[
            (joined["from"] <= joined["decided_on"]) & ~(joined["to"] <= joined["decided_on"])
        ]

    own = _on_the_day(acts, "decider")
    at_school = (own["approves_for"] == "school") & (own["school_id_staff"] == own["school_id"])
    entitled = [own.loc[at_school | (own["approves_for"] == "district"), "act"]]
    of_owner = _on_the_day(acts, "owner")
    entitled.append(of_owner.loc[of_owner["supervisor"] == of_owner["decider"], "act"])
    above = _on_the_day(of_owner[["act", "decided_on", "decider", "supervisor"]], "supervisor")
    entitled.append(above.loc[_folded(above["designee_email"]) == above["decider"], "act"])
    return acts.set_index("act").index.isin(pd.concat(entitled))


def _folded(texts: pd.Series) -> pd.Series:
    return texts.str.strip().str.lower()


def plain_counts(records: Records, days: list[pd.Timestamp]) -> pd.DataFrame:
    """Counts by month, guideline and school, each guideline asked anew for each day."""
    schools = records.schools["school_id"]
    exceptions = records.exceptions.dropna(subset=["reason", "approved_by", "expires_on"])
    tables = {}
    for day in days:
        now = exceptions[(exceptions["starts_on"] <= day) & (exceptions["expires_on"] >= day)]
        for guideline, asked in PLAIN.items():
            table = asked(records, day)
            excused = now.loc[now["guideline"] == guideline, "account_id"]
            uncovered = table["verdict"] == "does_not_meet"
            table.loc[uncovered & table["account_id"].isin(excused), "verdict"] = "excepted"
            counts = pd.crosstab(table["school_id"], table["verdict"])
            tables[f"{day:%Y-%m}", guideline] = counts.reindex(
                index=schools, columns=COUNTS, fill_value=0
            )
    return pd.concat(tables, names=["month", "guideline", "school_id"])


def _timed(call: Callable, *arguments: object) -> tuple[float, object]:
    began = time.process_time()
    result = call(*arguments)
    return time.process_time() - began, result


def _computed(records: Records) -> tuple[pd.DataFrame, int]:
    """Counts by month, guideline and school from one assessment, and how many findings it has."""
    assessment = assess(records)
    found = len(assessment.findings)
    trend = assessment.at(LAST_DAY).trend
    return trend, found


def _events(records: Records) -> int:
    logs = ("approvals", "notices", "admins", "reviews", "concerns", "incidents")
    return sum(len(records.table(name)) for name in logs)


def _print_ratio(accounts: int) -> None:
    records = simulate(accounts)
    seconds, (trend, found) = _timed(_computed, records)
    days = [pd.Period(month).end_time.normalize() for month in trend["month"].unique()]
    plain_seconds, plain = _timed(plain_counts, records, days)
    same = trend[trend["guideline"].isin(PLAIN) & (trend["school_id"] != "*")]
    same = same.set_index(["month", "guideline", "school_id"])[COUNTS]
    differing = int((plain.reindex(same.index) != same).any(axis=1).sum())
    print(f"{accounts:,} accounts, {_events(records):,} log rows, {found:,} findings of all time")
    print(f"  counts of {len(same):,} cells (month × guideline × school): {differing} differ")
    print(f"  one assessment, findings and 24 month ends: {seconds:.1f} s")
    print(
        f"  each guideline at each of {len(days)} month ends, plain pandas: {plain_seconds:.1f} s"
    )
    print(f"  ratio {plain_seconds / seconds:.1f}")
    if differing:
        sys.exit(1)


def _print_growth(largest: int) -> None:
    for accounts in (10_000, 100_000, 1_000_000, 5_000_000):
        if accounts <= largest:
            # A process of its own, so that its highest memory is its own.
            subprocess.run([sys.executable, __file__, "one", str(accounts)], check=True)


def _print_one(accounts: int) -> None:
    # What does not fit in memory at once is judged part after part, as a state judges districts.
    sizes = [PART] * (accounts // PART) or [accounts]
    held, seconds, found = 0.0, 0.0, 0
    for seed, size in enumerate(sizes):
        records = simulate(size, seed)
        held = held or _highest_memory()
        took, findings = _timed(_found, records)
        seconds, found = seconds + took, found + findings
        del records
    print(
        f"{accounts:>9,} accounts in {len(sizes)}: {seconds:6.1f} s, "
        f"{seconds / accounts * 1e6:4.1f} µs each, {found:,} findings, "
        f"{_highest_memory():.1f} GB ({held:.1f} GB of it the records)"
    )


def _found(records: Records) -> int:
    return _computed(records)[1]


def _highest_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["growth", *size]:
            _print_growth(int(size[0]) if size else 5_000_000)
        case ["one", size]:
            _print_one(int(size))
        case size:
            _print_ratio(int(size[0]) if size else 100_000)
