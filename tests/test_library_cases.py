"""The library as shipped: it loads, its cases pass, cover it and notice mutants, editors accept it, the law has it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from stdnum.cn import uscc

from engine.citation import Citation, chinese_number, parse_citation
from engine.decide import judge
from engine.decision import Answer, Flag
from engine.inquiry import Inquiry, Party, Register
from engine.model import Measure, Rulebook
from engine.packs.cases import Case
from engine.packs.check import check
from engine.packs.library import Library, read_library, shipped
from engine.packs.schema import json_schema
from engine.packs.source import read_tree
from engine.rehearse import NEGATIVE, SIDES, Rehearsal, coverage, rehearse
from tests.mutants import DAY, Mutant, finer_mutants, late_and_early, mutants

ROOT = Path(__file__).resolve().parents[1]
FOLDER = shipped()
LAW = ROOT.parent / "shared" / "law"
CASE_FILES = sorted(FOLDER.rglob("*.cases.yaml"))
CROSS_FILES = sorted((FOLDER / "cases").glob("*.cases.yaml"))
NO_PACKS = {"vocabulary", "cases", "schema", "demo"}
PACK_FILES = sorted(
    path
    for path in FOLDER.rglob("*.yaml")
    if path.relative_to(FOLDER).parts[0] not in NO_PACKS and not path.name.endswith(".cases.yaml")
)
CODES = [path.stem for path in PACK_FILES]


@cache
def library() -> Library:
    """Every shipped pack and case, read once."""
    return read_library([FOLDER])


@cache
def whole() -> Rulebook:
    """All packs together."""
    return library().rulebook()


@cache
def own_rehearsals(code: str) -> tuple[Rehearsal, ...]:
    """A pack's own cases, judged by that pack alone."""
    rulebook = library().alone(code)
    return tuple(rehearse(case, rulebook) for case in library().packs[code].cases)


def failures(rehearsals: Sequence[Rehearsal]) -> str:
    """Every case that failed, and how, on lines of their own."""
    return "\n".join(
        f"{Path(r.case.place.file).name}:{r.case.place.line} {r.case.name}: {d.what} should be {d.expected}, is {d.got}"
        for r in rehearsals
        for d in r.differences
    )


def relative(path: Path) -> str:
    """A file as its test is named."""
    return path.relative_to(FOLDER).as_posix()


# -- the library and its cases


def test_the_library_loads_without_errors() -> None:
    """Form, words, law, limits and cases: the checker has nothing worse than a note to say.

    A bar without a term (P307) is a note too: every list that none was found for says why (`untimed`).
    """
    found = [f for f in check(library()) if f.severity != "note"]
    assert [f"{f.place.file}:{f.place.line} {f.code} {f.en}" for f in found] == []
    assert sorted(library().packs) == sorted(CODES)


def test_every_pack_has_its_cases_beside_it() -> None:
    """X.yaml and X.cases.yaml stand together, and no cases stand alone."""
    beside = {path.with_name(f"{path.stem}.cases.yaml") for path in PACK_FILES}
    assert beside == set(CASE_FILES) - set(CROSS_FILES)
    assert [code for code in CODES if not library().packs[code].cases] == []


@pytest.mark.parametrize("code", CODES)
def test_a_packs_own_cases_pass_alone(code: str) -> None:
    """Judged by that pack and the vocabulary, so that a new pack breaks no old case."""
    assert not failures(own_rehearsals(code)), f"\n{failures(own_rehearsals(code))}"


@pytest.mark.parametrize("path", CROSS_FILES, ids=relative)
def test_situations_that_need_several_packs(path: Path) -> None:
    """Judged by the whole library."""
    cases = [case for case in library().cases if Path(case.place.file) == path]
    tried = [rehearse(case, whole()) for case in cases]
    assert cases
    assert not failures(tried), f"\n{failures(tried)}"


def test_cross_pack_cases_name_their_clauses_in_full() -> None:
    """`pack#clause`, so that a new pack with a like-named clause makes none of them ambiguous."""
    assert len(library().cases) >= 45
    short = [(case.name, name) for case in library().cases for name in case.because or () if "#" not in name]
    assert short == []


