"""Small frames of many rows: a text of few kinds is kept once, rows are found by whole numbers.

In: frames, texts and whole numbers. Out: the same as categories of text, or places of rows.
Traps: categories stay inside this floor; what leaves it has texts (str).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

_SPARSE = 16


def kinds(texts: Sequence[str], place: np.ndarray) -> pd.Categorical:
    """Return the text at each place in ``texts``; missing for -1."""
    return pd.Categorical.from_codes(place, pd.Index(texts, dtype="str"))


def always(text: str, count: int) -> pd.Categorical:
    """Return one text so many times."""
    return kinds([text], np.zeros(count, dtype=np.int8))


def stacked(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of frames of the same columns one below the other, categories kept."""
    return pd.DataFrame(
        {
            name: union_categoricals([part[name] for part in parts], sort_categories=True)
            if isinstance(parts[0][name].dtype, pd.CategoricalDtype)
            else pd.concat([part[name] for part in parts], ignore_index=True)
            for name in parts[0]
        },
        copy=False,
    )


def spelled(texts: Sequence[str], place: np.ndarray) -> pd.Series:
    """Return the text (str) at each place in ``texts``; missing for -1."""
    return pd.Series(pd.array([*texts, None], dtype="str").take(place))


def texts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with texts (str) in place of categories."""
    kept = {
        name: spelled(column.cat.categories, column.cat.codes.to_numpy())
        for name, column in rows.items()
        if isinstance(column.dtype, pd.CategoricalDtype)
    }
    return rows.assign(**kept)


def halved(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with whole numbers (labels, days) in half the room (int32)."""
    whole = [name for name, dtype in rows.dtypes.items() if dtype == "int64"]
    return rows.assign(**{name: rows[name].to_numpy().astype("int32") for name in whole})


def pairs(asked: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the places in ``asked`` and ``keys`` of each pair of equal whole numbers.

    ``keys`` ascend and are at least 0; what is asked below 0 has no pair.
    """
    top = int(keys[-1]) + 1 if len(keys) else 0
    if top <= _SPARSE * (len(keys) + len(asked)):
        # Numbers that lie close together are looked up: where each begins, and how often it is.
        count = np.append(np.bincount(keys, minlength=top), 0)
        begin = np.cumsum(count) - count
        place = np.where((asked >= 0) & (asked < top), asked, top)
        first, many = begin[place], count[place]
    else:
        first, last = (np.searchsorted(keys, asked, side) for side in ("left", "right"))
        many = last - first
    row = np.repeat(np.arange(len(many)), many)
    within = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    return row, first[row] + within
