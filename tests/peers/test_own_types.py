"""BookWyrm, Funkwhale, Mobilizon, Owncast: types and members of their own inside an ordinary Create."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import World

from storage.actors import ActorRow

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("software", ["bookwyrm", "funkwhale", "mobilizon", "owncast"])
async def test_own_types_survive(
    world: World, neighbour: Callable[[str], Neighbour], ada: ActorRow, software: str
) -> None:
    """IQ-749, AP-008, AP-009, AP-748: kept, listed and shown with everything they came with."""
    sent = await neighbour(software).send("create", ada)
    assert await world.listed(ada.iri, "inbox") == [sent["id"]]
    shown = await world.shown(sent["object"]["id"])
    for term, value in sent["object"].items():
        if value is not None and term not in ("to", "cc"):
            assert shown[term] == value, term
