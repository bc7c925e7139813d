"""Analytics at the door (Feeds §7.6)."""

import json
from typing import Any

import pytest
from feedsapi import Api, failure
from feedtokens import token

from storage import engagements
from storage.engagements import SHOWN
from storage.entries import NEWEST
from storage.tenants import DEFAULT, by_label

pytestmark = pytest.mark.anyio

ENGAGEMENT, IMPRESSION, REDIRECT = (
    "/analytics/v1.0/engagement/",
    "/analytics/v1.0/impression/",
    "/analytics/redirect/",
)
CLICK = {"content": "post:1", "label": "click", "user_data": "tommaso", "further": {"a": [1, None]}}
REDIRECTING = {"resource": "redirect_and_track", "action": "*", "user_id": "bob", "feed_id": "*"}
TARGET = "https://shop.example/cart?a=1&b=%C3%BC#x"


async def counted(api: Api, *contents: str) -> dict[str, dict[str, int]]:
    tenant = await api.house.store.read(by_label, api.label)
    assert tenant is not None
    return await api.house.store.peek(engagements.counts, tenant.id, contents)


async def told(api: Api) -> list[dict[str, Any]]:
    tenant = await api.house.store.read(by_label, DEFAULT)
    assert tenant is not None
    return [
        one.event
        for _, one in await api.house.store.read(engagements.page, tenant.id, before=NEWEST, limit=50)
    ]


async def test_what_people_do_is_counted_and_kept(api: Api) -> None:
    """Feeds §7.6: the shapes that SDKs send, unknown members kept."""
    shown = {
        "content_list": ["post:1", {"foreign_id": "post:2"}],
        "user_data": {"id": "486892", "alias": "Julian"},
    }
    assert await api.server.does("POST", ENGAGEMENT, {"content_list": [CLICK, CLICK]}) == {}
    assert await api.server.does("POST", IMPRESSION, shown) == {}
    assert await api.server.does("POST", IMPRESSION.rstrip("/"), [shown, shown]) == {}
    assert await counted(api, "post:1", "post:2") == {"post:1": {"click": 2, SHOWN: 3}, "post:2": {SHOWN: 3}}
    assert await told(api) == [shown, shown, shown, CLICK, CLICK]


async def test_tenants_count_apart(api: Api) -> None:
    """SEC-102."""
    other = await api.tenant("other")
    await other.server.does("POST", ENGAGEMENT, {"content_list": [CLICK]})
    assert await counted(api, "post:1") == {}
    assert await counted(other, "post:1") == {"post:1": {"click": 1}}


@pytest.mark.parametrize("path", [ENGAGEMENT, IMPRESSION])
@pytest.mark.parametrize(
    "body", [b"{", b"", b"5", {"content_list": []}, {"content_list": [{"content": ""}]}, []]
)
async def test_bad_bodies(api: Api, path: str, body: Any) -> None:
    assert (await api.server.fails("POST", path, body)).meaning == (400, 4, "InputException")
    assert await told(api) == []


async def test_a_batch_is_kept_whole_or_not_at_all(api: Api) -> None:
    """Feeds §14.15."""
    found = await api.server.fails("POST", ENGAGEMENT, {"content_list": [CLICK, {"content": "post:1"}]})
    assert found.fields == [{}, {"label": ["this field is required"]}]
    assert await counted(api, "post:1") == {}


async def test_tokens_name_analytics(api: Api) -> None:
    """Feeds §2.2: a browser's token for analytics names the resource; a user's own token does not do."""
    browser = api.bearing({"resource": "analytics", "action": "*", "user_id": "*"})
    assert await browser.does("POST", ENGAGEMENT, {"content_list": [CLICK]}) == {}
    for caller in (
        api.user("bob"), api.bearing({"resource": "analytics", "action": "read", "feed_id": "*"}),
        api.bearing({"resource": "feed", "action": "*", "feed_id": "*"}),
    ):  # fmt: skip
        found = await caller.fails("POST", ENGAGEMENT, {"content_list": [CLICK]})
        assert found.meaning == (403, 17, "NotAllowedException")


@pytest.mark.parametrize("path", [REDIRECT, REDIRECT.rstrip("/"), "/analytics/v1.0/redirect/"])
async def test_a_link_leads_on(api: Api, path: str) -> None:
    """Feeds §7.6: credentials and events stand in the query; both are noted before anyone is led on."""
    events = [CLICK, {"foreign_ids": ["post:1", "post:2"], "user_id": "bob"}]
    link = {"auth_type": "jwt", "url": TARGET, "events": json.dumps(events)}
    nobody = api.presenting(None)
    answer = await nobody(
        "GET", path, authorization=token(REDIRECTING, secret=api.credentials.api_secret), **link
    )
    assert (answer.status_code, answer.headers["location"]) == (302, TARGET)
    assert answer.headers["cache-control"] == "no-store"
    assert await counted(api, "post:1", "post:2") == {"post:1": {"click": 1, SHOWN: 1}, "post:2": {SHOWN: 1}}


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"resource": "redirect_and_track", "action": "*", "user_id": "*"}, 302),
        ({"resource": "redirect_and_track", "action": "*", "feed_id": "*"}, 302),
        ({"resource": "*", "action": "*", "feed_id": "*"}, 302),
        ({"resource": "analytics", "action": "*", "feed_id": "*"}, 403),
        ({"resource": "redirect_and_track", "action": "write", "feed_id": "*"}, 403),
        ({"user_id": "bob"}, 403),
    ],
)
async def test_only_some_tokens_lead_on(api: Api, claims: dict[str, Any], status: int) -> None:
    """Feeds §7.6: 403 and no redirect, as the JavaScript SDK and the Python SDK make the token."""
    answer = await api.bearing(claims)("GET", REDIRECT, url=TARGET)
    assert answer.status_code == status
    assert ("location" in answer.headers) is (status == 302)


async def test_nobody_is_led_on_without_a_good_token(api: Api) -> None:
    """SEC-112: no open redirect, whatever else is right."""
    forged = api.bearing(REDIRECTING, secret="x" * 32)
    for caller, status in ((api.presenting(None), 401), (api.presenting("nonsense"), 401), (forged, 403)):
        answer = await caller("GET", REDIRECT, url=TARGET, events=json.dumps([CLICK]))
        assert failure(answer).status == status
        assert "location" not in answer.headers
    assert await counted(api, "post:1") == {}


@pytest.mark.parametrize(
    "query",
    [
        {}, {"url": ""}, {"url": "javascript:alert(1)"}, {"url": "/local"}, {"url": "//evil.example"},
        {"url": "data:text/html,x"}, {"url": TARGET, "events": '[{"label":"x"}]'},
        {"url": "https://a.example/\r\nSet-Cookie: a=b"}, {"url": "https://user:pw@a.example/"}, {"url": "https://[::1"},
        {"url": TARGET, "events": "{"}, {"url": TARGET, "events": '{"a":1}'},
        {"url": "https://a.example/" + "x" * 2_100},
    ],
)  # fmt: skip
async def test_bad_links(api: Api, query: dict[str, str]) -> None:
    answer = await api.bearing(REDIRECTING)("GET", REDIRECT, **query)
    assert failure(answer).meaning == (400, 4, "InputException")
    assert "location" not in answer.headers


async def test_a_link_to_a_name_in_other_letters(api: Api) -> None:
    answer = await api.bearing(REDIRECTING)("GET", REDIRECT, url="https://bücher.example/ä?ö=1")
    assert answer.headers["location"] == "https://xn--bcher-kva.example/%C3%A4?%C3%B6=1"
