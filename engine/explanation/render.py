"""A decision in words, Chinese or English, at three depths: what decides, all that was met, or everything."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any

from engine.calendar import read_when
from engine.decision import Decision
from engine.explanation import phrases
from engine.explanation.rights import rights
from engine.explanation.speaker import Speaker, for_people
from engine.model import Measure, Rulebook

Data = Mapping[str, Any]


class Depth(StrEnum):
    """How much is said, and to whom."""

    COUNTER = "counter"
    LAWYER = "lawyer"
    AUDITOR = "auditor"


def render(decision: Decision, rulebook: Rulebook, lang: str = "zh", depth: Depth = Depth.COUNTER) -> str:
    """The decision as plain text, one thought a line, indented by what hangs on what."""
    return "\n".join(_Teller(decision, rulebook, lang, depth).lines()) + "\n"


class _Teller(Speaker):
    """Walks the reason tree once; every sentence comes from `phrases`."""

    def __init__(self, decision: Decision, rulebook: Rulebook, lang: str, depth: Depth) -> None:
        super().__init__(rulebook, lang)
        self._data, self._names, self._depth = decision.data, decision.names, depth
        self._told: set[str] = set()
        self._entries = {entry["entry"]: entry for entry in self._data["entries"]}

    def lines(self) -> Iterator[str]:
        yield self.say("verdict", verdict=self._verdict(self._data["verdict"]))
        yield self._asked()
        for party in self._data["parties"]:
            yield from self._party(party)
        yield from self._unknown_lists()
        yield from self._flags(self._data["flags"], "")
        for key in ("missing", "assumed"):
            if self._data[key] and (key == "missing" or self._depth is not Depth.COUNTER):
                yield self.say(key, facts=self.join(self._fact(fact) for fact in self._data[key]))
        yield from self._until()
        if self._depth is Depth.AUDITOR:
            yield self.say("revision", revision=self.rulebook.revision, semantics=str(self._data["semantics"]))

    def _asked(self) -> str:
        question = self._data["question"]
        place = question.get("jurisdiction")
        return self.say(
            "asked",
            scenario=self.word(self.vocabulary.scenarios[question["scenario"]].name),
            place=self.place(place) if place else self.say("unnamed"),
            moment=self.word(phrases.MOMENTS[question["prevails"]]),
            when=for_people(question["moments"][question["prevails"]]),
        )

    def _party(self, party: Data) -> Iterator[str]:
        asked = next(p for p in self._data["question"]["parties"] if p["party"] == party["party"])
        roles = self.vocabulary.scenarios[self._data["question"]["scenario"]].roles
        name = self._names.get(party["party"], {}).get("subject", "")
        yield ""
        yield self.say(
            "party",
            handle=party["party"],
            role=self.word(roles[asked["role"]]),
            name=name,
            verdict=self._verdict(party["verdict"]),
        )
        if party["channel"] != "ordinary":
            yield "  " + self.say("channel", channel=self.word(phrases.CHANNELS[party["channel"]]))
        yield from self._reasons(party)
        yield from self._benefits(party)
        yield from self._flags(party["flags"], "  ")

    def _reasons(self, party: Data) -> Iterator[str]:
        deciding = [f for f in party["findings"] if f["decides"]]
        others = [f for f in party["findings"] if not f["decides"] and self._shown(f)]
        if deciding:
            yield f"  {self.say('why')}:"
            for number, finding in enumerate(deciding, 1):
                yield from self._finding(finding, f"{number}. ")
        elif party["verdict"] == "eligible" and not any(f["state"] == "undetermined" for f in party["findings"]):
            yield f"  {self.say('no_reason')}"
        if "tainted_by" in party:
            yield "  " + self.say("tainted", parties=self.join(party["tainted_by"]))
        if others:
            yield f"  {self.say('others')}:"
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
        measure = self.measures[finding["measure"]]
        pack = self.rulebook.memoranda[measure.pack]
        effect, state = phrases.EFFECTS[finding["effect"]], phrases.STATES[finding["state"]]
        yield f"  {mark}{self.word(measure.says)} [{self.word(effect)} · {self.word(state)}]"
        yield "     " + self.say("clause", title=self.word(pack.title), number=pack.number, clause=measure.clause)
        yield "     " + self.say("basis", basis=self.join(self.cited(c) for c in finding["basis"]))
        if "entry" in finding:
            yield from self._entry(finding)
        for cause in finding["causes"]:
            yield "     " + self.cause(cause, measure)
        yield from self._detail(measure, finding)

    def _entry(self, finding: Data) -> Iterator[str]:
        """The entry with its dates, its document and its holder's rights; the second time only by its handle."""
        entry, handle = self._entries[finding["entry"]], finding["entry"]
        reach = self.word(phrases.REACHES[finding["reach"]])
        if handle in self._told:
            yield "     " + self.say("entry_again", handle=handle, reach=reach)
        else:
            yield "     " + self.say(
                "entry", handle=handle, reach=reach, list=self.list_name(entry["list"]), dates=self._stated(entry)
            )
            act = self._names.get(handle, {})
            if act.get("document") or act.get("body"):
                yield "     " + self.say("act", act=self.join(filter(None, (act["document"], act["body"]))))
        if finding["state"] == "without-effect":
            return
        if "until" in finding:
            yield "     " + self.say("until", day=finding["until"])
        if handle not in self._told:
            self._told.add(handle)
            yield from (f"     {line}" for line in rights(entry["list"], self._asked_on(), self._place(), self))

    def _asked_on(self) -> date:
        question = self._data["question"]
        return read_when(question["moments"][question["prevails"]]).day

    def _place(self) -> str | None:
        place: str | None = self._data["question"].get("jurisdiction")
        return place

    def _stated(self, entry: Data) -> str:
        """What the entry says: its days, what happened to it, and, but for the counter, its attributes."""
        dates = [*entry["dates"].items(), *((event["kind"], event["on"]) for event in entry["events"])]
        said = [f"{self.word(phrases.DATES[name])} {for_people(text)}" for name, text in dates]
        if self._depth is not Depth.COUNTER:
            facts = entry["facts"].items()
            said += [
                f"{self.word(self.vocabulary.facts[name].name)} {self.value(name, value)}" for name, value in facts
            ]
        return self.join(said)

    def _detail(self, measure: Measure, finding: Data) -> Iterator[str]:
        if finding["decides"] and finding["effect"] == "limit":
            yield "     " + self.say("condition", condition=self.word(measure.condition or measure.says))
        if self._depth is Depth.COUNTER:
            return
        stage = str(self._data["question"]["facts"].get("stage", ""))
        then = measure.then.get(stage) or measure.then.get("")
        if then and finding["state"] != "without-effect":
            yield "     " + self.say("then", then=self.word(then))
        if self._depth is Depth.AUDITOR:
            checked = measure.checked
            by, sure = self.word(phrases.CHECKS[checked.by]), self.word(phrases.SURE[checked.confidence])
            yield "     " + self.say("checked", by=by, on=checked.on.isoformat(), confidence=sure)
            if measure.note:
                yield "     " + self.say("note", note=self.word(measure.note))

    def _benefits(self, party: Data) -> Iterator[str]:
        """Each benefit once, with every clause that names it and every cause of its fate."""
        shown = [b for b in party["benefits"] if b["state"] != "void" or self._depth is Depth.AUDITOR]
        if shown:
            yield f"  {self.say('benefits')}:"
        for (state, name), group in groupby(shown, key=lambda benefit: (benefit["state"], benefit["benefit"])):
            sources = list(group)
            measures = [self.measures[source["measure"]] for source in sources]
            named = self.benefit(name, measures[0], self._data["question"]["scenario"])
            yield "  · " + self.say("benefit", state=self._state(state), name=named)
            for measure in measures:
                cited = self.join(self.cited(str(citation)) for citation in measure.basis)
                yield "     " + self.say("granting", says=self.word(measure.says), basis=cited)
            causes = [self.cause(cause, m) for s, m in zip(sources, measures, strict=True) for cause in s["causes"]]
            yield from (f"     {cause}" for cause in dict.fromkeys(causes))

    def _state(self, state: str) -> str:
        return self.word(phrases.BENEFIT_STATES[state])

    def _unknown_lists(self) -> Iterator[str]:
        consulted = self.vocabulary.scenarios[self._data["question"]["scenario"]].consults
        for state in self._data["lists"]:
            if not state["known"] and (state["list"] in consulted or self._depth is not Depth.COUNTER):
                when = for_people(state["data_time"]) if "data_time" in state else self.say("never")
                yield self.say("unknown_list", list=self.list_name(state["list"]), when=when)

    def _flags(self, flags: list[Data], indent: str) -> Iterator[str]:
        for flag in flags:
            if flag["flag"] in phrases.QUIET_FLAGS and self._depth is Depth.COUNTER:
                continue
            said = self.word(phrases.FLAGS[flag["flag"]]).format(of=self.of(flag.get("of", "")))
            yield indent + self.say("flags", flag=said)

    def _until(self) -> Iterator[str]:
        if "valid_until" in self._data:
            yield self.say("valid_until", day=self._data["valid_until"])
        else:
            yield self.say("valid_open")
        if "fresh_until" in self._data:
            yield self.say("fresh_until", when=for_people(self._data["fresh_until"]))

    def _verdict(self, code: str) -> str:
        return self.word(phrases.VERDICTS[code])

    def _fact(self, code: str) -> str:
        return self.of(code) if self._depth is Depth.COUNTER else f"{self.of(code)} ({code})"
