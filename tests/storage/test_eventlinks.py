"""Links between entities: found from either end, and by what is meant (Events §6)."""

import pytest
from eventrows import NOW, TENANT, entities, tenant

from storage import Store, eventlinks
from storage.eventlinks import LinkRow

pytestmark = pytest.mark.anyio


def link(id: int, source: int, path: str, target: int, until: int | None = None) -> LinkRow:
    root = path.partition(":")[0]
    return LinkRow(id, TENANT, source, root, path, target, "", f"s{id}", None, "{}", NOW, until, NOW, NOW)


@pytest.fixture
async def links(store: Store) -> list[LinkRow]:
    """Links among three entities; the last has ended."""
    await tenant(store)
    await entities(store, "Van/1", "Van/2", "Company/3")
    made = [
        link(1, 1, "AKA", 2),
        link(2, 1, "AKA:CALLED", 3),
        link(3, 2, "BELONGS_TO", 3),
        link(4, 1, "AKA", 2, until=NOW + 10),
    ]
    await store.write(eventlinks.put, made)
    return made


async def test_links_are_found_from_either_end(store: Store, links: list[LinkRow]) -> None:
    """Events §6.2: of a type and of those below it, the newest first."""
    assert [row.id for row in await store.read(eventlinks.at, "source", [1], ["AKA"])] == [4, 2, 1]
    assert [row.id for row in await store.read(eventlinks.at, "target", [3], ["AKA", "BELONGS_TO"])] == [3, 2]
    since = await store.read(eventlinks.at, "source", [1], ["AKA"], since=NOW + 10, limit=1)
    assert [row.id for row in since] == [2]


async def test_a_link_is_found_by_what_is_meant(store: Store, links: list[LinkRow]) -> None:
    """Events §6.1: as often as it began anew."""
    quads = [(1, "AKA", 2, ""), (1, "AKA", 3, ""), (2, "BELONGS_TO", 3, "x")]
    assert await store.read(eventlinks.between, quads) == [links[0], links[3]]


async def test_a_link_that_is_put_again_is_as_it_is_given(store: Store, links: list[LinkRow]) -> None:
    """Events §6.1: its weight, its properties and its dates."""
    changed = links[0]._replace(weight=2.5, properties='{"a":1}', active_until=NOW + 5, updated=NOW + 5)
    await store.write(eventlinks.put, [changed])
    assert await store.read(eventlinks.between, [(1, "AKA", 2, "")]) == [changed, links[3]]
    assert [changed.is_active(at) for at in (NOW - 1, NOW, NOW + 4, NOW + 5, None)] == [
        False, True, True, False, False,
    ]  # fmt: skip
