"""Row 5 of the checklist: entities are made and merged, and found by ref, id and list (Events §5, §7.1)."""

from typing import Any

import pytest
from eventsapi import Api, remarks

pytestmark = pytest.mark.anyio

KESTREL: dict[str, Any] = {
    "entity_ref": "Vessel:Tug/Kestrel-9",
    "aspects": {
        "presentation": {"label": "Kestrel", "details_url": "https://fleet.example/kestrel"},
        "classification": {"type": "workboat", "variant": "harbour tug", "categories": ["towing", "icebreaking"]},
        "metrics": {"bollard_pull": 41.5},
    },
    "relations": [
        {"BELONGS_TO": "Company/north-tow"},
        {"type": "AKA", "entity_ref": "Callsign/TFKE", "weight": 3, "active_from": "2029-01-01T00:00:00Z"},
    ],
    "properties": {"hull_no": "NT-9"},
}  # fmt: skip
"""The example of Events §5.1."""
ID = "03a18143-7276-30c6-8d86-10853e2f0f19"


async def test_the_example(api: Api) -> None:
    """Events §5.1, §5.4: with its links, which bring the others into being."""
    made = await api.admin.does("PUT", "entities/", KESTREL)
    assert (made["_valid"], made["_errors"]) == (True, [])
    shown = await api.admin.does("GET", "entities/Vessel/Kestrel-9")
    assert (shown["_class"], shown["_stream_id"], shown["_streamid"]) == ("Tug", ID, ID)
    assert {"_registered_at", "_last_updated"} <= set(shown)
    assert {name: shown[name] for name in ("entity_ref", "aspects", "properties")} == {
        name: KESTREL[name] for name in ("entity_ref", "aspects", "properties")
    }
    links = await api.admin.does("GET", "entities/Vessel/Kestrel-9/links")
    assert {(one["type"], one["$direction"], one["entity_ref"], one["weight"]) for one in links} == {
        ("BELONGS_TO", "OUT", "Company/north-tow", 0), ("AKA", "OUT", "Callsign/TFKE", 3),
    }  # fmt: skip
    assert (await api.admin.does("GET", "entities/Callsign/TFKE"))["entity_ref"] == "Callsign/TFKE"


async def test_ways_to_say_an_entity(api: Api) -> None:
    """Events §5.1, §5.4."""
    for method, path, body in (
        ("PUT", "entities/Vessel/a", {"label": "A"}),
        ("PUT", "entities/", {"entity_ref": "Vessel/b", "label": "B"}),
        ("POST", "entities", {"entity_type": "Vessel", "entity_id": "c", "label": "C"}),
        (
            "PUT",
            "entities",
            {"type": "as.api.entity", "entity_ref": "Vessel/d", "AKA": ["Phone/+3545550101"]},
        ),
    ):
        assert (await api.admin(method, path, body)).is_success, path
    found = await api.admin.does("GET", "entities/Vessel")
    assert {one["entity_ref"] for one in found} == {"Vessel/a", "Vessel/b", "Vessel/c", "Vessel/d"}
    (link,) = await api.admin.does("GET", "entities/Phone/%2B3545550101/links")
    assert (link["$direction"], link["entity_ref"]) == ("IN", "Vessel/d")
    told = await api.admin("PUT", "entities/Vessel/a", {"entity_ref": "Vessel/b"})
    assert told.status_code == 400


async def test_entities_are_found_by_ref_id_and_list(api: Api) -> None:
    """Events §5.4."""
    for ref in ("Vessel:Tug/Kestrel-9", "Vessel/b", "Plan/x,y"):
        await api.admin.does("PUT", "entities/", {"entity_ref": ref})

    async def refs(path: str, **query: Any) -> list[str]:
        return [one["entity_ref"] for one in await api.admin.does("GET", path, **query)]

    assert (await api.admin.does("GET", f"entities/{ID}"))["entity_ref"] == "Vessel:Tug/Kestrel-9"
    assert set(await refs("entities/Vessel")) == {"Vessel:Tug/Kestrel-9", "Vessel/b"}
    assert await refs("entities/Vessel:Tug") == ["Vessel:Tug/Kestrel-9"]
    assert await refs("entities/", ids="Vessel/b,Vessel/none,Vessel/kestrel-9,Plan/x%2Cy") == [
        "Vessel/b", "Vessel:Tug/Kestrel-9", "Plan/x,y",
    ]  # fmt: skip
    assert await refs("entities/Vessel/", ids="b,KESTREL-9") == ["Vessel/b", "Vessel:Tug/Kestrel-9"]
    page = await api.admin("GET", "entities/Vessel", size=1)
    assert (len(page.json()), page.headers["x-total-count"]) == (1, "2")
    assert (await api.admin.fails("GET", "entities/Vessel/none")).meaning == (404, "not_found")
    assert await refs("entities/None") == []


