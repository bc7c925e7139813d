"""Events §7.7: lines and what they cost."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.events import Ref, Role
from vocab.dialects.events.aspects.money import reckon

MUG = {
    "PURCHASED": "Mug/blue", "item_count": 2, "item_price": 9.5, "tax_percentage": 24, "currency": "ISK",
    "involves": [{"AFFECTS:CREATES": "Parcel/p-1"}, {"SOLD_BY": "Shop/web"}],
}  # fmt: skip


def test_the_example(reads: Callable[..., Any]) -> None:
    found, problems = reads(items=MUG)
    (line,) = found.aspects["items"]
    assert line["_total"] == 23.56
    assert (line["_discount"], line["_fees"], line["_tax"]) == (0, 0, 4.56)
    assert line["involves"] == [
        {"role": "TRADE:PURCHASED", "entity_ref": "Mug/blue"},
        {"role": "AFFECTS:CREATES", "entity_ref": "Parcel/p-1"},
        {"role": "ACTOR:SOLD_BY", "entity_ref": "Shop/web"},
    ]
    assert [role.path for role in found.roles] == ["TRADE:PURCHASED", "AFFECTS:CREATES", "ACTOR:SOLD_BY"]
    assert not any(role.derived for role in found.roles)
    assert not problems


@pytest.mark.parametrize(
    ("terms", "total"),
    [
        ({"item_count": 3, "item_price": 0.1}, "0.3"),
        ({"item_count": 2, "item_price": 50, "discount_percentage": 10, "discount_amount": 5}, "85"),
        ({"item_count": 2, "item_price": 50, "commission_fixed": 1.5, "commission_percentage": 10}, "113"),
        (
            {"item_count": 1.5, "item_price": 10, "commission_fixed": 2, "discount_percentage": 20,
             "tax_percentage": 10},
            "16.5",
        ),
        ({"item_count": -2, "item_price": 50, "discount_amount": 5}, "-95"),
        ({"item_price": 50, "item_count": 0, "discount_amount": 5}, "0"),
    ],
)  # fmt: skip
def test_what_a_line_costs(terms: dict[str, Any], total: str) -> None:
    assert reckon(terms, Decimal(str(terms["item_count"]))).total == Decimal(total)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.integers(0, 100) | st.floats(0, 1e6)
            for name in (
                "item_price",
                "discount_percentage",
                "discount_amount",
                "commission_fixed",
                "tax_percentage",
            )
        },
    ),
    st.integers(0, 1_000),
)
def test_what_goes_back_costs_what_it_did(terms: dict[str, Any], count: int) -> None:
    assert reckon(terms, Decimal(count)).total == reckon(terms, Decimal(-count)).total.copy_negate()


@pytest.mark.parametrize(
    ("action", "said", "counted"),
    [
        ("PURCHASED", -2, 2), ("WON", -1, 1), ("RETURNED", 2, -2), ("UNCARTED", 1, -1), ("UN_RESERVED", -1, -1),
        ("CARTED", -1, -1), ("ORDERED", 3, 3),
    ],
)  # fmt: skip
def test_trade_roles_give_counts_their_sign(
    reads: Callable[..., Any], action: str, said: int, counted: int
) -> None:
    """§7.7: the stored line keeps the client's number."""
    found, problems = reads(items=[{action: "Mug/blue", "item_count": said, "item_price": 2}])
    assert problems.valid
    assert found.aspects["items"][0]["item_count"] == said
    assert found.aspects["items"][0]["_total"] == 2 * said
    assert (found.lines[0].count, found.lines[0].money.total) == (counted, 2 * counted)


def test_older_names(told: Callable[..., Any]) -> None:
    (line,) = told(
        "items",
        {
            "BOUGHT": "Mug/blue",
            "fee_fixed": 1,
            "fee_percentage": 2,
            "price_type_description": "child",
            "item_price": 1,
        },
    )
    assert line["involves"][0]["role"] == "TRADE:PURCHASED"
    assert (line["commission_fixed"], line["commission_percentage"], line["price_type"]) == (1, 2, "child")
    (line,) = told("items", {"associates": {"TRADE:SELECTED": "Mug/blue"}, "is_comp": True})
    assert line["involves"] == [{"role": "TRADE:CARTED", "entity_ref": "Mug/blue"}]
    assert line["complimentary"] is True


def test_what_is_complimentary_costs_nothing(told: Callable[..., Any]) -> None:
    (line,) = told("items", {"PURCHASED": "Mug/blue", "item_price": 9, "complementary": True})
    assert (line["item_price"], line["_total"]) == (0, 0)


def test_several_products_are_one_line(reads: Callable[..., Any]) -> None:
    """§7.7: a composite product."""
    found, problems = reads(items=[{"PURCHASED": ["Show/4", "Hall/2"]}])
    (line,) = found.lines
    assert line.products == (Ref("Show", "4"), Ref("Hall", "2"))
    assert not problems


