"""The checks that a teacher runs before class and an author before a commit.

Each finding is one line: which lesson, which cell, what is wrong, and the mend. Nothing is changed.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from numbers import Number
from pathlib import Path

from nbformat import NotebookNode

from .. import __all__ as OURS
from .. import course, ledger, lessons, tables, vocabulary
from ..answers import Exercise
from ..declared import MADE, declared
from ..files import read
from ..questions import Entry
from ..validate import DataError, read_toml
from . import agree, claims, dictionary, evidence, hour
from .blocks import Lesson, parsed
from .intake import take
from .measures import of_course, slips, told, uneven
from .notebooks import dumps
from .notebooks import run as run_lesson
from .worksheets import unanswered

LONGEST = 5  # lines of a code cell
_REFRESH = "Run `turkic-explainer refresh`."
_CITED = re.compile(r"(?<=\d\d\)[,;:])\s+")  # behind a citation, where a sentence goes on
_ELSEWHERE = re.compile("https?://|mailto:|#")
_LOOKED_UP = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}", re.S)


def preflight(
    lessons: list[Path], run: bool = True, say: Callable[[str], None] = print, minutes: bool = False
) -> list[str]:
    """Everything that is wrong with the evidence, the tables and `lessons`; an empty list if all is in order.

    With `run`, each lesson is run to see whether its stored outputs are what its cells give today. With `minutes`, it is
    said part by part how long each takes.
    """
    rules = (miscomputed, agree.facts, claims.unlike, claims.unowned)
    if problems := check_facts() or [f"evidence: {line}" for rule in rules for line in rule()]:
        return problems  # lessons rest on these: what they would say now only repeats it
    for number, file in enumerate(lessons, 1):
        of_lesson = list(check_lesson(file)) or list(stale(file) if run else ())
        say(f"[{number}/{len(lessons)}] {file.stem}: {f'{len(of_lesson)} to mend' if of_lesson else 'in order'}")
        problems += of_lesson
        with suppress(DataError):  # one that cannot be read is named already
            notebook = take(file)
            if "lesson" in notebook.metadata.get("turkic", {}):
                for line in (f"    {hour.told(notebook)}", *(hour.table(notebook) if minutes else ())):
                    say(line)
    with suppress(DataError):  # as above
        for file in evidence.stale(lessons[0].parent):
            problems.append(f"evidence/{file.name}: not what the lessons and the ledger give now. {_REFRESH}")
    if len(lessons) > 1:
        with suppress(DataError):
            found = of_course()
            problems += [f"questions: {line}" for line in uneven(found)]
            say(told(found))
    if len(lessons) > 1 and not problems:
        left = course.uncited(lessons)
        say(f"Claims of the five reports that no lesson uses: {len(left)}{': ' * bool(left)}{' '.join(left)}")
        if old := claims.old_plans(date.today()):
            say(f"Plans of more than a year ago, to be looked up again: {', '.join(old)}")
    return problems


def check_facts() -> list[str]:
    """What is wrong with the evidence, the list of words and the tables."""
    checked = {"evidence": ledger.claims, "disagreements": ledger.disagreements, "words": vocabulary.glossary}
    checked |= {name: partial(tables.table, name) for name in [*tables.__all__, *tables.own_tables()]}
    problems: list[str] = []
    for name, load in checked.items():
        try:
            load()
        except DataError as error:  # what two of them rest on is named once
            problems += [f"{name}: {line}" for line in error.problems if not any(line in known for known in problems)]
            if name == "evidence":  # all the others rest on it, and each would read it once more
                break
    return problems


def miscomputed() -> Iterator[str]:
    """Readings whose value is not what their formula gives, to the digits that the value has."""
    for claim_id, value in ledger.claims()["value"].dropna().items():
        if ledger.claim(claim_id).formula:
            digits = len(str(value).partition(".")[2])
            if round(ledger.derived(claim_id), digits) != value:
                yield f"{claim_id}: the value is {value}, its formula gives {ledger.derived(claim_id):.{digits + 2}f}."


def check_lesson(file: Path) -> Iterator[str]:
    """What is wrong with one lesson as it is stored, without running it."""
    try:
        notebook = take(file)
    except DataError as error:
        yield from error.problems
        return
    cells = list(Lesson(file.stem, file.parent, notebook).cells())
    tags = [tag for _, cell, tags in cells for tag in tags if tag == "solution" or cell.cell_type == "code"]
    about = notebook.metadata.get("turkic", {})
    if tags.count("solution") < tags.count("exercise") and about.get("edition") != "learner":
        yield f"{file.name}: an exercise has no solution. Add a cell tagged `solution` after it."
    if sum(cell.cell_type == "markdown" and cell.source.startswith("# ") for _, cell, _ in cells) != 1:
        yield f"{file.name}: a lesson has one title, a line that begins with a single #."
    if "lesson" in about and about.get("edition") != "learner":
        for at, problem in hour.slips(notebook):
            yield f"{file.name}{f', cell {at}' * bool(at)}: {problem}"
        with suppress(DataError):  # a citation of no claim, which is named with its cell
            yield from [f"{file.name}: {problem}" for problem in unanswered(Lesson(file.stem, file.parent, notebook))]
    if about.get("lesson") in lessons.numbers():
        yield from check_questions(about["lesson"])
        yield from (f"{file.name}, {problem}" for problem in check_returning(about["lesson"], cells))
    if re.fullmatch(r"\d\d", about.get("lesson", "")):
        yield from check_declared(about["lesson"])
        yield from check_shown(file, about["lesson"])
        yield from check_measures(about["lesson"])
    for number, cell, tags in cells:
        problems = [*(check_prose(cell, file) if cell.cell_type == "markdown" else check_code(cell))]
        if cell.cell_type == "code" and not tags & {"exercise", "solution"}:
            problems += check_idioms(cell)
        yield from (f"{file.name}, cell {number}: {problem}" for problem in problems)


def check_prose(cell: NotebookNode, file: Path) -> Iterator[str]:
    """Citations, links, and figures that no cited claim bears out.

    What stands before a citation and a comma rests on that citation; the rest of a sentence that cites on those of the
    sentence, and any other sentence on those of its paragraph.
    """
    for paragraph in re.split(r"\n\s*\n", cell.source):
        cited = []
        for text, target in claims.LINK.findall(paragraph):
            if ledger.CLAIM_ID.fullmatch(text):
                try:
                    cited.append(ledger.claim(text))
                except DataError as error:
                    yield f"{error} Correct the citation."
                    continue
                wanted = ledger.page_of(text)
                if target != wanted:
                    mend = "Run `turkic-explainer refresh`, which lets" if "seeds/" in target else "Let"
                    yield f"the citation {text} leads to {target!r}. {mend} it lead to {wanted}."
            elif not (_ELSEWHERE.match(target) or (file.parent / target.split("#")[0]).exists()):
                yield f"the link to {target!r} leads nowhere. Correct it or take it out."
        sentences = claims.SENTENCE.split(claims.NO_FIGURE.sub(" ", paragraph))
        for part, whole in [(part, sentence) for sentence in sentences for part in _CITED.split(sentence)]:
            for what in claims.unborne(part, _beside(part, cited) or _beside(whole, cited) or cited):
                yield (f"no claim cited beside it bears out {what}. "
                       "Cite the claim behind it, correct it, or compute it in a code cell.")  # fmt: skip
        yield from claims.languages(paragraph)
        yield from (f"{slip}." for slip in claims.unhedged(paragraph))
        yield from _misplaced(paragraph, cited)
        if "$" in claims.LINK.sub(" ", paragraph):
            yield "a $ starts a formula in a notebook. Write US dollars."
        for alt in re.findall(r"!\[(.*?)\]\(", paragraph):
            if not alt.strip():
                yield "a picture has no alt text. Say what it shows between the square brackets."


def _misplaced(paragraph: str, cited: list[ledger.Claim]) -> Iterator[str]:
    """The claims that most others of their source would fit better; a question may well be about what it does not name."""
    for sentence in claims.SENTENCE.split(paragraph):
        for claim in _beside(sentence, cited) if "?" not in sentence else ():
            if not agree.fits(claim, claims.bare(sentence), claims.bare(paragraph)):
                yield (f"the citation {claim.id} shares too little with its sentence. If it is the right claim, say there "
                       "what it is about.")  # fmt: skip


def _beside(text: str, cited: list[ledger.Claim]) -> list[ledger.Claim]:
    return [claim for claim in cited if f"[{claim.id}]" in text]


def check_questions(number: str) -> Iterator[str]:
    """Slips in a lesson's questions.md, in its form, in what it looks up and in its figures."""
    try:
        entries = lessons.entries(number)
    except DataError as error:
        yield from error.problems
        return
    for key, entry in entries.items():
        try:
            if entry.exercise:
                for problem in unsound(lessons.exercise(key)):
                    yield f"{entry.heading.file}, {entry.heading.place}: {problem}"
            elif entry.guess:
                lessons.guess(key)
            else:
                lessons.question(key)
        except DataError as error:
            yield from error.problems
        else:
            yield from check_figures(entry)
            yield from check_plain(entry)


