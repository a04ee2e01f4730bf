"""What a ledger is founded on and keeps for ever: the one hash of all its records."""

from hashlib import new as _hash

from sqlalchemy import Connection, text

from engine.errors import Unavailable, refused_input
from engine.ledger.envelope import hashing_of, read_json
from engine.ledger.merkle import SHA256, SM3
from engine.registry.store import Store, ask

HASHES = (SHA256, SM3)


def found(ledger: Store, wanted: str = "") -> str:
    """The ledger's hash: fixed at its first start as `wanted`, SHA-256 if nothing is.

    Unavailable if the ledger has another one than wanted, or if this Python has not the ledger's; RefusedInput for a
    name that is no hash of ours.
    """
    if wanted and wanted not in HASHES:
        known = ", ".join(HASHES)
        raise refused_input("R703", f"没有名为 {wanted[:40]} 的杂凑算法", f"no hash is called {wanted[:40]}",
                            f"可用：{known}", f"there are: {known}", where="MEMORANDA_HASH")  # fmt: skip
    with ledger.reading() as connection:
        hashing = _said(connection)
    if not hashing:
        with ledger.writing() as connection:
            first = demand_hash(_of_leaves(connection) or wanted or SHA256)
            insert = "INSERT INTO founding (id, hash) VALUES (1, :hash) ON CONFLICT DO NOTHING"
            connection.execute(text(insert), {"hash": first})
        with ledger.reading() as connection:  # another process may have been first
            hashing = _said(connection)
    if wanted and wanted != hashing:
        raise Unavailable(
            f"台账以 {hashing} 建立，设置却是 {wanted}",
            f"the ledger was founded on {hashing}, the setting is {wanted}",
            f"一个台账的杂凑算法不能改变：改设 {hashing}，或另建台账",
            f"a ledger keeps its hash: set {hashing}, or begin another ledger",
        )  # fmt: skip
    if hashing not in HASHES:
        zh, en = "台账的杂凑算法不认识", "the ledger's hash is unknown"
        raise Unavailable(zh, en, "从备份恢复", "restore it from a backup")
    return demand_hash(hashing)


def hash_of(connection: Connection) -> str:
    """The hash of the ledger as it is founded, or else as its first record says. ValueError for an unknown one."""
    hashing = _said(connection) or _of_leaves(connection) or SHA256
    if hashing not in HASHES:
        raise ValueError("an unknown hash")
    return hashing


def demand_hash(hashing: str) -> str:
    """The same. Unavailable if this Python's OpenSSL has not the hash."""
    try:
        _hash(hashing)
    except ValueError:
        raise Unavailable(
            f"此处的 Python 没有 {hashing}", f"this Python has no {hashing}",
            "使用带 OpenSSL 3 且未禁用该算法的 Python", "use a Python with OpenSSL 3 in which it is not disabled",
        ) from None  # fmt: skip
    return hashing


def _said(connection: Connection) -> str:
    rows = ask(connection, "SELECT hash FROM founding WHERE id = 1")
    return str(rows[0].hash) if rows else ""


def _of_leaves(connection: Connection) -> str:
    """What a ledger of before it was written down was founded on; empty if it holds nothing."""
    rows = ask(connection, "SELECT envelope FROM leaf ORDER BY ticks, id LIMIT 1")
    try:
        return hashing_of(read_json(rows[0].envelope)) if rows else ""
    except (ValueError, TypeError):
        return SHA256  # the audit says that the record is damaged
