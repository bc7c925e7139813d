"""Events and channels of one tenant, on a server with others around it."""

from dataclasses import dataclass
from typing import Any

from audience import Audience
from logbook import BASE, Logbook
from world import World

from storage import Transaction, jobs
from storage.actors import ActorRow
from streams import responses
from streams.events import broadcasting, presence, responding
from streams.feeds.presence import Sought

OPS = "ASChannel/night-ops"
VAN = "Vehicle:Van/7"
IRI = f"{BASE}/channels/night-ops"
WASHED: dict[str, Any] = {"involves": [{"ACTOR": "Employee/Ada"}, {"AFFECTS": VAN}]}


@dataclass
class Pier:
    """A tenant's events and channels, on a server with others around it."""

    world: World
    log: Logbook

    @property
    def audience(self) -> Audience:
        return Audience(self.log)

    async def channel(self, ref: str = OPS, *, public: Any = True, monitors: str = VAN) -> None:
        await self.log.entity(ref, properties={"public": public})
        await self.audience.follow(ref, monitors)

    async def sought(self, id: str = "night-ops") -> Sought | None:
        return await presence.seek(self.log.parts, self.log.tenant.label, id)

    async def actor(self, id: str = "night-ops") -> ActorRow:
        found = await self.sought(id)
        assert found is not None
        return found.actor

    async def followed(self, id: str = "night-ops") -> ActorRow:
        """Let Bob, who is on another server, follow a channel, and return its actor."""
        actor, bob = await self.actor(id), await self.world.remote("bob")
        await self.world.hear(bob, actor, id=f"{bob.iri}/f/{id}", type="Follow", object=actor.iri)
        return actor

    async def work(self) -> None:
        await self.audience.work()
        for queue, do in ((broadcasting.QUEUE, broadcasting.work), (responses.QUEUE, responding.work)):
            while taken := await self.log.store.write(_claim, queue):
                for job in taken:
                    await do(self.log.parts, job, owner="worker")

    async def told(self) -> list[dict[str, Any]]:
        """Return what Bob's server is sent, once all jobs are done."""
        await self.work()
        return await self.world.sent()

    async def contents(self) -> list[str]:
        return [said["object"]["content"] for said in await self.told() if said["type"] == "Create"]


async def _claim(tx: Transaction, queue: str) -> list[jobs.Job]:
    return await jobs.claim(tx, queue, now=1 << 55, owner="worker", lease_us=1 << 40, limit=50)
