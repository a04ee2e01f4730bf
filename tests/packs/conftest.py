"""A small vocabulary and a small pack as text, so that a test changes one line and sees one fault."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from engine.errors import Fault
from engine.packs.build import Built, build_pack
from engine.packs.lexicon import read_vocabulary
from engine.packs.source import parse_tree
from engine.packs.tree import Tree
from engine.vocabulary import Vocabulary

CHECKED = "checked: {by: text, on: 2026-11-21, confidence: high}"
WORDS: Mapping[str, str] = {
    "facts": """
listed: {of: entry, type: date, zh: 列入日期, en: day of listing}
decided: {of: entry, type: date, zh: 决定日期, en: day of the decision}
ban_until: {of: entry, type: date, zh: 届满, en: last day of the ban}
ended: {of: entry, type: date, derived: ended-day, zh: 终止, en: ended}
ground: {of: entry, type: code, zh: 情形, en: ground}
amount: {of: entry, type: money, zh: 金额, en: amount}
times: {of: entry, type: count, zh: 次数, en: times}
penalty:
  {of: entry, type: code, zh: 种类, en: kind, values: {fine: {zh: 罚款, en: fine}, warning: {zh: 警告, en: warning}}}
serious: {of: entry, type: flag, zh: 严重, en: serious}
stage: {of: inquiry, type: code, zh: 阶段, en: stage, values: {awarded: {zh: 已定标, en: awarded}}}
mandatory: {of: inquiry, type: flag, silent: unknown, zh: 依法必须招标, en: mandatory}
price: {of: inquiry, type: money, zh: 金额, en: price}
collusion: {of: party, type: flag, zh: 串通, en: collusion}
""",
    "parameters": """
large-fine:
  zh: 较大数额罚款
  en: large fine
  unit: CNY
  values: [{from: 2022-02-08, value: 2000000.50, basis: [财库〔2022〕3号]}]
  unknown_before: yes
  read_on: prevailing
few: {zh: 几次, en: a few, unit: times, values: [{from: 2020-01-01, value: 3, basis: 采购法 2}], read_on: decided}
""",
    "issuers": """
mof: {zh: 财政部, en: Ministry of Finance}
spc: {zh: 最高法院, en: Supreme Court}
saic: {zh: 工商总局, en: SAIC, until: 2018-03-21, successors: [samr]}
samr: {zh: 市场监管总局, en: SAMR}
""",
    "instruments": f"""
采购法: {{en: Procurement Law, rank: law, issuers: [mof], in_force: {{from: 2003-01-01}},
  versions: [{{from: 2014-08-31, articles: 88}}, {{from: 2003-01-01, articles: 87}}], {CHECKED}}}
财库〔2022〕3号: {{en: Opinion, rank: normative-document, issuers: [mof], in_force: {{from: 2022-02-08}}, {CHECKED}}}
""",
    "lists": f"""
defaulters:
  zh: 失信被执行人
  en: defaulters
  colour: black
  keeper: spc
  fresh: 1
  facts: {{required: [listed, ground], optional: [decided]}}
  terms: [{{from: 2017-05-01, start: listed, years: 2, when: {{ground: [2, 3]}}, basis: [采购法 2]}}]
  {CHECKED}
penalties:
  zh: 行政处罚
  en: penalties
  colour: record
  keeper: mof
  fresh: 7
  facts: {{required: [decided, penalty], optional: [amount, times, serious, ban_until]}}
  {CHECKED}
""",
    "scenarios": """
procurement:
  zh: 政府采购
  en: procurement
  moment: cut_off
  roles: {supplier: {zh: 供应商, en: supplier}, agency: {zh: 代理机构, en: agency}}
  consults: [defaulters]
  consortium: taints
  matters: no
permit:
  zh: 行政许可
  en: permit
  moment: as_of
  roles: {applicant: {zh: 申请人, en: applicant}}
  consults: []
  benefits_consult: [defaulters]
  consortium: apart
  matters: yes
  routes: {commitment: {zh: 告知承诺, en: commitment}}
""",
    "jurisdictions": """
'420000': {zh: 湖北省, en: Hubei, parent: national}
'420881': {zh: 钟祥市, en: Zhongxiang, parent: '420000'}
""",
    "matters": "food: {zh: 食品, en: food, scenarios: [permit]}\n",
    "basic_list": """
gate: {from: 2020-12-18, basis: [采购法 2]}
editions: {'2021': {from: 2021-12-16, instrument: 财库〔2022〕3号, read: partly}}
items: {M1: {class: 1, zh: 禁入, en: entry ban, editions: ['2021'], basis: [采购法 2]}}
""",
}
HEAD = """\
title: 关于某事的通知
english: Notice on something
number: 财库〔2022〕3号
kind: punishment
form: normative-document
jurisdiction: national
issued: 2022-01-05
in_force: {from: 2022-02-08}
issuers: [mof]
lists: [defaulters]
checked: {by: text, on: 2026-11-21, confidence: high}
measures:
"""
MEASURE: Mapping[str, str] = {
    "clause": "一",
    "says": "{zh: 不得参加, en: may not take part}",
    "scenarios": "[procurement]",
    "effect": "bar",
    "by": "[mof]",
    "basis": "[采购法 22.1.5]",
}


def tree(text: str, file: str = "x.yaml") -> Tree:
    """A tree from text."""
    return parse_tree(text.encode(), file)


def layer(**files: str) -> dict[str, Tree]:
    """A layer of vocabulary files."""
    return {name: tree(text, f"{name}.yaml") for name, text in files.items()}


def measure(**keys: str | None) -> str:
    """One measure as text: the usual keys with these changed, added, or (None) left out; `while_` is `while`."""
    wanted = {**MEASURE, **{key.rstrip("_"): value for key, value in keys.items()}}
    lines = [f"{key}: {value}" for key, value in wanted.items() if value is not None]
    return "  - " + "\n    ".join(lines) + "\n"


def codes(faults: "tuple[Fault, ...] | list[Fault]") -> list[str]:
    """The codes of faults, in order."""
    return [fault.code for fault in faults]


def write_layer(root: Path, packs: Mapping[str, str], words: Mapping[str, str] = WORDS) -> Path:
    """A folder with a vocabulary and packs, by path."""
    for name, text in {**{f"vocabulary/{name}.yaml": text for name, text in words.items()}, **packs}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The small vocabulary."""
    found, faults = read_vocabulary([layer(**WORDS)])
    assert not faults, faults
    return found


@pytest.fixture(scope="session")
def build(vocabulary: Vocabulary) -> Callable[..., Built]:
    """Builds a pack from the text of its measures."""

    def from_measures(*measures: str, head: str = HEAD) -> Built:
        return build_pack(tree(head + "".join(measures)), "notice", "national/notice.yaml", vocabulary)

    return from_measures
