"""Keys made for people: limits that there are, an instant as it is typed, and no second program to make them."""

from pathlib import Path

import pytest

from engine.access.roles import Role
from engine.errors import Missing, RefusedInput
from engine.services import admitting
from engine.services.admitting import admit, admitted, dismiss
from tests.ledger.desk import at_home, law


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """An empty home; the shipped library is not read again."""
    monkeypatch.setattr(admitting, "rulebook_of", lambda layers=(): law().rulebook())
    with at_home(tmp_path):
        yield


def test_a_key_from_making_to_revoking() -> None:
    """Listed without its secret, revoked by its public part."""
    key = admit("采购中心", ["inquirer"], ["procurement"], ["420881"], "2027-06-30T18:00+08:00", "me")
    (one,) = admitted()
    assert one.grant.roles == {Role.INQUIRER}
    assert one.grant.jurisdictions == {"420881"}
    assert one.expires_at == "2027-06-30T10:00:00+00:00"
    assert key.rpartition("_")[2] not in repr(one)
    dismiss(one.grant.id, "me")
    assert admitted()[0].revoked_at
    with pytest.raises(Missing):
        dismiss(one.grant.id, "me")


def test_a_day_is_meant_whole() -> None:
    """Until the end of that day in Shanghai."""
    admit("a", ["auditor"], [], [], "2027-06-30", "me")
    assert admitted()[0].expires_at == "2027-06-30T15:59:59+00:00"


@pytest.mark.parametrize(
    ("roles", "scenarios", "places", "expires", "code"),
    [
        (["king"], [], [], "", "A703"),
        (["auditor"], ["procuremen"], [], "", "A703"),
        (["auditor"], [], ["42"], "", "A703"),
        (["auditor"], [], ["national"], "", "A703"),
        (["auditor"], [], [], "tomorrow", "A704"),
        ([], [], [], "", "A702"),
    ],
)
def test_what_there_is_not_is_refused(
    roles: list[str], scenarios: list[str], places: list[str], expires: str, code: str
) -> None:
    """With what there is instead; no key is made."""
    with pytest.raises(RefusedInput) as refused:
        admit("a", roles, scenarios, places, expires, "me")
    assert refused.value.faults[0].code == code
    assert admitted() == []
