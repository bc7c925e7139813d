"""The catalogue of event types that are known beforehand (Events §20)."""

import re

from vocab.dialects.events import Event, Known, Reading, catalogue, events

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


def test_what_is_expected_may_be_special() -> None:
    """Events §4.3: a role that is a kind of an expected one will do."""
    assigned = catalogue.KNOWN["as.pm.ticket.assigned"]
    assert assigned.missing(["ACTOR:OPERATOR", "AFFECTS:ASSIGNED_TO"]) == []
    assert assigned.missing(["ACTOR", "AFFECTS"]) == ["AFFECTS:ASSIGNED_TO"]
    assert assigned.missing(["ACTORS", "INVOLVES"]) == ["ACTOR", "AFFECTS", "AFFECTS:ASSIGNED_TO"]


def read(type: str, **members: object) -> Reading[Event]:
    involves = [{"ACTOR": "Employee/Ada"}]
    return events.read({"type": type, "involves": involves, **members}, Known("north", 0))


def test_a_message_that_lacks_what_is_expected_is_valid() -> None:
    """Events §20: the catalogue only ever warns."""
    reading = read("as.pm.ticket.assigned")
    assert reading.message is not None
    assert [(one.severity, one.field) for one in reading.problems] == [("warning", "involves")] * 2
    assert "AFFECTS:ASSIGNED_TO" in reading.problems[1].message
    assert not read("as.fleet.van.washed").problems


def test_importance_is_that_of_the_catalogue_unless_somebody_says() -> None:
    """Events §3.1."""
    for type, importance in (("as.web.pageviewed", 1), ("as.fleet.van.washed", 2)):
        for members, expected in (({}, importance), ({"importance": 5}, 5)):
            message = read(type, **members).message
            assert message is not None
            assert message.importance == expected


def test_an_entry_is_told_without_what_it_lacks() -> None:
    assert catalogue.KNOWN["as.erp.invoice.sent"].spell() == {
        "type": "as.erp.invoice.sent", "label": "Invoice sent", "importance": 2, "expected_roles": ["ACTOR"],
    }  # fmt: skip
    assert catalogue.KNOWN["as.web.payment.failed"].spell()["as2_type"] == ["Activity", "hw:Payment"]
