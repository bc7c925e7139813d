"""Row 6 of the checklist: forms of links, when they hold, and what they do to streams (Events §6)."""

from typing import Any

import pytest
from eventsapi import Api, remarks

pytestmark = pytest.mark.anyio


async def links(api: Api, ref: str, **query: Any) -> list[tuple[str, str, str]]:
    """Return type, direction and target of each link of an entity."""
    found = await api.admin.does("GET", f"entities/{ref}/links", **query)
    return [(one["type"], one["$direction"], one["entity_ref"]) for one in found]


async def event(api: Api, second: int, **involves: str) -> str:
    said = {
        "type": "as.x.done", "origin": "o", "occurred_at": f"2031-05-01T09:00:{second:02}Z",
        "involves": involves,
    }  # fmt: skip
    return str((await api.admin.does("POST", "events", said))["_stream_id"])


async def stream(api: Api, ref: str) -> list[str]:
    """Return the ids of the stream of an entity, without what is told of the entities themselves."""
    found = await api.admin.does("GET", f"entities/{ref}/events", types="as.x")
    return [one["_stream_id"] for one in found]


@pytest.mark.parametrize(
    "form",
    [
        {"relations": [{"type": "BELONGS_TO", "entity_ref": "Company/n"}]},
        {"relations": [{"type": "BELONGS_TO", "entity": {"entity_ref": "Company/n"}}]},
        {"relations": [{"BELONGS_TO": "Company/n"}]},
        {"relations": [{"BELONGS_TO": {"entity_ref": "Company/n", "label": "N"}}]},
        {"relations": {"BELONGS_TO": "Company/n"}},
        {"BELONGS_TO": "Company/n"},
        {"BELONGS_TO": ["Company/n"]},
        {"BELONGS_TO": {"entity_ref": "Company/n"}},
    ],
)
async def test_forms(api: Api, form: dict[str, Any]) -> None:
    """Events §6.1."""
    told = await api.admin.does("PUT", "entities/Vessel/k", form)
    assert remarks(told) == set()
    assert await links(api, "Vessel/k") == [("BELONGS_TO", "OUT", "Company/n")]
    assert await links(api, "Company/n") == [("BELONGS_TO", "IN", "Vessel/k")]


async def test_all_that_is_said_of_a_link(api: Api) -> None:
    """Events §6.1: sent again it is the same link, with what is newer."""
    link = {
        "type": "AKA", "entity_ref": "Callsign/TFKE", "weight": 3, "properties": {"a": 1}, "external_id": "x",
        "active_from": "2029-01-01T00:00:00Z", "active_until": "2039-01-01T00:00:00Z",
    }  # fmt: skip
    for weight in (3, 4):
        await api.admin.does("PUT", "entities/Vessel/k", {"relations": [{**link, "weight": weight}]})
    (kept,) = await api.admin.does("GET", "entities/Vessel/k/links")
    assert len(kept.pop("_stream_id")) == 36
    assert kept == {
        "type": "AKA", "$direction": "OUT", "entity_ref": "Callsign/TFKE", "weight": 4, "properties": {"a": 1},
        "external_id": "x", "active_from": "2029-01-01T00:00:00.000Z", "active_until": "2039-01-01T00:00:00.000Z",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("begins", "ends"), [("active_from", "active_until"), ("valid_from", "$to"), ("$from", "$to")]
)
async def test_names_of_validity(api: Api, begins: str, ends: str) -> None:
    """Events §6.1, §24."""
    link = {"OF_TYPE": "Model/m", begins: "2029-01-01T00:00:00Z", ends: "2030-01-01T00:00:00Z"}
    await api.admin.does("PUT", "entities/Vessel/k", {"relations": [link]})
    (kept,) = await api.admin.does("GET", "entities/Vessel/k/links")
    assert (kept["active_from"], kept["active_until"]) == (
        "2029-01-01T00:00:00.000Z",
        "2030-01-01T00:00:00.000Z",
    )


