"""What a notice says of each party: who it is, its verdict, what restricts it and on what terms, what it is given."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from api.notice.speaking import Clerk
from api.notice.words import day_or_instant, say
from engine.explanation import phrases
from engine.services.noticing import Noted

Data = Mapping[str, Any]

# What set a measure aside by law or by an exception is said even where it changes nothing.
_TOLD = frozenset({"lapsed", "local", "lifted"})
# What only bears on benefits, or on other measures, is said with those.
_ELSEWHERE = phrases.BENEFIT_EFFECTS | {"inform", "withhold", "lift"}
_DATES = list(phrases.DATES)
_PERSON = "person:"
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Reason:
    """One measure that was met: what it says, what it does, and labelled lines; the first names document and clause.

    `measure` is its identity, `href` where a page leads from here; a notice on paper prints neither.
    """

    says: str
    marks: str
    lines: tuple[tuple[str, str], ...]
    measure: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A benefit, what became of it, the clauses that name it and why it is withheld.

    `measures` are the identities of the clauses, `hrefs` where a page leads from them.
    """

    name: str
    state: str
    by: tuple[str, ...]
    why: tuple[str, ...]
    measures: tuple[str, ...] = ()
    hrefs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartyPart:
    """One party as the notice shows it."""

    handle: str
    role: str
    who: str
    verdict: str
    word: str
    channel: str
    plain: str
    heading: str
    reasons: tuple[Reason, ...]
    others: tuple[Reason, ...]
    conditions: tuple[str, ...]
    benefits: tuple[Given, ...]


