"""What a kernel says where a learner's cell fails for a reason that can be told in a line: that line, and no traceback.

IPython loads this extension into every kernel (jupyter/ipython), so it imports nothing heavy. It speaks up only in a
folder with lessons in it, and where it knows nothing to say, the error is shown as always.
"""

import ast
import builtins
import json
import linecache
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from traceback import walk_tb
from typing import Any

from .. import __all__ as OURS
from ..validate import Misused, Unknown, course_folder, in_lines, language_of

_RUN = "in the menu Run, choose Run All Above Selected Cell"
_TEXT = re.compile(r"""(["']).*?\1""")
_ONE_SIGN = re.compile(r"(?<![=!<>])=(?!=)")
# The id of a claim or a disagreement, or a question's or exercise's key, that stands outside of quotation marks.
_BARE = re.compile(r"""(?<!["'\w-])(?:[SBD]\d?-\d+|\d\d-[a-z][a-z0-9-]*)""")


def load_ipython_extension(shell: Any) -> None:
    """Has `shell` answer a learner's mistakes in plain words, if its folder has lessons in it."""
    if not any(Path.cwd().glob("[0-9][0-9]-*.ipynb")):
        return
    with suppress(OSError, ValueError, AttributeError):  # in the language of the lesson that this kernel is for
        if "TURKIC_LANG" not in os.environ and (lesson := os.environ.get("JPY_SESSION_NAME")) and course_folder():
            os.environ["TURKIC_LANG"] = language_of(json.loads(Path(lesson).read_bytes()))
    show, show_syntax = shell.showtraceback, shell.showsyntaxerror

    def words(error: BaseException) -> str:
        with suppress(Exception):  # whatever goes wrong in here, the learner's own error must be seen
            return "" if hasattr(error, "_render_traceback_") else explained(error, shell.user_ns)
        return ""

    def showtraceback(exc_tuple: Any = None, *args: Any, **settings: Any) -> None:
        error = (exc_tuple or sys.exc_info())[1]
        told = words(error)
        if told and isinstance(error, SyntaxError):  # in a query; IPython would show where Python stopped reading
            exc_tuple = (Misused, Misused(told), None)
        elif told:
            error._render_traceback_ = lambda: in_lines(told)  # IPython shows this in the traceback's place
        show(exc_tuple, *args, **settings)

    def showsyntaxerror(*args: Any, **settings: Any) -> None:
        if told := words(sys.exc_info()[1]):
            show((Misused, Misused(told), None))
        else:
            show_syntax(*args, **settings)

    shell.showtraceback, shell.showsyntaxerror = showtraceback, showsyntaxerror


def explained(error: BaseException, names: dict[str, Any]) -> str:
    """What is to be said of an error in a cell whose names are these; nothing where nothing is known to say."""
    found = (explain(error, names) for kind, *known in _EXPLAIN if isinstance(error, kind) for explain in known)
    return next(filter(None, found), "")


def _line(error: BaseException, names: dict[str, Any]) -> str:
    """The line of the cell in which an error came up."""
    places = [(f.f_code.co_filename, line) for f, line in walk_tb(error.__traceback__) if f.f_globals is names]
    return linecache.getline(*places[-1]) if places else getattr(error, "text", None) or ""


def _name(error: BaseException) -> str:
    """The name that an error says is not known; nothing where it is an error of another kind."""
    if not isinstance(error, NameError):
        return ""
    return error.name or (re.findall(r"name '(\w+)' is not defined", str(error)) or [""])[0]


def _bare(error: BaseException, names: dict[str, Any]) -> str:
    name, line = _name(error), _line(error, names)
    query = type(error).__name__ == "UndefinedVariableError" or getattr(error, "filename", "") == "<unknown>"
    found = _BARE.findall(line if query else _TEXT.sub('""', line))
    if not found and re.fullmatch("S[0-4]", name):
        found = [name]
    mark = "'" if query else '"'  # inside of the query's own marks
    return f"Put {found[0]} between quotation marks: {mark}{found[0]}{mark}." if found else ""


def _one_sign(error: BaseException, names: dict[str, Any]) -> str:
    """One equals sign in a query: what pandas says of it depends on where in the query it stands."""
    alone = isinstance(error, SyntaxError) and "numexpr query" in str(error) and _ONE_SIGN.search(error.text or "")
    if alone or str(error) == "cannot assign without a target object":
        return "In a query, two equals signs compare: write == in place of =."
    return ""


