"""Events §19.4: what analyses have of an event."""

from typing import Any

import pytest

from vocab.dialects.events import Event, Known, Point, events
from vocab.dialects.events.aspects.points import snake

AT = 1_930_370_400_000_000


def points(aspects: Any, *involves: Any, **said: Any) -> dict[str, list[Point]]:
    message = {
        "type": "as.fleet.cargo.loaded", "origin": "depot.north", "occurred_at": "2031-03-04T06:00:00Z",
        "involves": [{"ACTOR": "Employee/Ada"}, *involves], "aspects": aspects, **said,
    }  # fmt: skip
    event = events.read(message, Known("north", 0)).message
    assert isinstance(event, Event)
    found: dict[str, list[Point]] = {}
    for point in event.points:
        assert point.at == AT
        found.setdefault(point.dataset, []).append(point)
    return found


def test_an_event() -> None:
    found = points(
        {
            "dimensions": {"quay": "7", "type": "no", "vessel": "mine"}, "metrics": {"pallets": 14}, "tags": ["a", "b"],
            "classification": {"type": "night", "variant": "fast"}, "locale": {"currency": "ISK"},
            "timed": {"due": {"ends": "2031-03-05T00:00:00Z"}, "turnaround": {"duration": 5_400_000}},
        },
        {"AFFECTS": "Vessel:Tug/Kestrel-9"},
        {"INVOLVES": ["ASWebSession/s-1", "ASWebSession/s-2"]},
        importance=4,
    )  # fmt: skip
    assert list(found) == ["events"]
    (point,) = found["events"]
    assert point.series == "as.fleet.cargo.loaded"
    assert point.dimensions == {
        "source": "depot.north", "origin": "depot.north", "type": "as.fleet.cargo.loaded", "importance": "4",
        "employee": "Ada", "vessel": "mine", "tug": "Kestrel-9", "as_web_session": ("s-1", "s-2"), "quay": "7",
        "tags": ("a", "b"), "classification_type": "night", "classification_variant": "fast", "currency_code": "ISK",
    }  # fmt: skip
    assert point.metrics == {"pallets": 14, "duration": 5_400_000}


def test_a_blind_copy() -> None:
    """§7.14: everybody counts by points, so they do not say who got one."""
    found = points(
        {"messaging": {"from": "Email/ada", "to": "Email/bo", "bcc": "Email/eve"}, "ts_data": {"words": 9}}
    )
    assert [point.dimensions["email"] for (point,) in found.values()] == [("ada", "bo")] * 2


def test_lines() -> None:
    """§7.7: a composite product is one point; who takes part in another line does not in this one."""
    found = points(
        {
            "items": [
                {"PURCHASED": "Mug/blue", "item_count": 2, "item_price": 9.5, "tax_percentage": 24, "currency": "ISK",
                 "price_category": "A", "dimensions": {"size": "L"}, "aspects": {"metrics": {"grams": 300}}},
                {"RETURNED": ["Show/4", "Hall/2"], "item_count": 1, "item_price": 10, "total_in_stock": 7,
                 "involves": [{"SOLD_BY": "Shop/web"}]},
            ],
            "metrics": {"basket": 3},
        },
        {"SOLD_BY": "Shop/web"},
    )  # fmt: skip
    bought, returned = found["trades"]
    common = {
        "source": "depot.north",
        "origin": "depot.north",
        "type": "as.fleet.cargo.loaded",
        "importance": "2",
    }
    assert bought.dimensions == common | {
        "action": "PURCHASED", "mug": "blue", "product_type": "mug", "price_category": "A", "size": "L",
        "currency_code": "ISK", "employee": "Ada", "shop": "web",
    }  # fmt: skip
    assert bought.metrics == {
        "item_count": 2, "item_price": 9.5, "total_fee": 0, "total_tax": 4.56, "total_discount": 0,
        "total_price": 23.56, "grams": 300, "basket": 3,
    }  # fmt: skip
    assert returned.dimensions == common | {
        "action": "RETURNED", "show": "4", "hall": "2", "product_type": ("show", "hall"), "employee": "Ada",
        "shop": "web",
    }  # fmt: skip
    assert returned.metrics["total_price"] == -10
    (stock,) = found["timeseries"]
    assert (stock.series, stock.metrics["total_in_stock"]) == ("inventory", 7)


@pytest.mark.parametrize(
    ("aspects", "dataset", "dimensions", "metrics"),
    [
        (
            {"pageview": {"path": "https://shop.example/m?a=1", "referrer": "search.example", "size": 9,
              "duration": 2}},
            "web",
            {"path": "shop.example/m", "domain": "shop.example", "referrer": "search.example", "method": "GET",
             "response_code": "200", "as_web_page": "shop.example/m", "as_web_domain": "search.example"},
            {"size": 9, "duration": 2_000},
        ),
        (
            {"ab_test": {"id": "copy", "variant": "short", "outcome": "sale", "amount": 3, "dimensions": {"d": 1}}},
            "ab_tests", {"ab_test": "copy", "variant": "short", "outcome": "sale", "d": "1"}, {"amount": 3},
        ),
        (
            {"cei": {"happiness": -2, "care": 1}}, "cei", {"axis": ("happiness", "care"), "role": "ACTOR"},
            {"importance": 2, "happiness": -2, "care": 1},
        ),
        ({"ts_data": {"oil": 4.2, "rpm": 7}}, "timeseries", {"employee": "Ada"}, {"oil": 4.2, "rpm": 7}),
    ],
)  # fmt: skip
def test_what_aspects_tell(
    aspects: Any, dataset: str, dimensions: dict[str, Any], metrics: dict[str, float]
) -> None:
    (point,) = points(aspects)[dataset]
    assert point.metrics == metrics
    assert {name: point.dimensions.get(name) for name in dimensions} == dimensions
    assert point.series == "as.fleet.cargo.loaded"


def test_the_series_of_a_point_inside_an_event() -> None:
    """§7.25."""
    (point,) = points({"ts_data": {"oil": 4.2}, "dimensions": {"series": "tug.engine"}})["timeseries"]
    assert point.series == "tug.engine"


@pytest.mark.parametrize(
    ("label", "name"),
    [("Vessel", "vessel"), ("WebSession", "web_session"), ("ASWebSession", "as_web_session"), ("ASIP", "asip"),
     ("Gate7", "gate7"), ("X2Y", "x2_y"), ("mug", "mug"), ("9", "9")],
)  # fmt: skip
def test_names_of_types(label: str, name: str) -> None:
    assert snake(label) == name
