"""A notebook run in this process beside the same one in a real kernel: nothing may differ."""

import json
import logging
import re
import sys
from pathlib import Path

import nbformat
import papermill
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nmsdreports.run import engine
from nmsdreports.run.module_state import kept_modules
from nmsdreports.run.workers import Limits, Workers
from nmsdreports.settings import IN_PROCESS

WORKS = [
    "x = 1\nprint(x)\nx + 1",
    "print('a')\nimport sys\nprint('b', file=sys.stderr)\nprint('c')",
    "display(1)\nprint('between')\ndisplay('two')\n3",
    "from IPython.display import HTML\nshown = display(HTML('<b>1</b>'), display_id='q')",
    "shown.update(HTML('<b>2</b>'))",
    "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('stays')",
    "print('gone')\nclear_output(wait=True)\nprint('stays')",
    "import asyncio\nasync def five():\n    return 5\nawait asyncio.sleep(0)\nawait five()",
    "later = asyncio.create_task(five())",
    "await later",
    "!echo from a shell",
    "said = !echo one two\nsaid",
    "%%capture kept\nprint(3)",
    "kept.stdout",
    "import os",
    "In[2], sorted(Out)[:3], __name__, os.path.basename(os.getcwd())",
    "type(get_ipython()).__name__",
    "class Shown:\n    def _repr_html_(self):\n        return '<i>a</i>'\nShown()",
    "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
    "import plotly.graph_objects as go\ngo.Figure(go.Bar(y=[1, 2]))",
    "sys.stdout.write('x')\nsys.stdout.flush()\nwritten = sys.stdout.write('y')",
    "import warnings\nwarnings.warn('careful')",
    "1;",
    "",
    "{1: 'number'}",
]
FAILS = [
    "def no():\n    raise ValueError('no')\nno()",
    "x = = 2",
    "def f():\nreturn 1",
    "import sys\nsys.exit(3)",
    "class Unshown:\n    def __repr__(self):\n        raise KeyError('r')\nUnshown()",
    "%nosuch",
    "%%nosuch\n1",
    "try:\n    1 / 0\nexcept Exception as e:\n    raise TypeError('x') from e",
    "await 3",
    "input('your name?')",
]


def notebook(*sources, tags=()):
    cells = [new_code_cell(source, metadata={"tags": list(tags)}) for source in sources]
    given = new_code_cell("p = 0", metadata={"tags": ["parameters"]})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [new_markdown_cell("# Title"), given, *cells]
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def executed(made, folder, name):
    """The notebook as Papermill leaves it, without times and random names, and what it raised."""
    template, target = folder / "template.ipynb", folder / "done.ipynb"
    nbformat.write(made, template)
    raised = ""
    try:
        papermill.execute_notebook(
            str(template),
            str(target),
            parameters={"p": 1},
            engine_name=name,
            progress_bar=False,
            record_timing=False,
            resources={"metadata": {"path": str(folder)}},
            extra_arguments=["--log-level=CRITICAL"],
        )
    except papermill.PapermillExecutionError as error:
        raised = repr(error)
    done = json.loads(target.read_text("utf-8"))
    for cell in done["cells"]:
        cell["outputs"] = settled(cell.get("outputs", []))
    return without_chance(json.dumps(done, indent=1, sort_keys=True)), without_chance(raised)


def settled(outputs):
    """The outputs with what was written in one go in one piece.

    A kernel sends what was written every fifth of a second, so a slow machine cuts it anywhere.
    """
    kept = []
    for one in outputs:
        if one["output_type"] != "stream":
            kept.append(one)
            continue
        if not kept or "stdout" not in kept[-1]:
            kept.append({"stdout": "", "stderr": ""})
        kept[-1][one["name"]] += "".join(one["text"])
    return kept


def without_chance(text):
    for pattern in (
        r"[^\s'\"<>]*ipykernel_\d+[/\\]+\d+\.py",
        r" at 0x[0-9a-f]+",
        r'"(start_time|end_time|duration|id)": ("[^"]*"|[\d.e-]+)',
        # the file in which input() is refused is another one
        r"(?m)^.*(File|refuse_input).*StdinNotImplementedError.*$",
        r"(?m)^.*File .*(kernelbase|engine)\.py.*$",
    ):
        text = re.sub(pattern, "", text)
    return text


def get_ready():
    engine.register(IN_PROCESS)
    logging.getLogger("papermill").setLevel(logging.CRITICAL)


