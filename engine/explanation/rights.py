"""What the listed party may do about an entry: object, to whom and in what time; repair, where and on what terms."""

from collections.abc import Iterator
from datetime import date

from engine.explanation.speaker import Speaker
from engine.repair import NoRepair, Objection, RepairRegime
from engine.vocabulary import Colour


def rights(list_code: str, day: date, place: str | None, speaker: Speaker) -> Iterator[str]:
    """Who keeps the list, how to object and how to repair on that day; what no source says is said to be so."""
    vocabulary = speaker.vocabulary
    record = vocabulary.lists[list_code]
    yield speaker.say("keeper", keeper=speaker.issuer(record.keeper))
    if record.colour is Colour.RED:
        return  # nobody repairs or contests a favour here
    objection = vocabulary.objection_for(list_code, place, day)
    yield _objection(objection, speaker) if objection else speaker.say("objection_unknown")
    repair = vocabulary.repair_for(list_code, day, place)
    none = vocabulary.no_repair_for(list_code, day, place)
    if repair:
        yield _repair(repair, speaker)
    else:
        yield speaker.say("no_repair", why=speaker.word(none.name)) if none else speaker.say("repair_unknown")
    for rule in (objection, repair, none):
        yield from _doubt(rule, speaker)


def _objection(rule: Objection, speaker: Speaker) -> str:
    told = [rule.apply_to, rule.deadline, rule.mark, rule.after]
    return speaker.say("objection", how=_clauses([speaker.word(words) for words in told if words], speaker))


def _repair(rule: RepairRegime, speaker: Speaker) -> str:
    told = [rule.name, rule.apply_to, rule.conditions, rule.minimum, rule.maximum, rule.deadline]
    basis = speaker.join(speaker.cited(text) for text in rule.basis)
    how = _clauses([speaker.word(words) for words in told if words], speaker)
    return speaker.say("repair", how=how, basis=basis)


def _doubt(rule: Objection | RepairRegime | NoRepair | None, speaker: Speaker) -> Iterator[str]:
    """A rule known only from memory or with low confidence is never told as fact."""
    if rule and (rule.checked.draft or rule.doubt):
        told = speaker.word(rule.doubt) if rule.doubt else speaker.say("unsure")
        yield speaker.say("doubt", name=speaker.word(rule.name), doubt=told)


def _clauses(parts: list[str], speaker: Speaker) -> str:
    return ("；" if speaker.lang == "zh" else "; ").join(parts)
