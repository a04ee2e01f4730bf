"""What the overview shows, each figure a chart and a table that say the same."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from api.notice.words import day_or_instant
from api.web.overview.charts import Chart, Column, columns, rows
from engine.calendar import When
from engine.explanation.phrases import VERDICTS
from engine.registry.overview import ListLine
from engine.registry.timeliness import Outcome, Timely
from engine.services.counting import Counts
from engine.services.waiting import Queue
from engine.vocabulary import Vocabulary

Say = Callable[..., str]
ORDER = ("eligible", "conditional", "ineligible", "review")
DAY = 86_400 * 1_000_000
# From so many days on a review stands in the next band.
BANDS = (0, 1, 3, 7, 30, 90)
# Which bar stands for which outcome; what cannot be known has none.
_OUTCOMES = {
    Outcome.MET: "eligible", Outcome.PENDING: "conditional", Outcome.MISSED: "ineligible", Outcome.OVERDUE: "review",
}  # fmt: skip
_LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its key and the table beside it; `desc` says in a sentence what is to be seen."""

    id: str
    title: str
    desc: str
    chart: Chart
    key: Sequence[tuple[str, str]]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Span:
    """Days counted together, with their label in the table and on the axis."""

    first: date
    last: date
    label: str
    short: str


def days_until(today: date, count: int) -> list[Span]:
    """So many days, today the last."""
    days = [today - timedelta(days=back) for back in reversed(range(count))]
    return [Span(day, day, day.isoformat(), f"{day:%m-%d}") for day in days]


def months_until(today: date, count: int) -> list[Span]:
    """So many months, the present one the last."""
    firsts = [_month(today, back) for back in reversed(range(-1, count))]
    return [
        Span(first, after - timedelta(days=1), f"{first:%Y-%m}", f"{first:%Y-%m}") for first, after in pairwise(firsts)
    ]


def over_time(counts: Counts, spans: Sequence[Span], scenario: str, title: str, unit: str, say: Say) -> Figure:
    """Decisions by verdict, a column for each span."""
    lang, summed = say("_lang"), Counter[tuple[date, str]]()
    for (first, one, verdict), n in counts.found.items():
        summed[first, verdict] += n if scenario in ("", one) else 0
    found = [{verdict: summed[one.first, verdict] for verdict in ORDER} for one in spans]
    total = {verdict: sum(one[verdict] for one in found) for verdict in ORDER}
    desc = say("over_time_desc", first=spans[0].label, last=spans[-1].label, n=f"{sum(total.values()):,}",
               parts=_parts([(VERDICTS[one].say(lang), total[one]) for one in ORDER], say))  # fmt: skip
    chart = columns([Column(one.short, parts) for one, parts in zip(spans, found, strict=True)])
    table = [_row(one.label, parts) for one, parts in zip(reversed(spans), reversed(found), strict=True)]
    return Figure(
        "over-time", title, desc, chart, _key(lang), _head(say(unit), say), [_row(say("total"), total), *table]
    )


def by_scenario(counts: Counts, spans: Sequence[Span], vocabulary: Vocabulary, say: Say) -> Figure | None:
    """Decisions by verdict, a bar for each scenario that has any, the most first; None where there are none."""
    lang, summed, most = say("_lang"), Counter[tuple[str, str]](), Counter[str]()
    for (first, scenario, verdict), n in counts.found.items():
        if spans[0].first <= first <= spans[-1].last:
            summed[scenario, verdict] += n
            most[scenario] += n
    told = [
        (_scenario(code, vocabulary, lang), {one: summed[code, one] for one in ORDER}) for code, _ in most.most_common()
    ]
    if not told:
        return None
    desc = say("by_scenario_desc", first=spans[0].label, last=spans[-1].label, n=len(told))
    chart = rows([Column(name, parts, f"{sum(parts.values()):,}") for name, parts in told])
    table = [_row(name, parts) for name, parts in told]
    return Figure("by-scenario", say("by_scenario"), desc, chart, _key(lang), _head(say("scenario"), say), table)


def freshness(lines: Sequence[ListLine], now: When, most: int, say: Say) -> Figure:
    """The age of each list's data against its limit, the most pressing first."""
    lang = say("_lang")
    states = [_state(line, now) for line in lines]
    desc = say("lists_desc", n=len(lines), **{one: states.count(one) for one in ("known", "past", "never")})
    pressing = sorted(lines, key=lambda line: (-_share(line, now), line.record.code))[:most]
    bars, table = list[Column](), list[list[str]]()
    for line in pressing:
        state, name = _state(line, now), line.record.name.say(lang)
        limit, age = line.record.fresh, _age(line, now)
        end = say("age_of", age=age, limit=limit) if line.data_time else say("never")
        kind = "ineligible" if state == "past" else "eligible"
        bars.append(Column(_short(name), {kind: _share(line, now)} if line.data_time else {}, end))
        data_time = day_or_instant(line.data_time.text, lang) if line.data_time else "—"
        table.append([
            name, data_time, say("in_days", n=age) if line.data_time else "—", say("in_days", n=limit), say(state),
        ])  # fmt: skip
    key = [("eligible", say("known")), ("ineligible", say("past"))]
    head = [say(one) for one in ("list", "data_time", "age", "limit", "state")]
    return Figure("freshness", say("lists"), desc, rows(bars, end=2, mark=1), key, head, table)


