"""One measure from its place in a pack: words checked against the vocabulary, defaults filled in as the README says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.citation import Citation, parse_citation
from engine.condition import ALWAYS, Condition, tests_of
from engine.model import (
    ALL,
    ALL_ISSUERS,
    BENEFITS,
    MOMENTS,
    PREVAILING,
    Contested,
    Duty,
    Effect,
    Form,
    Measure,
    Reach,
    Term,
    Window,
)
from engine.packs.conditions import Declared, read_condition
from engine.packs.words import Node, advice, shown, word_of
from engine.reading import Checked
from engine.vocabulary import Colour, Owner, Span, Vocabulary, Words

# Keys that mean something beside one effect only.
_BELONGS: Mapping[str, Effect] = {
    "lifts": Effect.LIFT,
    "scope": Effect.LIFT,
    "withholds": Effect.WITHHOLD,
    "route": Effect.ROUTE,
    "condition": Effect.LIMIT,
}
_NEEDED = {Effect.LIFT: "lifts", Effect.WITHHOLD: "withholds", Effect.ROUTE: "route"}
_OF_ENTRY = ("lists", "while", "ends", "reaches", "term")


@dataclass(frozen=True, slots=True)
class Head:
    """What a measure takes from the head of its pack."""

    code: str
    form: Form
    jurisdiction: str
    span: Span
    lists: tuple[str, ...]
    names_lists: bool
    checked: Checked | None
    labels: tuple[str, ...]


@dataclass(slots=True)
class MeasureReader:
    """Reads one measure of a pack against the vocabulary; wrong words become faults and are left out."""

    node: Node
    head: Head
    vocabulary: Vocabulary
    scenarios: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    effect: Effect = Effect.INFORM

    def read(self) -> Measure:
        """The measure, as complete as its faults allow."""
        node, head = self.node, self.head
        self.scenarios = node.words("scenarios", "P203", self.vocabulary.scenarios, "应用场景", "scenario")
        self.effect = word_of(Effect, node.at("effect").text, Effect.INFORM)
        on_inquiry = node.at("stands_on").text == "inquiry"
        self.lists = () if on_inquiry else self._lists()
        self._check_keys(on_inquiry)
        checked, matters, says = self._checked(), self._matters(), node.at("says").both()
        return Measure(
            pack=head.code,
            clause=node.at("clause").text,
            says=says,
            effect=self.effect,
            scenarios=self.scenarios,
            basis=self._basis(),
            by=self._by(),
            checked=checked,
            span=head.span,
            form=head.form,
            jurisdiction=head.jurisdiction,
            lists=self.lists,
            on_inquiry=on_inquiry,
            matters=matters,
            duty=word_of(Duty, node.at("duty").text, Duty.MUST),
            roles=self._roles(),
            reaches=tuple(word_of(Reach, text, Reach.SELF) for text in node.texts("reaches")) or (Reach.SELF,),
            window=None if on_inquiry else self._window(),
            ends=node.texts("ends"),
            at=self._moment(),
            when=self._condition("when", on_inquiry) or ALWAYS,
            unless=self._condition("unless", on_inquiry),
            term=self._term(),
            list_item=self._list_item(),
            given=self._targets("given"),
            lifts=self._targets("lifts"),
            lifts_inquiry=node.at("scope").text == "inquiry",
            withholds=self._withholds(),
            route=self._route(),
            condition=self._attached(says),
            contested=self._contested(),
            then=self._then(),
            draft=checked.draft or (self._wants_matters() and not matters),
            note=node.at("note").remark(),
        )

    def _lists(self) -> tuple[str, ...]:
        if self.node.has("lists"):
            return self.node.words("lists", "P202", self.vocabulary.lists, "名单", "list")
        if not self.head.names_lists:
            zh, en = "本条和文件头都没有写 `lists`", "neither the measure nor the pack names `lists`"
            helps = ("写明名单，或写 stands_on: inquiry", "name the lists, or write `stands_on: inquiry`")
            self.node.fault("P224", zh, en, helps)
        return self.head.lists

    def _check_keys(self, on_inquiry: bool) -> None:
        for key, effect in _BELONGS.items():
            if self.node.has(key) and self.effect is not effect:
                zh, en = f"`{key}` 只与 effect: {effect} 连用", f"`{key}` goes with `effect: {effect}` only"
                self.node.at(key).fault("P217", zh, en, key=True)
        needed = _NEEDED.get(self.effect)
        if needed and not self.node.has(needed):
            zh, en = f"effect: {self.effect} 须写 `{needed}`", f"`effect: {self.effect}` needs `{needed}`"
            self.node.at("effect").fault("P217", zh, en)
        for key in _OF_ENTRY if on_inquiry else ():
            if self.node.has(key):
                zh, en = f"不依名单的措施不写 `{key}`", f"a measure that stands on no list has no `{key}`"
                self.node.at(key).fault("P217", zh, en, key=True)

    def _checked(self) -> Checked:
        own = self.node.at("checked").checked()
        if own is None and self.head.checked is None and not self.node.has("checked"):
            zh, en = "本条和文件头都没有写 `checked`", "neither the measure nor the pack says how it was `checked`"
            self.node.fault("P122", zh, en)
        return own or self.head.checked or Checked("memory", date.min, "low")

    def _wants_matters(self) -> bool:
        return any(self.vocabulary.scenarios[code].matters for code in self.scenarios)

    def _matters(self) -> tuple[str, ...]:
        if self.node.at("matters").text == ALL:
            return (ALL,)
        matters = self.node.words("matters", "P206", self.vocabulary.matters, "办理事项", "matter")
        for node in self.node.each("matters"):
            if node.text in matters and not set(self.vocabulary.matters[node.text].scenarios) & set(self.scenarios):
                zh = f"事项 `{node.text}` 不属于本条的应用场景"
                node.fault("P206", zh, f"the matter `{node.text}` belongs to none of the scenarios")
        return matters

    def _basis(self) -> tuple[Citation, ...]:
        citations = []
        for node in self.node.each("basis"):
            try:
                citations.append(parse_citation(node.text))
            except ValueError as error:
                node.fault("P213", f"依据 `{shown(node.text)}` 无法读出", str(error))
        return tuple(citations)

    def _by(self) -> tuple[str, ...]:
        known = {ALL_ISSUERS, *self.vocabulary.issuers}
        return self.node.words("by", "P205", known, "单位", "issuer")

    def _roles(self) -> tuple[str, ...]:
        if len(self.scenarios) < len(self.node.each("scenarios")):
            return self.node.texts("roles")  # an unknown scenario may well have these roles
        known = {role: None for code in self.scenarios for role in self.vocabulary.scenarios[code].roles}
        return self.node.words("roles", "P204", known, "角色", "role")

    def _window(self) -> Window:
        written = self.node.at("while").text
        if written:
            window = word_of(Window, written, Window.LISTED)
        else:
            record = {self.vocabulary.lists[code].colour is Colour.RECORD for code in self.lists}
            if len(record) > 1:
                zh, en = "名单颜色不同，须写明 `while`", "the lists differ in colour, so `while` must be written"
                self.node.at("lists").fault("P225", zh, en, key=True)
            window = Window.DECIDED if record == {True} else Window.LISTED
        if self.node.has("ends") and window is not Window.DECIDED:
            zh, en = "`ends` 只与 while: decided 连用", "`ends` goes with `while: decided` only"
            self.node.at("ends").fault("P217", zh, en, key=True)
        return window

    def _moment(self) -> str:
        node = self.node.at("at")
        return node.text if node.known("P209", (PREVAILING, *MOMENTS), "时点", "moment") else PREVAILING

    def _condition(self, key: str, on_inquiry: bool) -> Condition | None:
        if not self.node.has(key):
            return None
        node = self.node.at(key)
        condition = read_condition(node, Declared(self.vocabulary.facts, self.vocabulary.parameters))
        for fact in dict.fromkeys(test.fact for test in tests_of(condition)):
            self._carried(node, fact, on_inquiry)
        return condition

    def _carried(self, node: Node, fact: str, on_inquiry: bool) -> None:
        record = self.vocabulary.facts[fact]
        if record.owner is not Owner.ENTRY:
            return
        if on_inquiry:
            zh, en = (
                f"不依名单的措施不能检验记录的事实 `{fact}`",
                f"a measure on no list cannot test `{fact}` of an entry",
            )
            node.fault("P227", zh, en)
        elif self.lists and not record.derived and not any(self.vocabulary.lists[c].carries(fact) for c in self.lists):
            zh, en = (
                f"所涉名单都不载 `{fact}`，检验恒为否",
                f"no list of the measure carries `{fact}`, so its test never holds",
            )
            node.fault("P226", zh, en)

    def _term(self) -> Term | None:
        node = self.node.at("term")
        if not node.map:
            return None
        period, start = node.period(), node.at("from").text
        if period is None:
            helps = ("如 {from: listed, years: 3}", "as in {from: listed, years: 3}")
            node.fault("P230", "`term` 没有写多长", "`term` does not say how long", helps)
        if start and self.lists and not any(self.vocabulary.lists[code].carries(start) for code in self.lists):
            zh, en = f"所涉名单都不载 `{start}`", f"no list of the measure carries `{start}`"
            node.at("from").fault("P226", zh, en)
        return Term(start, period) if period and start else None

    def _list_item(self) -> str:
        node = self.node.at("list_item")
        known = node.known("P210", self.vocabulary.basic_list.items, "基础清单项", "item of the basic list")
        return node.text if known else ""

    def _targets(self, key: str) -> tuple[str, ...]:
        """Labels of this pack made full; those of other packs are the checker's, who knows all packs."""
        found = []
        for node in self.node.each(key):
            pack, mark, label = node.text.rpartition("#")
            if mark and pack != self.head.code:
                found.append(node.text)
            elif label in self.head.labels:
                found.append(f"{self.head.code}#{label}")
            else:
                word, helps = shown(node.text), advice(label, self.head.labels)
                node.fault("P219", f"本文件没有条款 `{word}`", f"this pack has no clause `{word}`", helps)
        return tuple(dict.fromkeys(found))

    def _routes(self) -> list[str]:
        return [route for code in self.scenarios for route in self.vocabulary.scenarios[code].routes]

    def _withholds(self) -> tuple[str, ...]:
        if self.node.at("withholds").text == ALL:
            return (ALL,)
        known = [
            *(str(effect) for effect in Effect if effect in BENEFITS and effect is not Effect.ROUTE),
            *self._routes(),
        ]
        return self.node.words("withholds", "P211", known, "优惠或通道", "benefit or route")

    def _route(self) -> str:
        node = self.node.at("route")
        return node.text if node.known("P211", self._routes(), "通道", "route of these scenarios") else ""

    def _attached(self, says: Words) -> Words | None:
        if self.effect is not Effect.LIMIT:
            return None
        return self.node.at("condition").both() if self.node.has("condition") else says

    def _contested(self) -> Contested | None:
        node = self.node.at("contested")
        if not node.map:
            return None
        return Contested(node.at("by").text, node.at("question").both(), node.day("from"))

    def _then(self) -> dict[str, Words]:
        """What comes next by stage; under the empty name where it is the same at every stage."""
        node = self.node.at("then")
        if node.at("zh").text:
            return {"": node.both()}
        stage = self.vocabulary.facts.get("stage")
        for kid in node.kids():
            if stage is not None and kid.name not in stage.values:
                helps = advice(kid.name, stage.values)
                kid.fault(
                    "P209", f"没有阶段 `{shown(kid.name)}`", f"there is no stage `{shown(kid.name)}`", helps, key=True
                )
        return {kid.name: kid.both() for kid in node.kids()}
