"""From consent to tokens as time passes, on both engines."""

from collections.abc import AsyncIterator

import pytest

from server.auth import granting
from server.auth.clients import Client
from server.auth.granting import ACCESS_SECONDS, CODE_SECONDS, REFRESH_SECONDS, SECOND_US, Claim, Issued
from storage import Store, actors, consents, open_store, tokens
from storage.actors import State

pytestmark = pytest.mark.anyio

VERIFIER = "headwater-pkce-verifier-0123456789-abcdefghijklmnop"
CHALLENGE = "Wntswr7W1k6DmpEajwiQgMX9XbaELQQ8PsX9_ttv4So"
CALLBACK = "https://app.example/cb"
APP = Client("https://here.example/oauth/clients/1", "App", (CALLBACK,), "")
CLAIM = Claim(APP.id, CALLBACK, VERIFIER)
NOW = 1_000_000 * SECOND_US


class Desk:
    """A store with one actor, and what is done at a fixed instant."""

    def __init__(self, store: Store, ada: int) -> None:
        self.store, self.ada = store, ada

    async def code(self, scope: str = "read write") -> str:
        return await self.store.write(
            granting.consent, self.ada, APP, scope, redirect_uri=CALLBACK, challenge=CHALLENGE, now=NOW
        )

    async def redeem(self, code: str, claim: Claim = CLAIM, *, after_seconds: float = 0) -> Issued | None:
        return await self.store.write(granting.redeem, code, claim, now=NOW + int(after_seconds * SECOND_US))

    async def refresh(
        self, token: str, client: str = APP.id, scope: str | None = None, *, after_seconds: float = 0
    ) -> Issued | None:
        then = NOW + int(after_seconds * SECOND_US)
        return await self.store.write(granting.refresh, token, client, scope, now=then)

    async def is_good(self, token: str, *, after_seconds: float = 0) -> bool:
        then = NOW + int(after_seconds * SECOND_US)
        return await self.store.read(tokens.find, tokens.hash_of(token), now=then) is not None

    async def issued(self) -> Issued:
        found = await self.redeem(await self.code())
        assert found is not None
        return found


@pytest.fixture
async def desk(url: str) -> AsyncIterator[Desk]:
    async with open_store(url) as store:
        base = "https://here.example/users/ada"
        ada = await store.write(
            actors.add_local, base, "Person", "{}", name="ada", handle="ada", host="here.example",
            inbox=f"{base}/inbox", shared_inbox="https://here.example/inbox", followers=f"{base}/followers",
            approves=False, now=NOW,
        )  # fmt: skip
        assert ada is not None
        yield Desk(store, ada)


async def test_a_code_lasts_a_minute(desk: Desk) -> None:
    """AP-539, SEC-089."""
    assert await desk.redeem(await desk.code(), after_seconds=CODE_SECONDS) is None
    assert await desk.redeem(await desk.code(), after_seconds=CODE_SECONDS - 1) is not None


@pytest.mark.parametrize(
    "claim",
    [
        Claim("https://other.example/", CALLBACK, VERIFIER),
        Claim(APP.id, None, VERIFIER),
        Claim(APP.id, CALLBACK + "/", VERIFIER),
        Claim(APP.id, CALLBACK, VERIFIER + "x"),
        Claim(APP.id, CALLBACK, ""),
    ],
)
async def test_a_code_is_bound(desk: Desk, claim: Claim) -> None:
    """AP-539: and a wrong claim does not use it up for who has the right one."""
    code = await desk.code()
    assert await desk.redeem(code, claim) is None
    assert await desk.redeem(code) is not None


async def test_a_second_use_ends_what_came_of_the_first(desk: Desk) -> None:
    """AP-539: also of what came of that in turn."""
    code = await desk.code()
    first = await desk.redeem(code)
    assert first is not None
    second = await desk.refresh(first.refresh_token)
    assert second is not None
    assert await desk.redeem(code, after_seconds=CODE_SECONDS * 2) is None
    assert not await desk.is_good(first.access_token)
    assert not await desk.is_good(second.access_token)
    assert await desk.refresh(second.refresh_token) is None


async def test_how_long_tokens_last(desk: Desk) -> None:
    """AP-540."""
    issued = await desk.issued()
    assert await desk.is_good(issued.access_token, after_seconds=ACCESS_SECONDS - 1)
    assert not await desk.is_good(issued.access_token, after_seconds=ACCESS_SECONDS)
    assert await desk.refresh(issued.refresh_token, after_seconds=REFRESH_SECONDS) is None
    renewed = await desk.refresh(issued.refresh_token, after_seconds=REFRESH_SECONDS - 1)
    assert renewed is not None
    assert await desk.is_good(renewed.access_token, after_seconds=REFRESH_SECONDS)


async def test_a_refresh_token_is_used_once(desk: Desk) -> None:
    """AP-540, RFC 9700 §4.14."""
    first = await desk.issued()
    second = await desk.refresh(first.refresh_token)
    assert second is not None
    assert await desk.is_good(second.access_token)
    assert await desk.refresh(first.refresh_token) is None
    assert not await desk.is_good(second.access_token)


async def test_a_wrong_client_ends_nothing(desk: Desk) -> None:
    issued = await desk.issued()
    assert await desk.refresh(issued.refresh_token, "https://other.example/") is None
    assert await desk.refresh(issued.refresh_token) is not None


async def test_the_scope_becomes_narrower_for_one_token_alone(desk: Desk) -> None:
    """SEC-091."""
    issued = await desk.issued()
    narrow = await desk.refresh(issued.refresh_token, scope="read unheard-of")
    assert narrow is not None
    assert narrow.scope == "read"
    whole = await desk.refresh(narrow.refresh_token)
    assert whole is not None
    assert whole.scope == "read write"
    assert await desk.refresh(whole.refresh_token, scope="admin") is None
    assert await desk.refresh(whole.refresh_token) is not None, "a refusal uses nothing up"


@pytest.mark.parametrize("state", [State.SUSPENDED, State.GONE])
async def test_nothing_is_issued_for_who_is_suspended_or_gone(desk: Desk, state: State) -> None:
    """SEC-092."""
    issued, code = await desk.issued(), await desk.code()
    await desk.store.write(actors.set_state, desk.ada, state)
    assert await desk.redeem(code) is None
    assert await desk.refresh(issued.refresh_token) is None


async def test_all_at_once(desk: Desk) -> None:
    """SEC-092: consents, and tokens that came of none."""
    issued = await desk.issued()
    await desk.store.write(tokens.issue, "bare", desk.ada, "read", now=NOW)
    await desk.store.write(granting.revoke_all, desk.ada, now=NOW)
    assert not await desk.is_good(issued.access_token)
    assert not await desk.is_good("bare")
    assert await desk.store.read(consents.of_actor, desk.ada, now=NOW) == []