@pytest.mark.parametrize("code", CODES)
def test_every_effective_measure_is_touched_on_every_side(code: str) -> None:
    """Positively, negatively and at a boundary day, by a passing case of its own pack."""
    sides = coverage(own_rehearsals(code), library().alone(code))
    assert sides.keys() == {measure.id for measure in effective(code)}
    assert {name: set(SIDES) - found for name, found in sides.items() if not found >= set(SIDES)} == {}


def test_cases_keep_a_pack_of_drafts_from_biting() -> None:
    """Where every measure is a draft, its cases expect nothing, and one would notice if the drafts took effect."""
    drafts = [code for code in CODES if not effective(code)]
    assert drafts
    for code in drafts:
        tried, alone = own_rehearsals(code), library().alone(code)
        assert {(r.case.expect, r.case.benefits or (), r.case.withheld or ()) for r in tried} == {("eligible", (), ())}
        assert {side for r in tried for sides in r.touched.values() for side in sides} == {NEGATIVE}, code
        measures = tuple(replace(measure, draft=False) for measure in alone.memoranda[code].measures)
        woken = Rulebook(alone.vocabulary, {code: replace(alone.memoranda[code], measures=measures)}, alone.revision)
        assert not all(rehearse(r.case, woken).passed for r in tried), code


# -- what cases cannot say: no place, and a benefit for a whole consortium


def test_a_question_without_a_place_is_answered_by_national_measures() -> None:
    """The same question in Zhongxiang meets the local plan; without a place it does not, and the answer says so."""
    case = next(c for c in library().cases if c.inquiry.jurisdiction == "420881" and c.inquiry.scenario == "permit")
    local, placeless = (_judged(replace(case.inquiry, jurisdiction=place), case) for place in ("420881", None))
    assert {f.measure.pack for o in local.outcomes for f in o.findings} >= {"zhongxiang-2018", "a-grade-taxpayers"}
    assert {f.measure.jurisdiction for o in placeless.outcomes for f in o.findings} == {"national"}
    assert Flag("no-jurisdiction") in placeless.flags
    assert Flag("no-jurisdiction") not in local.flags


def _judged(inquiry: Inquiry, case: Case) -> Answer:
    return judge(inquiry, case.register, whole())


def test_a_benefit_needs_every_member() -> None:
    """No shipped measure grants a benefit where consortia stand together, so one is moved to procurement here."""
    pack = library().packs["a-grade-taxpayers"].memorandum
    assert pack
    granting = replace(pack.measures[0], scenarios=("procurement",), matters=(), roles=())
    rulebook = Rulebook(whole().vocabulary, {pack.code: replace(pack, measures=(granting,))}, whole().revision)
    case = next(
        c for c in library().cases if {p.consortium for p in c.inquiry.parties} == {"X"} and not c.inquiry.matter
    )
    member, other = (replace(p, role="consortium-member") for p in case.inquiry.parties[:2])
    entry = next(e for c in library().cases for e in c.register.entries if e.list == "a-grade-taxpayers")
    entries = tuple(replace(entry, subject=p.subject) for p in (member, other))
    assert _granted(case, rulebook, (member, other), entries[:1]) == set()
    assert _granted(case, rulebook, (member, other), entries) == {"green_channel"}
    assert _granted(case, rulebook, (member,), entries[:1]) == {"green_channel"}


def _granted(case: Case, rulebook: Rulebook, parties: tuple[Party, ...], entries: tuple[Any, ...]) -> set[str]:
    since = entries[0].dates["listed"]
    moments = dict.fromkeys(case.inquiry.moments, replace(since, first=since.last + 1, last=since.last + 1))
    inquiry = replace(case.inquiry, scenario="procurement", prevails="as_of", parties=parties, moments=moments)
    arrivals = {code: (moments["as_of"],) for code in rulebook.vocabulary.lists}
    answer = judge(inquiry, Register(entries, arrivals=arrivals), rulebook)
    return {b.name for o in answer.outcomes for b in o.benefits if b.granted}


# -- mutants

