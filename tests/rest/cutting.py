"""A line that is cut at random: a TCP proxy that lets so many bytes through, either way, and then resets both ends."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from threading import Lock, Thread

RESET = struct.pack("ii", 1, 0)
# About as many bytes as a short question with its answer takes, and the most that any connection carries.
SHORT, LONG = 6_000, 2_000_000


@dataclass
class Cutter:
    """What a proxy does: where it stands, how many connections it cut, and how many it let through so far."""

    port: int = 0
    cuts: int = 0
    connections: int = 0
    lock: Lock = field(default_factory=Lock)


@contextmanager
def cutting(target: int, seed: int, share: float) -> Iterator[Cutter]:
    """A proxy before a local port: so large a share of its connections ends within a short exchange, the rest later."""
    chance, door, made = Random(seed), socket.create_server(("127.0.0.1", 0)), Cutter()
    made.port = door.getsockname()[1]
    open_now = list[socket.socket]()

    def listen() -> None:
        while True:
            try:
                client, _ = door.accept()
            except OSError:
                return
            with suppress(OSError):
                server = socket.create_connection(("127.0.0.1", target))
                open_now.extend((client, server))
                made.connections += 1
                # Log-uniform, so that heads, bodies and answers are cut alike; sent and received bytes count together.
                low, high = (1, SHORT) if chance.random() < share else (SHORT, LONG)
                left = _Left(int(low * (high / low) ** chance.random()) - 1, made, (client, server))
                for pair in ((client, server), (server, client)):
                    Thread(target=_pass_on, args=(*pair, left), daemon=True).start()

    thread = Thread(target=listen)
    thread.start()
    try:
        yield made
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        thread.join()
        for one in open_now:
            one.close()


class _Left:
    """How many bytes a connection may still carry."""

    def __init__(self, count: int, told: Cutter, ends: tuple[socket.socket, socket.socket]) -> None:
        self._count, self._told, self._ends, self._lock = count, told, ends, Lock()

    def take(self, data: bytes) -> tuple[bytes, bool]:
        """What may pass of the data, and whether that was the last."""
        with self._lock:
            passed = data[: self._count]
            self._count -= len(passed)
            return passed, len(passed) < len(data)

    def cut(self) -> None:
        """Reset, not closed: neither end is told that there is no more to come."""
        with self._told.lock:
            self._told.cuts += 1
        for end in self._ends:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                end.shutdown(socket.SHUT_RD)
                end.close()


def _pass_on(source: socket.socket, target: socket.socket, left: _Left) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            passed, last = left.take(data)
            target.sendall(passed)
            if last:
                left.cut()
                return
        target.shutdown(socket.SHUT_WR)
