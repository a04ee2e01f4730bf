"""Which heading means which field of an entry, by the shipped words and by a list's own mapping file."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from engine.errors import Fault, Place, RefusedInput
from engine.inquiry import DATES
from engine.packs.asked_shapes import KINDS
from engine.packs.source import read_tree
from engine.packs.tree import Tree
from engine.packs.words import Node, advice
from engine.registry.faults import SAID, file_fault, file_note, quoted
from engine.vocabulary import FactRecord, FactType, ListRecord, Owner, Vocabulary, Words

# What a row may say besides dates and facts.
NAME, CODE, ORGANISATION, REGISTRATION = "name", "code", "organisation_code", "registration_number"
PERSON, KIND, DOCUMENT, BODY = "person_number", "kind", "document", "body"
OWN: Mapping[str, Words] = {
    NAME: Words("主体名称", "name of the subject"),
    CODE: Words("统一社会信用代码", "unified social credit code"),
    ORGANISATION: Words("组织机构代码", "organisation code"),
    REGISTRATION: Words("工商注册号", "registration number"),
    PERSON: Words("身份证号码", "citizen's number"),
    KIND: Words("主体类别", "kind of subject"),
    DOCUMENT: Words("决定文书号", "document number"),
    BODY: Words("作出机关", "deciding body"),
}
NAMING = (NAME, CODE, ORGANISATION, REGISTRATION, PERSON)
UNITS: Mapping[str, int] = {"元": 1, "千元": 1_000, "万": 10_000, "万元": 10_000, "亿元": 100_000_000}
# Facts whose codes are those of other words of the vocabulary.
MATTER_FACT, PLACE_FACT = "permit_matter", "territory"
# As a value of a fact: nobody knows.
NOT_KNOWN = "unknown"
_FILE = Path(__file__).with_name("headings.yaml")
_SECTIONS = ("headings", "values", "kinds", "units", "ignore")
_IDLE = re.compile("[\\s_\\-*:\u200b\ufeff]+")
_UNIT = re.compile(r"(.+)\((?:单位)?(?:人民币)?(元|千元|万元?|亿元)\)")
_MOST_SHOWN = 20


def plain_heading(text: str) -> str:
    """A heading as it is compared: width, case, blanks, underscores, hyphens, asterisks and colons set aside."""
    return _IDLE.sub("", unicodedata.normalize("NFKC", text).casefold())


def plain_word(text: str) -> str:
    """A word of a cell as it is compared: width, case and blanks set aside."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True, slots=True)
class Meanings:
    """Plain headings to fields (an empty one is ignored), words of cells to codes, and units of headings in yuan."""

    headings: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading as written, the field it holds (empty: ignored), and of money the yuan in one unit."""

    heading: str
    field: str = ""
    unit: int = 1


@dataclass(frozen=True, slots=True)
class Columns:
    """A file's columns in order, the words its cells may use, and what is said beside."""

    columns: tuple[Column, ...]
    meanings: Meanings
    notes: tuple[Fault, ...] = ()

    def at(self, field: str) -> int | None:
        """In which column the field stands, from 0; None if in none."""
        return next((place for place, column in enumerate(self.columns) if column.field == field), None)


def columns_of(
    headings: Sequence[str], vocabulary: Vocabulary, list_code: str, mapping: Meanings | None = None, file: str = ""
) -> Columns:
    """What each column holds. RefusedInput: a field twice, nobody named, no column for a date the list requires."""
    record, known = vocabulary.lists[list_code], fields_of(vocabulary, list_code)
    meanings = mapping or shipped_meanings(vocabulary, list_code)
    columns = tuple(_column(heading, meanings, known, vocabulary) for heading in headings)
    place, found = Place(file), {column.field for column in columns if column.field}
    faults = list(_doubles(columns, known, place))
    if not found & set(NAMING):
        faults.append(file_fault("R402", place))
    for date_ in DATES:
        if date_ in record.required and date_ not in found:
            faults.append(_lacking("R403", date_, known, place, record))
    if faults:
        raise RefusedInput(faults)
    notes = [
        _lacking("R405", fact, known, place, record, note=True)
        for fact in sorted(record.required - found)
        if fact in known
    ]
    unused = [quoted(column.heading) for column in columns if not column.field and column.heading.strip()]
    if unused:
        more = "…" if len(unused) > _MOST_SHOWN else ""
        notes.append(file_note("R404", place, n="、".join(unused[:_MOST_SHOWN]) + more))
    return Columns(columns, meanings, tuple(notes))


def _column(heading: str, meanings: Meanings, known: Mapping[str, Words], vocabulary: Vocabulary) -> Column:
    plain = plain_heading(heading)
    unit = meanings.units.get(plain, 1)
    field = meanings.headings.get(plain, "")
    if plain not in meanings.headings and (found := _UNIT.fullmatch(plain)):
        field = meanings.headings.get(found[1], "")
        unit = UNITS[found[2]]
        if field not in vocabulary.facts or vocabulary.facts[field].type is not FactType.MONEY:
            field = ""
    return Column(heading, field, unit) if field in known else Column(heading)


