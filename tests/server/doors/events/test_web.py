"""What pages report of their visitors: the script's messages and the pixel (Events §21)."""

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from eventsapi import Api, Caller, left, opened, worked_off

from server.auth.rates import Rates
from server.config import load
from storage import tenants
from vocab.dialects.events import moments

pytestmark = pytest.mark.anyio

PAGE = "https://shop.example/mugs/blue?utm_source=mail"
PIXEL = {"tenantId": "AS-000042", "event": "as.web.product.viewed", "product": "Mug/blue"}
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def api(ready_url: str) -> AsyncIterator[Api]:
    """A server whose tenant pages call AS-000042, and which believes in one proxy."""
    named = json.dumps({"default": {"web_ids": ["AS-000042"]}, "gone": {"web_ids": ["AS-000043"]}})
    async with opened(ready_url, tenants=named, server_trusted_proxies="127.0.0.1") as made:
        yield made


def page(api: Api, **headers: str) -> Caller:
    """A browser without a key, behind the proxy."""
    given = {"x_forwarded_for": "203.0.113.9", "user_agent": "ExampleBrowser/4.1 (Linux)", **headers}
    return api.nobody.sending(**given)


def report(api: Api, **members: Any) -> dict[str, Any]:
    now = moments.spell(api.house.ports.clock())
    event = {
        "type": "as.web.product.viewed", "tenant": "AS-000042", "origin": "https://shop.example", "occurred": now,
        "title": "Blue mug", "user": {"did": "x.y", "sid": "s.51"}, "page": {"url": PAGE}, "products": ["Mug/blue"],
    }  # fmt: skip
    return {"tid": "web.asa", "t": now, "ev": event | members}


async def kept(api: Api) -> list[dict[str, Any]]:
    """Do what is left to do; return the events that there are, the oldest first."""
    await worked_off(api)
    assert await left(api) == []
    found: list[dict[str, Any]] = await api.admin.does("GET", "events")
    return [one for one in found[::-1] if one["type"].startswith("as.web.")]


@pytest.mark.parametrize(
    "content_type", ["text/plain;charset=UTF-8", "application/json", "application/x-www-form-urlencoded", ""]
)
async def test_a_report_is_kept_whatever_it_is_called(api: Api, content_type: str) -> None:
    """Events §21.2: JSON of any content type, without a key, from any site."""
    sent = json.dumps(report(api)).encode()
    answer = await page(api, content_type=content_type, origin="https://shop.example")("POST", "/asa", sent)
    assert (answer.status_code, answer.json()) == (200, {"accepted": 1})
    assert answer.headers["access-control-allow-origin"] == "*"
    (event,) = await kept(api)
    assert event["type"] == "as.web.product.viewed"
    assert event["origin"] == "shop.example"
    assert event["aspects"]["client_ip"] == {"ip": "203.0.113.9"}
    assert event["aspects"]["client_device"]["_browser_type"] == "ExampleBrowser"
    session = await api.admin.does("GET", "entities/ASWebSession/s.51")
    assert session["properties"] == {"device_id": "x.y"}
    viewed = await api.admin.does("GET", "entities/Mug/blue/events")
    assert [one["_stream_id"] for one in viewed] == [event["_stream_id"]]


async def test_browsers_may_ask_first(api: Api) -> None:
    answer = await page(api, origin="https://shop.example", access_control_request_method="POST")(
        "OPTIONS", "/asa"
    )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]


async def test_the_same_report_is_kept_once(api: Api) -> None:
    """Events §2.2: sessions and instants make events the same."""
    again = report(api)
    for _ in range(2):
        assert (await page(api)("POST", "/asa", again)).json() == {"accepted": 1}
    assert len(await kept(api)) == 1


async def test_reports_of_the_first_generation(api: Api) -> None:
    """Events §21.3: several at once, of a tenant named by its label."""
    now = api.house.ports.clock() // 1_000
    old = {
        "type": "pageview",
        "location": PAGE,
        "title": "Mugs",
        "t": now,
        "session": "s.1",
        "tenant_id": api.label,
    }
    ordered = {
        "type": "purchase.completed", "tenant": api.label, "user": {"sid": "s.1"}, "origin": "shop.example",
        "orders": [{"id": "o-1", "total_price": 19, "currency": "ISK", "products": [
            {"type": "Mug", "id": "blue", "item_count": 2, "item_price": 9.5}]}],
    }  # fmt: skip
    assert (await page(api)("POST", "/asa", {"ev": [old, ordered], "t": now})).json() == {"accepted": 2}
    assert {one["type"] for one in await kept(api)} == {"as.web.pageviewed", "as.web.purchase.completed"}
    (order,) = await api.admin.does("GET", "entities/Order/o-1/events")
    assert order["aspects"]["items"][0]["_total"] == 19
    assert order["aspects"]["transaction"] == {"amount": 19}


async def test_nobody_learns_which_tenants_there_are(api: Api) -> None:
    """Events §21.4: 200, dropped and counted."""
    for tenant in ("AS-000007", "AS-000043", "nobody", "", None, 3):
        answer = await page(api)("POST", "/asa", report(api, tenant=tenant))
        assert (answer.status_code, answer.json()) == (200, {"accepted": 0}), tenant
    assert await kept(api) == []


async def test_a_suspended_tenant_is_told_nothing(api: Api) -> None:
    other = await api.tenant("other")
    await api.house.store.write(tenants.suspend, other.tenant_id, now=1)
    assert (await page(api)("POST", "/asa", report(api, tenant="other"))).json() == {"accepted": 0}


