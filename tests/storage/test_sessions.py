"""Members who are signed in with a browser."""

import pytest

from storage import Store, Transaction, sessions

pytestmark = pytest.mark.anyio


async def test_a_session_lasts_until_it_ends(store: Store, actor: int) -> None:
    await store.write(sessions.add, "cookie", actor, now=1, expires=10)
    found = await store.read(sessions.find, "cookie", now=9)
    assert found is not None
    assert found.actor == actor
    assert await store.read(sessions.find, "cookie", now=10) is None
    assert await store.read(sessions.find, "guess", now=2) is None
    assert await store.write(sessions.end, "cookie")
    assert not await store.write(sessions.end, "cookie")


async def test_everywhere_at_once(store: Store, actor: int) -> None:
    """SEC-092."""
    for cookie in ("one", "two"):
        await store.write(sessions.add, cookie, actor, now=1, expires=10)
    assert await store.write(sessions.end_all, actor) == 2
    assert await store.read(sessions.find, "one", now=2) is None


async def test_the_cookie_is_not_kept(store: Store, actor: int) -> None:
    """SEC-093."""
    await store.write(sessions.add, "cookie", actor, now=1, expires=10)

    async def everything(tx: Transaction) -> str:
        return repr(await tx.all("SELECT * FROM sessions"))

    assert "cookie" not in await store.read(everything)
