"""Types of entities as types of objects (Events §23.5)."""

import pytest

from vocab.dialects.events import Ref, entitykinds


@pytest.mark.parametrize(
    ("type", "kind"),
    [
        ("Customer", "Person"), ("Customer:Vip", "Person"), ("Supplier", "Organization"), ("ASChannel", "Group"),
        ("WebSession", "Service"), ("Sensor", "Application"), ("Venue", "Place"), ("Show", "Event"),
        ("ASWebPage", "Page"), ("Invoice", "Document"), ("Email", "Note"), ("Vessel", "Object"),
        ("Video", "Video"), ("Article:Opinion", "Article"), ("Like", "Object"), ("Collection", "Object"),
        ("Link", "Object"), ("customer", "Object"),
    ],
)  # fmt: skip
def test_the_root_of_a_type_says_it(type: str, kind: str) -> None:
    assert entitykinds.types_of(Ref(type, "1")) == [kind, "hw:Entity"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [("Group", "Group"), ("Like", "Object"), ("hw:Tug", "Object"), (None, "Object"), ([], "Object")],
)
def test_a_tenant_may_say_otherwise(said: object, kind: str) -> None:
    """Events §17.8: only what an entity can be."""
    assert entitykinds.types_of(Ref("Vessel", "1"), {"as2_type": said}) == [kind, "hw:Entity"]


@pytest.mark.parametrize(
    ("id", "kind"), [("bo@north.example", "Person"), ("<1@x.example>", "Note"), ("m1", "Note")]
)
def test_who_gets_messages_is_no_message(id: str, kind: str) -> None:
    """Events §7.14: an address and a message are of one type."""
    assert entitykinds.types_of(Ref("Email", id)) == [kind, "hw:Entity"]
