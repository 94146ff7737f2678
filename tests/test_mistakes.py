"""A learner's mistakes, each as it is typed into a cell, and the one line that answers it."""

from __future__ import annotations

import json
import os
import re
import tomllib

import pytest
from jupyter_client.manager import start_new_kernel

from turkic_explainer.validate import ROOT as PACKAGE

from .conftest import ROOT, code, lesson, prose

BEFORE = {  # no cell of the lesson has been run
    'question("02-hosts")': "`question` is not known yet: run the first code cell of the lesson first "
    "(in the menu Run, choose Run All Above Selected Cell), then this cell again.",
    "rows.head()": "`rows` is not known yet: a cell above this one makes it. To run it, in the menu Run, choose Run All "
    "Above Selected Cell; then run this cell again.",
    "pd.DataFrame()": "`pd` is not known yet: a cell above this one makes it.",
    "sumits()": "There is no `sumits` here. Did you mean `summits`?",
    "cite(S0-23)": 'Put S0-23 between quotation marks: "S0-23".',
    "legs()": "`legs` is not known yet: run `from turkic_explainer import legs` first, then this cell again.",
    "undated = S0, S1, S2": 'Put S0 between quotation marks: "S0".',
    "from turkic_explainer import sumits": "There is no name 'sumits'. Did you mean 'summits'?",
}
AFTER = {  # all of them have
    "cite(S0-23)": 'Put S0-23 between quotation marks: "S0-23".',
    "cite(D-06)": 'Put D-06 between quotation marks: "D-06".',
    "cite(D-10)": 'Put D-10 between quotation marks: "D-10".',
    'show(sumits, "See S1-05")': "There is no `sumits` here. Did you mean `summits`?",
    "host = Kazakhstan": 'There is no `Kazakhstan` here. A text stands between quotation marks: "Kazakhstan".',
    """summits().query("year = 2016")""": "In a query, two equals signs compare: write == in place of =.",
    """summits().query("year == 2016 and kind = 'x'")""": "In a query, two equals signs compare: write == in place of =.",
    """sources().query("id == S0-05")""": "Put S0-05 between quotation marks: 'S0-05'.",
    """sources().query("id == S0-15")""": "Put S0-15 between quotation marks: 'S0-15'.",
    """sources().query("id == S0")""": "Put S0 between quotation marks: 'S0'.",
    """venues().query("place == Hungary")""": "There is no column 'Hungary'. There are: year, kind, mode, status, place, capital. "
    "A text stands between quotation marks: 'Hungary'.",
    "cite(B-012)": 'Put B-012 between quotation marks: "B-012".',  # Python does not even read this
    "question(02-hosts)": 'Put 02-hosts between quotation marks: "02-hosts".',
    'cite("S9-1")': "There is no claim 'S9-1'. Ids look like S3-05 (a report) or B-012 (background).",
    'cite("s0-5")': "There is no claim 's0-5'. Did you mean 'S0-05'? S0 has S0-01 to S0-",
    "cite(23)": "There is no claim 23. The name of a claim is a text, in quotation marks.",
    "cite()": "`cite` needs more between its brackets: claim_id. `help(cite)` says what it takes.",
    'question("2-hosts")': "There is no question '2-hosts'. Did you mean '02-hosts'?",
    'question("02-host")': "There is no question '02-host'. Did you mean '02-hosts'? There are: 02-",
    'check("02-capital", 3)': "There is no exercise '02-capital'. Did you mean '02-capitals'?",
    "check()": "`check` needs more between its brackets: key.",
    "show(summits)": "`summits` needs brackets: `summits()`.",
    'show(summits, "All")': 'show wants a table, and summits is function. Write brackets after its name: show(summits(), "...").',
    'show("summits", "All")': "show wants a table, and 'summits' is str.",
    "summits.head()": "`summits` needs brackets: `summits().head`.",
    'summits["year"]': "`summits` needs brackets: `summits()`.",
    "len(summits)": "`summits` needs brackets: `summits()`.",
    'summits()["yaer"]': "There is no column 'yaer'. Did you mean 'year'?",
    'summits()[["yaer", "kind"]]': "There is no column 'yaer'. Did you mean 'year'?",
    "summits().yaer": "There is no column 'yaer'. Did you mean 'year'?",
    'summits().query("yaer == 2012")': "There is no column 'yaer'. Did you mean 'year'?",
    'summits().sort_values("yaer")': "There is no column 'yaer'. Did you mean 'year'?",
    'states().loc["kazakstan"]': "There is no row 'kazakstan'. Did you mean 'Kazakhstan'?",
    'table("sumits")': "There is no table 'sumits'. Did you mean 'summits'?",
    'claims("S7")': "There is no source 'S7'. There are: S0, S1, S2, S3, S4, and B for the background.",
    'words("sumit")': "There is no word 'sumit'. Did you mean 'summit'? words() shows all that there are.",
    'side_by_side("aktau-hubs")': "There is no initiative 'aktau-hubs'. Did you mean 'aktau-hub'?",
    "prnt(1)": "There is no `prnt` here. Did you mean `print`?",
    'protocol("S9")': "There is no report 'S9'. There are: S0, S1, S2, S3, S4.",
}
NONE_OF_OURS = [
    'int("x")',
    'show(summits() "See S1-05")',
    'summits().query("year == 2016 and")',
    "1 / 0",
    '{"a": 1}["b"]',
    "x = (1 +",
    "[].nothing",
    "abs()",
    "zqxj",
]
IMPORTS = "from turkic_explainer import question, summits\nimport pandas as pd"


