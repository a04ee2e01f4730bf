"""One vocabulary record from its place in a file: list, fact, scenario, issuer, instrument, parameter, place, item."""

from collections.abc import Mapping, Sequence
from datetime import date

from engine.calendar import FIRST_DAY
from engine.condition import ALWAYS, Condition
from engine.errors import Fault, Place
from engine.packs.conditions import CURRENCY, Declared, read_condition
from engine.packs.values import WrongValue, count, fen
from engine.packs.words import Node, plain_text, word_of
from engine.reading import Checked
from engine.repair import NoRepair, Objection, RepairRegime, RepairRules, Scope
from engine.vocabulary import (
    NATIONAL,
    BasicList,
    Colour,
    DatedValue,
    Derivation,
    Edition,
    FactRecord,
    FactType,
    Instrument,
    Issuer,
    Jurisdiction,
    ListItem,
    ListRecord,
    Matter,
    Owner,
    Parameter,
    Rank,
    Scenario,
    Silence,
    TermRule,
    Words,
)


def read_fact(node: Node) -> FactRecord:
    """A declared fact."""
    owner = word_of(Owner, node.at("of").text, Owner.ENTRY)
    kind = word_of(FactType, node.at("type").text, FactType.CODE)
    if node.has("silent") and owner is Owner.ENTRY:
        zh, en = "记录的事实不写 silent，由名单的必有或可有决定", "an entry's fact has no `silent`: its list says"
        node.at("silent").fault("P231", zh, en, key=True)
    if node.has("values") and kind is not FactType.CODE:
        node.at("values").fault("P231", "只有 code 类事实有取值", "only a code has `values`", key=True)
    for value in node.at("values").kids():
        if value.name == "unknown":
            value.fault("P221", "`unknown` 另有含义", "`unknown` is reserved", key=True)
    values = {plain_text(value.name): value.both() for value in node.at("values").kids()}
    silent = word_of(Silence, node.at("silent").text, Silence.NO)
    derived = word_of(Derivation, node.at("derived").text, Derivation.ENDED_DAY) if node.has("derived") else None
    return FactRecord(node.name, owner, kind, node.both(), silent, derived, values)


def read_parameter(node: Node, more: Sequence[Node]) -> Parameter:
    """A dated figure, with what later layers add to it."""
    for key in ("zh", "en", "unit", "values", "read_on"):
        if not node.has(key):
            node.fault("P122", f"缺少键 `{key}`", f"the key `{key}` is missing", key=True)
    unit = node.at("unit").text
    seen: dict[tuple[date, str], DatedValue] = {}
    raised: dict[str, int] = {}
    owner = ""
    for source in (node, *more):
        for value in source.at("values").kids():
            _dated(value, unit, seen)
        for field in source.at("by_field").kids():
            if owner and field.name != owner:
                zh, en = f"`by_field` 只能用一个事实，已用 `{owner}`", f"`by_field` goes by one fact only, `{owner}`"
                field.fault("P222", zh, en, key=True)
            owner = owner or field.name
            _by_field(field, unit, raised)
    values = tuple(sorted(seen.values(), key=lambda value: (value.since, value.jurisdiction)))
    return Parameter(node.name, node.both(), unit, values, node.at("read_on").text or "prevailing", owner, raised)


def _dated(node: Node, unit: str, seen: dict[tuple[date, str], DatedValue]) -> None:
    since, place = node.day("from"), node.at("jurisdiction").text or NATIONAL
    value = _figure(node.at("value"), unit)
    if since is None or value is None:
        return
    if (since, place) in seen:
        zh, en = f"{since} 起的数值已经写过", f"the figure from {since} on is already written"
        node.fault("P221", zh, en)
        return
    seen[since, place] = DatedValue(since, value, place)


def _by_field(node: Node, unit: str, raised: dict[str, int]) -> None:
    for entry in node.kids():
        value = _figure(entry, unit)
        if entry.name in raised:
            entry.fault("P221", f"`{entry.name}` 已经写过", f"`{entry.name}` is already written", key=True)
        elif value is not None:
            raised[plain_text(entry.name)] = value


def _figure(node: Node, unit: str) -> int | None:
    if not node.text:
        return None
    try:
        return fen(node.text) if unit == CURRENCY else count(node.text)
    except WrongValue as wrong:
        node.fault("P215", wrong.zh, wrong.en, wrong.help)
        return None


def read_list(node: Node, declared: Declared) -> ListRecord:
    """A register, with its term rules."""
    facts = node.at("facts")
    required, optional = frozenset(facts.texts("required")), frozenset(facts.texts("optional"))
    for kid in facts.each("optional"):
        if kid.text in required:
            kid.fault("P229", f"`{kid.text}` 既必有又可有", f"`{kid.text}` is both required and optional")
    terms = [_term(term, declared) for term in node.at("terms").kids()]
    # A later rule takes the place of an earlier one from its own first day, whichever stands first in the file.
    terms.sort(key=lambda rule: rule.span.since or FIRST_DAY, reverse=True)
    return ListRecord(
        code=node.name,
        name=node.both(),
        colour=word_of(Colour, node.at("colour").text, Colour.RECORD),
        keeper=node.at("keeper").text,
        fresh=whole(node.at("fresh").text),
        required=required,
        optional=optional,
        terms=tuple(terms),
        note=node.at("note").remark(),
        untimed=node.at("untimed").both() if node.has("untimed") else None,
    )


def read_matter(node: Node) -> Matter:
    """What is applied for."""
    return Matter(node.name, node.both(), node.texts("scenarios"))


