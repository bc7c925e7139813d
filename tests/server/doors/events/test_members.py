"""Members at a browser call without a key, from our own pages alone (Events §1.2, SEC-064)."""

import pytest
from eventsapi import EVENT, EVENT_ID, Api, Caller

from server import keypairs
from server.auth import sessions
from storage import Transaction, members
from streams import system_clock
from streams.actors import create

pytestmark = pytest.mark.anyio


async def _signed_in(api: Api, name: str, *, admin: bool = False) -> str:
    """Return the cookie of a member who has just signed in."""
    now = system_clock()

    async def enter(tx: Transaction) -> str:
        made = await create(tx, name=name, base_url=api.house.base_url, key_pairs=keypairs.fresh(), now=now)
        await members.put(tx, made.id, password=None, admin=admin, now=now)
        return await sessions.begin(tx, made.id, now=now)

    return await api.house.store.write(enter)


def _page(api: Api, cookie: str, **headers: str) -> Caller:
    return api.nobody.sending(cookie=f"headwater={cookie}", **{"sec_fetch_site": "same-origin", **headers})


async def test_a_page_of_ours_needs_no_key(events_api: Api) -> None:
    """Events §1.2: the member is the current user."""
    page = _page(events_api, await _signed_in(events_api, "ada"))
    await page.does("POST", "events", EVENT)
    await page.does("POST", "bumps", {"involves": [{"BUMP_UP": EVENT_ID}]})
    [vote] = await page.does("GET", f"events/{EVENT_ID}/bumps")
    assert {"role": "ACTOR", "entity_ref": "ASUser/ada"} in vote["involves"]
    refused = await page.fails("PUT", "/api/v1/provisioning/info", {"name": "x"})
    assert refused.meaning == (403, "not_allowed")


async def test_who_runs_the_server_administers_the_default_tenant(events_api: Api) -> None:
    page = _page(events_api, await _signed_in(events_api, "root", admin=True))
    assert (await page.does("PUT", "/api/v1/provisioning/info", {"name": "x"}))["name"] == "x"
    assert (await page.fails("POST", "/api/v1/provisioning/scoped-api-keys", {"type": "BASIC"})).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"sec_fetch_site": "none"},
        {"sec_fetch_site": ""}, {"host": "north.example.com"},
    ],
)  # fmt: skip
async def test_pages_of_others_are_not_believed(events_api: Api, headers: dict[str, str]) -> None:
    page = _page(events_api, await _signed_in(events_api, "ada"), **headers)
    assert (await page.fails("GET", "events")).meaning == (401, "unknown_key")
    assert (await page.fails("POST", "events", EVENT)).meaning == (401, "unknown_key")


async def test_a_cookie_that_is_nobody_s(events_api: Api) -> None:
    assert (await _page(events_api, "x" * 43).fails("GET", "events")).meaning == (401, "unknown_key")