class Kernel:
    """A kernel as Jupyter's server starts it for a lesson."""

    def __init__(self, folder, name: str):
        env = {**os.environ, "JPY_SESSION_NAME": f"notebooks/{name}"}
        self.manager, self.client = start_new_kernel(
            cwd=str(folder), env=env, extra_arguments=["--IPKernelApp.log_level=ERROR"]
        )

    def run(self, source: str) -> list[str]:
        """The lines of the error that a cell ends with; none where it ends well."""
        told: list[str] = []

        def heard(message):
            if message["msg_type"] == "error":
                told.extend(message["content"]["traceback"])

        self.client.execute_interactive(source, output_hook=heard, timeout=60)
        return [re.sub("\x1b\\[[0-9;]*m", "", line) for line in told]

    def told_by(self, source: str) -> str:
        """What a cell ends with in place of a traceback: lines that JupyterLab need not break inside of words."""
        lines = self.run(source)
        assert all(len(line) <= 88 for line in lines)
        return " ".join(lines)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lessons")
    cells = code(IMPORTS), code("rows = summits()"), code("rows.head()")
    file = lesson(folder, prose("# T"), *cells)
    file.write_text(json.dumps(json.loads(file.read_text()) | {"metadata": {"turkic": {"lesson": "05"}}}))
    found = Kernel(folder, file.name)
    found.told = {source: found.told_by(source) for source in BEFORE}
    assert found.run("from turkic_explainer import *") == []
    yield found
    found.close()


def test_where_the_cells_above_were_not_run_it_says_so(kernel):
    for source, told in BEFORE.items():
        assert kernel.told[source].startswith(told), source


@pytest.mark.parametrize("source, told", AFTER.items(), ids=AFTER)
def test_a_mistake_is_answered_in_a_line(kernel, source, told):
    assert kernel.told_by(source).startswith(told)


@pytest.mark.parametrize("source", NONE_OF_OURS)
def test_what_is_not_known_here_is_shown_as_always(kernel, source):
    told = "\n".join(kernel.run(source))
    assert "Error" in told and ("Traceback" in told or "Cell In" in told)


@pytest.mark.long
def test_in_another_notebook_a_name_of_ours_is_to_be_imported(kernel, tmp_path):
    lesson(tmp_path, prose("# T"))
    (tmp_path / "own.ipynb").write_text("{}")
    own = Kernel(tmp_path, "own.ipynb")
    try:
        assert own.told_by("summits()") == (
            "`summits` is not known yet: run `from turkic_explainer import summits` first, then this cell again."
        )
    finally:
        own.close()


@pytest.mark.long
def test_a_folder_without_lessons_is_left_alone(tmp_path):
    other = Kernel(tmp_path, "own.ipynb")
    try:
        assert "Traceback" in "\n".join(other.run("summits()"))
    finally:
        other.close()


def test_every_kernel_of_an_installation_loads_it():
    """The wheel puts this file where IPython looks, and so does a clone's environment."""
    folder = PACKAGE / "press" / "jupyter" / "ipython"
    [file] = folder.iterdir()
    assert json.loads(file.read_text()) == {"InteractiveShellApp": {"extensions": ["turkic_explainer.press.mistakes"]}}
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    shared = build["targets"]["wheel"]["shared-data"]
    assert shared[folder.relative_to(ROOT).as_posix()] == "etc/ipython"
