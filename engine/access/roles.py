"""Roles and what each may do: whoever runs the service reads no decisions, whoever audits changes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.vocabulary import NATIONAL, Vocabulary


class Role(StrEnum):
    """What somebody is to the system."""

    INQUIRER = "inquirer"  # asks whether parties may take part
    REGISTRAR = "registrar"  # keeps lists and entries
    AUTHOR = "author"  # writes packs
    REVIEWER = "reviewer"  # decides what the machine leaves to a person
    AUDITOR = "auditor"  # reads and checks everything, changes nothing
    OPERATOR = "operator"  # runs the service


class Act(StrEnum):
    """What can be done."""

    DECIDE = "decide"
    READ_DECISION = "read-decision"
    DETERMINE = "determine"
    READ_SUBJECT = "read-subject"
    READ_LOOKS = "read-looks"
    READ_LISTS = "read-lists"
    IMPORT = "import"
    RECORD_EVENT = "record-event"
    READ_LAW = "read-law"
    CHECK_LAW = "check-law"
    RELOAD_LAW = "reload-law"
    READ_LOG = "read-log"
    REVISIT = "revisit"
    READ_METRICS = "read-metrics"


ALL = frozenset(Role)

MAY: Mapping[Act, frozenset[Role]] = {
    Act.DECIDE: frozenset({Role.INQUIRER}),
    Act.READ_DECISION: frozenset({Role.INQUIRER, Role.REVIEWER, Role.AUDITOR}),
    Act.DETERMINE: frozenset({Role.REVIEWER}),
    Act.READ_SUBJECT: frozenset({Role.INQUIRER, Role.REGISTRAR, Role.REVIEWER, Role.AUDITOR}),
    Act.READ_LOOKS: frozenset({Role.AUDITOR}),
    Act.READ_LISTS: ALL,
    Act.IMPORT: frozenset({Role.REGISTRAR}),
    Act.RECORD_EVENT: frozenset({Role.REGISTRAR}),
    Act.READ_LAW: ALL,
    Act.CHECK_LAW: frozenset({Role.AUTHOR, Role.OPERATOR}),
    Act.RELOAD_LAW: frozenset({Role.OPERATOR}),
    Act.READ_LOG: ALL,
    Act.REVISIT: frozenset({Role.AUDITOR}),
    Act.READ_METRICS: frozenset({Role.OPERATOR, Role.AUDITOR}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """Somebody who may act: a key or a token; without scenarios or jurisdictions it is not limited to any."""

    id: str
    name: str
    roles: frozenset[Role]
    scenarios: frozenset[str] = frozenset()
    jurisdictions: frozenset[str] = frozenset()

    def may(self, act: Act) -> bool:
        """Whether one of its roles is enough."""
        return bool(self.roles & MAY[act])

    def covers_scenario(self, scenario: str) -> bool:
        """Whether it may ask in this scenario."""
        return not self.scenarios or scenario in self.scenarios

    def covers_place(self, place: str | None, vocabulary: Vocabulary) -> bool:
        """Whether the place is one of its jurisdictions or lies in one; the whole country lies in none."""
        return not self.jurisdictions or not self.jurisdictions.isdisjoint(_upwards(place, vocabulary))


def _upwards(place: str | None, vocabulary: Vocabulary) -> Iterable[str]:
    while place and place != NATIONAL and place in vocabulary.jurisdictions:
        yield place
        place = vocabulary.jurisdictions[place].parent
