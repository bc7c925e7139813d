"""Events, entities, comments and votes as Activity Streams 2.0."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import PUBLIC, Audience, Object, dump, jsonld, jsontext, parse, validate
from vocab.dialects.events import (
    Bump,
    Comment,
    Entity,
    Event,
    Known,
    Link,
    Moment,
    Ref,
    Role,
    Rule,
    as2,
    casting,
    events,
)
from vocab.extensions import OPAQUE
from vocab.terms import NS, NS_HW

ROOT = "https://north.example"
ID = UUID("f48383f0-fc0f-317c-90df-5d7a76e1eb17")
THEN = Moment(1_930_359_967_089_000, "2031-03-04T05:06:07.089+02:00")
LABELS = {"vessel/kestrel-9": "Kestrel"}


def iri_of(ref: Ref) -> str:
    return f"{ROOT}/entities/{ref.root}/{ref.id}"


def name_of(ref: Ref) -> str:
    return LABELS.get(ref.key, ref.id)


def role(path: str, target: str, **more: Any) -> Role:
    return Role(path, Ref.parse(target), **more)


LOADED = Event(
    ID, "as.fleet.cargo.loaded", "depot.north", THEN, 2,
    (
        role("ACTOR:OPERATOR", "Employee/Ada"),
        role("AFFECTS", "Vessel/Kestrel-9"),
        role("REFERENCES", "Manifest/77", external_id="m1"),
    ),
    description="14 pallets taken aboard",
    aspects={"dimensions": {"quay": "7"}, "metrics": {"pallets": 14}, "tags": ["outbound"]},
    properties={"shift": "night"},
)  # fmt: skip


def projected(event: Event, **options: Any) -> dict[str, Any]:
    return as2.activity(
        event, root=ROOT, iri_of=iri_of, name_of=name_of, **({"public": False} | options)
    ).data


def written(node: Object) -> dict[str, Any]:
    found = jsontext.loads(dump.dump(node))
    assert isinstance(found, dict)
    return found


def test_the_example_of_the_specification() -> None:
    """Events §23.7."""
    document = written(as2.activity(LOADED, root=ROOT, iri_of=iri_of, name_of=name_of, public=True))
    contexts = document.pop("@context")
    assert contexts[0] == "https://www.w3.org/ns/activitystreams"
    assert contexts[1]["hw"] == "https://w3id.org/headwater/ns#"
    assert document == {
        "id": f"{ROOT}/events/{ID}",
        "type": ["Activity", "hw:Event"],
        "hw:eventType": "as.fleet.cargo.loaded",
        "hw:streamId": str(ID),
        "hw:importance": 2,
        "actor": {"id": f"{ROOT}/entities/Employee/Ada", "type": ["Person", "hw:Entity"], "name": "Ada"},
        "object": {
            "id": f"{ROOT}/entities/Vessel/Kestrel-9", "type": ["Object", "hw:Entity"], "name": "Kestrel",
        },
        "tag": [
            {"type": ["Document", "hw:Entity"], "id": f"{ROOT}/entities/Manifest/77", "name": "77"},
            {"type": "Hashtag", "name": "#outbound"},
        ],
        "published": "2031-03-04T05:06:07.089+02:00",
        "summary": "14 pallets taken aboard",
        "generator": {"type": "Application", "name": "depot.north"},
        "hw:dimensions": {"quay": "7"},
        "hw:metrics": {"pallets": 14},
        "hw:properties": {"shift": "night"},
        "hw:involves": [
            {"hw:role": "ACTOR:OPERATOR", "hw:entity": f"{ROOT}/entities/Employee/Ada"},
            {"hw:role": "AFFECTS", "hw:entity": f"{ROOT}/entities/Vessel/Kestrel-9"},
            {"hw:role": "REFERENCES", "hw:entity": f"{ROOT}/entities/Manifest/77", "hw:externalId": "m1"},
        ],
        "to": PUBLIC,
    }  # fmt: skip


def test_a_message_that_was_read_is_the_same_activity() -> None:
    """Events §3.4, §23.7: with all that a client may leave to the reader."""
    raw = {
        "type": "as.fleet.cargo.loaded", "origin": "depot.north", "occurred_at": "2031-03-04T05:06:07.089+02:00",
        "description": "14 pallets taken aboard",
        "involves": [
            {"role": "ACTOR:OPERATOR", "entity_ref": "Employee/Ada"},
            {"AFFECTS": {"entity_ref": "Vessel/Kestrel-9", "label": "Kestrel"}},
            {"REFERENCES": "Manifest/77", "external_id": "m1"},
        ],
        "aspects": {"dimensions": {"quay": "7"}, "metrics": {"pallets": 14}, "tags": ["outbound"]},
        "properties": {"shift": "night"},
    }  # fmt: skip
    message = events.read(raw, Known("north", 0)).message
    assert message is not None
    assert projected(message) == projected(LOADED)


def test_when_it_came_is_told_if_it_is_known() -> None:
    told = projected(LOADED, received=1_000_000, registered=2_000_000)
    assert (told["hw:receivedAt"], told["hw:registeredAt"]) == (
        "1970-01-01T00:00:01Z",
        "1970-01-01T00:00:02Z",
    )


def names(node: Any) -> Any:
    """Return what nodes are called, to compare casts at a glance."""
    if isinstance(node, list):
        return [names(one) for one in node]
    return (node.get("name") or names(node.get("items"))) if isinstance(node, dict) else node


def cast(event_type: str, *roles: Role, **more: Any) -> dict[str, Any]:
    told = projected(replace(LOADED, type=event_type, roles=roles, aspects={}, **more))
    parts = (
        "actor",
        "object",
        "target",
        "result",
        "context",
        "instrument",
        "tag",
        "hw:observer",
        "hw:onBehalfOf",
    )
    return {"type": told["type"][0]} | {part: names(told[part]) for part in parts if part in told}


ADA = role("ACTOR", "Employee/Ada")
CASTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        cast("as.x.done", ADA, role("ACTOR:BUYER", "Customer/c1"), role("OBSERVED", "Employee/Eve")),
        {"type": "Activity", "actor": ["Ada", "c1"], "object": [f"{ROOT}/entities/Employee/Ada",
         f"{ROOT}/entities/Customer/c1"], "hw:observer": "Eve"},
    ),
    (
        cast("as.x.order.issued", ADA, role("AFFECTS:CREATES", "Order/1"), role("AFFECTS", "Cart/2")),
        {"type": "Create", "actor": "Ada", "object": "1", "context": "2"},
    ),
    (
        cast("as.commerce.purchase.completed", ADA, role("AFFECTS:CREATES", "Order/1"),
             role("TRADE:PURCHASED", "Mug/blue"), role("INVOLVES:DELIVERED_TO", "Customer/c2"),
             role("ACTOR:SOLD_BY", "Shop/web")),
        {"type": "Activity", "actor": "Ada", "object": "blue", "result": "1", "target": "c2"},
    ),
    (
        cast("as.commerce.cart.item.added", ADA, role("AFFECTS", "Cart/2"), role("TRADE:CARTED", "Mug/blue"),
             role("TRADE:CARTED", "Mug/red"), role("INVOLVES", "WebSession/s")),
        {"type": "Add", "actor": "Ada", "object": ["blue", "red"], "target": "2", "context": "s"},
    ),
    (
        cast("as.commerce.cart.coupon.added", ADA, role("AFFECTS", "Cart/2")),
        {"type": "Add", "actor": "Ada", "object": "2"},
    ),
    (
        cast("as.pm.ticket.assigned", ADA, role("AFFECTS", "Ticket/8"), role("AFFECTS:ASSIGNED_TO", "Employee/Bo")),
        {"type": "Offer", "actor": "Ada", "object": "8", "target": "Bo"},
    ),
    (
        cast("as.x.list.removed", ADA, role("AFFECTS", "List/1"), role("AFFECTS:REMOVES", "Line/2")),
        {"type": "Remove", "actor": "Ada", "object": "2", "target": "1"},
    ),
    (
        cast("as.web.session.started", ADA),
        {"type": "Arrive", "actor": "Ada"},
    ),
    (
        cast("as.ticketing.ticket.presented", ADA, role("INVOLVES", "Ticket/8"), role("INVOLVES", "Gate/1")),
        {"type": "Offer", "actor": "Ada", "object": "8", "context": "1"},
    ),
    (
        cast("as.enrichment.weather.predicted", role("INVOLVES", "City/1")),
        {"type": "Activity", "object": "1"},
    ),
    (
        cast("as.x.noticed", ADA, role("CONCERNS", "Email/1"), role("MENTIONS", "Vessel/Kestrel-9")),
        {"type": "Activity", "actor": "Ada", "object": "1", "tag": ["@Kestrel"]},
    ),
    (
        cast("as.web.product.viewed", role("ACTOR", "WebSession/s"), role("INVOLVES:VIEWED", "Mug/blue"),
             links=(Link(Ref.parse("WebSession/s"), "PROXY_FOR", Ref.parse("Customer/c")),)),
        {"type": "View", "actor": "c", "object": "blue", "instrument": "s"},
    ),
    (
        cast("as.x.order.closed", ADA, role("AFFECTS", "Order/1"),
             links=(Link(Ref.parse("Employee/ada"), "ON_BEHALF_OF", Ref.parse("Customer/c")),
                    Link(Ref.parse("Employee/Eve"), "PROXY_FOR", Ref.parse("Customer/c")))),
        {"type": "Update", "actor": "Ada", "object": "1"},
    ),
    (
        cast("as.x.order.closed", ADA, role("AFFECTS", "Order/1"),
             links=(Link(Ref.parse("Employee/Ada"), "KNOWS_OF:ON_BEHALF_OF", Ref.parse("Customer/c")),)),
        {"type": "Update", "actor": "Ada", "object": "1", "hw:onBehalfOf": "c"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("told", "expected"), CASTS)
def test_everybody_has_their_part(told: dict[str, Any], expected: dict[str, Any]) -> None:
    """Events §23.3: what each role is to the activity, by its type."""
    assert told == expected


def test_a_role_brings_what_is_said_of_it() -> None:
    told = projected(replace(LOADED, roles=(replace(ADA, weight=0.5, properties={"hand": "left"}),)))
    assert told["hw:involves"] == [
        {
            "hw:role": "ACTOR", "hw:entity": f"{ROOT}/entities/Employee/Ada", "hw:weight": 0.5,
            "hw:properties": {"hand": "left"},
        }
    ]  # fmt: skip


def facet(**aspects: Any) -> dict[str, Any]:
    """Return what aspects add to an event."""
    event = replace(
        LOADED, description="", aspects={}, properties={}, roles=(ADA, role("AFFECTS", "Vessel/x"))
    )
    plain, told = projected(event), projected(replace(event, aspects=aspects))
    assert plain.items() <= told.items()
    return {term: value for term, value in told.items() if term not in plain}


def test_a_presentation_is_what_people_see() -> None:
    """Events §7.2: an icon that is no address but a class of some style sheet has no term."""
    told = facet(
        presentation={
            "label": "Kestrel", "description": "<tug>", "details_url": "https://f.example/k",
            "thumbnail": "https://i.example/k.png", "icon": "ship",
        }
    )  # fmt: skip
    assert told == {
        "name": "Kestrel",
        "summary": "&lt;tug&gt;",
        "url": "https://f.example/k",
        "image": {"type": "Image", "url": "https://i.example/k.png"},
        "hw:presentation": {"icon": "ship"},
    }


def test_what_an_event_says_itself_stands_first() -> None:
    told = projected(
        replace(LOADED, aspects={"presentation": {"description": "x"}, "summary": {"title": "T"}})
    )
    assert (told["summary"], told["hw:presentation"], told["name"]) == (
        "14 pallets taken aboard", {"description": "x"}, "T",
    )  # fmt: skip


def test_texts_have_their_language() -> None:
    """Events §7.11, §7.15."""
    told = facet(
        locale={"locale": "is-IS", "currency": "ISK", "timezone": "Atlantic/Reykjavik"},
        content={"title": "Fog", "subtitle": "again", "content": "a < b\nc"},
    )
    text = "<p>a &lt; b<br>c</p>"
    assert told == {
        "name": "Fog", "nameMap": {"is-IS": "Fog"}, "content": text, "contentMap": {"is-IS": text},
        "hw:content": {"subtitle": "again"}, "hw:currency": "ISK", "hw:timezone": "Atlantic/Reykjavik",
        "hw:aspects": {"locale": {"locale": "is-IS"}},
    }  # fmt: skip


def test_tags_and_categories_are_hashtags() -> None:
    told = facet(tags=["outbound"], classification={"type": "workboat", "categories": ["towing"]})
    assert told == {
        "tag": [
            {"type": "Hashtag", "name": "#outbound"},
            {"type": "Hashtag", "name": "#towing", "hw:category": "towing"},
        ],
        "hw:classification": {"type": "workboat", "categories": ["towing"]},
    }


def test_the_plainest_period_says_when() -> None:
    """Events §7.6."""
    due = {"ends": "2031-03-05T00:00:00.000Z"}
    told = facet(
        timed={
            "due": due, "duration": {"duration": 90_500},
            "period": {"begins": "2031-03-04T00:00:00.000Z", "duration": 5_400_000},
        }
    )  # fmt: skip
    assert told == {
        "startTime": "2031-03-04T00:00:00.000Z", "duration": "PT5400S",
        "hw:timed": {"due": due, "duration": {"duration": 90_500}},
    }  # fmt: skip
    assert facet(timed={"duration": {"duration": 90_500}}) == {"duration": "PT90.500S"}


def test_places_are_where_it_was_or_where_it_went() -> None:
    """Events §7.10: what a server found out about a place stays here."""
    here = {"latlong": "64.15,-21.94", "latitude": 64.15, "longitude": -21.94}
    place = {"type": "Place", "latitude": 64.15, "longitude": -21.94}
    assert facet(geo_location={**here, "accuracy": 9, "_city": "Reykjavik"}) == {
        "location": place,
        "hw:geoLocation": {"accuracy": 9},
    }
    assert facet(geo_location={**here, "type": "to"}) == {"location": place, "hw:geoLocation": {"type": "to"}}
    way = [{**here, "type": "from"}, {**here, "type": "to"}]
    told = projected(replace(LOADED, type="as.x.cargo.moved", aspects={"geo_location": way}))
    assert (told["type"][0], told["origin"], told["target"]) == ("Move", place, place)
    assert "hw:geoLocation" not in told
    assert facet(geo_location={"latlong": "?"}) == {"hw:geoLocation": {"latlong": "?"}}


def test_files_are_attached() -> None:
    """Events §7.9."""
    told = facet(
        attachments=[
            {"url": "https://f.example/m.pdf", "size": 3, "content_type": "application/pdf", "filename": "m"},
            {
                "url": "https://f.example/p",
                "content_type": "image/png",
                "width": 2,
                "use": "cover",
                "fingerprint": "f",
            },
        ]
    )
    assert told == {
        "attachment": [
            {"type": "Document", "url": "https://f.example/m.pdf", "name": "m", "mediaType": "application/pdf",
             "hw:size": 3},
            {"type": "Image", "url": "https://f.example/p", "mediaType": "image/png", "width": 2, "hw:digest": "f"},
        ],
        "hw:attachments": [{}, {"use": "cover"}],
    }  # fmt: skip


def test_a_page_that_was_viewed_has_its_address() -> None:
    """Events §7.13."""
    view = {"path": "https://s.example/mugs", "title": "Mugs", "method": "GET"}
    alone = projected(replace(LOADED, type="as.web.pageviewed", roles=(ADA,), aspects={"pageview": view}))
    assert alone["object"] == {"type": "Page", "url": "https://s.example/mugs", "name": "Mugs"}
    assert alone["hw:pageview"] == view
    known = (ADA, role("INVOLVES:VIEWED", "ASWebPage/s.example/mugs", derived=True))
    told = projected(replace(LOADED, type="as.web.pageviewed", roles=known, aspects={"pageview": view}))
    assert told["object"] == {
        "id": f"{ROOT}/entities/ASWebPage/s.example/mugs", "type": ["Page", "hw:Entity"], "name": "Mugs",
        "url": "https://s.example/mugs",
    }  # fmt: skip


LETTER = {"subject": "Berth change", "content": "Now 7", "dated": "2031-03-04T06:00:00.000Z", "group": True,
          "from": "Email/ada@n.example", "to": ["Email/ops@q.example"], "bcc": ["Email/spy@q.example"]}  # fmt: skip
WRITERS = (
    role("ACTOR:SENDER", "Email/ada@n.example"),
    role("MESSAGING:SENT_BY", "Email/ada@n.example", derived=True),
    role("MESSAGING:SENT_TO", "Email/ops@q.example", derived=True),
    role("MESSAGING:SENT_TO_BCC", "Email/spy@q.example", derived=True),
)


def test_a_message_is_a_note_from_somebody_to_somebody() -> None:
    """Events §7.14: blind recipients are in no document."""
    event = replace(LOADED, type="as.crm.message.email.sent", roles=WRITERS, aspects={"messaging": LETTER})
    note = {
        "type": "Note", "name": "Berth change", "content": "<p>Now 7</p>", "published": "2031-03-04T06:00:00.000Z",
        "attributedTo": [f"{ROOT}/entities/Email/ada@n.example"], "to": [f"{ROOT}/entities/Email/ops@q.example"],
    }  # fmt: skip
    told = projected(event)
    assert (told["type"], told["object"], told["hw:messaging"]) == (
        ["Create", "hw:Event"],
        note,
        {"group": True},
    )
    assert "to" not in told
    assert projected(event, public=True)["to"] == [PUBLIC, *note["to"]]
    assert "spy" not in str(told)
    created = projected(replace(event, roles=(*WRITERS, role("AFFECTS:CREATES", "Email/m1"))))
    assert created["object"] == {"id": f"{ROOT}/entities/Email/m1", **note, "type": ["Note", "hw:Entity"]}
    reply = projected(
        replace(event, type="as.pm.ticket.comment.new", roles=(*WRITERS, role("AFFECTS", "Ticket/1")))
    )
    assert reply["object"] == note | {"inReplyTo": [f"{ROOT}/entities/Ticket/1"]}
    beside = projected(replace(event, type="as.x.done", roles=(*WRITERS, role("AFFECTS", "Ticket/1"))))
    assert (names(beside["object"]), beside["attachment"]) == ("1", [note])


def test_what_belongs_together_has_one_context() -> None:
    """Events §7.19: whatever the case, and in no other name space."""
    first = facet()
    assert first == {}
    rota = as2.conversation(ROOT, "email", "Berth 7 rota")
    assert projected(replace(LOADED, group=("email", "berth 7 ROTA")))["context"] == rota
    assert rota.startswith("urn:uuid:")
    assert rota != as2.conversation(f"{ROOT}/tenants/x", "email", "Berth 7 rota")
    both = projected(replace(LOADED, group=("email", "x"), roles=(*LOADED.roles, role("INVOLVES", "Quay/7"))))
    assert names(both["context"]) == ["7", as2.conversation(ROOT, "email", "x")]


def test_what_is_private_is_addressed_to_whom_its_rules_name() -> None:
    """Events §3.6, §23.5: people, groups as an audience; roles of privileges are nobody elsewhere."""
    rules = (
        Rule("READ", "ASUser/bo"),
        Rule("MANAGE", "Employee/Eve"),
        Rule("READ", "Team/ops"),
        Rule("READ", "USER"),
    )
    told = projected(replace(LOADED, acl=rules))
    assert told["to"] == [f"{ROOT}/entities/ASUser/bo", f"{ROOT}/entities/Employee/Eve"]
    assert told["audience"] == f"{ROOT}/entities/Team/ops"
    everyone = projected(replace(LOADED, acl=(*rules, Rule("READ", "Public"))), public=True)
    assert (everyone["to"], everyone.get("audience")) == ([PUBLIC], None)
    assert Audience.of(Object(projected(LOADED))) == Audience()


SECRET = "s3cr3t"
HIDDEN: dict[str, Any] = {
    "client_ip": {"ip": SECRET, "_isp": SECRET},
    "client_device": {"user_agent": SECRET},
    "demography": {"birth_date": SECRET},
    "transaction": {"amount": 1, "invoice_nr": SECRET},
    "address": {"address": SECRET},
    "geo_location": {"latitude": 1.5, "longitude": 2, "_street": SECRET},
    "pageview": {"path": "/", "_found": {"x": SECRET}},
    "items": [{"PURCHASED": "Mug/blue", "card_token": SECRET, "_total": SECRET,
               "involves": [{"role": "SOLD_BY", "entity": {"entity_ref": "Shop/1", "aspects":
                             {"demography": {"income": SECRET}, "address": {"city": SECRET}}}}]}],
    "entities": [{"entity": "Customer/1", "aspects": {"demography": {"gender": SECRET}, "client_ip": SECRET},
                  "links": [{"type": "CONNECTS_FROM", "entity_ref": f"ASIP/{SECRET}"}]}],
    "update": {"aspects": {"transaction": {"medium": SECRET}, "email": {"address": SECRET}}},
    "messaging": {"subject": "x", "bcc": [SECRET], "involves": [{"role": "SENT_TO_BCC", "entity_ref": SECRET}]},
    "_enriched": SECRET,
}  # fmt: skip


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("aspect", HIDDEN)
def test_what_must_not_leave_is_in_no_document(aspect: str, public: bool) -> None:
    """Events §23.1: not even in one that stays here."""
    aspects = {aspect: HIDDEN[aspect]}
    hidden = replace(
        LOADED, aspects=aspects, acl=(Rule("READ", f"ROLE_{SECRET}"),), token=SECRET, partition=SECRET,
        body={"payload": SECRET, "_x": SECRET},
        roles=(
            ADA, role("INVOLVES", f"ASToken/{SECRET}"), role("CONNECTS_FROM", f"ASIP/{SECRET}", derived=True),
            role("MESSAGING:SENT_TO_BCC", f"Email/{SECRET}"),
        ),
        links=(Link(Ref.parse("Employee/Ada"), "PROXY_FOR", Ref.parse(f"ASIP/{SECRET}")),),
    )  # fmt: skip
    event = as2.activity(hidden, root=ROOT, iri_of=iri_of, name_of=name_of, public=public)
    assert SECRET not in dump.dump(event).decode()
    person = Entity(Ref.parse("Customer/1"), aspects, acl=hidden.acl, links=hidden.links, body=hidden.body)
    told = as2.entity(person, iri_of=iri_of, name_of=name_of, public=public)
    assert SECRET not in dump.dump(told).decode()


def test_an_entity_says_what_it_is() -> None:
    """Events §23.5."""
    ref = Ref.parse("Harbour:Ferry/north")
    links = (
        Link(ref, "AKA", Ref.parse("Callsign/N")),
        Link(ref, "CLOSE:PART_OF", Ref.parse("Coast/1"), weight=2.0, properties={"a": 1}, active_from=0),
        Link(ref, "LOCATED_IN", Ref.parse("City/2"), active_until=1_000_000, external_id="e"),
        Link(Ref.parse("City/3"), "LOCATED_IN", ref),
    )
    entity = Entity(ref, {"presentation": {"label": "North"}, "address": {"city": "N"}}, {"no": 1}, links)
    told = as2.entity(entity, iri_of=iri_of, name_of=name_of, public=True).data
    here = f"{ROOT}/entities/Harbour/north"
    assert told == {
        "id": here, "type": ["Place", "hw:Entity"], "hw:entityRef": "Harbour:Ferry/north",
        "hw:entityType": "Harbour:Ferry", "name": "North", "hw:address": {"city": "N"}, "hw:properties": {"no": 1},
        "context": f"{ROOT}/entities/Coast/1", "location": f"{ROOT}/entities/City/2", "to": [PUBLIC],
        "hw:links": [
            {"type": "Relationship", "subject": here, "relationship": "hw:AKA",
             "object": f"{ROOT}/entities/Callsign/N"},
            {"type": "Relationship", "subject": here, "relationship": ["hw:CLOSE", "hw:PART_OF"],
             "object": f"{ROOT}/entities/Coast/1", "startTime": "1970-01-01T00:00:00Z", "hw:weight": 2.0,
             "hw:properties": {"a": 1}},
            {"type": "Relationship", "subject": here, "relationship": "hw:LOCATED_IN",
             "object": f"{ROOT}/entities/City/2", "endTime": "1970-01-01T00:00:01Z", "hw:externalId": "e"},
            {"type": "Relationship", "subject": f"{ROOT}/entities/City/3", "relationship": "hw:LOCATED_IN",
             "object": here},
        ],
    }  # fmt: skip


def test_other_names_of_actors_are_theirs() -> None:
    """Events §23.5: an account of the same person is an actor, her phone is none."""
    ada = Ref.parse("Employee/Ada")
    links = tuple(Link(ada, "IS:AKA", Ref.parse(other)) for other in ("User/ada", "Phone/1"))
    told = as2.entity(Entity(ada, links=links), iri_of=iri_of, name_of=name_of, public=False).data
    assert told["alsoKnownAs"] == [f"{ROOT}/entities/User/ada"]
    assert (told["name"], len(told["hw:links"]), "to" in told) == ("Ada", 2, False)


def test_a_type_of_entities_may_be_given_another_type() -> None:
    """Events §17.8."""
    tug = Entity(Ref.parse("Vessel/1"))
    told = as2.entity(tug, iri_of=iri_of, name_of=name_of, public=False, settings={"as2_type": "Service"})
    assert told.types == ("Service", "hw:Entity")


def test_a_comment_is_the_create_of_a_note() -> None:
    """Events §8, §23.5."""
    on = UUID(int=7)
    said = Comment(
        ID, "#fog again\n– Ada@Employee/ada", "desk.web", THEN,
        (
            role("COMMENT:COMMENTS", "ASUser/bo"), Role("COMMENT:COMMENTED_ON", on),
            role("COMMENT:COMMENTED_ON", "Vessel/Kestrel-9"), role("COMMENT:MENTIONS", "Employee/ada"),
        ),
        tags=("fog",), aspects={"tags": ["Fog", "sea"], "client_ip": {"ip": "203.0.113.9"}},
    )  # fmt: skip
    told = as2.comment(said, root=ROOT, iri_of=iri_of, name_of=name_of, public=True).data
    bo = f"{ROOT}/entities/ASUser/bo"
    assert told["object"] == {
        "id": f"{ROOT}/events/{ID}/note", "type": ["Note", "hw:Comment"], "attributedTo": [bo],
        "content": "<p>#fog again<br>– Ada@Employee/ada</p>", "published": THEN.text, "to": [PUBLIC],
        "inReplyTo": f"{ROOT}/events/{on}", "context": [f"{ROOT}/entities/Vessel/Kestrel-9"],
        "tag": [
            {"type": "Mention", "href": f"{ROOT}/entities/Employee/ada", "name": "@ada"},
            {"type": "Hashtag", "name": "#Fog"}, {"type": "Hashtag", "name": "#sea"},
        ],
    }  # fmt: skip
    assert (told["id"], told["type"], told["actor"][0]["id"]) == (
        f"{ROOT}/events/{ID}", ["Create", "hw:Comment"], bo,
    )  # fmt: skip
    assert [one["hw:role"] for one in told["hw:involves"]] == [
        "COMMENT:COMMENTS", "COMMENT:COMMENTED_ON", "COMMENT:COMMENTED_ON", "COMMENT:MENTIONS",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "types"), [(1, ["Like"]), (-1, ["Dislike"]), (0, ["Activity", "hw:BumpNeutral"])]
)
def test_a_vote_is_a_like_or_a_dislike(value: int, types: list[str]) -> None:
    """Events §10, §23.5."""
    vote = Bump(ID, Ref.parse("Employee/Ada"), Ref.parse("Vessel/Kestrel-9"), value, "desk.web", THEN)
    told = as2.bump(vote, root=ROOT, iri_of=iri_of, name_of=name_of, public=False).data
    assert (told["type"], told["object"]) == (types, f"{ROOT}/entities/Vessel/Kestrel-9")
    assert (told["actor"]["name"], told["id"], "to" in told) == ("Ada", f"{ROOT}/events/{ID}", False)


# What any event may be.

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
words = texts.filter(lambda text: not text.startswith("_"))
"""Names that may leave."""
scalars = st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
values = st.recursive(
    scalars | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
PATHS = """ACTOR ACTOR:BUYER ACTOR:OPERATOR AFFECTS AFFECTS:CREATES AFFECTS:UPDATES AFFECTS:REMOVES INVOLVES CONCERNS
INVOLVES:VIEWED TRADE:PURCHASED REFERENCES OBSERVED MENTIONS SOLD_BY RATED_BY MESSAGING:SENT_TO MESSAGING:SENT_BY
AFFECTS:ASSIGNED_TO INVOLVES:OWN_ROLE"""
paths = st.sampled_from(PATHS.split())
refs = st.builds(
    Ref,
    st.sampled_from(["Employee", "Vessel:Tug", "City", "Email", "Page", "Note", "WebSession", "Mug"]),
    st.text("abc/ @", min_size=1, max_size=4).filter(str.strip),
)
roles = st.builds(
    Role, paths, refs | st.uuids(), external_id=st.just("") | texts, weight=st.none() | st.floats(-5, 5),
    properties=st.dictionaries(words, values, max_size=2),
)  # fmt: skip
urls = st.sampled_from(["https://x.example/a", "no address", "javascript:x"])
moments = st.sampled_from(["2031-03-04T05:06:07.089+02:00", "1990-01-01T00:00:00.000Z"])
periods = st.fixed_dictionaries(
    {}, optional={"begins": moments, "ends": moments, "duration": st.integers(0, 10**9)}
)
aspects = st.fixed_dictionaries(
    {},
    optional={
        "presentation": st.fixed_dictionaries(
            {}, optional={"label": texts, "details_url": urls, "icon": urls}
        ),
        "classification": st.fixed_dictionaries({}, optional={"type": texts, "categories": st.lists(texts)}),
        "dimensions": st.dictionaries(words, texts, max_size=3),
        "metrics": st.dictionaries(words, st.integers(0, 10**6), max_size=3),
        "timed": st.dictionaries(st.sampled_from(["valid", "due", "period", "own"]), periods, max_size=3),
        "items": st.lists(
            st.dictionaries(st.sampled_from(["item_count", "item_price"]), st.integers(1, 9)), max_size=2
        ),
        "tags": st.lists(texts, max_size=3),
        "geo_location": st.fixed_dictionaries(
            {"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180)}
        ),
        "messaging": st.fixed_dictionaries(
            {"subject": texts}, optional={"content": texts, "group": st.booleans()}
        ),
        "locale": st.sampled_from([{"locale": "is-IS"}, {"locale": "?", "currency": "ISK"}]),
        "attachments": st.lists(
            st.fixed_dictionaries({"url": urls}, optional={"size": st.integers(0, 9)}), max_size=2
        ),
        "pageview": st.fixed_dictionaries({"path": urls}, optional={"title": texts}),
        "summary": st.fixed_dictionaries({"title": texts}, optional={"content": texts}),
        "never_heard_of": values,
    },
)
kinds_of_events = st.sampled_from(
    ["as.x.done", "as.x.order.issued", "as.commerce.cart.item.added", "as.web.session.started", "as.x.cargo.moved",
     "as.crm.message.email.sent", "as.web.pageviewed"]
)  # fmt: skip
any_event = st.builds(
    Event, id=st.uuids(), type=kinds_of_events, origin=st.just("depot.north"), occurred=st.just(THEN),
    importance=st.integers(0, 5), roles=st.lists(roles, max_size=5).map(tuple), description=st.just("") | texts,
    aspects=aspects, properties=st.dictionaries(words, values, max_size=3),
    group=st.none() | st.tuples(texts, texts),
)  # fmt: skip


def involvement(role: Role) -> dict[str, Any]:
    entity = iri_of(role.target) if isinstance(role.target, Ref) else f"{ROOT}/events/{role.target}"
    weight = {} if role.weight is None else {"hw:weight": role.weight}
    further = {"hw:externalId": role.external_id, "hw:properties": role.properties}
    return {"hw:role": role.path, "hw:entity": entity, **weight} | {k: v for k, v in further.items() if v}


def test_names_that_begin_with_an_underscore_never_leave() -> None:
    """Events §23.1: nor in a client's own maps, at any depth."""
    own = {"shift": "night", "_x": 1, "deep": [{"_y": 2, "z": 3}]}
    left = {"shift": "night", "deep": [{"z": 3}]}
    role = replace(LOADED.roles[0], properties={"_why": 1})
    event = replace(LOADED, roles=(role,), properties=own, aspects={"dimensions": own})
    data = as2.activity(event, root=ROOT, iri_of=iri_of, name_of=name_of, public=True).data
    assert (data["hw:properties"], data["hw:dimensions"]) == (left, left)
    assert "hw:properties" not in data["hw:involves"][0]


