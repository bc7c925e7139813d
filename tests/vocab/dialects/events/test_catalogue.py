"""The catalogue of event types that are known beforehand (Events §20)."""

import re

from vocab.dialects.events import catalogue

ROLE = re.compile(r"[A-Z_]+(:[A-Z_]+)?")
TYPE = re.compile(r"as(\.[a-z0-9_-]+)+")


def test_what_is_known_of_a_type() -> None:
    known = catalogue.find("as.pm.ticket.assigned")
    assert known == catalogue.Known(
        "as.pm.ticket.assigned",
        "Ticket assigned",
        2,
        ("ACTOR", "AFFECTS", "AFFECTS:ASSIGNED_TO"),
        as2=("Offer",),
    )
    assert catalogue.find("as.fleet.cargo.loaded") is None


def test_a_type_of_which_only_the_name_is_known() -> None:
    known = catalogue.find("as.commerce.shipment.delivery.attempted")
    assert known == catalogue.Known("as.commerce.shipment.delivery.attempted", "Shipment delivery attempted")


def test_only_what_nobody_causes_needs_no_actor() -> None:
    """Events §3.3."""
    assert [one.type for one in catalogue.KNOWN.values() if one.actorless] == [
        "as.enrichment.weather.predicted"
    ]


def test_every_entry_is_well_formed() -> None:
    assert len(catalogue.KNOWN) > 200
    for known in catalogue.KNOWN.values():
        assert TYPE.fullmatch(known.type)
        assert known.label[0].isupper() or known.label[0].isdigit()
        assert 0 <= known.importance <= 5
        assert all(ROLE.fullmatch(role) for role in (*known.expected, *known.roles))