class PartyTeller:
    """Walks the receipt's reasons once; every sentence comes from the phrases, every name from the rulebook."""

    def __init__(self, noted: Noted, speaker: Clerk) -> None:
        self._noted, self._speaker, self._core = noted, speaker, noted.receipt["core"]
        self._entries = {entry["entry"]: entry for entry in self._core["entries"]}
        self._question = self._core["question"]
        self._told: set[str] = set()

    def parties(self) -> Iterator[PartyPart]:
        """Each party, in the order asked."""
        asked = {party["party"]: party for party in self._question["parties"]}
        for party in self._core["parties"]:
            yield self._party(party, asked[party["party"]])

    def who(self, handle: str) -> str:
        """A handle's subject as far as its holder may see it; a person only by the beginning of its digest."""
        speaker, opened = self._speaker, self._noted.openings.get(handle)
        if opened is not None:
            code = str(opened["subject"])
            if code.startswith(_PERSON):
                return say("person_key", speaker.lang, digest=code.rpartition(":")[2][:_DIGITS])
            return code
        if self._noted.closed:
            return say("closed", speaker.lang)
        # All or nothing is opened: where another party is, this one was erased.
        erased = self._noted.whole or any(name.startswith("p") for name in self._noted.openings)
        return say("erased" if erased else "unopened", speaker.lang)

    def _party(self, party: Data, asked: Data) -> PartyPart:
        speaker = self._speaker
        roles = speaker.vocabulary.scenarios[self._question["scenario"]].roles
        deciding = [finding for finding in party["findings"] if finding["decides"]]
        others = [finding for finding in party["findings"] if not finding["decides"] and told(finding)]
        open_ones = any(finding["state"] == "undetermined" for finding in party["findings"])
        tainted = speaker.say("tainted", parties=speaker.join(party.get("tainted_by", ())))
        return PartyPart(
            handle=party["party"],
            role=speaker.word(roles[asked["role"]]),
            who=self.who(party["party"]),
            verdict=party["verdict"],
            word=speaker.word(phrases.VERDICTS[party["verdict"]]),
            channel="" if party["channel"] == "ordinary" else speaker.word(phrases.CHANNELS[party["channel"]]),
            plain=tainted if "tainted_by" in party else "" if deciding or open_ones else speaker.say("no_reason"),
            heading=say("questions" if party["verdict"] == "review" else "restrictions", speaker.lang),
            reasons=tuple(map(self._reason, deciding)),
            others=tuple(map(self._reason, others)),
            conditions=tuple(map(self._condition, party["conditions"])),
            benefits=tuple(self._benefits(party)),
        )

    def flags(self) -> Iterator[str]:
        """What is said beside the verdicts, but for what a counter need not hear; often the same of each party."""
        for flag in (*self._core["flags"], *(flag for party in self._core["parties"] for flag in party["flags"])):
            if flag["flag"] not in phrases.QUIET_FLAGS:
                told = self._speaker.word(phrases.FLAGS[flag["flag"]])
                yield told.format(of=self._speaker.of(flag.get("of", "")))

    def _reason(self, finding: Data) -> Reason:
        speaker = self._speaker
        marks = (
            phrases.EFFECTS[finding["effect"]], phrases.DUTIES[finding["duty"]], phrases.STATES[finding["state"]]
        )  # fmt: skip
        lines = tuple((say(key, speaker.lang), text) for key, text in self._lines(finding) if text)
        says = speaker.word(speaker.measures[finding["measure"]].says)
        return Reason(says, " · ".join(map(speaker.word, marks)), lines, finding["measure"])

    def _lines(self, finding: Data) -> Iterator[tuple[str, str]]:
        speaker, measure = self._speaker, self._speaker.measures[finding["measure"]]
        yield "clause", speaker.document(finding["measure"])
        yield "basis", speaker.join(speaker.cited(text) for text in finding["basis"])
        if "entry" in finding:
            yield from self._entry(finding)
        if "until" in finding and finding["state"] != "without-effect":
            yield "term", speaker.say("until", day=day_or_instant(finding["until"], speaker.lang))
        if finding["decides"] and finding["effect"] == "limit":
            yield "condition", speaker.word(measure.condition or measure.says)
        yield (
            "state",
            ("；" if speaker.lang == "zh" else "; ").join(speaker.cause(cause, measure) for cause in finding["causes"]),
        )
        stage = str(self._question["facts"].get("stage", ""))
        then = measure.then.get(stage) or measure.then.get("")
        if then and finding["state"] != "without-effect":
            yield "then", speaker.word(then)

    def _entry(self, finding: Data) -> Iterator[tuple[str, str]]:
        """The entry with its dates and, as far as opened, its document; the second time only by its handle."""
        speaker, entry, handle = self._speaker, self._entries[finding["entry"]], finding["entry"]
        reach = speaker.word(phrases.REACHES[finding["reach"]])
        if handle in self._told:
            yield "entry", speaker.say("entry_again", handle=handle, reach=reach)
            return
        self._told.add(handle)
        dated = sorted(entry["dates"].items(), key=lambda date: _DATES.index(date[0]))
        said = [*dated, *((event["kind"], event["on"]) for event in entry["events"])]
        dates = speaker.join(
            f"{speaker.word(phrases.DATES[name])} {day_or_instant(text, speaker.lang)}" for name, text in said
        )
        listed = speaker.list_name(entry["list"])
        yield "entry", speaker.say("entry", handle=handle, reach=reach, list=listed, dates=dates)
        act = self._noted.openings.get(handle, {})
        yield "act", speaker.join(filter(None, (act.get("document"), act.get("body"))))

    def _condition(self, measure_id: str) -> str:
        measure = self._speaker.measures[measure_id]
        told = self._speaker.word(measure.condition or measure.says)
        return self._speaker.say("granting", says=told, basis=self._speaker.document(measure_id))

    def _benefits(self, party: Data) -> Iterator[Given]:
        """Each benefit once, with every clause that names it."""
        speaker = self._speaker
        shown = [benefit for benefit in party["benefits"] if benefit["state"] != "void"]
        for (state, name), group in groupby(shown, key=lambda benefit: (benefit["state"], benefit["benefit"])):
            sources = list(group)
            measures = [speaker.measures[source["measure"]] for source in sources]
            why = (
                speaker.cause(cause, measure)
                for source, measure in zip(sources, measures, strict=True)
                for cause in source["causes"]
            )
            yield Given(
                speaker.benefit(name, measures[0], self._question["scenario"]),
                speaker.word(phrases.BENEFIT_STATES[state]),
                tuple(
                    speaker.say("granting", says=speaker.word(measure.says), basis=speaker.document(measure.id))
                    for measure in measures
                ),
                tuple(dict.fromkeys(why)),
                tuple(measure.id for measure in measures),
            )


def told(finding: Data) -> bool:
    """Whether a finding is said: what restricts or may, and what would, had not law or an exception set it aside."""
    if finding["effect"] in _ELSEWHERE:
        return False
    whys = {cause["why"] for cause in finding["causes"]}
    return "draft" not in whys and (finding["state"] != "without-effect" or bool(whys & _TOLD))
