"""Working days and deadlines from their places in calendar.yaml and deadlines.yaml, with faults of their meaning."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from engine.citation import Citation, parse_citation
from engine.handling import CalendarYear, DeadlineRule, Handling, Procedure, Unit
from engine.packs.records import read_checked, read_scope, said, whole
from engine.packs.references import apart, check_way
from engine.packs.words import Node
from engine.vocabulary import Vocabulary, Words

# No notice gives more days off together; a slip of the pen in the year must not fill a century.
_LONGEST = 30
_SAME_STEP = Words("同一环节，适用于同样的记录", "for the same step and entries")


def read_handling(years: Mapping[str, Node], deadlines: Mapping[str, Node]) -> Handling:
    """The calendar and the deadlines; `deadlines` has a `SECTION.CODE` for each row of every layer."""
    return Handling(
        years={year.year: year for year in map(_year, years.values())},
        procedures={node.name: _procedure(node) for node in _rows(deadlines, "procedures")},
        starts={node.name: node.both() for node in _rows(deadlines, "starts")},
        rules=tuple(map(_rule, _rows(deadlines, "rules"))),
    )


def _rows(nodes: Mapping[str, Node], section: str) -> list[Node]:
    return [node for name, node in nodes.items() if name.startswith(f"{section}.")]


def _year(node: Node) -> CalendarYear:
    """The days a year's notices move; a fault at each that they cannot move."""
    year, off, worked = whole(node.name), set[date](), set[date]()
    for holiday in node.at("off").kids():
        for day in _days_of(holiday):
            _in_the_year(holiday.at("from"), day, year)
            if day in off:
                holiday.at("from").fault("P233", f"{day} 已经放假", f"{day} is off already")
            off.add(day)
    for written in node.each("worked"):
        if (extra := node.at("worked").day(written.path[-1])) is None:
            continue
        _in_the_year(written, extra, year)
        if extra in off:
            written.fault("P233", f"{extra} 既放假又上班", f"{extra} is both off and worked")
        elif extra.weekday() < 5:
            zh, en = f"{extra} 不是星期六、星期日", f"{extra} is no Saturday or Sunday: it is worked anyway"
            written.fault("P233", zh, en)
        worked.add(extra)
    return CalendarYear(year, node.texts("notices"), frozenset(off), frozenset(worked), read_checked(node))


def _days_of(holiday: Node) -> Iterator[date]:
    span = holiday.span()
    if span.since:
        length = ((span.until or span.since) - span.since).days
        if length > _LONGEST:
            zh, en = f"放假 {length + 1} 天，过长", f"{length + 1} days off together are too many"
            holiday.at("until").fault("P233", zh, en)
        yield from (span.since + timedelta(number) for number in range(min(length, _LONGEST) + 1))


def _in_the_year(node: Node, day: date, year: int) -> None:
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        zh, en = f"{day} 不在 {year} 年或上年 12 月", f"{day} lies neither in {year} nor in the December before"
        node.fault("P233", zh, en)


def _procedure(node: Node) -> Procedure:
    return Procedure(node.name, node.both(), {step.name: step.both() for step in node.at("steps").kids()})


def _rule(node: Node) -> DeadlineRule:
    unit = next((unit for unit in Unit if node.has(unit)), Unit.SAME_DAY)
    return DeadlineRule(
        code=node.name,
        procedure=node.at("procedure").text,
        step=node.at("step").text,
        scope=read_scope(node),
        start=node.at("start").text,
        unit=unit,
        count=0 if unit is Unit.SAME_DAY else whole(node.at(unit).text),
        extension=whole(node.at("extension").text),
        basis=node.texts("basis"),
        checked=read_checked(node),
        doubt=said(node, "doubt"),
        note=node.at("note").remark(),
    )


def check_deadlines(nodes: Mapping[str, Node], vocabulary: Vocabulary) -> None:
    """Put a fault at every deadline that leads nowhere, counts in no one unit, fits no law, or overlaps another."""
    handling = vocabulary.handling
    steps: dict[tuple[str, str], list[tuple[Node, DeadlineRule]]] = {}
    for node, rule in zip(_rows(nodes, "rules"), handling.rules, strict=True):
        check_way(node, vocabulary)
        _check_words(node, rule, handling)
        _check_unit(node, rule)
        _check_basis(node, rule, vocabulary)
        steps.setdefault((rule.procedure, rule.step), []).append((node, rule))
    for group in steps.values():
        apart([(node, rule.scope) for node, rule in group], "P234", _SAME_STEP)


def _check_words(node: Node, rule: DeadlineRule, handling: Handling) -> None:
    if node.at("procedure").known("P222", handling.procedures, "程序", "procedure"):
        node.at("step").known("P222", handling.procedures[rule.procedure].steps, "环节", "step")
    node.at("start").known("P222", handling.starts, "起算日", "start")


def _check_unit(node: Node, rule: DeadlineRule) -> None:
    written = [unit for unit in Unit if node.has(unit)]
    if len(written) != 1:
        names = [f"`{unit}`" for unit in Unit]
        node.fault(
            "P231", f"{'、'.join(names)} 须写且只写一个", f"write one of {', '.join(names)}, and only one", key=True
        )
    elif rule.unit is Unit.SAME_DAY and (rule.extension or node.at(rule.unit).text == "no"):
        zh, en = "当日办理只写 same_day: yes", "the same day is `same_day: yes` and no more"
        node.at("extension" if rule.extension else rule.unit).fault("P231", zh, en, key=True)
    elif rule.unit is not Unit.SAME_DAY and not rule.count:
        node.at(rule.unit).fault("P231", "当日办理写 same_day: yes", "for the same day write `same_day: yes`")


def _check_basis(node: Node, rule: DeadlineRule, vocabulary: Vocabulary) -> None:
    """One of the instruments in force on the rule's first day, law of its place, no article beyond the last then."""
    first, cited = rule.scope.span.since, list(_citations(node))
    found = [vocabulary.instruments.get(citation.instrument) for _, citation in cited]
    if first is None or not found or None in found:
        return
    if not any(instrument and instrument.span.holds(first) for instrument in found):
        zh, en = f"所引依据在 {first} 均未生效或已失效", f"nothing that is cited is in force on {first}"
        node.at("basis").fault("P235", zh, en, key=True)
    for (written, citation), instrument in zip(cited, found, strict=True):
        if instrument and not vocabulary.inside(rule.scope.jurisdiction, instrument.jurisdiction):
            zh, en = f"`{citation.instrument}` 不适用于该地区", f"`{citation.instrument}` is no law of that place"
            written.fault("P235", zh, en)
        last = instrument.articles_on(first) if instrument else None
        if last is not None and citation.article is not None and citation.article > last:
            zh = f"`{citation.instrument}` 共 {last} 条，没有第 {citation.article} 条"
            en = f"`{citation.instrument}` has {last} articles, there is no article {citation.article}"
            written.fault("P235", zh, en)


def _citations(node: Node) -> Iterator[tuple[Node, Citation]]:
    for written in node.each("basis"):
        try:
            yield written, parse_citation(written.text)
        except ValueError:
            continue  # the schema has spoken of it
