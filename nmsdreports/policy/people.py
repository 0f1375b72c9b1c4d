"""Who a name in a log is, and what that person may do on a day.

In: texts as typed, the accounts' owners, the staff table (one row a spell). Out: flags a row.
Traps: e-mails compare as e-mails, names as names; a name that two people of the staff table have
is nobody; a spell is ``[from, to)``; people are matched by e-mail first.
"""

import numpy as np
import pandas as pd

from nmsdreports.policy.intervals import ALWAYS, OPEN, to_days


def fold(texts: pd.Series) -> pd.Series:
    """Return texts (str) in one case with single spaces, missing where nothing is left."""
    folded = {text: " ".join(text.casefold().split()) for text in texts.dropna().unique()}
    named = {text: value for text, value in folded.items() if value}
    return texts.astype("str").map(named).astype("str")


def owners(accounts: pd.DataFrame) -> pd.DataFrame:
    """Return the owners of the registry: ``account`` (int, row label), ``person`` (str, folded).

    One row an owner's name and one an owner's e-mail: ``owner`` (several: ``|``) and
    ``owner_email`` of the accounts table.
    """
    names = accounts["owner"].str.split("|").explode()
    people = pd.concat([names, accounts["owner_email"]])
    table = pd.DataFrame({"account": people.index, "person": fold(people).to_numpy()})
    return table.dropna().drop_duplicates().reset_index(drop=True)


def emails(person: pd.Series, staff: pd.DataFrame) -> pd.Series:
    """Return the e-mail of each person (folded text): itself, or that of the only one so named."""
    named = pd.DataFrame({"name": fold(staff["name"]), "email": fold(staff["email"])})
    named = named.dropna().drop_duplicates()
    named = named[~named["name"].duplicated(keep=False)].set_index("name")["email"]
    is_email = person.str.contains("@", na=False)
    return person.where(is_email, person.map(named).astype("str"))


def owner_emails(owning: pd.DataFrame, accounts: pd.DataFrame, staff: pd.DataFrame) -> pd.DataFrame:
    """Return the e-mails of :func:`owners`: ``account`` (int, row label), ``email`` (str, folded).

    A lone owner's name is looked up only where ``owner_email`` stands in no row of the staff
    table; of several owners the e-mail may be anybody's, so the names are looked up beside it.
    """
    known = fold(accounts["owner_email"]).isin(fold(staff["email"]))
    lone = known & ~accounts["owner"].str.contains("|", regex=False, na=False)
    is_name = ~owning["person"].str.contains("@", na=False)
    owning = owning[~(is_name & lone.reindex(owning["account"]).to_numpy())]
    found = owning.assign(email=emails(owning["person"], staff))
    return found[["account", "email"]].dropna().drop_duplicates().reset_index(drop=True)


def is_owner(
    account: pd.Series, person: pd.Series, accounts: pd.DataFrame, staff: pd.DataFrame
) -> np.ndarray:
    """Return for each account (row label) and person (folded) whether that person owns it.

    E-mails compare as e-mails and names as names; where the staff table says whose name it is, a
    name and an e-mail are one person.
    """
    owning = owners(accounts)
    by_text = _is_pair(account, person, owning.rename(columns={"person": "who"}))
    if staff.empty:
        return by_text
    known = owner_emails(owning, accounts, staff).rename(columns={"email": "who"})
    return by_text | _is_pair(account, emails(person, staff), known)


def _is_pair(account: pd.Series, who: pd.Series, pairs: pd.DataFrame) -> np.ndarray:
    names = pd.Index(pairs["who"].unique())
    place, known = names.get_indexer(who), names.get_indexer(pairs["who"])
    asked = account.to_numpy(np.int64) * len(names) + place
    listed = pairs["account"].to_numpy(np.int64) * len(names) + known
    return (place >= 0) & np.isin(asked, listed)


def has_authority(acts: pd.DataFrame, accounts: pd.DataFrame, staff: pd.DataFrame) -> np.ndarray:
    """Return for each act whether its person had authority over the account on that day.

    ``acts`` has the columns account (int, row label of the registry), person (str, folded) and
    day (int, counted from 1970-01-01). Authority has the supervisor whom an owner's row of that
    day names, the designee in that supervisor's own row of that day, and whoever holds in a row
    of their own an approving role for the account's school or the district (Professional 2).
    """
    spells = pd.DataFrame(
        {
            "email": fold(staff["email"]),
            "supervisor": fold(staff["supervisor_email"]),
            "designee": fold(staff["designee_email"]),
            "approves_for": staff["approves_for"],
            "spell_school": staff["school_id"],
            "start": to_days(staff["from"], ALWAYS),
            "stop": to_days(staff["to"], OPEN),
        }
    )
    acts = acts.reset_index(drop=True)
    act = pd.DataFrame(
        {
            "act": acts.index,
            "account": acts["account"],
            "day": acts["day"],
            "decider": emails(acts["person"], staff),
            "school": accounts["school_id"].reindex(acts["account"]).to_numpy(),
        }
    ).dropna(subset="decider")

    own = _on_the_day(act.assign(email=act["decider"]), spells)
    in_role = (own["approves_for"] == "district") | (
        (own["approves_for"] == "school") & (own["spell_school"] == own["school"])
    )
    of_owner = _on_the_day(
        act.merge(owner_emails(owners(accounts), accounts, staff), on="account"), spells
    )
    supervises = of_owner["supervisor"] == of_owner["decider"]
    supervisor = of_owner[["act", "day", "decider", "supervisor"]]
    of_supervisor = _on_the_day(supervisor.rename(columns={"supervisor": "email"}), spells)
    deputises = of_supervisor["designee"] == of_supervisor["decider"]

    entitled = pd.concat(
        [
            own.loc[in_role, "act"],
            of_owner.loc[supervises, "act"],
            of_supervisor.loc[deputises, "act"],
        ]
    )
    return acts.index.isin(entitled)


def _on_the_day(rows: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    joined = rows.dropna(subset="email").merge(spells, on="email")
    return joined[(joined["start"] <= joined["day"]) & (joined["day"] < joined["stop"])]
