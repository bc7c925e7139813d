"""What becomes of entities: they come to be when they are mentioned, and are what was said of them last (Events §5)."""

import json
from typing import Any

import pytest
from logbook import BASE, START, Logbook

from storage import eventreaders, objects, points
from streams.events import Reader, entities, reading
from streams.events.wanted import Everything, Wanted

pytestmark = pytest.mark.anyio


def aspects_of(row: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row.aspects)
    return found


async def told(logbook: Logbook) -> list[dict[str, Any]]:
    """What events tell of changed entities, in order."""
    rows = await logbook.rows("SELECT type, body FROM events WHERE type LIKE 'as.entity.%' ORDER BY id")
    return [{"type": type, **json.loads(body)["aspects"]["entities"][0]} for type, body in rows]


async def test_an_entity_comes_to_be_when_it_is_mentioned(logbook: Logbook) -> None:
    """Events §5.2: in roles, links and lines; in another spelling it is the same (§2.2)."""
    links = {"PROXY_FOR": "Customer/c-88"}
    await logbook.event(
        involves=[{"ACTOR": "WebSession/s-51", **links}], aspects={"items": [{"PURCHASED": "Mug/Blue"}]}
    )
    await logbook.event("as.x.done", involves=[{"ACTOR": "Employee/Ada"}, {"AFFECTS": "mug/BLUE"}])
    rows = await logbook.rows("SELECT key, type, name FROM event_entities ORDER BY key")
    assert rows == [
        ("customer/c-88", "Customer", "c-88"),
        ("employee/ada", "Employee", "Ada"),
        ("mug/blue", "Mug", "Blue"),
        ("websession/s-51", "WebSession", "s-51"),
    ]


async def test_the_finest_type_wins(logbook: Logbook) -> None:
    """Events §2.1: and the address stays."""
    first = await logbook.entity("Vessel/Kestrel-9")
    again = await logbook.entity("vessel:Tug/kestrel-9")
    await logbook.event(involves=[{"ACTOR": "Vessel/Kestrel-9"}])
    row = await logbook.known("Vessel/Kestrel-9")
    assert (row.type, row.kind, row.root, row.name) == ("Vessel:Tug", "vessel:tug", "vessel", "Kestrel-9")
    assert (first.created, again.created, first.id) == (True, False, again.id)
    assert await logbook.store.read(objects.iri_of, row.id) == f"{BASE}/entities/Vessel/Kestrel-9"


async def test_it_is_the_entity_that_feeds_name(logbook: Logbook) -> None:
    """References meet: what another door has named keeps its row."""
    id = await logbook.store.write(objects.name, f"{BASE}/entities/Vessel/k", now=START)
    assert (await logbook.entity("Vessel:Tug/k")).id == id


async def test_what_is_said_is_merged(logbook: Logbook) -> None:
    """Events §7.1: some aspects keep what is not said anew, others are replaced."""
    await logbook.entity(
        "Vessel/k", aspects={"presentation": {"label": "Kestrel", "description": "tug"}, "tags": ["a"]},
        properties={"hull": "NT-9", "old": 1},
    )  # fmt: skip
    said = await logbook.entity(
        "Vessel/k", label="Kestrel II", aspects={"tags": ["b"]}, properties={"old": None, "new": [1]}
    )
    row = await logbook.known("Vessel/k")
    assert aspects_of(row)["presentation"] == {"label": "Kestrel II", "description": "tug"}
    assert aspects_of(row)["tags"] == ["b"]
    assert json.loads(row.properties) == {"hull": "NT-9", "new": [1]}
    assert row.label == "Kestrel II"
    assert said.body["aspects"] == aspects_of(row)
    assert said.body["_stream_id"] == row.stream_id