# What no case can notice, besides a start before the law (`unborn`).
UNSEEN = {
    # on that day the bar of another article decides, and `because` names only what decides
    ("bidding-law#五十三、五十四.2、六十.2 超期", "ban_from within -1 day"),
    ("science-fund-2007#三十四、三十五、三十六 超期", "ban_from within -1 day"),
    ("science-fund#三十六、三十七、三十八 超期", "ban_from within -1 day"),
    # the bar of the same item decides wherever it does
    ("logistics#（二）10（下调）", "scrutinise becomes inform"),
    ("oil-and-gas#二（六）30（下调）", "scrutinise becomes inform"),
    # that a clause which only informs is absent cannot be said in a case
    ("accounting-law#四十七.1", "when dropped"),
    ("bidding-regulation#六十七.3", "ban_until within +1 day"),
    ("bidding-regulation#六十八.3", "ban_until within +1 day"),
    ("company-law#一百七十八.3 失信被执行人", "unless dropped"),
    ("company-law#一百七十八.3 其他情形", "when dropped"),
    ("company-law-2018#一百四十六.3 失信被执行人", "unless dropped"),
    ("company-law-2018#一百四十六.3 其他情形", "when dropped"),
    ("customs-credit-rules-2021#严重失信主体名单", "when dropped"),
    ("customs-credit-rules-2021#联合惩戒", "unless dropped"),
    ("drug-law#一百零五 惩戒", "when dropped"),
    ("food-safety-law#一百一十三 通报", "when dropped"),
    ("henan-credit-regulation#三十二.1.4", "when dropped"),
    ("henan-credit-regulation#三十二.1.4", "decided within +1 day"),
    ("henan-credit-regulation#三十四.1 减分", "when dropped"),
    ("henan-credit-regulation#三十四.1.1（招标）", "when dropped"),
    ("henan-credit-regulation#三十四.1.3", "when dropped"),
    ("procurement-complaints#三十七.1", "when dropped"),
    ("procurement-complaints#三十七.1 已列入", "when dropped"),
    ("procurement-complaints#三十七.2 查实", "when dropped"),
    ("procurement-violators-record#一（一）不足", "unless dropped"),
    ("shandong-credit-regulation#二十八.1.3", "act_ended within +1 day"),
    ("shandong-credit-regulation#二十八.1.3", "when dropped"),
    ("shandong-credit-regulation#二十八.1.3（名单）", "when dropped"),
    ("shandong-credit-regulation#三十.1.4", "when dropped"),
    ("shandong-credit-regulation#三十.1.5（招标）", "when dropped"),
    ("shandong-credit-regulation#三十.1.6", "when dropped"),
    ("shanghai-credit-regulation#三十.1.4", "act_ended within +1 day"),
    ("shanghai-credit-regulation#三十.1.4", "when dropped"),
    ("shanghai-credit-regulation#三十.1.4（名单）", "when dropped"),
    ("shenzhen-credit-regulation#六十四.1", "when dropped"),
    ("tourism-law#一百零八", "when dropped"),
    ("transport-construction-incentives#信用奖励", "when dropped"),
    ("transport-construction-incentives#提高工程预付款比例", "when dropped"),
    ("transport-construction-incentives#降低保证金比例", "when dropped"),
    ("yongqing-2018#三（二）8（政府投资）", "when dropped"),
    ("zhejiang-credit-regulation#二十六.1.1（招标）", "when dropped"),
    ("zhejiang-credit-regulation#二十六.1.3", "when dropped"),
    ("changzhou-2019", "in force -1 day"),
    ("safety-violators-rules", "in force -1 day"),
    ("wage-defaulters-rules", "in force -1 day"),
    # an own entry on a black or watch list takes the benefits away without any clause
    ("red-black-lists#八（十九）", "withhold becomes inform"),
    ("shandong-credit-regulation#二十八.1.1（名单）", "withhold becomes inform"),
    ("shandong-credit-regulation#二十八.1.1（名单）", "when dropped"),
    ("shanghai-credit-regulation#三十.1.1 简化程序（名单）", "withhold becomes inform"),
    ("shanghai-credit-regulation#三十.1.1 简化程序（名单）", "when dropped"),
    ("shanghai-credit-regulation#三十.1.3（名单）", "withhold becomes inform"),
    ("shanghai-credit-regulation#三十.1.3（名单）", "when dropped"),
    ("shenzhen-credit-regulation#五十九.1.4 不良记录", "withhold becomes inform"),
    ("commitment-route#不良信用记录", "withhold becomes inform"),
    ("henan-credit-regulation#三十四.1 简化程序", "withhold becomes inform"),
    ("henan-credit-regulation#三十四.1 简化程序", "when dropped"),
    ("henan-credit-regulation#三十四.1 便利", "withhold becomes inform"),
    ("henan-credit-regulation#三十四.1 便利", "when dropped"),
    # the pack by itself grants nothing that could be withheld
    ("patents#二（一）2", "withhold becomes inform"),
    ("patents#二（一）5", "withhold becomes inform"),
    ("zhejiang-credit-regulation#二十三.1.2", "withhold becomes inform"),
    ("zhejiang-credit-regulation#二十三.1.2", "when dropped"),
    ("zhejiang-credit-regulation#二十三.1.2", "decided within -1 day"),
    ("zhejiang-credit-regulation#二十三.1.2", "decided within +1 day"),
    ("zhejiang-credit-regulation#二十三.1.2", "served within -1 day"),
    ("zhejiang-credit-regulation#二十三.1.2", "served within +1 day"),
    ("zhejiang-credit-regulation#二十三.1.2（名单）", "withhold becomes inform"),
    ("zhejiang-credit-regulation#二十三.1.2（名单）", "when dropped"),
    # the clause beside it grants the same to the same people
    ("youth-volunteers#优先安排职业培训", "prefer becomes inform"),
    ("youth-volunteers#公派出国优先", "prefer becomes inform"),
    ("youth-volunteers#同等条件优先录取", "prefer becomes inform"),
    # the clause beside it withholds the same for the same record
    ("shanghai-credit-regulation#三十.1.1 简化程序", "withhold becomes inform"),
    ("shanghai-credit-regulation#三十.1.1 简化程序", "act_ended within -1 day"),
    ("shanghai-credit-regulation#三十.1.3", "withhold becomes inform"),
    ("shanghai-credit-regulation#三十.1.3", "act_ended within -1 day"),
    ("henan-credit-regulation#三十二.1.1 简化程序", "withhold becomes inform"),
    ("henan-credit-regulation#三十二.1.1 简化程序", "decided within -1 day"),
    ("henan-credit-regulation#三十二.1.3", "decided within -1 day"),
    # contested or not: the route stays closed, the channel is not granted, the person decides anyway
    ("commitment-route#不良信用记录（处罚）", "no longer contested"),
    ("customs-advanced#绿色通道（认证企业）", "green_channel becomes inform"),
    ("customs-advanced#绿色通道（认证企业）", "contested -1 day"),
    ("untrustworthy-enterprises#国有土地出让", "no longer contested"),
    ("untrustworthy-enterprises#国有土地出让", "contested -1 day"),
    ("untrustworthy-enterprises#国有土地出让", "contested +1 day"),
    ("untrustworthy-enterprises#工程招标投标", "no longer contested"),
    ("untrustworthy-enterprises#工程招标投标", "contested -1 day"),
    ("untrustworthy-enterprises#工程招标投标", "contested +1 day"),
    ("untrustworthy-enterprises#政府采购", "no longer contested"),
    ("untrustworthy-enterprises#政府采购", "contested -1 day"),
    ("untrustworthy-enterprises#政府采购", "contested +1 day"),
    ("untrustworthy-enterprises#荣誉称号", "no longer contested"),
    ("untrustworthy-enterprises#荣誉称号", "contested -1 day"),
    ("untrustworthy-enterprises#荣誉称号", "contested +1 day"),
}


