"""Keys: shown once, kept as digests, the same work whatever is wrong with one, no longer than they are good for."""

import hmac
import secrets
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.access import keys
from engine.access.keys import Wanted, create, find, listed, revoke
from engine.access.roles import ALL, MAY, Act, Grant, Role
from engine.errors import Missing, RefusedInput
from engine.registry.store import Store
from tests.ledger.desk import law

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
# What changes something outside the access book.
WRITES = {Act.DECIDE, Act.DETERMINE, Act.IMPORT, Act.RECORD_EVENT, Act.RELOAD_LAW, Act.CHECK_LAW}


def made(access: Store, *roles: Role, **how: object) -> str:
    """A new key's text."""
    return create(access, Wanted("钟祥市采购中心", roles, **how), "me", NOW, secrets.token_bytes)  # type: ignore[arg-type]


def found(access: Store, said: str, now: datetime = NOW) -> Grant | None:
    """Who holds it."""
    with access.reading() as connection:
        return find(connection, said, now)


def test_a_key_lets_its_holder_in(access: Store) -> None:
    """With its roles and limits as they were given."""
    key = made(access, Role.INQUIRER, Role.AUDITOR, scenarios=("procurement",), jurisdictions=("420881", "420800"))
    grant = found(access, key)
    assert grant is not None
    assert grant == Grant(
        key[5:17], "钟祥市采购中心", frozenset({Role.INQUIRER, Role.AUDITOR}), frozenset({"procurement"}),
        frozenset({"420881", "420800"}),
    )  # fmt: skip


def test_no_secret_is_kept(access: Store) -> None:
    """Not in any column, and on SQLite not in any byte of the files."""
    key = made(access, Role.OPERATOR)
    secret = key.rpartition("_")[2]
    assert len(secret) == 48
    with access.reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM api_key").all()
    assert not any(secret in str(value) for row in rows for value in row)
    if access.file:
        written = b"".join(path.read_bytes() for path in access.file.parent.glob(access.file.name + "*"))
        assert key[5:17].encode() in written
        assert secret.encode() not in written
        assert bytes.fromhex(secret) not in written


def test_keys_do_not_repeat(access: Store) -> None:
    """Neither their public part nor their secret."""
    said = [made(access, Role.OPERATOR).split("_") for _ in range(20)]
    assert len({key for _, key, _ in said}) == len({secret for _, _, secret in said}) == 20


def wrong_ones(key: str) -> dict[str, str]:
    """What nobody gets in with, by what is wrong with it."""
    head, public, secret = key.split("_")
    first, last = ("0" if digit != "0" else "1" for digit in (secret[0], secret[-1]))
    return {
        "nothing": "", "no key": "Bearer", "unknown": f"{head}_{'0' * 12}_{secret}",
        "last digit": key[:-1] + last, "first digit": f"{head}_{public}_{first}{secret[1:]}",
        "short": key[:-1], "long": key + "0", "capitals": key.upper(), "blank": key + " ", "line": key + "\n",
        "no secret": f"{head}_{public}_", "quote": f"{head}_{public}_' OR '1'='1",
    }  # fmt: skip


def test_only_the_whole_key_fits(access: Store) -> None:
    """Whatever else is said, nobody gets in."""
    key = made(access, Role.OPERATOR)
    for why, said in wrong_ones(key).items():
        assert found(access, said) is None, why


def test_the_same_work_whatever_is_wrong(access: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One query, one comparison in constant time of two digests of one length: for a right key, too."""
    key = made(access, Role.OPERATOR)
    compared, asked = list[tuple[int, int]](), list[str]()
    real, really = hmac.compare_digest, keys.ask
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: (compared.append((len(a), len(b))), real(a, b))[1])
    monkeypatch.setattr(keys, "ask", lambda c, text, values: (asked.append(text), really(c, text, values))[1])
    for said in (key, *wrong_ones(key).values()):
        compared.clear()
        asked.clear()
        found(access, said)
        assert compared == [(64, 64)], said
        assert len(asked) == 1


def test_a_key_ends(access: Store) -> None:
    """At the moment it expires, and not before."""
    end = NOW + timedelta(hours=1)
    key = made(access, Role.OPERATOR, expires_at=end.isoformat(timespec="seconds"))
    assert found(access, key, end - timedelta(seconds=1))
    assert found(access, key, end) is None
    assert found(access, key, end + timedelta(days=400)) is None


def test_a_revoked_key_is_nobodys(access: Store) -> None:
    """From then on, for ever, and it cannot be revoked again; others are left alone."""
    key, other = made(access, Role.OPERATOR), made(access, Role.OPERATOR)
    revoke(access, key[5:17], "me", NOW)
    assert found(access, key) is None
    assert found(access, other)
    for public in (key[5:17], "0" * 12, key):
        with pytest.raises(Missing) as missing:
            revoke(access, public, "me", NOW)
        assert key.rpartition("_")[2] not in missing.value.en
    with access.reading() as connection:
        assert [one.revoked_at != "" for one in sorted(listed(connection), key=lambda o: o.grant.id != key[5:17])] == [
            True, False,
        ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "  ", "a" * 101, "a\nb"])
def test_a_key_is_for_somebody(access: Store, name: str) -> None:
    """Whose name can be shown in a list."""
    with pytest.raises(RefusedInput, match="say whom"):
        create(access, Wanted(name, (Role.OPERATOR,)), "me", NOW, secrets.token_bytes)


def test_a_key_has_a_role(access: Store) -> None:
    """Or it is good for nothing."""
    with pytest.raises(RefusedInput, match="needs a role"):
        made(access)


def test_every_act_has_its_roles() -> None:
    """The table is complete: no act without a role, no role without an act."""
    assert set(MAY) == set(Act)
    assert all(MAY.values())
    assert frozenset(role for roles in MAY.values() for role in roles) == ALL


def test_powers_are_apart() -> None:
    """Who runs the service reads nobody's record, who audits changes nothing, who keeps lists decides nothing."""

    def acts(role: Role) -> set[Act]:
        return {act for act, roles in MAY.items() if role in roles}

    assert not acts(Role.OPERATOR) & {Act.READ_DECISION, Act.READ_SUBJECT, Act.READ_LOOKS, Act.DECIDE, Act.IMPORT}
    assert not acts(Role.AUDITOR) & WRITES
    assert not acts(Role.REGISTRAR) & {Act.DECIDE, Act.DETERMINE, Act.RELOAD_LAW}
    assert not acts(Role.AUTHOR) & (WRITES - {Act.CHECK_LAW})
    assert MAY[Act.READ_LOOKS] == {Role.AUDITOR}


PLACES = sorted(law().vocabulary.jurisdictions)


@given(st.sampled_from(PLACES), st.sets(st.sampled_from(PLACES), min_size=1, max_size=3))
def test_a_place_is_covered_from_above(place: str, limits: set[str]) -> None:
    """By itself and by what it lies in, never by what lies in it; the nation by none, and no unknown place."""
    vocabulary = law().vocabulary
    grant = Grant("k", "n", ALL, frozenset(), frozenset(limits))
    assert grant.covers_place(place, vocabulary) == any(vocabulary.inside(place, limit) for limit in limits)
    for nowhere in (None, "", "national", "999999"):
        assert not grant.covers_place(nowhere, vocabulary)
        assert Grant("k", "n", ALL).covers_place(nowhere, vocabulary)
