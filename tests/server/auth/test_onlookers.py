"""Who asks at the Atom door, and what wrong credentials mean there."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.requests import Request

from server import keypairs
from server.auth import onlookers, passwords, scopes, sessions
from server.auth.onlookers import Asking
from server.config import load
from server.errors import ProblemError
from server.house import House
from server.opening import open_house
from storage import Transaction, actors, feedtokens, members, tenantowners, tenants, tokens
from streams import system_clock
from streams.actors import create

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse"
BASE = "http://127.0.0.1:8000"


@pytest.fixture
async def parts(ready_url: str) -> AsyncIterator[House]:
    """A house in which Ada lives, who owns a tenant and runs the server."""
    config = load(None, {"HEADWATER_STORAGE_URL": ready_url, "HEADWATER_SERVER_BASE_URL": BASE})
    async with open_house(config) as opened:
        yield opened


@pytest.fixture
async def ada(parts: House) -> int:
    return await member(parts, "ada", admin=True)


async def member(parts: House, name: str, *, admin: bool = False) -> int:
    async def make(tx: Transaction) -> int:
        made = await create(tx, base_url=BASE, name=name, key_pairs=keypairs.fresh(), now=system_clock())
        await members.put(tx, made.id, password=passwords.hashed(PASSWORD), admin=admin, now=1)
        return made.id

    return await parts.store.write(make)


def request(parts: House, method: str = "GET", query: str = "", **headers: str) -> Request:
    fields = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, Any] = {
        "type": "http", "method": method, "path": "/activity", "query_string": query.encode(), "headers": fields,
        "client": ("203.0.113.7", 4711), "state": {"house": parts}, "server": ("127.0.0.1", 8000), "scheme": "http",
        "confine": lambda: None,
    }  # fmt: skip
    return Request(scope)


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


async def refused(request: Request, **options: Any) -> ProblemError:
    with pytest.raises(ProblemError) as refusal:
        await onlookers.asking(request, **options)
    return refusal.value


async def test_nobody_in_particular(parts: House) -> None:
    """Atom §2: who brings nothing reads what is public; what stands in the address as name is not looked at."""
    assert await onlookers.asking(request(parts)) == Asking()
    assert await onlookers.asking(request(parts, query="os_username=ada&os_password=x")) == Asking()


async def test_os_auth_type_asks_for_a_password(parts: House, ada: int) -> None:
    """Atom §2: a 401 in place of a stream that is silently smaller."""
    refusal = await refused(request(parts, query="os_authType=basic"))
    assert refusal.status == 401
    assert refusal.headers["WWW-Authenticate"].startswith("Basic realm=")
    asked = request(parts, query="os_authType=basic", authorization=basic("ada", PASSWORD))
    assert (await onlookers.asking(asked)).way == "basic"


@pytest.mark.parametrize("name", ["ada", "@ADA", "ada@a.example"])
async def test_a_name_and_a_password(parts: House, ada: int, name: str) -> None:
    """Atom §2: what they own and whether they run the server is known too."""

    async def own(tx: Transaction) -> int:
        tenant = await tenants.by_label(tx, "default")
        assert tenant is not None
        await tenantowners.add(tx, tenant.id, ada)
        return tenant.id

    tenant = await parts.store.write(own)
    asked = await onlookers.asking(request(parts, authorization=basic(name, PASSWORD)))
    assert asked.onlooker.viewer is not None
    assert (asked.onlooker.viewer.id, asked.onlooker.admin, asked.onlooker.tenants) == (ada, True, {tenant})
    assert {scopes.READ, scopes.WRITE, scopes.ADMIN_READ} <= asked.scopes


@pytest.mark.parametrize(
    "sent",
    [
        basic("ada", "wrong"), basic("nobody", PASSWORD), basic("", ""), "Basic", "Basic !!!", "Basic YWRh",
        "Bearer wrong", "Bearer", "Digest x", "x", "Basic /////w==",
    ],
)  # fmt: skip
async def test_wrong_credentials_are_never_taken_for_none(parts: House, ada: int, sent: str) -> None:
    """Atom §2."""
    refusal = await refused(request(parts, authorization=sent))
    assert refusal.status == 401
    assert "WWW-Authenticate" in refusal.headers


async def test_guessing_becomes_slow(parts: House, ada: int) -> None:
    """SEC-094: here as on the page."""
    found = [(await refused(request(parts, authorization=basic("ada", str(n))))).status for n in range(8)]
    assert 429 in found


async def test_a_changed_password_ends_what_was_remembered(
    parts: House, ada: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Atom §2: a right password is looked at once in a while; the old one is wrong as soon as there is another."""
    looked: list[str] = []
    real = passwords.matches

    def counted(password: str, kept: str) -> bool:
        looked.append(password)
        return real(password, kept)

    monkeypatch.setattr(passwords, "matches", counted)
    asked = request(parts, authorization=basic("ada", PASSWORD))
    for _ in range(3):
        await onlookers.asking(asked)
    assert looked == [PASSWORD]
    await parts.store.write(
        members.put, ada, password=passwords.hashed("another one"), admin=False, now=system_clock()
    )
    assert (await refused(asked)).status == 401
    assert (await onlookers.asking(request(parts, authorization=basic("ada", "another one")))).actor


