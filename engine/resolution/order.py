"""One order for parties and entries, whatever order they came in, so that handles and bytes never depend on it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.inquiry import Entry, Inquiry, Party, Register


def in_order(inquiry: Inquiry, register: Register) -> tuple[Inquiry, Register]:
    """Both with parties, entries and relations sorted by all they say."""
    parties = tuple(sorted(inquiry.parties, key=_party_key))
    entries = tuple(sorted(register.entries, key=_entry_key))
    relations = tuple(sorted(register.relations, key=lambda r: (r.kind, r.near, r.far, str(r.span))))
    return replace(inquiry, parties=parties), replace(register, entries=entries, relations=relations)


def _party_key(party: Party) -> tuple[Any, ...]:
    return party.subject, party.role, party.consortium, party.kind, _items(party.facts)


def _entry_key(entry: Entry) -> tuple[Any, ...]:
    dates = sorted((name, when.first, when.last) for name, when in entry.dates.items())
    events = sorted((event.kind, event.when.first, event.when.last) for event in entry.events)
    return entry.subject, entry.list, dates, events, _items(entry.facts), entry.document, entry.body


def _items(facts: Mapping[str, object]) -> list[tuple[str, str, str]]:
    return sorted((name, type(value).__name__, str(value)) for name, value in facts.items())
