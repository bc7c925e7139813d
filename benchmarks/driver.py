"""A load driver: requests made ready beforehand, sent over kept-alive connections, answers counted.

It reads no more of an answer than its length, so that the driver is not what is measured, and it never
sleeps: waking it would be paid for by the server, the more often the slower the server is.
"""

import asyncio
import statistics
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast


@dataclass(slots=True)
class Outcome:
    """What came of one round: answers per status, seconds it took, latency of each answer in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    bytes_read: int = 0

    @property
    def per_second(self) -> float:
        return sum(self.statuses.values()) / self.seconds

    def quantile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return 1_000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Connection(asyncio.Protocol):
    """One connection that sends the next request when an answer is complete."""

    def __init__(
        self, requests: deque[bytes], outcome: Outcome, finished: asyncio.Event, live: list[int]
    ) -> None:
        self._requests, self._outcome, self._finished, self._live = requests, outcome, finished, live
        self._buffer = bytearray()
        self._missing = -1
        self._sent = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def _next(self) -> None:
        assert self._transport is not None
        if not self._requests:
            self._transport.close()
            self._live[0] -= 1
            if not self._live[0]:
                self._finished.set()
            return
        self._sent = time.perf_counter()
        self._transport.write(self._requests.popleft())

    def data_received(self, data: bytes) -> None:
        self._outcome.bytes_read += len(data)
        if self._missing < 0:
            self._buffer += data
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self._buffer[:end]).lower()
            at = head.find(b"content-length:")
            length = 0 if at < 0 else int(head[at + 15 :].split(b"\r\n", 1)[0])
            self._outcome.statuses[int(head[9:12])] += 1
            self._missing = length - (len(self._buffer) - end - 4)
            self._buffer.clear()
        else:
            self._missing -= len(data)
        if self._missing == 0:
            self._missing = -1
            self._outcome.latencies.append(time.perf_counter() - self._sent)
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None or self._missing >= 0:
            raise RuntimeError("the server closed a connection in the middle of an answer") from exc


async def _drive(port: int, requests: Sequence[bytes], at_once: int) -> Outcome:
    outcome, finished, waiting = Outcome(), asyncio.Event(), deque(requests)
    live = [at_once]
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    for _ in range(at_once):
        await loop.create_connection(lambda: _Connection(waiting, outcome, finished, live), "127.0.0.1", port)
    async with asyncio.timeout(120):
        while not finished.is_set():
            await asyncio.sleep(0)
    outcome.seconds = time.perf_counter() - begun
    return outcome


def drive(port: int, requests: Sequence[bytes], *, at_once: int = 32) -> Outcome:
    """Send these requests, so many at a time, and return what came back."""
    import uvloop

    return uvloop.run(_drive(port, requests, at_once))


def request(
    method: str, host: str, target: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    """Return one request as bytes."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items() if name.lower() != "host"]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