def check_returning(number: str, cells: list[hour.Found]) -> Iterator[str]:
    """Whether each class meets the first two questions of a lesson, which later lessons ask again."""
    with suppress(DataError):  # one that cannot be read is told already
        for key in [key for key, entry in lessons.entries(number).items() if entry.kind == "questions"][:2]:
            for at, cell, tags in cells:
                if f'question("{key}")' in cell.source and tags & {"deeper", "if-time"}:
                    why = "and not every class meets it, in a Deeper part or if there is time"
                    mend = "Let two questions of the core stand first in questions.md"
                    yield f"cell {at}: later lessons ask {key} again, {why}. {mend}."


def check_plain(entry: Entry) -> Iterator[str]:
    """Marks of Markdown that a reader would see, for what is written here is shown as it is, but for code in backticks in
    an exercise."""
    for text in (*entry.text, *(text for item in entry.items for text in (item.label, *item.under))):
        plain = re.sub("`[^`]*`" if entry.exercise else "$", "", _LOOKED_UP.sub("", text.text))
        if mark := re.search(r"[*`]", plain):
            yield f"{text.file}, {text.place}: a reader sees the {mark[0]} in it. Take it out; quotation marks will do."


def check_measures(number: str) -> Iterator[str]:
    """Whether the questions of a lesson give their answers away, or are all of one kind."""
    with suppress(DataError):  # one that cannot be read is told already
        yield from (f"questions.md, lesson{number}: {slip}" for slip in slips(of_course([number])))


