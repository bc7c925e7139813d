"""Events §7.23, §7.24, §7.20."""

from collections.abc import Callable
from typing import Any

import pytest


def test_a_payment(told: Callable[..., Any]) -> None:
    said = {
        "type": "Debit",
        "medium": "Card",
        "amount": 23.56,
        "card_number": "**** 4242",
        "card_exp": "12/33",
    }
    assert told("transaction", said) == said


@pytest.mark.parametrize(
    "number",
    [
        "4242424242424242",
        "4242 4242 4242 4242",
        "no. 4242-4242-4242-4242",
        "378282246310005",
        "30569309025904",
    ],
)
@pytest.mark.parametrize("field", ["card_number", "account_in", "reference_no"])
def test_no_whole_number_of_a_card_is_taken(codes: Callable[..., Any], number: str, field: str) -> None:
    assert codes("transaction", {"amount": 1, field: number}) == {f"transaction.{field}": "invalid_value"}


@pytest.mark.parametrize(
    "number", ["4242424242424241", "94242424242424242424242", "4242", "IS14 0159 2600 7654 5510"]
)
def test_other_digits_are_no_card(told: Callable[..., Any], number: str) -> None:
    assert told("transaction", {"amount": 1, "card_number": number})["card_number"] == number


def test_what_is_no_payment(codes: Callable[..., Any]) -> None:
    assert codes("transaction", {"type": "Debit"}) == {"transaction.amount": "missing_field"}
    assert codes("transaction", {"amount": "lots"}) == {"transaction.amount": "invalid_value"}


def test_sources_of_traffic(told: Callable[..., Any]) -> None:
    said = {
        "type": "Campaign",
        "campaign": "spring%20mugs",
        "medium": "e+mail",
        "content": {"slot": 1},
        "term": "100%",
    }
    assert told("traffic_source" + "s", said) == [
        {
            "type": "campaign",
            "campaign": "spring mugs",
            "medium": "e+mail",
            "content": {"slot": 1},
            "term": "100%",
        }
    ]


def test_a_campaign_is_a_source_of_traffic(reads: Callable[..., Any]) -> None:
    """§7.23: told once, however often the message is read."""
    own = {"type": "campaign", "campaign": "spring", "medium": "email"}
    found, problems = reads(
        campaign={"id": "spring", "medium": "email"}, traffic_sources=[{"type": "direct"}]
    )
    assert found.aspects["traffic_sources"] == [{"type": "direct"}, own]
    assert reads(**found.aspects)[0].aspects == found.aspects
    assert not problems
    assert reads(campaign="spring")[0].aspects["traffic_sources"] == [
        {"type": "campaign", "campaign": "spring"}
    ]


def test_a_test_of_variants(told: Callable[..., Any], codes: Callable[..., Any]) -> None:
    """§7.20."""
    said = {
        "id": "Checkout  Copy",
        "variant": "short",
        "outcome": "sale",
        "amount": "23.56",
        "metrics": {"a": 1},
    }
    assert told("ab_test", said) == {**said, "id": "checkout_copy", "amount": 23.56}
    assert codes("ab_test", said)["ab_test.id"] == "adjusted_value"
    assert codes("ab_test", {"variant": "x"}) == {"ab_test.id": "missing_field"}
