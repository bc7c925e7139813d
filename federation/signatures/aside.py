"""RSA signatures made beside the event loop.

Several are made with each hop to a thread, for the hop costs half as much as a signature.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeAlias

from federation.signatures import algorithms
from federation.signatures.algorithms import PrivateKey

THREADS = 2
"""Signing releases the GIL, so threads are as good as processes here; more only wait for each other."""
TOGETHER_MAX = 8
"""So many signatures are made with one hop: some milliseconds of work."""

Wanted: TypeAlias = tuple[PrivateKey, bytes, "asyncio.Future[bytes]"]


class SigningThreads:
    """Signs what was asked for; what comes while all threads are busy goes to the next free one together."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "sign")
        self._waiting: deque[Wanted] = deque()
        self._busy = 0

    async def sign(self, key: PrivateKey, text: bytes) -> bytes:
        """Sign with the key's usual algorithm."""
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, text, answer))
        self._start()
        return await answer

    def _start(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting and self._busy < THREADS:
            count = min(len(self._waiting), TOGETHER_MAX)
            batch = [self._waiting.popleft() for _ in range(count)]
            self._busy += 1
            made = loop.run_in_executor(self._threads, _sign_all, batch)
            made.add_done_callback(partial(self._answer, batch))

    def _answer(self, batch: Sequence[Wanted], made: "asyncio.Future[list[bytes]]") -> None:
        self._busy -= 1
        error = made.exception()
        for number, (_, _, answer) in enumerate(batch):
            if answer.done():
                continue  # whoever asked is gone
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(made.result()[number])
        self._start()


def _sign_all(batch: Sequence[Wanted]) -> list[bytes]:
    return [algorithms.sign(key, text) for key, text, _ in batch]
