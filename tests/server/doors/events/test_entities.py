"""Entities over HTTP (Events §5.4, §2.1)."""

from typing import Any

import pytest
from eventsapi import EVENT, Api, Caller

pytestmark = pytest.mark.anyio

KESTREL = {
    "entity_ref": "Vessel:Tug/Kestrel-9",
    "label": "Kestrel",
    "relations": [{"BELONGS_TO": "Company/north-tow"}],
    "properties": {"hull_no": "NT-9"},
}
KESTREL_ID = "03a18143-7276-30c6-8d86-10853e2f0f19"


async def test_an_entity_is_put_and_shown(events_api: Api) -> None:
    made = await events_api.admin("PUT", "entities/Vessel:Tug/Kestrel-9", {**KESTREL, "entity_ref": None})
    assert made.status_code == 201, made.text
    assert (made.json()["_stream_id"], made.json()["_valid"]) == (KESTREL_ID, True)
    again = await events_api.admin("PUT", "entities/Vessel/kestrel-9", {"properties": {"hull_no": "NT-10"}})
    assert again.status_code == 200
    for path in ("Vessel/Kestrel-9", "Vessel:Tug/kestrel-9", KESTREL_ID):
        told = await events_api.admin.does("GET", f"entities/{path}")
        assert told["entity_ref"] == "Vessel:Tug/Kestrel-9"
        assert told["properties"] == {"hull_no": "NT-10"}
        assert told["aspects"]["presentation"]["label"] == "Kestrel"


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_entities_are_put_by_their_references(events_api: Api, method: str) -> None:
    told = await events_api.admin.does(method, "entities/", KESTREL)
    assert told["_stream_id"] == KESTREL_ID
    several = await events_api.admin.does(method, "entities", [KESTREL, {"entity_ref": "Crew/Ada"}])
    assert [one["entity_ref"] for one in several] == ["Vessel:Tug/Kestrel-9", "Crew/Ada"]


async def test_an_entity_as_it_was(events_api: Api) -> None:
    """Events §5.2, §7.18: what was known of it at an instant."""
    for day, load in (("01", "coal"), ("03", "tea")):
        said = {
            "occurred_at": f"2021-03-{day}T00:00:00Z", "properties": {"load": load},
            "aspects": {"settings": {"radio": day}},
        }  # fmt: skip
        await events_api.admin.does("PUT", "entities/Vessel/Kestrel-9", said)
    path = "entities/Vessel/Kestrel-9"
    then = await events_api.admin.does("GET", path, at="2021-03-02T00:00:00Z")
    assert (then["entity_ref"], then["properties"]) == ("Vessel/Kestrel-9", {"load": "coal"})
    assert (await events_api.admin.does("GET", path, at="2021-03-04"))["properties"] == {"load": "tea"}
    assert await events_api.admin.does("GET", f"{path}/settings", at="2021-03-02") == {"radio": "01"}
    assert await events_api.admin.does("GET", f"{path}/settings") == {"radio": "03"}
    assert (await events_api.admin.does("GET", path))["occurred_at"] == "2021-03-03T00:00:00.000Z"
    before = await events_api.admin.does("GET", path, at="2020-01-01")
    assert (before["aspects"], before["properties"]) == ({}, {})
    assert "occurred_at" not in before
    assert (await events_api.admin.fails("GET", path, at="soon")).meaning == (400, "invalid_value")


async def test_the_body_must_not_contradict_the_path(events_api: Api) -> None:
    """Events §5.4, §5.1: however it names the entity."""
    older = {"entity_type": "Vessel", "entity_id": "Kestrel-9"}
    for said in (KESTREL, older, {"entity_id": "Kestrel-9"}):
        found = await events_api.admin.fails("PUT", "entities/Vessel/Heron", said)
        assert found.meaning == (400, "invalid_value")
        assert found.message.startswith("entity_ref: ")
    assert (await events_api.admin.does("PUT", "entities/Vessel/kestrel-9", older))["_stream_id"]


@pytest.mark.parametrize(
    ("ref", "path"),
    [
        ("Berth/7/b", "Berth/7%2Fb"), ("Harbour/Åby", "Harbour/%C3%85by"), ("Mail/a+b@c.example", "Mail/a+b@c.example"),
        ("Box/two words", "Box/two%20words"), ("Odd/events", "Odd/events"), ("Odd/a%2Fb", "Odd/a%252Fb"),
        ("Tag/tags", "Tag/tags"),
    ],
)  # fmt: skip
async def test_ids_survive_their_encoding(events_api: Api, ref: str, path: str) -> None:
    """Events §2.1: an encoded slash belongs to the id."""
    assert (await events_api.admin.does("PUT", f"entities/{path}", {}))["entity_ref"] == ref
    assert (await events_api.admin.does("GET", f"entities/{path}"))["entity_ref"] == ref
    assert await events_api.admin.does("GET", f"entities/{path}/links") == []


