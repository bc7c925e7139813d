"""Types of events as types of activities."""

import pytest

from vocab.dialects.events import Ref, Role, catalogue, kinds
from vocab.terms import ACTIVITY_TYPES

THING = Ref.parse("Thing/1")


def type_of(event_type: str, *paths: str, as2_type: object = None) -> str:
    roles = [Role(path, THING) for path in paths]
    types = kinds.type_of(event_type, roles, {} if as2_type is None else {"as2_type": as2_type})
    assert types[-1] == "hw:Event"
    assert types[0] in ACTIVITY_TYPES
    return " ".join(types[:-1])


@pytest.mark.parametrize(
    ("event_type", "expected"),
    [
        ("as.fleet.cargo.loaded", "Activity"),
        ("as.fleet.order.issued", "Create"),
        ("as.fleet.price.changed", "Update"),
        ("as.fleet.van.decommissioned", "Delete"),
        ("as.event.seat.assigned", "Add"),
        ("as.event.ticket.assigned", "Offer"),
        ("as.fleet.job.assigned", "Activity"),
        ("as.event.seat.unassigned", "Remove"),
        ("as.marketing.ad.impression", "View"),
        ("as.inbox.letter.opened", "Read"),
        ("as.media.playback.started", "Listen"),
        ("as.media.video.played", "View"),
        ("as.fleet.started", "Activity"),
        ("as.x.liked", "Like"),
        ("as.x.disliked", "Dislike"),
        ("as.x.followed", "Follow"),
        ("as.dev.repository.member.added", "Join"),
        ("as.dev.repository.file.added", "Add"),
        ("as.access.login.succeeded", "Arrive"),
        ("as.access.login.failed", "Activity"),
        ("as.access.logout.succeeded", "Leave"),
        ("as.event.ticket.scan.entered", "Arrive"),
        ("as.x.confirmed", "Accept"),
        ("as.erp.payment.refused", "Reject"),
        ("as.access.blocked", "Block"),
        ("as.x.invited", "Invite"),
        ("as.x.offered", "Offer"),
        ("as.fleet.van.moved", "Move"),
        ("as.x.reported", "Flag"),
        ("as.event.cancelled", "Activity"),
        ("loaded", "Activity"),
        ("created", "Create"),
    ],
)
def test_the_last_words_say_it(event_type: str, expected: str) -> None:
    """Events §23.4."""
    assert type_of(event_type, "ACTOR") == expected


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["AFFECTS:CREATES"], "Create"),
        (["AFFECTS:REMOVES"], "Delete"),
        (["AFFECTS:REMOVES", "AFFECTS"], "Remove"),
        (["AFFECTS:UPDATES"], "Update"),
        (["INVOLVES:VIEWED"], "View"),
        (["INVOLVES:VIEWED", "AFFECTS:CREATES"], "Create"),
        (["AFFECTS"], "Like"),
    ],
)
def test_roles_say_more_than_words(paths: list[str], expected: str) -> None:
    assert type_of("as.fleet.van.liked", "ACTOR", *paths) == expected


@pytest.mark.parametrize(
    ("as2_type", "expected"),
    [
        ("Travel", "Travel"),
        ("hw:Washing", "Activity hw:Washing"),
        ("Person", "Create"),
        ("https://x.example/Wash", "Create"),
        ("hw:", "Create"),
        (7, "Create"),
        (["Travel"], "Create"),
    ],
)
def test_a_tenant_may_say_what_its_types_are(as2_type: object, expected: str) -> None:
    """Events §17.8: what is no type of an activity is not believed."""
    assert type_of("as.fleet.van.washed", "ACTOR", "AFFECTS:CREATES", as2_type=as2_type) == expected


def test_what_the_catalogue_knows_comes_first() -> None:
    assert type_of("as.web.payment.failed", "AFFECTS:CREATES", as2_type="Like") == "Activity hw:Payment"
    assert type_of("as.pm.ticket.assigned", "AFFECTS:UPDATES") == "Offer"


def test_every_type_of_the_catalogue_is_one_of_activities() -> None:
    """Events §20: each names a core type first, and where it says nothing its words do."""
    for known in catalogue.KNOWN.values():
        core, *ours = known.as2 or ("Activity",)
        assert core in ACTIVITY_TYPES
        assert all(type.startswith("hw:") for type in ours)
        type_of(known.type, *known.expected)
