"""How a questions.md is read: by its lines, each of which is put where it belongs, or told with its place and the mend.

The file is Markdown; nothing in it but the look-ups of `lookups` is more than text.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .checked import LETTERS
from .lookups import Text
from .questions import MAPS, Entry, Item
from .validate import READABLE, READABLY, DataError

_HEADING = re.compile(r"# (?:(Exercise|Guess): )?([a-z0-9][a-z0-9-]*)")
_NOTE = re.compile(r"(\w+): *(.*)")
_NOTES = {  # what may stand right below a heading
    "questions": ("Claims", "Unsourced", "Right", "Number", "Unit", "Within", "Map"),
    "exercises": ("Claims", "Unsourced", "Right", "Wanted", "Also", "Decimals"),
    "guesses": ("Claims", "Unsourced", "Lines"),
}
_ITEM = re.compile(r"(- \[[ xX]\]|-|\d+\.) +(.+)")
_FORMS = {  # how the items of each begin: as a pattern, and in words
    "pick": (r"- \[[ xX]\]", "'- [ ] answer' or '- [x] answer'"),
    "order": (r"\d+\.", "'1. what comes first', '2. what comes next'"),
    "number": ("-", "'- {{ wrong }}', and '- right' once"),
    "map": (r"- \[[ xX]\]", "'- [ ] place' or '- [x] place'"),
    "exercises": (r"-|\d+\.", "'1. hint' or '- {{ wrong }}'"),
    "guesses": ("-", "'- choice'"),
}


def read(file: Path) -> list[Entry]:
    """The questions and exercises of a file. Raises DataError with every slip that its form has."""
    entries: list[Entry] = []
    problems: list[str] = []
    top = Text("", file.name, f"{file.parent.name}, line 1")
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise top.slip("This is not text in UTF-8: save it as UTF-8.") from None
    part = ""  # what the next line is of: the "notes" right below a heading, the "code" of a solution, or anything else
    for number, line in enumerate(lines, 1):
        try:
            part = _take(line, Text(line.strip(), file.name, f"{file.parent.name}, line {number}"), entries, part)
        except DataError as error:
            problems += error.problems
            part = "notes" if line.startswith("#") else part
    if part == "code":
        problems += entries[-1].heading.slip("Its solution has no end: write ``` in a line below it.").problems
    if not entries:
        problems += top.slip("There is no question here: begin with a heading, such as '# shore'.").problems
    if not problems:  # what a line that could not be read has left open is not told as well
        problems = [line for entry in entries for error in lacks(entry) for line in error.problems]
    if problems:
        raise DataError(problems)
    return entries


def _take(line: str, here: Text, entries: list[Entry], part: str) -> str:
    """Puts a line where it belongs, and gives what the next one is of. Raises DataError where it belongs nowhere."""
    if not READABLE.fullmatch(line):
        raise here.slip(READABLY, line[:80])
    if line.startswith("#") and part != "code":
        _begin(here, entries)
        return "notes"
    if not here.text and part != "code":
        return ""
    if not entries:
        raise here.slip("Begin with a heading, such as '# shore'.")
    entry = entries[-1]
    here = here._replace(place=f"{here.place}, {entry.name}")
    if line.startswith("```"):
        return "" if part == "code" else "code"
    if part == "code":
        entry.lines.append(here._replace(text=line.rstrip()))
        return part
    if "\t" in line:
        raise here.slip("Indent by two spaces, not by a tab.")
    if part == "notes" and (match := _NOTE.fullmatch(here.text)):
        allowed = _NOTES[entry.kind]
        if match[1] not in allowed or match[1] in entry.notes:
            raise here.slip(f"Here stand {', '.join(allowed)}, each once; leave a line empty before anything else.")
        entry.notes[match[1]] = here._replace(text=match[2])
        return part
    _add(line, here, entry)
    return ""


def _begin(here: Text, entries: list[Entry]) -> None:
    """Begins an entry. Raises DataError for a heading that is not sound; what follows belongs to it all the same."""
    match = _HEADING.fullmatch(here.text)
    kind, name = match.groups() if match else ("", here.text)
    here, twice = here._replace(place=f"{here.place}, {name}"), name in [entry.name for entry in entries]
    entries.append(Entry(name, kind == "Exercise", here, guess=kind == "Guess"))
    if not match:
        raise here.slip("Write '# name', '# Exercise: name' or '# Guess: name', in small letters, digits and hyphens.")
    if twice:
        raise here.slip("This name stands here twice: give one of them another.")


def _add(line: str, here: Text, entry: Entry) -> None:
    """Adds a line to a question's text, or to its items. Raises DataError where it can be neither."""
    match = _ITEM.fullmatch(here.text)
    # A number before the first item makes an order of what else is picked.
    form = "order" if match and match[1][0].isdigit() and entry.form == "pick" and not entry.items else entry.form
    begins, said = _FORMS[form]
    if line.startswith(" "):
        if match or not entry.items or not line.startswith("  "):
            raise here.slip("Two spaces stand before what belongs to the item above, and no list begins there.")
        entry.items[-1].under.append(here)
    elif match and re.fullmatch(begins, match[1]):
        entry.items.append(Item(match[1], here._replace(text=match[2])))
    elif match or line[0] in "-*+":
        entry.items.append(Item("-", here))  # so that what follows belongs to something
        raise here.slip(f"Write {said}.")
    elif entry.exercise and not entry.items:
        raise here.slip("Begin with an item: a hint, '1. ...'. The task itself stands in the notebook.")
    elif entry.items:
        raise here.slip("Put two spaces before it if it belongs to the item above it.")
    else:
        entry.text.append(here)


