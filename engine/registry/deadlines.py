"""Until when a body must have taken a step: the nearest place's rule in force on the day from which it counts."""

from dataclasses import dataclass
from datetime import date

from engine.errors import Missing, Unpublished
from engine.handling import DeadlineRule, Unit
from engine.packs.words import advice, shown
from engine.registry.workdays import Calendar
from engine.repair import Sought
from engine.vocabulary import NATIONAL, Vocabulary, Words


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a step that counts from `since` is due; `latest` if extended. Without `due`, `unknown` says why."""

    rule: DeadlineRule
    since: date
    due: date | None
    latest: date | None = None
    unknown: Words | None = None

    @property
    def sure(self) -> bool:
        """Whether the rule was read, rather than remembered."""
        return not self.rule.checked.draft

    def overdue(self, day: date) -> bool | None:
        """Whether the day lies after the last one, an extension not counted; None where that cannot be computed."""
        return None if self.due is None else day > self.due


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The deadlines of a vocabulary, with its calendar read once."""

    vocabulary: Vocabulary
    calendar: Calendar

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "Deadlines":
        """Ready to be asked."""
        return cls(vocabulary, Calendar.of(vocabulary))

    def deadline(
        self, procedure: str, step: str, jurisdiction: str | None, on: date, list_code: str = ""
    ) -> Deadline | None:
        """When the step is due that counts from the day `on`, in a place, for an entry of a list if one is named.

        None where no source gives a time. Missing for a procedure, step or list that there is not. A day that the
        calendar cannot give is said in the deadline, not raised: what else is due must still be listed.
        """
        self._must_exist(procedure, step, list_code)
        rule = self.vocabulary.handling.rule(procedure, step, self._sought(jurisdiction, on, list_code))
        return self._counted(rule, on) if rule else None

    def _sought(self, jurisdiction: str | None, on: date, list_code: str) -> Sought:
        sought = self.vocabulary.sought(list_code, on, jurisdiction)
        return sought or Sought("", "", frozenset(), self.vocabulary.around(jurisdiction or NATIONAL), on)

    def _must_exist(self, procedure: str, step: str, list_code: str) -> None:
        procedures = self.vocabulary.handling.procedures
        steps = procedures[procedure].steps if procedure in procedures else {}
        for word, known, zh, en in (
            (procedure, procedures, "程序", "procedure"),
            (step, steps, "环节", "step"),
            (list_code, {"": None, **self.vocabulary.lists}, "名单", "list"),
        ):
            if word not in known:
                zh, en = f"没有这个{zh}：`{shown(word)}`", f"there is no {en} `{shown(word)}`"
                raise Missing(zh, en, *advice(word, (one for one in known if one)))

    def _counted(self, rule: DeadlineRule, on: date) -> Deadline:
        try:
            due = self._after(rule.unit, on, rule.count)
        except Unpublished as why:
            return Deadline(rule, on, None, None, Words(why.zh, why.en))
        try:
            latest = self._after(rule.unit, on, rule.count + rule.extension) if rule.extension else None
        except Unpublished:
            latest = None
        return Deadline(rule, on, due, latest)

    def _after(self, unit: Unit, on: date, count: int) -> date:
        if unit is Unit.SAME_DAY:
            return on
        return self.calendar.add_workdays(on, count) if unit is Unit.WORKDAYS else self.calendar.add_days(on, count)