async def test_a_link_runs_either_way_and_ends(api: Api) -> None:
    """Events §6.1: ``$direction`` and ``$delete``."""
    link = {"BELONGS_TO": "Vessel/k", "$direction": "IN"}
    await api.admin.does("PUT", "entities/Company/n", {"relations": [link]})
    assert await links(api, "Vessel/k") == [("BELONGS_TO", "OUT", "Company/n")]
    await api.admin.does(
        "PUT", "entities/Vessel/k", {"relations": [{"BELONGS_TO": "Company/n", "$delete": True}]}
    )
    (ended,) = await api.admin.does("GET", "entities/Vessel/k/links")
    assert ended["active_until"] is not None


async def test_which_links_are_listed(api: Api) -> None:
    """Events §5.4: by direction and by type with those below it."""
    inward = [{"PART_OF": "Part/p", "$direction": "IN"}]
    said: dict[str, Any] = {"AKA": "Callsign/x", "CLOSE:MOORED_TO": "Quay/7", "relations": inward}
    await api.admin.does("PUT", "entities/Vessel/k", said)
    aka, moored, part = (
        ("AKA", "OUT", "Callsign/x"),
        ("CLOSE:MOORED_TO", "OUT", "Quay/7"),
        ("PART_OF", "IN", "Part/p"),
    )
    for query, expected in (
        ({}, {aka, moored, part}), ({"direction": "BOTH"}, {aka, moored, part}), ({"direction": "OUT"}, {aka, moored}),
        ({"direction": "IN"}, {part}), ({"type": "AKA,PART_OF"}, {aka, part}), ({"type": "CLOSE"}, {moored, part}),
        ({"type": "IS"}, {aka}), ({"type": "MOORED_TO"}, {moored}), ({"type": "IS", "direction": "IN"}, set()),
    ):  # fmt: skip
        assert {
            (type.rpartition(":")[2], *rest) for type, *rest in await links(api, "Vessel/k", **query)
        } == {(type.rpartition(":")[2], *rest) for type, *rest in expected}, query
    page = await api.admin("GET", "entities/Vessel/k/links", size=1)
    assert (len(page.json()), page.headers["x-total-count"]) == (1, "3")
    assert (await api.admin.fails("GET", "entities/Vessel/k/links", direction="UP")).status == 400


async def test_links_that_are_none(api: Api) -> None:
    """Events §6.1: no target is an error; to itself, and unknown types, are remarked."""
    for body, expected in (
        ({"relations": [{"type": "AKA"}]}, "error"),
        ({"AKA": "Vessel/k"}, "warning"),
        ({"SIGHTED_NEAR": "Rock/r"}, "warning"),
    ):
        told = await api.admin.does("POST", "entities/validate", {"entity_ref": "Vessel/k", **body})
        assert expected in {severity for severity, _, _ in remarks(told)}, body
        assert told["_valid"] is (expected == "warning")
    await api.admin.does("PUT", "entities/Vessel/k", {"AKA": "Vessel/k", "SIGHTED_NEAR": "Rock/r"})
    ((type, _, target),) = await links(api, "Vessel/k")
    assert (type.rpartition(":")[2], target) == ("SIGHTED_NEAR", "Rock/r")
    assert await links(api, "Vessel/k", type="HAS_RELATIONS_TO") == [(type, "OUT", "Rock/r")]


async def test_a_label_of_links_is_reserved_apart_from_roles(api: Api) -> None:
    """Events §6.2."""
    await api.admin.does("PUT", "entities/Vessel/k", {"CLOSE:PILOT": "Employee/a"})
    refused = await api.admin("PUT", "entities/Vessel/k", {"KNOWS:PILOT": "Employee/b"})
    assert refused.status_code == 400
    assert {code for _, code, _ in remarks(refused.json())} == {"reserved_label"}
    told = await api.admin.does(
        "POST", "events", {"type": "as.x.done", "involves": {"ACTOR:PILOT": "Employee/a"}}
    )
    assert remarks(told) == set()