async def test_each_change_is_told_with_what_it_changed(logbook: Logbook) -> None:
    """Events §5.2: an event of its own; a message that changes nothing tells nothing."""
    await logbook.entity("Vessel/k", label="Kestrel", properties={"hull": "NT-9"})
    await logbook.entity("Vessel/k", label="Kestrel")
    await logbook.entity("Vessel/k", properties={"hull": "NT-10"}, relations=[{"BELONGS_TO": "Company/n"}])
    await logbook.entity("Vessel/k", relations=[{"BELONGS_TO": "Company/n"}])
    assert await told(logbook) == [
        {
            "type": "as.entity.created", "action": "CREATES", "entity": "Vessel/k",
            "aspects": {"presentation": {"label": "Kestrel"}}, "properties": {"hull": "NT-9"},
        },
        {
            "type": "as.entity.updated", "action": "UPDATES", "entity": "Vessel/k",
            "properties": {"hull": "NT-10"}, "links": [{"type": "BELONGS_TO", "entity_ref": "Company/n"}],
        },
    ]  # fmt: skip
    [(roles,)] = await logbook.rows(
        "SELECT count(*) FROM event_roles r JOIN event_entities n ON n.id = r.named"
        " WHERE n.key = 'asuser/bo' AND r.path = 'ACTOR'"
    )
    assert roles == 2


async def test_who_is_nobody_is_the_tenants_service(logbook: Logbook) -> None:
    """Events §5.2: a key without a user changes entities as a service."""
    await logbook.record(("entity", {"entity_ref": "Vessel/k", "label": "Kestrel"}), by=None)
    assert await logbook.find("ASService/default") is not None


async def test_a_quiet_message_is_told_by_no_event(logbook: Logbook) -> None:
    """Events §5.1: it changes the entity all the same."""
    await logbook.entity("Vessel/k", label="Kestrel", type="as.api.entity.preprocess")
    assert await told(logbook) == []
    assert (await logbook.known("Vessel/k")).label == "Kestrel"


async def test_what_is_told_is_for_those_who_may_know_of_the_entity(logbook: Logbook) -> None:
    """Events §3.6: what was said of a restricted entity is restricted as well."""
    made = await logbook.entity("Vessel/k", label="Kestrel", acl=[{"READ": "ASUser/bo"}])
    row = await logbook.known("Vessel/k")
    assert row.restricted == 1
    [(item, restricted)] = await logbook.rows("SELECT id, restricted FROM events")
    assert restricted == 1
    readers = await logbook.store.read(eventreaders.of, [made.id, item])
    assert [reader.party for reader in readers[made.id]] == ["asuser/bo"]
    assert [reader.party for reader in readers[item]] == ["asuser/bo"]
    await logbook.entity("Vessel/k", acl=[])
    assert (await logbook.known("Vessel/k")).restricted == 0
    assert await logbook.store.read(eventreaders.of, [made.id]) == {}


async def test_what_applied_earlier_changes_nothing_that_is_newer(logbook: Logbook) -> None:
    """Events §7.1: a late message says how it was then, and what is not known otherwise."""
    await logbook.entity("Vessel/k", occurred_at="2031-03-02T00:00:00Z", aspects={"tags": ["newer"]})
    await logbook.entity(
        "Vessel/k", occurred_at="2031-03-01T00:00:00Z", label="Kestrel", aspects={"tags": ["older"]}
    )
    row = await logbook.known("Vessel/k")
    assert aspects_of(row) == {"presentation": {"label": "Kestrel"}, "tags": ["newer"]}
    then = await logbook.store.read(entities.state_at, row.id, START + 2 * 86_400_000_000)
    assert then[0]["tags"] == ["older"]


async def test_the_state_at_a_moment_is_known(logbook: Logbook) -> None:
    """Events §5.2: before the first message there is none."""
    await logbook.entity("Vessel/k", label="one")
    before = logbook.now[0]
    await logbook.entity("Vessel/k", label="two", properties={"a": 1})
    row = await logbook.known("Vessel/k")
    at = [
        await logbook.store.read(entities.state_at, row.id, when) for when in (START, before, before + 10_000)
    ]
    assert at == [
        ({}, {}),
        ({"presentation": {"label": "one"}}, {}),
        ({"presentation": {"label": "two"}}, {"a": 1}),
    ]


async def test_entities_inside_an_event_are_merged_in_order(logbook: Logbook) -> None:
    """Events §5.3, §18.1: and no event of their own tells of it."""
    first = {"entity_ref": "Vessel/k", "label": "one", "properties": {"a": 1}}
    second = {"entity_ref": "Vessel/k", "label": "two"}
    await logbook.event(involves=[{"ACTOR": "Employee/Ada"}, {"AFFECTS": first}, {"REFERENCES": second}])
    row = await logbook.known("Vessel/k")
    assert (row.label, json.loads(row.properties)) == ("two", {"a": 1})
    assert await told(logbook) == []