def whole(written: str) -> int:
    """The whole number written; 0 for what the schema refuses anyway."""
    text = plain_text(written)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _term(node: Node, declared: Declared) -> TermRule:
    period = node.period()
    is_open = node.at("open").text == "yes"
    if is_open is bool(period):
        zh, en = "期限规则应写一段时间，或 open: yes", "a term rule has a length of time, or `open: yes`"
        node.fault("P231", zh, en, ("如 years: 2", "as in years: 2"))
    when: Condition = read_condition(node.at("when"), declared) if node.has("when") else ALWAYS
    return TermRule(node.span(), node.at("start").text, period, when, node.texts("basis"))


def read_scenario(node: Node) -> Scenario:
    """A business in which lists are consulted."""
    return Scenario(
        code=node.name,
        name=node.both(),
        moment=node.at("moment").text or "as_of",
        roles={role.name: role.both() for role in node.at("roles").kids()},
        consults=node.texts("consults"),
        benefits_consult=node.texts("benefits_consult"),
        consortium_taints=node.at("consortium").text == "taints",
        relations_required=node.texts("relations_required"),
        matters=node.at("matters").text == "yes",
        routes={route.name: route.both() for route in node.at("routes").kids()},
    )


def read_issuer(node: Node) -> Issuer:
    """A body."""
    return Issuer(node.name, node.both(), node.span(), node.texts("successors"))


def read_instrument(node: Node) -> Instrument:
    """A citable instrument."""
    versions = []
    for version in node.at("versions").kids():
        since, articles = version.day("from"), whole(version.at("articles").text)
        if since and articles:
            versions.append((since, articles))
    return Instrument(
        code=node.name,
        name=Words(node.at("zh").text or node.name, node.at("en").text),
        rank=word_of(Rank, node.at("rank").text, Rank.NORMATIVE_DOCUMENT),
        span=node.at("in_force").span(),
        versions=tuple(sorted(versions)),
        jurisdiction=node.at("jurisdiction").text or NATIONAL,
    )


def read_jurisdiction(node: Node) -> Jurisdiction:
    """A place."""
    return Jurisdiction(node.name, node.both(), node.at("parent").text or NATIONAL, node.span())


def read_basic_list(nodes: Mapping[str, Node], faults: list[Fault]) -> BasicList:
    """The legality gate and the basic list; `nodes` has an `items.CODE` for each row of every layer."""
    if "gate" not in nodes:
        zh, en = "缺少 vocabulary/basic_list.yaml 中的 gate", "the gate of vocabulary/basic_list.yaml is missing"
        faults.append(Fault("P222", Place("vocabulary/basic_list.yaml"), zh, en))
        return BasicList(FIRST_DAY, (), (), {})
    gate = nodes["gate"]
    editions = tuple(
        Edition(edition.name, edition.day("from") or FIRST_DAY, edition.at("read").text)
        for edition in (nodes["editions"].kids() if "editions" in nodes else ())
    )
    items = {
        code: ListItem(code, whole(node.at("class").text) or 3, node.both())
        for name, node in nodes.items()
        if name.startswith("items.") and (code := name.removeprefix("items."))
    }
    return BasicList(gate.day("from") or FIRST_DAY, gate.texts("basis"), editions, items)


def read_repair(nodes: Mapping[str, Node]) -> RepairRules:
    """The ways back; `nodes` has a `SECTION.CODE` for each row of every layer."""

    def rows(section: str) -> list[Node]:
        return [node for name, node in nodes.items() if name.startswith(f"{section}.")]

    return RepairRules(
        regimes=tuple(map(_regime, rows("regimes"))),
        objections=tuple(map(_objection, rows("objections"))),
        not_repairable=tuple(
            NoRepair(
                row.name,
                row.both(),
                read_scope(row),
                row.texts("basis"),
                read_checked(row),
                said(row, "doubt"),
                row.at("note").remark(),
            )
            for row in rows("not_repairable")
        ),
    )


def _regime(node: Node) -> RepairRegime:
    return RepairRegime(
        code=node.name,
        name=node.both(),
        scope=read_scope(node),
        apply_to=node.at("apply_to").both(),
        conditions=node.at("conditions").both(),
        minimum=said(node, "minimum"),
        maximum=said(node, "maximum"),
        deadline=said(node, "deadline"),
        basis=node.texts("basis"),
        checked=read_checked(node),
        doubt=said(node, "doubt"),
        note=node.at("note").remark(),
    )


def _objection(node: Node) -> Objection:
    return Objection(
        code=node.name,
        name=node.both(),
        scope=read_scope(node),
        apply_to=node.at("apply_to").both(),
        mark=said(node, "mark"),
        deadline=said(node, "deadline"),
        after=said(node, "after"),
        basis=node.texts("basis"),
        checked=read_checked(node),
        doubt=said(node, "doubt"),
        note=node.at("note").remark(),
    )


def read_scope(node: Node) -> Scope:
    """Which entries a rule is for, where and when."""
    lists, keepers, colours, spared = (frozenset(node.texts(key)) for key in ("lists", "keepers", "colours", "spared"))
    place = node.at("jurisdiction").text or NATIONAL
    return Scope(node.span(), place, lists, keepers, colours, spared)


def said(node: Node, key: str) -> Words | None:
    """The `zh` and `en` under a key; None without it."""
    return node.at(key).both() if node.has(key) else None


def read_checked(node: Node) -> Checked:
    """How a rule was checked."""
    # What does not say how it was checked is a fault already; until it is mended it is the least sure of all.
    return node.at("checked").checked() or Checked("memory", date.min, "low")
