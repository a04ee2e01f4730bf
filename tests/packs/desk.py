"""A desk to check packs at: a folder of small packs over a vocabulary of all ranks, and what the checker says."""

from collections.abc import Mapping
from pathlib import Path

from engine.errors import Fault
from engine.packs.check import check
from engine.packs.library import Library, read_library
from tests.packs.conftest import CHECKED, HEAD, WORDS, write_layer

OPEN = "in_force: {from: 2000-01-01}"
_INSTRUMENTS = f"""
会计法: {{en: Accounting Law, rank: law, issuers: [mof], {OPEN},
  versions: [{{from: 2000-07-01, articles: 52}}, {{from: 2024-07-01, articles: 51}}], {CHECKED}}}
旧法: {{en: Old Law, rank: law, issuers: [mof], in_force: {{from: 1990-01-01, until: 2021-06-30}}, {CHECKED}}}
古法: {{en: Ancient Law, rank: law, issuers: [mof], in_force: {{from: 1990-01-01, until: 1999-12-31}}, {CHECKED}}}
某规章: {{en: Some Rule, rank: department-rule, issuers: [mof], {OPEN}, {CHECKED}}}
某备忘录: {{en: Some Memorandum, rank: memorandum, issuers: [mof], {OPEN}, {CHECKED}}}
湖北省条例: {{en: Hubei Regulation, rank: local-regulation, jurisdiction: '420000', issuers: [mof], {OPEN}, {CHECKED}}}
北京市条例: {{en: Beijing Rules, rank: local-regulation, jurisdiction: '110000', issuers: [mof], {OPEN}, {CHECKED}}}
钟祥市办法: {{en: Zhongxiang Measures, rank: local-normative-document, jurisdiction: '420881', issuers: [mof], {OPEN},
  {CHECKED}}}
"""
_LISTS = f"""
endless: {{zh: 无期名单, en: endless, colour: black, keeper: mof, fresh: 1, facts: {{required: [listed]}}, {CHECKED}}}
untimed: {{zh: 查无期限名单, en: untimed, colour: black, keeper: mof, fresh: 1, facts: {{required: [listed]}},
  untimed: {{zh: 各来源都没有写期限, en: no source gives a term}}, {CHECKED}}}
watched: {{zh: 关注名单, en: watched, colour: watch, keeper: mof, fresh: 1, facts: {{required: [listed]}}, {CHECKED}}}
persons: {{zh: 个人名单, en: persons, colour: black, keeper: mof, fresh: 1,
  facts: {{required: [listed], optional: [personal_score]}}, {CHECKED}}}
"""
_BASIC_LIST = """
gate: {from: 2020-12-18, basis: [采购法 2]}
editions: {'2021': {from: 2021-12-16, instrument: 财库〔2022〕3号, read: partly}}
items:
  M1: {class: 1, zh: 禁入, en: entry ban, editions: ['2021'], basis: [采购法 2]}
  M2: {class: 2, zh: 重点监管, en: closer supervision, editions: ['2021'], basis: [采购法 2]}
  M3: {class: 3, zh: 审慎授信, en: careful lending, editions: ['2021'], basis: [采购法 2]}
"""
# The small vocabulary, with instruments of every rank, more lists, and all three classes of the basic list.
WIDER: Mapping[str, str] = {
    **WORDS,
    "facts": WORDS["facts"] + "personal_score: {of: entry, type: count, zh: 个人信用积分, en: personal score}\n",
    "instruments": WORDS["instruments"] + _INSTRUMENTS,
    "lists": WORDS["lists"] + _LISTS,
    "jurisdictions": WORDS["jurisdictions"] + "'110000': {zh: 北京市, en: Beijing, parent: national}\n",
    "basic_list": _BASIC_LIST,
}
# A document older than the gate: what it says replays as issued before that day.
OLD = HEAD.replace("issued: 2022-01-05", "issued: 2016-08-01").replace("2022-02-08", "2016-08-01")
NEW = HEAD
LOCAL = OLD.replace("form: normative-document", "form: local-plan").replace("national", "'420881'")
NEW_LOCAL = NEW.replace("form: normative-document", "form: local-plan").replace("national", "'420881'")


def library(root: Path, packs: Mapping[str, str], words: Mapping[str, str] = WIDER) -> Library:
    """A library of these packs, by name: `a` is `national/a.yaml`, `a.cases` the cases beside it."""
    named = {name if "/" in name else f"national/{name}": text for name, text in packs.items()}
    return read_library([write_layer(root, {f"{name}.yaml": text for name, text in named.items()}, words)])


def said(root: Path, packs: Mapping[str, str] | str, *prefixes: str) -> list[Fault]:
    """What the checker says of these packs (one alone is called `notice`), only codes beginning with `prefixes`."""
    found = check(library(root, {"notice": packs} if isinstance(packs, str) else packs))
    return [fault for fault in found if fault.code.startswith(prefixes or ("P",))]


def marked(fault: Fault) -> str:
    """The characters that the fault underlines."""
    place = fault.place
    return place.source[place.column - 1 : place.column - 1 + place.length]


def told(faults: list[Fault]) -> list[tuple[str, str, str]]:
    """Each fault as code, severity, and what it underlines."""
    return [(fault.code, fault.severity, marked(fault)) for fault in faults]