async def test_roles_end_and_begin_an_entity(logbook: Logbook) -> None:
    """Events §5.3: it is hidden, and there again; nothing is forgotten."""
    both = [{"ACTOR": "Employee/Ada"}]
    await logbook.entity("Vessel/k", label="Kestrel")
    ends = await logbook.event("as.x.scrapped", involves=[*both, {"REMOVES": "Vessel/k"}])
    row = await logbook.known("Vessel/k")
    assert (row.deleted, row.label) == (1, "Kestrel")
    again = await logbook.event("as.x.scrapped", involves=[*both, {"REMOVES": "Vessel/k"}])
    assert not again.created
    later = "2031-03-05T10:00:00Z"
    await logbook.event("as.x.built", occurred_at=later, involves=[*both, {"CREATES": "Vessel/k"}])
    assert (await logbook.known("Vessel/k")).deleted == 0
    assert ends.created


async def test_an_event_replaces_or_merges_what_its_entities_are(logbook: Logbook) -> None:
    """Events §5.3: the aspects update and patch, for all that the event AFFECTS."""
    await logbook.entity("Vessel/k", aspects={"presentation": {"label": "Kestrel", "description": "tug"}})
    involves = [{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Vessel/k"}]
    change = {"aspects": {"presentation": {"label": "K"}}, "properties": {"hull": 1}}
    await logbook.event("as.x.patched", involves=involves, aspects={"patch": change})
    row = await logbook.known("Vessel/k")
    assert aspects_of(row)["presentation"] == {"label": "K", "description": "tug"}
    later = {"occurred_at": "2031-03-05T10:00:00Z", "involves": involves}
    await logbook.event("as.x.updated", **later, aspects={"update": change})
    row = await logbook.known("Vessel/k")
    assert aspects_of(row)["presentation"] == {"label": "K"}
    assert json.loads(row.properties) == {"hull": 1}


async def test_settings_are_known_at_any_time(logbook: Logbook) -> None:
    """Events §7.18: each event is one change set, whatever order they come in."""
    involves = [{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Vessel/k"}]

    async def given(day: int, **settings: str) -> None:
        at = f"2031-03-{day:02}T00:00:00Z"
        await logbook.event("as.x.set", occurred_at=at, involves=involves, aspects={"settings": settings})

    await given(3, radio="16", night="on")
    await given(5, radio="12")
    await given(4, radio="9", night="off")
    row = await logbook.known("Vessel/k")
    days = {day: START + (day + 1) * 86_400_000_000 for day in (2, 3, 4, 5)}
    at = [await logbook.store.read(entities.settings_at, row.id, when) for when in days.values()]
    assert at == [
        {},
        {"radio": "16", "night": "on"},
        {"radio": "9", "night": "off"},
        {"radio": "12", "night": "off"},
    ]
    assert aspects_of(row)["settings"] == {"radio": "12", "night": "off"}
    await given(5, radio="12")
    [(rows,)] = await logbook.rows("SELECT count(*) FROM event_settings")
    assert rows == 5


async def test_where_somebody_is_is_noted(logbook: Logbook) -> None:
    """Events §7.10: for the role that the event names; what was earlier changes nothing."""
    place = {"latlong": "64.1,-21.9", "track_for": "ACTOR"}
    await logbook.event(aspects={"geo_location": place})
    await logbook.event(
        occurred_at="2031-03-01T00:00:00Z", aspects={"geo_location": {**place, "latlong": "1.0,2.0"}}
    )
    located = aspects_of(await logbook.known("Employee/Ada"))["geo_location"]
    assert located["latlong"].startswith("64.1,")
    assert "track_for" not in located


async def test_trades_adjust_what_there_is_of_a_product(logbook: Logbook) -> None:
    """Events §7.22: once for each event, of products whose stock is known."""
    await logbook.entity("Mug/blue", aspects={"inventory": {"items_in_stock": 50, "items_sold": 3}})
    sale = {
        "involves": [{"BUYER": "Customer/c-88"}],
        "aspects": {"items": [{"PURCHASED": "Mug/blue", "item_count": 2}, {"PURCHASED": "Mug/red"}]},
    }
    sold = await logbook.event("as.commerce.purchase.completed", **sale)
    await logbook.event("as.commerce.purchase.completed", **sale)
    inventory = aspects_of(await logbook.known("Mug/blue"))["inventory"]
    assert (inventory["items_in_stock"], inventory["items_sold"]) == (48, 5)
    assert "inventory" not in aspects_of(await logbook.known("Mug/red"))
    assert len(await logbook.parts_of(sold.id)) == 2


async def test_what_is_measured_of_an_entity_is_a_point(logbook: Logbook) -> None:
    """Events §7.1, §6.4: also of what it measures; the numbers that it had stay."""
    await logbook.entity("Sensor/s", relations=[{"MEASURES": "Vessel/k"}], aspects={"metrics": {"rpm": 1400}})
    await logbook.entity(
        "Sensor/s",
        occurred_at="2031-03-04T00:00:00Z",
        aspects={"metrics": {"heat": 80}, "dimensions": {"side": "port"}},
    )
    assert aspects_of(await logbook.known("Sensor/s"))["metrics"] == {"rpm": 1400, "heat": 80}
    [(item,)] = await logbook.rows("SELECT id FROM events WHERE type = 'as.entity.updated'")
    kept = await logbook.store.read(points.of_item, logbook.tenant.id, item)
    [point] = [point for point in kept if point.dataset == "timeseries"]
    assert point.series == "entity.sensor"
    assert point.metrics == {"heat": 80.0}
    assert dict(point.dimensions) == {
        "sensor": "s", "vessel": "k", "side": "port", "source": "default.unspecified", "origin": "default.unspecified",
    }  # fmt: skip


async def test_said_apart_or_inside_it_is_the_same(logbook: Logbook) -> None:
    """Events §18.1: an entity message and an event leave what the event with the entity inside leaves."""
    other = await Logbook.made(logbook.store, "north")
    entity = {
        "entity_ref": "Vessel:Tug/k",
        "label": "Kestrel",
        "aspects": {"tags": ["a"], "metrics": {"pull": 41.5}},
        "properties": {"hull": "NT-9"},
        "relations": [{"BELONGS_TO": "Company/n", "active_from": "2031-01-01T00:00:00Z"}],
    }
    await logbook.event(involves=[{"ACTOR": "Employee/Ada"}, {"AFFECTS": entity}])
    await other.entity(
        **{"ref": entity["entity_ref"], **{n: v for n, v in entity.items() if n != "entity_ref"}}
    )
    await other.event(involves=[{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Vessel:Tug/k"}])

    async def graph(of: Logbook) -> list[list[tuple[Any, ...]]]:
        return [
            await of.rows(
                "SELECT key, type, label, aspects, properties FROM event_entities"
                " WHERE tenant = :tenant AND root <> 'asuser' ORDER BY key",
                tenant=of.tenant.id,
            ),
            await of.rows(
                "SELECT s.key, l.path, t.key, l.active_from, l.active_until FROM event_links l"
                " JOIN event_entities s ON s.id = l.source JOIN event_entities t ON t.id = l.target"
                " WHERE l.tenant = :tenant",
                tenant=of.tenant.id,
            ),
            await of.rows(
                "SELECT n.key, r.path FROM event_roles r JOIN event_entities n ON n.id = r.named"
                " JOIN events i ON i.id = r.item WHERE i.tenant = :tenant AND i.type = 'as.fleet.van.washed'"
                " ORDER BY n.key",
                tenant=of.tenant.id,
            ),
        ]

    assert await graph(logbook) == await graph(other)
    assert [len(rows) for rows in await graph(other)] == [3, 1, 2]


async def test_changes_are_found_by_their_types(logbook: Logbook) -> None:
    """Events §5.2, §16: the events that tell of them are listed by type like all others."""
    await logbook.entity("Vessel/k", properties={"a": 1})
    await logbook.entity("Vessel/k", properties={"a": 2})
    reader = Reader(logbook.tenant.id)
    for types, wanted in (
        (("as.entity",), {"as.entity.created", "as.entity.updated"}),
        (("as.entity.updated",), {"as.entity.updated"}),
    ):
        page = await logbook.store.read(
            reading.page, logbook.space, reader, Wanted(Everything(), types=types)
        )
        assert {item["type"] for item in page.items} == wanted
