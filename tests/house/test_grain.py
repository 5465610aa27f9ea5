"""One grain in the whole house: size of modules, their names, and what no module may do."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import headstart

ROOT = Path(headstart.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
LONGEST_LINES = 250
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "stuff"}
UNPICKLERS = {"pickle", "cPickle", "dill", "joblib", "cloudpickle", "shelve", "marshal"}


def imported(tree: ast.AST) -> Iterator[str]:
    """The top-level names of all modules that `tree` imports, at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def unsafe_loads(tree: ast.AST) -> Iterator[int]:
    """Lines that call ``torch.load`` without ``weights_only=True``, or ``np.load`` with ``allow_pickle``."""
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "load"
        ):
            continue
        owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
        given = {word.arg: getattr(word.value, "value", None) for word in node.keywords}
        if owner == "torch" and given.get("weights_only") is not True:
            yield node.lineno
        if given.get("allow_pickle"):
            yield node.lineno


@pytest.mark.parametrize(
    "text", ["torch.load(p)", "torch.load(p, weights_only=False)", "np.load(p, allow_pickle=True)"]
)
def test_the_guard_sees_an_unsafe_load(text):
    assert list(unsafe_loads(ast.parse(text)))


@pytest.mark.parametrize("text", ["torch.load(p, weights_only=True)", "np.load(p)", "yaml.load(p)"])
def test_the_guard_lets_a_safe_load_pass(text):
    assert not list(unsafe_loads(ast.parse(text)))


def test_no_module_unpickles():
    unpickling = {
        str(path.relative_to(ROOT)): sorted(UNPICKLERS & set(imported(tree))) or list(unsafe_loads(tree))
        for path in MODULES
        for tree in [ast.parse(path.read_text(encoding="utf-8"))]
    }
    assert {path: found for path, found in unpickling.items() if found} == {}


def test_no_module_is_longer_than_a_person_reads_at_once():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {path: length for path, length in lengths.items() if length > LONGEST_LINES} == {}


def test_no_module_has_a_name_that_says_nothing():
    assert [path for path in MODULES if path.stem in NAMES_THAT_SAY_NOTHING] == []


def test_every_module_says_what_it_is():
    silent = [path for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert [str(path.relative_to(ROOT)) for path in silent if path.read_text().strip()] == []
