"""From a request to a grant, with the store between them."""

import base64
import hmac
from collections.abc import AsyncIterator

import pytest
from feedtokens import NOW, SERVER, token

from federation.signatures import Incoming
from server import tenancy
from server.auth.feeds import (
    MEANINGS,
    Denied,
    FeedsGrant,
    Keys,
    Presented,
    Suspended,
    UnknownKey,
    authenticate,
)
from server.auth.feeds.errors import CredentialsError
from server.tenancy import Credentials
from storage import Store, objects, open_store, tenants

pytestmark = pytest.mark.anyio

REQUEST = Incoming("GET", "/api/v1.0/feed/user/1/?api_key=a", [])


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """A store with two tenants, on each engine in turn."""
    async with open_store(url) as opened:
        await opened.write(tenancy.found, "one", Credentials(1, "a", "secret one", "x"), now=1)
        await opened.write(tenancy.found, "two", Credentials(2, "b", "secret two", "y"), now=1)
        yield opened


async def knock(store: Store, key: str, secret: str, *, now: int = NOW) -> FeedsGrant:
    return await authenticate(
        Keys(store), Presented(key, token=token(SERVER, secret=secret)), REQUEST, now=now
    )


async def test_the_key_names_the_tenant(store: Store) -> None:
    """SEC-102: two apps with equal ids of everything else."""
    assert (await knock(store, "a", "secret one")).tenant.label == "one"
    assert (await knock(store, "b", "secret two")).tenant.label == "two"


@pytest.mark.parametrize(("key", "secret"), [("a", "secret two"), ("b", "secret one")])
async def test_a_token_of_another_tenant(store: Store, key: str, secret: str) -> None:
    """SEC-102."""
    with pytest.raises(Denied):
        await knock(store, key, secret)


@pytest.mark.parametrize("key", ["c", "A", "a ", "1", "one"])
async def test_an_unknown_key(store: Store, key: str) -> None:
    with pytest.raises(UnknownKey):
        await knock(store, key, "secret one")


async def test_a_suspended_tenant(store: Store) -> None:
    await store.write(tenants.suspend, 1, now=NOW)
    with pytest.raises(Suspended):
        await knock(store, "a", "secret one")
    assert (await knock(store, "b", "secret two")).tenant.id == 2
    await store.write(tenants.suspend, 1, now=None)
    assert (await knock(store, "a", "secret one")).tenant.id == 1


async def test_a_secret_that_was_rotated_ends(store: Store) -> None:
    """SEC-103: with an overlap, and from one request to the next."""
    await store.write(tenancy.rotate, 1, "fresh", overlap_us=10, now=NOW)
    assert await knock(store, "a", "fresh", now=NOW + 9)
    assert await knock(store, "a", "secret one", now=NOW + 9)
    with pytest.raises(Denied):
        await knock(store, "a", "secret one", now=NOW + 10)


async def test_a_signature_is_full_access(store: Store) -> None:
    """Feeds §2.4."""
    date = "Tue, 14 Nov 2023 22:13:20 GMT"
    made = base64.b64encode(hmac.digest(b"secret one", f"date: {date}".encode(), "sha256")).decode()
    signature = f'keyId="a",algorithm="hmac-sha256",headers="date",signature="{made}"'
    incoming = Incoming("POST", "/api/v1.0/follow_many/", [(b"date", date.encode())])
    found = await authenticate(Keys(store), Presented("a", signature=signature), incoming, now=NOW)
    assert (found.tenant.id, found.governed, found.may("follower", "write")) == (1, False, True)


def test_every_error_has_a_meaning() -> None:
    """Feeds §4."""
    assert set(MEANINGS) == set(CredentialsError.__subclasses__())
    assert {tuple(one) for one in MEANINGS.values()} == {
        (401, 2, "ApiKeyException"),
        (401, 3, "SignatureException"),
        (401, 7, "SiteSuspendedException"),
        (403, 17, "NotAllowedException"),
    }


async def test_a_known_key_is_not_looked_up_at_each_request(store: Store) -> None:
    """Feeds §2.1: a change is noticed within a second, a suspended or new tenant is always asked for."""
    seconds = [0.0]
    keys = Keys(store, clock=lambda: seconds[0])
    assert await keys.find("a", now=NOW) is not None
    row = await store.write(objects.name, "https://here.example/tenants/a", now=NOW)
    await store.write(tenants.own, 1, row)
    first = await keys.find("a", now=NOW)
    await store.write(tenants.suspend, 1, now=NOW)
    assert await keys.find("a", now=NOW) is first
    seconds[0] += 1
    later = await keys.find("a", now=NOW)
    assert later is not None
    assert later.tenant.suspended == NOW
    await store.write(tenants.suspend, 1, now=None)
    again = await keys.find("a", now=NOW)
    assert again is not None
    assert again.tenant.suspended is None
    assert await keys.find("b?", now=NOW) is None
