"""Each line of docs/for-engineers/checklist.md has a test that carries its number."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
LIST = HERE.parents[1] / "docs" / "for-engineers" / "checklist.md"


def test_every_number_of_the_list_has_a_test_and_every_test_a_number():
    listed = [int(n) for n in re.findall(r"^(\d+)\. ", LIST.read_text("utf-8"), re.MULTILINE)]
    trees = [ast.parse(path.read_text("utf-8")) for path in HERE.glob("test_*.py")]
    names = [node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    tested = {int(n) for n in re.findall(r"\btest_line_(\d\d)_", " ".join(names))}
    assert len(listed) == len(set(listed)) == 26
    assert tested == set(listed)
