"""The log over HTTP: head, keys and proofs, each checked by the rules of RFC 9162 and not by our word."""

from itertools import product

import httpx2
import pytest

from engine.access.roles import Role
from engine.ledger.merkle import consistent, included
from engine.ledger.signing import genuine
from tests.rest.asking import PURPOSE, decided, sequenced
from tests.rest.conftest import Headers, KeyFor

MANY = 5


@pytest.fixture
def grown(client: httpx2.Client, key_for: KeyFor) -> tuple[httpx2.Client, Headers]:
    """A log of MANY leaves, and a key."""
    mine = key_for(Role.INQUIRER)
    last = [decided(client, mine, number) for number in range(MANY)][-1]
    sequenced(client, last["receipt"], mine | PURPOSE)
    return client, mine


def test_an_empty_log_has_no_head(client: httpx2.Client, key_for: KeyFor) -> None:
    """Nor a proof."""
    mine = key_for(Role.OPERATOR)
    assert client.get("/v1/ledger/head", headers=mine).status_code == 404
    assert client.get("/v1/ledger/proofs/inclusion?number=0&size=1", headers=mine).status_code == 404
    assert client.get("/v1/ledger/head").status_code == 401


def test_the_head_is_signed_by_a_key_that_is_told(grown: tuple[httpx2.Client, Headers]) -> None:
    """And is never kept by anybody's cache."""
    client, mine = grown
    answer, keys = client.get("/v1/ledger/head", headers=mine), client.get("/v1/ledger/keys", headers=mine)
    head = answer.json()
    signature = head.pop("signature")
    assert head["size"] == MANY
    assert genuine(head, signature, keys.json()["keys"])
    assert signature["key"] == keys.json()["signs"]
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_every_inclusion_is_proved(grown: tuple[httpx2.Client, Headers]) -> None:
    """For every leaf under every size; the answer never changes, and says so."""
    client, mine = grown
    for number, size in product(range(MANY), range(1, MANY + 1)):
        answer = client.get(f"/v1/ledger/proofs/inclusion?number={number}&size={size}", headers=mine)
        if number >= size:
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "A741")
            continue
        said = answer.json()
        path = [bytes.fromhex(one) for one in said["path"]]
        assert included(number, size, bytes.fromhex(said["leaf"]), path, bytes.fromhex(said["root"]))
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        tag = answer.headers["etag"]
        for had in (tag, f'"other", W/{tag}'):
            same = client.get(str(answer.url), headers=mine | {"If-None-Match": had})
            assert (same.status_code, same.headers["etag"], same.content) == (304, tag, b"")
        assert client.get(str(answer.url), headers=mine | {"If-None-Match": '"other"'}).status_code == 200


def test_every_growth_is_proved(grown: tuple[httpx2.Client, Headers]) -> None:
    """From every size to every larger one; its roots are those of the inclusion proofs."""
    client, mine = grown
    for old, new in product(range(1, MANY + 1), repeat=2):
        answer = client.get(f"/v1/ledger/proofs/consistency?old={old}&new={new}", headers=mine)
        if old > new:
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "A742")
            continue
        said = answer.json()
        path = [bytes.fromhex(one) for one in said["path"]]
        roots = bytes.fromhex(said["old_root"]), bytes.fromhex(said["new_root"])
        assert consistent(old, new, *roots, path)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("inclusion?number=0&size=6", 404),
        ("inclusion?number=-1&size=2", 422),
        ("inclusion?number=0&size=0", 422),
        ("inclusion?number=0", 422),
        ("inclusion?number=0&size=9007199254740993", 422),
        ("consistency?old=1&new=6", 404),
        ("consistency?old=0&new=2", 422),
        ("consistency?old=x&new=2", 422),
    ],
)
def test_a_proof_that_cannot_be(grown: tuple[httpx2.Client, Headers], query: str, status: int) -> None:
    """Is refused as a problem that nobody keeps."""
    client, mine = grown
    answer = client.get(f"/v1/ledger/proofs/{query}", headers=mine)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
