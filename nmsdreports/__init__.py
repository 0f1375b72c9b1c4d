"""Reports on a district's official social-media accounts.

What a notebook imports; each name is fetched where it is first used, so that `import nmsdreports`
costs nothing.
"""

from importlib import import_module

_HOMES = {
    "InputError": "nmsdreports.settings",
    "load": "nmsdreports.intake",
    "read_policy": "nmsdreports.policy",
    "assess": "nmsdreports.policy",
    "edition": "nmsdreports.views.audience",
    "Page": "nmsdreports.views.page",
    "write_workbook": "nmsdreports.views.workbook",
    "write_deck": "nmsdreports.views.board.deck",
    "explore": "nmsdreports.run.exploring",
}
__all__ = list(_HOMES)


def __getattr__(name: str):
    """Fetch a public name from its home."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"nmsdreports has no {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
