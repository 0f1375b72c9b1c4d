"""One notebook through Papermill, here or in a kernel; what it leaves tells of no machine.

Trap: in this process a hang cannot be ended from inside, so a month's notebooks run in workers.
"""

import ast
import json
import logging
import os
import re
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nmsdreports.settings import IN_PROCESS, KERNEL

HIDDEN_PARAMETERS = ("source", "output")
SOURCE_TO_FILL_IN = (
    'source = "."  # write here the folder with the district\'s spreadsheets to run this again'
)

_PROGRAM = "nmsdreports"
# How jupyter_client says that a kernel was gone before the first cell.
_NEVER_STARTED = "Kernel died before replying to kernel_info"
_KERNEL_TEMP = re.compile(r"[^\s'\"<>]*ipykernel_\d+[/\\](\d+)\.py")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Executed:
    """What became of one notebook: where it lies and, when it failed, why and what to do."""

    notebook: Path
    cause: str = ""
    repair: str = ""

    @property
    def failed(self) -> bool:
        """Whether a cell raised, the kernel died or a cell took too long."""
        return bool(self.cause)


def execute_notebook(
    template: Path,
    target: Path,
    parameters: dict[str, str],
    engine: str = IN_PROCESS,
    cell_seconds: int | None = None,
) -> Executed:
    """Run `template` with `parameters` and leave the executed notebook at `target`, cleaned.

    `engine` says whether in this process or in a kernel; `cell_seconds` how long a kernel may be at
    one cell. Never raises for what a notebook does: a failure keeps the notebook with its error and
    comes back with a cause and a repair in words.
    """
    papermill = _quiet_papermill()
    if engine == IN_PROCESS:
        from nmsdreports.run.engine import register

        register(IN_PROCESS)
    from papermill.exceptions import PapermillExecutionError

    cause = repair = ""
    with tempfile.TemporaryDirectory(prefix="nmsdreports-") as folder:
        scratch = Path(folder) / "executed.ipynb"
        try:
            _with_a_kernel(
                papermill.execute_notebook,
                _escape_braces(template),
                _escape_braces(scratch),
                parameters=parameters,
                kernel_name="python3",
                # Saving after every cell costs half of a fast notebook's time.
                request_save_on_cell_execute=False,
                progress_bar=False,
                engine_name=IN_PROCESS if engine == IN_PROCESS else None,
                execution_timeout=cell_seconds,
                shutdown_kernel="immediate",
                record_timing=False,
                # A kernel of ours warns about TCP on every start; and a user's own IPython
                # start-up files must not change a report.
                extra_arguments=["--log-level=ERROR", f"--IPKernelApp.ipython_dir={folder}"],
                resources={"metadata": {"path": str(template.parent)}},
            )
        except PapermillExecutionError as error:
            cause = _one_line(f"{error.ename}: {error.evalue}")
            repair = f"open {target.name}: the cell that stopped is marked in it"
        except Exception as error:  # the kernel died, a cell ran too long, the notebook is no JSON
            cause = _one_line(str(error) or type(error).__name__)
            repair = "run it once more; if it stays so, open the notebook in JupyterLab"
        finally:
            if engine == KERNEL:
                _close_event_loop()
        notebook = _read_json(scratch) or _read_json(template) or _empty_notebook()
    return _kept(notebook, target, parameters, cause, repair)


def lost_notebook(
    template: Path, target: Path, parameters: dict[str, str], cause: str, repair: str
) -> Executed:
    """Leave at `target` the notebook whose process was lost, with why and what to do."""
    return _kept(_read_json(template) or _empty_notebook(), target, parameters, cause, repair)


def get_ready(engine: str, templates: tuple[Path, ...]) -> None:
    """Import what running notebooks takes, and what of this program the `templates` import."""
    _quiet_papermill()
    if engine == KERNEL:
        return
    import plotly.io

    import nmsdreports.run.engine  # noqa: F401 - imported so that it is ready
    from nmsdreports.run.at_hand import keep_at_hand

    # Else the first chart of a process would carry all of plotly.js.
    plotly.io.renderers.default = "plotly_mimetype"
    for template in templates:
        for line in _own_imports(_read_json(template) or _empty_notebook()):
            with suppress(ImportError):  # the notebook itself will tell
                exec(line, {})
    keep_at_hand()


def _own_imports(notebook: dict) -> list[str]:
    """The lines of a notebook that import this program's own modules."""
    lines = []
    for cell in notebook["cells"]:
        try:
            nodes = ast.parse("".join(cell["source"])).body
        except SyntaxError:  # words, or a magic
            continue
        froms = [node for node in nodes if isinstance(node, ast.ImportFrom)]
        lines += [ast.unparse(node) for node in froms if str(node.module).startswith(_PROGRAM)]
    return lines


def _kept(
    notebook: dict, target: Path, parameters: dict[str, str], cause: str, repair: str
) -> Executed:
    cause = _path_shortener(parameters)(cause)
    if cause:
        notebook["cells"].insert(0, _failure_cell(cause, repair))
    target.parent.mkdir(parents=True, exist_ok=True)
    clean = clean_notebook(notebook, parameters)
    text = json.dumps(clean, indent=1, ensure_ascii=False, sort_keys=True)
    target.write_text(text + "\n", "utf-8", newline="\n")
    return Executed(target, cause, repair)


