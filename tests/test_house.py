"""The house: imports go one way, a notebook finds everything at the front door, and the tests open no private drawer."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter

import pytest

import turkic_explainer
from turkic_explainer.files import lesson_files, read

from .conftest import ROOT

PACKAGE = ROOT / "src" / "turkic_explainer"
MODULES = sorted(PACKAGE.rglob("*.py"))
# The press makes something of the lessons for others; all else is the helper, which must do without it.
PRESS = ("press",)


@cache
def tree(file) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def dotted(file) -> str:
    """The name of a module, seen from the package: ledger, or editions.build; the package itself has none."""
    return ".".join(part for part in file.relative_to(PACKAGE).with_suffix("").parts if part != "__init__")


def imported(file) -> set[str]:
    """The modules of the package that a module imports, wherever in its text."""
    names, found = {dotted(f) for f in MODULES}, set()
    here = file.relative_to(PACKAGE).parts[:-1]
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                module = ".".join([*here[: len(here) - node.level + 1], *filter(None, [module])])
            elif module.split(".")[0] == PACKAGE.name:
                module = module.partition(".")[2]
            else:
                continue
            for name in node.names:  # a module, or a name out of one
                whole = f"{module}.{name.name}".lstrip(".")
                found.add(whole if whole in names else module)
        elif isinstance(node, ast.Import):
            found |= {n.name.partition(".")[2] for n in node.names if n.name.split(".")[0] == PACKAGE.name}
    assert found <= names, f"{dotted(file)} imports what is not there: {found - names}"
    return found - {dotted(file)}


GRAPH = {dotted(file): imported(file) for file in MODULES}


def home(name: str) -> str:
    """The module that a name at the front door comes from, seen from the package."""
    return getattr(turkic_explainer, name).__module__.partition(".")[2]


def room(module: str) -> str:
    return module.split(".")[0]


def test_imports_go_one_way():
    """No module needs itself on the way round, and no folder of modules either."""
    folders: dict[str, set[str]] = {}
    for module, needs in GRAPH.items():
        folders.setdefault(room(module), set()).update({room(needed) for needed in needs} - {room(module)})
    for graph in (GRAPH, folders):
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            pytest.fail(f"These import each other in a ring: {' <- '.join(error.args[1])}", pytrace=False)


@pytest.mark.parametrize("module", [m for m in GRAPH if room(m) not in PRESS], ids=lambda m: m or "front door")
def test_the_helper_imports_nothing_of_the_press(module):
    assert {needed for needed in GRAPH[module] if room(needed) in PRESS} == set()


def test_nothing_at_the_front_door_is_of_the_press():
    """Its names are loaded when they are first used, which the imports do not show."""
    assert {name: home(name) for name in turkic_explainer.__all__ if room(home(name)) in PRESS} == {}


def test_there_are_both_rooms():
    """Else the rule above would hold because it speaks of nothing."""
    assert {"editions", "press"} & {room(m) for m in GRAPH} and {"ledger", "tables", "maps"} <= {room(m) for m in GRAPH}
    assert any(room(needed) not in PRESS for m, needs in GRAPH.items() if room(m) in PRESS for needed in needs)


def test_no_name_at_the_front_door_is_a_module():
    """A module of the same name would take the name's place as soon as it is loaded."""
    assert set(turkic_explainer.__all__).isdisjoint({room(module) for module in GRAPH})


@pytest.mark.parametrize("file", lesson_files(), ids=lambda f: f.stem)
def test_a_lesson_imports_from_the_front_door_only(file):
    for cell in read(file).cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.ImportFrom):
                    assert node.module == "turkic_explainer"
                    assert {name.name for name in node.names} <= set(turkic_explainer.__all__)
                assert not isinstance(node, ast.Import)


# --- the tests and the house ---------------------------------------------------------------------------------------


def is_private(name: str) -> bool:
    """One underscore in front; names that end in one, as __init__ or _repr_html_, are a protocol of others."""
    return name.startswith("_") and not name.endswith("_")


def private() -> set[str]:
    """Every private name that the package gives to something of its own: a module, function, class, variable, attribute."""
    found = {part for file in MODULES for part in dotted(file).split(".")}
    for node in (node for file in MODULES for node in ast.walk(tree(file))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
    return {name for name in found if is_private(name)}


def reached(source: str, names: set[str]) -> list[str]:
    """Which of these names a test reaches for, with the line: as an attribute, by import, or in quotes (for monkeypatch)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            used = [node.attr]
        elif isinstance(node, ast.ImportFrom):
            used = [*(node.module or "").split("."), *(name.name for name in node.names)]
        elif isinstance(node, ast.Import):
            used = [part for name in node.names for part in name.name.split(".")]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            used = node.value.split(".")
        else:
            continue
        found += [f"line {node.lineno}: {name}" for name in used if name in names]
    return found


@pytest.mark.parametrize("file", sorted((ROOT / "tests").glob("*.py")), ids=lambda f: f.name)
def test_tests_reach_into_no_private_name_of_the_package(file):
    """So that the house can be rebuilt under them. Use the front door, a command or an exporter, or, where a test has a
    good reason to look at one part alone, give that part a public name and a docstring."""
    found = reached(file.read_text("utf-8"), private())
    assert not found, (
        f"{file.name} reaches into the package at {'; '.join(found)}. See this test's docstring for other ways."
    )


@pytest.mark.parametrize("source", [
    "maps._box(1)", "from turkic_explainer.maps import _box", "monkeypatch.setattr(maps, '_box', 1)",
    "monkeypatch.setattr('turkic_explainer.maps._box', 1)", "import turkic_explainer._box",
])  # fmt: skip
def test_a_private_name_would_be_found(source):
    assert reached(source, {"_box"}) == ["line 1: _box"]


def test_private_names_are_known_by_how_they_are_made():
    """So that an empty list of names cannot make the rule above hold."""
    assert not private() & {"__init__", "_repr_html_"} and len(private()) > 100


@pytest.mark.parametrize("how", [["check"], ["format", "--check"]], ids=lambda how: how[0])
def test_code_has_one_form_and_no_function_too_many_branches(how):
    """Mend it with `ruff check --fix` and `ruff format`."""
    done = subprocess.run([sys.executable, "-m", "ruff", *how, "--no-cache", ROOT], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
