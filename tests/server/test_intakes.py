"""What inboxes take in: kept together, each answered for itself."""

import asyncio
from typing import Any

import pytest

from server.intakes import Intakes
from storage import Store, inbox, jobs, open_store
from storage.errors import Full
from storage.inbox import Intake, VerifiedActor

pytestmark = pytest.mark.anyio

BASE_URL = "https://a.example"


def _intake(sender: str, body: str = "{}") -> Intake:
    id = f"https://{sender}.example/u"
    return Intake(VerifiedActor(id, f"{id}#key", f"{sender}.example"), body, None, 1_000, None)


class Counting:
    """Passes on what is to be written, and counts it; or refuses everything."""

    def __init__(self, store: Store, error: Exception | None = None) -> None:
        self.store, self.error, self.writes = store, error, 0

    async def write(self, work: Any, *given: Any, **named: Any) -> Any:
        self.writes += 1
        if self.error is not None:
            raise self.error
        return await self.store.write(work, *given, **named)


async def _waiting(store: Store) -> int:
    return await store.read(jobs.backlog, inbox.QUEUE)


async def test_what_comes_at_the_same_time_is_one_unit_of_work(url: str) -> None:
    async with open_store(url, base_url=BASE_URL) as store:
        counting = Counting(store)
        intakes = Intakes(counting)  # type: ignore[arg-type]
        await asyncio.gather(*(intakes.keep(_intake(f"h{n % 3}"), f"https://a/{n}") for n in range(20)))
        assert counting.writes == 1
        assert await _waiting(store) == 20
        await intakes.keep(_intake("h0"), "https://a/0")
        assert await _waiting(store) == 20, "known by its sender and its name"
        taken = await store.write(jobs.claim, inbox.QUEUE, now=2_000, owner="me", lease_us=1_000, limit=1)
        assert inbox.intake(taken[0]).received == 1_000


async def test_one_that_cannot_be_kept_does_not_keep_the_others_out(url: str) -> None:
    """REL-001: nobody is told that something was kept which was not, nor the other way round."""
    async with open_store(url, base_url=BASE_URL) as store:
        intakes = Intakes(store)
        coming = [_intake("a"), _intake("b", "\ud800"), _intake("c")]
        outcomes = await asyncio.gather(
            *(intakes.keep(intake, "https://x/1") for intake in coming), return_exceptions=True
        )
        assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, True, False]
        assert await _waiting(store) == 2


async def test_a_full_disk_is_told_to_all_at_once(url: str) -> None:
    async with open_store(url, base_url=BASE_URL) as store:
        full = Counting(store, Full("no room"))
        intakes = Intakes(full)  # type: ignore[arg-type]
        outcomes = await asyncio.gather(
            *(intakes.keep(_intake("a"), f"https://x/{n}") for n in range(3)), return_exceptions=True
        )
        assert all(isinstance(outcome, Full) for outcome in outcomes)
        assert full.writes == 1


async def test_who_stops_waiting_does_not_stop_the_others(url: str) -> None:
    async with open_store(url, base_url=BASE_URL) as store:
        intakes = Intakes(store)
        first, second = (asyncio.create_task(intakes.keep(_intake("a"), f"https://x/{n}")) for n in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await second
        assert await _waiting(store) == 2