async def test_a_type_has_those_below_it(events_api: Api) -> None:
    """Events §2.1, §5.4: a list by type, or some by their ids."""
    refs = ["Vessel:Tug/a", "Vessel/b", "Vessel:Tug/c,d", "Vesselry/e"]
    await events_api.admin.does("POST", "entities", [{"entity_ref": ref} for ref in refs])

    async def listed(path: str, **query: str) -> list[str]:
        return [one["entity_ref"] for one in await events_api.admin.does("GET", f"entities/{path}", **query)]

    assert sorted(await listed("Vessel")) == sorted(refs[:3])
    assert sorted(await listed("Vessel:Tug/")) == ["Vessel:Tug/a", "Vessel:Tug/c,d"]
    assert await listed("Vessel/", ids="b,nothing,a,c%2Cd") == ["Vessel/b", "Vessel:Tug/a", "Vessel:Tug/c,d"]
    assert await listed("", ids="Vessel/b,Vesselry/e,Vessel/c%2Cd") == [
        "Vessel/b",
        "Vesselry/e",
        "Vessel:Tug/c,d",
    ]
    assert await listed("Nothing") == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("Ves.sel", {}), ("", {}), ("", {"ids": ""}), ("", {"ids": "nothing"}), ("Vessel/%20", {}), ("a b/c", {}),
        ("Vessel/x/links", {"direction": "UP"}), ("Vessel", {"size": "many"}), ("Vessel", {"q": "("}),
    ],
)  # fmt: skip
async def test_what_makes_no_sense(events_api: Api, path: str, query: dict[str, str]) -> None:
    await events_api.admin.does("PUT", "entities/Vessel/x", {})
    found = await events_api.admin.fails("GET", f"entities/{path}", **query)
    assert found.status == 400
    assert found.code in ("invalid_value", "invalid_reference", "invalid_filter")


async def test_links_are_told_from_both_ends(events_api: Api) -> None:
    """Events §5.4, §6."""
    await events_api.admin.does("PUT", "entities", KESTREL)

    async def links(path: str, **query: str) -> list[tuple[Any, ...]]:
        found = await events_api.admin.does("GET", f"entities/{path}/links", **query)
        return [(one["type"], one["$direction"], one["entity_ref"]) for one in found]

    assert await links("Vessel/Kestrel-9") == [("BELONGS_TO", "OUT", "Company/north-tow")]
    assert await links("Company/north-tow") == [("BELONGS_TO", "IN", "Vessel:Tug/Kestrel-9")]
    assert await links("Vessel/Kestrel-9", direction="IN") == []
    assert await links("Vessel/Kestrel-9", type="AKA,BELONGS_TO") == [
        ("BELONGS_TO", "OUT", "Company/north-tow")
    ]
    assert await links("Vessel/Kestrel-9", type="AKA") == []


async def test_an_entity_s_stream(events_api: Api) -> None:
    await events_api.admin.does("POST", "events", EVENT)
    stream = await events_api.admin.does("GET", "entities/Vessel:Tug/Kestrel-9/events")
    assert [one["type"] for one in stream] == [EVENT["type"]]


@pytest.mark.parametrize("below", ["", "/links", "/events", "/settings", "/comments", "/bumps", "/bumped"])
async def test_what_is_not_there(events_api: Api, below: str) -> None:
    assert (await events_api.admin.fails("GET", f"entities/Vessel/nothing{below}")).status == 404


