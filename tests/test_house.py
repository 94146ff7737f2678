"""The house: nothing lower imports anything higher, and a notebook finds everything at the front door."""

import ast

import pytest

import turkic_explainer
from turkic_explainer.notebooks import lesson_files, read

from .conftest import ROOT

PACKAGE = ROOT / "src" / "turkic_explainer"
FLOORS = (
    "validate saving markup files paper ledger tables basemap smallmap maps charts explorer learner questions "
    "venues corridor turktime sorting who promises economy waters reading lessons "
    "vocabulary notebooks course editions preflight workspace cli"
).split()


def imported(file) -> set[str]:
    """The modules of the package that a module imports, wherever in its text."""
    found, depth = set(), len(file.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth:  # from the package itself, not from a neighbour
            found |= {node.module.split(".")[0]} if node.module else {name.name for name in node.names}
    return found


def test_every_module_has_its_floor():
    there = {path.stem for path in PACKAGE.glob("*.py")} | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert there - {"__init__"} == set(FLOORS)


@pytest.mark.parametrize("name", FLOORS)
def test_nothing_lower_imports_anything_higher(name):
    files = [PACKAGE / f"{name}.py"] if (PACKAGE / f"{name}.py").exists() else list((PACKAGE / name).glob("*.py"))
    below = set(FLOORS[: FLOORS.index(name) + 1])
    assert set().union(*map(imported, files)) <= below


def test_no_name_at_the_front_door_is_a_module():
    """A module of the same name would take the name's place as soon as it is loaded."""
    assert set(turkic_explainer.__all__).isdisjoint(FLOORS)


@pytest.mark.parametrize("file", lesson_files(), ids=lambda f: f.stem)
def test_a_lesson_imports_from_the_front_door_and_pandas_only(file):
    for cell in read(file).cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.ImportFrom):
                    assert node.module == "turkic_explainer"
                    assert {name.name for name in node.names} <= set(turkic_explainer.__all__)
                elif isinstance(node, ast.Import):
                    assert [name.name for name in node.names] == ["pandas"]
