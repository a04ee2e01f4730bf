"""The pages as text: each sheet of the atlas put through its template, the same set of pages in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.site.finder import index_file
from api.site.lines import Text
from api.site.matrix import TALL, WIDE, key_of, picture
from api.site.sheets import Block, Sheets
from api.site.words import COLOURS, LANGS, TAGS, words_in
from engine.analysis.atlas import Atlas
from engine.explanation.table import HEADS
from engine.model import Memorandum
from engine.vocabulary import NATIONAL, Colour

ASSETS = ("site.css", "search.js")
_FOLDER = Path(str(files("api.site")))
_MARKS = {"comma": ("、", ", "), "semicolon": ("；", "; "), "colon": ("：", ": "), "stop": ("。", ". ")}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the index's lists of pages."""

    code: str
    title: str
    number: str = ""
    issued: str = ""
    tally: str = ""


@dataclass(frozen=True, slots=True)
class Folded(Block):
    """A block with the words over its folded part."""

    resting_told: str = ""


def pages(atlas: Atlas) -> Iterator[tuple[str, str]]:
    """Every file of the site by its path from the site's folder, in a fixed order."""
    environment = _environment()
    for name in ASSETS:
        yield f"assets/{name}", (_FOLDER / "static" / name).read_text(encoding="utf-8")
    for lang in LANGS:
        sheets = Sheets(atlas, lang)
        yield f"assets/index-{lang}.js", index_file(sheets)
        yield from _Language(environment, sheets).pages()
    words = {lang: words_in(lang) for lang in LANGS}
    yield "index.html", environment.get_template("root.html").render(**words)


def _environment() -> Environment:
    """Every text is escaped, whatever the template's name; a word that is missing is an error."""
    return Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


