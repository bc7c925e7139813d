"""Row 21 of the checklist: reports of pages, in all content types and of both generations (Events §21)."""

import json
from typing import Any

import pytest
from eventsapi import Api, Caller, left, worked_off

from vocab.dialects.events import moments

pytestmark = pytest.mark.anyio

PAGE = "https://shop.example/mugs/blue?utm_source=mail"
TYPES = ("text/plain;charset=UTF-8", "application/json", "application/x-www-form-urlencoded")


def page(api: Api, **headers: str) -> Caller:
    given = {"x_forwarded_for": "203.0.113.9", "user_agent": "ExampleBrowser/4.1 (Linux)", **headers}
    return api.nobody.sending(**given)


async def kept(api: Api) -> list[dict[str, Any]]:
    """Do what waits; return the events of pages, the oldest first."""
    await worked_off(api)
    assert await left(api) == []
    found: list[dict[str, Any]] = await api.admin.does("GET", "events", types="as.web", order="occurred_at")
    return found


def second(api: Api, **members: Any) -> dict[str, Any]:
    """A report of the second generation, after the example of Events §21.4."""
    now = moments.spell(api.house.ports.clock())
    return {"tid": "web.asa", "t": now, "ev": {
        "type": "as.web.product.viewed", "tenant": api.label, "origin": "https://shop.example", "occurred": now,
        "title": "Blue mug", "user": {"did": "x.y", "sid": "s.51"}, "page": {"url": PAGE},
        "campaign": {"source": "mail"}, "partner_id": "", "partner_sid": "", "v": "2.1.1", "products": ["Mug/blue"],
    } | members}  # fmt: skip


def first(api: Api, **members: Any) -> dict[str, Any]:
    """A report of the first generation, plain."""
    now = api.house.ports.clock() // 1_000
    return {"t": now, "ev": [{
        "type": "pageview", "location": PAGE, "title": "Mugs", "t": now, "session": "s.1", "tenant_id": api.label,
    } | members]}  # fmt: skip


@pytest.mark.parametrize("content_type", TYPES)
async def test_the_second_generation(api: Api, content_type: str) -> None:
    sent = json.dumps(second(api)).encode()
    sender = page(api, content_type=content_type, origin="https://shop.example")
    answer = await sender("POST", "/asa", sent)
    assert (answer.status_code, answer.json()) == (200, {"accepted": 1})
    assert answer.headers["access-control-allow-origin"] == "*"
    (event,) = await kept(api)
    assert (event["type"], event["origin"]) == ("as.web.product.viewed", "shop.example")
    roles = {
        (role["role"], role.get("entity_ref") or role["entity"]["entity_ref"]) for role in event["involves"]
    }
    assert roles == {("ACTOR", "ASWebSession/s.51"), ("INVOLVES:VIEWED", "Mug/blue")}
    aspects = event["aspects"]
    assert (aspects["pageview"]["path"], aspects["pageview"]["title"]) == (
        "https://shop.example/mugs/blue",
        "Blue mug",
    )
    assert aspects["pageview"]["path_properties"] == {"utm_source": "mail"}
    assert aspects["traffic_sources"] == [{"type": "campaign", "source": "mail"}]
    assert aspects["client_ip"] == {"ip": "203.0.113.9"}
    assert aspects["client_device"]["user_agent"] == "ExampleBrowser/4.1 (Linux)"
    session = await api.admin.does("GET", "entities/ASWebSession/s.51")
    assert session["properties"] == {"device_id": "x.y"}


@pytest.mark.parametrize("content_type", TYPES)
async def test_the_first_generation(api: Api, content_type: str) -> None:
    sent = json.dumps(first(api)).encode()
    answer = await page(api, content_type=content_type)("POST", "/asa", sent)
    assert (answer.status_code, answer.json()) == (200, {"accepted": 1})
    (event,) = await kept(api)
    assert event["type"] == "as.web.pageviewed"
    assert event["involves"][0] == {"role": "ACTOR", "entity_ref": "ASWebSession/s.1"}
    assert event["aspects"]["pageview"]["path"] == "https://shop.example/mugs/blue"


@pytest.mark.parametrize(
    ("said", "type"),
    [
        ({"type": "custom", "event": "Menu opened"}, "as.web.menu-opened"),
        (
            {"type": "product.interest", "products": [{"type": "Mug", "id": "blue"}]},
            "as.web.product.interest",
        ),
        ({"type": "order.reviewed"}, "as.web.order.reviewed"),
        ({"type": "product.searched", "term": "mug"}, "as.web.product.searched"),
    ],
)
async def test_names_of_the_first_generation(api: Api, said: dict[str, Any], type: str) -> None:
    """Events §21.3, §21.4."""
    assert (await page(api)("POST", "/asa", first(api, **said))).json() == {"accepted": 1}
    assert [one["type"] for one in await kept(api)] == [type]