def _lesson() -> list[str]:
    """The code cells of the lesson that this kernel runs, as it is stored, whose name Jupyter's server told the kernel; none
    where it runs another notebook."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        notebook = json.loads(Path(Path(os.environ.get("JPY_SESSION_NAME", "")).name).read_text("utf-8"))
        cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
        return cells if "turkic" in notebook["metadata"] else []
    return []


def _made(cells: list[str]) -> Iterator[str]:
    """The names that these cells make."""
    for cell in cells:
        with suppress(SyntaxError):  # where a learner is still writing
            for node in ast.walk(ast.parse(cell)):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id
                elif isinstance(node, ast.alias):
                    yield node.asname or node.name


def _unknown_name(error: NameError, names: dict[str, Any]) -> str:
    name, made = _name(error), [*_made(_lesson())]
    unknown = f"`{name}` is not known yet:"
    if name in OURS:
        here, alone = (
            f"the first code cell of the lesson first ({_RUN})",
            f"`from turkic_explainer import {name}` first",
        )
        return f"{unknown} run {here if {name, '*'} & {*made} else alone}, then this cell again."
    if name in made:
        return f"{unknown} a cell above this one makes it. To run it, {_RUN}; then run this cell again."
    known = [*OURS, *made, *(n for n in names if not n.startswith("_")), *dir(builtins)]
    if near := get_close_matches(name, known, n=1, cutoff=0.7):
        return f"There is no `{name}` here. Did you mean `{near[0]}`?"
    text = f'There is no `{name}` here. A text stands between quotation marks: "{name}".'
    return text if name[:1].isupper() else ""  # as Kazakhstan is


def _no_column(error: BaseException, names: dict[str, Any]) -> str:
    """A column or a row that a table does not have: the table is in one of pandas' own frames."""
    wanted = getattr(error, "name", None) or error.args[0]
    if isinstance(wanted, str) and (quoted := re.search(r"\['([^']*)'.*\] (?:not|are)|name '([^']*)' is", wanted)):
        wanted = quoted[1] or quoted[2]
    for frame, _ in walk_tb(error.__traceback__):
        table = frame.f_locals.get("self")
        if type(table).__name__ == "DataFrame" and "pandas" in frame.f_code.co_filename:
            row = "loc" in _line(error, names)
            told = str(Unknown("row" if row else "column", wanted, [*map(str, table.index if row else table.columns)]))
            text = isinstance(error, NameError) and "Did you mean" not in told  # as in .query("entity == Hungary")
            return f"{told} A text stands between quotation marks: '{wanted}'." if text else told
    return ""


def _no_attribute(error: AttributeError, names: dict[str, Any]) -> str:
    thing, called = error.obj, getattr(error.obj, "__name__", "")
    if called in OURS:
        return f"`{called}` needs brackets: `{called}().{error.name}`."
    if type(thing).__name__ == "DataFrame":
        return str(Unknown("column", error.name, [*map(str, thing.columns)]))
    return ""


def _wrong_call(error: TypeError, names: dict[str, Any]) -> str:
    called, _, wrong = str(error).partition("() ")
    alone = re.findall(r"""(?<!["'\w])(\w+)\b(?!\s*\()""", _line(error, names))
    bare = [name for name in alone if name in OURS and name in names]
    if bare and (called in OURS or "'function'" in str(error)):
        return f"`{bare[0]}` needs brackets: `{bare[0]}()`."
    if called in OURS:
        missing = " and ".join(re.findall(r"'(\w+)'", wrong)) if wrong.startswith("missing") else ""
        told = f"`{called}` needs more between its brackets: {missing}." if missing else f"`{called}` {wrong}."
        return f"{told} `help({called})` says what it takes."
    return ""


def _no_import(error: ImportError, names: dict[str, Any]) -> str:
    lost = re.match(r"cannot import name '(\w+)' from 'turkic_explainer'", str(error))
    return str(Unknown("name", lost[1], OURS)) if lost else ""


_EXPLAIN = (  # the first that has something to say
    (SyntaxError, _one_sign, _bare),
    (NameError, _bare, _no_column, _unknown_name),
    (ValueError, _one_sign),
    (KeyError, _no_column),
    (AttributeError, _no_attribute),
    (TypeError, _wrong_call),
    (ImportError, _no_import),
)
