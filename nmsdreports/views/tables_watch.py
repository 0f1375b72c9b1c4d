"""The table of watch lists: what to act on before it becomes a finding, and what no rate counts."""

import pandas as pd

from nmsdreports.views.audience import Edition
from nmsdreports.views.sentences import capital, days_in_words
from nmsdreports.views.tables import Table, school_names


def table_watch(edition: Edition) -> Table:
    """One row an entry of a watch list: what it is about, the day, and what is to be known."""
    rows = edition.watch
    titles = edition.guidelines.set_index("guideline")["title"]
    labels = edition.accounts.set_index("account_id")["label"]
    incidents = set(edition.incident_rows["incident_id"])
    about = [_about(row, labels, titles, incidents) for row in rows.to_dict("records")]
    # an exception's message begins with the guideline, which stands beside it in words
    message = rows["message"].str.replace(r"^[a-z-]+: ", "", regex=True)
    frame = pd.DataFrame(
        {
            "Watch": [capital(name) for name in rows["list"]],
            "About": about,
            "Day": rows["on"].reset_index(drop=True),
            "What is known": [capital(days_in_words(text)) for text in message],
        }
    )
    if edition.school is None:
        names = rows["school_id"].map(school_names(edition))
        frame.insert(2, "School", names.fillna("").to_list())
    return Table(
        "Watch lists",
        frame,
        nothing="Nothing runs out soon, and nothing else is to be watched.",
        note="These entries are not counted here; some of them also have a finding."
        if len(frame)
        else "",
    )


def _about(row: dict, labels: pd.Series, titles: pd.Series, incidents: set[str]) -> str:
    """An account by its label, an exception by its guideline, an incident by its id."""
    if row["subject"] in titles:
        on = labels.get(row["account_id"])
        return titles[row["subject"]] + (f" of {on}" if on else "")
    if row["subject"] in incidents and row["account_id"] not in labels:
        return f"Incident {row['subject']}"
    return labels.get(row["account_id"], row["subject"])
