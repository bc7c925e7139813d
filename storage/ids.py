"""Row ids and stream positions: integers that grow with time.

52 bits of microseconds, then 10 bits that tell processes apart. Within a process each is larger than
the one before, whatever the wall clock does (REL-034); two processes that share a database differ in
the low bits, and should they ever meet all the same, a primary key refuses the second.
"""

import os
import threading
import time

PROCESS_BITS = 10
IDS_PER_US = 1 << PROCESS_BITS


class Sequence:
    """A source of growing 63-bit integers."""

    def __init__(self, process: int) -> None:
        self._process = process & ((1 << PROCESS_BITS) - 1)
        self._last_us = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        """Return the next one."""
        with self._lock:
            self._last_us = max(time.time_ns() // 1000, self._last_us + 1)
            return self._last_us << PROCESS_BITS | self._process


_sequence = Sequence(int.from_bytes(os.urandom(2), "big"))


def next_id() -> int:
    """Return a new row id or stream position, larger than any this process gave before."""
    return _sequence.next()


def at_instant(instant_us: int) -> int:
    """Return the smallest id that can belong to an instant (microseconds since 1970)."""
    return instant_us << PROCESS_BITS


def dated(id: int, instant_us: int) -> int:
    """Return an id as one of the second of an earlier instant; ids of one second keep their order."""
    second = instant_us - instant_us % 1_000_000
    return at_instant(second + (id >> PROCESS_BITS) % 1_000_000) | id & ((1 << PROCESS_BITS) - 1)


def instant_of(id: int) -> int:
    """Return the instant at which an id was made, in microseconds since 1970."""
    return id >> PROCESS_BITS


def _renew_after_fork() -> None:
    global _sequence
    _sequence = Sequence(int.from_bytes(os.urandom(2), "big"))


os.register_at_fork(after_in_child=_renew_after_fork)
