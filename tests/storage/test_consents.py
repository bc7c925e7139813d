"""What members allow programs, and all that comes of it."""

import pytest

from storage import Store, Transaction, codes, consents, refreshtokens, tokens

pytestmark = pytest.mark.anyio

CLIENT = "https://here.example/oauth/clients/1"


async def _grown(tx: Transaction, actor: int, name: str, *, now: int, until: int | None) -> int:
    """A consent with a code, an access token and a refresh token."""
    id = await consents.add(tx, actor, CLIENT, name, "read", now=now)
    await codes.add(tx, f"{name} code", id, redirect_uri=None, challenge="c", expires=until or 0)
    await tokens.issue(tx, f"{name} access", actor, "read", now=now, consent=id, expires=until)
    await refreshtokens.add(tx, f"{name} refresh", id, now=now, expires=until or 0)
    return id


async def test_a_consent_is_found_and_listed(store: Store, actor: int) -> None:
    id = await store.write(_grown, actor, "app", now=1, until=10)
    found = await store.read(consents.find, id)
    assert found is not None
    assert (found.actor, found.client, found.name, found.scope) == (actor, CLIENT, "app", "read")
    assert await store.read(consents.of_actor, actor, now=2) == [found]
    assert await store.read(consents.of_actor, actor + 1, now=2) == []


async def test_only_what_still_works_is_listed(store: Store, actor: int) -> None:
    """AP-544."""
    lasting = await store.write(_grown, actor, "lasting", now=1, until=None)
    await store.write(_grown, actor, "ended", now=1, until=5)
    await store.write(consents.add, actor, CLIENT, "asked, never used", "read", now=1)
    assert [one.id for one in await store.read(consents.of_actor, actor, now=6)] == [lasting]


async def test_nothing_outlives_its_consent(store: Store, actor: int) -> None:
    """SEC-092."""
    id = await store.write(_grown, actor, "app", now=1, until=10)
    other = await store.write(_grown, actor, "other", now=1, until=10)
    assert await store.write(consents.revoke, id, now=2)
    assert not await store.write(consents.revoke, id, now=3)
    assert await store.read(consents.find, id) is None
    assert await store.read(tokens.find, tokens.hash_of("app access"), now=3) is None
    for found in (
        await store.read(codes.find, "app code"),
        await store.read(refreshtokens.find, "app refresh"),
    ):
        assert found is not None
        assert found.used == 2
    assert await store.read(tokens.find, tokens.hash_of("other access"), now=3) is not None
    assert [one.id for one in await store.read(consents.of_actor, actor, now=3)] == [other]


async def test_all_of_an_actor_end(store: Store, actor: int) -> None:
    """SEC-092."""
    for name in ("one", "two"):
        await store.write(_grown, actor, name, now=1, until=None)
    assert await store.write(consents.revoke_all, actor, now=2) == 2
    assert await store.read(consents.of_actor, actor, now=3) == []


async def test_codes_and_refresh_tokens_are_used_once(store: Store, actor: int) -> None:
    """AP-539, AP-540."""
    await store.write(_grown, actor, "app", now=1, until=10)
    code, renewal = (
        await store.read(codes.find, "app code"),
        await store.read(refreshtokens.find, "app refresh"),
    )
    assert code is not None
    assert renewal is not None
    assert await store.write(codes.use, code, now=2)
    assert not await store.write(codes.use, code, now=3)
    assert await store.write(refreshtokens.use, renewal, now=2)
    assert not await store.write(refreshtokens.use, renewal, now=3)
    assert await store.read(codes.find, "guess") is None
    assert await store.read(refreshtokens.find, "guess") is None


async def test_no_secret_is_kept(store: Store, actor: int) -> None:
    """SEC-093."""
    await store.write(_grown, actor, "app", now=1, until=10)

    async def everything(tx: Transaction) -> str:
        found = [await tx.all(f"SELECT * FROM {table}") for table in ("tokens", "codes", "refresh_tokens")]
        return repr(found)

    kept = await store.read(everything)
    assert not [kind for kind in ("code", "access", "refresh") if f"app {kind}" in kept]