def check_declared(number: str) -> Iterator[str]:
    """Slips in the explorers and charts that a lesson declares in its shown.toml, whether or not its cells show them."""
    for kind, made in MADE.items():
        try:
            keys = declared(number, kind)
        except DataError as error:
            yield from error.problems
            return
        for key in keys:
            try:
                made(key)
            except DataError as error:
                yield from error.problems


def check_figures(entry: Entry) -> Iterator[str]:
    """Figures typed in a question or an exercise that no claim bears out which it names. An answer that is not right may
    hold any figure; the reason why it is not may not."""
    where = f"{entry.heading.file}, {entry.heading.place}"
    try:
        named = [ledger.claim(claim_id) for claim_id in entry.claims()]
    except DataError as error:
        yield f"{where}: {error} Correct the id."
        return
    unsourced, typed = _numbers(entry.note("Unsourced")), set()
    asked = " ".join(_read(text.text) for text in (*(one for item in entry.items for one in item.under), *entry.text))
    for text in entry.told():
        prose = claims.NO_FIGURE.sub(" ", _LOOKED_UP.sub(" ", text.text))
        typed |= _numbers(prose)
        yield from (f"{text.file}, {text.place}: {slip}." for slip in claims.unhedged(_read(text.text), asked))
        for what in claims.unborne(prose, named):
            if what.removeprefix("the figure ").removeprefix("the number word ").strip('"') not in unsourced:
                mend = "Look it up, or name the claim in a line `Claims:` below the heading"
                mend += "; a number that needs no source stands in a line `Unsourced:`"
                yield f"{text.file}, {text.place}: no claim that it names bears out {what}. {mend}."
    if idle := unsourced - typed:
        yield f"{where}: of its line `Unsourced:`, {', '.join(sorted(idle))} stands nowhere in it. Take it out."


def _numbers(text: str) -> set[str]:
    return claims.figures(text) | set(claims.number_words(text))


def _read(text: str) -> str:
    """A text as it is read, as far as claims are looked up in it: what one says, with its id, or when it was searched for."""

    def looked_up(match: re.Match) -> str:
        found = re.search(r"claim\(['\"]([SB]\d?-\d+)['\"]\)\.(says|searched)", match[0])
        for claim in claims.cited_in(found[1]) if found else ():
            return str(claim.searched) if found[2] == "searched" else f"{claim.id} {claim.says}"
        return ""

    return _LOOKED_UP.sub(looked_up, text)


def check_shown(file: Path, number: str) -> Iterator[str]:
    """Figures typed in a lesson's shown.toml and its panes that no claim bears out which the lesson names."""
    folder = lessons.FOLDER / f"lesson{number}"
    texts = {pane.name: pane.read_text("utf-8", "replace") for pane in sorted(folder.glob("*.j2"))}
    with suppress(DataError):  # what cannot be read is told with the lesson's declarations
        for place, text in dictionary.texts(read_toml(folder / "shown.toml")):
            if " " in text and not text.startswith("<"):  # a drawing or a single word is not read
                texts[f"shown.toml, {place}"] = text
    named = claims.cited_in(" ".join(sorted(course.cited(file))))
    for place, text in texts.items():
        read_so, typed = (re.sub("<.*?>", " ", one) for one in (_read(text), _LOOKED_UP.sub(" ", text)))
        yield from (f"{folder.name}/{place}: {slip}." for slip in claims.unhedged(read_so))
        for what in claims.unborne(claims.NO_FIGURE.sub(" ", typed), named):
            yield f"{folder.name}/{place}: no claim that the lesson names bears out {what}. Look it up, or correct it."


