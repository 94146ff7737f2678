"""Sort it yourself: a pack of cards to file under the eight words, a small file that keeps a filing, and a comparison.

A filing file is JSON: {"turkic-filing": 1, "name": "...", "filed": {"key of a card": "word"}}. What this course does
not know in it (cards of a later version, other entries) is left alone and stays in the file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

import pandas as pd

from ...content import Content
from ...files import get_json, put_json, set_aside
from ...ledger import claim
from ...markup import Fragment, Markup, in_page, table
from ...tables import initiatives, priorities
from ...validate import DataError
from ...wording import told_by

__all__ = ("sort_cards", "compare_filings")

TEXTS = Content("lesson04")
MARK = "turkic-filing"
MINE = "my-filing.json"
NONE = "none"  # what stands in the place of a word for a card that fits none of the eight


def cards() -> pd.DataFrame:
    """The pack: the rows of `initiatives()` that are cards, by name. Their order gives nothing away."""
    return initiatives().query("card == 'yes'").sort_values("name")


def _words() -> dict[str, str]:
    """The words to choose from, and how each is shown."""
    return {word: f"{word[0]} {word}" for word in priorities()["word"]} | {NONE: TEXTS.text("cards.none")}


# --- a filing and its file -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filing:
    """Who filed which card under which word. The name may be empty; `left_out` says what of a file could not be used."""

    name: str
    filed: dict[str, str]
    left_out: tuple[str, ...] = ()


def ours() -> Filing:
    """This course's own filing of the cards."""
    return Filing(TEXTS.text("filings.ours"), dict(cards()["priority"]))


def _content(file: Path) -> dict:
    """What a filing file holds. Raises FileNotFoundError, or DataError for anything that is no filing."""
    try:
        content = get_json(file, MARK)
        json.dumps(content, ensure_ascii=False).encode()  # half characters could be neither shown nor saved
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DataError([f"{file.name[:40]}: cannot be read ({error.strerror})."]) from None
    except UnicodeEncodeError:
        content = {}
    if not isinstance(content.get("filed"), dict):
        raise DataError([f"{file.name}: this filing is damaged. Ask for the file again."])
    return content


def _plain(text: object) -> str:
    """A name from a file, fit to be shown: one line, of a decent length, nothing that cannot be printed."""
    return "".join(c for c in text if c.isprintable())[:40].strip() if isinstance(text, str) else ""


def read_filing(file: Path) -> Filing:
    """The filing in a file, without what this course does not know.

    Raises FileNotFoundError where there is no file, and DataError, with the mend, where it is no filing.
    """
    content, known = _content(file), cards().index
    filed, strange, wordless = {}, 0, 0
    for key, word in content["filed"].items():
        if key not in known:
            strange += 1
        elif word not in list(_words()):
            wordless += 1
        else:
            filed[key] = word
    counts = {"strange": strange, "wordless": wordless}
    left_out = [TEXTS.text(f"cards.told.{why}", file=file.name, n=n) for why, n in counts.items() if n]
    return Filing(_plain(content.get("name")), filed, tuple(left_out))


# --- the cards -----------------------------------------------------------------------------------------------------


def _face(number: int, row) -> Markup:
    """The face of a card: its number, its name, and what the report that first speaks of it says there."""
    report, paragraph = told_by(row), claim(row.outcome).data["paragraph"]
    there = [c for c in map(claim, row.claims) if (c.source, str(c.paragraph)) == (report.id, paragraph)]
    says, month = " ".join(c.says for c in there), f"{report.date:%B %Y}"
    return TEXTS.pane("face", number=number, name=row.name, says=says, month=month, claims=[c.id for c in there])


def _back(row) -> Markup:
    """What this course says: seen only when it is asked for, and not on paper."""
    return TEXTS.pane("back", filed=_words()[row.priority], why=row.why)