async def test_rules_guard_entities(events_api: Api) -> None:
    """Events §1.4, §3.6: reading is 404, changing 403; to name it is free."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    secret = {
        "entity_ref": "Plan/x",
        "properties": {"a": 1},
        "acl": [{"MANAGE": "ASUser/bo"}, {"READ": "ASUser/cy"}],
    }
    await events_api.admin.does("PUT", "entities", secret)
    cy = await events_api.caller("cy")
    for below in ("", "/links", "/events", "/settings", "/comments", "/bumps", "/bumped"):
        assert (await eve.fails("GET", f"entities/Plan/x{below}")).status == 404
    assert (await cy.does("GET", "entities/Plan/x"))["properties"] == {"a": 1}
    for who in (eve, cy):
        assert (await who.fails("PUT", "entities/Plan/x", {"properties": {"a": 2}})).meaning == (
            403,
            "not_allowed",
        )
        embedded = [{"ACTOR": "User/e"}, {"AFFECTS": {"entity_ref": "Plan/x", "acl": [{"READ": "Public"}]}}]
        assert (await who.fails("POST", "events", {**EVENT, "involves": embedded})).status == 403
    assert (await bo.does("PUT", "entities/Plan/x", {"properties": {"a": 3}}))["properties"] == {"a": 3}
    named = [{"ACTOR": "User/e"}, {"AFFECTS": "Plan/x"}]
    assert (await eve("POST", "events", {**EVENT, "involves": named})).status_code == 201


@pytest.mark.parametrize("everybody", [False, True])
@pytest.mark.parametrize(
    ("role", "aspects"),
    [
        ("AFFECTS", {"update": {"properties": {"a": 2}}}),
        ("AFFECTS", {"patch": {"aspects": {"tags": ["x"]}}}),
        ("REFERENCES", {"entities": [{"action": "UPDATES", "entity": "Plan/x", "properties": {"a": 2}}]}),
        ("REFERENCES", {"entities": [{"action": "REMOVES", "entity": "Plan/x"}]}),
        ("AFFECTS", {"settings": {"mode": "night"}}),
        ("AFFECTS", {"geo_location": {"latlong": "1,2", "track_for": "AFFECTS"}}),
        ("REMOVES", {}),
    ],
)
async def test_rules_guard_entities_from_events(
    events_api: Api, role: str, aspects: Any, everybody: bool
) -> None:
    """Events §5.3, §3.6: what an event makes of an entity is a change of it; all may read what few manage."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    rules = [{"MANAGE": "ASUser/bo"}, *([{"READ": "Public"}] if everybody else [])]
    await events_api.admin.does(
        "PUT", "entities", {"entity_ref": "Plan/x", "properties": {"a": 1}, "acl": rules}
    )
    kept = await bo.does("GET", "entities/Plan/x")
    said = {**EVENT, "involves": [{"ACTOR": "User/e"}, {role: "Plan/x"}], "aspects": aspects}
    assert (await eve.fails("POST", "events", said)).meaning == (403, "not_allowed")
    assert (await eve.fails("PUT", "entities/Plan/x", {"properties": {"a": 2}})).status == 403
    assert await bo.does("GET", "entities/Plan/x") == kept
    created = {**said, "involves": [{"ACTOR": "User/e"}, {"CREATES": "Plan/x"}], "aspects": {}}
    assert (await eve("POST", "events", created)).status_code == 201
    assert (await bo("POST", "events", said)).status_code == 201
    changed = await bo.does("GET", "entities/Plan/x")
    assert (changed["aspects"], changed["properties"]) != (kept["aspects"], kept["properties"])


@pytest.mark.parametrize(
    "said",
    [
        {"entity_ref": "ASUser/eve", "relations": [{"MEMBER_OF": "Group/board"}]},
        {"entity_ref": "ASUser/eve", "relations": [{"AKA": "ASUser/admin"}]},
        {"entity_ref": "Employee/boss", "relations": [{"AKA": "Employee/eve"}]},
        {"entity_ref": "Employee/eve", "relations": [{"PART_OF": "Group/board"}]},
        {"entity_ref": "ASUser/bo", "relations": [{"PART_OF:REPORTS_TO": "ASUser/eve"}]},
    ],
)
async def test_nobody_gives_themselves_rights(events_api: Api, said: Any) -> None:
    """Events §3.6: rules mean people by what is linked to them; who that is, users do not say."""
    await events_api.admin.does(
        "POST", "entities",
        [
            {"entity_ref": "ASUser/boss", "relations": [{"AKA": "Employee/boss"}]},
            {"entity_ref": "Plan/x", "acl": [{"READ": "Group/board"}]},
        ],
    )  # fmt: skip
    eve = await events_api.caller("eve")
    assert (await eve.fails("PUT", "entities", said)).meaning == (403, "not_allowed")
    inside = [{"ACTOR": "User/e"}, {"AFFECTS": said}]
    assert (await eve.fails("POST", "events", {**EVENT, "involves": inside})).status == 403
    assert (await eve.fails("GET", "entities/Plan/x")).status == 404
    assert (await events_api.admin("PUT", "entities", said)).is_success
    harmless = {"entity_ref": "Customer/1", "relations": [{"AKA": "Mail/a@b.example"}]}
    assert (await eve("PUT", "entities", harmless)).status_code == 201


