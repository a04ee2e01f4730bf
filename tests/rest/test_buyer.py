"""A buyer's own programme screens a tender over a line that is cut at random: one decision a question, as without."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.access.roles import Role
from engine.canonical import canonical
from engine.identity import synthetic_code
from tests.rest.asking import AT
from tests.rest.buyer import members, questions
from tests.rest.cutting import cutting
from tests.rest.serving import Server, furnish, new_key, recorded, serving

BUYER = Path(__file__).with_name("buyer.py")
SUBJECTS = 300
# Suppliers of whom one controls the other, or who have one head, may not bid against each other.
TIED = "major-illegal-record#十八.1"


@dataclass(frozen=True)
class Market:
    """A server, its home, and a buyer's key."""

    home: Path
    server: Server
    key: str

    def screened(self, tender: dict[str, Any], port: int, folder: Path, *more: str, code: int = 0) -> dict[str, Any]:
        """What the buyer's programme was answered, over a port."""
        folder.mkdir(exist_ok=True)
        (folder / "tender.json").write_text(json.dumps(tender), "utf-8")
        files = [str(folder / "tender.json"), str(folder / "answers.json")]
        command = [sys.executable, "-I", str(BUYER), f"http://127.0.0.1:{port}", *files, *more]
        done = subprocess.run(command, env={**os.environ, "MEMORANDA_KEY": self.key}, capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
        found: dict[str, Any] = json.loads((folder / "answers.json").read_text("utf-8"))
        return found


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """A real server over a sample registry."""
    home = tmp_path_factory.mktemp("market") / "home"
    furnish(home, "", SUBJECTS)
    key = new_key(home, Role.INQUIRER)
    with serving(home) as server:
        yield Market(home, server, key)


def tender(number: str, bidders: int) -> dict[str, Any]:
    """So many bidders, each tenth a consortium of three."""
    codes = map(synthetic_code, range(SUBJECTS))
    found = [[next(codes) for _ in range(3)] if n % 10 == 4 else next(codes) for n in range(bidders)]
    return {"number": number, "scenario": "procurement", "jurisdiction": "420881", "as_of": AT, "bidders": found}


def cores(answers: dict[str, Any]) -> list[bytes]:
    """What was decided, question by question."""
    return [canonical(one["decision"]) for one in answers.values()]


def screen_over_a_cut_line(market: Market, folder: Path, bidders: int, seed: int, share: float) -> int:
    """How often the line was cut while all was answered, each question once."""
    before, mine = len(recorded(market.home)), tender(f"cut-{seed}", bidders)
    asked = questions(mine)
    with cutting(market.server.port, seed, share) as line:
        found = market.screened(
            mine, line.port, folder / "cut", "--pause", "0.005", "--longest", "0.05", "--tries", "300"
        )
    assert [*found] == [*asked]
    there = recorded(market.home)[before:]
    assert sorted(one.id for one in there) == sorted(one["id"] for one in found.values())
    assert {one.id: json.loads(one.core) for one in there} == {one["id"]: one["decision"] for one in found.values()}
    # The same programme run again, on a line that holds: the same decisions, to the letter.
    assert market.screened(mine, market.server.port, folder / "again") == found
    assert len(recorded(market.home)) == before + len(asked)
    # Another tender of the same bidders, never cut: decided alike.
    assert cores(market.screened(tender(f"whole-{seed}", bidders), market.server.port, folder / "whole")) == cores(
        found
    )
    _holds(mine, found)
    return line.cuts


def _holds(mine: dict[str, Any], found: dict[str, Any]) -> None:
    """Whoever is in the tender is in the answers; together they are judged as alone, but for who is tied to whom."""
    together, *each = found.values()
    whole = iter(zip(_subjects(together), together["decision"]["parties"], strict=True))
    for bidder, alone in zip(mine["bidders"], each, strict=True):
        assert _subjects(alone) == members(bidder)
        seen = [next(whole) for _ in members(bidder)]
        assert [subject for subject, _ in seen] == members(bidder)
        own = [one["verdict"] for one in alone["decision"]["parties"]]
        bars = {one["measure"] for _, party in seen for one in party["findings"] if one["decides"]}
        assert [party["verdict"] for _, party in seen] == own or (TIED in bars and "ineligible" not in own)
    assert next(whole, None) is None


def _subjects(answer: dict[str, Any]) -> list[str]:
    return [answer["names"][one["party"]]["subject"] for one in answer["decision"]["parties"]]


def test_a_tender_over_a_line_that_is_cut(market: Market, tmp_path: Path) -> None:
    """Two dozen bidders."""
    assert screen_over_a_cut_line(market, tmp_path, 24, 1, 0.7) > 10


@pytest.mark.slow
def test_two_hundred_bidders_over_a_line_that_is_cut(market: Market, tmp_path: Path) -> None:
    """At two seeds; with one the line is nearly always cut."""
    assert screen_over_a_cut_line(market, tmp_path, 200, 4, 0.9) > 5
    assert screen_over_a_cut_line(market, tmp_path, 200, 5, 0.97) > 5


def test_what_the_service_refuses_is_not_asked_again(market: Market, tmp_path: Path) -> None:
    """Nor is a service that is not there asked for ever."""
    wrong = {**tender("wrong", 1), "scenario": "nothing"}
    assert market.screened(wrong, market.server.port, tmp_path / "wrong", code=1) == {}
    with cutting(market.server.port, 1, 0) as line:
        gone = line.port
    fine = tender("gone", 1)
    assert market.screened(fine, gone, tmp_path / "gone", "--tries", "3", "--pause", "0.01", code=2) == {}