class CardSort:
    """The pack of cards: with menus in a running notebook, to be read on a page, and to be cut out on paper.

    Nothing is written before the learner files a first card. A file that is there but is no filing is never written
    over: it gets another name first.
    """

    def __init__(self, file: Path | str = MINE):
        self.file = Path(file).absolute()
        self.kept = ""  # what became of a file that could not be read

    def html(self) -> Markup:
        """The cards without menus, and with nothing of a learner's: works without a kernel; on paper, a sheet to cut."""
        pack = [
            {"face": _face(n, row), "back": _back(row), "priority": row.priority} for n, row in enumerate(cards().itertuples(), 1)
        ]
        words, letters = priorities()["word"], priorities()["word"].str[0]
        twins = [f"{word[0]}{n} for {word}" for n, word in words[letters.duplicated(keep=False)].items()]
        return TEXTS.pane("cards", cards=pack, twins=twins)

    # --- live

    @cached_property
    def menus(self) -> dict:
        """A menu for each card, by its key."""
        import ipywidgets as widgets

        options = [(TEXTS.text("cards.unfiled"), ""), *((label, word) for word, label in _words().items())]
        return {
            row.Index: widgets.Dropdown(
                options=options, value="", description=f"Card {number}:", tooltip=row.name, layout={"width": "auto"}
            )
            for number, row in enumerate(cards().itertuples(), 1)
        }

    @cached_property
    def name(self):
        """Whose filing it is; may stay empty."""
        import ipywidgets as widgets

        return widgets.Text(
            description=TEXTS.text("cards.name"), placeholder=TEXTS.text("cards.who"), continuous_update=False
        )

    def live(self):
        """ipywidgets: the cards with their menus, joined with `observe`. Made once, so that every view shows one state."""
        return self._widget

    @cached_property
    def _widget(self):
        import ipywidgets as widgets

        self._line = widgets.HTML()
        self._begin()
        boxes = []
        for number, row in enumerate(cards().itertuples(), 1):
            face, back = widgets.HTML(in_page(_face(number, row))), widgets.HTML(in_page(_back(row)))
            frame = {"border": "1px solid var(--jp-border-color2)", "padding": "0 .7rem"}
            boxes.append(widgets.VBox([face, self.menus[row.Index], back], layout=frame))
            self.menus[row.Index].observe(lambda change, key=row.Index: self._save(key, change["new"]), names="value")
        self.name.observe(lambda change: self._save(), names="value")
        pack = widgets.GridBox(
            boxes, layout={"grid_template_columns": "repeat(auto-fill, minmax(16rem, 1fr))", "grid_gap": "1rem"}
        )
        return widgets.VBox([self.name, self._line, pack, self._line])  # seen from the first card and from the last

    def _begin(self) -> None:
        """Takes up what was filed before, if it can be read; says so, and leaves the file as it is."""
        try:
            before = read_filing(self.file)
        except FileNotFoundError:
            self._tell(self._told("first"))
        except DataError as error:
            self._tell(self._told("broken", error=error))
        else:
            self.name.value = before.name
            for key, word in before.filed.items():
                self.menus[key].value = word
            self._tell(" ".join([self._told("read"), *before.left_out]))

    def _told(self, what: str, **names: object) -> str:
        return TEXTS.text(f"cards.told.{what}", file=self.file.name, **names)

    def _tell(self, told: str) -> None:
        done = sum(bool(menu.value) for menu in self.menus.values())
        line = Markup('<p role="status"><strong>{} of {} filed.</strong> {}</p>').format(done, len(self.menus), told)
        self._line.value = in_page(line)

    def _save(self, key: str | None = None, word: str = "") -> None:
        """Writes one choice into the file as it stands now, or the whole filing where there is no file to write into."""
        try:
            content = {MARK: 1, "name": "", "filed": {k: menu.value for k, menu in self.menus.items() if menu.value}}
            try:
                content = _content(self.file)
            except FileNotFoundError:
                pass
            except DataError:
                self.kept = self._told("aside", kept=set_aside(self.file).name)
            if key and word:
                content["filed"][key] = word
            elif key:
                content["filed"].pop(key, None)
            put_json(self.file, content | {"name": self.name.value})
        except OSError as error:
            self._tell(self._told("unsaved", why=error.strerror))
        else:
            self._tell(self._told("saved") + self.kept)

    def _repr_mimebundle_(self, **kwargs) -> dict:
        """Both renderings at once: a running notebook takes the live one, everything else the other."""
        still = {"text/plain": repr(self), "text/html": in_page(self.html())}
        return still | {k: v for k, v in self.live()._repr_mimebundle_().items() if k != "text/plain"}

    def __repr__(self) -> str:
        return "\n".join([f"{len(cards())} cards to file:", *(f"  {name}" for name in cards()["name"])])


def sort_cards(file: Path | str = MINE) -> CardSort:
    """The pack of cards to file under the eight words. In a running notebook each choice is saved in `file`, a small
    JSON file in the current folder, and read back when the cards are shown again.

    Facts: the rows of `initiatives()` that are cards. The filing beside which they can be laid is this course's own.
    """
    return CardSort(file)


# --- the comparison ------------------------------------------------------------------------------------------------


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
        except DataError as error:
            lines += error.problems
        else:
            lines += found.left_out
            if not found.filed:
                lines.append(TEXTS.text("filings.empty", file=file.name))
                continue
            name = found.name or file.stem
            if name in (other.name for other in filings):
                name = f"{name} ({file.name})"
            filings.append(Filing(name, found.filed))
    return filings, lines


def _agreement(words: list[str]) -> int:
    """How far the filings of one card agree: 0 where all differ, 1 where some agree, 2 where all do, 3 with one alone."""
    if len(words) < 2:
        return 3
    return {1: 2, len(words): 0}.get(len(set(words)), 1)


def compare_filings(*files: Path | str) -> Fragment:
    """Card by card, how this course and these files file the pack; the cards on which all differ come first.

    Without a file it takes my-filing.json. A file that is missing, broken or foreign gets a line that says so and the
    mend; it is only read, never changed. Our reason stands with each card on which not all agree.
    """
    filings, lines = _gathered(files or (MINE,))
    rows, verdicts = [], TEXTS.texts("filings.verdicts")
    for key, card in cards().iterrows():
        words = [filing.filed.get(key, "") for filing in filings]
        rank = _agreement([word for word in words if word])
        course = Markup('{}<br><span class="tx-soft">{}</span>').format(words[0], card["why"]) if rank < 2 else words[0]
        others = [word or "not filed" for word in words[1:]]
        rows.append((rank, (card["name"], course, *others, Markup('<span class="tx-whole">{}</span>').format(verdicts[rank]))))
    rows = [row for _, row in sorted(rows, key=lambda ranked: ranked[0])]
    for one, other in combinations(filings, 2):
        both = one.filed.keys() & other.filed.keys()
        alike = sum(one.filed[key] == other.filed[key] for key in both)
        lines.append(TEXTS.text("filings.alike", one=one.name, other=other.name, alike=alike, both=len(both)))
    told = Markup('<ul class="tx-told">{}</ul>').format(
        Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    )
    if len(filings) == 1:
        return Fragment(told, "\n".join(lines))
    frame = pd.DataFrame(rows, columns=["card", *(filing.name for filing in filings), "together"])
    caption = TEXTS.text("filings.caption", cards=len(rows), filings=len(filings))
    text = ["  ".join(Markup(cell).striptags() if isinstance(cell, Markup) else cell for cell in row) for row in rows]
    return Fragment(told + table(frame, caption, index=False), "\n".join([*lines, *text]))
