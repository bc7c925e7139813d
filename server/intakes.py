"""What inboxes take in, committed together: what comes while one commit is under way shares the next (REL-001).

One unit of work for all of it costs a fraction of one for each: a statement runs once for all rows, the lanes of the
hosts and the tally of the queue are written once.
"""

import asyncio
from typing import TypeAlias

from storage import Store, inbox
from storage.errors import Broken, Busy, Full, Unreachable
from storage.inbox import Intake

TOGETHER_MAX = 64

Coming: TypeAlias = "tuple[Intake, str, asyncio.Future[None]]"


class Intakes:
    """Remembers what was received and verified until it has taken effect."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._coming: list[Coming] = []
        self._keeping: asyncio.Task[None] | None = None

    async def keep(self, intake: Intake, name: str) -> None:
        """Remember one activity by the name that its sender has for it; returns when that is committed."""
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._coming.append((intake, name, answer))
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep_all())
        await answer

    async def _keep_all(self) -> None:
        try:
            while self._coming:
                some, self._coming = self._coming[:TOGETHER_MAX], self._coming[TOGETHER_MAX:]
                await self._write(some)
        finally:
            self._keeping = None

    async def _write(self, some: list[Coming]) -> None:
        """Commit some and answer each; one that the database does not take does not keep it from taking the others."""
        error = await self._committed(some)
        if error is None or len(some) == 1 or isinstance(error, Broken | Busy | Full | Unreachable):
            _answer(some, error)
            return
        for one in some:
            _answer([one], await self._committed([one]))

    async def _committed(self, some: list[Coming]) -> Exception | None:
        """Return what went wrong, if anything did."""
        try:
            await self._store.write(inbox.remember, [(intake, name) for intake, name, _ in some])
        except Exception as error:
            return error
        return None


def _answer(some: list[Coming], error: Exception | None) -> None:
    for _, _, answer in some:
        if answer.done():
            continue  # whoever asked is gone
        if error is None:
            answer.set_result(None)
        else:
            answer.set_exception(error)
