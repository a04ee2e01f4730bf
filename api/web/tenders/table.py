"""The table of a tender: every party with its verdict and the one reason that decides it, the gravest first."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from api.notice.contents import Contents, contents_of
from api.notice.parties import PartyTeller
from api.notice.speaking import Clerk
from api.notice.words import day_or_instant
from api.web.visits import Visit
from engine.access.roles import Act
from engine.decision import Verdict
from engine.explanation import phrases
from engine.ledger.questions import as_file
from engine.services.noticing import Noted
from engine.services.telling import noted_now, row_of
from engine.services.tendering import names_then
from engine.vocabulary import FactRecord, Owner

ROWS = 40
VERDICTS = tuple(one.value for one in Verdict)  # the gravest first
MEMBER = "consortium-member"

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One party in one line; `measure` is the clause that decides, `others` how many more reasons there are.

    `alone`: it is left to a person and can be asked about by itself, as the counter asks.
    """

    handle: str
    subject: str
    who: str
    name: str
    role: str
    consortium: str
    verdict: str
    word: str
    channel: str
    reason: str
    clause: str
    measure: str
    until: str
    others: int
    alone: bool


@dataclass(frozen=True, slots=True)
class Team:
    """Rows that stand or fall together, or those of lone parties (no `mark`); `size` counts members not shown too."""

    mark: str
    size: int
    verdict: str
    word: str
    rows: tuple[Row, ...]

    @property
    def shown(self) -> int:
        """How many of them stand here."""
        return len(self.rows)


