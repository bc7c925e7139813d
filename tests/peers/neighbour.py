"""A server of other software, played from fixtures: what it serves, and what it sends, text for text.

The fixtures were written from what is known of the software, for these tests. In them we are ``here.example``, and
``https://here.example/objects/NOTE`` stands for an IRI that a test knows only when it runs.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from world import World

from storage.actors import ActorRow

VECTORS = Path(__file__).parent.parent / "vectors" / "peers"
PLACE = "https://here.example/objects/"


@dataclass
class Neighbour:
    """One server, named like its fixtures."""

    world: World
    software: str

    def __post_init__(self) -> None:
        self.serve(*(name for name in self.names() if self.document(name).get("inbox")))

    def names(self) -> list[str]:
        return sorted(path.stem for path in (VECTORS / self.software).glob("*.json"))

    def text(self, name: str, **places: str) -> str:
        """Return a fixture as it would be sent, with what the test knows in its places."""
        text = (VECTORS / self.software / f"{name.replace('_', '-')}.json").read_text()
        for place, iri in places.items():
            text = text.replace(PLACE + place.upper(), iri)
        return text

    def document(self, name: str, **places: str) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.text(name, **places))
        return loaded

    def serve(self, *names: str) -> None:
        """Serve documents at their ids, to whoever fetches them."""
        for name in names:
            document = self.document(name)
            self.world.others.documents[document["id"]] = document

    async def actor(self, name: str = "actor") -> ActorRow:
        """Return one of its actors as we keep it after a first look."""
        id = self.document(name)["id"]
        await self.world.others.actor(id)
        return await self.world.find(id)

    async def send(self, name: str, inbox: ActorRow | None = None, **places: str) -> dict[str, Any]:
        """Deliver a fixture, verified as its actor's, to an inbox or to the shared one, and return it."""
        text = self.text(name, **places)
        activity: dict[str, Any] = json.loads(text)
        actor = activity["actor"]
        await self.world.take_in(actor["id"] if isinstance(actor, dict) else actor, text, inbox)
        return activity