def handled(found: Mapping[str, Timely], vocabulary: Vocabulary, say: Say) -> Figure:
    """Objections and repairs: in time, late, open, overdue; what nobody can tell stands in the table only."""
    lang = say("_lang")
    names = {code: vocabulary.handling.procedures[code].name.say(lang) for code in found}
    counts = {code: {one: timely.outcomes.get(one, 0) for one in Outcome} for code, timely in found.items()}
    bars = [
        Column(
            names[code], {kind: own[one] for one, kind in _OUTCOMES.items()}, f"{sum(own[one] for one in _OUTCOMES):,}"
        )
        for code, own in counts.items()
    ]
    told = [
        say("handled_desc", procedure=names[code], parts=_parts([(say(one.value), n) for one, n in own.items()], say))
        for code, own in counts.items()
    ]
    key = [(kind, say(one.value)) for one, kind in _OUTCOMES.items()]
    shown = [*_OUTCOMES, Outcome.UNKNOWN]
    head = [say("procedure"), *(say(one.value) for one in shown)]
    table = [[names[code], *(f"{own[one]:,}" for one in shown)] for code, own in counts.items()]
    joined = ("；" if lang == "zh" else "; ").join(told)
    return Figure("handled", say("handled"), joined, rows(bars), key, head, table)


def waiting(queue: Queue, say: Say) -> Figure | None:
    """How many have waited for how long; None if nothing waits."""
    if not queue.lines:
        return None
    ages = [one.days(queue.at) for one in queue.lines]
    ends = [*BANDS[1:], 1 << 30]
    bands = [(say(f"band_{low}"), sum(low <= one < end for one in ages)) for low, end in zip(BANDS, ends, strict=True)]
    desc = say(
        "waiting_desc",
        n=f"{len(ages):,}",
        wait=say("in_days", n=max(ages)) if max(ages) else say("band_0"),
        parts=_parts(bands, say),
    )
    chart = columns([Column(label, {"review": n}) for label, n in bands])
    table = [[label, f"{n:,}"] for label, n in bands] + [[say("total"), f"{len(ages):,}"]]
    return Figure("waiting", say("waiting"), desc, chart, [], [say("waited"), say("number")], table)


def _head(first: str, say: Say) -> list[str]:
    return [first, *(VERDICTS[one].say(say("_lang")) for one in ORDER), say("total")]


def _row(label: str, parts: Mapping[str, int]) -> list[str]:
    return [label, *(f"{parts[one]:,}" for one in ORDER), f"{sum(parts.values()):,}"]


def _key(lang: str) -> list[tuple[str, str]]:
    return [(one, VERDICTS[one].say(lang)) for one in ORDER]


def _parts(found: Sequence[tuple[str, int]], say: Say) -> str:
    comma = "，" if say("_lang") == "zh" else ", "
    return comma.join(say("part", name=name, n=f"{n:,}") for name, n in found if n) or say("none")


def _scenario(code: str, vocabulary: Vocabulary, lang: str) -> str:
    record = vocabulary.scenarios.get(code)
    return record.name.say(lang) if record else code


def _state(line: ListLine, now: When) -> str:
    if line.data_time is None:
        return "never"
    return "known" if line.known(now) else "past"


def _age(line: ListLine, now: When) -> str:
    """In days and tenths, rounded down: at its limit a list is still relied on."""
    ticks = max(0, now.last - line.data_time.first) if line.data_time else 0
    return f"{ticks * 10 // DAY / 10:g}"


def _share(line: ListLine, now: When) -> float:
    """Of its time how much has passed; what never came is past all."""
    if line.data_time is None or line.relied_until is None:
        return 100.0
    whole = max(1, line.relied_until.last - line.data_time.first)
    return max(0.0, (now.last - line.data_time.first) / whole)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_LABEL else name[: _LONGEST_LABEL - 1] + "…"


def _month(today: date, back: int) -> date:
    """The first day of the month so many before this."""
    month = today.year * 12 + today.month - 1 - back
    return date(month // 12, month % 12 + 1, 1)