def survivors(code: str, changed: Iterator[Mutant]) -> set[tuple[str, str]]:
    """The mutants under which every case of the pack still passes."""
    rulebook = library().alone(code)
    tried = own_rehearsals(code)

    def noticed(mutant: Mutant) -> bool:
        other = Rulebook(rulebook.vocabulary, {code: mutant.memorandum}, rulebook.revision)
        nearest_first = sorted(tried, key=lambda r: mutant.measure not in r.touched)
        return any(not rehearse(r.case, other).passed for r in nearest_first)

    return {(mutant.measure or code, mutant.change) for mutant in changed if not noticed(mutant)}


def effective(code: str) -> list[Measure]:
    """The measures of a pack that may change a verdict."""
    memorandum = library().packs[code].memorandum
    assert memorandum
    return [measure for measure in memorandum.measures if not measure.draft]


def unborn(code: str) -> bool:
    """Whether nothing that the pack cites is in force the day before it, so that an earlier start changes nothing."""
    laws = library().vocabulary.instruments
    return not any(
        measure.span.since and laws[one.instrument].span.holds(measure.span.since - DAY)
        for measure in effective(code)
        for one in measure.basis
    )


@pytest.mark.parametrize("code", CODES)
def test_cases_notice_a_sample_of_mutants(code: str) -> None:
    """Every fifth effective measure of the library with another effect or duty, without conditions, a day off."""
    sample = [m for number, m in enumerate(m for c in CODES for m in effective(c)) if number % 5 == 0]
    memorandum = library().packs[code].memorandum
    assert memorandum
    changed = (mutant for measure in sample if measure.pack == code for mutant in mutants(memorandum, measure))
    assert survivors(code, changed) - UNSEEN == set()


