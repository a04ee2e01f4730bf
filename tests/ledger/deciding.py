"""A client for the tests that kill it: records and sequences without end, and says each id once it is durable."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from engine.ledger.recording import record
from engine.ledger.sequencing import sequence
from engine.ledger.signing import LogKeys
from engine.registry.store import Store
from tests.ledger.desk import chance, made


def main(address: str, key: str, client: int) -> None:
    """Until killed."""
    store, keys = Store(address), LogKeys.open(Path(key), chance("keys"))
    for number in range(client * 10_000, client * 10_000 + 10_000):
        leaf = made(number, keys)
        record(store, [leaf])
        print(leaf.id, flush=True)
        sequence(store, keys, datetime.now(UTC))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
