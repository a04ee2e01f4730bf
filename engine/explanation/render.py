"""A decision in words, Chinese or English, at three depths: what decides, all that was met, or everything."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import groupby
from typing import Any

from engine.citation import parse_citation, spoken_en, spoken_zh
from engine.decision import Decision
from engine.explanation import phrases
from engine.model import Measure, Rulebook
from engine.vocabulary import NATIONAL, Words

Data = Mapping[str, Any]


class Depth(StrEnum):
    """How much is said, and to whom."""

    COUNTER = "counter"
    LAWYER = "lawyer"
    AUDITOR = "auditor"


def render(decision: Decision, rulebook: Rulebook, lang: str = "zh", depth: Depth = Depth.COUNTER) -> str:
    """The decision as plain text, one thought a line, indented by what hangs on what."""
    return "\n".join(_Teller(decision, rulebook, lang, depth).lines()) + "\n"


class _Teller:
    """Walks the reason tree once; every sentence comes from `phrases`."""

    def __init__(self, decision: Decision, rulebook: Rulebook, lang: str, depth: Depth) -> None:
        self._data, self._names, self._lang, self._depth = decision.data, decision.names, lang, depth
        self._rulebook, self._vocabulary = rulebook, rulebook.vocabulary
        self._measures: dict[str, Measure] = {measure.id: measure for measure in rulebook.measures}
        self._entries = {entry["entry"]: entry for entry in self._data["entries"]}

    def lines(self) -> Iterator[str]:
        yield self._say("verdict", verdict=self._verdict(self._data["verdict"]))
        yield self._asked()
        for party in self._data["parties"]:
            yield from self._party(party)
        yield from self._unknown_lists()
        yield from self._flags(self._data["flags"], "")
        for key in ("missing", "assumed"):
            if self._data[key] and (key == "missing" or self._depth is not Depth.COUNTER):
                yield self._say(key, facts=self._join(self._fact(fact) for fact in self._data[key]))
        yield from self._until()
        if self._depth is Depth.AUDITOR:
            yield self._say("revision", revision=self._rulebook.revision, semantics=str(self._data["semantics"]))

    def _asked(self) -> str:
        question = self._data["question"]
        place = question.get("jurisdiction")
        return self._say(
            "asked",
            scenario=self._word(self._vocabulary.scenarios[question["scenario"]].name),
            place=self._place(place) if place else self._say("unnamed"),
            moment=self._word(phrases.MOMENTS[question["prevails"]]),
            when=_when(question["moments"][question["prevails"]]),
        )

    def _party(self, party: Data) -> Iterator[str]:
        asked = next(p for p in self._data["question"]["parties"] if p["party"] == party["party"])
        roles = self._vocabulary.scenarios[self._data["question"]["scenario"]].roles
        name = self._names.get(party["party"], {}).get("subject", "")
        yield ""
        yield self._say(
            "party",
            handle=party["party"],
            role=self._word(roles[asked["role"]]),
            name=name,
            verdict=self._verdict(party["verdict"]),
        )
        if party["channel"] != "ordinary":
            yield "  " + self._say("channel", channel=self._word(phrases.CHANNELS[party["channel"]]))
        yield from self._reasons(party)
        yield from self._benefits(party)
        yield from self._flags(party["flags"], "  ")

    def _reasons(self, party: Data) -> Iterator[str]:
        deciding = [f for f in party["findings"] if f["decides"]]
        others = [f for f in party["findings"] if not f["decides"] and self._shown(f)]
        if deciding:
            yield f"  {self._say('why')}:"
            for number, finding in enumerate(deciding, 1):
                yield from self._finding(finding, f"{number}. ")
        elif party["verdict"] == "eligible" and not any(f["state"] == "undetermined" for f in party["findings"]):
            yield f"  {self._say('no_reason')}"
        if "tainted_by" in party:
            yield "  " + self._say("tainted", parties=self._join(party["tainted_by"]))
        if others:
            yield f"  {self._say('others')}:"
            for finding in others:
                yield from self._finding(finding, "· ")

    def _shown(self, finding: Data) -> bool:
        """The counter sees what was set aside by law or by an exception; the lawyer all but drafts; the auditor all."""
        if finding["effect"] in phrases.BENEFIT_EFFECTS or finding["effect"] == "inform":
            return self._depth is not Depth.COUNTER
        whys = {cause["why"] for cause in finding["causes"]}
        if self._depth is Depth.COUNTER:
            return finding["state"] == "without-effect" and bool(whys & {"lapsed", "local", "lifted"})
        return self._depth is Depth.AUDITOR or "draft" not in whys

    def _finding(self, finding: Data, mark: str) -> Iterator[str]:
        measure = self._measures[finding["measure"]]
        pack = self._rulebook.memoranda[measure.pack]
        effect, state = phrases.EFFECTS[finding["effect"]], phrases.STATES[finding["state"]]
        yield f"  {mark}{self._word(measure.says)} [{self._word(effect)} · {self._word(state)}]"
        yield "     " + self._say("clause", title=self._word(pack.title), number=pack.number, clause=measure.clause)
        yield "     " + self._say("basis", basis=self._join(self._cited(c) for c in finding["basis"]))
        if "entry" in finding:
            yield from self._entry(finding, measure)
        for cause in finding["causes"]:
            yield "     " + self._cause(cause, measure)
        yield from self._detail(measure, finding)

    def _entry(self, finding: Data, measure: Measure) -> Iterator[str]:
        entry = self._entries[finding["entry"]]
        record = self._vocabulary.lists[entry["list"]]
        dates = {**entry["dates"], **{event["kind"]: event["on"] for event in entry["events"]}}
        said = self._join(f"{self._word(phrases.DATES[name])} {_when(text)}" for name, text in dates.items())
        facts = [] if self._depth is Depth.COUNTER else [self._stated(*fact) for fact in entry["facts"].items()]
        said = self._join([said, *facts])
        yield "     " + self._say(
            "entry",
            handle=finding["entry"],
            reach=self._word(phrases.REACHES[finding["reach"]]),
            list=self._word(record.name),
            dates=said,
        )
        if "until" in finding and finding["state"] != "without-effect":
            yield "     " + self._say("until", day=finding["until"])
        if finding["state"] != "without-effect":
            keeper = self._vocabulary.issuers.get(record.keeper)
            yield "     " + self._say("keeper", keeper=self._word(keeper.name) if keeper else record.keeper)

    def _stated(self, name: str, value: str) -> str:
        """A fact as the entry states it, its code and its value in the field's words."""
        record = self._vocabulary.facts[name]
        word = record.values.get(value)
        return f"{self._word(record.name)} {self._word(word) if word else value}"

    def _detail(self, measure: Measure, finding: Data) -> Iterator[str]:
        if finding["decides"] and finding["effect"] == "limit":
            yield "     " + self._say("condition", condition=self._word(measure.condition or measure.says))
        if self._depth is Depth.COUNTER:
            return
        stage = str(self._data["question"]["facts"].get("stage", ""))
        then = measure.then.get(stage) or measure.then.get("")
        if then and finding["state"] != "without-effect":
            yield "     " + self._say("then", then=self._word(then))
        if self._depth is Depth.AUDITOR:
            checked = measure.checked
            yield "     " + self._say(
                "checked", by=checked.by, on=checked.on.isoformat(), confidence=checked.confidence
            )
            if measure.note:
                yield "     " + self._say("note", note=measure.note)

    def _benefits(self, party: Data) -> Iterator[str]:
        """Each benefit once, with every clause that names it and every cause of its fate."""
        shown = [b for b in party["benefits"] if b["state"] != "void" or self._depth is Depth.AUDITOR]
        if shown:
            yield f"  {self._say('benefits')}:"
        for (state, name), group in groupby(shown, key=lambda benefit: (benefit["state"], benefit["benefit"])):
            sources = list(group)
            measures = [self._measures[source["measure"]] for source in sources]
            yield "  · " + self._say("benefit", state=self._state(state), name=self._benefit_name(name, measures[0]))
            for measure in measures:
                cited = self._join(self._cited(str(citation)) for citation in measure.basis)
                yield "     " + self._say("granting", says=self._word(measure.says), basis=cited)
            causes = [self._cause(cause, m) for s, m in zip(sources, measures, strict=True) for cause in s["causes"]]
            yield from (f"     {cause}" for cause in dict.fromkeys(causes))

    def _state(self, state: str) -> str:
        return self._word(phrases.BENEFIT_STATES[state])

    def _benefit_name(self, name: str, measure: Measure) -> str:
        """The benefit's word; a route has its own in the scenario."""
        routes = self._vocabulary.scenarios[self._data["question"]["scenario"]].routes
        return self._word(routes[name] if name in routes else phrases.EFFECTS[measure.effect.value])

    def _unknown_lists(self) -> Iterator[str]:
        consulted = self._vocabulary.scenarios[self._data["question"]["scenario"]].consults
        for state in self._data["lists"]:
            if not state["known"] and (state["list"] in consulted or self._depth is not Depth.COUNTER):
                when = _when(state["data_time"]) if "data_time" in state else self._say("never")
                yield self._say("unknown_list", list=self._list(state["list"]), when=when)

    def _flags(self, flags: list[Data], indent: str) -> Iterator[str]:
        for flag in flags:
            if flag["flag"] in phrases.QUIET_FLAGS and self._depth is Depth.COUNTER:
                continue
            said = self._word(phrases.FLAGS[flag["flag"]]).format(of=self._of(flag.get("of", "")))
            yield indent + self._say("flags", flag=said)

    def _until(self) -> Iterator[str]:
        if "valid_until" in self._data:
            yield self._say("valid_until", day=self._data["valid_until"])
        else:
            yield self._say("valid_open")
        if "fresh_until" in self._data:
            yield self._say("fresh_until", when=_when(self._data["fresh_until"]))

    def _cause(self, cause: Data, measure: Measure) -> str:
        of = str(cause.get("of", ""))
        if cause["why"] == "standing":
            said = self._word(phrases.STANDINGS[of])
        elif cause["why"] == "contested" and measure.contested:
            said = self._word(measure.contested.question)
        else:
            said = self._of(of)
        gate = self._vocabulary.basic_list
        return self._word(phrases.CAUSES[cause["why"]]).format(
            of=said, gate=gate.gate.isoformat(), doc=self._join(gate.basis)
        )

    def _of(self, code: str) -> str:
        """What a cause or flag points at: a measure, a list, a fact, a figure, a place, a moment."""
        if code in self._measures:
            measure = self._measures[code]
            return f"{self._word(measure.says)}（{code}）" if self._lang == "zh" else f"{measure.says.en} ({code})"
        if code.startswith("parameter:"):
            return self._word(self._vocabulary.parameters[code.removeprefix("parameter:")].name)
        if code.removeprefix("moment:") in phrases.MOMENTS:
            return self._word(phrases.MOMENTS[code.removeprefix("moment:")])
        for table in (self._vocabulary.lists, self._vocabulary.facts, self._vocabulary.jurisdictions):
            if code in table:
                return self._word(table[code].name)
        return code

    def _cited(self, text: str) -> str:
        citation = parse_citation(text)
        if self._lang == "zh":
            return spoken_zh(citation)
        instrument = self._vocabulary.instruments.get(citation.instrument)
        return spoken_en(citation, instrument.name.en if instrument else citation.instrument)

    def _say(self, key: str, **parts: str) -> str:
        return self._word(phrases.SAYINGS[key]).format(**parts).rstrip()

    def _word(self, words: Words) -> str:
        return words.say(self._lang)

    def _verdict(self, code: str) -> str:
        return self._word(phrases.VERDICTS[code])

    def _fact(self, code: str) -> str:
        return self._of(code) if self._depth is Depth.COUNTER else f"{self._of(code)} ({code})"

    def _list(self, code: str) -> str:
        return self._word(self._vocabulary.lists[code].name)

    def _place(self, code: str) -> str:
        return self._say("national") if code == NATIONAL else self._word(self._vocabulary.jurisdictions[code].name)

    def _join(self, parts: Any) -> str:
        return ("、" if self._lang == "zh" else ", ").join(parts)


def _when(text: str) -> str:
    """An instant for people: the day and the minute of Beijing time; a day as it is."""
    return text[:16].replace("T", " ") if "T" in text else text
