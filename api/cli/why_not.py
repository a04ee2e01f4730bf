"""`memoranda why-not`: what would make the parties eligible, and which test kept other measures away."""

import sys

from api.cli.question import (
    At,
    Authority,
    Code,
    Entries,
    Facts,
    InLang,
    InquiryFile,
    Matter,
    Packs,
    Place,
    Role,
    Scenario,
    ask,
)
from api.cli.voice import Voice


def why_not(
    code: Code = None,
    entries: Entries = None,
    inquiry: InquiryFile = None,
    scenario: Scenario = None,
    at: At = None,
    place: Place = None,
    role: Role = None,
    matter: Matter = None,
    authority: Authority = None,
    fact: Facts = None,
    packs: Packs = None,
    lang: InLang = None,
) -> None:
    """Why not, and what would change it? 为什么不行，怎样才行？

    Example: memoranda why-not CODE --scenario procurement --at 2024-06-03T09:30+08:00 --entries FILE
    """
    from engine.decide import ways_back
    from engine.explanation.ways import misses_told, remedies_told
    from engine.matching.miss import misses

    short = {"scenario": scenario, "at": at, "in": place, "role": role, "matter": matter, "authority": authority}
    asked = ask(entries, inquiry, packs, code, **short, fact=fact)
    lang_code = Voice.of_stream(sys.stdout, lang.value if lang else None).lang
    decision, rulebook = asked.decision, asked.rulebook
    sys.stdout.write(remedies_told(ways_back(decision, rulebook), decision, rulebook, lang_code).lstrip("\n"))
    sys.stdout.write(misses_told(misses(decision.answer.inquiry, decision.register, rulebook), rulebook, lang_code))
