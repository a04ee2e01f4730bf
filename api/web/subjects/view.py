"""Everything a subject's page shows: what is known, answers now and at another time, then beside now, the timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from api.notice.words import day_or_instant
from api.web.render import sayer
from api.web.subjects.answers import Preview, Voice, inquiry_of, preview_of, scenarios_of
from api.web.subjects.known import EntryLine, Known, entry_line, known_of, name_of, state_of, version_text
from api.web.subjects.timeline import Draftsman, Timeline
from api.web.subjects.words import WORDS
from api.web.visits import Visit
from engine.calendar import FIRST_DAY, SHANGHAI, When, instant
from engine.inquiry import Entry
from engine.services.ask import Asked, Sitting
from engine.services.moments import utc_now
from engine.services.periods import Course, course
from engine.services.registering import moment_of

# So many entries stand on one page, in the picture as in the tables.
MOST_ENTRIES = 10
# Of a subject with more entries than this the scenarios are followed from a year ago on.
MOST_FOLLOWED, YEAR = 12, timedelta(days=365)


@dataclass(frozen=True, slots=True)
class EntrySaid:
    """An entry in a column of then and now: its state, or that it is not there."""

    list: str
    number: str
    state: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Column:
    """What the registry knew at a version, and what would be answered by it, each with how it differs."""

    title: str
    version: str
    entries: tuple[EntrySaid, ...]
    answers: tuple[tuple[Preview, str], ...]


@dataclass
class View:
    """A subject's page in the making; a field of the form that cannot be read leaves out what it asks for."""

    visit: Visit
    subject: str
    place: str
    part: int = 0
    voice: Voice = field(init=False)
    known: Known = field(init=False)
    now: When = field(init=False)
    _begun: date | None = None
    _asked: dict[tuple[str, str, str], Asked] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read what is known now."""
        self.voice = Voice(self.visit, sayer(self.visit.lang, WORDS))
        self.now = instant(utc_now().astimezone(SHANGHAI).replace(microsecond=0))
        self.known = known_of(self.visit, self.subject)

    @property
    def name(self) -> str:
        """What to call the subject."""
        return name_of(self.known.who, self.voice)

    @property
    def entries(self) -> Sequence[Entry]:
        """Those of this part of the page."""
        return self.known.entries[self.part : self.part + MOST_ENTRIES]

    @property
    def entry_lines(self) -> list[EntryLine]:
        """The same in words."""
        return [entry_line(entry, self.known.keys[entry.number], self.now, self.voice) for entry in self.entries]

    def previews(self, at: str = "", version: int | None = None) -> list[Preview]:
        """The answers of the scenarios now or at a time, by what is known now or was at a version; not recorded."""
        known = str(self.known.version if version is None else version)
        wanted = [(code, at, known) for code in scenarios_of(self.visit)]
        if any(key not in self._asked for key in wanted):
            law, books = self.visit.desk.law.now, self.visit.desk.books
            with books.registry.reading() as connection:
                sitting = Sitting(law.library, law.rulebook, connection, [self.subject])
                for code, _, _ in wanted:
                    inquiry = inquiry_of(law.vocabulary, self.subject, code, self.place, at)
                    self._asked[code, at, known] = sitting.ask(inquiry, known)
        return [preview_of(self._asked[key], self.voice, at) for key in wanted]

    def then_and_now(self, said: str, at: str) -> tuple[Column, Column, str] | None:
        """Two columns about one moment: `at`, or the one that was said for what was known. None where a field is at
        fault."""
        form = self.visit.form
        then = form.tried("known", partial(known_of, self.visit, self.subject, said))
        if then is None:
            return None
        judged = at or _moment_said(said, then)
        moment = form.tried("known", lambda: moment_of(judged)) if judged else self.now
        if moment is None:
            return None
        answers = self.previews(judged, then.version), self.previews(judged)
        both = [
            tuple((one, _difference(one, other)) for one, other in zip(mine, theirs, strict=True))
            for mine, theirs in (answers, answers[::-1])
        ]
        entries = self._entries_of(then, moment)
        columns = [
            Column(self.voice.say(key), version_text(known, self.voice), shown, told)
            for key, known, shown, told in zip(
                ("then_known", "now_known"), (then, self.known), entries, both, strict=True
            )
        ]
        return columns[0], columns[1], day_or_instant(moment.text, self.voice.lang)

    def timeline(self) -> Timeline:
        """Rows of the entries of this part, and of the scenarios over all entries."""
        draftsman = Draftsman(self.voice, self.known.keys)
        lines = self.known.timeline.lines
        entries = tuple(
            draftsman.entry(entry, [line for line in lines if line.entry.number == entry.number])
            for entry in self.entries
        )
        courses = self._courses()
        scenarios = tuple(draftsman.scenario(code, found) for code, found in courses.items())
        notes = tuple(
            self.voice.say("reached", scenario=self.voice.word(self.voice.vocabulary.scenarios[code].name),
                           day=day_or_instant(found.reached.isoformat(), self.voice.lang))
            for code, found in courses.items()
            if found.reached
        )  # fmt: skip
        if self._begun:
            notes = self.voice.say("begun", day=day_or_instant(self._begun.isoformat(), self.voice.lang)), *notes
        return Timeline(entries, scenarios, notes)

    def _courses(self) -> Mapping[str, Course]:
        """The course of each scenario, from the first day on which an entry says anything."""
        self.previews()
        rulebook, today = self.visit.desk.law.now.rulebook, self.now.day.isoformat()
        found = dict[str, Course]()
        for code in scenarios_of(self.visit):
            register = self._asked[code, "", str(self.known.version)].decision.register
            days = [
                when.day for entry in register.entries
                for when in (*entry.dates.values(), *(event.when for event in entry.events))
            ]  # fmt: skip
            if days:
                inquiry = inquiry_of(rulebook.vocabulary, self.subject, code, self.place, today)
                if len(register.entries) > MOST_FOLLOWED and min(days) < self.now.day - YEAR:
                    self._begun = self.now.day - YEAR
                found[code] = course(inquiry, register, rulebook, self._begun or max(min(days), FIRST_DAY))
        return found

    def _entries_of(self, then: Known, moment: When) -> tuple[tuple[EntrySaid, ...], tuple[EntrySaid, ...]]:
        """Each entry of either column in both, in the same order."""
        columns: list[dict[str, Entry]] = [{one.number: one for one in side.entries} for side in (then, self.known)]
        numbers = list(dict.fromkeys([*columns[1], *columns[0]]))[:MOST_ENTRIES]
        missing = (self.voice.say("not_known"),), (self.voice.say("not_kept"),)
        said = [
            [_told(side[number], moment, self.voice) if number in side else gone for number in numbers]
            for side, gone in zip(columns, missing, strict=True)
        ]
        lists = [self.voice.lists[(columns[1].get(number) or columns[0][number]).list] for number in numbers]
        then_said, now_said = (
            tuple(map(EntrySaid, lists, numbers, side, [a != b for a, b in zip(*said, strict=True)])) for side in said
        )
        return then_said, now_said


def _difference(one: Preview, other: Preview) -> str:
    """In what two answers differ, as the word of the page for it; empty where they are the same."""
    if (one.verdict, one.channel) != (other.verdict, other.channel):
        return "differs_verdict"
    return "differs_reasons" if one.gist != other.gist else ""


def _told(entry: Entry, moment: When, voice: Voice) -> tuple[str, ...]:
    """The entry's state at the moment, and the dates it carries."""
    line = entry_line(entry, "", moment, voice)
    colon = "：" if voice.lang == "zh" else ": "
    return (*state_of(entry, moment, voice), *(f"{label}{colon}{day}" for label, day in line.dates))


def _moment_said(said: str, then: Known) -> str:
    """The moment that somebody meant by a version or a time; empty for the registry that held nothing yet."""
    if said.isdigit():
        moment = datetime.fromisoformat(then.recorded_at) if then.recorded_at else None
    elif len(said) <= len(date.min.isoformat()):
        return said
    else:
        moment = datetime.fromisoformat(said)
        return said if moment.tzinfo else moment.replace(tzinfo=SHANGHAI).isoformat()
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds") if moment else ""