async def test_groups_and_leaders_see_what_rules_let_them(events_api: Api) -> None:
    """Events §3.6, §17.2."""
    await events_api.admin.does(
        "POST", "entities",
        [
            {
                "entity_ref": "ASUser/bo",
                "relations": [{"MEMBER_OF": "Group/crew"}, {"PART_OF:REPORTS_TO": "ASUser/lea"}],
            },
            {"entity_ref": "Group/crew", "relations": [{"PART_OF": "Group/all"}]},
            {"entity_ref": "Plan/crew", "acl": [{"READ": "Group/all"}]},
            {"entity_ref": "Plan/bo", "acl": [{"READ": "ASUser/bo"}]},
            {"entity_ref": "Plan/leaders", "acl": [{"READ": "TEAM_LEADER"}]},
        ],
    )  # fmt: skip
    seen = {}
    for name, role in (("bo", "USER"), ("lea", "TEAM_LEADER"), ("eve", "TEAM_LEADER"), ("max", "MANAGEMENT")):
        caller = await events_api.caller(name, role=role)
        listed = await caller.does("GET", "entities/Plan")
        seen[name] = sorted(one["entity_ref"] for one in listed)
    assert seen == {
        "bo": ["Plan/bo", "Plan/crew"],
        "lea": ["Plan/bo", "Plan/leaders"],
        "eve": ["Plan/leaders"],
        "max": ["Plan/leaders"],
    }


async def test_catalogues(events_api: Api) -> None:
    """Events §5.4: what there is."""
    await events_api.admin.does("POST", "events", EVENT)
    assert "Vessel" in {one["type"] for one in await events_api.admin.does("GET", "entity-types")}
    assert "as.fleet.cargo.loaded" in {
        one["type"] for one in await events_api.admin.does("GET", "event-types")
    }
    known = await events_api.admin.does("GET", "event-types", known="true", size="300")
    assert {"type": "as.erp.invoice.sent", "label": "Invoice sent"}.items() <= next(
        one for one in known if one["type"] == "as.erp.invoice.sent"
    ).items()
    assert "depot.north" in {one["origin"] for one in await events_api.admin.does("GET", "origins")}
    roles = await events_api.admin.does("GET", "role-types", size="300")
    assert {"ACTOR", "OPERATOR"} <= {one["label"] for one in roles}
    links = await events_api.admin.does("GET", "link-types", size="300")
    assert "BELONGS_TO" in {one["label"] for one in links}


async def test_how_an_entity_has_fared(events_api: Api) -> None:
    """Events §7.21, §6.4: effects fade, all names of one share them, and what is restricted counts for parties."""
    said = {"type": "as.t.done", "occurred_at": "2031-03-04T00:00:00Z", "involves": [{"ACTOR": "Customer/c"}]}
    felt = {"happiness": -4, "duration": 10}
    await events_api.admin.does("POST", "events", {**said, "origin": "a", "aspects": {"cei": felt}})
    await events_api.admin.does(
        "POST",
        "events",
        {**said, "origin": "b", "aspects": {"cei": {"care": 2}}, "acl": [{"READ": "ASUser/bo"}]},
    )
    await events_api.admin.does("POST", "events", {**said, "origin": "c"})
    await events_api.admin.does("PUT", "entities/Customer/c", {"relations": [{"AKA": "Email/c"}]})
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    none = {"engagement": 0, "rating": 0, "intent": 0}

    async def score(who: Caller, ref: str, at: str) -> Any:
        told = await who.does("GET", f"entities/{ref}/cei", at=at)
        return {name: value for name, value in told.items() if name != "at"}

    assert await score(eve, "Customer/c", "2031-03-09T00:00:00Z") == {**none, "happiness": -2, "care": 0}
    assert (await score(bo, "Customer/c", "2031-03-11T00:00:00Z"))["care"] == 1
    assert (await score(bo, "Customer/c", "2031-03-03T00:00:00Z"))["happiness"] == 0
    assert (await eve.does("GET", "entities/Customer/c/cei"))["happiness"] == 0
    assert (await eve("GET", "entities/Customer/nobody/cei")).status_code == 404
    assert (await eve("GET", "entities/Customer/c/cei", at="soon")).status_code == 400
    linked = [{"AKA": "Email/c", "active_from": "2031-01-01"}]
    await events_api.admin.does("PUT", "entities/Customer/c", {"relations": linked})
    assert (await score(eve, "Email/c", "2031-03-09T00:00:00Z"))["happiness"] == -2


async def test_an_effect_lasts_as_long_as_it_says(events_api: Api) -> None:
    """Events §7.21: years, if that is what was said."""
    said = {"type": "as.t.done", "occurred_at": "2021-03-04T00:00:00Z", "involves": [{"ACTOR": "Customer/c"}]}
    await events_api.admin.does(
        "POST", "events", {**said, "aspects": {"cei": {"care": 4, "duration": 7_304}}}
    )
    told = await events_api.admin.does("GET", "entities/Customer/c/cei", at="2031-03-04T00:00:00Z")
    assert told["care"] == pytest.approx(2, abs=0.001)
