"""Hearing what other processes have committed, and telling them.

What is rung here is sent on a moment later and together, not inside the transactions: PostgreSQL lets
only one transaction that notifies commit at a time. A ring that is lost with its process is harmless.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Iterable
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool

from storage.signals import Signals

CHANNEL = "headwater"
GATHER_SECONDS = 0.02
RECONNECT_SECONDS = 1.0
CANCEL_AGAIN_SECONDS = 1.0
PAYLOAD_BYTES_MAX = 7_500

_log = logging.getLogger(__name__)


class Bells:
    """Signals that are heard in every process on one database."""

    def __init__(self, conninfo: str, pool: AsyncConnectionPool[Any], signals: Signals) -> None:
        self._conninfo = conninfo
        self._pool = pool
        self._signals = signals
        self._sender = os.urandom(8).hex()
        self._unsent: set[str] = set()
        self._rung = asyncio.Event()
        self._tried = asyncio.Event()
        self._closing = asyncio.Event()

    def ring(self, topics: Iterable[str]) -> None:
        """Wake those who wait here at once, and those elsewhere a moment later."""
        self._signals.ring(topics)
        self._unsent.update(topics)
        self._rung.set()

    @contextlib.asynccontextmanager
    async def hung(self) -> AsyncIterator[None]:
        """Listen and tell while the store is open; from the start, if the server lets us."""
        tasks = [asyncio.create_task(self._tell()), asyncio.create_task(self._hear())]
        try:
            await self._tried.wait()
            yield
        finally:
            self._closing.set()
            while running := [task for task in tasks if not task.done()]:
                for task in running:
                    task.cancel()
                await asyncio.wait(running, timeout=CANCEL_AGAIN_SECONDS)

    async def _tell(self) -> None:
        while not self._closing.is_set():  # psycopg may make an error of its own of a cancellation
            await self._rung.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._rung.clear()
            payloads = pack(self._sender, self._unsent)
            self._unsent = set()
            try:
                async with self._pool.connection() as connection:
                    for payload in payloads:
                        await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
            except psycopg.Error as error:
                if not self._closing.is_set():
                    _log.warning("cannot tell other processes of a commit: %s", error)

    async def _hear(self) -> None:
        while not self._closing.is_set():
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._conninfo, autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._signals.ring_all()
                    self._tried.set()
                    async for notice in connection.notifies():
                        sender, *topics = notice.payload.split("\n")
                        if sender != self._sender:
                            self._signals.ring(topics)
            except psycopg.Error as error:
                if self._closing.is_set():
                    return
                _log.warning("cannot hear other processes for now: %s", error)
            self._tried.set()
            await asyncio.sleep(RECONNECT_SECONDS)


def pack(sender: str, topics: Iterable[str]) -> list[str]:
    """Put topics into as few notifications as their size allows."""
    payloads: list[str] = []
    text = sender
    for topic in sorted(topics):
        if len(f"{text}\n{topic}".encode()) > PAYLOAD_BYTES_MAX:
            payloads.append(text)
            text = sender
        text = f"{text}\n{topic}"
    return [*payloads, text]
