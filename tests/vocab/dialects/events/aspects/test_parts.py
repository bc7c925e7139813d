"""Events §7.7: the sub-events of lines."""

from typing import Any

from vocab.dialects.events import Event, Known, events
from vocab.dialects.events.references import named

MESSAGE = {
    "type": "as.commerce.purchase.completed", "origin": "shop.web", "occurred_at": "2031-05-01T09:30:00Z",
    "involves": [{"BUYER": "Customer/c-88"}, {"SOLD_BY": "Shop/web"}], "description": "A purchase", "acl": [
        {"READ": "ASUser/bo"}], "aspects": {"resolvable": "P-1", "tags": ["gift"]},
}  # fmt: skip


def read(*lines: Any) -> Event:
    message = {**MESSAGE, "aspects": {**MESSAGE["aspects"], "items": list(lines)}}  # type: ignore[dict-item]
    reading = events.read(message, Known("north", 0))
    assert reading.message is not None, reading.problems
    return reading.message


def test_a_line_is_a_transaction() -> None:
    event = read(
        {"RETURNED": "Mug/blue", "item_count": 2, "item_price": 9.50, "price_category": "A", "involves": [
            {"AFFECTS:CREATES": "Parcel/p-1"}], "serial_numbers": ["Key/1"]},
        {"PURCHASED": "Mug/red", "involves": [{"SOLD_BY": "Shop/web"}]},
    )  # fmt: skip
    returned, bought = event.parts
    assert returned.type == "as.commerce.transaction.returned"
    assert bought.type == "as.commerce.transaction.purchased"
    assert {str(role.target) for role in returned.roles} == {
        "Mug/blue", "Parcel/p-1", "Key/1", "Customer/c-88", "Shop/web"
    }  # fmt: skip
    assert {str(role.target) for role in bought.roles} == {"Mug/red", "Customer/c-88", "Shop/web"}
    assert (returned.occurred, returned.origin, returned.acl) == (event.occurred, event.origin, event.acl)
    assert (returned.external_id, returned.tags, returned.parts) == ("", ("gift",), ())
    (line,) = returned.body["aspects"]["items"]
    assert (line["item_count"], line["_total"]) == (-2, -19)
    assert returned.body["_parent"] == str(event.id)


def test_its_id_follows_from_what_it_is() -> None:
    event = read({"RETURNED": "Mug/blue", "item_count": 2, "item_price": 9.50, "price_category": "A"})
    assert event.parts[0].id == named(
        "as.commerce.transaction.returned--2031-05-01t09:30:00.000--shop.web--buyer-customer/c-88"
        f"--returned-mug/blue--sold_by-shop/web--price_category-a--total--2@9.5--parent-{event.id}"
    )


def test_lines_that_are_alike_are_numbered() -> None:
    line = {"PURCHASED": "Mug/blue"}
    first, second, third = read(line, line, line).parts
    assert first.id == read(line, line).parts[0].id
    assert second.id != third.id != first.id
    assert len({first.id, second.id, third.id}) == 3


def test_a_sub_event_is_read_the_same_again() -> None:
    """§25: its body is a message, of a type that only warns."""
    (part,) = read({"RETURNED": "Mug/blue", "item_count": 2, "item_price": 3}).parts
    again = events.read(part.body, Known("north", 0))
    assert again.message is not None
    assert [problem.code for problem in again.problems] == ["reserved_type"]
    assert again.message.aspects == part.aspects


def test_lines_have_not_more_roles_from_an_event_than_are_kept() -> None:
    """Each line has all roles of the event: few bytes of both would be many rows."""
    involves = [{"BUYER": "Customer/c-88"}, *({"AFFECTS": f"Van/{number}"} for number in range(199))]
    lines = [{"PURCHASED": f"Mug/{number}"} for number in range(101)]
    message = {**MESSAGE, "involves": involves, "aspects": {"items": lines}}
    refused = events.read(message, Known("north", 0))
    assert refused.message is None
    assert [(one.code, one.field) for one in refused.problems] == [("invalid_value", "aspects.items")]
    assert events.read({**message, "aspects": {"items": lines[1:]}}, Known("north", 0)).message is not None