class Table:
    """A recorded tender; nothing of a party is made into words before its row is asked for."""

    def __init__(self, row: Any, noted: Noted, lang: str) -> None:
        self.row, self._noted, self.core = row, noted, noted.receipt["core"]
        self._clerk = Clerk(noted.rulebook, lang)
        self._teller = PartyTeller(noted, self._clerk)
        self._asked = {party["party"]: party for party in self.core["question"]["parties"]}
        self._sizes = Counter(map(self._team, self.core["parties"]))
        gravest = dict[str, int]()
        for party in self.core["parties"]:
            team, grave = self._team(party), VERDICTS.index(party["verdict"])
            gravest[team] = min(grave, gravest.get(team, grave)) if team else grave
        self._ordered = sorted(
            self.core["parties"],
            key=lambda party: (
                gravest[team] if (team := self._team(party)) else VERDICTS.index(party["verdict"]),
                not team, team, int(party["party"][1:]),
            ),
        )  # fmt: skip

    @property
    def rulebook(self) -> Any:
        """The rulebook it was made by."""
        return self._noted.rulebook

    @property
    def place(self) -> str | None:
        """The place it was asked for."""
        return self.core["question"].get("jurisdiction")  # type: ignore[no-any-return]

    @property
    def case(self) -> str:
        """The tender's number, if it was stated and not erased."""
        return str(self._noted.openings.get("case", {}).get("number", ""))

    @property
    def counts(self) -> Mapping[str, int]:
        """How many parties have each verdict."""
        return Counter(party["verdict"] for party in self.core["parties"])

    @property
    def together(self) -> bool:
        """Whether members of a consortium stand or fall together in this scenario."""
        return bool(self.rulebook.vocabulary.scenarios[self.row.scenario].consortium_taints)

    def word(self, verdict: str) -> str:
        """A verdict in words."""
        return self._clerk.word(phrases.VERDICTS[verdict])

    @property
    def missing(self) -> list[FactRecord]:
        """What of the project nobody stated and some party's verdict waits for."""
        facts = self.rulebook.vocabulary.facts
        return [facts[code] for code in self.core["missing"] if code in facts and facts[code].owner is Owner.INQUIRY]

    @cached_property
    def frame(self) -> Contents:
        """All that is said of the whole, in the words of its notice; of its parties nothing."""
        core = {**self.core, "parties": []}
        return contents_of(replace(self._noted, receipt={**self._noted.receipt, "core": core}), self._clerk.lang)

    def among(self, verdict: str) -> list[Data]:
        """The parties of that verdict, or all, as they are to be shown."""
        return [party for party in self._ordered if verdict in ("", party["verdict"])]

    @property
    def alone(self) -> Mapping[str, str]:
        """The fields by which the counter asks about one party in the same matter."""
        question = self.core["question"]
        facts = {f"fact.{name}": value for name, value in question["facts"].items()}
        at = question["moments"][question["prevails"]]
        fields = {"scenario": question["scenario"], "place": self.place or "", "case": self.case, "at": at}
        return fields | facts

    def asked_again(self) -> dict[str, Any] | None:
        """The question as a document, to be asked again; None where what named a party was erased."""
        if any(party not in self._noted.openings for party in self._asked):
            return None
        document: dict[str, Any] = json.loads(as_file(self.core, self._noted.openings))
        return document | ({"case": self.case} if self.case else {})

    def subjects(self, parties: Sequence[Data]) -> list[str]:
        """Who these parties are, as far as that was not erased."""
        opened = self._noted.openings
        return sorted({opened[one["party"]]["subject"] for one in parties if one["party"] in opened})

    def rows(self, parties: Sequence[Data], names: Mapping[str, str]) -> list[Row]:
        """A row each."""
        return [self._row(party, names) for party in parties]

    def teams(self, rows: Sequence[Row]) -> list[Team]:
        """The rows by consortium, in the order they come."""
        found = []
        for mark, group in groupby(rows, key=lambda row: row.consortium):
            members = tuple(group)
            grave = min(members, key=lambda row: VERDICTS.index(row.verdict))
            found.append(Team(mark, self._sizes[mark], grave.verdict, grave.word, members))
        return found

    def _team(self, party: Data) -> str:
        """The consortium's mark; `*` for members of the one that has none; nothing for who stands alone."""
        asked = self._asked[party["party"]]
        return str(asked.get("consortium", "")) or ("*" if asked["role"] == MEMBER else "")

    def _row(self, party: Data, names: Mapping[str, str]) -> Row:
        clerk, asked = self._clerk, self._asked[party["party"]]
        roles = clerk.vocabulary.scenarios[self.core["question"]["scenario"]].roles
        deciding = [finding for finding in party["findings"] if finding["decides"]]
        finding = deciding[0] if deciding and "tainted_by" not in party else None
        subject = str(self._noted.openings.get(party["party"], {}).get("subject", ""))
        until = finding.get("until", "") if finding else ""
        return Row(
            handle=party["party"],
            subject=subject,
            who=self._teller.who(party["party"]),
            name=names.get(subject, ""),
            role=clerk.word(roles[asked["role"]]),
            consortium=self._team(party),
            verdict=party["verdict"],
            word=clerk.word(phrases.VERDICTS[party["verdict"]]),
            channel="" if party["channel"] == "ordinary" else clerk.word(phrases.CHANNELS[party["channel"]]),
            reason=self._reason(party, finding),
            clause=clerk.document(finding["measure"]) if finding else "",
            measure=finding["measure"] if finding else "",
            until=day_or_instant(until, clerk.lang) if until else "",
            others=len(deciding) - 1 if finding else 0,
            alone=len(self._asked) > 1
            and party["verdict"] == "review"
            and asked["role"] in (next(iter(roles)), MEMBER),
        )

    def _reason(self, party: Data, finding: Data | None) -> str:
        """Why the party has this verdict, in one line."""
        clerk, colon = self._clerk, "：" if self._clerk.lang == "zh" else ": "
        if "tainted_by" in party:
            return clerk.say("tainted", parties=clerk.join(map(self._teller.who, party["tainted_by"])))
        if finding:
            measure = clerk.measures[finding["measure"]]
            says = clerk.word(measure.condition or measure.says if party["verdict"] == "conditional" else measure.says)
            causes = [clerk.cause(cause, measure) for cause in finding["causes"]]
            return says + colon + causes[0] if causes and finding["state"] == "undetermined" else says
        if party["verdict"] == "eligible":
            return clerk.say("no_reason")
        if candidate := next((flag for flag in party["flags"] if flag["flag"] == "candidate"), None):
            return clerk.word(phrases.FLAGS["candidate"]).format(of=clerk.of(candidate.get("of", "")))
        for state in self.core["lists"]:
            if state["needed"] and not state["known"]:
                data_time = state.get("data_time")
                when = day_or_instant(data_time, clerk.lang) if data_time else clerk.say("never")
                return clerk.say("unknown_list", list=clerk.list_name(state["list"]), when=when)
        kinds = clerk.join(map(clerk.of, self.core["relations_missing"]))
        return clerk.word(phrases.FLAGS["relation-unknown"]).format(of=kinds)


def table_of(visit: Visit, decision: str) -> Table:
    """A decision the visitor may see; nothing is shown of it yet. Missing if there is none, Problem 403 if too far."""
    row = row_of(visit.desk.ledger.store, decision)
    table = Table(row, noted_now(visit.desk.ledger, row, visit.desk.law.now.rulebook), visit.lang)
    visit.within(row.scenario, table.place)
    return table


def looked_at(visit: Visit, table: Table, parties: Sequence[Data]) -> list[Row]:
    """Rows of these parties; that the visitor looks at them is written down before."""
    subjects = table.subjects(parties)
    visit.look(Act.READ_DECISION, subjects, table.row.id)
    return table.rows(parties, names_then(visit.desk.books.registry, subjects, table.row.version))
