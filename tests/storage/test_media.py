"""What was uploaded, whose it is, and which things show it."""

import pytest

from storage import Store, Transaction, media, prune
from storage.files import File
from storage.prune import DAY_US

pytestmark = pytest.mark.anyio

FILE = File("ab" * 32, "image/png", 70, 4, 3)
NOW = 400 * DAY_US


async def test_what_was_put_is_found_by_its_token(store: Store, actor: int) -> None:
    made = await store.write(media.put, FILE, token="t1", owner=actor, now=NOW)
    assert await store.read(media.find, "t1") == made
    assert (made.owner, made.digest, made.type, made.width, made.height) == (
        actor, FILE.digest, "image/png", 4, 3,
    )  # fmt: skip
    assert await store.read(media.find, "t2") is None


async def test_things_show_a_file_until_they_are_detached(store: Store, actor: int) -> None:
    made = await store.write(media.put, FILE, token="t1", owner=actor, now=NOW)
    await store.write(media.attach, actor, ["t1", "t1", "t2"])
    assert await store.read(media.shown_by, made.id) == [actor]
    await store.write(media.detach, actor)
    assert await store.read(media.shown_by, made.id) == []


async def test_what_nothing_shows_is_forgotten_after_a_day(store: Store, actor: int) -> None:
    """SEC-117: an upload that was never used goes; the file only when no other row has it."""
    shown = await store.write(media.put, FILE, token="shown", owner=actor, now=NOW - 2 * DAY_US)
    await store.write(media.attach, actor, [shown.token])
    await store.write(media.put, FILE, token="left", owner=actor, now=NOW - 2 * DAY_US)
    await store.write(media.put, FILE, token="fresh", owner=actor, now=NOW)
    await prune.prune(store, now=NOW)

    async def tokens(tx: Transaction) -> list[str]:
        return [str(row[0]) for row in await tx.all("SELECT token FROM media ORDER BY token")]

    assert await store.read(tokens) == ["fresh", "shown"]
    assert await store.read(media.unknown, [FILE.digest, "cd" * 32]) == ["cd" * 32]
