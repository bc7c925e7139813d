"""Files that programs of a tenant uploaded."""

import pytest

from storage import Store, Transaction, media, prune, tenants, uploads
from storage.files import File
from storage.prune import DAY_US
from storage.uploads import Origin, Upload

pytestmark = pytest.mark.anyio

FILE = File("ab" * 32, "image/png", 70, 4, 3)
SMALL = File("cd" * 32, "image/png", 30, 2, 1)
NOW = 400 * DAY_US


@pytest.fixture
async def tenant(store: Store) -> int:
    await store.write(tenants.add, 7, "app", now=1)
    return 7


async def _put(
    store: Store, owner: int, token: str, file: File = FILE, origin: Origin | None = None
) -> Upload:
    return await store.write(
        uploads.put,
        file,
        token=token,
        tenant=7,
        owner=owner,
        user="bob",
        name="a.png",
        now=NOW,
        origin=origin,
    )


async def _tokens(tx: Transaction) -> list[str]:
    return [str(row[0]) for row in await tx.all("SELECT token FROM media ORDER BY token")]


async def test_what_was_put_is_found_by_its_token(store: Store, actor: int, tenant: int) -> None:
    made = await _put(store, actor, "t1")
    assert await store.read(uploads.find, "t1") == made
    assert (made.tenant, made.user, made.name, made.digest, made.bytes) == (
        7,
        "bob",
        "a.png",
        FILE.digest,
        70,
    )
    assert await store.read(uploads.find, "t2") is None


async def test_it_stays_although_no_activity_shows_it(store: Store, actor: int, tenant: int) -> None:
    """Feeds §7.5: addresses do not expire; what clears unused media away passes by."""
    made = await _put(store, actor, "t1")
    await prune.prune(store, now=NOW + 30 * DAY_US)
    assert await store.read(uploads.find, "t1") == made
    assert await store.read(media.shown_by, made.id) == [actor]


async def test_a_picture_is_made_once_in_each_way(store: Store, actor: int, tenant: int) -> None:
    source = await _put(store, actor, "t1")
    origin = Origin(source.id, "w=2")
    assert await store.read(uploads.made_of, origin) is None
    first = await _put(store, actor, "t2", SMALL, origin)
    assert await _put(store, actor, "t3", SMALL, origin) == first
    await _put(store, actor, "t4", SMALL, Origin(source.id, "w=3"))
    assert await store.read(uploads.made_of, origin) == first
    assert await store.read(uploads.count_made_of, source.id) == 2
    assert await store.read(_tokens) == ["t1", "t2", "t4"]


async def test_what_was_made_of_it_goes_with_it(store: Store, actor: int, tenant: int) -> None:
    source = await _put(store, actor, "t1")
    small = await _put(store, actor, "t2", SMALL, Origin(source.id, "w=2"))
    await _put(store, actor, "t3", SMALL, Origin(small.id, "w=1"))
    await _put(store, actor, "t4")
    await store.write(uploads.drop, source.id)
    assert await store.read(_tokens) == ["t4"]
    assert await store.read(media.unknown, [FILE.digest, SMALL.digest]) == [SMALL.digest]