def _doubles(columns: Sequence[Column], known: Mapping[str, Words], place: Place) -> Iterator[Fault]:
    first: dict[str, Column] = {}
    for column in columns:
        if column.field and first.setdefault(column.field, column) is not column:
            one, other = quoted(first[column.field].heading), quoted(column.heading)
            words = known[column.field]
            yield file_fault("R401", place, n=one, other=other, zh=words.zh, en=words.en)


def _lacking(
    code: str, field: str, known: Mapping[str, Words], place: Place, record: ListRecord, note: bool = False
) -> Fault:
    said = file_note if note else file_fault
    return said(code, place, n=record.code, field=field, zh=known[field].zh, en=known[field].en)


def fields_of(vocabulary: Vocabulary, list_code: str) -> dict[str, Words]:
    """Every field a row of the list may have, by name: its own, every date, and the facts the list carries."""
    record = vocabulary.lists[list_code]
    facts = {code: fact.name for code, fact in _facts(vocabulary) if code in DATES or record.carries(code)}
    return {**{code: Words(code, code) for code in DATES}, **facts, **OWN}


def _facts(vocabulary: Vocabulary) -> Iterator[tuple[str, FactRecord]]:
    return ((code, fact) for code, fact in vocabulary.facts.items() if fact.owner is Owner.ENTRY)


def value_codes(fact: FactRecord, vocabulary: Vocabulary) -> Mapping[str, Words] | None:
    """The codes a fact may have, with their words; None where any text is one."""
    if fact.code == MATTER_FACT:
        return {code: matter.name for code, matter in vocabulary.matters.items()}
    if fact.code == PLACE_FACT:
        return {code: place.name for code, place in vocabulary.jurisdictions.items()}
    return fact.values or None


# -- mapping files


def shipped_meanings(vocabulary: Vocabulary, list_code: str) -> Meanings:
    """What headings and words mean unless a mapping file says otherwise."""
    meanings = Meanings()
    for code, words in fields_of(vocabulary, list_code).items():
        meanings.headings.update(dict.fromkeys(map(plain_heading, (code, words.zh, words.en)), code))
    meanings.kinds.update({kind: kind for kind in KINDS})
    _read(Node.root(_shipped()), meanings, vocabulary, list_code)  # it speaks of facts of other lists too: no faults
    return meanings


@cache
def _shipped() -> Tree:
    return read_tree(_FILE)


def read_mapping(path: Path, vocabulary: Vocabulary, list_code: str) -> Meanings:
    """The shipped meanings with a list's own file over them. Missing, or RefusedInput with every fault at its place."""
    meanings, tree = shipped_meanings(vocabulary, list_code), read_tree(path)
    faults = list(tree.faults)
    _read(Node.root(tree, faults), meanings, vocabulary, list_code)
    if faults:
        raise RefusedInput(faults)
    return meanings


def _read(root: Node, meanings: Meanings, vocabulary: Vocabulary, list_code: str) -> None:
    if not root.map or any(not _section(kid) for kid in root.kids()):
        _fault(root, "R408")
    known, new = fields_of(vocabulary, list_code), dict[str, str]()
    _words(root.at("headings"), known, ("字段", "field"), new, plain_heading)
    for node in root.each("ignore"):
        new[plain_heading(node.text)] = ""
    meanings.headings.update(new)
    _words(root.at("kinds"), KINDS, ("主体类别", "kind of subject"), meanings.kinds, plain_word)
    units = dict[str, str]()
    _words(root.at("units"), UNITS, ("单位", "unit"), units, plain_heading)
    meanings.units.update({heading: UNITS[unit] for heading, unit in units.items()})
    for node in root.at("values").kids():
        fact = vocabulary.facts.get(node.name)
        if fact is None or node.name not in known or fact.type is not FactType.CODE:
            _fault(node, "R406", advice(node.name, known), zh="代码事实", en="code fact", n=quoted(node.name))
            continue
        codes = value_codes(fact, vocabulary)
        codes = codes if codes is None else {**codes, NOT_KNOWN: Words("不详", NOT_KNOWN)}
        _words(node, codes, ("取值", "value"), meanings.values.setdefault(node.name, {}), plain_word)


def _section(node: Node) -> bool:
    return node.name in _SECTIONS and (bool(node.map) or (node.name == "ignore" and bool(node.value)))


def _words(
    section: Node,
    known: Collection[str] | None,
    what: tuple[str, str],
    into: dict[str, str],
    plain: Callable[[str], str],
) -> None:
    """Put the words of a section under their codes; a fault for a code that is none, and a word with two codes."""
    own: dict[str, str] = {}
    for kid in section.kids():
        if known is not None and kid.name not in known:
            _fault(kid, "R406", advice(kid.name, known), zh=what[0], en=what[1], n=quoted(kid.name))
            continue
        for node in section.each(kid.name):
            if own.setdefault(plain(node.text), kid.name) != kid.name:
                _fault(node, "R407", n=quoted(node.text), field=own[plain(node.text)])
    into.update(own)


def _fault(node: Node, code: str, help: tuple[str, str] = ("", ""), **words: str) -> None:
    zh, en, _, _ = (said.format(**words) for said in SAID[code])
    node.fault(code, zh, en, help, key=True)
