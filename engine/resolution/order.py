"""One order for parties and entries, whatever order they came in, so that handles and bytes never depend on it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.condition import tests_of
from engine.inquiry import Entry, Inquiry, Party, Register
from engine.matching.facts import REPEAT, reached, repeat_listing
from engine.vocabulary import Vocabulary


def in_order(inquiry: Inquiry, register: Register, vocabulary: Vocabulary) -> tuple[Inquiry, Register]:
    """Both with parties, entries and relations sorted by all they say; of the register what concerns the parties."""
    if len(inquiry.parties) > 1:
        inquiry = replace(inquiry, parties=tuple(sorted(inquiry.parties, key=_party_key)))
    parties = inquiry.parties
    subjects = sorted({subject for party in parties for _, subject in reached(party, register)})
    found = (entry for subject in subjects for entry in register.by_subject.get(subject, ()))
    entries = sorted((_counted(entry, register, vocabulary, inquiry) for entry in found), key=_entry_key)
    own = {party.subject for party in parties}
    ties = {id(tie): tie for subject in own for tie in register.ties_of.get(subject, ())}
    relations = sorted(ties.values(), key=lambda r: (r.kind, r.near, r.far, str(r.span)))
    near = sorted((c for c in register.candidates if c.subject in own), key=lambda c: (c.subject, c.list, c.number))
    concerned = replace(register, entries=tuple(entries), relations=tuple(relations), candidates=tuple(near))
    return inquiry, concerned


def _counted(entry: Entry, register: Register, vocabulary: Vocabulary, inquiry: Inquiry) -> Entry:
    """Where the list's term asks whether this is a repeat listing, that is settled first, from earlier entries."""
    asked = any(test.fact == REPEAT for rule in vocabulary.lists[entry.list].terms for test in tests_of(rule.when))
    if not asked or REPEAT in entry.facts:
        return entry
    known = repeat_listing(entry, register, inquiry.prevailing)
    return replace(entry, facts={**entry.facts, REPEAT: known})


def _party_key(party: Party) -> tuple[Any, ...]:
    return party.subject, party.role, party.consortium, party.kind, _items(party.facts)


def _entry_key(entry: Entry) -> tuple[Any, ...]:
    dates = sorted((name, when.first, when.last) for name, when in entry.dates.items())
    events = sorted((event.kind, event.when.first, event.when.last) for event in entry.events)
    return entry.subject, entry.list, dates, events, _items(entry.facts), entry.document, entry.body


def _items(facts: Mapping[str, object]) -> list[tuple[str, str, str]]:
    return sorted((name, type(value).__name__, str(value)) for name, value in facts.items())
