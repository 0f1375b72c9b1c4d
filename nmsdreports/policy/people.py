"""Who a text of the records names, and what that person may do on a day.

In: texts as typed, the accounts' owners, the staff table (one row a spell). Out: :class:`People`,
in which a person is a whole number (-1: nobody), and flags a row.
Traps: e-mails compare as e-mails, names as names; a name that two people of the staff table have
is nobody; a spell is ``[from, to)``; people are matched by e-mail first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from nmsdreports.policy.frames import pairs
from nmsdreports.policy.intervals import ALWAYS, OPEN, to_days

_COLUMNS = {
    "accounts": ("owner_email", "approved_by", "admin_holder"),
    "approvals": ("decided_by",),
    "admins": ("person",),
    "staff": ("email", "name", "supervisor_email", "designee_email"),
}


@dataclass(frozen=True)
class People:
    """Who the texts of the records name.

    ``named`` gives for a table and column the person of each row (int, -1: nobody), ``names`` for
    each person the text (str, in one case with single spaces). ``owners`` has one row an owner's
    name and one an owner's e-mail: ``account`` (int, row label of the registry), ``person`` (int).
    """

    records: Any
    names: pd.Series
    named: Mapping[tuple[str, str], np.ndarray]
    owners: pd.DataFrame

    @cached_property
    def email(self) -> np.ndarray:
        """The e-mail (int, itself a person; -1: none) of each person: of a name, the only one's."""
        pairs = pd.DataFrame(
            {
                "name": self.named["staff", "name"],
                "email": self.named["staff", "email"],
            }
        )
        pairs = pairs[(pairs >= 0).all(axis=1)].drop_duplicates()
        pairs = pairs[~pairs["name"].duplicated(keep=False)]
        found = np.full(len(self.names), -1)
        found[pairs["name"]] = pairs["email"]
        is_email = self.names.str.contains("@", regex=False).to_numpy(dtype=bool)
        return np.where(is_email, np.arange(len(found)), found)

    @cached_property
    def owner_emails(self) -> pd.DataFrame:
        """The e-mails of the owners: ``account`` (int, row label), ``email`` (int).

        A lone owner's name is looked up only where ``owner_email`` stands in no row of the staff
        table; of several owners the e-mail may be anybody's, so the names are looked up beside it.
        """
        accounts, owning = self.records.accounts, self.owners
        on_staff = np.zeros(len(self.names) + 1, dtype=bool)
        on_staff[self.named["staff", "email"]] = True
        on_staff[-1] = False
        several = accounts["owner"].str.contains("|", regex=False, na=False).to_numpy(dtype=bool)
        lone = on_staff[self.named["accounts", "owner_email"]] & ~several
        person = owning["person"].to_numpy()
        is_name = self.email[person] != person
        kept = ~(is_name & lone[owning["account"]])
        found = pd.DataFrame(
            {"account": owning["account"][kept], "email": self.email[person[kept]]}
        )
        return found[found["email"] >= 0].drop_duplicates().reset_index(drop=True)

    def email_of(self, person: np.ndarray) -> np.ndarray:
        """Return the e-mail of each person (-1: none)."""
        return np.append(self.email, -1)[person]

    def is_owner(self, account: np.ndarray, person: np.ndarray) -> np.ndarray:
        """Return for each account (row label) and person whether that person owns it.

        E-mails compare as e-mails and names as names; where the staff table says whose name it is,
        a name and an e-mail are one person.
        """
        by_text = self.is_pair(account, person, self.owners["account"], self.owners["person"])
        if self.records.staff.empty:
            return by_text
        known = self.owner_emails
        return by_text | self.is_pair(
            account, self.email_of(person), known["account"], known["email"]
        )

    def is_pair(
        self, account: np.ndarray, person: np.ndarray, accounts: Any, people: Any
    ) -> np.ndarray:
        """Return for each account and person whether they stand together in a list of pairs."""
        account, person, accounts, people = (
            np.asarray(values, dtype=np.int64) for values in (account, person, accounts, people)
        )
        asked = pd.Series(account * len(self.names) + person)
        listed = (accounts * len(self.names) + people)[people >= 0]
        return (person >= 0) & asked.isin(listed).to_numpy()

    def has_authority(self, account: np.ndarray, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return whether each person had authority over the account (row label) on the day (int).

        Authority has the supervisor whom an owner's row of that day names, the designee in that
        supervisor's own row of that day, and whoever holds in a row of their own an approving role
        for the account's school or the district (Professional 2).
        """
        staff, named = self.records.staff, self.named
        known = np.flatnonzero(person >= 0)
        decider = self.email_of(person)
        entitled = np.zeros(len(account), dtype=bool)

        act, spell = self._spells_on(known, decider[known], day)
        role = staff["approves_for"].take(spell).to_numpy()
        school = self.records.accounts["school_id"].take(account[act]).to_numpy()
        at_own = role == "school"
        at_own[at_own] = staff["school_id"].take(spell[at_own]).to_numpy() == school[at_own]
        entitled[act[(role == "district") | at_own]] = True

        owning = self.owner_emails.sort_values("account", kind="stable")
        owned, owner = pairs(account[known], owning["account"].to_numpy())
        act, spell = self._spells_on(known[owned], owning["email"].to_numpy()[owner], day)
        supervisor = named["staff", "supervisor_email"][spell]
        entitled[act[supervisor == decider[act]]] = True

        act, spell = self._spells_on(act, supervisor, day)
        entitled[act[named["staff", "designee_email"][spell] == decider[act]]] = True
        entitled[decider < 0] = False
        return entitled

    def _spells_on(
        self, act: np.ndarray, email: np.ndarray, day: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return each act and row of the staff table on whose day it is that e-mail's."""
        staff = self.records.staff
        of = self.named["staff", "email"]
        order = np.argsort(of, kind="stable")
        order = order[of[order] >= 0]
        row, place = pairs(email, of[order])
        act, spell = act[row], order[place]
        begun = to_days(staff["from"], ALWAYS)[spell] <= day[act]
        lasting = begun & (day[act] < to_days(staff["to"], OPEN)[spell])
        return act[lasting], spell[lasting]


def read_people(records: Any) -> People:
    """Return who the texts of the records name."""
    names = records.accounts["owner"]
    several = names.str.contains("|", regex=False, na=False)
    owner = pd.concat([names[~several], names[several].str.split("|").explode().astype("str")])
    columns = {
        (table, column): getattr(records, table)[column]
        for table, listed in _COLUMNS.items()
        for column in listed
    }
    texts = [owner, *columns.values()]
    codes, found = pd.factorize(pd.concat(texts, ignore_index=True))
    person, people = pd.factorize(fold(pd.Series(found)))
    persons = np.append(person, -1)[codes]
    of_owner, *of_columns = np.split(persons, np.cumsum([len(text) for text in texts])[:-1])
    named = dict(zip(columns, of_columns, strict=True))
    owners = pd.DataFrame(
        {
            "account": np.concatenate([owner.index, records.accounts.index]),
            "person": np.concatenate([of_owner, named["accounts", "owner_email"]]),
        }
    )
    owners = owners[owners["person"] >= 0].drop_duplicates().reset_index(drop=True)
    return People(records, pd.Series(people, dtype="str"), named, owners)


def fold(texts: pd.Series) -> pd.Series:
    """Return texts (str) in one case with single spaces, missing where nothing is left."""
    codes, found = pd.factorize(texts)
    found = found.to_numpy(dtype=object)
    folded = [" ".join(text.casefold().split()) or None for text in found]
    return pd.Series(pd.array([*folded, None], dtype="str").take(codes), texts.index)
