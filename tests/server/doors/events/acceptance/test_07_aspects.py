"""Row 7 of the checklist: shorthands and derived values of every aspect (Events §7)."""

from typing import Any

import pytest
from eventsapi import EVENT, Api, remarks

pytestmark = pytest.mark.anyio

AT = "2031-03-04T10:00:00Z"
MUGS = {
    "PURCHASED": "Mug/blue", "item_count": 2, "item_price": 9.5, "tax_percentage": 24, "currency": "ISK",
    "involves": [{"AFFECTS:CREATES": "Parcel/p-1"}, {"SOLD_BY": "Shop/web"}],
}  # fmt: skip
"""The example of Events §7.7."""
VIEW = {
    "path": "https://shop.example/mugs/blue?ref=mail", "referrer": "https://search.example/?q=mug",
    "page_content": [{"FEATURED": "Mug/blue"}, {"RELATED": "Saucer/blue"}],
}  # fmt: skip
"""The example of Events §7.13."""


def line(**members: Any) -> dict[str, Any]:
    involves = [{"role": "TRADE:PURCHASED", "entity_ref": "Mug/blue"}]
    return {
        "involves": involves,
        "item_count": 1,
        "_discount": 0,
        "_fees": 0,
        "_tax": 0,
        "_total": 0,
    } | members


