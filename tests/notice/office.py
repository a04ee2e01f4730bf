"""Decisions to give notice of: the demo's, one of the sample that a person determined, and hostile ones."""

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from engine.ledger.envelope import Caller
from engine.packs.library import shipped
from engine.registry.chain import latest
from engine.services.ask import Asked, Known, ask_by_file
from engine.services.auditing import receipt_bytes
from engine.services.books import open_books, open_ledger
from engine.services.deciding import record_decision
from engine.services.determining import Determined, determine, erase
from tests.ledger.desk import at_home, furnish, law

DEMO = shipped() / "demo"
HOSTILE = "<script>alert('x')</script>{{ 7*7 }}{% raw %}\"><img src=http://127.0.0.1/x onerror=alert(1)>&amp;\u202e倒"
RARE = "张䶮、李㛃、陶喆、刘堃、𠮷田、🀄"
LONG = "很长的单位名称（测试）" * 90
PERSON = "person:ab12:" + "0123456789abcdef" * 4
COMMITMENT = """
scenario: permit
as_of: 2026-11-20T10:00+08:00
jurisdiction: '440300'
matter: food-business
parties: [{subject: 91990000000000105A, role: applicant}]
facts: {commitment_breach: found}
"""
STALE = """
scenario: procurement
as_of: 2027-06-01T10:00+08:00
parties: [{subject: 919900000000001034, role: supplier}]
"""
DEFAULTER, ERASED = "919900000000001021", "919900000000009993"


@dataclass(frozen=True, slots=True)
class Office:
    """A home and the decisions recorded in it, by what they are about."""

    home: Path
    ids: dict[str, str]


@cache
def asked(inquiry: Path) -> Asked:
    """The decision on an inquiry of the demo's register, as though that were a registry."""
    made = ask_by_file(inquiry, Known(DEMO / "registry.yaml"))
    return replace(made, files=law().files)


def record(inquiry: str | Path, **names: dict[str, str]) -> str:
    """Record the decision on a file or one of the demo's; `names` take the place of what its handles stand for."""
    with open_books().registry.reading() as connection:
        version = latest(connection)
    found = replace(asked(inquiry if isinstance(inquiry, Path) else DEMO / f"{inquiry}.yaml"), version=version)
    decision = replace(found.decision, names={**found.decision.names, **names})
    return record_decision(open_ledger(), replace(found, decision=decision), Caller("tests")).id


def open_office(folder: Path) -> Office:
    """A furnished home, and one decision of each sort that a notice must tell."""
    sample = furnish(folder)
    commitment, stale = folder / "commitment.yaml", folder / "stale.yaml"
    commitment.write_text(COMMITMENT, encoding="utf-8")
    stale.write_text(STALE, encoding="utf-8")
    with at_home(folder):
        receipts = {one: json.loads(receipt_bytes(one)) for one in sample}
        determined = next(one for one, said in receipts.items() if said["determinations"])
        said = [(one, receipts[one]["core"]["verdict"]) for one in sample if one != determined]
        waiting = next(one for one, verdict in said if verdict == "review")
        ids = {
            "eligible": record("1-clean-bidder"),
            "two-measures": record("2-judgment-defaulter"),
            "consortium": record("3-tainted-consortium"),
            "green": record("5-green-channel"),
            "withheld": record("6-benefit-withheld"),
            "lapsed": record("8-memorandum-today"),
            "conditional": record(commitment),
            "stale": record(stale),
            "person": record("1-clean-bidder", p1={"subject": PERSON}),
            "hostile": record(
                "2-judgment-defaulter", p1={"subject": HOSTILE}, e1={"document": HOSTILE + RARE, "body": LONG}
            ),
            "erased": record("3-tainted-consortium", p1={"subject": ERASED}),
            "determined": determined,
            "waiting": waiting,
        }
        erase(ERASED, "依申请", "测试员")
        ids["hostile-determined"] = record("7-memorandum-in-2018")
        determine(Determined(ids["hostile-determined"], "eligible", HOSTILE, LONG + HOSTILE, RARE))
    return Office(folder, ids)
