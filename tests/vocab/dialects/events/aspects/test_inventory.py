"""Events §7.22."""

from collections.abc import Callable
from typing import Any

import pytest

from vocab.dialects.events import aspects


def test_spellings(told: Callable[..., Any]) -> None:
    said = {"in_stock": 150, "reserved": "2", "price_categories": {"A": {"in_stock": 50}}, "variants": [
        {"variant": "red", "items_sold": 1}]}  # fmt: skip
    assert told("inventory", said, "entity") == {
        "items_in_stock": 150, "items_reserved": 2,
        "price_categories": [{"price_category": "A", "items_in_stock": 50}],
        "variants": [{"variant": "red", "items_sold": 1}],
    }  # fmt: skip


def test_what_is_no_stock(codes: Callable[..., Any]) -> None:
    said = {"items_sold": "some", "price_categories": [{"in_stock": 3}, "A"], "variants": 7}
    assert codes("inventory", said, "entity") == {
        "inventory.items_sold": "invalid_value",
        "inventory.price_categories[0].price_category": "missing_field",
        "inventory.price_categories[1]": "invalid_value",
        "inventory.variants": "invalid_value",
    }


STOCK = {
    "items_in_stock": 10,
    "items_sold": 1,
    "price_categories": [{"price_category": "A", "items_in_stock": 5}],
}


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (
            {"PURCHASED": "Mug/blue", "item_count": 2, "item_price": 9.5, "price_category": "A"},
            {"items_in_stock": 8, "items_sold": 3, "gross_sold": 19, "price_categories": [
                {"price_category": "A", "items_in_stock": 3, "items_sold": 2, "gross_sold": 19}]},
        ),
        (
            {"RETURNED": "Mug/blue", "item_count": 1, "price_category": "B"},
            {"items_in_stock": 11, "items_sold": 0, "items_returned": 1, "price_categories": [
                {"price_category": "A", "items_in_stock": 5},
                {"price_category": "B", "items_sold": -1, "items_returned": 1}]},
        ),
        (
            {"PURCHASED": "Mug/blue", "item_count": 2, "complimentary": True},
            {"items_in_stock": 8, "items_sold": 1, "items_complimentary": 2,
             "price_categories": STOCK["price_categories"]},
        ),
        ({"CARTED": "Mug/blue", "item_count": 2}, STOCK),
        ({"PURCHASED": "Mug/blue", "item_count": 0}, STOCK),
    ],
)  # fmt: skip
def test_trades_move_stock(reads: Callable[..., Any], line: Any, left: Any) -> None:
    found, problems = reads(items=[line])
    assert problems.valid
    assert aspects.adjusted(STOCK, found.aspects["items"][0]) == left
    assert STOCK["items_in_stock"] == 10


def test_what_goes_back_undoes_what_was_bought(reads: Callable[..., Any]) -> None:
    lines = [{role: "Mug/blue", "item_count": 0.1, "item_price": 0.3} for role in ("PURCHASED", "RETURNED")]
    stock: dict[str, Any] = {"items_in_stock": 0.3, "items_sold": 0, "gross_sold": 0}
    for line in reads(items=lines)[0].aspects["items"]:
        stock = aspects.adjusted(stock, line)
    assert stock == {"items_in_stock": 0.3, "items_sold": 0, "gross_sold": 0, "items_returned": 0.1}