ON_EVENTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("presentation", {"presentation": "Kestrel"}, {"presentation": {"label": "Kestrel"}}),
    (
        "presentation, the example",
        {"presentation": {"label": "Kestrel", "description": "Harbour tug", "thumbnail": "https://img.example/k.png"}},
        {"presentation": {"label": "Kestrel", "description": "Harbour tug", "thumbnail": "https://img.example/k.png"}},
    ),
    (
        "classification",
        {"classification": {"type": "workboat", "make": "m", "year": 2001, "rating": 3, "ranking": 90, "outlook": -5}},
        {"classification": {"type": "workboat", "make": "m", "year": 2001, "rating": 3, "ranking": 90, "outlook": -5}},
    ),
    ("classification, split", {"classification": {"tags": ["a/b"]}}, {"classification": {"tags": ["a", "b"]}}),
    ("tags", {"tags": "outbound  urgent"}, {"tags": ["outbound", "urgent"]}),
    ("tags, unique", {"tags": ["Fog", "fog", "", "x"]}, {"tags": ["Fog", "x"]}),
    (
        "dimensions",
        {"dimensions": {"Quay.No": 7, "fog": True, "empty": "", "deep": {"a": 1}, "many": ["a", "b"]}},
        {"dimensions": {"quay_no": "7", "fog": "true", "deep_a": "1", "many": ["a", "b"]}},
    ),
    ("metrics", {"metrics": {"pallets": "14", "x": 1.5}}, {"metrics": {"pallets": 14, "x": 1.5}}),
    (
        "timed, begins and duration",
        {"timed": {"begins": "2031-03-04T09:00:00Z", "duration": 3_600_000}},
        {"timed": {"valid": {"begins": "2031-03-04T09:00:00.000Z", "ends": "2031-03-04T10:00:00.000Z",
                             "duration": 3_600_000}}},
    ),
    (
        "timed, ends and duration",
        {"timed": {"ends": "2031-03-04T10:00:00Z", "duration": 3_600_000, "action": "presale"}},
        {"timed": {"presale": {"begins": "2031-03-04T09:00:00.000Z", "ends": "2031-03-04T10:00:00.000Z",
                               "duration": 3_600_000}}},
    ),
    (
        "timed, begins and ends",
        {"timed": {"On Sale!": {"begins": "2031-03-04T09:00:00Z", "ends": "2031-03-04T09:00:01Z"}}},
        {"timed": {"on-sale": {"begins": "2031-03-04T09:00:00.000Z", "ends": "2031-03-04T09:00:01.000Z",
                               "duration": 1_000}}},
    ),
    (
        "timed, the example",
        {"timed": {"turnaround": {"duration": 5_400_000}, "due": {"ends": "2031-03-05T00:00:00Z"}}},
        {"timed": {"turnaround": {"begins": "2031-03-04T08:30:00.000Z", "ends": "2031-03-04T10:00:00.000Z",
                                  "duration": 5_400_000},
                   "due": {"ends": "2031-03-05T00:00:00.000Z"}}},
    ),
    (
        "timed, begins alone",
        {"timed": {"begins": "2031", "type": "door"}},
        {"timed": {"door": {"begins": "2031-01-01T00:00:00.000Z", "ends": "2031-03-04T10:00:00.000Z",
                            "duration": 5_392_800_000}}},
    ),
    (
        "items, the example",
        {"items": MUGS},
        {"items": [line(
            item_count=2, item_price=9.5, tax_percentage=24, currency="ISK", _tax=4.56, _total=23.56,
            involves=[{"role": "TRADE:PURCHASED", "entity_ref": "Mug/blue"},
                      {"role": "AFFECTS:CREATES", "entity_ref": "Parcel/p-1"},
                      {"role": "ACTOR:SOLD_BY", "entity_ref": "Shop/web"}],
        )]},
    ),
    (
        "items, older names and all sums",
        {"items": [{"TRADE:PURCHASED": "Mug/blue", "item_count": 4, "item_price": 10, "fee_fixed": 1,
                    "fee_percentage": 10, "discount_percentage": 5, "discount_amount": 2, "tax_percentage": 50}]},
        {"items": [line(item_count=4, item_price=10, commission_fixed=1, commission_percentage=10,
                        discount_percentage=5, discount_amount=2, tax_percentage=50,
                        _discount=4, _fees=8, _tax=22, _total=66)]},
    ),
    (
        "items, complimentary",
        {"items": [{"PURCHASED": "Mug/blue", "item_price": 10, "is_comp": True}]},
        {"items": [line(item_price=0, complimentary=True)]},
    ),
    (
        "items, the currency of the locale",
        {"items": [{"PURCHASED": "Mug/blue", "item_price": 0}], "locale": {"currency": "ISK"}},
        {"items": [line(currency="ISK", item_price=0)], "locale": {"currency": "ISK"}},
    ),
    ("resolvable", {"resolvable": "DEP-1"}, {"resolvable": {"external_id": "DEP-1"}}),
    (
        "resolvable, older names",
        {"identifiable": {"externalId": "DEP-20310304-17", "batchId": "nightly-0304"}},
        {"resolvable": {"external_id": "DEP-20310304-17", "batch_id": "nightly-0304"}},
    ),
    (
        "attachments",
        {"attachments": {"url": "https://files.example/77.pdf", "size": 34112, "content_type": "application/pdf"}},
        {"attachments": [{"url": "https://files.example/77.pdf", "size": 34112, "content_type": "application/pdf"}]},
    ),
    (
        "geo_location",
        {"geo_location": "64.1522,-21.9420"},
        {"geo_location": {"latlong": "64.1522,-21.9420", "latitude": 64.1522, "longitude": -21.942}},
    ),
    (
        "geo_location, older name and two numbers",
        {"location": {"latitude": 64.5, "longitude": -21, "bind_to": "ACTOR"}},
        {"geo_location": {"latlong": "64.5,-21", "latitude": 64.5, "longitude": -21, "track_for": "ACTOR"}},
    ),
    (
        "address, by the name of a place",
        {"location": {"city": "Northport", "postal_code": "NP1"}},
        {"address": {"city": "Northport", "zip_code": "NP1"}},
    ),
    ("locale", {"locale": "is-IS"}, {"locale": {"locale": "is-IS"}}),
    ("client_ip", {"client_ip": "203.0.113.9"}, {"client_ip": {"ip": "203.0.113.9"}}),
    ("client_ip, of the sixth version", {"client_ip": {"ip": "2001:db8::1"}}, {"client_ip": {"ip": "2001:db8::1"}}),
    (
        "client_device",
        {"client_device": "ExampleBrowser/4.1 (Linux)"},
        {"client_device": {
            "user_agent": "ExampleBrowser/4.1 (Linux)", "_device_type": "computer", "_is_tablet": False,
            "_is_wireless": False, "_browser_type": "ExampleBrowser", "_browser_version": "4.1", "_os_type": "Linux",
        }},
    ),
    (
        "pageview, the example",
        {"pageview": VIEW},
        {"pageview": {
            "method": "GET", "response_code": 200, "protocol": "HTTP", "path": "https://shop.example/mugs/blue",
            "path_properties": {"ref": "mail"}, "referrer": "https://search.example/",
            "referrer_properties": {"q": "mug"},
            "page_content": [{"role": "FEATURED", "entity_ref": "Mug/blue"},
                             {"role": "RELATED", "entity_ref": "Saucer/blue"}],
        }},
    ),
    (
        "pageview",
        {"pageview": "https://shop.example/x"},
        {"pageview": {"method": "GET", "response_code": 200, "protocol": "HTTP", "path": "https://shop.example/x"}},
    ),
    (
        "messaging, the example",
        {"messaging": {"subject": "Re: FWD: Berth change", "from": "Email/ada@north.example",
                       "to": ["Email/ops@quay.example"], "dated": "2031-03-04T06:00:00Z"}},
        {"messaging": {"subject": "Re: FWD: Berth change", "from": "Email/ada@north.example",
                       "to": ["Email/ops@quay.example"], "dated": "2031-03-04T06:00:00.000Z"},
         "grouped": {"group": "Berth change", "scope": "email"}},
    ),
    ("content", {"content": {"subject": "x", "content": "y"}}, {"content": {"title": "x", "content": "y"}}),
    (
        "summary, the example",
        {"summary": {"title": "Kestrel won the tow trophy", "content": "Fastest berth of the month"}},
        {"summary": {"title": "Kestrel won the tow trophy", "content": "Fastest berth of the month"}},
    ),
    (
        "address",
        {"address": {"address": "Quay Street 7, Floor 2", "country_code": "us", "state_code": "CA",
                     "region": "unknown"}},
        {"address": {"address": "Quay Street 7", "address2": "Floor 2", "country_code": "US", "state_code": "CA",
                     "hasc": "US.CA"}},
    ),
    (
        "settings, the example",
        {"settings": {"radio_channel": "16", "night_mode": "on"}},
        {"settings": {"radio_channel": "16", "night_mode": "on"}},
    ),
    ("grouped", {"grouped": "re: Fw: Berth 7 rota"}, {"grouped": {"group": "Berth 7 rota"}}),
    (
        "ab_test",
        {"ab_test": {"id": "Checkout copy", "variant": "short", "outcome": "sale", "amount": 23.56}},
        {"ab_test": {"id": "checkout_copy", "variant": "short", "outcome": "sale", "amount": 23.56}},
    ),
    (
        "cei",
        {"cei": {"happiness": -9, "affects": ["ACTOR"], "duration": 30}},
        {"cei": {"happiness": -5, "affects": ["ACTOR"], "duration": 30}},
    ),
    (
        "traffic_sources",
        {"traffic_source": {"type": "campaign", "campaign": "spring%20mugs", "medium": "email"}},
        {"traffic_sources": [{"type": "campaign", "campaign": "spring mugs", "medium": "email"}]},
    ),
    (
        "transaction, the example",
        {"transaction": {"type": "Debit", "medium": "Card", "amount": 23.56, "card_number": "**** 4242"}},
        {"transaction": {"type": "Debit", "medium": "Card", "amount": 23.56, "card_number": "**** 4242"}},
    ),
    ("ts_data", {"ts_data": {"oil_pressure": 4.2}}, {"ts_data": {"oil_pressure": 4.2}}),
    (
        "sentiment",
        {"sentiment": {"score": -0.4, "confidence": 0.8, "range": "Slightly negative"}},
        {"sentiment": {"score": -0.4, "confidence": 0.8, "range": "Slightly negative"}},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "stored"), [row[1:] for row in ON_EVENTS], ids=[row[0] for row in ON_EVENTS]
)
async def test_on_events(api: Api, said: dict[str, Any], stored: dict[str, Any]) -> None:
    """What is stored is always the expanded form; said again it is the same, without a remark."""
    event = {**EVENT, "occurred_at": AT, "aspects": said}
    told = await api.admin.does("POST", "events", event)
    assert told["aspects"] == stored
    assert {severity for severity, _, _ in remarks(told)} <= {"warning"}
    shown = await api.admin.does("GET", f"events/{told['_stream_id']}")
    assert shown["aspects"] == stored
    message = {name: value for name, value in shown.items() if not name.startswith("_")}
    again = await api.admin("POST", "events", message)
    assert (again.status_code, remarks(again.json())) == (200, set())
    assert again.json()["aspects"] == stored