@pytest.mark.slow
def test_cases_notice_mutants_of_every_measure() -> None:
    """All measures and all documents with effect; the survivors are exactly those that no case can notice."""
    found: set[tuple[str, str]] = set()
    coded = [code for code in CODES if effective(code)]
    for code in coded:
        memorandum = library().packs[code].memorandum
        assert memorandum
        found |= survivors(code, (x for measure in effective(code) for x in mutants(memorandum, measure)))
        found |= survivors(code, late_and_early(memorandum))
    print(*(f"survived: {name}: {change}" for name, change in sorted(found)), sep="\n")
    assert found == UNSEEN | {(code, "in force -1 day") for code in coded if unborn(code)}


@pytest.mark.slow
def test_cases_notice_most_finer_mutants() -> None:
    """Roles, reaches, lists, matters, windows, single words: those that survive are printed, and they are few."""
    found: set[tuple[str, str]] = set()
    tried = 0
    for code in CODES:
        memorandum = library().packs[code].memorandum
        assert memorandum
        changed = [x for measure in effective(code) for x in finer_mutants(memorandum, measure)]
        tried += len(changed)
        found |= survivors(code, iter(changed))
    print(f"{tried} tried", *(f"survived: {name}: {change}" for name, change in sorted(found)), sep="\n")
    assert len(found) <= tried // 20


# -- editors


def as_an_editor_reads(path: Path) -> Any:
    """The file by YAML 1.2's core schema: plain numbers are numbers, `true` is a truth, dates and `yes` are texts."""
    return _plain(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader))


def _plain(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value) for value in node.value]
    text: str = node.value
    if node.style is None and re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if node.style is None and re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text == "true" if node.style is None and text in ("true", "false") else text


@cache
def validator(kind: str) -> Draft202012Validator:
    """The printed schema of packs or cases."""
    Draft202012Validator.check_schema(json_schema(kind))
    return Draft202012Validator(json_schema(kind))


@pytest.mark.parametrize("path", [*PACK_FILES, *CASE_FILES], ids=relative)
def test_an_editor_underlines_nothing(path: Path) -> None:
    """Every pack and cases file names its schema on the first line and fits it, read as texts or as an editor reads."""
    kind = "cases" if path in CASE_FILES else "pack"
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    assert first == f"# yaml-language-server: $schema=../schema/{kind}.json"
    for value in (read_tree(path).value, as_an_editor_reads(path)):
        found = [f"{list(e.absolute_path)}: {e.message[:200]}" for e in validator(kind).iter_errors(value)]
        assert found == []


# -- nothing from outside

URL = re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:[a-z0-9-]+\.)+(?:com|cn|net|org|gov|edu|io|info|dev)\b")
# The name of the JSON Schema dialect, not a place that anything fetches.
DIALECT = '"$schema": "https://json-schema.org/draft/2020-12/schema"'
CODE = re.compile(r"(?i)(?<![0-9A-Z])(?=[0-9A-Z]{18}(?![0-9A-Z]))(?=(?:[A-Z]*[0-9]){8})[0-9A-Z]{18}")
TEXTS = sorted(p for p in FOLDER.rglob("*") if p.is_file() and p.suffix in (".yaml", ".json", ".md", ".html", ".txt"))


def test_no_address_of_any_host() -> None:
    """Packs, words, cases and demo name no site: what they rest on is a document, cited by its name and number."""
    texts = {relative(path): path.read_text(encoding="utf-8") for path in TEXTS}
    found = {name: hits for name, text in texts.items() if (hits := URL.findall(text.replace(DIALECT, "")))}
    assert found == {}
    assert all(URL.search(text) for text in ("see http://x", "at example.com", "WWW.x", "a.gov.cn"))