def test_the_first_trade_role_wins(reads: Callable[..., Any]) -> None:
    found, problems = reads(items=[{"PURCHASED": "Mug/blue", "RETURNED": "Mug/red"}])
    assert found.lines[0].products == (Ref("Mug", "blue"),)
    assert [role.path for role in found.roles] == ["TRADE:PURCHASED"]
    assert [problem.code for problem in problems] == ["ignored_field"]


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ({"item_count": 1}, "items[0].involves", "missing_field"),
        ({"involves": [{"SOLD_BY": "Shop/web"}]}, "items[0].involves", "missing_field"),
        ({"PURCHASED": "Mug/blue", "item_count": "many"}, "items[0].item_count", "invalid_value"),
        ({"PURCHASED": "Mug/blue", "currency": "crowns"}, "items[0].currency", "invalid_value"),
        (
            {"PURCHASED": "Mug/blue", "serial_numbers": ["No type/1"]},
            "items[0].serial_numbers[0]",
            "invalid_reference",
        ),
        ("Mug/blue", "items[0]", "invalid_value"),
    ],
)
def test_what_is_no_line(codes: Callable[..., Any], line: Any, field: str, code: str) -> None:
    assert codes("items", [line])[field] == code


def test_the_currency_is_that_of_the_line_the_locale_or_the_tenant(reads: Callable[..., Any]) -> None:
    """§7.7, §7.11."""
    lines = [
        {"PURCHASED": "Mug/blue", "item_price": 1},
        {"PURCHASED": "Mug/red", "item_price": 1, "currency": "isk"},
    ]
    for known, locale, expected in (("SEK", {}, "SEK"), ("SEK", {"currency": "NOK"}, "NOK"), ("", {}, "")):
        found, problems = reads(items=lines, locale=locale, currency=known)
        assert problems.valid
        assert [line.currency for line in found.lines] == [expected, "ISK"]


def test_serial_numbers_take_part(reads: Callable[..., Any]) -> None:
    """§7.7, §2.2: they are derived, and so no part of the event's id."""
    found, problems = reads(
        items=[{"RENTED": "Van/n", "serial_numbers": ["Key/1", {"entity_ref": "Key/2"}, "A 77", "Key/1"]}]
    )
    assert found.aspects["items"][0]["serial_numbers"] == ["Key/1", "Key/2", "A 77"]
    assert found.roles[1:] == (
        Role("SERIAL_NUMBER", Ref("Key", "1"), derived=True),
        Role("SERIAL_NUMBER", Ref("Key", "2"), derived=True),
        Role("SERIAL_NUMBER", Ref("SerialNumber", "A 77"), derived=True),
    )
    assert problems.valid


def test_entities_within_lines_are_told(reads: Callable[..., Any]) -> None:
    """§18.1."""
    found, problems = reads(
        items=[{"PURCHASED": {"entity_ref": "Mug/blue", "label": "Blue mug", "BELONGS_TO": "Shop/web"}}]
    )
    (entity,) = found.entities
    assert entity.aspects == {"presentation": {"label": "Blue mug"}}
    assert [(link.type, link.target) for link in found.links] == [("BELONGS_TO", Ref("Shop", "web"))]
    assert problems.valid


def test_aspects_of_a_line(told: Callable[..., Any], codes: Callable[..., Any]) -> None:
    line = {
        "PURCHASED": "Mug/blue",
        "aspects": {"presentation": "Blue mug", "metrics": {"g": "300"}},
        "dimensions": {"size": 2},
    }
    (found,) = told("items", [line])
    assert found["aspects"] == {"presentation": {"label": "Blue mug"}, "metrics": {"g": 300}}
    assert found["dimensions"] == {"size": "2"}
    line["aspects"] = {"client_ip": "203.0.113.9"}
    assert codes("items", [line]) == {"items[0].aspects.client_ip": "unsupported_aspect"}


def test_how_many(codes: Callable[..., Any]) -> None:
    assert codes("items", [{"PURCHASED": "Mug/blue"}] * 501) == {"items": "invalid_value"}


def test_what_a_sender_calls_a_currency_is_kept(reads: Callable[..., Any]) -> None:
    """Events §7.7: codes of ISO 4217 in capitals; of anything else one is warned."""
    for said, kept, warned in (("isk", "ISK", False), ("Kroner", "Kroner", True)):
        found, problems = reads(items={"PURCHASED": "Mug/blue", "item_price": 9.5, "currency": said})
        assert problems.valid
        assert [problem.field for problem in problems] == ["aspects.items[0].currency"] * warned
        assert (found.aspects["items"][0]["currency"], found.lines[0].currency) == (kept, kept)
    assert not reads(items={"PURCHASED": "Mug/blue", "currency": "x" * 65})[1].valid