ON_ENTITIES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"timed": {"begins": "1871"}},
        {"timed": {"valid": {"begins": "1871-01-01T00:00:00.000Z"}}},
    ),
    (
        {"address": {"address": "Quay Street 7", "city": "Northport", "zip_code": "NP1", "country_code": "IS"}},
        {"address": {"address": "Quay Street 7", "city": "Northport", "zip_code": "NP1", "country_code": "IS"}},
    ),
    (
        {"demography": {"birth_date": "1990-02-03", "employment": "Retired", "income": "high"}},
        {"demography": {"birth_year": 1990, "birth_month": 2, "birth_day": 3, "employment": "Retired"}},
    ),
    (
        {"inventory": {"in_stock": 150, "items_for_sale": 200, "price_categories": {"A": {"items_in_stock": 50}}}},
        {"inventory": {"items_in_stock": 150, "items_for_sale": 200,
                       "price_categories": [{"price_category": "A", "items_in_stock": 50}]}},
    ),
    ({"pricing": {"minimum_price": 1, "maximum_price": 2}}, {"pricing": {"minimum_price": 1, "maximum_price": 2}}),
]  # fmt: skip


@pytest.mark.parametrize(("said", "stored"), ON_ENTITIES, ids=[next(iter(row[0])) for row in ON_ENTITIES])
async def test_on_entities(api: Api, said: dict[str, Any], stored: dict[str, Any]) -> None:
    await api.admin.does("PUT", "entities/Vessel/k", {"aspects": said})
    assert (await api.admin.does("GET", "entities/Vessel/k"))["aspects"] == stored


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"metrics": {"n": [1]}}, "metrics.n"),
        (
            {"timed": {"due": {"ends": "2031-03-05T00:00:00Z", "begins": "2031-03-06T00:00:00Z"}}},
            "timed.due.ends",
        ),
        ({"geo_location": "95,0"}, "geo_location.latlong"),
        ({"geo_location": {"latitude": 0, "longitude": 181}}, "geo_location.longitude"),
        ({"client_ip": "nonsense"}, "client_ip.ip"),
        ({"pageview": {"title": "x"}}, "pageview.path"),
        ({"attachments": [{"filename": "x"}]}, "attachments[0].url"),
        ({"resolvable": {"batch_id": "x"}}, "resolvable.external_id"),
        ({"items": [{"item_count": 1}]}, "items[0].involves"),
        ({"transaction": {"medium": "Card"}}, "transaction.amount"),
        ({"transaction": {"amount": 1, "card_number": "4242 4242 4242 4242"}}, "transaction.card_number"),
        ({"ab_test": {"variant": "x"}}, "ab_test.id"),
        ({"messaging": {"subject": "x", "to": "Email/a@b.example"}}, "messaging.from"),
        ({"content": {"content": "x"}}, "content.title"),
    ],
)
async def test_what_is_wrong(api: Api, said: dict[str, Any], field: str) -> None:
    told = await api.admin.does("POST", "events/validate", {**EVENT, "aspects": said})
    assert {where for severity, _, where in remarks(told) if severity == "error"} == {f"aspects.{field}"}


