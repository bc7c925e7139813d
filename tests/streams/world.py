"""Streams on a real database, with other servers played by a dictionary."""

import json
from dataclasses import dataclass, field
from typing import Any

from storage import Intake, Store, Transaction, VerifiedActor, actors, entries, objects
from storage.actors import ActorRow
from storage.entries import Viewer
from streams import Ports, publish, read, receive
from streams import actors as making
from streams.errors import Unreachable
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

    async def object(self, iri: str) -> Object:
        self.asked.append(iri)
        if iri in self.down:
            raise Unreachable(iri, temporary=True)
        if iri not in self.documents:
            raise Unreachable(iri, temporary=False)
        return from_json(self.documents[iri])

    async def actor(self, iri: str, *, refresh: bool = False) -> Object:
        known = await self.store.read(actors.find, iri)
        if known is not None and not refresh:
            return from_json({"id": iri})
        actor = await self.object(iri)
        await self.store.write(actors.keep, actor, now=START)
        return actor


@dataclass
class World:
    """A server's streams, with a clock that moves only when told."""

    store: Store
    others: Others
    now: int = START

    @property
    def ports(self) -> Ports:
        return Ports(self.store, BASE, self.others, lambda: self.now)

    async def local(self, name: str, **options: Any) -> ActorRow:
        return await self.store.write(
            making.create, base_url=BASE, name=name, key_pairs=[], now=self.now, **options
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
        self.now += 1_000_000
        body = dump.dump(from_json({"actor": sender.iri, **activity})).decode()
        verified = VerifiedActor(sender.iri, f"{sender.iri}#main-key", iris.host(sender.iri))
        intake = Intake(verified, body, inbox.id if inbox else None, self.now)
        await receive(self.ports, intake, _nothing)

    async def listed(self, owner_iri: str, kind: str) -> list[str]:
        """Return the IRIs in a stream, newest first."""
        return await self.store.read(_listed, owner_iri, kind)

    async def shown(self, iri: str, viewer: ActorRow | None = None) -> dict[str, Any]:
        """Return a document as someone sees it."""
        who = None if viewer is None else Viewer(viewer.id, viewer.iri)
        text = await self.store.read(read.document, iri, who)
        loaded: dict[str, Any] = json.loads(dump.render(*text))
        return loaded

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
