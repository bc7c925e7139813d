"""Keeping the count of what the Events API receives while a process runs, and when it ends (Events §19.4)."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Final

from server.house import House

SECONDS: Final = 15.0
"""So long after a message came it is counted at the latest, in whichever process it came."""

log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def running(house: House) -> AsyncIterator[None]:
    """Keep the count from time to time until the block ends, and once more then."""
    keeping = asyncio.create_task(_keep(house), name="keep the count")
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await _keep_now(house)


async def _keep(house: House) -> None:
    while True:
        await asyncio.sleep(SECONDS)
        await _keep_now(house)


async def _keep_now(house: House) -> None:
    """Keep the count; that it fails is no reason to stop, nor to be late in stopping."""
    try:
        await house.received.keep(house.store, now=house.ports.clock())
    except Exception:
        log.exception("what was received could not be counted")
