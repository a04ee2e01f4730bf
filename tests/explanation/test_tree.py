"""The reason tree alone: enough to recompute the verdict, and every benefit not granted is named with its cause."""

from typing import Any

from hypothesis import given

from engine.decide import decide
from engine.packs.decision_shape import DecisionShape
from tests import strategies

SEVEREST = ("ineligible", "review", "conditional", "eligible")
ADVERSE = {"bar": "ineligible", "limit": "conditional", "scrutinise": "review", "weigh": "review"}


def severest(verdicts: list[str]) -> str:
    """The severest word; of none `eligible`."""
    return min(verdicts, key=SEVEREST.index, default="eligible")


def weight(finding: dict[str, Any]) -> str:
    """The table of 2-semantics section 6, read off the finding's own words."""
    if finding["effect"] not in ADVERSE or finding["state"] == "without-effect":
        return "eligible"
    if finding["state"] == "undetermined" or finding["duty"] == "may":
        return "review"
    return ADVERSE[finding["effect"]]


def recomputed(data: dict[str, Any]) -> dict[str, str]:
    """The verdict of each party from the tree: own findings, team-mates named, lists and relations not known."""
    own = {p["party"]: severest([weight(f) for f in p["findings"]]) for p in data["parties"]}
    unknown = any(not one["known"] and one["needed"] for one in data["lists"]) or bool(data["relations_missing"])
    floor = ["review"] if unknown else []
    return {
        p["party"]: severest([own[p["party"]], *(own[other] for other in p.get("tainted_by", ())), *floor])
        for p in data["parties"]
    }


@given(strategies.situations())
def test_the_tree_is_enough_to_recompute_the_verdict(situation) -> None:
    """No look at the rulebook, the register or the answer."""
    data = decide(*situation).data
    told = {party["party"]: party["verdict"] for party in data["parties"]}
    assert recomputed(data) == told
    assert severest(list(told.values())) == data["verdict"]


@given(strategies.situations())
def test_what_decides_is_what_weighs_as_the_verdict(situation) -> None:
    """`decides` marks exactly the findings of the party's own severity."""
    for party in decide(*situation).data["parties"]:
        own = severest([weight(f) for f in party["findings"]])
        for finding in party["findings"]:
            assert finding["decides"] == (own != "eligible" and weight(finding) == own)


@given(strategies.situations())
def test_a_withheld_benefit_is_named_with_what_withheld_it(situation) -> None:
    """Withheld, open or void: never without a cause."""
    for party in decide(*situation).data["parties"]:
        for benefit in party["benefits"]:
            assert (benefit["state"] in ("granted", "offered")) == (not benefit["causes"])


@given(strategies.situations())
def test_every_decision_fits_its_published_shape(situation) -> None:
    """What `memoranda schema decision` prints is what `--json` gives."""
    DecisionShape.model_validate_json(decide(*situation).core)
