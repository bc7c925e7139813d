"""Keys, ours and theirs."""

import pytest

from storage import Store, keys

pytestmark = pytest.mark.anyio

ADA = "https://here.example/users/ada"
EVE = "https://there.example/users/eve"


async def _put(
    store: Store, id: str, actor: str, *, private: str | None = None, public: str = "PEM", now: int = 1
) -> None:
    await store.write(keys.put, id=id, actor=actor, algorithm="rsa", public=public, private=private, now=now)


async def test_ours_and_theirs(store: Store) -> None:
    await _put(store, f"{ADA}#main-key", ADA, private="SECRET")
    await _put(store, f"{EVE}#main-key", EVE, now=7)
    ours = await store.read(keys.by_id, f"{ADA}#main-key")
    theirs = await store.read(keys.by_id, f"{EVE}#main-key")
    assert ours is not None
    assert (ours.private, ours.fetched) == ("SECRET", None)
    assert theirs is not None
    assert (theirs.private, theirs.fetched, theirs.actor) == (None, 7, EVE)
    assert await store.read(keys.by_id, "https://nowhere.example/key") is None


async def test_a_key_does_not_show_its_private_half(store: Store) -> None:
    """SEC-118."""
    await _put(store, f"{ADA}#main-key", ADA, private="SECRET")
    assert "SECRET" not in repr(await store.read(keys.by_id, f"{ADA}#main-key"))


async def test_a_fetched_key_never_replaces_one_of_ours(store: Store) -> None:
    await _put(store, f"{ADA}#main-key", ADA, private="SECRET")
    await _put(store, f"{ADA}#main-key", EVE, public="THEIRS")
    key = await store.read(keys.by_id, f"{ADA}#main-key")
    assert key is not None
    assert (key.actor, key.public, key.private) == (ADA, "PEM", "SECRET")


async def test_a_failure_is_remembered_until_the_key_is_found(store: Store) -> None:
    await store.write(keys.remember_failure, f"{EVE}#main-key", retry_at=50, now=1)
    failed = await store.read(keys.by_id, f"{EVE}#main-key")
    assert failed is not None
    assert (failed.public, failed.retry_at) == (None, 50)
    await _put(store, f"{EVE}#main-key", EVE)
    found = await store.read(keys.by_id, f"{EVE}#main-key")
    assert found is not None
    assert (found.public, found.retry_at) == ("PEM", None)
    await store.write(keys.remember_failure, f"{EVE}#main-key", retry_at=90, now=1)
    known = await store.read(keys.by_id, f"{EVE}#main-key")
    assert known is not None
    assert (known.public, known.retry_at) == ("PEM", 90)


async def test_an_actor_signs_with_keys_that_are_not_retired(store: Store) -> None:
    await _put(store, f"{ADA}#old", ADA, private="A", now=1)
    await _put(store, f"{ADA}#new", ADA, private="B", now=2)
    await _put(store, f"{ADA}#public", ADA, now=3)
    await store.write(keys.retire, f"{ADA}#old", now=4)
    assert [key.id for key in await store.read(keys.of_actor, ADA)] == [
        f"{ADA}#{n}" for n in ("old", "new", "public")
    ]
    assert [key.id for key in await store.read(keys.of_actor, ADA, private=True)] == [f"{ADA}#new"]


async def test_only_theirs_are_forgotten(store: Store) -> None:
    await _put(store, "ours", ADA, private="A")
    await _put(store, "theirs", EVE)
    for id in ("ours", "theirs"):
        await store.write(keys.forget, id)
    assert await store.read(keys.by_id, "ours") is not None
    assert await store.read(keys.by_id, "theirs") is None
