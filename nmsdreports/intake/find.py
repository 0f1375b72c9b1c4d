"""Which account of the registry a person means by an id, a handle, a link or a title."""

import difflib

import pandas as pd

from nmsdreports.intake.accounts import handle_name, platform_id, read_address
from nmsdreports.intake.records import Records
from nmsdreports.settings import InputError, fold

MOST_NAMED = 5


def find_account(records: Records, text: str) -> str:
    """Return the id of the account that ``text`` names: its id, handle, address or title.

    Raises :class:`InputError` with the nearest account where it names none, with all that it may
    mean where it names several.
    """
    accounts = records.accounts
    ids = accounts["account_id"]
    if ids.eq(text).any():
        return text
    same = ids[ids.map(fold).eq(fold(text))]
    if len(same) == 1:
        return same.iloc[0]
    address = read_address(text) if "/" in text or "." in text else None
    keys = [
        f"{address.platform or platform_id(platform)}:{address.name}"
        if address is not None and address.name
        else f"{platform_id(platform)}:{handle_name(platform_id(platform), text)}"
        for platform in accounts["platform"]
    ]
    found = accounts[accounts["key"].notna() & accounts["key"].eq(keys)]
    if found.empty:
        found = accounts[accounts["title"].map(fold, na_action="ignore").eq(fold(text))]
    if found.empty:
        raise InputError(f'There is no account "{text}" in the registry{_instead(records, text)}')
    if len(found) > 1:
        which = [
            f"{account} on {platform}"
            for account, platform in zip(found["account_id"], found["platform"], strict=True)
        ]
        raise InputError(f'"{text}" may mean {" or ".join(which)}: name the id.')
    return found["account_id"].iloc[0]


def _near(accounts: pd.DataFrame, text: str) -> str:
    """Which accounts may be meant: those that have the text in handle, title or owner, else one
    that is spelt nearly so. The end of a sentence.
    """
    word = fold(text).removeprefix("@")
    named = accounts[["handle", "title", "owner"]].fillna("").agg(" | ".join, axis=1).map(fold)
    found = accounts[named.str.contains(word, regex=False)] if len(word) > 2 else accounts[:0]
    if len(found):
        names = [
            f"{account} ({platform} {handle})"
            for account, platform, handle in found[["account_id", "platform", "handle"]]
            .fillna("")
            .head(MOST_NAMED)
            .itertuples(index=False)
        ]
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        return f"; perhaps {', '.join(names)}{more} is meant."
    words = {
        fold(word).lstrip("@"): (word, account)
        for column in ("handle", "title")
        for account, word in accounts.set_index("account_id")[column].dropna().items()
    }
    if spelt := difflib.get_close_matches(fold(text).lstrip("@"), words, 1, 0.7):
        word, account = words[spelt[0]]
        return f'; did you mean "{word}" ({account})?'
    ids = accounts["account_id"]
    guess = difflib.get_close_matches(text.upper(), ids, 1, 0.75)
    # Ids are short and much alike: one that is not near says nothing, their range does.
    there = f"; the ids run from {ids.min()} to {ids.max()}" if len(ids) else ""
    near_id = f"; the nearest id is {guess[0]}" if guess else there
    return f"{near_id}. An account is named by its id, its handle, its title or its address."


def _instead(records: Records, text: str) -> str:
    """The end of the sentence on an unknown account: who else names it, or what is nearest."""
    incidents = records.incidents
    logged = incidents.loc[
        incidents["account_id"].map(fold, na_action="ignore").eq(fold(text)), "incident_id"
    ]
    if len(logged):
        return f"; only {' and '.join(logged)} of the log of incidents names it."
    return _near(records.accounts, text)
