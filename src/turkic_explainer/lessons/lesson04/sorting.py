"""Sort it yourself: a pack of cards to file under the eight words, a small file that keeps a filing, and a comparison.

A filing file is JSON: {"turkic-filing": 1, "name": "...", "filed": {"key of a card": "word"}}. What this course does
not know in it (cards of a later version, other entries) is left alone and stays in the file.
"""

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from pathlib import Path

import pandas as pd

from ... import codes, learner, widgets
from ...content import Content
from ...explorer import Live, live_box
from ...files import get_json, locked, put_json, set_aside
from ...ledger import source
from ...lookups import Text
from ...markup import Fragment, Markup, in_page, table
from ...questions import Entry, Item
from ...tables import initiatives, priorities
from ...templates import piece
from ...validate import DataError
from ...wording import claims_in_report

__all__ = ("sort_cards", "compare_filings")

TEXTS = Content("lesson04")
MARK = "turkic-filing"
MINE = "my-filing.json"
EXAMPLE = "filing-example.json"  # an invented classmate's, beside the lesson
NONE = "none"  # what stands in the place of a word for a card that fits none of the eight
HEAD = "F4"  # what the code of a filing begins with, as another one does with the number of its lesson


def cards() -> pd.DataFrame:
    """The pack: the rows of `initiatives()` that are cards, by name. Their order gives nothing away."""
    return initiatives().query("card == 'yes'").sort_values("name")


def _words() -> dict[str, str]:
    """The words to choose from, and how each is shown."""
    return {word: f"{word[0]} {word}" for word in priorities()["word"]} | {NONE: TEXTS.text("cards.none")}


def letters() -> dict[str, str]:
    """The letter of each word, as paper has it: T1 and T2, for two words have one."""
    words = priorities()["word"]
    first = words.str[0]
    count = (first.groupby(first).cumcount() + 1).astype(str).where(first.duplicated(keep=False), "")
    return dict(zip(words, first + count, strict=True))


@lru_cache
def coded_cards() -> dict[str, Entry]:
    """The cards as `codes` has them: each a question that all words answer, none of them rightly."""
    here = Text("", "initiatives.csv", "")
    words = [Item("- [ ]", here._replace(text=word)) for word in _words()]
    return {f"{HEAD}-{key}": Entry(key, False, here, items=words) for key in cards().index}


@dataclass(frozen=True)
class Filing:
    """Who filed which card under which word. The name may be empty; `left_out` says what of a file could not be used."""

    name: str
    filed: dict[str, str]
    left_out: tuple[str, ...] = ()

    @property
    def outcomes(self) -> dict[str, int]:
        """The same as `codes` has it."""
        words = [*_words()]
        return {f"{HEAD}-{key}": words.index(word) + 1 for key, word in self.filed.items()}


def ours() -> Filing:
    """This course's own filing of the cards."""
    return Filing(TEXTS.text("filings.ours"), dict(cards()["priority"]))


def _content(file: Path) -> dict:
    """What a filing file holds. Raises FileNotFoundError, or DataError for anything that is no filing."""
    content = get_json(file, MARK)
    try:
        json.dumps(content, ensure_ascii=False).encode()  # half characters could be neither shown nor saved
        content["filed"].items()
    except (UnicodeEncodeError, KeyError, AttributeError):
        raise DataError([f"{file.name}: this filing is damaged. Ask for the file again."]) from None
    return content


def _plain(text: object) -> str:
    """A name from a file, fit to be shown: one line, of a decent length, nothing that cannot be printed."""
    return "".join(c for c in text if c.isprintable())[:40].strip() if isinstance(text, str) else ""


def read_filing(file: Path) -> Filing:
    """The filing in a file, as `filing_in` has it. Raises FileNotFoundError, and DataError, with the mend, for what is none."""
    return filing_in(_content(file), file.name)


def filing_in(content: dict, file: str) -> Filing:
    """The filing in what a file holds, without what this course does not know."""
    words = [*_words()]
    ours = {key: word for key, word in content["filed"].items() if key in cards().index}
    filed = {key: word for key, word in ours.items() if word in words}
    counts = {"strange": len(content["filed"]) - len(ours), "wordless": len(ours) - len(filed)}
    left_out = [TEXTS.text(f"cards.told.{why}", file=file, n=n) for why, n in counts.items() if n]
    return Filing(_plain(content.get("name")), filed, tuple(left_out))


def _card(number: int, row) -> dict[str, Markup]:
    """The two sides of a card: what the report that first speaks of it says there, and, behind a click, how we file it."""
    face = TEXTS.pane("face", number=number, name=row.name, report=source(row.report), claims=claims_in_report(row))
    return {"face": face, "back": TEXTS.pane("back", filed=_words()[row.priority], why=row.why)}


