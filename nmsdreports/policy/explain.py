"""Why a verdict is what it is: duty, evidence with its cells, uncovered days, one row each.

In: an assessment and an account. Out: one row a span, in date order under its guideline.
Traps: an act that does not count is shown with its reason; what was not judged says why.
"""

import pandas as pd

from nmsdreports.policy.assess import Assessment
from nmsdreports.policy.intervals import to_dates
from nmsdreports.settings import InputError, nearest

KINDS = ("not judged", "duty", "evidence", "does not count", "uncovered", "exception", "incident")
COLUMNS = ["guideline", "subject", "kind", "start", "stop", "cell", "text"]


def explain(assessment: Assessment, account_id: str) -> pd.DataFrame:
    """Return what led to the verdicts on an account, its activities, concerns and incidents.

    Columns: guideline, subject, kind (one of :data:`KINDS`), start and stop (datetime64,
    half-open; NaT: no beginning, no end), cell (str, where the day stands: file, sheet, cell;
    missing where it is no single cell), text (str, a sentence).
    Raises :class:`InputError` with the nearest account when there is none of that id.
    """
    known = assessment.records.accounts["account_id"]
    if account_id not in set(known):
        raise InputError(
            f"There is no account {account_id} in the registry{nearest(account_id, known)}."
        )
    subjects = assessment.subjects
    own = subjects[subjects["account_id"] == account_id]
    parts = [
        _not_judged(own),
        _duties(own, assessment),
        _acts(own, assessment),
        _uncovered(own, assessment),
        _exceptions(own, assessment),
        _incidents(assessment, account_id),
    ]
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True)
    order = {rule.id: place for place, rule in enumerate(assessment.policy.rules)}
    rows = rows.assign(
        guideline_order=rows["guideline"].map(order),
        kind_order=rows["kind"].map(KINDS.index),
    ).sort_values(
        ["guideline_order", "subject", "kind_order", "start"],
        kind="stable",
        na_position="first",
        ignore_index=True,
    )
    texts = [name for name in COLUMNS if name not in ("start", "stop")]
    return rows[COLUMNS].astype(dict.fromkeys(texts, "str"))


def _rows(own: pd.DataFrame, kind: str, spans: pd.DataFrame, text: pd.Series) -> pd.DataFrame:
    """Return rows of one kind; ``spans`` has position, start, stop (int days) and perhaps cell."""
    named = own.loc[spans["position"], ["guideline", "subject"]].reset_index(drop=True)
    return named.assign(
        kind=kind,
        start=to_dates(spans["start"].to_numpy()),
        stop=to_dates(spans["stop"].to_numpy()),
        cell=spans["cell"].to_numpy() if "cell" in spans else pd.NA,
        text=text.to_numpy(),
    )


def _not_judged(own: pd.DataFrame) -> pd.DataFrame:
    reason = ("not applicable: " + own["not_applicable"]).fillna(
        "not assessed: " + own["undecided"]
    )
    planned = own["planned"] & reason.isna()
    reason = reason.mask(planned, "upcoming: requested, not launched yet")
    rows = own[reason.notna()]
    return rows[["guideline", "subject"]].assign(
        kind="not judged", start=pd.NaT, stop=pd.NaT, cell=pd.NA, text=reason[reason.notna()]
    )


def _duties(own: pd.DataFrame, assessment: Assessment) -> pd.DataFrame:
    spans = _spans(assessment.duties, own)
    assumed = own.loc[spans["position"], "assumed"].to_numpy()
    note = pd.Series("", spans.index).mask(assumed, "; the launch is not on record")
    return _rows(own, "duty", spans, "in force " + _from_to(spans) + note)


def _acts(own: pd.DataFrame, assessment: Assessment) -> pd.DataFrame:
    acts = assessment.acts[assessment.acts["position"].isin(own.index)].drop_duplicates(
        ["position", "table", "index", "column", "start", "stop"]
    )
    records = assessment.records
    cells = [
        records.cell(table, index, column)
        for table, index, column in zip(acts["table"], acts["index"], acts["column"], strict=True)
    ]
    acts = acts.assign(cell=cells)
    value = pd.Series(
        [
            _shown(getattr(records, table).loc[index, column])
            for table, index, column in zip(
                acts["table"], acts["index"], acts["column"], strict=True
            )
        ],
        acts.index,
        dtype="str",
    )
    text = acts["column"] + " " + value
    text += (" by " + acts["person"]).fillna("")
    text += ("; " + acts["note"]).fillna("")
    text = text.mask(acts["counts"], text + "; counts " + _from_to(acts))
    kept = acts["counts"]
    return pd.concat(
        [
            _rows(own, "evidence", acts[kept], text[kept]),
            _rows(own, "does not count", acts[~kept], text[~kept]),
        ]
    )


def _uncovered(own: pd.DataFrame, assessment: Assessment) -> pd.DataFrame:
    found = assessment.findings[assessment.findings["position"].isin(own.index)]
    spans = _spans(assessment.gaps, own)
    remedy = own["guideline"].map(assessment.policy.guidelines["remedy"])
    remedy = remedy.reindex(spans["position"]).set_axis(spans.index)
    closed_by = found["closed_by"].set_axis(spans.index)
    ending = ("; closed: " + closed_by).fillna("; what would close it: " + remedy)
    return _rows(own, "uncovered", spans, "uncovered " + _from_to(spans) + ending)


def _exceptions(own: pd.DataFrame, assessment: Assessment) -> pd.DataFrame:
    spans = _spans(assessment.excepted, own)
    return _rows(own, "exception", spans, "exception " + _from_to(spans))


def _incidents(assessment: Assessment, account_id: str) -> pd.DataFrame:
    found = assessment.findings
    rows = found[(found["position"] < 0) & (found["account_id"] == account_id)]
    text = "reported " + _iso(rows["opened_on"]) + ", " + rows["substantiation"]
    text += (", resolved " + _iso(rows["closed_on"])).where(rows["closed_on"].notna(), "")
    return rows[["guideline", "subject"]].assign(
        kind="incident", start=rows["opened_on"], stop=rows["closed_on"], cell=pd.NA, text=text
    )


def _spans(spans: object, own: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"position": spans.key, "start": spans.start, "stop": spans.stop})
    return table[table["position"].isin(own.index)].reset_index(drop=True)


def _from_to(spans: pd.DataFrame) -> pd.Series:
    start = to_dates(spans["start"].to_numpy()).set_axis(spans.index)
    stop = to_dates(spans["stop"].to_numpy()).set_axis(spans.index)
    begins = ("from " + _iso(start)).where(start.notna(), "on all days")
    last = _iso(stop - pd.Timedelta(days=1))
    return begins + (" to " + last).where(stop.notna(), "")


def _shown(value: object) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def _iso(days: pd.Series) -> pd.Series:
    return days.dt.strftime("%Y-%m-%d").astype("str")
