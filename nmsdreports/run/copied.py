"""A passing copy of what reading takes of a source, so that it can be read with other logs.

In: Records. Out: a folder that is gone afterwards. Trap: beside its tables a source may hold what
nobody may copy, such as papers of a case; so only the files that were read are copied, and those
that the settings name.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def copied_source(records: Any) -> Iterator[Path]:
    """A copy of the source of `records`: the files that were read and what the settings name.

    It lies beside the source where the settings name files outside of it.
    """
    source = records.source.resolve()
    told = [*vars(records.settings).values(), *records.settings.deck.values()]
    named = [value for value in told if isinstance(value, Path)]
    inside = [path for path in named if path.is_relative_to(source)]
    place = source.parent if len(inside) < len(named) else None
    with tempfile.TemporaryDirectory(dir=place, prefix=".accepting-") as made:
        copy = Path(made)
        for name in records.inputs["file"]:
            shutil.copyfile(source / name, copy / name)
        for path in inside:
            to = copy / path.relative_to(source)
            (to if path.is_dir() else to.parent).mkdir(parents=True, exist_ok=True)
            if path.is_file():
                shutil.copyfile(path, to)
        yield copy
