"""Which measures bite on a day, in words: each row in Chinese or English, and the line that sums them up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.analysis.bite import Bite, Lack, Support, Tally, tally
from engine.analysis.drafts import DraftFor
from engine.decision import State
from engine.explanation.documents import EDITIONS_READ, RANKS
from engine.explanation.phrases import CAUSES, DUTIES, EFFECTS, MOMENTS, STATES
from engine.explanation.speaker import Speaker
from engine.model import PREVAILING, Memorandum
from engine.vocabulary import NATIONAL, Span, Words

LACKS: Mapping[Lack, Words] = {
    Lack.NOT_YET: Words("文件尚未施行", "document not yet in force"),
    Lack.ENDED: Words("文件已失效", "document no longer in force"),
    Lack.DRAFT: Words("草稿", "draft"),
    Lack.NOT_IN_FORCE: Words("所引依据均不在施行期", "no cited instrument in force"),
    Lack.LAPSED: Words("依据不足，已失效力", "lapsed for want of a sufficient basis"),
    Lack.LOCAL: Words("地方文件不得减损权益", "local document may not deprive"),
}
DRAFTS: Mapping[DraftFor, Words] = {
    DraftFor.MEMORY: Words("只凭记忆", "from memory alone"),
    DraftFor.LOW: Words("把握低", "low confidence"),
    DraftFor.NO_MATTER: Words("未写办理事项", "names no matter"),
}
CONTESTED = Words("有争议，由人判断", "contested, for a person to judge")

_SAYINGS: Mapping[str, Words] = {
    "not_yet": Words("文件自 {since} 起施行，当日尚未施行", "its document applies from {since}, not yet on the day"),
    "ended": Words("文件施行至 {until}，当日已失效", "its document applied until {until}, no longer on the day"),
    "draft": Words("草稿：{of}", "draft: {of}"),
    "besides": Words("并且：{of}", "besides: {of}"),
    "contested": Words("由{by}回答：{question}", "for {by} to answer: {question}"),
    "contested_from": Words("自 {since} 起有争议", "contested from {since}"),
    "since": Words("自 {since} 起", "from {since}"),
    "until": Words("至 {until}", "until {until}"),
    "between": Words("{since} 至 {until}", "{since} to {until}"),
    "ranked": Words("{cited}（{rank}）", "{cited} ({rank})"),
    "not_standing": Words("{cited}（{rank}，当日不在施行期）", "{cited} ({rank}, not in force on the day)"),
    "unregistered": Words("{cited}（未登记）", "{cited} (not registered)"),
    "no_basis_needed": Words("第三类措施，无须依据", "class 3, needs no basis"),
    "item": Words("{code} {name}（第 {level} 类）", "{code} {name} (class {level})"),
    "edition": Words("清单 {code} 年版：{read}", "edition {code} of the basic list: {read}"),
    "no_edition": Words("当日尚无清单版本", "no edition of the basic list yet"),
    "at": Words("以{moment}为准", "judged at: {moment}"),
    "sum": Words(
        "{day}：文件 {packs} 份，措施 {measures} 条。有效 {effective}；{open} {contested}；不生效 {without}{by}。",
        "{day}: documents {packs}, measures {measures}. Effective: {effective}; {open}: {contested}; "
        "without effect: {without}{by}.",
    ),
    "sum_by": Words("（{of}）", " ({of})"),
    "sum_unread": Words(
        "所属清单项当日版本未读的 {n} 条，沿用最近已读版。",
        "Of an item whose edition then in force was not seen: {n}; the last one read carries on.",
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One measure in one language; `why` says nothing of what has effect, `idle` are citations that carry nothing."""

    bite: Bite
    clause: str
    measure: str
    scenarios: tuple[str, ...]
    effect: str
    duty: str
    state: str
    why: tuple[str, ...]
    days: str
    carried: tuple[str, ...]
    idle: tuple[str, ...]
    item: str
    edition: str