@pytest.fixture(scope="module")
def worker():
    get_ready()
    with Workers(1, Limits(100, 2**40), get_ready) as workers:
        yield workers


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(notebook(*WORKS), id="works"),
        pytest.param(notebook(*FAILS, tags=["raises-exception"]), id="fails and goes on"),
        pytest.param(notebook("print('before')", FAILS[0], "1"), id="fails and stops"),
    ],
)
def test_a_notebook_comes_out_as_from_a_kernel(made, tmp_path, worker):
    ours = worker.submit(executed, made, tmp_path, IN_PROCESS).result()
    kernel = executed(made, tmp_path, None)
    assert ours[0].splitlines() == kernel[0].splitlines()
    assert ours[1] == kernel[1]


def test_what_is_written_past_python_is_caught_in_its_order(tmp_path, worker):
    made = notebook(
        "import os, subprocess\nprint('first')\nwritten = os.write(1, b'second\\n')\n"
        "print('third')\nended = subprocess.run(['echo', 'fourth'])\nprint('fifth')",
        "os.write(2, b'wrong\\n');",
    )
    worker.submit(executed, made, tmp_path, IN_PROCESS).result()
    cells = json.loads((tmp_path / "done.ipynb").read_text("utf-8"))["cells"]
    (out,), (wrong,) = (cell["outputs"] for cell in cells[-2:])
    assert "".join(out["text"]).split() == ["first", "second", "third", "fourth", "fifth"]
    assert (wrong["name"], wrong["text"]) == ("stderr", ["wrong\n"])


def test_a_notebook_that_ends_its_kernel_has_failed(tmp_path, worker):
    with pytest.raises(engine.DeadKernelError):
        executed(notebook("quit()", "1"), tmp_path, IN_PROCESS)


def test_widgets_are_kept_with_their_state(tmp_path, worker):
    made = notebook("import ipywidgets\nipywidgets.IntSlider(description='how many')")
    executed(made, tmp_path, IN_PROCESS)
    done = json.loads((tmp_path / "done.ipynb").read_text("utf-8"))
    states = done["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    assert "how many" in [one["state"].get("description") for one in states.values()]


def test_nothing_stays_of_a_notebook_in_the_process(tmp_path, worker, monkeypatch):
    """Neither its shell, which would wait for the end of the process, nor its files and streams."""
    hooks, open_files = [], len(list(Path("/dev/fd").iterdir()))
    monkeypatch.setattr("atexit.register", lambda hook, *_: hooks.append(hook))
    gone = []
    monkeypatch.setattr("atexit.unregister", gone.append)
    executed(notebook("import sys\nkept = sys.stdout\nprint('a')"), tmp_path, IN_PROCESS)
    # others may register theirs when they are first used, as weakref does
    assert [hook for hook in hooks if hook.__name__ == "atexit_operations"] == gone != []
    assert len(list(Path("/dev/fd").iterdir())) <= open_files


@pytest.mark.parametrize(
    ("put", "there"),
    [
        ("json._left = 1", "hasattr(json, '_left')"),
        ("json.left = types.ModuleType('left')", "hasattr(json, 'left')"),
        ("nmsdreports.left = 1", "hasattr(nmsdreports, 'left')"),
        ("sys.modules['left'] = types.ModuleType('left')", "'left' in sys.modules"),
        ("sys.modules['json.left'] = types.ModuleType('left')", "'json.left' in sys.modules"),
    ],
)
def test_a_notebook_leaves_nothing_in_modules_for_the_next(put, there, tmp_path, worker):
    begin = "import json, sys, types, nmsdreports\n"
    worker.submit(executed, notebook(f"{begin}{put}\n{there}"), tmp_path, IN_PROCESS).result()
    assert "True" in (tmp_path / "done.ipynb").read_text("utf-8")
    worker.submit(executed, notebook(f"{begin}{there}"), tmp_path, IN_PROCESS).result()
    assert "False" in (tmp_path / "done.ipynb").read_text("utf-8")


def test_a_module_without_a_file_that_a_library_made_stays(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("xml.parsers.expat")]:
        monkeypatch.delitem(sys.modules, name)
    back = kept_modules()
    import xml.parsers.expat

    back()
    assert sys.modules["xml.parsers.expat.model"] is xml.parsers.expat.model


def held_after(folder, count):
    """Bytes that the process holds after so many notebooks of 20 MB each."""
    made = notebook(
        "import pandas as pd\nkept = [b'x' * 20_000_000, pd.DataFrame({'a': range(9)})]\nkept[1]"
    )
    for _ in range(count):
        executed(made, folder, IN_PROCESS)
    return psutil.Process().memory_info().rss


def test_what_a_notebook_holds_is_let_go(tmp_path, worker):
    """18."""
    first = worker.submit(held_after, tmp_path, 10).result()
    assert worker.submit(held_after, tmp_path, 40).result() < 1.1 * first