class CardSort(Live):
    """The pack of cards: with menus in a running notebook, to be read on a page, and to be cut out on paper.

    Nothing is written before the learner files a first card. A file that is there but is no filing is never written
    over: it gets another name first.
    """

    def __init__(self, file: Path | str = MINE):
        self.file = Path(file).absolute()
        self.kept = ""  # what became of a file that could not be read

    def html(self) -> Markup:
        """The cards with nothing of a learner's, and with menus on a page alone: works without a kernel; on paper, a sheet to cut."""
        pack = []
        for number, row in enumerate(cards().itertuples(), 1):
            also = row.why.partition("could also stand under ")[2]
            second = [word for word in _words() if word in also]
            pack.append({**_card(number, row), "number": number, "priority": row.priority, "second": second})
        twins = [f"{letter} for {word}" for word, letter in letters().items() if letter[1:]]
        row = [f"{letter} {word}" for word, letter in letters().items()]
        code = TEXTS.pane("code", state=f"{HEAD}|{codes.version(coded_cards())}", code="")
        return TEXTS.pane("cards", cards=pack, words=_words(), twins=twins, letters=row, code=code)

    @property
    def filed(self) -> dict[str, str]:
        """What stands in the menus."""
        return {key: menu.value for key, menu in self.menus.items() if menu.value}

    @cached_property
    def _widget(self):
        rows = [*enumerate(cards().itertuples(), 1)]
        options = [(TEXTS.text("cards.unfiled"), ""), *((label, word) for word, label in _words().items())]
        look = {"options": options, "value": "", "layout": {"width": "auto"}}
        self.menus = {
            row.Index: widgets.Dropdown(description=f"Card {n}:", tooltip=row.name, **look) for n, row in rows
        }
        who = {"description": TEXTS.text("cards.name"), "placeholder": TEXTS.text("cards.who")}
        self.name = widgets.Text(**who, continuous_update=False)  # whose filing it is; may stay empty
        self._line, self._code = widgets.HTML(), widgets.HTML()
        self._begin()
        boxes = []
        for number, row in rows:
            face, back = (widgets.HTML(in_page(side)) for side in _card(number, row).values())
            menu, heard = self.menus[row.Index], widgets.HTML()

            def follow(change=None, key=row.Index, menu=menu, heard=heard):
                if change:
                    self._save(key, change["new"])
                heard.value = piece("shown", line=menu.label, setting=piece("gone"), pane="")

            follow()
            menu.observe(follow, names="value")
            boxes.append(widgets.VBox([face, menu, heard, back]))
        self.name.observe(lambda change: self._save(), names="value")
        pack = widgets.VBox(boxes).add_class("tx-pack")
        told = widgets.HTML(TEXTS.pane("heard", choices=[TEXTS.text("cards.unfiled"), *_words().values()]))
        # What became of the file is seen from the first card and from the last.
        return live_box([self.name, self._line, told, pack, self._line, self._code])

    def _begin(self) -> None:
        """Takes up what was filed before, if it can be read; says so, and leaves the file as it is."""
        try:
            before = read_filing(self.file)
        except FileNotFoundError:
            self._status("first")
        except DataError as error:
            self._status("broken", error=error)
        else:
            self.name.value = before.name
            for key, word in before.filed.items():
                self.menus[key].value = word
            self._status("read", more="".join(f" {line}" for line in before.left_out))

    def _status(self, what: str, more: str = "", **names: object) -> None:
        """Says over and under the cards how many are filed, and what became of the file."""
        filed = self.filed
        code = TEXTS.pane("code", state="", code=codes.coded(HEAD, coded_cards(), Filing("", filed).outcomes))
        self._code.value = in_page(code) if filed else ""
        text = TEXTS.text(f"cards.told.{what}", file=self.file.name, **names) + more
        self._line.value = in_page(TEXTS.pane("status", done=len(filed), all=len(self.menus), text=text))

    def _save(self, key: str | None = None, word: str = "") -> None:
        """Writes one choice, or the name, into the file as it stands now: another window may have written to it. Where there
        is no file to write into, the whole filing."""
        content = {MARK: 1, "name": self.name.value, "filed": self.filed}
        try:
            with locked(self.file):
                try:
                    content = _content(self.file)
                except FileNotFoundError:
                    pass
                except DataError:
                    self.kept = TEXTS.text("cards.told.aside", file=self.file.name, kept=set_aside(self.file).name)
                if key and word:
                    content["filed"][key] = word
                elif key:
                    content["filed"].pop(key, None)
                else:
                    content["name"] = self.name.value
                put_json(self.file, content)
        except OSError as error:
            self._status("unsaved", why=error.strerror)
        else:
            told = learner.keep_filing("04", content["filed"]) if self.file.name == MINE else ""
            self._status("saved", f"{self.kept} {told}".rstrip())

    def __repr__(self) -> str:
        return "\n".join([f"{len(cards())} cards to file:", *(f"  {name}" for name in cards()["name"])])