class Teller(Speaker):
    """Says rows of legality in `zh` or `en`."""

    def line(self, row: Bite) -> Line:
        """The row in words."""
        measure = row.measure
        return Line(
            bite=row,
            clause=measure.clause,
            measure=self.word(measure.says),
            scenarios=tuple(self._scenarios(row)),
            effect=self.word(EFFECTS[measure.effect]),
            duty=self.word(DUTIES[measure.duty]),
            state=self.word(STATES[row.state]),
            why=tuple(self._why(row)),
            days=self.days(row.holds),
            carried=tuple(self._carried(row)),
            idle=tuple(self._support(one) for one in row.support if not one.carries),
            item=self._item(row),
            edition=self._edition(row),
        )

    def head(self, memorandum: Memorandum) -> str:
        """A document with its number, the place of a local one, and the days it is in force."""
        place = "" if memorandum.jurisdiction == NATIONAL else self.place(memorandum.jurisdiction)
        said = (self.word(memorandum.title), memorandum.number, place, self.days(memorandum.span))
        # A local regulation has no number of its own and goes by its title.
        return " · ".join(dict.fromkeys(filter(None, said)))

    def days(self, span: Span) -> str:
        """The days of a span, both inclusive; nothing if both sides are open."""
        if span.since and span.until:
            return self.tell("between", since=span.since, until=span.until)
        if span.since:
            return self.tell("since", since=span.since)
        return self.tell("until", until=span.until) if span.until else ""

    def sums(self, rows: Sequence[Bite], day: date) -> tuple[str, ...]:
        """What the rows amount to: one line, and a second where editions were not seen."""
        found = tally(rows)
        packs = len({row.memorandum.code for row in rows})
        lines = [self._sum(found, packs, day)]
        unread = sum(row.footing.edition_not_read for row in rows)
        return (*lines, self.tell("sum_unread", n=unread)) if unread else tuple(lines)

    def tell(self, key: str, **parts: object) -> str:
        """A saying of this table with its parts filled in."""
        return self.word(_SAYINGS[key]).format(**parts)

    def _sum(self, found: Tally, packs: int, day: date) -> str:
        by = self.join(f"{self.word(LACKS[lack])} {number}" for lack, number in found.without.items())
        return self.tell(
            "sum",
            day=day,
            packs=packs,
            measures=found.measures,
            effective=found.effective,
            open=self.word(CONTESTED),
            contested=found.contested,
            without=sum(found.without.values()),
            by=self.tell("sum_by", of=by) if by else "",
        )

    def _scenarios(self, row: Bite) -> Iterator[str]:
        for code in row.measure.scenarios:
            yield self.word(self.vocabulary.scenarios[code].name)
        if row.measure.at != PREVAILING:
            yield self.tell("at", moment=self.word(MOMENTS[row.measure.at]))

    def _why(self, row: Bite) -> Iterator[str]:
        span, contested = row.measure.span, row.contested
        if row.lack is Lack.NOT_YET:
            yield self.tell("not_yet", since=span.since)
        elif row.lack is Lack.ENDED:
            yield self.tell("ended", until=span.until)
            yield from filter(None, [row.memorandum.ending])
        elif row.lack is Lack.DRAFT:
            yield self.tell("draft", of=self.join(self.word(DRAFTS[one]) for one in row.draft_for))
            if not row.footing.ok:
                yield self.tell("besides", of=self._lawless(row.footing.basis.value))
        elif row.lack:
            yield self._lawless(row.lack.value)
        if row.state is State.UNDETERMINED and contested:
            yield self.since_contested(row)
            yield self.tell("contested", by=contested.by, question=self.word(contested.question))

    def since_contested(self, row: Bite) -> str:
        """From when the question about it stands."""
        since = row.contested.since if row.contested else None
        return self.tell("contested_from", since=since) if since else self.word(CONTESTED)

    def _lawless(self, why: str) -> str:
        gate = self.vocabulary.basic_list
        return self.word(CAUSES[why]).format(gate=gate.gate, doc=self.join(gate.basis))

    def _carried(self, row: Bite) -> Iterator[str]:
        found = [self._support(one) for one in row.support if one.carries]
        yield from found
        if not found and row.footing.ok:
            yield self.tell("no_basis_needed")

    def _support(self, one: Support) -> str:
        cited = self.cited(str(one.citation))
        if one.instrument is None:
            return self.tell("unregistered", cited=cited)
        key = "ranked" if one.in_force else "not_standing"
        return self.tell(key, cited=cited, rank=self.word(RANKS[one.instrument.rank]))

    def _item(self, row: Bite) -> str:
        item = row.item
        return self.tell("item", code=item.code, name=self.word(item.name), level=item.level) if item else ""

    def _edition(self, row: Bite) -> str:
        if not row.item:
            return ""
        if not row.edition:
            return self.tell("no_edition")
        return self.tell("edition", code=row.edition.code, read=self.word(EDITIONS_READ[row.edition.read]))