def _with_a_kernel(execute: Callable[..., object], *paths: str, **options: object) -> None:
    """Execute, once more where the kernel never started.

    Kernels that start at the same moment now and then draw the same port, and one of them dies.
    """
    try:
        execute(*paths, **options)
    except RuntimeError as error:
        if _NEVER_STARTED not in str(error):
            raise
        execute(*paths, **options)


def clean_notebook(notebook: dict, parameters: dict[str, str]) -> dict:
    """Return the notebook without what differs from run to run or names the machine.

    Papermill's and nbclient's metadata, times and random ids go; paths in outputs shrink to the
    names behind them; of the parameters the reader keeps those that say what is reported, and a
    line to name the spreadsheets in.
    """
    shorten = _path_shortener(parameters)
    metadata = {
        key: value
        for key, value in notebook.get("metadata", {}).items()
        if key in ("kernelspec", "language_info", "title")
    }
    cells = [_clean_cell(cell, shorten, n) for n, cell in enumerate(notebook["cells"])]
    return {**notebook, "metadata": metadata, "cells": cells}


def _clean_cell(cell: dict, shorten, number: int) -> dict:
    tags = cell.get("metadata", {}).get("tags", [])
    kept = {"tags": tags} if tags else {}
    slide = cell.get("metadata", {}).get("slideshow")
    clean = {**cell, "metadata": {**kept, **({"slideshow": slide} if slide else {})}}
    if "parameters" in tags:
        lines = "".join(cell["source"]).splitlines()
        clean["source"] = "\n".join(line for line in lines if not line.startswith("source = "))
    if "injected-parameters" in tags:
        clean["source"] = _readable_parameters(cell["source"])
    if "injected-parameters" in tags or "papermill-error-cell-tag" in tags or "id" not in cell:
        clean["id"] = f"cell-{number}"
    if "outputs" in cell:
        clean["outputs"] = [_shorten_texts(output, shorten) for output in cell["outputs"]]
    return clean


def _readable_parameters(source: str | list[str]) -> str:
    lines = "".join(source).splitlines()
    kept = [line for line in lines if not line.startswith("output = ")]
    return "\n".join(SOURCE_TO_FILL_IN if line.startswith("source = ") else line for line in kept)


def _shorten_texts(value, shorten):
    """Apply `shorten` to every text in an output, however deep it lies."""
    if isinstance(value, str):
        return shorten(value)
    if isinstance(value, list):
        return [_shorten_texts(item, shorten) for item in value]
    if isinstance(value, dict):
        return {key: _shorten_texts(item, shorten) for key, item in value.items()}
    return value


def _path_shortener(parameters: dict[str, str]):
    """Return a function that takes this run's and this machine's folders out of a text."""
    places = [parameters.get(name, "") for name in HIDDEN_PARAMETERS]
    places += [str(Path(__file__).resolve().parents[2]), sys.prefix, sys.base_prefix]
    # a worker has a temporary folder of its own in the machine's
    temporary = tempfile.gettempdir()
    places += [str(Path.home()), temporary, str(Path(temporary).parent)]
    # Longest first, so that a folder goes before the folder it lies in; never a bare root.
    spellings = {text for place in places for text in _spellings(place) if len(text) > 3}
    ordered = sorted(spellings, key=lambda text: (-len(text), text))
    # Only where a path begins and a name ends: example.org/root is no folder of ours.
    alternatives = "|".join(re.escape(text.rstrip("/\\")) for text in ordered)
    folders = re.compile(rf"(?<![\w.-])(?:{alternatives})(?:[/\\]+|(?![\w-]))")

    def shorten(text: str) -> str:
        return _ADDRESS.sub("", folders.sub("", _KERNEL_TEMP.sub("a cell", text)))

    return shorten


def _spellings(place: str) -> set[str]:
    """Return a path as it may stand in an output: as given, resolved, and in a repr."""
    if not place:
        return set()
    ways = {place, str(Path(place).absolute()), str(Path(place).resolve())}
    return ways | {way.replace("\\", "\\\\") for way in ways} | {Path(w).as_posix() for w in ways}


def _failure_cell(cause: str, repair: str) -> dict:
    text = f"**This report could not be finished.** {cause}\n\nWhat to do: {repair}."
    return {"cell_type": "markdown", "id": "failure", "metadata": {}, "source": text}


def _empty_notebook() -> dict:
    return {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _read_json(path: Path) -> dict | None:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _one_line(text: str) -> str:
    """Return the first thing an error says, without colours, short enough for a list."""
    lines = [line.strip() for line in _ANSI.sub("", text).splitlines() if line.strip()]
    line = lines[0] if lines else "unknown error"
    return line if len(line) <= 300 else line[:299] + "…"


def _close_event_loop() -> None:
    """Close the loop that the notebook client opened for this thread; nobody else does."""
    from jupyter_core.utils import ensure_event_loop

    ensure_event_loop().close()


def _escape_braces(path: Path) -> str:
    """Papermill formats its paths; a folder named {so} must survive that."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _quiet_papermill():
    """Import Papermill (seconds) so that only our own words reach the terminal."""
    # The project's own Python runs the kernel, whatever kernels a user has installed.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    # jsonschema would read a whole grammar of addresses, a second's work that no notebook needs.
    sys.modules.setdefault("rfc3987_syntax", None)
    import papermill

    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    return papermill