def sort_cards(file: Path | str = MINE) -> CardSort:
    """The pack of cards to file under the eight words. In a running notebook each choice is saved in `file`, a small
    JSON file in the current folder, and read back when the cards are shown again.

    Facts: the rows of `initiatives()` that are cards. The filing beside which they can be laid is this course's own.
    """
    return CardSort(file)


def _gathered(files: tuple[Path | str, ...]) -> tuple[list[Filing], list[str]]:
    """Our filing and those in the files, each with a name of its own, and a line for whatever cannot be compared."""
    filings, lines = [ours()], []
    for file in files:
        if not isinstance(file, (str, Path)):
            lines.append(TEXTS.text("filings.no_name", given=repr(file)[:40], mine=MINE))
            continue
        file = Path(file)
        try:
            found = read_filing(file)
        except FileNotFoundError:
            mend = TEXTS.text("filings.file_first" if file.name == MINE else "filings.look")
            lines.append(TEXTS.text("filings.no_file", file=file.name, mend=mend))
            continue
        except DataError as error:
            lines += error.problems
            continue
        lines += found.left_out
        if found.filed:
            name = found.name or (TEXTS.text("filings.mine") if file.name == MINE else file.stem)
            taken = name in (other.name for other in filings)
            filings.append(Filing(f"{name} ({file.name})" if taken else name, found.filed))
        else:
            lines.append(TEXTS.text("filings.empty", file=file.name))
    return filings, lines


def _agreement(words: list[str]) -> int:
    """How far the filings of one card agree: 0 where all differ, 1 where some agree, 2 where all do, 3 where one has none."""
    return {1: 2, len(words): 0}.get(len(set(words)), 1) if all(words) else 3


def compare_filings(*files: Path | str) -> Fragment:
    """Card by card, how this course and these files file the pack; the cards on which all differ come first.

    Without a file it takes my-filing.json. A file that is missing, broken or foreign gets a line that says so and the
    mend; it is only read, never changed. Our reason stands with each card on which not all agree.
    """
    filings, lines = _gathered(files or (MINE,))
    for one, other in combinations(filings, 2):
        both = one.filed.keys() & other.filed.keys()
        alike = sum(one.filed[key] == other.filed[key] for key in both)
        lines.append(TEXTS.text("filings.alike", one=one.name, other=other.name, alike=alike, both=len(both)))
    own = TEXTS.text("filings.no_file", file=MINE, mend=TEXTS.text("filings.file_first"))
    told = TEXTS.pane("lines", lines=lines, own=own)
    if len(filings) == 1:
        return Fragment(_told_on_a_page(told, Markup(""), ""), "\n".join(lines))
    rows, verdicts = [], TEXTS.texts("filings.verdicts")
    for key, card in cards().iterrows():
        course, *others = words = [filing.filed.get(key, "") for filing in filings]
        rank = _agreement(words)
        course = TEXTS.pane("ours", word=course, why=card["why"] if {*words} - {course, ""} else "")
        others = [word or TEXTS.text("filings.unfiled") for word in others]
        rows.append((rank, [card["name"], course, *others, TEXTS.pane("verdict", verdict=verdicts[rank])]))
    rows = [row for _, row in sorted(rows, key=lambda ranked: ranked[0])]
    frame = pd.DataFrame(rows, columns=["card", *(filing.name for filing in filings), "together"])
    caption = TEXTS.text("filings.caption", cards=len(rows), filings=len(filings))
    text = ["  ".join(Markup(cell).striptags() if isinstance(cell, Markup) else cell for cell in row) for row in rows]
    one_more = TEXTS.text("filings.caption", cards=len(rows), filings=len(filings) + 1)
    body = _told_on_a_page(told, table(frame, caption, index=False), one_more)
    return Fragment(body, "\n".join([*lines, *text]))


def _told_on_a_page(told: Markup, rows: Markup, caption: str) -> Markup:
    """A comparison, with the words in which a page's script adds what is chosen there (press/templates/tasks.js)."""
    alike = TEXTS.text("filings.alike", one="{one}", other="{other}", alike="{alike}", both="{both}")
    mine, unfiled = TEXTS.text("filings.mine"), TEXTS.text("filings.unfiled")
    words = [mine, unfiled, alike, caption, *TEXTS.texts("filings.verdicts")]
    return TEXTS.pane("filings", told=told, table=rows, words=words)
