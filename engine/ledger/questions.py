"""The question of a decision, read back from its core: straight from its data, and as the file it might have been."""

import json
from collections.abc import Mapping
from typing import Any

from engine.calendar import When, read_when
from engine.errors import refused_input
from engine.identity import read_subject
from engine.inquiry import UNKNOWN, Inquiry, Known, Party
from engine.ledger.envelope import Data
from engine.model import MOMENTS, Rulebook
from engine.packs.asked_shapes import KINDS
from engine.packs.entries import UNKNOWN_TEXT
from engine.packs.questions import AS_OF, MOST_PARTIES, read_inquiry
from engine.packs.source import parse_tree
from engine.packs.values import read_value
from engine.vocabulary import NATIONAL, Owner, Scenario, Vocabulary

# The longest text that the reader of files takes on a line.
LONGEST = 300


# What reading something of another form raises.
_STRANGE = (ValueError, KeyError, AttributeError, TypeError)


class _NotPlain(ValueError):
    """Something that only the reader of files may judge."""


def question_of(core: Data, names: Mapping[str, Data], rulebook: Rulebook) -> Inquiry:
    """The inquiry a core answers, its parties by the subjects their handles stand for.

    What stands in a core was read from a file once, so it is taken as it is; where anything is otherwise, as under
    another rulebook, it is read as a file again. RefusedInput names every fault then.
    """
    try:
        return _plain(core["question"], names, rulebook.vocabulary)
    except _STRANGE:
        return read_inquiry(parse_tree(as_file(core, names), "ledger"), rulebook.vocabulary)


def as_file(core: Data, names: Mapping[str, Data]) -> bytes:
    """The question as an inquiry file says it. RefusedInput if it has not the form of one."""
    try:
        return json.dumps(_file(core["question"], names), ensure_ascii=False).encode()
    except _STRANGE:
        raise refused_input("R721", "决定的记录读不懂", "the record of the decision cannot be read",
                            "memoranda log verify 指出何处被改动", "memoranda log verify says where it was altered"
                            ) from None  # fmt: skip


def _file(question: Data, names: Mapping[str, Data]) -> Data:
    moments = dict(question["moments"])
    parties = [
        {
            "subject": names[party["party"]]["subject"], "role": party["role"], "kind": party["kind"],
            **({"consortium": party["consortium"]} if party.get("consortium") else {}),
            **({"facts": party["facts"]} if party["facts"] else {}),
        }
        for party in question["parties"]
    ]  # fmt: skip
    asked: Data = {"scenario": question["scenario"], "parties": parties, "as_of": moments.pop(AS_OF)}
    # Said even where it is `as_of`: silence would mean the scenario's own moment.
    asked |= {"moments": moments, "prevails": question["prevails"]}
    asked |= {name: question[name] for name in ("jurisdiction", "matter", "authority") if name in question}
    return asked | ({"facts": question["facts"]} if question["facts"] else {})


def _plain(question: Data, names: Mapping[str, Data], vocabulary: Vocabulary) -> Inquiry:
    """The inquiry, if every word of it is known and written as a core writes it; ValueError or KeyError otherwise."""
    scenario = vocabulary.scenarios[question["scenario"]]
    moments = {name: _moment(name, text) for name, text in question["moments"].items()}
    parties = tuple([_party(party, names, scenario, vocabulary) for party in question["parties"]])
    place, matter, authority = question.get("jurisdiction"), question.get("matter"), question.get("authority")
    _demand(AS_OF in moments and question["prevails"] in moments)
    _demand(0 < len(parties) <= MOST_PARTIES and len({(one.subject, one.role) for one in parties}) == len(parties))
    _demand(place is None or place == NATIONAL or place in vocabulary.jurisdictions)
    _demand(matter is None or scenario.code in vocabulary.matters[matter].scenarios)
    _demand(authority is None or authority in vocabulary.issuers)
    facts = _facts(question["facts"], Owner.INQUIRY, vocabulary)
    return Inquiry(scenario.code, parties, moments, question["prevails"], place, matter, authority, facts)


def _party(party: Data, names: Mapping[str, Data], scenario: Scenario, vocabulary: Vocabulary) -> Party:
    subject, role, kind = names[party["party"]]["subject"], party["role"], party["kind"]
    consortium = party.get("consortium", "")
    _demand(read_subject(subject) == subject and role in scenario.roles and kind in KINDS and _line(consortium))
    return Party(subject, role, consortium, kind, _facts(party["facts"], Owner.PARTY, vocabulary))


def _moment(name: str, text: str) -> When:
    when = read_when(text)
    _demand(name in MOMENTS and when.text == text)
    return when


def _facts(said: Mapping[str, str], owner: Owner, vocabulary: Vocabulary) -> dict[str, Known]:
    return {name: _fact(name, text, owner, vocabulary) for name, text in said.items()}


def _fact(name: str, text: str, owner: Owner, vocabulary: Vocabulary) -> Known:
    fact = vocabulary.facts[name]
    _demand(fact.owner is owner and text != "" and _line(text))
    return UNKNOWN if text == UNKNOWN_TEXT else read_value(fact, text)


def _line(text: str) -> bool:
    """Whether a file may say it on a line: the reader refuses what does not print."""
    return text.isprintable() and len(text) <= LONGEST


def _demand(holds: Any) -> None:
    if not holds:
        raise _NotPlain