@given(any_event)
def test_any_event_is_an_activity_in_which_nothing_is_missing(event: Event) -> None:
    """Events §23.1: every role and property is there in terms of ours, whatever else it is told by."""
    told = as2.activity(event, root=ROOT, iri_of=iri_of, name_of=name_of, public=True)
    validate.lenient(parse(dump.dump(told)))
    assert told.is_activity
    data = told.data
    assert data.get("hw:involves", []) == [involvement(one) for one in event.roles]
    assert data.get("hw:properties", {}) == event.properties
    for aspect in ("dimensions", "metrics", "items", "classification", "pageview"):
        assert not event.aspects.get(aspect) or data[f"hw:{aspect}"] == event.aspects[aspect]
    if event.aspects.get("never_heard_of"):
        assert "hw:aspects" in data
    spelled = {tag["name"] for tag in data.get("tag", ()) if tag["type"] == "Hashtag"}
    assert {f"#{tag}" for tag in event.aspects.get("tags", ())} <= spelled


@given(any_event)
def test_every_term_of_an_activity_has_a_meaning(event: Event) -> None:
    """Events §23.6, §25: under JSON-LD nothing falls away."""
    document = written(
        as2.activity(event, root=ROOT, iri_of=iri_of, name_of=name_of, public=True, received=1)
    )
    [expanded] = jsonld.expand(document)
    assert list(dropped(document, expanded)) == []


