"""What a notice says, as data in one language: made from a receipt and the recorded rulebook's words, nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.notice.parties import PartyPart, PartyTeller, told
from api.notice.seal import Seal, seal_of
from api.notice.speaking import Clerk
from api.notice.words import age, day_or_instant, say
from engine.calendar import read_when
from engine.explanation import phrases
from engine.explanation.rights import rights
from engine.services.noticing import Noted
from engine.vocabulary import Colour

Data = Mapping[str, Any]
Row = tuple[str, str]

_TICKS = 1_000_000  # in a second


@dataclass(frozen=True, slots=True)
class Determination:
    """What a person determined: a verdict, and who, when and why as far as that is opened."""

    verdict: str
    word: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Consulted:
    """A list as it was consulted."""

    name: str
    keeper: str
    data_time: str
    age: str
    known: bool
    needed: bool


@dataclass(frozen=True, slots=True)
class Rights:
    """What may be done about entries of a list."""

    list: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole notice, ready to be set: `determination` is what holds now, `superseded` what it took the place of.

    Without a `seal` it is of a decision that has no number in the log yet, and proves nothing.
    """

    number: str
    recorded: str
    question: tuple[Row, ...]
    verdict: str
    word: str
    determination: Determination | None
    superseded: tuple[Determination, ...]
    parties: tuple[PartyPart, ...]
    rights: tuple[Rights, ...]
    notes: tuple[str, ...]
    remarks: tuple[str, ...]
    lists: tuple[Consulted, ...]
    made_by: tuple[Row, ...]
    seal: Seal | None


def contents_of(noted: Noted, lang: str) -> Contents:
    """The notice in `zh` or `en`."""
    return _Writer(noted, lang).contents()


class _Writer:
    """Reads the receipt's core and envelope; who is meant comes from its openings only."""

    def __init__(self, noted: Noted, lang: str) -> None:
        self._noted, self._lang, self._speaker = noted, lang, Clerk(noted.rulebook, lang)
        self._core, self._envelope = noted.receipt["core"], noted.receipt["envelope"]
        self._question = self._core["question"]
        self._judged = read_when(self._question["moments"][self._question["prevails"]])

    def contents(self) -> Contents:
        """Everything, in the order it stands on the page."""
        teller = PartyTeller(self._noted, self._speaker)
        *superseded, determination = [None, *self._determinations()]
        return Contents(
            number=self._envelope["id"],
            recorded=self._time(self._envelope["recorded_at"]),
            question=tuple(self._asked()),
            verdict=self._core["verdict"],
            word=self._verdict(self._core["verdict"]),
            determination=determination,
            superseded=tuple(filter(None, superseded)),
            parties=tuple(teller.parties()),
            rights=tuple(self._rights()),
            notes=tuple(dict.fromkeys(teller.flags())),
            remarks=tuple(self._remarks()),
            lists=tuple(map(self._list, self._core["lists"])),
            made_by=tuple(self._made_by()),
            seal=seal_of(self._noted) if "head" in self._noted.receipt else None,
        )

    def _asked(self) -> Iterator[Row]:
        speaker, question = self._speaker, self._question
        words = speaker.vocabulary
        place = question.get("jurisdiction")
        yield self._say("scenario"), speaker.word(words.scenarios[question["scenario"]].name)
        yield self._say("place"), speaker.place(place) if place else self._say("not_stated")
        if "matter" in question:
            yield self._say("matter"), speaker.of(question["matter"])
        if "authority" in question:
            yield self._say("authority"), speaker.issuer(question["authority"])
        moment = speaker.word(phrases.MOMENTS[question["prevails"]])
        when = day_or_instant(question["moments"][question["prevails"]], self._lang)
        yield self._say("judged_at"), f"{when}（{moment}）" if self._lang == "zh" else f"{when} ({moment})"
        if question["facts"]:
            colon = "：" if self._lang == "zh" else ": "
            facts = question["facts"].items()
            said = (f"{speaker.of(fact)}{colon}{speaker.value(fact, value)}" for fact, value in facts)
            yield self._say("stated"), speaker.join(said)
        yield self._say("holds"), "；".join(self._holds()) if self._lang == "zh" else "; ".join(self._holds())

    def _holds(self) -> Iterator[str]:
        speaker, core = self._speaker, self._core
        if "valid_until" in core:
            yield speaker.say("valid_until", day=day_or_instant(core["valid_until"], self._lang))
        else:
            yield speaker.say("valid_open")
        if "fresh_until" in core:
            yield speaker.say("fresh_until", when=day_or_instant(core["fresh_until"], self._lang))

    def _determinations(self) -> Iterator[Determination]:
        """In the order they were recorded: each takes the place of the one before it."""
        for one in self._noted.receipt["determinations"]:
            core, envelope = one["core"], one["envelope"]
            opened = self._noted.determined.get(envelope["id"], {})
            grounds = opened.get("grounds", {})
            closed = self._say("not_opened")
            rows = (
                (self._say("determined_at"), self._time(envelope["recorded_at"])),
                (self._say("officer"), opened.get("officer", {}).get("name", closed)),
                (self._say("document"), grounds.get("document", closed)),
                (self._say("reasons_given"), grounds.get("reasons", closed)),
            )
            yield Determination(core["answer"], self._verdict(core["answer"]), rows)

    def _rights(self) -> Iterator[Rights]:
        """Once for each list on which an entry stands that restricts somebody, or may."""
        entries = {entry["entry"]: entry["list"] for entry in self._core["entries"]}
        met = (
            entries[finding["entry"]]
            for party in self._core["parties"]
            for finding in party["findings"]
            if "entry" in finding and finding["state"] != "without-effect" and told(finding)
        )
        for code in dict.fromkeys(met):
            if self._speaker.vocabulary.lists[code].colour is not Colour.RED:
                lines = rights(code, self._judged.day, self._question.get("jurisdiction"), self._speaker)
                yield Rights(self._speaker.list_name(code), tuple(lines))

    def _remarks(self) -> Iterator[str]:
        for key in ("missing", "assumed"):
            if self._core[key]:
                yield self._speaker.say(key, facts=self._speaker.join(map(self._speaker.of, self._core[key])))

    def _list(self, state: Data) -> Consulted:
        speaker, data_time = self._speaker, state.get("data_time")
        record = speaker.vocabulary.lists[state["list"]]
        return Consulted(
            speaker.word(record.name),
            speaker.issuer(record.keeper),
            day_or_instant(data_time, self._lang) if data_time else self._say("never"),
            self._age(data_time) if data_time else "",
            state["known"],
            state["needed"],
        )

    def _age(self, data_time: str) -> str:
        seconds = (self._judged.last - read_when(data_time).last) // _TICKS
        return age(seconds, self._lang) if seconds >= 0 else self._say("later")

    def _made_by(self) -> Iterator[Row]:
        envelope, registry = self._envelope, self._envelope["registry"]
        yield self._say("registry"), f"{registry['version']} · {registry['digest']}"
        semantics = f"{self._say('semantics')} {envelope['semantics']}"
        yield self._say("rulebook"), f"{envelope['rulebook']} · {semantics}"
        yield self._say("software"), envelope["software"]

    def _verdict(self, code: str) -> str:
        return self._speaker.word(phrases.VERDICTS[code])

    def _time(self, text: str) -> str:
        return day_or_instant(text, self._lang, seconds=True)

    def _say(self, key: str) -> str:
        return say(key, self._lang)