def lacks(entry: Entry) -> Iterator[DataError]:
    """What is missing in it, or there too often."""
    yield from [entry.heading.slip(mend) for mend, kept in _rules(entry).items() if not kept][:1]
    for item in entry.items:
        if not item.under and not entry.guess and not (entry.exercise and item.counted):
            yield item.label.slip("Say why, in a line under it that begins with two spaces.")


def _rules(entry: Entry) -> dict[str, object]:
    """What it must have, by its kind and its form: a mend, and whether it is not needed."""
    labels, count = [item.label.text for item in entry.items], len(entry.items)
    right, hints = sum(item.right for item in entry.items), any(item.counted for item in entry.items)
    several = "all that" in " ".join(line.text for line in entry.text).lower()
    one_right = f"It has {right} right answers: mark one with [x] and the others with [ ]."
    kinds = {
        "exercises": {
            "Add a line 'Right: {{ ... }}' right below the heading.": entry.note("Right"),
            "Add a line 'Wanted: ...' right below the heading: what is asked for.": entry.note("Wanted"),
            "Write a whole number behind 'Decimals:'.": re.fullmatch("[0-9]{1,2}", entry.note("Decimals") or "2"),
            "Give a hint: a line '1. ...'.": hints,
            "Give the lines of its solution, between ```python and ```.": entry.lines,
        },
        "guesses": {
            "Write under its heading what is guessed.": entry.text,
            "Give no choice, or 2 or more.": count != 1,
            "Write a whole number behind 'Lines:'.": (entry.note("Lines") or "1").isdigit(),
            "A choice is one line: nothing stands under it.": not any(item.under for item in entry.items),
        },
        "questions": {
            "Write the question under its heading.": entry.text,
            "Only an exercise has lines of code: take them out.": not entry.lines,
            "Here stands 'Number:' or 'Map:', or neither.": len({"Number", "Map"} & {*entry.notes}) < 2,
            f"It has {count} answers: give 2 to {len(LETTERS)}.": 2 <= count <= len(LETTERS),
            "Two of its answers are one: take one out.": len({*labels}) == count or entry.form == "number",
            "'Unit:' and 'Within:' stand with 'Number:'.": entry.form == "number" or not {"Unit", "Within"} & {*entry.notes},
        },
    }  # fmt: skip
    forms = {
        "order": {"Give 3 or more to be put in order.": count > 2},
        "number": {
            f"Write '- right' once, with the reason under it; it stands here {labels.count('right')} times.": labels.count("right") == 1,
            "Write behind 'Within:' how far off still counts, as in 'Within: 0.5'.": re.fullmatch(r"\d+(\.\d+)?", entry.note("Within") or "0"),
            "'Number:' gives the right answer: take 'Right:' out.": "Right" not in entry.notes,
        },
        "map": {
            f"There is no such map: write one of {', '.join(MAPS)}.": entry.note("Map") in MAPS,
            f"It has {count} marks: give 3 to {len(LETTERS)}.": count >= 3,
            one_right: right == 1,
        },
        "pick": {f"{one_right} Where several are right, the text says 'Pick all that ...'.": 0 < right < count if several else right == 1},
    }  # fmt: skip
    return kinds[entry.kind] | forms.get(entry.form, {})
