"""One question answered: an inquiry and what is known, from a file or the registry; read, judged, never written."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.calendar import SHANGHAI, When, instant
from engine.decide import decide
from engine.decision import Decision
from engine.inquiry import Inquiry, Register
from engine.model import Rulebook
from engine.packs.library import Library
from engine.packs.questions import read_inquiry, read_register
from engine.packs.source import ENTRIES_LIMIT, parse_tree, read_tree
from engine.registry.chain import Version
from engine.registry.knowing import version_of
from engine.registry.reading import register_of
from engine.services.books import open_books
from engine.services.rulebooks import law_of
from engine.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision, the rulebook its words are taken from, and the registry's version it read (None: a file).

    `files` are what the rulebook was made of, for whoever keeps the decision.
    """

    decision: Decision
    rulebook: Rulebook
    version: Version | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShortQuestion:
    """A question as a person types it: one subject, one scenario; `at` is the moment that prevails, now if not said."""

    subject: str
    scenario: str
    at: str | None = None
    jurisdiction: str | None = None
    role: str | None = None
    matter: str | None = None
    authority: str | None = None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Where what is known comes from: an entries file, or the registry as known at a version or time (now: None)."""

    entries: Path | None = None
    at: str | None = None


def ask_by_file(inquiry: Path, known: Known, layers: Sequence[Path] = ()) -> Asked:
    """The decision on an inquiry file; RefusedInput names every fault of the file."""
    library = law_of(layers)
    return _ask(read_inquiry(read_tree(inquiry), library.vocabulary, _now()), known, library)


def ask_short(question: ShortQuestion, known: Known, layers: Sequence[Path] = ()) -> Asked:
    """The decision on a question in its short form."""
    library = law_of(layers)
    return _ask(_from_short(question, library.vocabulary), known, library)


def ask_with(rulebook: Rulebook, inquiry: Path, entries: Path) -> Decision:
    """The decision on two files by a rulebook already at hand."""
    asked = read_inquiry(read_tree(inquiry), rulebook.vocabulary, _now())
    return decide(asked, _register(entries, rulebook), rulebook)


def _ask(inquiry: Inquiry, known: Known, library: Library) -> Asked:
    rulebook = library.rulebook()
    if known.entries is not None:
        return Asked(decide(inquiry, _register(known.entries, rulebook), rulebook), rulebook)
    with open_books().registry.reading() as connection:
        version = version_of(connection, known.at)
        subjects = [party.subject for party in inquiry.parties]
        register = register_of(connection, subjects, version.number, rulebook.vocabulary)
    return Asked(decide(inquiry, register, rulebook), rulebook, version, library.files)


def _register(entries: Path, rulebook: Rulebook) -> Register:
    return read_register(read_tree(entries, ENTRIES_LIMIT), rulebook.vocabulary)


def _from_short(question: ShortQuestion, vocabulary: Vocabulary) -> Inquiry:
    """The short form is read as though it were a file, so that both forms get the same faults."""
    party = {"subject": question.subject} | ({"role": question.role} if question.role else {})
    optional = ("jurisdiction", "matter", "authority")
    document: dict[str, Any] = {"scenario": question.scenario, "parties": [party]}
    document |= {name: value for name in optional if (value := getattr(question, name))}
    if question.at:
        document |= {"as_of": question.at} | _prevailing(question, vocabulary)
    facts = dict(fact.partition("=")[::2] for fact in question.facts)
    if facts:
        document |= {"facts": facts}
    text = json.dumps(document, ensure_ascii=False)
    return read_inquiry(parse_tree(text.encode("utf-8", "replace"), "memoranda decide"), vocabulary, _now())


def _prevailing(question: ShortQuestion, vocabulary: Vocabulary) -> dict[str, dict[str, str | None]]:
    """The scenario's own moment, for `--at` is the moment the question turns on."""
    scenario = vocabulary.scenarios.get(question.scenario)
    return {"moments": {scenario.moment: question.at}} if scenario and scenario.moment != "as_of" else {}


def _now() -> When:
    return instant(datetime.now(UTC).astimezone(SHANGHAI).replace(microsecond=0))