@pytest.mark.parametrize("way", ["bearer", "basic"])
async def test_a_token_does_what_it_may(parts: House, ada: int, way: str) -> None:
    """Atom §2: as a bearer token, or as password; without ``admin:read`` it shows what any member would see."""

    async def issue(tx: Transaction) -> None:
        await tokens.issue(tx, "reads", ada, "read", now=system_clock())
        await tokens.issue(tx, "writes", ada, "write", now=system_clock())

    await parts.store.write(issue)

    def sent(token: str, method: str = "GET") -> Request:
        header = f"Bearer {token}" if way == "bearer" else basic("ada", token)
        return request(parts, method, authorization=header)

    asked = await onlookers.asking(sent("reads"))
    assert (asked.onlooker.name, asked.onlooker.admin, asked.way) == ("ada", False, way)
    assert (await refused(sent("writes"))).status == 403
    assert (await refused(sent("reads", "POST"), needs=scopes.WRITE_OUTBOX)).status == 403
    assert (await onlookers.asking(sent("writes", "POST"), needs=scopes.WRITE_OUTBOX)).actor


async def test_a_token_of_someone_else_is_no_password(parts: House, ada: int) -> None:
    """Atom §2."""
    await member(parts, "bob")
    await parts.store.write(tokens.issue, "adas", ada, "read", now=system_clock())
    assert (await refused(request(parts, authorization=basic("bob", "adas")))).status == 401


async def test_a_feed_token(parts: House, ada: int) -> None:
    """Atom §17.3: it reads, shows less than a password does, and ends when it is revoked."""
    id = await parts.store.write(feedtokens.add, "secret", ada, "Reader", now=system_clock())
    assert id is not None
    asked = await onlookers.asking(request(parts, query="token=secret"))
    assert (asked.onlooker.name, asked.onlooker.by_token, asked.onlooker.admin) == ("ada", True, False)
    assert (asked.onlooker.tenants, asked.scopes) == (frozenset(), {scopes.FEED_READ})
    assert await onlookers.asking(request(parts, "POST", query="token=secret")) == Asking()
    assert (await refused(request(parts, query="token="))).status == 401
    await parts.store.write(feedtokens.revoke, ada, id)
    assert (await refused(request(parts, query="token=secret"))).status == 401


async def test_a_cookie_reads_and_sends_only_forms_of_ours(parts: House, ada: int) -> None:
    """Atom §2, §7.2, SEC-065."""
    cookie = await parts.store.write(sessions.begin, ada, now=system_clock())
    header = f"{sessions.cookie_name(parts)}={cookie}"
    asked = await onlookers.asking(request(parts, cookie=header))
    assert (asked.way, asked.onlooker.admin) == ("session", True)
    sent = request(parts, "POST", cookie=header)
    assert await onlookers.asking(sent) == Asking()
    good = {onlookers.XSRF: asked.form_token}
    assert (await onlookers.by_form(sent, good)).actor
    elsewhere = request(parts, "POST", cookie=header, origin="https://evil.example")
    for one, fields in ((sent, {}), (sent, {onlookers.XSRF: "x"}), (elsewhere, good)):
        with pytest.raises(ProblemError) as refusal:
            await onlookers.by_form(one, fields)
        assert refusal.value.status == 409
    assert await onlookers.by_form(request(parts, "POST"), good) == Asking()


async def test_whoever_is_suspended_reads_nothing_more(parts: House, ada: int) -> None:
    """AP-640."""
    await parts.store.write(feedtokens.add, "secret", ada, "", now=system_clock())
    await onlookers.asking(request(parts, authorization=basic("ada", PASSWORD)))
    await parts.store.write(actors.set_state, ada, actors.State.SUSPENDED)
    assert (await refused(request(parts, authorization=basic("ada", PASSWORD)))).status == 401
    assert (await refused(request(parts, query="token=secret"))).status == 401
