"""Events §21.2: the tracking pixel."""

from typing import Any
from urllib.parse import parse_qsl

import pytest

from vocab.dialects.events import web
from vocab.dialects.events.web import Seen

SEEN = Seen(1_935_432_000_000_000, "203.0.113.9", "", "fresh-1")
PAGE = "https://shop.example/thanks?utm_source=page&utm_medium=page"


def read(query: str, page: str = PAGE) -> dict[str, Any] | None:
    return web.pixel(parse_qsl(query, keep_blank_values=True), page=page, asked=f"/asa.png?{query}")


def test_an_order_that_was_paid() -> None:
    query = (
        "tenantId=AS-1&event=as.web.payment.completed&order=o-1&order=Order/o-2&title=Thanks"
        "&referrer=https://News.example/x?utm_source=referrer%26q=1&utm_source=own&utm_medium=own&utm_term=own&term=no"
    )
    assert read(query) == {
        "type": "as.web.payment.completed",
        "tenant": "AS-1",
        "origin": "https://shop.example",
        "user": {},
        "page": {"url": PAGE, "referrer": "news.example"},
        "orders": ["o-1", "Order/o-2"],
        "campaign": {"source": "referrer", "medium": "page", "term": "own"},
        "pixelMetadata": {"originalUrl": f"/asa.png?{query}"},
        "title": "Thanks",
    }


def test_it_is_converted_like_any_report() -> None:
    report = read("tenantId=AS-1&event=as.web.product.viewed&product=Mug/blue&referrer=news.example", page="")
    assert report is not None
    found = web.converted(report, SEEN)
    assert found.message is not None
    assert found.message["involves"] == [
        {"ACTOR": {"entity_ref": "ASWebSession/fresh-1"}},
        {"VIEWED": {"entity_ref": "Mug/blue"}},
    ]
    assert found.message["origin"] == "unknown.invalid"
    assert found.message["occurred_at"] == "2031-05-01T20:00:00.000Z"
    assert found.message["aspects"]["traffic_sources"] == [{"type": "referral", "referrer": "news.example"}]
    assert found.message["properties"]["pixelMetadata"]["originalUrl"].startswith("/asa.png?tenantId=AS-1")


@pytest.mark.parametrize(
    "query",
    [
        "", "event=as.web.product.viewed&product=Mug/blue", "tenantId=&event=as.web.product.viewed&product=Mug/blue",
        "tenantId=AS-1&product=Mug/blue", "tenantId=AS-1&event=as.web.product.carted&product=Mug/blue",
        "tenantId=AS-1&event=as.web.payment.completed&product=Mug/blue",
        "tenantId=AS-1&event=as.web.product.viewed&product=",
    ],
)  # fmt: skip
def test_an_image_and_nothing_more(query: str) -> None:
    assert read(query) is None
