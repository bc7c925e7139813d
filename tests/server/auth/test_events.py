"""Who is asking at the Events API (Events §1.1, §1.2, §17.2)."""

from collections.abc import AsyncIterator

import pytest

from server.auth.events import Caller, Denied, Keys, Right, UnknownKey, hosted, presented, require_same
from storage import Store, eventskeys, open_store, privileges, tenants
from storage.eventskeys import (
    ADMINISTRATOR,
    BASIC,
    INGESTION_ONLY,
    INTERNAL_AUDITING,
    QUERY_ONLY,
    USER,
)
from storage.tenants import Tenant

pytestmark = pytest.mark.anyio

NORTH = Tenant(7, "north", 1, None, False, 0)
ALL = set(Right)


@pytest.fixture
async def store(ready_url: str) -> AsyncIterator[Store]:
    """A tenant called north."""
    async with open_store(ready_url) as opened:
        await opened.write(tenants.add, 7, "north", now=1)
        yield opened


@pytest.mark.parametrize(
    ("headers", "query", "key"),
    [
        ([], [], None),
        ([], [("apikey", "k")], "k"),
        ([], [("api_key", "k")], "k"),
        ([], [("apiKey", "k"), ("q", "x")], "k"),
        ([(b"x-api-key", b" k ")], [], "k"),
        ([(b"authorization", b"Bearer k")], [], "k"),
        ([(b"authorization", b"bearer k")], [("apikey", "k")], "k"),
        ([(b"authorization", b"Basic k")], [("apikey", "")], None),
    ],
)  # fmt: skip
def test_where_a_key_is(
    headers: list[tuple[bytes, bytes]], query: list[tuple[str, str]], key: str | None
) -> None:
    assert presented(headers, query) == key


def test_two_keys_are_none() -> None:
    with pytest.raises(UnknownKey):
        presented([(b"x-api-key", b"a")], [("apikey", "b")])


@pytest.mark.parametrize(
    ("caller", "rights"),
    [
        (Caller(NORTH, BASIC, "ada", ADMINISTRATOR), ALL),
        (Caller(NORTH, BASIC, "bo", USER), ALL - {Right.MANAGE}),
        (Caller(NORTH, BASIC), ALL - {Right.MANAGE}),
        (Caller(NORTH, BASIC, "ada", ADMINISTRATOR, scoped=True), ALL - {Right.MANAGE}),
        (Caller(NORTH, INGESTION_ONLY, "ada", ADMINISTRATOR), {Right.OPEN, Right.CHECK, Right.SUBMIT}),
        (Caller(NORTH, QUERY_ONLY, "ada", ADMINISTRATOR), {Right.OPEN, Right.CHECK, Right.READ}),
        (Caller(NORTH, BASIC, "eve", INTERNAL_AUDITING), {Right.OPEN, Right.CHECK, Right.READ}),
        (Caller(NORTH, BASIC, "former", None), {Right.OPEN}),
        (Caller(NORTH), {Right.OPEN}),
    ],
)  # fmt: skip
def test_what_callers_may_do(caller: Caller, rights: set[Right]) -> None:
    held = set()
    for right in Right:
        try:
            caller.require(right)
        except Denied:
            continue
        held.add(right)
    assert held == rights


def test_who_sees_all_and_who_speaks_for_the_tenant() -> None:
    admin, auditor = (
        Caller(NORTH, BASIC, "ada", ADMINISTRATOR),
        Caller(NORTH, BASIC, "eve", INTERNAL_AUDITING),
    )
    program, user = Caller(NORTH, INGESTION_ONLY), Caller(NORTH, BASIC, "bo", USER)
    scoped = Caller(NORTH, BASIC, "ada", ADMINISTRATOR, scoped=True)
    assert [one.sees_all for one in (admin, auditor, program, user, scoped)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [one.trusted for one in (admin, auditor, program, user, scoped)] == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert (str(user.by), str(program.by)) == ("ASUser/bo", "ASService/north")
    with pytest.raises(Denied):
        program.required_user()


async def test_hosts_name_tenants(store: Store) -> None:
    """Events §1.1: by their first label; the server's own name, addresses and bare names stand for none."""
    keys = Keys(store)
    named = {
        host: await hosted(keys, host, "north.example")
        for host in (
            "north.example",
            "north.other",
            "NORTH.other:80",
            "south.other",
            "north",
            "7.0.0.1",
            "[::1]:80",
            "",
        )
    }
    assert {host for host, tenant in named.items() if tenant} == {"north.other", "NORTH.other:80"}
    require_same(None, NORTH)
    require_same(NORTH, NORTH)
    with pytest.raises(Denied):
        require_same(NORTH, Tenant(8, "south", 1, None, False, 0))


async def test_keys_are_asked_for_once_in_a_while(store: Store) -> None:
    """A change is noticed within a second, a new key at once, and the end of a key at that very moment."""
    seconds = 0.0
    keys = Keys(store, clock=lambda: seconds)
    assert await keys.find("k", now=2) is None
    await store.write(privileges.grant, 7, "bo", USER, now=1)
    await store.write(eventskeys.add, 7, "k", type=BASIC, username="bo", active_until=90, now=1)
    assert (found := await keys.find("k", now=2)) is not None
    assert found.role == USER
    await store.write(privileges.revoke, 7, "bo")
    assert (found := await keys.find("k", now=3)) is not None
    assert found.role == USER
    assert await keys.find("k", now=90) is None
    seconds = 2.0
    assert (found := await keys.find("k", now=4)) is not None
    assert found.role is None