async def test_aspects_are_merged_or_replaced(api: Api) -> None:
    """Events §7.1: by what they are; blank, "null" and "_del" remove.

    Settings are merged though §7.1 replaces them: each message is a set of changes (Events §7.18).
    """

    async def said(**aspects: Any) -> dict[str, Any]:
        await api.admin.does("PUT", "entities/Vessel/k", {"aspects": aspects})
        found: dict[str, Any] = (await api.admin.does("GET", "entities/Vessel/k"))["aspects"]
        return found

    await said(
        presentation={"label": "K", "description": "tug", "icon": "k"}, dimensions={"quay": "7", "crew": "4"},
        classification={"type": "workboat", "tags": ["towing", "for sale"]}, metrics={"pull": 41, "draft": 3},
        address={"city": "Northport", "zip_code": "NP1"}, locale={"locale": "is", "currency": "ISK"},
        geo_location="64,-21", tags=["a", "b"], settings={"a": "1", "b": "2"}, inventory={"items_in_stock": 3},
    )  # fmt: skip
    now = await said(
        presentation={"description": "_del", "icon": "null", "details_url": "https://k.example/"},
        dimensions={"crew": ""}, classification={"variant": "tug", "tags": ["+refitted", "-for sale"]},
        metrics={"draft": 4}, address={"city": "Southport"}, locale={"locale": "en"},
        geo_location={"latlong": "1,2", "type": "work"}, tags=["c"], settings={"b": "3"},
        inventory={"items_for_sale": 1},
    )  # fmt: skip
    assert now == {
        "presentation": {"label": "K", "details_url": "https://k.example/"},
        "dimensions": {"quay": "7"},
        "classification": {"type": "workboat", "variant": "tug", "tags": ["towing", "refitted"]},
        "metrics": {"pull": 41, "draft": 4},
        "address": {"city": "Southport"},
        "locale": {"locale": "en"},
        "geo_location": {"latlong": "1,2", "latitude": 1, "longitude": 2, "type": "work"},
        "tags": ["c"],
        "settings": {"a": "1", "b": "3"},
        "inventory": {"items_for_sale": 1},
    }
    assert (await said(classification={"tags": ["plain"]}))["classification"]["tags"] == ["plain"]


async def test_each_change_is_an_event_and_what_changes_nothing_is_none(api: Api) -> None:
    """Events §5.2."""
    for label in ("K", "K", "L"):
        await api.admin.does("PUT", "entities/Vessel/k", {"label": label})
    await api.admin.does(
        "PUT", "entities/", {"type": "as.api.entity.preprocess", "entity_ref": "Vessel/k", "label": "M"}
    )
    told = await api.admin.does("GET", "entities/Vessel/k/events")
    assert [one["type"] for one in told] == ["as.entity.updated", "as.entity.created"]
    assert told[0]["aspects"]["entities"][0]["aspects"] == {"presentation": {"label": "L"}}
    assert told[0]["involves"] == [
        {"role": "ACTOR", "entity_ref": "ASUser/admin"}, {"role": "AFFECTS", "entity_ref": "Vessel/k"},
    ]  # fmt: skip
    assert (await api.admin.does("GET", "entities/Vessel/k"))["aspects"]["presentation"]["label"] == "M"


async def test_an_event_that_comes_again_still_tells_of_its_entities(api: Api) -> None:
    """Events §5.2."""
    event: dict[str, Any] = {"type": "as.x.done", "origin": "o", "occurred_at": "2031-03-04T10:00:00Z"}
    for number, label in enumerate(("K", "L")):
        involves = [{"ACTOR": {"entity_ref": "Employee/Ada", "label": label}}]
        answer = await api.admin("POST", "events", {**event, "involves": involves})
        assert answer.status_code == (201, 200)[number]
    shown = await api.admin.does("GET", "entities/Employee/Ada")
    assert shown["aspects"]["presentation"]["label"] == "L"


