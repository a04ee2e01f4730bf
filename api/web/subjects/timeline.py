"""A subject's timeline as rows of bars and marks, in words and days: the picture and the table beside it show these."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count, groupby

from api.notice.words import day_or_instant
from api.web.subjects.answers import Clause, Voice
from engine.calendar import When
from engine.explanation import phrases
from engine.inquiry import ABSENT, DATES, Entry, Known
from engine.matching.standing import ended_day, stated
from engine.registry.events import STEPS
from engine.registry.overview import Dated
from engine.services.periods import Course, Period
from engine.vocabulary import ListRecord

WORDS = {**phrases.DATES, **STEPS}
# From a day to another, both inclusive; None for no known end.
Days = tuple[date, date | None]
# So many measures of a period are named.
MOST_CLAUSES = 4
# What an event is to its entry, and so its mark.
MARKS: Mapping[str, str] = {
    "repaired": "end", "removed": "end", "absent": "end", "annulled": "end", "suspended": "pause", "lifted": "pause",
    "disputed": "step", "applied": "step", "settled": "back", "refused": "back", "resumed": "back", "restored": "back",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A bar or a mark of the picture, and a row of the table: `shape` and `tone` are how, the rest is what."""

    id: str
    row: str
    shape: str
    what: str
    since: date | None
    until: date | None
    since_text: str
    until_text: str
    tone: str = ""
    number: int = 0
    details: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the picture: an entry, or a scenario."""

    key: str
    label: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole of it; `entries` and `scenarios` in the order they are drawn."""

    entries: tuple[Lane, ...]
    scenarios: tuple[Lane, ...]
    notes: tuple[str, ...] = ()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Every row."""
        return self.entries + self.scenarios

    @property
    def items(self) -> list[Item]:
        """Every bar and mark, row by row."""
        return [item for lane in self.lanes for item in lane.items]


@dataclass
class Draftsman:
    """Puts entries, events and courses into rows; `keys` names the row of each entry by its number."""

    voice: Voice
    keys: Mapping[str, str]
    _ids: Iterator[int] = field(default_factory=lambda: count(1))
    _marks: Iterator[int] = field(default_factory=lambda: count(1))

    def entry(self, entry: Entry, lines: Sequence[Dated]) -> Lane:
        """An entry with its ban and what happened to it."""
        record, key = self.voice.vocabulary.lists[entry.list], self.keys[entry.number]
        events = [line for line in lines if line.what not in DATES]
        items = [self._listed(entry, record, key), *self._ban(entry, record, key)]
        items += [self._event(line, key) for line in events]
        return Lane(key, self.voice.word(record.name), tuple(items))

    def scenario(self, code: str, course: Course) -> Lane:
        """What a scenario answers, period by period."""
        name = self.voice.word(self.voice.vocabulary.scenarios[code].name)
        runs = groupby(course.periods, key=lambda period: (period.verdict, period.channel))
        return Lane(code, name, tuple(self._period(code, list(run)) for _, run in runs))

    def _listed(self, entry: Entry, record: ListRecord, key: str) -> Item:
        start = stated(entry, record, "listed")
        if start is ABSENT:
            start = stated(entry, record, "decided")
        until, how = self._end(entry, record)
        since = start if isinstance(start, date) else None
        since_text = self._day(since) if since else self.voice.say("not_clear")
        tone = "void" if any(event.kind == "annulled" for event in entry.events) else record.colour.value
        return Item(self._id(), key, "listed", self.voice.say("on_list"), since, until, since_text, how, tone)

    def _end(self, entry: Entry, record: ListRecord) -> tuple[date | None, str]:
        """The last day of an entry, and how it ended or will end."""
        void = [event.when.day for event in entry.events if event.kind == "annulled"]
        ended: Known = min(void) if void else ended_day(entry, record)
        if ended is ABSENT:
            return None, self.voice.say("no_end")
        if not isinstance(ended, date):
            return None, self.voice.say("not_clear")
        kinds = [event.kind for event in entry.events if event.when.day == ended and MARKS[event.kind] == "end"]
        return ended, f"{self._day(ended)} {self.voice.word(WORDS[kinds[0] if kinds else 'expires'])}"

    def _ban(self, entry: Entry, record: ListRecord, key: str) -> Iterator[Item]:
        first, last = stated(entry, record, "ban_from"), stated(entry, record, "ban_until")
        if first is ABSENT and last is ABSENT:
            return
        since, until = (day if isinstance(day, date) else None for day in (first, last))
        begins, ends = (self._day(day) if day else self.voice.say("not_clear") for day in (since, until))
        yield Item(self._id(), key, "ban", self.voice.say("ban"), since, until, begins, ends)

    def _event(self, line: Dated, key: str) -> Item:
        number, say = next(self._marks), self.voice.say
        details = [say("document_is", document=line.document)] if line.document else []
        details += [say("reason_is", reason=line.reason)] if line.reason else []
        details.append(say("known_since", number=line.version))
        text, what = self._when(line.at), self.voice.word(WORDS[line.what])
        last = line.at.last_day if line.at.last_day != line.at.day else None
        return Item(
            self._id(), key, "mark", what, line.at.day, last, text, "", MARKS[line.what], number, tuple(details)
        )  # fmt: skip

    def _period(self, code: str, run: Sequence[Period]) -> Item:
        """Days of one verdict: the measures that decide it, each with its own days where those are fewer."""
        since, until, verdict, channel = run[0].since, run[-1].until, run[0].verdict.value, run[0].channel.value
        what = self.voice.word(phrases.VERDICTS[verdict])
        if channel != "ordinary":
            what = self.voice.join((what, self.voice.word(phrases.CHANNELS[channel])))
        deciding = [finding for period in run for finding in period.deciding]
        rows = sorted({self._row_of(finding.entry, finding.reach.value) for finding in deciding} - {""})
        details = [self.voice.say("because_rows", rows=self.voice.some(rows))] if rows else []
        spans = _spans(run)
        if len(spans) > MOST_CLAUSES:
            details.append(self.voice.say("more_clauses", number=len(spans) - MOST_CLAUSES))
        clauses = tuple(
            replace(self.voice.clause(measure), days=self._days(days, (since, until)))
            for measure, days in list(spans.items())[:MOST_CLAUSES]
        )
        until_text = self._day(until) if until else self.voice.say("onwards")
        return Item(
            self._id(), code, "verdict", what, since, until, self._day(since), until_text, verdict, 0, tuple(details),
            clauses,
        )  # fmt: skip

    def _days(self, spans: Sequence[Days], whole: Days) -> str:
        """The days of a measure within a run of periods; empty where it is all of them."""
        if list(spans) == [whole]:
            return ""
        said = [
            " – ".join((self._day(since), self._day(until) if until else self.voice.say("onwards")))
            for since, until in spans
        ]
        return self.voice.some(said)

    def _row_of(self, entry: Entry | None, reach: str) -> str:
        if entry is None:
            return ""
        if reach == "self":
            key = self.keys.get(entry.number)
            listed = self.voice.word(self.voice.vocabulary.lists[entry.list].name)
            return self.voice.say("by_entry", row=key) if key else self.voice.say("because_entry", list=listed)
        return self.voice.say("by_related", reach=self.voice.word(phrases.REACHES[reach]))

    def _id(self) -> str:
        return f"t{next(self._ids)}"

    def _day(self, day: date) -> str:
        return day_or_instant(day.isoformat(), self.voice.lang)

    def _when(self, when: When) -> str:
        return day_or_instant(when.text, self.voice.lang)


def _spans(run: Sequence[Period]) -> dict[str, list[Days]]:
    """On which days of a run of periods each measure decides, in the order in which they begin to."""
    found = dict[str, list[Days]]()
    for period in run:
        for measure in dict.fromkeys(finding.measure.id for finding in period.deciding):
            spans = found.setdefault(measure, [])
            if spans and spans[-1][1] and spans[-1][1] + timedelta(days=1) == period.since:
                spans[-1] = spans[-1][0], period.until
            else:
                spans.append((period.since, period.until))
    return found


def row_key(number: int) -> str:
    """A, B … Z, AA, AB …: how the row of an entry is called, by its number from 0 on."""
    letters = ""
    while number >= 0:
        number, rest = divmod(number, 26)
        letters, number = chr(ord("A") + rest) + letters, number - 1
    return letters
