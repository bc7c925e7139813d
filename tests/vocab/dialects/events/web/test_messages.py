"""Events §21.3, §21.4: reports as event messages."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.events import Event, Known, Ref, events, web
from vocab.dialects.events.web import Seen

NOW = 1_935_432_000_000_000
SEEN = Seen(NOW, "203.0.113.9", "ExampleBrowser/4.1 (Linux)", "fresh-1")
EXAMPLE = {
    "tid": "web.asa", "t": "2031-05-01T09:20:00.000+00:00",
    "hw": {
        "type": "as.web.product.viewed", "tenant": "AS-000042", "origin": "https://Shop.example",
        "occurred": "2031-05-01T09:20:00.000Z", "title": "Blue mug", "user": {"did": "x.y", "sid": "s.51"},
        "page": {"url": "https://shop.example/mugs/blue?utm_source=mail"}, "campaign": {"source": "mail"},
        "partner_id": "", "partner_sid": "", "v": "2.1.1", "products": ["Mug/blue"],
    },
}  # fmt: skip
AT = "2031-05-01T09:20:00.000Z"


def one(body: Any, seen: Seen = SEEN) -> web.Report:
    (report,) = web.read(body, seen)
    return report


def report(type: str, **members: Any) -> web.Report:
    said = {"type": type, "tenant": "AS-1", "origin": "https://shop.example", "occurred": AT}
    return one({"ev": {**said, "user": {"sid": "s.51"}, **members}})


def event(found: web.Report) -> Event:
    """Read a report as any event is read."""
    assert found.message is not None
    reading = events.read(found.message, Known("shop", NOW))
    assert reading.message is not None, reading.problems
    return reading.message


def roles(found: web.Report) -> dict[str, list[str]]:
    """Return who takes part by what was reported."""
    told: dict[str, list[str]] = {}
    for role in event(found).roles:
        if not role.derived and role.path != "CONNECTS_FROM":
            told.setdefault(role.path, []).append(str(role.target))
    return told


def test_the_example() -> None:
    found = one(EXAMPLE)
    assert found.tenant == "AS-000042"
    assert not found.problems
    assert found.message == {
        "type": "as.web.product.viewed",
        "occurred_at": AT,
        "origin": "shop.example",
        "involves": [
            {"ACTOR": {"entity_ref": "ASWebSession/s.51", "properties": {"device_id": "x.y"}}},
            {"VIEWED": {"entity_ref": "Mug/blue"}},
        ],
        "aspects": {
            "pageview": {"path": "https://shop.example/mugs/blue?utm_source=mail", "title": "Blue mug"},
            "traffic_sources": [{"type": "campaign", "source": "mail"}],
            "client_ip": "203.0.113.9",
            "client_device": {"user_agent": "ExampleBrowser/4.1 (Linux)"},
        },
        "properties": {},
        "_v": "web-2.1.1",
    }
    read = event(found)
    assert read.aspects["pageview"]["path_properties"] == {"utm_source": "mail"}
    assert [entity.properties for entity in read.entities] == [{"device_id": "x.y"}]


@pytest.mark.parametrize(
    ("said", "type"),
    [
        ({"type": "product.viewed"}, "as.web.product.viewed"),
        ({"type": "as.web.Product.Viewed"}, "as.web.product.viewed"),
        ({"type": "pageview"}, "as.web.pageviewed"),
        ({"type": "as.web.pageview"}, "as.web.pageviewed"),
        ({"type": "custom", "event": "Signed up! (new)"}, "as.web.signed-up-new"),
        ({"type": "custom", "event": "Form.Step two"}, "as.web.form.step-two"),
        ({"type": "custom"}, "as.web.custom"),
        ({"type": "section_entered", "section": "Prices"}, "as.web.section_entered"),
        ({"type": "purchase.completed"}, "as.web.purchase.completed"),
        ({"type": "product.interest"}, "as.web.product.interest"),
    ],
)
def test_types(said: dict[str, str], type: str) -> None:
    found = one({"ev": {"tenant": "AS-1", "location": "https://shop.example/", **said}})
    assert found.message is not None
    assert found.message["type"] == type
    assert event(found).type == type


@pytest.mark.parametrize(
    "type", ["as.oi.fire", "as.commerce.purchase.completed", "a b", "", "  ", None, 3, "as.web."]
)
def test_types_that_pages_cannot_vouch_for(type: Any) -> None:
    found = one({"ev": {"type": type, "tenant": "AS-1"}})
    assert (found.tenant, found.message) == ("AS-1", None)
    assert not found.problems.valid


@pytest.mark.parametrize(
    ("body", "tenants"),
    [
        (
            {"ev": [{"type": "pageview", "tenant_id": "AS-1"}, {"type": "pageview", "tenantId": "AS-2"}]},
            ["AS-1", "AS-2"],
        ),
        ({"ev": {"type": "pageview", "tenant": "AS-1"}, "t": 1_935_432_000_000}, ["AS-1"]),
        ({"tid": "web.asa", "any": {"type": "pageview", "tenant": "AS-1"}}, ["AS-1"]),
        ({"type": "pageview", "tenant_id": "AS-1"}, ["AS-1"]),
        ({"ev": "pageview"}, []),
        ([], []),
        (None, []),
    ],
)  # fmt: skip
def test_envelopes(body: Any, tenants: list[str]) -> None:
    assert [found.tenant for found in web.read(body, SEEN)] == tenants


def test_the_first_generation() -> None:
    found = one(
        {
            "ev": {
                "type": "pageview", "location": "https://shop.example/mugs?utm_medium=ad", "title": "Mugs",
                "page": "/mugs?utm_medium=ad", "t": AT, "session": "s.1", "uid": "u-7",
                "referrer": "https://www.google.example/",
                "tenant_id": "AS-1", "v": "1.0", "meta": {"keywords": "mug, blue", "og:title": "Mugs"},
            }
        }
    )  # fmt: skip
    assert found.message is not None
    assert found.message["origin"] == "shop.example"
    assert found.message["occurred_at"] == AT
    assert found.message["involves"] == [
        {"ACTOR": {"entity_ref": "ASWebSession/s.1", "PROXY_FOR": {"entity_ref": "User/u-7"}}}
    ]
    assert found.message["aspects"]["traffic_sources"] == [
        {"type": "campaign", "medium": "ad", "referrer": "www.google.example"}
    ]
    view = event(found).aspects["pageview"]
    assert view["path"] == "https://shop.example/mugs"
    assert view["keywords"] == ["mug", "blue"]
    assert view["properties"] == {"meta": {"keywords": "mug, blue", "og:title": "Mugs"}}


def test_a_page_that_is_named_by_its_path_alone() -> None:
    """Events §21.3: as sections are; without a host nothing is known of where that is."""
    found = one({"ev": {"type": "section_entered", "page": "/mugs", "section": "Prices", "session": "s.1"}})
    assert found.message is not None
    assert "origin" not in found.message
    assert found.message["aspects"]["pageview"] == {"path": "/mugs", "section": "Prices"}


@pytest.mark.parametrize(
    ("occurred", "kept"),
    [
        ("2031-05-01T09:20:00.000+02:00", "2031-05-01T09:20:00.000+02:00"),
        (1_935_432_000_000 - 86_400_000, "2031-04-30T20:00:00.000Z"),
        ("2031-04-30T19:59:59.999Z", None),
        ("2041-05-01T09:20:00Z", None),
        ("soon", None),
    ],
)
def test_a_day_is_the_most_that_clocks_may_differ(occurred: Any, kept: str | None) -> None:
    found = report("pageview", occurred=occurred)
    assert found.message is not None
    assert found.message["occurred_at"] == (kept or "2031-05-01T20:00:00.000Z")
    assert [problem.code for problem in found.problems] == ([] if kept else ["adjusted_value"])


def test_what_says_no_time_is_of_when_it_was_sent() -> None:
    found = one({"ev": {"type": "pageview", "tenant": "AS-1"}, "t": "2031-05-01T09:20:00Z"})
    assert found.message is not None
    assert found.message["occurred_at"] == AT
    assert not found.problems


@pytest.mark.parametrize(
    "user", [{}, {"did": "a.da39a3ee5e6b4b0d3255bfef95601890afd80709"}, {"sid": " "}, "x", None]
)
def test_a_device_is_never_an_identity(user: Any) -> None:
    """§21.3: half of a device id may be that of every visitor."""
    found = report("pageview", user=user)
    assert roles(found) == {"ACTOR": ["ASWebSession/fresh-1"]}
    assert found.message is not None
    assert len(event(found).entities) == ("did" in (user or ""))


def test_whom_a_session_stands_for() -> None:
    ids = [
        {"type": "customer", "id": "c-88"},
        "Email/ada@north.example",
        {"type": "loyalty card", "id": 7},
        {},
        "c-88",
    ]
    read = event(report("customer.account.provided", ids=ids))
    customer = Ref("Customer", "c-88")
    assert [(link.source, link.type, link.target) for link in read.links] == [
        (Ref("ASWebSession", "s.51"), "PROXY_FOR", customer),
        (customer, "AKA", Ref("Email", "ada@north.example")),
        (customer, "AKA", Ref("LoyaltyCard", "7")),
    ]


def test_users_and_other_things_of_the_system_are_not_for_pages_to_name() -> None:
    bo = {"type": "ASUser", "id": "bo", "description": "Mallory"}
    found = event(
        report("anything", ids=[bo, "ASUser/bo", "Customer/c"], products=[bo], orders=["ASChannel/x"])
    )
    assert {str(role.target) for role in found.roles if not role.derived} == {
        "ASWebSession/s.51",
        "ASIP/203.0.113.9",
    }
    assert [str(link.target) for link in found.links] == ["Customer/c"]


@pytest.mark.parametrize(
    ("end", "role"),
    [
        ("product.viewed", "INVOLVES:VIEWED"), ("product.interest", "REFERENCES"), ("anything", "REFERENCES"),
        ("product.unavailable", "TRADE:UNAVAILABLE"), ("product.carted", "TRADE:CARTED"),
        ("product.uncarted", "TRADE:UN_CARTED"), ("purchase.completed", "TRADE:PURCHASED"),
    ],
)  # fmt: skip
def test_what_becomes_of_products(end: str, role: str) -> None:
    products = [
        "Mug/blue",
        "loose",
        {"type": "saucer", "id": "s/1"},
        {"type": "saucer", "id": "red"},
        None,
        {},
    ]
    found = roles(report(end, products=products))
    assert found[role] == ["Mug/blue", "Product/loose", "s/1", "Saucer/red"]
    assert len(event(report(end, products=products)).parts) == (4 if role.startswith("TRADE") else 0)


def test_what_is_said_of_products() -> None:
    product = {
        "type": "Mug", "id": "blue", "description": "Blue mug", "product_variant": "large", "price_category": "A",
        "item_count": 2, "price": 9.5, "currency": "ISK", "categories": ["mugs", "blue"], "commission": 1,
        "commission_percentage": 2, "discount_percentage": 3, "tax_percentage": 24,
    }  # fmt: skip
    read = event(report("product.carted", products=[product]))
    (line,) = read.aspects["items"]
    assert {name: line[name] for name in line if name[0] != "_" and name != "involves"} == {
        "item_count": 2, "item_price": 9.5, "currency": "ISK", "variant": "large", "price_category": "A",
        "commission_fixed": 1, "commission_percentage": 2, "discount_percentage": 3, "tax_percentage": 24,
    }  # fmt: skip
    (entity,) = read.entities
    assert entity.aspects == {
        "presentation": {"label": "Blue mug"}, "classification": {"categories": ["mugs", "blue"]}
    }  # fmt: skip


def test_orders() -> None:
    orders = [
        {
            "id": "o-1",
            "total_price": 20,
            "currency": "ISK",
            "products": [{"type": "Mug", "id": "blue", "item_price": 5}],
        },
        {"id": "Order:Web/o-2", "total_price": 3.5, "currency": "ISK", "products": ["Mug/red"]},
        "o-3",
    ]
    found = report("purchase.completed", orders=orders)
    assert roles(found)["INVOLVES"] == ["Order/o-1", "Order:Web/o-2", "Order/o-3"]
    assert roles(found)["TRADE:PURCHASED"] == ["Mug/blue", "Mug/red"]
    read = event(found)
    assert read.aspects["transaction"] == {"amount": 23.5}
    assert read.aspects["locale"] == {"currency": "ISK"}
    assert [line["currency"] for line in read.aspects["items"]] == ["ISK", "ISK"]


def test_a_single_thing_is_said_without_a_list() -> None:
    """Events §21.3: of the oldest pages; their prices are also text, and their visitors are the user."""
    lamp = {"type": "desk lamp", "id": "7", "price": "12.5"}
    assert roles(report("product.viewed", product=lamp))["INVOLVES:VIEWED"] == ["DeskLamp/7"]
    sold = report("purchase.completed", order={"id": "o-3", "total_price": " 12.5 ", "products": [lamp]})
    assert roles(sold)["INVOLVES"] == ["Order/o-3"]
    assert sold.message is not None
    assert sold.message["aspects"]["transaction"] == {"amount": 12.5}
    assert sold.message["aspects"]["items"][0]["item_price"] == "12.5"
    unpriced = report("purchase.completed", orders=[{"id": "o-4", "total_price": "nan"}])
    assert unpriced.message is not None
    assert "transaction" not in unpriced.message["aspects"]
    visitor = report("customer.account.provided", user=[{"type": "Reader", "id": "r-5"}])
    assert "Reader/r-5" in [str(link.target) for link in event(visitor).links]


def test_ids_that_are_numbers() -> None:
    """Events §21.3: the script passes on what the page calls its products."""
    found = roles(report("as.web.product.viewed", products=[17, True, "Mug/18"]))
    assert found["INVOLVES:VIEWED"] == ["Product/17", "Mug/18"]


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ({"campaign": {"campaign": "spring", "utm_medium": "mail"}}, {"type": "campaign", "campaign": "spring",
                                                                     "medium": "mail"}),
        ({"page": {"url": "https://shop.example/?utm_term=mug&term=no"}}, {"type": "campaign", "term": "mug"}),
        ({"page": {"url": "/", "referrer": "bing.example"}}, {"type": "search", "referrer": "bing.example"}),
        ({"page": {"url": "/", "referrer": "t.co"}}, {"type": "social", "referrer": "t.co"}),
        ({"page": {"url": "/", "referrer": "//News.example/a"}}, {"type": "referral", "referrer": "news.example"}),
        ({"page": {"url": "https://shop.example/", "referrer": "shop.example"}}, {"type": "direct",
                                                                                  "referrer": "shop.example"}),
        ({}, {"type": "direct"}),
        ({"campaign": {"source": "", "medium": 3}, "page": {"url": "http://[::1", "referrer": 7}}, {"type": "direct"}),
    ],
)  # fmt: skip
def test_where_somebody_came_from(said: Any, source: Any) -> None:
    found = report("pageview", **said)
    assert found.message is not None
    assert found.message["aspects"]["traffic_sources"] == [source]


def test_partners_and_payload() -> None:
    found = report(
        "product.searched", term="mug", location="North", categories=["mugs"], period_start="2031-05-01",
        other={"a": 1}, partner_id="p-1", partner_sid="s.99",
    )  # fmt: skip
    assert roles(found) == {"ACTOR": ["ASWebSession/s.51"], "REFERENCES": ["ASWebSession/s.99"]}
    read = event(found)
    assert read.aspects["dimensions"] == {
        "term": "mug", "location": "North", "categories": ["mugs"], "period_start": "2031-05-01", "partner": "p-1"
    }  # fmt: skip
    assert read.properties == {
        "term": "mug", "location": "North", "categories": ["mugs"], "period_start": "2031-05-01", "other": {"a": 1}
    }  # fmt: skip


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["Mug/blue", "https://a.example/?utm_source=x", "pageview", AT, "AS-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from([*EXAMPLE["hw"], "ev", "id", "sid", "did", "url", "ids", "orders", "price", "total_price"]),
        inner, max_size=5,
    ),
)  # fmt: skip


@given(VALUES)
def test_whatever_a_page_sends_is_read(body: Any) -> None:
    for found in web.read(body, SEEN):
        if found.message is not None:
            events.read(found.message, Known("shop", NOW))