async def test_nothing_is_made_by_asking(api: Api) -> None:
    """Events §5.2: a mention makes an entity, a question does not; nothing deletes one."""
    assert (await api.admin.fails("GET", "entities/Vessel/k")).status == 404
    assert (await api.admin.fails("GET", "entities/Vessel/k/events")).status == 404
    involves = [{"ACTOR": "Employee/Ada"}, {"REMOVES": "Vessel/k"}]
    await api.admin.does("POST", "events", {"type": "as.x.removed", "involves": involves})
    assert (await api.admin.does("GET", "entities/Vessel/k"))["aspects"]["status"]["is_deleted"] is True


async def test_what_is_older_changes_nothing(api: Api) -> None:
    """Events §7.1: the time of measurement."""
    for hour, pull in ((10, 41), (9, 7)):
        said = {"occurred_at": f"2031-03-04T{hour:02}:00:00Z", "aspects": {"metrics": {"pull": pull}}}
        await api.admin.does("PUT", "entities/Vessel/k", said)
    assert (await api.admin.does("GET", "entities/Vessel/k"))["aspects"]["metrics"] == {"pull": 41}


async def test_the_same_entity_several_times_in_one_message(api: Api) -> None:
    """Events §18.1: merged in the order in which they appear."""
    involves = [
        {"ACTOR": {"entity_ref": "Employee/Ada", "label": "A", "properties": {"a": 1}}},
        {"AFFECTS": {"entity_ref": "Employee/ada", "label": "Ada"}},
    ]
    await api.admin.does("POST", "events", {"type": "as.x.done", "involves": involves})
    shown = await api.admin.does("GET", "entities/Employee/Ada")
    assert (shown["aspects"]["presentation"]["label"], shown["properties"]) == ("Ada", {"a": 1})


async def test_messages_of_entities_are_checked(api: Api) -> None:
    told = await api.admin.does("POST", "entities/validate", {"label": "K", "colour": 1})
    assert {("error", "missing_field", "entity_ref"), ("warning", "ignored_field", "colour")} <= remarks(told)


async def test_what_is_said_beside_aspects_stays(api: Api) -> None:
    """Events §5.1, §5.2: an archetype, a partition and members that enrich; news of them are told, the same is not."""
    said = {"archetype": "Campaign", "archetype_variant": "Mailing", "partition": "quay", "_tid": "t-1"}
    made = await api.admin.does("PUT", "entities/", {"entity_ref": "Mailing/8", **said})
    assert {name: made[name] for name in said} == said
    for body in ({"label": "Spring"}, {"archetype": "Campaign"}):
        await api.admin.does("PUT", "entities/Mailing/8", body)
    shown = await api.admin.does("GET", "entities/Mailing/8")
    assert {name: shown[name] for name in said} == said
    told = await api.admin.does("GET", "entities/Mailing/8/events")
    assert [one["type"] for one in told] == ["as.entity.updated", "as.entity.created"]
    assert told[1]["aspects"]["entities"][0]["archetype"] == "Campaign"
    await api.admin.does("PUT", "entities/Mailing/8", {"archetype": "Letter"})
    assert (await api.admin.does("GET", "entities/Mailing/8"))["archetype"] == "Letter"
    assert len(await api.admin.does("GET", "entities/Mailing/8/events")) == 3


async def test_when_what_is_known_was_measured_is_shown(api: Api) -> None:
    """Events §5.1: what was sent comes back, and may be sent again."""
    sent = {
        "entity_ref": "Vessel/a", "occurred_at": "2031-03-04T06:00:00.000Z", "aspects": {"metrics": {"draught": 3}},
    }  # fmt: skip
    await api.admin.does("PUT", "entities/", sent)
    shown = await api.admin.does("GET", "entities/Vessel/a")
    assert {name: shown[name] for name in sent} == sent
    again = await api.admin("PUT", "entities/", shown)
    assert (again.status_code, remarks(again.json())) == (200, set())
    assert len(await api.admin.does("GET", "entities/Vessel/a/events")) == 1


async def test_an_entity_is_deleted_by_its_message(api: Api) -> None:
    """Events §5.2: it is hidden by its status, and comes back."""
    for said in (True, False):
        made = await api.admin.does("PUT", "entities/Vessel/b", {"$delete": said})
        assert made["aspects"]["status"] == {"is_deleted": said}