class _Language:
    """The pages in one language."""

    def __init__(self, environment: Environment, sheets: Sheets) -> None:
        self._environment, self._sheets, self._atlas, lang = environment, sheets, sheets.atlas, sheets.lang
        other = next(one for one in LANGS if one != lang)
        day, revision = self._atlas.day.isoformat(), self._atlas.rulebook.revision[:12]
        self._shared: dict[str, object] = {
            "t": words_in(lang),
            "lang": lang,
            "tag": TAGS[lang],
            "other": other,
            "other_tag": TAGS[other],
            "day_told": sheets.say("footer_day", day=day, revision=revision),
            "on_day": sheets.say("on_day", day=day),
            **{name: marks[lang == "en"] for name, marks in _MARKS.items()},
        }

    def pages(self) -> Iterator[tuple[str, str]]:
        """The index, then documents, lists and scenarios."""
        yield self._page("index.html", "index.html", **self._index())
        for code in self._atlas.sheets:
            yield self._page(f"memoranda/{code}.html", "memorandum.html", **self._memorandum(code))
        for code in self._atlas.lists:
            yield self._page(f"lists/{code}.html", "list.html", **self._list(code))
        for code in self._atlas.scenarios:
            yield self._page(f"scenarios/{code}.html", "scenario.html", **self._scenario(code))

    def _page(self, path: str, template: str, **own: object) -> tuple[str, str]:
        home = "../" * path.count("/")
        text = self._environment.get_template(template).render(
            **self._shared, **own, path=path, home=home, root=f"../{home}"
        )
        return f"{self._sheets.lang}/{path}", text

    def _index(self) -> dict[str, object]:
        say, atlas, day = self._sheets.say, self._atlas, self._atlas.day.isoformat()
        drawn = picture(atlas, self._sheets)
        rows, columns = len(drawn.rows), len(drawn.columns)
        every = [one for sheet in atlas.sheets.values() for one in sheet.bites]
        biting = sum(sheet.biting for sheet in atlas.sheets.values())
        join = self._sheets.speaker.join
        return {
            "heading": say("site"),
            "lead": say("lead"),
            "count": say("count", day=day, documents=len(atlas.sheets), measures=len(every), biting=biting),
            "picture": drawn,
            "picture_title": say("matrix_title", day=day),
            "picture_desc": say("matrix_desc", rows=rows, columns=columns, cells=drawn.cells, biting=drawn.biting),
            "wide": WIDE,
            "tall": TALL,
            "key": tuple(key_of(self._sheets)),
            "idle_lists": say("matrix_rest_lists", names=join(drawn.idle_lists)),
            "idle_scenarios": say("matrix_rest_scenarios", names=join(drawn.idle_scenarios)),
            "documents": tuple(self._documents()),
            "lists": tuple(self._lists()),
            "scenarios": tuple(
                Entry(c, one.scenario.name.say(self._sheets.lang)) for c, one in atlas.scenarios.items()
            ),
        }

    def _documents(self) -> Iterator[tuple[str, tuple[Entry, ...]]]:
        """National documents first, then place by place; within a place the newest first."""
        found = [sheet.memorandum for sheet in self._atlas.sheets.values()]
        for place in sorted({one.jurisdiction for one in found}, key=lambda code: (code != NATIONAL, code)):
            own = sorted((one for one in found if one.jurisdiction == place), key=lambda one: (one.issued, one.code))
            yield self._sheets.speaker.place(place), tuple(self._entry(one) for one in reversed(own))

    def _entry(self, memorandum: Memorandum) -> Entry:
        sheet = self._atlas.sheets[memorandum.code]
        tally = self._sheets.say("short_tally", biting=sheet.biting, n=len(sheet.bites))
        title = memorandum.title.say(self._sheets.lang)
        return Entry(memorandum.code, title, memorandum.number, memorandum.issued.isoformat(), tally)

    def _lists(self) -> Iterator[tuple[str, tuple[Entry, ...]]]:
        for colour in (Colour.BLACK, Colour.WATCH, Colour.RECORD, Colour.RED):
            own = [one.record for one in self._atlas.lists.values() if one.record.colour is colour]
            if own:
                entries = tuple(Entry(one.code, one.name.say(self._sheets.lang)) for one in own)
                yield COLOURS[colour].say(self._sheets.lang), entries

    def _memorandum(self, code: str) -> dict[str, object]:
        sheet, sheets = self._atlas.sheets[code], self._sheets
        day = self._atlas.day.isoformat()
        return {
            "section": "documents",
            "heading": sheet.memorandum.title.say(sheets.lang),
            "facts": sheets.memorandum_facts(sheet),
            "heads": tuple(head.say(sheets.lang) for head in HEADS),
            "lines": sheets.lines.of(sheet.bites),
            "tally": sheets.say("tally", day=day, biting=sheet.biting, n=len(sheet.bites)),
            "cases": sheets.cases(sheet.cases),
            "shared": sheets.cases(sheet.shared),
        }

    def _list(self, code: str) -> dict[str, object]:
        sheet, sheets = self._atlas.lists[code], self._sheets
        titles = ((pack, self._atlas.sheets[pack].memorandum.title.say(sheets.lang)) for pack in sheet.memoranda)
        return {
            "section": "lists",
            "heading": sheets.list_question(sheet.record),
            "facts": sheets.list_facts(sheet),
            "blocks": tuple(self._folded(block) for block in sheets.list_blocks(sheet)),
            "ways": sheets.ways_back(sheet.record),
            "documents": tuple(Text(title, f"memoranda/{pack}.html") for pack, title in titles),
        }

    def _folded(self, block: Block) -> Folded:
        told = self._sheets.say("resting", n=len(block.resting))
        return Folded(block.names, block.chip, block.effective, block.resting, told)

    def _scenario(self, code: str) -> dict[str, object]:
        sheet, sheets = self._atlas.scenarios[code], self._sheets
        past = sheets.scenario_past(sheet)
        resting = {(line.pack, line.anchor) for block in past for line in block.resting}
        return {
            "section": "scenarios",
            "heading": sheets.say("scenario_question", name=sheet.scenario.name.say(sheets.lang)),
            "facts": sheets.scenario_facts(sheet),
            "restrictions": sheets.scenario_blocks(sheet, benefits=False),
            "benefits": sheets.scenario_blocks(sheet, benefits=True),
            "past": past,
            "past_told": sheets.say("resting", n=len(resting)),
        }