async def test_who_is_someone_has_one_owner(api: Api) -> None:
    """Events §6.3: a newer claim closes the older one, and is remarked."""
    await api.admin.does("PUT", "entities/Customer/a", {"AKA": ["Email/x", "Email/y"]})
    told = await api.admin.does("PUT", "entities/Customer/b", {"AKA": "Email/x"})
    assert {("warning", "is_reassigned")} == {(severity, code) for severity, code, _ in remarks(told)}
    found = await api.admin.does("GET", "entities/Customer/a/links")
    assert {one["entity_ref"]: one["active_until"] is None for one in found} == {
        "Email/x": False,
        "Email/y": True,
    }
    for customer in ("a", "b"):
        await api.admin.does("PUT", "entities/Session/s", {"PROXY_FOR": f"Customer/{customer}"})
    found = await api.admin.does("GET", "entities/Session/s/links")
    assert {one["entity_ref"]: one["active_until"] is None for one in found} == {
        "Customer/a": False,
        "Customer/b": True,
    }


async def test_those_who_are_the_same_share_a_history(api: Api) -> None:
    """Events §6.4: over any number of links; each item names whom it named."""
    customer, email = await event(api, 1, ACTOR="Customer/c"), await event(api, 2, ACTOR="Email/e")
    phone = await event(api, 3, ACTOR="Phone/1", PART="Crew/z")
    await api.admin.does("PUT", "entities/Customer/c", {"AKA": "Email/e"})
    await api.admin.does("PUT", "entities/Email/e", {"SOCIAL_ID": "Phone/1", "PART_OF": "Team/t"})
    for ref in ("Customer/c", "Email/e", "Phone/1"):
        assert await stream(api, ref) == [phone, email, customer]
    assert (await api.admin.does("GET", f"events/{email}"))["involves"][0]["entity_ref"] == "Email/e"
    assert await stream(api, "Team/t") == []
    comment = {"comment": "well", "involves": [{"COMMENTED_ON": "Email/e"}]}
    await api.admin.does("POST", "comments", comment)
    assert len(await api.admin.does("GET", "entities/Customer/c/comments")) == 1
    await api.admin.does(
        "PUT", "entities/Email/e", {"relations": [{"SOCIAL_ID": "Phone/1", "$delete": True}]}
    )
    assert await stream(api, "Phone/1") == [phone]
    assert await stream(api, "Customer/c") == [email, customer]


async def test_a_proxy_shows_what_it_does_to_whom_it_stands_for(api: Api) -> None:
    """Events §6.4: one way, for as long as it holds."""
    link = {
        "PROXY_FOR": "Customer/c-88", "active_from": "2031-05-01T09:00:10Z", "active_until": "2031-05-01T09:00:20Z",
        "properties": {"login": "password"},
    }  # fmt: skip
    await api.admin.does("PUT", "entities/", {"entity_ref": "WebSession/s-51", "relations": [link]})
    before, during, after = [await event(api, second, ACTOR="WebSession/s-51") for second in (5, 15, 25)]
    own = await event(api, 16, ACTOR="Customer/c-88")
    assert await stream(api, "Customer/c-88") == [own, during]
    assert await stream(api, "WebSession/s-51") == [after, during, before]


@pytest.mark.parametrize("type", ["ON_BEHALF_OF", "RELAYED_BY"])
async def test_for_whom_it_was_done_sees_it(api: Api, type: str) -> None:
    """Events §6.4."""
    said = {
        "type": "as.x.done",
        "involves": [{"ACTOR": "Employee/a", type: "Customer/c"}, {"AFFECTS": "Van/x"}],
    }
    made = await api.admin.does("POST", "events", said)
    assert await stream(api, "Customer/c") == [made["_stream_id"]]


async def test_a_link_without_a_weight_weighs_nothing(api: Api) -> None:
    """Events §6.1: 0 unless it says so, for filters as in what is shown."""
    links = [{"BELONGS_TO": "Company/a"}, {"type": "BELONGS_TO", "entity_ref": "Company/b", "weight": 2}]
    await api.admin.does("PUT", "entities/Vessel/w", {"relations": links})

    async def found(wanted: str) -> list[str]:
        told = await api.admin.does("GET", "entities/Vessel/w/links", filter=wanted)
        return [link["entity_ref"] for link in told]

    assert await found("weight = 0") == await found("weight < 1") == ["Company/a"]
    assert await found("weight > 1") == await found("NOT weight = 0") == ["Company/b"]
    assert await found("weight IS NULL") == []