def test_every_term_of_the_others_has_a_meaning_too() -> None:
    ref = Ref.parse("Harbour/north")
    links = (Link(ref, "CLOSE:PART_OF", Ref.parse("Coast/1"), "e", 2.5, {"a": 1}, 0, 1),)
    entity = Entity(ref, {"address": {"city": "N"}, "ab_test": {"id": "x"}, "own": 1}, {"no": 1}, links)
    comment = Comment(
        ID, "x", "desk", THEN, (role("COMMENTS", "ASUser/bo"), role("MENTIONS", "ASUser/ada")), ("t",)
    )
    vote = Bump(ID, ref, ID, 0, "desk", THEN)
    for node in (
        as2.entity(entity, iri_of=iri_of, name_of=name_of, public=True),
        as2.comment(comment, root=ROOT, iri_of=iri_of, name_of=name_of, public=True),
        as2.bump(vote, root=ROOT, iri_of=iri_of, name_of=name_of, public=True),
    ):
        document = written(node)
        [expanded] = jsonld.expand(document)
        assert list(dropped(document, expanded)) == []


def dropped(node: dict[str, Any], expanded: dict[str, Any]) -> Iterator[str]:
    """Yield the terms of a document that have no meaning in its expanded form."""
    for term, member in node.items():
        meant = {"id": "@id", "type": "@type"}.get(term) or (
            term.replace("hw:", NS_HW) if term.startswith("hw:") else NS + term.removesuffix("Map")
        )
        if term == "@context":
            continue
        if meant not in expanded:
            yield term
            continue
        if term == "type":
            yield from (one for one in expanded["@type"] if ":" not in one)
        if term in OPAQUE or term in ("id", "type") or term.endswith("Map"):
            continue
        members = member if isinstance(member, list) else [member]
        for one, other in zip(members, expanded[meant], strict=False):
            if isinstance(one, dict):
                yield from dropped(one, other)


def test_blind_recipients_have_no_part() -> None:
    assert casting.place("MESSAGING:SENT_TO_BCC") == ""
    assert casting.place("INVOLVES:OWN_ROLE") == "context"
    assert casting.place("FEATURED") == "other"
