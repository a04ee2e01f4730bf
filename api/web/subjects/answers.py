"""What the scenarios would answer about a subject: judged, told in words, and not recorded."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.notice.speaking import Clerk
from api.notice.words import day_or_instant
from api.web.links import clause_link
from api.web.visits import Visit
from engine.calendar import SHANGHAI, instant
from engine.explanation import phrases
from engine.inquiry import Inquiry
from engine.packs.pointers import tree_of_json
from engine.packs.questions import read_inquiry
from engine.services.ask import Asked
from engine.services.moments import utc_now
from engine.vocabulary import Vocabulary, Words

Data = Mapping[str, Any]

# The scenarios of the subject's page; for an account that may ask in none of them, the first that it may.
SCENARIOS = ("procurement", "bidding", "subsidy", "permit")
# So many deciding reasons are told, so many names in a row; the decision itself holds all.
MOST_REASONS, MOST_NAMES = 2, 4


@dataclass(frozen=True, slots=True)
class Clause:
    """A measure by what it says, the document it stands in, where the library has it, and on which days it decides."""

    says: str
    document: str
    href: str
    days: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A deciding measure with what else there is to say: the entry, its term, why it is open."""

    clause: Clause
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """An answer that was not recorded: `at` is the day it was asked for, empty for now."""

    scenario: str
    name: str
    verdict: str
    word: str
    channel: str
    reasons: tuple[Reason, ...]
    lines: tuple[str, ...]
    until: tuple[str, ...]
    at: str = ""

    @property
    def gist(self) -> object:
        """What two answers must share to be the same."""
        return self.verdict, self.channel, [reason.clause.href for reason in self.reasons], self.lines


class Voice(Clerk):
    """Speaks as a notice does, and knows the page's own words and links."""

    def __init__(self, visit: Visit, say: Callable[..., str]) -> None:
        super().__init__(visit.desk.law.now.rulebook, visit.lang)
        self._say = say

    def say(self, key: str, **parts: Any) -> str:
        """A saying of the engine, or a word of the page."""
        return super().say(key, **parts) if key in phrases.SAYINGS else self._say(key, **parts)

    def clause(self, measure: str) -> Clause:
        """A measure with its link."""
        return Clause(
            self.word(self.measures[measure].says), self.document(measure), clause_link(measure, self.rulebook)
        )

    def some(self, names: Sequence[str]) -> str:
        """The first of some names, and how many there are."""
        if len(names) <= MOST_NAMES:
            return self.join(names)
        return self._say("and_more", names=self.join(names[:MOST_NAMES]), number=len(names))

    @cached_property
    def lists(self) -> Mapping[str, str]:
        """The names of all lists."""
        return {code: self.word(record.name) for code, record in self.vocabulary.lists.items()}


def scenarios_of(visit: Visit) -> list[str]:
    """The scenarios whose answers the page shows to this visitor."""
    mine = visit.scenarios
    return [code for code in SCENARIOS if code in mine] or mine[: len(SCENARIOS)]


def inquiry_of(vocabulary: Vocabulary, subject: str, scenario: str, place: str, at: str = "") -> Inquiry:
    """The question the counter would ask: now, or at a day or an instant. RefusedInput for no such time."""
    kind = {"kind": "natural-person"} if subject.startswith("person") else {}
    document: dict[str, Any] = {"scenario": scenario, "parties": [{"subject": subject, **kind}]}
    moment = vocabulary.scenarios[scenario].moment
    if place:
        document["jurisdiction"] = place
    if at:
        document |= {"as_of": at} | ({"moments": {moment: at}} if moment != "as_of" else {})
    now = instant(utc_now().astimezone(SHANGHAI).replace(microsecond=0))
    return read_inquiry(tree_of_json(json.dumps(document).encode()), vocabulary, now)


def preview_of(asked: Asked, voice: Voice, at: str = "") -> Preview:
    """An answer in words."""
    core = asked.decision.data
    (party,) = core["parties"]
    deciding = [finding for finding in party["findings"] if finding["decides"]]
    entries = {entry["entry"]: entry["list"] for entry in core["entries"]}
    reasons = tuple(_reason(finding, entries, voice) for finding in deciding[:MOST_REASONS])
    lines = [*_doubts(core, party, voice)]
    if len(deciding) > MOST_REASONS:
        lines.insert(0, voice.say("more_reasons", number=len(deciding) - MOST_REASONS))
    if not deciding and not lines:
        lines.append(voice.say("no_reason"))
    channel = "" if party["channel"] == "ordinary" else voice.word(phrases.CHANNELS[party["channel"]])
    name = voice.word(voice.vocabulary.scenarios[core["question"]["scenario"]].name)
    return Preview(
        core["question"]["scenario"], name, core["verdict"], voice.word(phrases.VERDICTS[core["verdict"]]), channel,
        reasons, tuple(lines), tuple(_until(core, at, voice)), at,
    )  # fmt: skip


def _reason(finding: Data, entries: Data, voice: Voice) -> Reason:
    measure, lines = voice.measures[finding["measure"]], list[str]()
    if "entry" in finding:
        lines.append(voice.say("because_entry", list=voice.lists[entries[finding["entry"]]]))
        if finding["reach"] != "self":
            lines.append(voice.say("by_related", reach=voice.word(phrases.REACHES[finding["reach"]])))
    if "until" in finding:
        lines.append(voice.say("until", day=day_or_instant(finding["until"], voice.lang)))
    lines += [voice.cause(cause, measure) for cause in finding["causes"]]
    return Reason(voice.clause(finding["measure"]), tuple(dict.fromkeys(lines)))


def _doubts(core: Data, party: Data, voice: Voice) -> Iterator[str]:
    """Why a person must look though no measure says so: lists too old, relations that never arrived, likely names."""
    stale = [voice.lists[state["list"]] for state in core["lists"] if state["needed"] and not state["known"]]
    if stale:
        yield voice.word(phrases.CAUSES["list-unknown"]).format(of=voice.some(stale))
    if core["relations_missing"]:
        ties = [voice.word(phrases.TIES[kind]) for kind in core["relations_missing"]]
        yield _flag("relation-unknown", voice.some(ties), voice)
    for flag in party["flags"]:
        if flag["flag"] in ("candidate", "disputed"):
            yield _flag(flag["flag"], voice.of(flag["of"]), voice)
    if core["missing"]:
        yield voice.say("missing", facts=voice.some([voice.of(fact) for fact in core["missing"]]))


def _flag(code: str, of: str, voice: Voice) -> str:
    said: Words = phrases.FLAGS[code]
    return voice.word(said).format(of=of)


def _until(core: Data, at: str, voice: Voice) -> Iterator[str]:
    """Until when the answer holds: by what is known to come, and by the age of the lists."""
    if "valid_until" in core:
        yield voice.say("valid_until", day=day_or_instant(core["valid_until"], voice.lang))
    else:
        yield voice.say("valid_open")
    if "fresh_until" in core and not at:  # of another day it says nothing
        yield voice.say("fresh_until", when=day_or_instant(core["fresh_until"], voice.lang))
