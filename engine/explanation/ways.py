"""Ways back and near misses, as data beside a decision and in words: what would change it, what kept others away."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.decision import Decision, Finding
from engine.explanation import phrases
from engine.explanation.conditions import spoken_condition
from engine.explanation.levers import Change, Kind
from engine.explanation.reason import Handles
from engine.explanation.remedy import LARGEST, Remedies
from engine.explanation.rights import rights
from engine.explanation.speaker import Speaker
from engine.matching.facts import DAY, INSIDE, TIED
from engine.matching.miss import Failed, Miss
from engine.model import Effect, Measure, Rulebook
from engine.vocabulary import Vocabulary

Data = dict[str, Any]


def remedies_data(remedies: Remedies, decision: Decision, vocabulary: Vocabulary) -> Data:
    """The ways back with the decision's own handles; `fixed` are measures that no change at hand removes."""
    handles = Handles(decision.answer.inquiry, decision.register, vocabulary)
    return {
        "remedies": [[_change(change, handles) for change in remedy.changes] for remedy in remedies.found],
        "fixed": sorted({finding.measure.id for finding in remedies.fixed}),
        "tried": remedies.tried,
        "complete": remedies.complete,
    }


def _change(change: Change, handles: Handles) -> Data:
    data: Data = {"kind": change.kind.value}
    if change.entry:
        data |= {"entry": handles.entry(change.entry), "list": change.entry.list}
    if change.party:
        data["party"] = handles.party(change.party)
    return data | {key: value for key, value in (("name", change.name), ("value", change.value)) if value}


def remedies_told(remedies: Remedies, decision: Decision, rulebook: Rulebook, lang: str) -> str:
    """The ways back in words, the easiest to understand first."""
    speaker = Speaker(rulebook, lang)
    data = remedies_data(remedies, decision, rulebook.vocabulary)
    lines = [speaker.say("ways" if data["remedies"] else "no_ways") if decision.data["verdict"] != "eligible" else ""]
    for number, changes in enumerate(data["remedies"], 1):
        and_also = speaker.word(phrases.SAYINGS["and_also"])
        lines.append(f"  {number}. " + and_also.join(_told(change, speaker) for change in changes))
        for change in changes:
            if change["kind"] in (Kind.REPAIR, Kind.OBJECTION):
                lines += [f"     {line}" for line in _how(change, decision, speaker)]
    lines += [f"  · {line}" for finding in remedies.fixed for line in _fixed(finding, speaker)]
    if not remedies.complete:
        lines.append(speaker.say("unfinished", tried=str(remedies.tried), largest=str(LARGEST)))
    return "\n".join(dict.fromkeys(filter(None, lines))) + "\n"


def _told(change: Mapping[str, str], speaker: Speaker) -> str:
    told = phrases.REMEDIES[f"{change['kind']}.{change['name']}" if _special(change) else change["kind"]]
    name = change.get("name", "")
    return speaker.word(told).format(
        entry=change.get("entry", ""),
        party=change.get("party", ""),
        list=speaker.list_name(change["list"]) if "list" in change else "",
        name=speaker.word(phrases.DATES[name]) if name in phrases.DATES else speaker.of(name),
        value=speaker.value(name, change.get("value", "")),
    )


def _special(change: Mapping[str, str]) -> bool:
    return f"{change['kind']}.{change.get('name')}" in phrases.REMEDIES


def _how(change: Mapping[str, str], decision: Decision, speaker: Speaker) -> Iterator[str]:
    """The rule for repairing or contesting the entry; the other right is left out."""
    asked = decision.answer.inquiry
    wanted = (
        ("objection", "objection_unknown")
        if change["kind"] == Kind.OBJECTION
        else ("repair", "repair_unknown", "no_repair")
    )
    starts = tuple(speaker.say(key, how="", basis="", why="")[:3] for key in wanted)
    told = rights(change["list"], asked.prevailing.day, asked.jurisdiction, speaker)
    yield from (line for line in told if line.startswith(starts))


def _fixed(finding: Finding, speaker: Speaker) -> Iterator[str]:
    """Why a finding stays: a person must answer, the law leaves it to the authority, or only time ends it."""
    measure = finding.measure
    if measure.contested:
        yield speaker.say("question", question=speaker.word(measure.contested.question))
    elif measure.duty == "may" or measure.effect in (Effect.WEIGH, Effect.SCRUTINISE):
        yield speaker.say("authority_decides", clause=speaker.of(measure.id))
    else:
        yield speaker.say("only_time", clause=speaker.of(measure.id))


def misses_told(misses: tuple[Miss, ...], rulebook: Rulebook, lang: str) -> str:
    """Which test kept each measure away, one measure a paragraph."""
    speaker = Speaker(rulebook, lang)
    lines = [speaker.say("misses")] if misses else [speaker.say("no_misses")]
    for miss in misses:
        lines.append(f"  · {speaker.of(miss.measure.id)}")
        lines += [f"     {_failed(failed, miss.measure, speaker)}" for failed in miss.failed]
    return "\n".join(lines) + "\n"


def _failed(failed: Failed, measure: Measure, speaker: Speaker) -> str:
    test = failed.literal.test
    if test.fact == DAY:
        return speaker.say("miss_day", value=failed.value or speaker.say("unnamed"))
    if test.fact == TIED:
        return speaker.say("miss_tied")
    if test.fact.startswith(INSIDE):
        return speaker.say("miss_place", place=speaker.place(measure.jurisdiction))
    wanted = spoken_condition(test, speaker.vocabulary, speaker.lang)
    got = speaker.value(test.fact, failed.value) if failed.value else speaker.say("unnamed")
    return speaker.say("miss" if failed.literal.positive else "miss_unless", wanted=wanted, got=got)
