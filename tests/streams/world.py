"""Streams on a real database, with other servers played by a dictionary."""

import json
from dataclasses import dataclass, field
from typing import Any

from storage import Intake, Store, Transaction, VerifiedActor, actors, entries, jobs, objects
from storage.actors import ActorRow
from storage.entries import Viewer
from streams import Manners, Ports, chores, interest, profiles, publish, read, receive, threads
from streams import actors as making
from streams.errors import Spent, Unreachable
from streams.instants import SECOND_US
from vocab import Activity, Object, dump, from_json
from vocab import iri as iris

BASE = "https://here.example"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
START = 1_795_176_000_000_000


@dataclass
class Others:
    """Other servers: what they serve, and what was asked of them."""

    store: Store
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)
    purse: int = 1_000
    spent: int = 0
    proofs: set[str] = field(default_factory=set)

    async def object(self, iri: str) -> Object:
        self.asked.append(iri)
        self.spent += 1
        if self.spent > self.purse:
            raise Spent(iri)
        if iri in self.down:
            raise Unreachable(iri, temporary=True)
        if iri not in self.documents:
            raise Unreachable(iri, temporary=False)
        return from_json(self.documents[iri])

    async def proven(self, thing: Object) -> bool:
        return thing.id in self.proofs

    async def actor(self, iri: str, *, refresh: bool = False) -> Object:
        known = await self.store.read(actors.find, iri)
        if known is not None and not refresh:
            return from_json(self.documents.get(iri, {"id": iri}))
        actor = await self.object(iri)
        if actor.is_collection:
            raise Unreachable(iri, temporary=False)
        await self.store.write(actors.keep, actor, now=START)
        return actor

    async def named(self, handle: str) -> Object:
        name, _, host = handle.partition("@")
        return await self.actor(f"https://{host}/u/{name}")

    async def items(self, iri: str, *, limit: int) -> list[Object]:
        collection = await self.object(iri)
        listed = collection.values("orderedItems") or collection.values("items")
        return [Object(value if isinstance(value, dict) else {"id": value}) for value in listed][:limit]

    def signing_as(self, actor: str) -> "Others":
        self.signed.append(actor)
        return self

    def bounded(self) -> "Others":
        self.spent = 0
        return self


@dataclass
class World:
    """A server's streams, with a clock that moves only when told."""

    store: Store
    others: Others
    now: int = START
    manners: Manners = field(default_factory=Manners)

    @property
    def ports(self) -> Ports:
        return Ports(self.store, BASE, self.others, lambda: self.now, self.manners)

    async def local(self, name: str, **options: Any) -> ActorRow:
        return await self.store.write(
            making.create, base_url=BASE, name=name, now=self.now, **{"key_pairs": [], **options}
        )

    async def remote(self, name: str, host: str = "there.example", **members: Any) -> ActorRow:
        id = f"https://{host}/u/{name}"
        document = {
            "id": id, "type": "Person", "preferredUsername": name, "inbox": f"{id}/inbox",
            "outbox": f"{id}/outbox", "followers": f"{id}/followers", **members,
        }  # fmt: skip
        self.others.documents[id] = document
        return await self.store.write(actors.keep, from_json(document), now=self.now)

    async def say(self, actor: ActorRow, /, **activity: Any) -> Activity:
        self.now += 1_000_000
        return await publish(self.ports, actor, from_json(activity))

    async def hear(self, sender: ActorRow, inbox: ActorRow | None = None, /, **activity: Any) -> None:
        body = dump.dump(from_json({"actor": sender.iri, **activity})).decode()
        await self.take_in(sender.iri, body, inbox)

    async def take_in(self, sender: str, body: str, inbox: ActorRow | None = None) -> None:
        """Receive the text of an activity, verified as an actor's, at an inbox or at the shared one."""
        self.now += 1_000_000
        verified = VerifiedActor(sender, f"{sender}#main-key", iris.host(sender))
        intake = Intake(verified, body, inbox.id if inbox else None, self.now)
        await receive(self.ports, intake, _nothing)

    async def find(self, iri: str) -> ActorRow:
        """Return an actor as it is known now."""
        found = await self.store.read(actors.find, iri)
        assert found is not None, iri
        return found

    async def listed(self, owner_iri: str, kind: str) -> list[str]:
        """Return the IRIs in a stream, newest first."""
        return await self.store.read(_listed, owner_iri, kind)

    async def shown(self, iri: str, viewer: ActorRow | None = None) -> dict[str, Any]:
        """Return a document as someone sees it."""
        who = None if viewer is None else Viewer(viewer.id, viewer.iri)
        text = await self.store.read(read.document, iri, who)
        loaded: dict[str, Any] = json.loads(dump.render(*text))
        return loaded

    async def errands(self, later_us: int = 0) -> list[str]:
        """Run what is to be read elsewhere and is due by then; return what it was about."""
        self.now += later_us
        run: list[str] = []
        while claimed := await self.store.write(
            jobs.claim, interest.QUEUE, now=self.now, owner="test", lease_us=SECOND_US, limit=1
        ):
            work = profiles if claimed[0].payload["profile"] else threads
            await work.complete(self.ports, claimed[0], owner="test")
            run.append(claimed[0].payload["about"])
        return run

    async def chores(self, *, later: int = 0) -> int:
        """Let so many microseconds pass, do the chores that are due by then, and return how many they were."""
        self.now += later
        claimed = await self.store.write(
            jobs.claim,
            "chores",
            now=self.now,
            owner="test",
            lease_us=60 * SECOND_US,
            limit=100,
            circuits=False,
        )
        for job in claimed:
            await self.store.write(chores.do, job, owner="test", base_url=BASE, now=self.now)
        return len(claimed)

    async def sent(self, inbox: str = "https://there.example/u/bob/inbox") -> list[dict[str, Any]]:
        """Return what an inbox elsewhere is still to be sent, oldest first, without the answers to follows."""
        return [body for to, body in await self.deliveries() if to == inbox and body["type"] != "Accept"]

    async def deliveries(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the waiting deliveries: inbox and body."""
        return await self.store.read(_deliveries)


async def _nothing(_: Transaction) -> None:
    """Settle a job that was never queued."""


async def _listed(tx: Transaction, owner_iri: str, kind: str) -> list[str]:
    owner = await objects.id_of(tx, owner_iri)
    stream = None if owner is None else await entries.find(tx, owner, kind)
    if stream is None:
        return []
    page = await entries.page(tx, stream.id, viewer=None, whole=True, limit=1_000)
    return [entry.iri for entry in page]


async def _deliveries(tx: Transaction) -> list[tuple[str, dict[str, Any]]]:
    rows = await tx.all(
        "SELECT j.payload, l.body FROM jobs j JOIN letters l ON l.id = j.letter WHERE j.queue = 'deliver' ORDER BY j.id"
    )
    return [(json.loads(str(row[0]))["inbox"], json.loads(str(row[1]))) for row in rows]
