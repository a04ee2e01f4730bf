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
from engine.registry.reading import Source, arrivals_at, register_of, take_out
from engine.registry.shelf import Shelf
from engine.registry.store import Store
from engine.services.books import open_books
from engine.services.rulebooks import law_of
from engine.vocabulary import Vocabulary

# What arrived by versions, by their digests.
MOST_VERSIONS = 16
_ARRIVED: dict[str, Mapping[str, str]] = {}


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


def ask_registry(inquiry: Inquiry, library: Library, rulebook: Rulebook, registry: Store, at: str | None) -> Asked:
    """The decision on an inquiry by what the registry knows, or knew at a version or time `at`."""
    with registry.reading() as connection:
        version = version_of(connection, at)
        register = _known(inquiry, connection, version, rulebook)
    return Asked(decide(inquiry, register, rulebook), rulebook, version, library.files)


class Sitting:
    """Many questions answered one after another by the same law, what is known of all of them read at once."""

    def __init__(self, library: Library, rulebook: Rulebook, connection: Any, subjects: Sequence[str]) -> None:
        self._library, self._rulebook, self._connection = library, rulebook, connection
        self._newest = version_of(connection)
        self._shelf = Shelf(connection)
        take_out(self._shelf, subjects, self._newest.number)

    def ask(self, inquiry: Inquiry, at: str | None = None) -> Asked:
        """As `ask_registry`; the newest version is that at the beginning."""
        version = self._newest if at is None else version_of(self._connection, at)
        register = _known(inquiry, self._shelf, version, self._rulebook)
        return Asked(decide(inquiry, register, self._rulebook), self._rulebook, version, self._library.files)


def _known(inquiry: Inquiry, source: Source, version: Version, rulebook: Rulebook) -> Register:
    subjects = [party.subject for party in inquiry.parties]
    arrived = None if isinstance(source, Shelf) else _arrived(source, version)
    return register_of(source, subjects, version.number, rulebook.vocabulary, arrived)


def _arrived(connection: Source, version: Version) -> Mapping[str, str]:
    """When each list last arrived: the same for every subject, and for ever, at a version of this digest."""
    found = _ARRIVED.get(version.digest)
    if found is None:
        if len(_ARRIVED) >= MOST_VERSIONS:
            _ARRIVED.clear()
        found = _ARRIVED[version.digest] = arrivals_at(connection, version.number)
    return found


def _ask(inquiry: Inquiry, known: Known, library: Library) -> Asked:
    rulebook = library.rulebook()
    if known.entries is not None:
        return Asked(decide(inquiry, _register(known.entries, rulebook), rulebook), rulebook)
    return ask_registry(inquiry, library, rulebook, open_books().registry, known.at)


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
