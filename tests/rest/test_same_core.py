"""One question, whichever way it is asked: over REST, in a batch, on the command line, of the library itself."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.cli import main
from engine.access.roles import Role
from engine.calendar import read_when
from engine.decide import decide
from engine.identity import synthetic_code
from engine.inquiry import Inquiry, Party
from engine.registry.chain import latest
from engine.registry.reading import register_of
from engine.services.books import open_books, open_ledger
from engine.services.looking import person_of
from tests.ledger.desk import PLACE, law
from tests.registry.filing import citizens_number
from tests.rest.asking import AT
from tests.rest.conftest import KeyFor
from tests.rest.serving import core_of

ROSTER = "名称,统一社会信用代码,案号,列入日期,公布日期,ground\n张测试,{},（2025）测执9号,2025-01-03,2025-01-10,3\n"
PERSON = citizens_number("11010519491231002")
# Of the sample: one without entries, one for a person to judge, one that is barred.
SUBJECTS = [synthetic_code(number) for number in (1, 60, 0, 17)]


def typed(words: list[str], said: str = "") -> str:
    """What the command prints for a program to read."""
    out, aside = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(aside):
        patch.setattr(sys, "argv", ["memoranda", *words])
        patch.setattr(sys, "stdin", io.StringIO(said))
        with pytest.raises(SystemExit) as ended:
            main.run()
    assert not ended.value.code, aside.getvalue()
    return out.getvalue()


def by_library(question: dict[str, Any]) -> str:
    """Without any service: the parts of an inquiry put together by hand, and the judge."""
    scenario = law().vocabulary.scenarios[question["scenario"]]
    moments = {name: read_when(at) for name, at in {"as_of": AT, **question.get("moments", {})}.items()}
    parties = tuple(
        Party(
            one["subject"], one.get("role", next(iter(scenario.roles))), one.get("consortium", ""),
            one.get("kind", "legal-person"),
        )
        for one in question["parties"]
    )  # fmt: skip
    prevails = scenario.moment if scenario.moment in moments else "as_of"
    inquiry = Inquiry(question["scenario"], parties, moments, prevails, question["jurisdiction"])
    books, rulebook = open_books(), law().rulebook()
    with books.registry.reading() as connection:
        known = [party.subject for party in parties]
        register = register_of(connection, known, latest(connection).number, law().vocabulary)
    books.registry.close()
    return decide(inquiry, register, rulebook).core.decode()


class Ways:
    """The ways in which a question is asked."""

    def __init__(self, client: httpx2.Client, headers: dict[str, str], folder: Path) -> None:
        self._client, self._headers, self._folder = client, headers, folder

    def cores(self, question: dict[str, Any], person: str = "") -> set[str]:
        """The core each of them gave, and what the ledger then holds; `person` is asked about by number over REST."""
        beside = {"purpose": "招标资格审查", "include": []}
        parties = [{**one, "person": person} for one in question["parties"]] if person else question["parties"]
        for one in parties:
            if person:
                del one["subject"]
        posed = {**question, "parties": parties, **beside}
        single = self._client.post("/v1/decisions", json=posed, headers=self._headers)
        assert single.status_code == 201, single.text
        kind = {"Content-Type": "application/x-ndjson"}
        line = json.dumps(posed) + "\n"
        batch = self._client.post("/v1/decisions/batch", content=line * 2, headers=self._headers | kind)
        first, second = (core_of(one[one.index('"answer":') :]) for one in batch.text.splitlines())
        file = self._folder / "inquiry.yaml"
        file.write_text(json.dumps(question), "utf-8")
        by_file = typed(["decide", "--inquiry", str(file), "--json"]).strip()
        return {core_of(single), first, second, by_file, by_library(question), *recorded_last(4)}


def recorded_last(count: int) -> list[str]:
    """The cores that were recorded last."""
    ledger = open_ledger()
    with ledger.store.reading() as connection:
        rows = connection.exec_driver_sql(f"SELECT core FROM leaf ORDER BY ticks DESC, id DESC LIMIT {count}")
        found = [str(row.core) for row in rows]
    ledger.recorder.close()
    ledger.store.close()
    return found


@pytest.fixture
def ways(client: httpx2.Client, key_for: KeyFor, tmp_path: Path) -> Ways:
    """All of them, at one home."""
    return Ways(client, key_for(Role.INQUIRER), tmp_path)


def asked(scenario: str, *parties: dict[str, str], **more: Any) -> dict[str, Any]:
    """A question as every way takes it."""
    return {"scenario": scenario, "parties": [*parties], "jurisdiction": PLACE, "as_of": AT, **more}


def test_of_one_party_in_every_scenario(ways: Ways) -> None:
    """Whoever may be asked about, in one role after the other."""
    for number, (code, scenario) in enumerate(sorted(law().vocabulary.scenarios.items())):
        roles = [*scenario.roles]
        party = {"subject": SUBJECTS[number % len(SUBJECTS)], "role": roles[number % len(roles)]}
        assert len(ways.cores(asked(code, party))) == 1, code


def test_of_a_consortium_at_its_own_moment(ways: Ways) -> None:
    """Three members and a bidder of its own, at a cut-off before the question."""
    members = [{"subject": code, "consortium": "甲联合体"} for code in SUBJECTS[:3]]
    at = {"cut_off": "2026-11-18T17:00+08:00"}
    (core,) = ways.cores(asked("procurement", *members, {"subject": SUBJECTS[3]}, moments=at))
    said = json.loads(core)
    assert said["question"]["prevails"] == "cut_off"
    assert {one.get("consortium") for one in said["question"]["parties"]} == {"甲联合体", None}


def test_in_the_short_form(ways: Ways) -> None:
    """The command's options say what the file would."""
    question = asked("procurement", {"subject": SUBJECTS[1]}, moments={"cut_off": AT})
    words = ["decide", SUBJECTS[1], "--scenario", "procurement", "--in", PLACE, "--at", AT, "--json"]
    assert {typed(words).strip()} == ways.cores(question)


def test_of_a_natural_person(ways: Ways, tmp_path: Path) -> None:
    """Who is on a list, asked about by number where it may be typed, and by the registry's key otherwise."""
    file = tmp_path / "list.csv"
    file.write_text(ROSTER.format(PERSON), "utf-8")
    typed(["import", str(file), "--list", "judgment-defaulters"])
    books = open_books()
    key = person_of(PERSON, books)
    books.registry.close()
    question = asked("bidding", {"subject": key, "kind": "natural-person", "role": "bidder"})
    (core,) = ways.cores(question, PERSON)
    assert json.loads(core)["entries"]
    assert PERSON not in core
    short = ["decide", "-", "--scenario", "bidding", "--role", "bidder", "--in", PLACE, "--at", AT, "--json"]
    answered = json.loads(typed(short, PERSON + "\n"))
    assert answered["entries"] == json.loads(core)["entries"]