async def test_what_pages_cannot_vouch_for_is_dropped(api: Api) -> None:
    for type in ("as.oi.fire", "as.entity.updated", "a b"):
        assert (await page(api)("POST", "/asa", report(api, type=type))).json() == {"accepted": 0}, type
    assert await kept(api) == []


async def test_what_is_no_report(api: Api) -> None:
    """Events §21.4."""
    for path in ("/asa", "/asa/error"):
        for body in (b"{", b""):
            assert (await page(api).fails("POST", path, body)).meaning == (400, "malformed_json"), body
        for body in (b"[]", b'"x"'):
            assert (await page(api).fails("POST", path, body)).meaning == (400, "invalid_value"), body
        assert (await page(api).fails("POST", path, b" " * 300_000)).meaning == (413, "too_large")


async def test_errors_of_the_script_are_logged(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """Events §21.2."""
    with caplog.at_level(logging.INFO):
        answer = await page(api)(
            "POST", "/asa/error", {"err": "x\ny", "context": "z" * 5_000, "v": "1", "more": 1}
        )
    assert (answer.status_code, answer.json()) == (200, {"status": "logged"})
    (line,) = [one.getMessage() for one in caplog.records if "script says" in one.getMessage()]
    assert "x\\ny" in line
    assert len(line) < 1_100
    assert "more" not in line


async def test_the_pixel(api: Api) -> None:
    """Events §21.2: a picture, and the page is that of the header field."""
    answer = await page(api, referer=PAGE)(
        "GET", "/asa.png", **PIXEL, referrer="https://news.example/a", title="Mug"
    )
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.content.startswith(PNG)
    assert answer.headers["cache-control"] == "no-store"
    (event,) = await kept(api)
    assert event["aspects"]["traffic_sources"] == [
        {"type": "campaign", "source": "mail", "referrer": "news.example"}
    ]
    assert event["aspects"]["pageview"]["title"] == "Mug"
    assert event["properties"]["pixelMetadata"]["originalUrl"].startswith(
        "/asa.png?tenantId=AS-000042&event=as.web."
    )
    assert [role["role"] for role in event["involves"]] == ["ACTOR", "INVOLVES:VIEWED"]


async def test_a_picture_in_whichever_encoding(api: Api) -> None:
    """Old pages do not all speak UTF-8, nor is anything wrong a reason to show nothing."""
    query = "tenantId=AS-000042&event=as.web.product.viewed&product=Mug/blue&title=Caf%E9"
    for path in (
        f"/asa.png?{query}",
        f"/asa.png?{query}&apikey=wrong",
        "/asa.png?%FF=%",
        "/asa.png?tenantId=AS-000042&event=as.web.product.viewed&product=%00",
        "/asa.png?tenantId=%00",
        "/asa.png?" + "&a=1" * 300,
    ):
        answer = await page(api)("GET", path)
        assert (answer.status_code, answer.content[:8]) == (200, PNG), path
    titles = [event["aspects"]["pageview"]["title"] for event in await kept(api)]
    assert titles == ["Caf\ufffd"] * 2


async def test_a_picture_and_nothing_more(api: Api) -> None:
    for query in (
        {},
        {**PIXEL, "tenantId": ""},
        {**PIXEL, "tenantId": "AS-9"},
        {**PIXEL, "event": "as.web.x"},
    ):
        answer = await page(api)("GET", "/asa.png", **query)
        assert (answer.status_code, answer.content[:8]) == (200, PNG), query
    assert await kept(api) == []


@pytest.mark.parametrize("ids", [["ASUser/bo"], ["Customer/c", "Employee/bo"]])
async def test_a_page_cannot_become_a_user(api: Api, ids: list[str]) -> None:
    """Nobody vouches for a page: who is who among users is not its to say."""
    await api.caller("bo")
    known = {"entity_ref": "ASUser/bo", "AKA": "Employee/bo"}
    await api.admin.does("PUT", "entities/", known)
    sent = report(api, type="as.web.customer.account.provided", ids=ids, products=[])
    assert (await page(api)("POST", "/asa", sent)).json() == {"accepted": 1}
    await worked_off(api)
    links = await api.admin.does("GET", "entities/ASUser/bo/links")
    assert [(link["type"], link["entity_ref"]) for link in links] == [("AKA", "Employee/bo")]
    links = await api.admin.does("GET", "entities/Employee/bo/links")
    assert [link["entity_ref"] for link in links] == ["ASUser/bo"]


async def test_so_much_is_reported_and_no_more(api: Api) -> None:
    """Events §21.2: limited by address and by tenant; a picture is shown all the same."""
    limited = load(
        None,
        {"HEADWATER_LIMITS_REQUESTS_PER_MINUTE": "1000", "HEADWATER_SERVER_TRUSTED_PROXIES": "127.0.0.1"},
    )
    api.house.rates = Rates(limited, {"report": 3, "be reported of": 2}, clock=lambda: 0.0)
    one, other = page(api), page(api).sending(x_forwarded_for="203.0.113.10")
    assert (await one("POST", "/asa", {"ev": {}})).status_code == 200
    assert [(await one("POST", "/asa", report(api))).status_code for _ in range(3)] == [200, 200, 429]
    refused = await one.fails("POST", "/asa", report(api))
    assert refused.meaning == (429, "too_many_requests")
    assert int(refused.headers["retry-after"]) > 0
    assert (await other("POST", "/asa", report(api))).status_code == 429
    assert (await other("POST", "/asa", report(api, tenant="nobody"))).status_code == 200
    assert (await one("GET", "/asa.png", **PIXEL)).status_code == 200
    assert len(await left(api)) == 2


async def test_the_script_is_there(api: Api) -> None:
    """Events §21.1."""
    answer = await page(api)("GET", "/headwater.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert b"window.asa" in answer.content
