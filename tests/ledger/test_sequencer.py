"""The sequencer numbers what is recorded within its bound, in however many processes it runs."""

import time
from datetime import UTC, datetime

import pytest

from engine.errors import Unavailable
from engine.ledger import sequencer as module
from engine.ledger.auditing import audit
from engine.ledger.recording import ACCEPTED, DRIFT, record
from engine.ledger.sequencer import MAXIMUM_DELAY, Sequencer
from engine.ledger.sequencing import LEASE, sequence, waits
from engine.ledger.signing import LogKeys
from engine.registry.store import Store, ask
from tests.ledger.desk import NOON, made


def now() -> datetime:
    """What serving processes take for the time."""
    return datetime.now(UTC)


def _until(done: object, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:  # type: ignore[operator]
        time.sleep(0.01)
    return bool(done())  # type: ignore[operator]


def test_what_is_recorded_has_its_number_in_time(ledger: Store, keys: LogKeys) -> None:
    """Two sequencers at once, as two serving processes have; numbers without a gap."""
    several = [Sequencer(ledger, keys, now) for _ in range(2)]
    for one in several:
        one.start()
    for number in range(30):
        record(ledger, [made(number, keys)])
    assert _until(lambda: not waits(ledger), 10 * MAXIMUM_DELAY)
    for one in several:
        one.stop()
        assert not one.alive
    with ledger.reading() as connection:
        numbers = [row.number for row in ask(connection, "SELECT number FROM leaf ORDER BY number")]
        assert numbers == list(range(30))
        assert [*audit(connection, keys.public)] == []


def test_stopping_numbers_what_still_waits(ledger: Store, keys: LogKeys) -> None:
    """A leaf recorded just before the stop does not wait for the next start."""
    one = Sequencer(ledger, keys, now)
    one.start()
    record(ledger, [made(1, keys)])
    one.stop()
    assert not waits(ledger)


def test_a_database_that_comes_back_is_served_again(
    ledger: Store, keys: LogKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault is kept to be told, and gone when the next look succeeds."""
    away = True

    def sometimes(*given: object, **named: object) -> object:
        if away:
            raise Unavailable("数据库不可用", "the database is not available")
        return sequence(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "sequence", sometimes)
    record(ledger, [made(1, keys)])
    one = Sequencer(ledger, keys, now)
    one.start()
    assert _until(lambda: one.fault is not None, 10)
    assert waits(ledger)
    away = False
    assert _until(lambda: not waits(ledger), 10)
    assert _until(lambda: one.fault is None, 10)
    one.stop()


def test_the_impatient_leave_the_work_to_whoever_holds_the_lease(ledger: Store, keys: LogKeys) -> None:
    """And the lease ends with its holder's transaction."""
    if ledger.is_sqlite:
        pytest.skip("on SQLite the write lock is the lease: nobody gets past it to ask")
    record(ledger, [made(1, keys)])
    with ledger.writing() as connection:
        ask(connection, "SELECT pg_advisory_xact_lock(?)", (LEASE,))
        assert sequence(ledger, keys, NOON, patient=False) is None
        assert waits(ledger)
    assert sequence(ledger, keys, NOON, patient=False) is not None


def test_a_clock_set_back_records_nothing(ledger: Store, keys: LogKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the drift of several machines' clocks it is no fault; past it, the record at fault can be named."""
    from datetime import timedelta

    record(ledger, [made(1, keys, NOON)])
    record(ledger, [made(2, keys, NOON - timedelta(microseconds=DRIFT))])
    late = made(3, keys, NOON - timedelta(microseconds=DRIFT + 1))
    with pytest.raises(Unavailable, match="clock is behind"):
        record(ledger, [made(4, keys, NOON + timedelta(days=1)), late])
    with ledger.reading() as connection:
        assert len(ask(connection, "SELECT id FROM leaf")) == 2
    monkeypatch.setenv(ACCEPTED, "leaf-000001")
    record(ledger, [late])


def test_nothing_that_goes_wrong_ends_it(ledger: Store, keys: LogKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what nobody foresaw: it is told, and the next look may succeed."""
    one, real = Sequencer(ledger, keys, now), module.sequence
    monkeypatch.setattr(module, "sequence", lambda *_, **__: 1 // 0)
    record(ledger, [made(1, keys)])
    one.start()
    assert _until(lambda: isinstance(one.fault, ZeroDivisionError), 10)
    assert one.alive
    monkeypatch.setattr(module, "sequence", real)
    assert _until(lambda: not waits(ledger), 10)
    one.stop()
    assert one.fault is None
