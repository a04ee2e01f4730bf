"""Entries and relations as an entries file or a case writes them: dates, events, and the facts their list carries."""

from engine.calendar import When, between
from engine.inquiry import DATES, HAPPENINGS, UNKNOWN, Entry, Event, Known, Relation
from engine.packs.values import WrongValue, read_value
from engine.packs.words import Node, advice, plain_text, shown
from engine.vocabulary import FactRecord, ListRecord, Owner, Span, Vocabulary

# Days that a decision sets; an hour would mean nothing.
WHOLE_DAYS = ("expires", "ban_from", "ban_until")
ABSENT = "absent"
UNKNOWN_TEXT = "unknown"
_OWN_KEYS = frozenset({"subject", "of", "list", "events", ABSENT, "document", "body", *DATES, *HAPPENINGS})


def read_entry(node: Node, subject: str, vocabulary: Vocabulary) -> Entry | None:
    """One entry of `subject`; None if its list is unknown. Faults: codes P6xx."""
    where = node.at("list")
    if not where.known("P602", vocabulary.lists, "名单", "list"):
        return None
    record = vocabulary.lists[where.text]
    dates, facts = _dates(node), _facts(node, record, vocabulary)
    facts.update({name: UNKNOWN for name in DATES if plain_text(node.at(name).text) == UNKNOWN_TEXT})
    _in_order(node, dates)
    return Entry(
        subject=subject,
        list=record.code,
        dates=dates,
        facts=facts,
        events=_events(node),
        document=plain_text(node.at("document").text),
        body=plain_text(node.at("body").text),
    )


def _dates(node: Node) -> dict[str, When]:
    dates: dict[str, When] = {}
    for name in DATES:
        kid = node.at(name)
        if not kid.text or plain_text(kid.text) == UNKNOWN_TEXT:
            continue
        when = node.moment(name, "P605")
        if when is not None and when.exact and name in WHOLE_DAYS:
            kid.fault("P605", f"`{name}` 是整日，不写时刻", f"`{name}` is a whole day, without an hour")
        elif when is not None:
            dates[name] = when
    return dates


def _in_order(node: Node, dates: dict[str, When]) -> None:
    first, last = dates.get("ban_from"), dates.get("ban_until")
    if first and last and last.first < first.first:
        zh, en = f"禁止期止于 {last.text}，早于起始 {first.text}", f"the ban ends on {last.text}, before it begins"
        node.at("ban_until").fault("P608", zh, f"{en} on {first.text}")


def _facts(node: Node, record: ListRecord, vocabulary: Vocabulary) -> dict[str, Known]:
    facts: dict[str, Known] = {}
    for kid in node.kids():
        if kid.name in _OWN_KEYS or not kid.text:
            continue
        fact = vocabulary.facts.get(kid.name)
        if fact is None or fact.owner is not Owner.ENTRY or not record.carries(fact.code):
            _not_carried(kid, record, fact)
        elif (value := read_known(kid, fact)) is not None:
            facts[fact.code] = value
    return facts


def _not_carried(kid: Node, record: ListRecord, fact: FactRecord | None) -> None:
    word = shown(kid.name)
    helps = advice(kid.name, [*sorted(record.required | record.optional), *HAPPENINGS])
    if fact is None:
        kid.fault("P607", f"没有这个事实：`{word}`", f"there is no fact `{word}`", helps, key=True)
    else:
        zh, en = f"名单 `{record.code}` 不载 `{word}`", f"entries of `{record.code}` do not carry `{word}`"
        kid.fault("P607", zh, en, helps, key=True)


def read_known(node: Node, fact: FactRecord) -> Known | None:
    """What is known of a fact: a value, or `unknown`; None, and a fault, if the text is neither."""
    if plain_text(node.text) == UNKNOWN_TEXT:
        return UNKNOWN
    try:
        return read_value(fact, node.text)
    except WrongValue as wrong:
        node.fault("P606", wrong.zh, wrong.en, wrong.help)
        return None


def read_facts(node: Node, owner: Owner, vocabulary: Vocabulary) -> dict[str, Known]:
    """Declared facts of the inquiry or of a party, with a fault for each that is another's or nobody's."""
    facts: dict[str, Known] = {}
    own = [code for code, fact in vocabulary.facts.items() if fact.owner is owner]
    for kid in node.kids():
        if kid.name not in own:
            word = shown(kid.name)
            zh = {Owner.INQUIRY: "查询", Owner.PARTY: "当事方"}.get(owner, "记录")
            helps = advice(kid.name, own, most=0)
            kid.fault(
                "P607", f"{zh}没有这个事实：`{word}`", f"there is no fact `{word}` of the {owner}", helps, key=True
            )
        elif kid.text and (value := read_known(kid, vocabulary.facts[kid.name])) is not None:
            facts[kid.name] = value
    return facts


def _events(node: Node) -> tuple[Event, ...]:
    events = []
    for kind in HAPPENINGS:
        if kind == ABSENT:
            events += _absence(node.at(ABSENT))
        elif (when := node.moment(kind, "P605")) is not None:
            events.append(Event(kind, when))
    for kid in node.at("events").kids():
        events += _event(kid)
    return tuple(events)


def _event(node: Node) -> list[Event]:
    kind = node.at("kind").text
    if kind == ABSENT:
        return _absence(node)
    when = node.moment("on", "P605")
    for key in ("after", "before"):
        if node.has(key):
            node.at(key).fault("P608", f"`{key}` 只用于 absent", f"`{key}` goes with `absent` only", key=True)
    if not node.has("on"):
        node.fault("P122", "缺少键 `on`", "the key `on` is missing")
    return [Event(kind, when)] if when is not None and kind in HAPPENINGS else []


def _absence(node: Node) -> list[Event]:
    if not node.map:
        return []
    after, before = node.day("after", "P605"), node.day("before", "P605")
    if node.has("on") or not (node.has("after") and node.has("before")):
        zh, en = "absent 写 after 和 before 两日", "`absent` has the days `after` and `before`"
        node.fault("P608", zh, en, ("如 {after: 2024-06-01, before: 2024-06-08}",) * 2)
    if after is None or before is None:
        return []
    if before < after:
        zh, en = (
            f"不再见到之日 {before} 早于最后见到之日 {after}",
            f"gone on {before}, before it was last seen on {after}",
        )
        node.at("before").fault("P608", zh, en)
        return []
    return [Event(ABSENT, between(after, before))]


def read_relation(node: Node, near: str, far: str) -> Relation | None:
    """One dated tie between two subjects; None if it ties one to itself."""
    span: Span = node.span("since", "until", "P608")
    if near and near == far:
        node.fault("P611", "关系的两端是同一主体", "both ends of the relation are the same subject")
        return None
    return Relation(node.at("kind").text, near, far, span)