@pytest.mark.parametrize(
    ("type", "role"),
    [
        ("as.web.product.viewed", "INVOLVES:VIEWED"), ("as.web.product.interest", "REFERENCES"),
        ("as.web.product.carted", "TRADE:CARTED"), ("as.web.product.uncarted", "TRADE:UN_CARTED"),
        ("as.web.product.unavailable", "TRADE:UNAVAILABLE"),
    ],
)  # fmt: skip
async def test_what_happens_to_products(api: Api, type: str, role: str) -> None:
    """Events §21.4: by reference or with what is said of them."""
    mug = {
        "type": "Mug", "id": "blue", "description": "Blue", "product_variant": "large", "item_price": 9.5,
        "commission": 1, "categories": ["mugs"],
    }  # fmt: skip
    await page(api)("POST", "/asa", second(api, type=type, products=[mug]))
    (event,) = await kept(api)
    items = event["aspects"].get("items", [])
    roles = [one["role"] for holder in (event, *items) for one in holder["involves"]]
    assert role in roles
    if items:
        assert (items[0]["variant"], items[0]["commission_fixed"], items[0]["item_price"]) == (
            "large",
            1,
            9.5,
        )
    product = await api.admin.does("GET", "entities/Mug/blue")
    assert product["aspects"]["presentation"]["label"] == "Blue"
    assert product["aspects"]["classification"]["categories"] == ["mugs"]


async def test_purchases_and_accounts(api: Api) -> None:
    """Events §21.4: orders with products in them; who the visitor is."""
    product = {"type": "Mug", "id": "blue", "item_count": 2, "item_price": 9.5}
    orders = [{"id": "o-1", "total_price": 19, "currency": "ISK", "products": [product]}]
    ids = [{"type": "Customer", "id": "c-1"}, {"type": "Email", "id": "a@b.example"}]
    bought = second(api, type="purchase.completed", orders=orders, products=[])
    known = second(api, type="customer.account.provided", ids=ids, products=[])
    for sent in (bought, known):
        assert (await page(api)("POST", "/asa", sent)).json() == {"accepted": 1}
    events = {one["type"]: one for one in await kept(api)}
    event = events["as.web.purchase.completed"]
    assert event["aspects"]["transaction"]["amount"] == 19
    assert event["aspects"]["items"][0]["involves"] == [{"role": "TRADE:PURCHASED", "entity_ref": "Mug/blue"}]
    assert "Order/o-1" in str(event["involves"])
    (link,) = await api.admin.does("GET", "entities/ASWebSession/s.51/links")
    assert (link["type"], link["entity_ref"]) == ("PROXY_FOR", "Customer/c-1")
    found = await api.admin.does("GET", "entities/Customer/c-1/links", type="AKA")
    assert [one["entity_ref"] for one in found] == ["Email/a@b.example"]


async def test_the_pixel_the_errors_and_the_preflight(api: Api) -> None:
    """Events §21.2: a picture whatever is asked."""
    asked = {"tenantId": api.label, "event": "as.web.product.viewed", "product": "Mug/blue", "title": "Mug"}
    for query in ({}, {**asked, "tenantId": "nobody"}, {**asked, "event": "as.x"}, asked):
        answer = await page(api, referer=PAGE)("GET", "/asa.png", referrer="https://news.example/a", **query)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    (event,) = await kept(api)
    assert event["aspects"]["traffic_sources"] == [
        {"type": "campaign", "source": "mail", "referrer": "news.example"}
    ]
    assert event["properties"]["pixelMetadata"]["originalUrl"].startswith("/asa.png?")
    assert (await page(api)("POST", "/asa/error", {"err": "x", "context": "y", "v": "2"})).status_code == 200
    asking = page(api, origin="https://shop.example", access_control_request_method="POST")
    answer = await asking("OPTIONS", "/asa")
    assert (answer.is_success, answer.headers["access-control-allow-origin"]) == (True, "*")


async def test_what_is_not_taken(api: Api) -> None:
    """Events §21.4: unknown tenants learn nothing; a clock that is wrong is not believed."""
    answer = await page(api)("POST", "/asa", second(api, tenant="AS-9"))
    assert (answer.status_code, answer.json()) == (200, {"accepted": 0})
    assert (await page(api).fails("POST", "/asa", b"{")).status == 400
    assert (await page(api)("POST", "/asa", second(api, occurred="2001-01-01T00:00:00Z"))).status_code == 200
    (event,) = await kept(api)
    assert not event["occurred_at"].startswith("2001")


async def test_a_tenant_by_the_id_that_pages_know(server: Api) -> None:
    """Events §21.4."""
    assert (await page(server)("POST", "/asa", second(server, tenant="AS-000042"))).json() == {"accepted": 1}
    assert [one["type"] for one in await kept(server)] == ["as.web.product.viewed"]
