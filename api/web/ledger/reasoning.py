"""Why a decision came out as it did, as a tree: parties, the measures each met, and what each of those rests on.

At three depths: for the counter what decides, for a lawyer all that counts, for an auditor everything that was met.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from api.notice.parties import PartyTeller
from api.notice.parties import told as told_in_notice
from api.notice.speaking import Clerk
from api.notice.words import day_or_instant
from api.web.ledger.reasoning_words import WORDS
from api.web.links import clause_link
from engine.explanation import phrases
from engine.explanation.render import Depth
from engine.model import Rulebook
from engine.services.noticing import Noted

Data = Mapping[str, Any]
Row = tuple[str, str]

_DATES = list(phrases.DATES)


@dataclass(frozen=True, slots=True)
class Clause:
    """A measure's place: the document and clause in words, and where the library shows it, if it still does."""

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Record:
    """An entry that a reason rests on; without lines where it was told of the same party before."""

    says: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A measure that was met: what it says, effect, duty and state, its clause, what follows, and the entry."""

    says: str
    marks: str
    decides: bool
    clause: Clause
    rows: tuple[Row, ...]
    causes: tuple[str, ...]
    record: Record | None


@dataclass(frozen=True, slots=True)
class Given:
    """A benefit, what became of it, the clauses that name it and why it is withheld."""

    name: str
    state: str
    clauses: tuple[Clause, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """One party with all that bears on it."""

    handle: str
    role: str
    who: str
    verdict: str
    word: str
    channel: str
    plain: str
    deciding: tuple[Reason, ...]
    others: tuple[Reason, ...]
    benefits: tuple[Given, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """The reasons of some parties, and what bears on the whole decision."""

    branches: tuple[Branch, ...]
    notes: tuple[str, ...]
    made_by: tuple[Row, ...]


def tree_of(noted: Noted, current: Rulebook, lang: str, depth: Depth, parties: slice) -> Tree:
    """The tree of these parties; `current` is the rulebook whose library is served, to which clauses link."""
    return _Grower(noted, current, lang, depth).tree(parties)


class _Grower:
    """Walks the recorded reasons; every sentence comes from `phrases`, every name from the rulebook."""

    def __init__(self, noted: Noted, current: Rulebook, lang: str, depth: Depth) -> None:
        self._noted, self._current, self._depth = noted, current, depth
        self._speaker, self._core = Clerk(noted.rulebook, lang), noted.receipt["core"]
        self._who = PartyTeller(noted, self._speaker).who
        self._entries = {entry["entry"]: entry for entry in self._core["entries"]}
        self._roles = {party["party"]: party["role"] for party in self._core["question"]["parties"]}

    def tree(self, parties: slice) -> Tree:
        """All of it."""
        branches = tuple(self._branch(party) for party in self._core["parties"][parties])
        return Tree(branches, tuple(self._notes()), tuple(self._made_by()))

    def _branch(self, party: Data) -> Branch:
        speaker, told = self._speaker, set[str]()
        roles = speaker.vocabulary.scenarios[self._core["question"]["scenario"]].roles
        deciding = [one for one in party["findings"] if one["decides"]]
        others = [one for one in party["findings"] if not one["decides"] and self._shown(one)]
        return Branch(
            handle=party["party"],
            role=speaker.word(roles[self._roles[party["party"]]]),
            who=self._who(party["party"]),
            verdict=party["verdict"],
            word=speaker.word(phrases.VERDICTS[party["verdict"]]),
            channel="" if party["channel"] == "ordinary" else speaker.word(phrases.CHANNELS[party["channel"]]),
            plain=self._plain(party, bool(deciding)),
            deciding=tuple(self._reason(one, told) for one in deciding),
            others=tuple(self._reason(one, told) for one in others),
            benefits=tuple(self._benefits(party)),
            flags=tuple(self._flags(party["flags"])),
        )

    def _shown(self, finding: Data) -> bool:
        """What does not decide: at the counter what a notice tells too, to a lawyer all but drafts."""
        if self._depth is Depth.AUDITOR:
            return True
        if self._depth is Depth.LAWYER:
            return all(cause["why"] != "draft" for cause in finding["causes"])
        return told_in_notice(finding)

    def _plain(self, party: Data, decided: bool) -> str:
        speaker = self._speaker
        if "tainted_by" in party:
            return speaker.say("tainted", parties=speaker.join(party["tainted_by"]))
        open_ones = any(one["state"] == "undetermined" for one in party["findings"])
        return "" if decided or open_ones else speaker.say("no_reason")

    def _reason(self, finding: Data, told: set[str]) -> Reason:
        speaker, measure = self._speaker, self._speaker.measures[finding["measure"]]
        marks = phrases.EFFECTS[finding["effect"]], phrases.DUTIES[finding["duty"]], phrases.STATES[finding["state"]]
        return Reason(
            says=speaker.word(measure.says),
            marks=" · ".join(map(speaker.word, marks)),
            decides=finding["decides"],
            clause=self._clause(measure.id),
            rows=tuple((self._say(key), text) for key, text in self._rows(finding) if text),
            causes=tuple(speaker.cause(cause, measure) for cause in finding["causes"]),
            record=self._record(finding, told) if "entry" in finding else None,
        )

    def _clause(self, measure: str) -> Clause:
        link = clause_link(measure, self._current, self._noted.rulebook.revision)
        return Clause(self._speaker.document(measure), link)

    def _rows(self, finding: Data) -> Iterator[Row]:
        """What stands beside a reason, by the names of its labels."""
        speaker, measure = self._speaker, self._speaker.measures[finding["measure"]]
        counts = finding["state"] != "without-effect"
        yield "basis", speaker.join(speaker.cited(text) for text in finding["basis"])
        if "until" in finding and counts:
            yield "term", speaker.say("until", day=day_or_instant(finding["until"], speaker.lang))
        if finding["decides"] and finding["effect"] == "limit":
            yield "condition", speaker.word(measure.condition or measure.says)
        if self._depth is Depth.COUNTER:
            return
        stage = str(self._core["question"]["facts"].get("stage", ""))
        if (then := measure.then.get(stage) or measure.then.get("")) and counts:
            yield "then", speaker.word(then)
        yield "missing", speaker.join(map(speaker.of, finding.get("missing", ())))
        if self._depth is Depth.AUDITOR:
            if "standing" in finding:
                yield "standing", speaker.word(phrases.STANDINGS[finding["standing"]])
            checked = measure.checked
            by, sure = speaker.word(phrases.CHECKS[checked.by]), speaker.word(phrases.SURE[checked.confidence])
            yield "checked", speaker.join((by, day_or_instant(checked.on.isoformat(), speaker.lang), sure))
            yield "note", speaker.word(measure.note) if measure.note else ""
            yield "measure", measure.id

    def _record(self, finding: Data, told: set[str]) -> Record:
        """The entry with its dates, its facts and, as far as opened, its document."""
        speaker, handle = self._speaker, finding["entry"]
        entry, reach = self._entries[handle], speaker.word(phrases.REACHES[finding["reach"]])
        if handle in told:
            return Record(speaker.say("entry_again", handle=handle, reach=reach), ())
        told.add(handle)
        says = self._say("record").format(handle=handle, reach=reach, list=speaker.list_name(entry["list"]))
        return Record(says, tuple((label, text) for label, text in self._stated(handle, entry) if text))

    def _stated(self, handle: str, entry: Data) -> Iterator[Row]:
        speaker, opened = self._speaker, self._noted.openings.get(handle, {})
        dates = sorted(entry["dates"].items(), key=lambda date: _DATES.index(date[0]))
        for name, text in (*dates, *((one["kind"], one["on"]) for one in entry["events"])):
            yield speaker.word(phrases.DATES[name]), day_or_instant(text, speaker.lang)
        yield self._say("act"), speaker.join(filter(None, (opened.get("document"), opened.get("body"))))
        if self._depth is Depth.COUNTER:
            return
        for name, text in entry["facts"].items():
            yield speaker.of(name), speaker.value(name, text)
        if self._depth is Depth.AUDITOR:
            yield self._say("number"), opened.get("number", "")
            yield self._say("of"), f"{entry['of']} {self._who(entry['of'])}"

    def _benefits(self, party: Data) -> Iterator[Given]:
        """Each benefit once; what does not apply at all is for the auditor."""
        speaker, scenario = self._speaker, self._core["question"]["scenario"]
        shown = [one for one in party["benefits"] if one["state"] != "void" or self._depth is Depth.AUDITOR]
        for (state, name), group in groupby(shown, key=lambda one: (one["state"], one["benefit"])):
            sources = [(one, speaker.measures[one["measure"]]) for one in group]
            why = [speaker.cause(cause, measure) for one, measure in sources for cause in one["causes"]]
            named, word = speaker.benefit(name, sources[0][1], scenario), speaker.word(phrases.BENEFIT_STATES[state])
            clauses = (self._granting(measure.id) for _, measure in sources)
            yield Given(named, word, tuple(dict.fromkeys(clauses)), tuple(dict.fromkeys(why)))

    def _granting(self, measure: str) -> Clause:
        clause, says = self._clause(measure), self._speaker.word(self._speaker.measures[measure].says)
        return Clause(self._speaker.say("granting", says=says, basis=clause.text), clause.link)

    def _flags(self, flags: Sequence[Data]) -> Iterator[str]:
        for flag in flags:
            if flag["flag"] not in phrases.QUIET_FLAGS or self._depth is not Depth.COUNTER:
                said = self._speaker.word(phrases.FLAGS[flag["flag"]])
                yield said.format(of=self._speaker.of(flag.get("of", "")))

    def _notes(self) -> Iterator[str]:
        """What bears on the whole decision: its flags, facts nobody stated, lists and relations that were not known."""
        speaker, core = self._speaker, self._core
        yield from self._flags(core["flags"])
        for key in ("missing", "assumed"):
            if core[key] and (key == "missing" or self._depth is not Depth.COUNTER):
                yield speaker.say(key, facts=speaker.join(map(speaker.of, core[key])))
        for state in core["lists"]:
            if not state["known"] and (state["needed"] or self._depth is not Depth.COUNTER):
                when = day_or_instant(state["data_time"], speaker.lang) if "data_time" in state else ""
                yield speaker.say(
                    "unknown_list", list=speaker.list_name(state["list"]), when=when or speaker.say("never")
                )

    def _made_by(self) -> Iterator[Row]:
        if self._depth is Depth.AUDITOR:
            yield self._say("revision"), self._noted.rulebook.revision
            yield self._say("semantics"), str(self._core["semantics"])

    def _say(self, key: str) -> str:
        return WORDS[key].say(self._speaker.lang)
