"""The district's own copies of the report notebooks, looked at before a month is begun.

Papermill runs a notebook without parameters on its own defaults, and one that shows or writes
nothing to its end: both would leave every school the same wrong report, or none.
"""

import ast
import json
from pathlib import Path

from nmsdreports.settings import SETTINGS_FILE, InputError, Settings

# What a notebook calls that makes its report of our parts, and what leaves something behind.
_OURS = {"Page", "edition", "load"}
# What leaves the page that a notebook shows: our own writing, or its text written in another way.
_WRITING = {"write", "html"}
_LEAVING = ("show", "write", "save", "to_")


def check_notebooks(settings: Settings, wanted: dict[str, tuple[str, ...]]) -> None:
    """Refuse a district's own notebook that cannot make a report.

    `wanted` has the parameters that each notebook is given, by its name. Raises InputError that
    names every such notebook with what it lacks.
    """
    if settings.notebooks is None:
        return
    if not settings.notebooks.is_dir():
        raise InputError(
            f"{SETTINGS_FILE}: 'notebooks' names '{settings.notebooks.name}', which is no folder."
        )
    paths = [(settings.notebooks / name, names) for name, names in wanted.items()]
    faults = [
        f"{SETTINGS_FILE}: 'notebooks' has {path.name}, which {fault}."
        for path, names in paths
        if path.is_file() and (fault := notebook_fault(path, names))
    ]
    if faults:
        raise InputError(" ".join(faults))


def notebook_fault(path: Path, names: tuple[str, ...]) -> str:
    """Return what keeps a notebook with the parameters `names` from making a report, or nothing."""
    try:
        cells = [
            ("".join(cell["source"]), cell.get("metadata", {}).get("tags", []))
            for cell in json.loads(path.read_text("utf-8"))["cells"]
            if cell["cell_type"] == "code"
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "is not a notebook that can be opened; save it again in JupyterLab"
    given = [source for source, tags in cells if "parameters" in tags]
    if not given:
        return (
            "has no parameters cell; tag the cell that sets "
            f"{', '.join(names)} with the word parameters"
        )
    missing = [name for name in names if name not in _assigned(given)]
    if missing:
        return f"does not set {', '.join(missing)} in its parameters cell"
    calls = {name for source, tags in cells if "parameters" not in tags for name in _calls(source)}
    if _shows_nothing(calls):
        return "shows nothing; let its cells call page.show(…)"
    if "Page" in calls and not calls & _WRITING:
        return "writes no page; let its last cells call page.write(…)"
    return ""


def _shows_nothing(calls: set[str]) -> bool:
    """Whether what a notebook calls can leave no report; one that writes its own way may."""
    if "Page" in calls and "show" not in calls:
        return True
    return not calls or bool(calls & _OURS and not any(c.startswith(_LEAVING) for c in calls))


def _assigned(sources: list[str]) -> set[str]:
    return {
        node.id
        for source in sources
        for node in ast.walk(_parsed(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _calls(source: str) -> list[str]:
    """The names that a cell calls, of a method the last part."""
    functions = [node.func for node in ast.walk(_parsed(source)) if isinstance(node, ast.Call)]
    return [getattr(function, "attr", getattr(function, "id", "")) for function in functions]


def _parsed(source: str) -> ast.AST:
    """The cell as Python, without the lines that only a notebook understands."""
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!"))]
    try:
        return ast.parse("\n".join(lines))
    except SyntaxError:
        return ast.Module([], [])
