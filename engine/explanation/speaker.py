"""The voice of answers: one language, the rulebook's words, and the names that codes stand for."""

from collections.abc import Iterable, Mapping

from engine.citation import parse_citation, spoken_en, spoken_zh
from engine.explanation import phrases
from engine.model import Measure, Rulebook
from engine.vocabulary import NATIONAL, FactType, Words


class Speaker:
    """Says things in `zh` or `en`; every sentence comes from `phrases`, every name from the vocabulary."""

    def __init__(self, rulebook: Rulebook, lang: str) -> None:
        self.lang, self.rulebook, self.vocabulary = lang, rulebook, rulebook.vocabulary
        self.measures: dict[str, Measure] = {measure.id: measure for measure in rulebook.measures}

    def say(self, key: str, **parts: str) -> str:
        """A saying with its parts filled in."""
        return self.word(phrases.SAYINGS[key]).format(**parts).rstrip()

    def word(self, words: Words) -> str:
        """The words in this language."""
        return words.say(self.lang)

    def join(self, parts: Iterable[str]) -> str:
        """Several things in a row."""
        return ("、" if self.lang == "zh" else ", ").join(parts)

    def of(self, code: str) -> str:
        """What a cause or flag points at: a measure, a list, a fact, a figure, a place, a body, a matter, a moment."""
        if code in self.measures:
            return self.say("named", says=self.word(self.measures[code].says), code=code)
        if code.startswith("parameter:"):
            return self.word(self.vocabulary.parameters[code.removeprefix("parameter:")].name)
        if code.removeprefix("moment:") in phrases.MOMENTS:
            return self.word(phrases.MOMENTS[code.removeprefix("moment:")])
        words = self.vocabulary
        for table in (words.lists, words.facts, words.jurisdictions, words.issuers, words.matters):
            if code in table:
                return self.word(table[code].name)
        return self.word(phrases.TIES[code]) if code in phrases.TIES else code

    def value(self, fact: str, value: str) -> str:
        """A fact's value in the field's words; money in yuan."""
        record = self.vocabulary.facts.get(fact)
        if record is None:
            return value
        if record.type is FactType.FLAG:
            return self.say(f"flag_{value}") if value in ("yes", "no") else value
        if fact == "territory" and value in self.vocabulary.jurisdictions:
            return self.place(value)
        return self.word(record.values[value]) if value in record.values else value

    def cited(self, text: str) -> str:
        """A citation as the law writes it."""
        citation = parse_citation(text)
        if self.lang == "zh":
            return spoken_zh(citation)
        instrument = self.vocabulary.instruments.get(citation.instrument)
        return spoken_en(citation, instrument.name.en if instrument else citation.instrument)

    def cause(self, cause: Mapping[str, str], measure: Measure) -> str:
        """Why a finding is undetermined or without effect, as its core says it."""
        of = cause.get("of", "")
        if cause["why"] == "standing":
            said = self.word(phrases.STANDINGS[of])
        elif cause["why"] == "contested" and measure.contested:
            said = self.word(measure.contested.question)
        else:
            said = self.of(of)
        gate = self.vocabulary.basic_list
        told = self.word(phrases.CAUSES[cause["why"]])
        return told.format(of=said, gate=gate.gate.isoformat(), doc=self.join(gate.basis))

    def benefit(self, name: str, measure: Measure, scenario: str) -> str:
        """A benefit by its word; a route has its own in the scenario."""
        routes = self.vocabulary.scenarios[scenario].routes
        return self.word(routes[name] if name in routes else phrases.EFFECTS[measure.effect.value])

    def issuer(self, code: str) -> str:
        """A body by its name."""
        record = self.vocabulary.issuers.get(code)
        return self.word(record.name) if record else code

    def list_name(self, code: str) -> str:
        """A list by its name."""
        return self.word(self.vocabulary.lists[code].name)

    def place(self, code: str) -> str:
        """A place by its name."""
        return self.say("national") if code == NATIONAL else self.word(self.vocabulary.jurisdictions[code].name)


def for_people(text: str) -> str:
    """An instant for people: the day and the minute of Beijing time; a day as it is."""
    return text[:16].replace("T", " ") if "T" in text else text
