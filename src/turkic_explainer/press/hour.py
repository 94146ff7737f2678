"""The hour: which cells of a lesson are its core, which are Deeper, which a 30-minute path leaves out, and how long each
part takes. All editions and checks ask here.

A cell that begins `### Deeper: ...` opens a Deeper part, outside the hour. It goes on to the next heading of level 1 or 2,
or to the next such cell. The tag `if-time` leaves a cell out of the short path; on a `##` heading it is for the whole section.
The tag `minutes-6` says how long a class works with what a cell shows, such as cards to sort, or with what it asks.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from ..ledger import CLAIM_ID
from ..validate import read_toml

Found = tuple[int, NotebookNode, set[str]]  # a cell: its number, counted from 1, the cell and its tags

DEEPER = re.compile(r"### Deeper: (?=\S)")
_MEANT = re.compile(r"^#{1,6} *Deeper *(?::.*)?$", re.I | re.M)  # a heading that was meant as one
PRIVATE = frozenset({"teacher", "answer"})  # tags of what is said to the teacher alone
COLLAPSED = "jp-MarkdownHeadingCollapsed"  # what JupyterLab has in the metadata of a heading that is closed

_OFF_THE_HOUR = PRIVATE | {"deeper", "notebook", "paper", "solution"}
_SECTION = re.compile(r"##? ")
_TITLE = re.compile(r"##? (.+)")
_MINUTES = re.compile(r"\s*\((\d+)\sminutes?\)$")  # on a page they stand on one line, with a blank that does not break
_TIME = re.compile(r"(?<=\*\*Time\*\* )[^.*\n]*(?=\.)")
_RULES = read_toml(Path(__file__).with_suffix(".toml"))
MARK = re.compile(r"^\*\*(Guess|Ask|Look)\.\*\*", re.M)
_CITATION = re.compile(rf"\[{CLAIM_ID.pattern}\]\([^()\s]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
# Lines that nobody reads to a class.
_UNREAD = re.compile(r"^\*\*(?:Time|Sources of this lesson|Before|Next)\b.*$", re.M)
_PICTURE = re.compile(r'<figure|<iframe|class="[^"]*tx-(?:explorer|pack)\b')
_CALL = re.compile(r"^(question|again|guess|guessed|words|progress|cite)\(", re.M)
_HAIR = 1e-9  # minutes: a half is a half, however it was added up
_CODE = re.compile(r"^```|`([^`\n]*)`", re.M)
# A call, a choice of columns, a name that is set; not a sum in digits.
_PYTHON = re.compile(r"[^\W\d]\w*(?:[(\[.]|\s*=)")


def numbered(tags: set[str], name: str, otherwise: int) -> int:
    """The number that a tag says, such as lines-3."""
    return next((int(tag[len(name) + 1 :]) for tag in tags if re.fullmatch(rf"{name}-\d{{1,2}}", tag)), otherwise)


def minutes_in(heading: str) -> int | None:
    """The minutes that a part takes, if its heading says them."""
    found = _MINUTES.search(heading)
    return int(found[1]) if found else None


def untimed(heading: str) -> str:
    """A heading without the minutes that its part takes."""
    return _MINUTES.sub("", heading)


def cells(notebook: NotebookNode) -> Iterator[Found]:
    """The cells of prose and code, each with its tags; those of a Deeper part are tagged `deeper` as well, and all of a
    section whose heading is tagged `if-time` have that tag."""
    deeper = late = False
    for number, cell in enumerate(notebook.cells, 1):
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "markdown" and not tags & PRIVATE:
            if _SECTION.match(cell.source):
                deeper, late = False, "if-time" in tags
            deeper = deeper or bool(DEEPER.match(cell.source))
        if cell.cell_type != "raw":
            yield number, cell, tags.union(["deeper"] * deeper, ["if-time"] * late)


def together(found: Iterable[Found]) -> list[tuple[bool, list[Found]]]:
    """Cells in a row: those of each Deeper part, its heading first, and those between; with whether they are Deeper."""
    rows: list[tuple[bool, list[Found]]] = []
    for one in found:
        deeper = "deeper" in one[2]
        if not rows or deeper != rows[-1][0] or (deeper and DEEPER.match(one[1].source)):
            rows.append((deeper, []))
        rows[-1][1].append(one)
    return rows


# --- how long it takes ---------------------------------------------------------------------------------------------


@dataclass
class Part:
    """A part of a lesson, from one `##` heading to the next: what it has, in all and on the short path.

    `cell` is the number of the cell with its heading, 0 for what stands before the first one, whose `title` is empty.
    `core` and `short` count its words and what else takes time, by the names in hour.toml; minutes are whole ones.
    """

    cell: int
    title: str
    core: Counter = field(default_factory=Counter)
    short: Counter = field(default_factory=Counter)
    minutes: int = 0
    short_minutes: int = 0


def parts(notebook: NotebookNode) -> list[Part]:
    """The parts of a lesson, with their minutes. Rounded from the beginning on, they add up to the rounded whole; from
    them the short path saves whole minutes, so that a part of which it leaves nothing out takes as long on both, and one
    that it leaves out takes none."""
    found = [Part(0, "")]
    for number, cell, tags in cells(notebook):
        if cell.cell_type == "markdown" and cell.source.startswith("## ") and not tags & PRIVATE:
            found.append(Part(number, untimed(_TITLE.match(cell.source)[1])))
        if not tags & _OFF_THE_HOUR:
            found[-1].core += (counts := _counted(cell, tags))
            found[-1].short += Counter() if "if-time" in tags else counts
    taken = cut = 0.0
    for part in found:
        before, taken = taken, taken + minutes(part.core)
        part.minutes = int(taken + 0.5 + _HAIR) - int(before + 0.5 + _HAIR)
        if part.core and not part.short:
            continue
        uncut, cut = cut, cut + minutes(part.core) - minutes(part.short)
        part.short_minutes = max(part.minutes - int(cut + _HAIR) + int(uncut + _HAIR), 0)
    return found


def minutes(counts: Counter) -> float:
    each = _RULES["minutes"] | {"words": 1 / _RULES["words_a_minute"]}
    return sum(number * each[what] for what, number in counts.items())


def _counted(cell: NotebookNode, tags: set[str]) -> Counter:
    """The words of a cell, and what else in it takes time."""
    if cell.cell_type == "markdown":
        counts = Counter({"words": words(cell.source)})
        if (worked := numbered(tags, "minutes", -1)) >= 0:
            return counts + Counter(working=worked)
        counts.update({mark.lower() for mark in MARK.findall(cell.source)})
        counts["closing"] += cell.source.startswith("## What to take away")
        return +counts
    if "exercise" in tags:
        return Counter(["exercise"])
    called = Counter(_CALL.findall(cell.source))
    if called:
        return +Counter(question=called["question"], returning=called["again"])
    if (worked := numbered(tags, "minutes", -1)) >= 0:
        return Counter(working=worked)
    html = "".join(output.get("data", {}).get("text/html", "") for output in cell.get("outputs", []))
    return Counter(["picture"] if _PICTURE.search(html) else ["table"] if "<table" in html else [])


def words(source: str) -> int:
    """How many words of a text are read: no citations, addresses or minutes, and no lines about sources and lessons."""
    text = _LINK.sub(r"\1", _CITATION.sub("", _UNREAD.sub("", re.sub(_MINUTES.pattern, "", source, flags=re.M))))
    return sum(any(map(str.isalnum, word)) for word in text.split())


def timed(notebook: NotebookNode) -> None:
    """Writes what the formula gives into a lesson that has been run: the minutes of its headings and of the whole."""
    found = parts(notebook)
    taken = {part.cell: part.minutes for part in found}
    for number, cell in enumerate(notebook.cells, 1):
        if number in taken or DEEPER.match(cell.source):
            first, line, rest = cell.source.partition("\n")
            said = f" ({minutes} minute{'s' * (minutes != 1)})" if (minutes := taken.get(number, 0)) else ""
            cell.source = untimed(first) + said + line + rest
    notebook.metadata["turkic"]["minutes"] = whole = sum(part.minutes for part in found)
    for cell in notebook.cells[:1]:
        cell.source = _TIME.sub(f"{whole} minutes", cell.source, count=1)


def told(notebook: NotebookNode) -> str:
    """How long a lesson takes, in a line."""
    found = parts(notebook)
    core = sum((part.core for part in found), Counter())
    return (f"{sum(p.minutes for p in found)} minutes, {sum(p.short_minutes for p in found)} on the short path; "
            f"{core['words']} words, {core['question']} questions")  # fmt: skip


def table(notebook: NotebookNode) -> Iterator[str]:
    """The parts of a lesson in lines: minutes of both paths, the title, and what takes them."""
    for part in parts(notebook):
        what = ", ".join(f"{number} {name}" for name, number in part.core.items())
        yield f"    {part.minutes:3}{part.short_minutes:4}  {part.title or 'Opening'}: {what or 'nothing'}"


# --- prompts and their model answers -------------------------------------------------------------------------------


def _asks(cell: NotebookNode, tags: set[str]) -> bool:
    """Whether a cell is a prompt: a Guess, an Ask or a Look, or an exercise that stands on the worksheet."""
    if cell.cell_type != "markdown" or tags & PRIVATE:
        return False
    return bool(MARK.search(cell.source)) or {"exercise", "worksheet"} <= tags


def _may_ask(cell: NotebookNode, tags: set[str]) -> bool:
    """Whether a cell may have a model answer as well: any exercise or sheet, or the closing task."""
    task = {"exercise"} if cell.cell_type == "markdown" else {"worksheet", "paper"}
    return bool(task & tags) or cell.source.startswith("## What to take away") or "**To close.**" in cell.source


def answers(found: Iterable[Found]) -> dict[int, list[Found]]:
    """Of each prompt, by the number of its cell, the model answers: those after it and before the next prompt. Those
    before the first prompt are under 0. What only may have one is no next prompt while one is owed."""
    prompt, answered = 0, {}
    for number, cell, tags in found:
        if _asks(cell, tags) or (_may_ask(cell, tags) and answered.get(prompt, True)):
            prompt = number
            answered[prompt] = []
        elif "answer" in tags:
            answered.setdefault(prompt, []).append((number, cell, tags))
    return answered


# --- what is wrong with it -----------------------------------------------------------------------------------------


def slips(notebook: NotebookNode) -> Iterator[tuple[int, str]]:
    """Where a lesson is not an hour as the course has it, by its paths, its Deeper parts, its prompts and their answers:
    the number of the cell, or 0 for the whole, and what is wrong, with the mend."""
    found, owed = list(cells(notebook)), set()
    yield from ((0, problem) for problem in _times(notebook))
    for number, cell, tags in found:
        if cell.cell_type == "markdown":
            owed |= {number} if _asks(cell, tags) else set()
            problems = [*_deep(cell, tags), *_coded(cell, tags), *(_open(cell) if number in owed else ())]
            yield from ((number, problem) for problem in problems)
        if "answer" in tags:
            yield from ((number, problem) for problem in _model(cell))
        elif "teacher" in tags and cell.source.startswith("**Model answer"):
            yield number, "this is a model answer. Tag it `answer` in place of `teacher`."
    for number, given in answers(found).items():
        if number and not (number in owed) <= len(given) <= 1:
            lacks = "no model answer. Put one, a cell tagged `answer`, after it"
            yield number, f"this Guess, Ask, Look or task has {'two model answers. Keep one' if given else lacks}."
        elif not number:
            yield given[0][0], "this model answer answers nothing. Let it follow a Guess, an Ask or a Look."


_MOVE = "Move what is too much into Deeper parts, or back what is missing"  # or set "hour": false in its metadata


def _times(notebook: NotebookNode) -> Iterator[str]:
    found = parts(notebook)
    core = sum((part.core for part in found), Counter())
    measured = {
        "core": (sum(p.minutes for p in found), "minutes on the core path", _MOVE),
        "short": (sum(p.short_minutes for p in found), "minutes on the short path", "Tag cells `if-time`, or fewer"),
        "questions": (core["question"], "questions on the core path", _MOVE),
        "words": (core["words"], "words on the core path", _MOVE),
    }
    for name, (has, what, mend) in measured.items():
        least, most = _RULES["fits"][name]
        if not least <= has <= most and notebook.metadata["turkic"].get("hour") is not False:
            yield f"{has} {what}; {f'{least} to {most}' if least else f'at most {most}'} fit. {mend}."
    written = notebook.metadata["turkic"].get("minutes")
    said = [minutes_in(notebook.cells[part.cell - 1].source.partition("\n")[0]) or 0 for part in found[1:]]
    if written != measured["core"][0] or said != [part.minutes for part in found[1:]]:
        yield "the minutes in it are not what the formula gives. Run `turkic-explainer refresh`."


def _deep(cell: NotebookNode, tags: set[str]) -> Iterator[str]:
    title = cell.source.partition("\n")[0].removeprefix("### Deeper: ")
    if any(not DEEPER.match(line) for line in _MEANT.findall(cell.source)):
        yield "this heading opens no Deeper part. Write `### Deeper: ` and, in the same line, a title."
    if re.search(rf"\n{DEEPER.pattern}", cell.source):
        yield "a Deeper part begins in the middle of this cell. Let its heading begin a cell."
    if DEEPER.match(cell.source) and len(untimed(title).split()) > 8:
        yield "the heading of a Deeper part has over eight words. Shorten it."
    if "deeper" in tags and not tags & PRIVATE and re.search(r"^#{2,3} (?!Deeper: )", cell.source, re.M):
        yield "a Deeper part stands in the middle of a section. Move it to the end of the section, before the next `##`."


def _coded(cell: NotebookNode, tags: set[str]) -> Iterator[str]:
    """An exercise of which the worksheet has the name alone, since it leaves out the paragraphs that speak of code."""
    told = re.split(r"\n\s*\n", cell.source)[1:]
    if {"exercise", "worksheet"} <= tags and told and all("`" in paragraph for paragraph in told):
        yield "the worksheet has nothing of this task but its heading. Say what to do in a paragraph without backticks."


def _open(cell: NotebookNode) -> Iterator[str]:
    """A prompt that goes on to answer itself: it cites behind its first question mark."""
    mark = MARK.search(cell.source)
    if mark and _CITATION.search(cell.source[mark.end() :].partition("?")[2]):
        yield "what it asks is answered in the same cell: it cites behind its question. Move that into a cell of its own."


def _model(cell: NotebookNode) -> Iterator[str]:
    most = _RULES["fits"]["answer"][1]
    spans = _CODE.finditer(cell.source)
    if cell.cell_type == "code" or any(span[1] is None or _PYTHON.search(span[1]) for span in spans):
        yield "a model answer is Python. Say it in words and figures."
    if not cell.source.startswith("**Model answer.**"):
        yield "a model answer begins `**Model answer.**`. Begin it so."
    if (has := words(cell.source.removeprefix("**Model answer.**"))) > most:
        yield f"a model answer has {has} words; at most {most} fit. Shorten it."
