"""Events §2.1, §2.2."""

import pytest

from vocab.dialects.events import BadReference, Ref
from vocab.dialects.events.references import event_footprint, named, target


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Vessel/Kestrel-9", "03a18143-7276-30c6-8d86-10853e2f0f19"),
        ("Vessel:Tug/kestrel-9", "03a18143-7276-30c6-8d86-10853e2f0f19"),
        ("Vehicle:Van/NX-204", "b4f83424-8dfa-3997-8570-e2ec7de1fe06"),
        ("Harbour/Åby", "3eecd6fa-dcb2-3a6a-b00f-2c4aabbdf81c"),
    ],
)
def test_the_id_of_an_entity(text: str, id: str) -> None:
    """Events §2.2: identity is the root of the type and the id, whatever their case."""
    assert str(Ref.parse(text).stream_id) == id
    assert str(Ref.parse(text)) == text


@pytest.mark.parametrize(
    ("type", "occurred", "origin", "parts", "id"),
    [
        (
            "as.fleet.cargo.loaded", "2031-03-04T03:06:07.089", "depot.north",
            ["REFERENCES-Manifest/77(m1)", "OPERATOR-Employee/Ada", "AFFECTS-Vessel/Kestrel-9"],
            "f48383f0-fc0f-317c-90df-5d7a76e1eb17",
        ),
        (
            "as.fleet.van.washed", "2031-03-04T10:00:00.000", "depot.north",
            ["ACTOR-Employee/Ada", "AFFECTS-Van/NX-204"], "b71986bf-c0b9-36cd-8b75-f1399d9c1b69",
        ),
        (
            "as.commerce.purchase.completed", "2031-05-01T09:30:00.000", "shop.web",
            ["BUYER-Customer/c-88", "PURCHASED-Mug/blue", "PURCHASED-Mug/blue"],
            "cbeb3411-e390-309c-b383-6414e8f67b61",
        ),
    ],
)  # fmt: skip
def test_the_id_of_an_event(type: str, occurred: str, origin: str, parts: list[str], id: str) -> None:
    """Events §2.2: the vectors A, B and C, in whichever order the roles are."""
    assert str(named(event_footprint(type, occurred, origin, parts))) == id
    assert str(named(event_footprint(type, occurred, origin, parts[::-1]))) == id


@pytest.mark.parametrize(
    "text", ["", "/", "Vessel", "Vessel/", "Vessel/ ", "Ves.sel/1", "/1", ":Tug/1", "Vessel:/1", "V essel/1"]
)
def test_what_names_nothing(text: str) -> None:
    with pytest.raises(BadReference):
        Ref.parse(text)


def test_parts_are_sorted_by_units_of_utf_16() -> None:
    """Events §2.2: by code unit, so that 🚢 comes before ﬃ, and before letters are made small."""
    footprint = event_footprint("t", "o", "x", ["A-B/ﬃ", "A-B/🚢", "A-B/a", "A-B/Z"])
    assert footprint == "t--o--x--a-b/z--a-b/a--a-b/🚢--a-b/ﬃ"


def test_a_uuid_is_an_item_of_a_stream() -> None:
    """Events §2.1."""
    text = "f48383f0-fc0f-317c-90df-5d7a76e1eb17"
    assert str(target(text)) == text
    assert target(f"Vessel/{text}") == Ref("Vessel", text)
    with pytest.raises(BadReference):
        target("not-a-uuid")