def unsound(exercise: Exercise) -> Iterator[str]:
    """What is wrong with the answers that an exercise works out."""
    right = exercise.right()
    if not isinstance(right, list | Number) or isinstance(right, bool):
        yield f"`Right:` gives {right!r}. Let it give a number or a list."
        return
    for answer, why in exercise.mistakes():
        judged, said = exercise.judge(answer)
        near = isinstance(answer, Number) and round(answer, exercise.decimals) == round(right, exercise.decimals)
        if not judged and near:
            yield f"{answer!r}, which is wrong, looks like the right answer when rounded. Ask for more digits: `Decimals:`."
        elif judged:
            yield f"{answer!r} stands among the wrong answers, and is right. Take it out."
        elif why not in said:  # of another kind than the right answer, or like one that stands before it
            yield f"{answer!r} is told {said!r}, and not what stands below it. Take it out, or correct it."


def check_code(cell: NotebookNode) -> Iterator[str]:
    """The length of a code cell, and whether its stored outputs are there, sound, and readable by everybody."""
    lines = [line for line in cell.source.splitlines() if line.strip()]
    if len(lines) > LONGEST:
        yield f"this code cell has {len(lines)} lines. Keep to {LONGEST}: move the rest into the package."
    if cell.execution_count is None:
        yield "this cell has never been run. Run `turkic-explainer refresh`."
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"the stored output is an error ({output.ename}). Mend the cell and run `turkic-explainer refresh`."
        elif output.get("name") == "stderr":
            yield "the stored output holds a warning. Mend what it warns of."
        html = parsed(output.get("data", {}).get("text/html", ""))
        yield from (mend for unreadable, mend in _UNREADABLE.items() if html.select_one(unreadable))


_TAUGHT = ("query", "value_counts", "sort_values")  # besides [[columns]] and len
_PLAIN = (ast.Expr, ast.Assign, ast.ImportFrom, ast.Name, ast.Constant, ast.Call, ast.List, ast.Subscript,
          ast.Attribute)  # fmt: skip


def check_idioms(cell: NotebookNode) -> Iterator[str]:
    """What a code cell asks of its readers beyond the five things about tables that lesson 00 teaches."""
    try:
        nodes = [*ast.walk(ast.parse(cell.source))]
    except SyntaxError as error:
        yield f"this is no Python ({error.msg}, line {error.lineno})."
        return
    except (ValueError, RecursionError, MemoryError):
        yield "this is no Python that could be read. Write it in shorter lines."
        return
    found = []
    for node in nodes:
        match node:
            case ast.Attribute(attr=name) if name not in _TAUGHT:
                found.append(f".{name}")
            case ast.Call(func=ast.Name(id=name)) if name not in (*OURS, "len"):
                found.append(f"{name}()")
            case ast.expr() | ast.stmt() if not isinstance(node, _PLAIN):
                found.append(ast.get_source_segment(cell.source, node))
    if found:
        yield (f"no lesson teaches what stands here: {', '.join(found)}. Use [[columns]], {', '.join(_TAUGHT)} and len; make "
               "the rest a column (data/tables.toml) or a function of the lesson.")  # fmt: skip


_UNREADABLE = {  # elements of an output that not everybody could read, and what to say of them
    ":is(iframe:not([title]), iframe[title=''])": "a map's frame has no title. Give the map one.",
    ":is(img:not([alt]), img[alt=''])": "a picture in the output has no alt text.",
    "svg:not([aria-hidden=true], [role=img][aria-label]:not([aria-label='']))": "a drawing in the output has neither an alt "
    "text nor a mark that it is ornament.",
    "script, link[href^=http]": "the output loads or runs something outside a map's frame.",
}


def stale(file: Path) -> Iterator[str]:
    """The cells whose stored output is not what they give today. Runs the lesson."""
    try:
        fresh = run_lesson(file)
    except DataError as error:
        yield from error.problems
        return
    stored = read(file)
    for number, (old, new) in enumerate(zip(stored.cells, fresh.cells, strict=True), 1):
        was, now = (json.dumps(c.get("outputs", []), ensure_ascii=False, sort_keys=True) for c in (old, new))
        if was != now:
            first = next((n for n, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), 0)
            at = max(first - 30, 0)
            yield (f"{file.name}, cell {number}: the stored output is stale: it has …{was[at : at + 60]}… where the cell "
                   f"now gives …{now[at : at + 60]}…. Run `turkic-explainer refresh`.")  # fmt: skip
            return
    if dumps(fresh) != file.read_text("utf-8"):
        yield f"{file.name}: not stored in the course's form. Run `turkic-explainer refresh`."