async def test_the_zone_of_a_message(api: Api) -> None:
    """Events §7.11: for times without an offset in the same message."""
    said = {**EVENT, "occurred_at": "2031-07-01T12:00:00", "aspects": {"locale": {"timezone": "Europe/Oslo"}}}
    told = await api.admin.does("POST", "events", said)
    assert told["occurred_at"] == "2031-07-01T12:00:00.000+02:00"


async def test_what_enriches_is_not_the_client_s(api: Api) -> None:
    """Events §7.1: fields with an underscore are the server's; unknown ones are kept and remarked."""
    bo = await api.caller("bo")
    said = {**EVENT, "aspects": {"client_ip": {"ip": "203.0.113.9", "_isp": "x", "colour": "red"}}}
    told = await bo.does("POST", "events", said)
    assert told["aspects"]["client_ip"] == {"ip": "203.0.113.9", "colour": "red"}
    assert ("warning", "ignored_field", "aspects.client_ip.colour") in remarks(told)


async def test_whom_aspects_bring_along(api: Api) -> None:
    """Events §7.7, §7.12, §7.13, §7.14: who or what they name has the event in its stream."""
    messaging = {"subject": "x", "from": "Ada <ada@north.example>", "to": "Email/ops@quay.example"}
    aspects = {
        "items": [{**MUGS, "serial_numbers": ["T-1"]}],
        "client_ip": "203.0.113.9",
        "pageview": VIEW,
        "messaging": messaging,
    }
    told = await api.admin.does("POST", "events", {**EVENT, "aspects": aspects})
    for ref in (
        "Mug/blue", "Parcel/p-1", "Shop/web", "ASIP/203.0.113.9", "Saucer/blue", "Email/ada@north.example",
        "Email/ops@quay.example", "ASWebPage/shop.example%2Fmugs%2Fblue", "ASWebDomain/search.example",
    ):  # fmt: skip
        found = await api.admin.does("GET", f"entities/{ref}/events")
        assert told["_stream_id"] in [one["_stream_id"] for one in found], ref
    sender = await api.admin.does("GET", "entities/Email/ada@north.example")
    assert sender["aspects"]["presentation"]["label"] == "Ada"


async def test_where_an_event_happened_is_where_its_actor_was(api: Api) -> None:
    """Events §7.10: ``track_for``."""
    said = {
        **EVENT,
        "aspects": {"geo_location": {"latlong": "64.1522,-21.9420", "type": "to", "track_for": "ACTOR"}},
    }
    await api.admin.does("POST", "events", said)
    ada = await api.admin.does("GET", "entities/Employee/Ada")
    assert ada["aspects"]["geo_location"]["latlong"] == "64.1522,-21.9420"


async def test_a_foreign_id_finds_the_event(api: Api) -> None:
    """Events §7.8, §3.5."""
    resolvable = {"external_id": "DEP-20310304-17", "batch_id": "nightly-0304"}
    told = await api.admin.does("POST", "events", {**EVENT, "aspects": {"resolvable": resolvable}})
    found = await api.admin.does("GET", "events/external-id/DEP-20310304-17")
    assert found["_stream_id"] == told["_stream_id"]
    (found,) = await api.admin.does("GET", "events/external-batch-id/nightly-0304")
    assert found["_stream_id"] == told["_stream_id"]
    assert (await api.admin("DELETE", "events/external-batch-id/nightly-0304")).status_code == 204
    assert await api.admin.does("GET", "events") == []
