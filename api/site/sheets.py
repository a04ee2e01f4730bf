"""What stands on each page, in one language: facts at the head, blocks of measures, cases as sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.cli.legality_words import Teller
from api.site.lines import Line, Lines, Text, written
from api.site.words import COLOURS, WORDS, effect_word, letter
from engine.analysis.atlas import NO_LIST, Atlas, Cell, ListSheet, ScenarioSheet, Sheet, grants, left_open, strength
from engine.analysis.bite import Bite
from engine.explanation.conditions import spoken_condition, spoken_period
from engine.explanation.documents import FORMS
from engine.explanation.phrases import CHECKS, DATES, MOMENTS, SURE, VERDICTS
from engine.explanation.rights import rights
from engine.packs.cases import Case
from engine.vocabulary import NATIONAL, Colour, ListRecord, TermRule


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a page's head: its name and what there is to say."""

    name: str
    said: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """The strongest effect of a cell: its mark, its words, and the effect's code; empty code if all rest.

    `local`: nothing as strong holds in the whole nation.
    """

    effect: str
    mark: str
    word: str
    local: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """What a block stands under: a scenario's or a list's name, the anchor by which it is reached, and its page."""

    anchor: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Block:
    """Measures under one heading, of lists with the very same measures under several: with effect, and without."""

    names: tuple[Name, ...]
    chip: Chip
    effective: tuple[Line, ...]
    resting: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case: its sentence, the verdict it must get, and the clauses that must decide."""

    name: Text
    verdict: str
    verdict_word: str
    clauses: tuple[Text, ...]


class Sheets:
    """Turns the atlas's sheets into what the templates print, in one language."""

    def __init__(self, atlas: Atlas, lang: str) -> None:
        self.atlas, self.lang = atlas, lang
        self.speaker = Teller(atlas.rulebook, lang)
        self.lines = Lines(atlas, self.speaker)

    def say(self, key: str, **parts: object) -> str:
        """A word of the pages with its parts filled in."""
        return WORDS[key].say(self.lang).format(**parts)

    def chip(self, cell: Cell) -> Chip:
        """The strongest effect of a cell, in a mark and in words."""
        one = cell.strongest
        if one is None:
            return Chip("", "·", self.say("key_rest"))
        effect, opened = str(one.measure.effect), left_open(one)
        places = self._places(cell, one)
        asides = [self.say("left_open")] if opened else []
        asides += [self.say("only_in", place=self.speaker.join(places))] if places else []
        return Chip(effect, letter(effect, opened, self.lang), effect_word(effect, asides, self.lang), bool(places))

    def _places(self, cell: Cell, strongest: Bite) -> tuple[str, ...]:
        """Where the strongest effect holds, if not in the whole nation, which would stand first."""
        if strongest.measure.jurisdiction == NATIONAL:
            return ()
        equal = (one.measure for one in cell.effective if strength(one)[:2] == strength(strongest)[:2])
        return tuple(dict.fromkeys(self.speaker.place(measure.jurisdiction) for measure in equal))

    def list_name(self, code: str) -> str:
        """A list by its name, or the words for none."""
        return self.speaker.list_name(code) if code != NO_LIST else self.say("no_list")

    # -- a document

    def memorandum_facts(self, sheet: Sheet) -> tuple[Fact, ...]:
        """The head of a document's page."""
        memorandum, speaker = sheet.memorandum, self.speaker
        span = Text(speaker.days(memorandum.span) or self.say("always"))
        ending = written(memorandum.ending, self.lang)
        facts = [
            self._fact("number", Text(memorandum.number)),
            self._fact("form", Text(FORMS[memorandum.form].say(self.lang))),
            self._fact("place", Text(speaker.place(memorandum.jurisdiction))),
            self._fact("issued", Text(memorandum.issued.isoformat())),
            self._fact("in_force", *((span, ending) if memorandum.ending else (span,))),
            self._fact("issuers", Text(speaker.join(speaker.issuer(code) for code in memorandum.issuers))),
            self._fact("how_read", *map(Text, self._readings(sheet))),
        ]
        if memorandum.note:
            facts.append(self._fact("note", written(memorandum.note.say(self.lang), self.lang)))
        return tuple(facts)

    def cases(self, cases: Iterable[Case]) -> tuple[CaseLine, ...]:
        """Cases as sentences, each with the verdict it must get."""
        return tuple(
            CaseLine(
                written(case.name, self.lang),
                case.expect,
                self.speaker.word(VERDICTS[case.expect]),
                tuple(self._clause(name) for name in case.because or ()),
            )
            for case in cases
        )

    def _clause(self, name: str) -> Text:
        line = self.lines.by_id(name)
        clause = name.rpartition("#")[2]
        return Text(clause, f"memoranda/{line.pack}.html#{line.fragment}") if line else Text(clause)

    def _readings(self, sheet: Sheet) -> Iterator[str]:
        for checked, number in sheet.readings:
            by, sure = CHECKS[checked.by].say(self.lang), SURE[checked.confidence].say(self.lang)
            yield self.say("reading", by=by, on=checked.on.isoformat(), sure=sure, n=number)

    # -- a list

    def list_question(self, record: ListRecord) -> str:
        """The question a list's page answers."""
        return self.say(
            "red_question" if record.colour is Colour.RED else "list_question", name=record.name.say(self.lang)
        )

    def list_facts(self, sheet: ListSheet) -> tuple[Fact, ...]:
        """The head of a list's page."""
        record = sheet.record
        facts = [
            self._fact("colour", Text(COLOURS[record.colour].say(self.lang))),
            self._fact("keeper", Text(self.speaker.issuer(record.keeper))),
            self._fact("terms", *self._terms(record)),
        ]
        if record.note:
            facts.append(self._fact("note", written(record.note.say(self.lang), self.lang)))
        return tuple(facts)

    def list_blocks(self, sheet: ListSheet) -> tuple[Block, ...]:
        """The list's measures by scenario, in the vocabulary's order."""
        return tuple(
            Block(
                (self._scenario_name(cell.scenario),),
                self.chip(cell),
                self.lines.of(cell.effective),
                self.lines.of(cell.resting),
            )
            for cell in sheet.cells
        )

    def ways_back(self, record: ListRecord) -> tuple[Fact, ...]:
        """How an entry is contested and repaired on the day: nationally, and where a place has rules of its own."""
        if record.colour is Colour.RED:
            return ()
        national = self._rights(record, NATIONAL)
        facts = [Fact(self.speaker.place(NATIONAL), national)]
        rules = self.atlas.vocabulary.repair
        scopes = [one.scope for one in rules.regimes] + [one.scope for one in rules.not_repairable]
        scopes += [one.scope for one in rules.objections]
        places = {scope.jurisdiction for scope in scopes}
        for place in sorted(places - {NATIONAL}):
            told = self._rights(record, place)
            if told != national:
                facts.append(Fact(self.speaker.place(place), tuple(line for line in told if line not in national)))
        return tuple(facts)

    def _rights(self, record: ListRecord, place: str) -> tuple[Text, ...]:
        _, *told = rights(record.code, self.atlas.day, place, self.speaker)  # the keeper stands at the page's head
        return tuple(Text(line) for line in told)

    def _terms(self, record: ListRecord) -> Iterator[Text]:
        if record.untimed:
            yield Text(record.untimed.say(self.lang))
        elif not record.terms:
            yield Text(self.say("no_terms"))
        for rule in record.terms:
            yield Text(("；" if self.lang == "zh" else "; ").join(self._term(rule)))

    def _term(self, rule: TermRule) -> Iterator[str]:
        start = DATES[rule.start].say(self.lang)
        length = spoken_period(rule.period, self.lang) if rule.period else ""
        yield self.say("term", start=start, length=length) if length else self.say("term_open")
        condition = spoken_condition(rule.when, self.atlas.vocabulary, self.lang)
        if condition:
            yield self.say("term_if", condition=condition)
        if rule.span.since or rule.span.until:
            yield self.say("term_span", start=start, span=self.speaker.days(rule.span))
        if rule.basis:
            yield self.speaker.say("basis", basis=self.speaker.join(self.speaker.cited(text) for text in rule.basis))

    # -- a scenario

    def scenario_facts(self, sheet: ScenarioSheet) -> tuple[Fact, ...]:
        """The head of a scenario's page."""
        one = sheet.scenario
        roles = self.speaker.join(words.say(self.lang) for words in one.roles.values())
        facts = [
            self._fact("roles", Text(roles)),
            self._fact("moment", Text(MOMENTS[one.moment].say(self.lang))),
            self._fact("consults", *self._list_links(one.consults)),
        ]
        if one.benefits_consult:
            facts.append(self._fact("benefits_consult", *self._list_links(one.benefits_consult)))
        return tuple(facts)

    def scenario_blocks(self, sheet: ScenarioSheet, *, benefits: bool) -> tuple[Block, ...]:
        """What bites in the scenario, list by list: the benefits, or all the rest."""
        parts = ((cell, tuple(one for one in cell.effective if grants(one) is benefits), ()) for cell in sheet.cells)
        return self._parts("gain" if benefits else "list", parts)

    def scenario_past(self, sheet: ScenarioSheet) -> tuple[Block, ...]:
        """What no longer or not yet bites in the scenario, list by list."""
        return self._parts("past", ((cell, (), cell.resting) for cell in sheet.cells))

    def _parts(self, kind: str, parts: Iterable[tuple[Cell, tuple[Bite, ...], tuple[Bite, ...]]]) -> tuple[Block, ...]:
        """Parts of cells under their lists' names; lists with the same measures stand together, once."""
        met: dict[tuple[str, ...], list[Cell]] = {}
        for cell, effective, resting in parts:
            if effective or resting:
                key = (str(not cell.list), *(one.measure.id for one in (*effective, *resting)))
                met.setdefault(key, []).append(Cell(cell.list, cell.scenario, effective, resting))
        return tuple(
            Block(
                tuple(self._list_heading(kind, cell) for cell in cells),
                self.chip(cells[0]),
                self.lines.of(cells[0].effective),
                self.lines.of(cells[0].resting),
            )
            for cells in met.values()
        )

    def _list_heading(self, kind: str, cell: Cell) -> Name:
        if cell.list == NO_LIST:
            return Name(f"no-{kind}", self.list_name(cell.list), "")
        return Name(f"{kind}-{cell.list}", self.list_name(cell.list), f"lists/{cell.list}.html#in-{cell.scenario}")

    def _scenario_name(self, code: str) -> Name:
        name = self.atlas.vocabulary.scenarios[code].name.say(self.lang)
        return Name(f"in-{code}", name, f"scenarios/{code}.html")

    def _list_links(self, codes: Iterable[str]) -> tuple[Text, ...]:
        found = tuple(Text(self.speaker.list_name(code), f"lists/{code}.html") for code in codes)
        return found or (Text(self.say("none")),)

    def _fact(self, key: str, *said: Text) -> Fact:
        return Fact(self.say(key), said)