def test_only_synthetic_codes() -> None:
    """Every code has the unassigned prefix and a right check character, so that no real firm is named."""
    found = {code for path in TEXTS for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert found
    assert CODE.findall("subject: 91" + "4" * 15 + "X, role")
    assert {code for code in found if not code.startswith("91990000") or not uscc.is_valid(code)} == set()


# -- the law itself

ITEM = re.compile(r"[（(][一二三四五六七八九十]+[）)]")
needs_law = pytest.mark.skipif(
    not LAW.is_dir(), reason="the statute texts are not beside this repository (../shared/law)"
)


@cache
def statutes() -> dict[str, list[dict[int, list[int]]]]:
    """By instrument, for each text we hold: article to the number of items in each of its paragraphs."""
    held: dict[str, list[dict[int, list[int]]]] = {}
    for line in (LAW / "INDEX.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        title, *_, file = line.split("\t")
        names = [i.code for i in library().vocabulary.instruments.values() if title in (i.code, i.name.zh)]
        for name in names:
            held.setdefault(name, []).append(articles((LAW / file).read_text(encoding="utf-8")))
    return held


def articles(text: str) -> dict[int, list[int]]:
    """The articles of a statute, each as its paragraphs' numbers of items."""
    numbers = {chinese_number(n): n for n in range(1, 1300)}
    found: dict[int, list[int]] = {}
    current = 0
    for block in (line.strip() for line in text.splitlines() if line.strip()):
        head = re.match(r"第([零一二三四五六七八九十百千]+)条(?!之)", block)
        if head and numbers.get(head[1]) == current + 1:
            current += 1
            found[current] = [0]
        elif current and ITEM.match(block):
            found[current][-1] += 1
        elif current and not block.startswith(("#", "<", "第")):
            found[current].append(0)
    return found


def cited() -> Iterator[tuple[str, Citation]]:
    """Every citation of packs and vocabulary, with where it stands."""
    words = library().vocabulary
    for measure in whole().measures:
        yield from ((measure.id, citation) for citation in measure.basis)
    for record in words.lists.values():
        yield from ((record.code, parse_citation(text)) for rule in record.terms for text in rule.basis)
    for name in ("basic_list", "parameters"):
        tree = read_tree(FOLDER / "vocabulary" / f"{name}.yaml")
        yield from ((name, parse_citation(text)) for text in _bases(tree.value))


def _bases(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from inner if key == "basis" and isinstance(inner, list) else _bases(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _bases(inner)


def stands(citation: Citation, text: dict[int, list[int]]) -> bool:
    """Whether the text has the article, its paragraph and its item."""
    article, paragraph, item = (*citation.numbers, 0, 0)[:3]
    paragraphs = text.get(article, [])
    if not paragraphs or paragraph > len(paragraphs):
        return False
    return not item or item <= paragraphs[paragraph - 1]


@needs_law
def test_every_article_cited_stands_in_the_text() -> None:
    """Article, paragraph and item, in at least one text of the instrument that we hold."""
    held = statutes()
    checked = [(where, one) for where, one in cited() if one.numbers and one.instrument in held]
    assert len(checked) > 100
    assert [
        f"{where}: {one}" for where, one in checked if not any(stands(one, text) for text in held[one.instrument])
    ] == []


@needs_law
@pytest.mark.parametrize(
    "wrong", ["政府采购法 89", "政府采购法 22.3", "政府采购法 22.1.7", "招标投标法实施条例 51.1.8"]
)
def test_a_planted_citation_is_seen(wrong: str) -> None:
    """An article, a paragraph and an item too many: the reading of the texts is not blind."""
    citation = parse_citation(wrong)
    assert not any(stands(citation, text) for text in statutes()[citation.instrument])
    last = replace(citation, numbers=(*citation.numbers[:-1], citation.numbers[-1] - 1))
    assert any(stands(last, text) for text in statutes()[citation.instrument])


@needs_law
def test_the_vocabulary_counts_articles_as_the_texts_do() -> None:
    """The last article of an instrument's texts, as registered, is the last one printed."""
    instruments = library().vocabulary.instruments
    for name, texts in statutes().items():
        registered = {count for _, count in instruments[name].versions}
        assert {max(text) for text in texts} <= registered, name
