"""Lists over HTTP: pages and their links, filters, dates, rights (Events §1.5, §1.6, §3.6, §16)."""

import re
from typing import Any

import pytest
from eventsapi import Api

pytestmark = pytest.mark.anyio


def event(number: int, **members: Any) -> dict[str, Any]:
    return {
        "type": "as.fleet.van.washed", "origin": "depot.north", "involves": [{"ACTOR": "Employee/Ada"}],
        "occurred_at": f"2031-03-04T10:00:{number:02}Z", **members,
    }  # fmt: skip


async def added(api: Api, *events: dict[str, Any]) -> list[str]:
    """Keep events; return their stream ids."""
    return [one["_stream_id"] for one in await api.admin.does("POST", "events", list(events))]


async def listed(api: Api, path: str = "events", **query: Any) -> list[str]:
    return [one["_stream_id"] for one in await api.admin.does("GET", path, **query)]


async def test_a_page_says_how_many_there_are_and_where_the_others_are(events_api: Api) -> None:
    """Events §1.5: bare arrays, the newest first; the addresses of other pages do not tell the key."""
    made = (await added(events_api, *map(event, range(5))))[::-1]
    first = await events_api.admin("GET", "events", pagesize=2, types="as.fleet", apikey=events_api.admin.key)
    assert [one["_stream_id"] for one in first.json()] == made[:2]
    assert first.headers["x-total-count"] == "5"
    assert first.headers["link"] == '</api/v1/as/events?pagesize=2&types=as.fleet&page=2>; rel="next"'
    walked, answer = made[:2], first
    while (found := re.search(r'<([^>]*)>; rel="next"', answer.headers.get("link", ""))) is not None:
        answer = await events_api.admin("GET", found[1])
        walked += [one["_stream_id"] for one in answer.json()]
    assert walked == made
    assert answer.headers["link"] == '</api/v1/as/events?pagesize=2&types=as.fleet&page=2>; rel="prev"'
    assert len(await listed(events_api, size=1_000)) == 5


async def test_what_is_wrong_with_a_query_is_told(events_api: Api) -> None:
    for query in (
        {"page": 0}, {"page": "x"}, {"size": 0}, {"page": 501}, {"order": "body"}, {"from": "soon"}, {"to": "P"},
        {"min_importance": "high"}, {"types": ",".join(f"t{number}" for number in range(101))},
    ):  # fmt: skip
        refused = await events_api.admin.fails("GET", "events", **query)
        assert refused.status == 400
        assert next(iter(query)) in refused.message
    for query in ({"from": "P999999Y"}, {"to": "P-999999W"}, {"from": "-P999999D"}):
        refused = await events_api.admin.fails("GET", "events", **query)
        assert refused.message.startswith(next(iter(query)))
    for path in ("P999999M/brief", "P999999W/brief", "P-999999W/2031-03-04/brief"):
        assert (await events_api.admin.fails("GET", f"activity-stream/{path}")).status == 400
    refused = await events_api.admin.fails("GET", "events", filter="type = 'a' AND\n(")
    assert refused.meaning == (400, "invalid_filter")
    assert "line 2, character 2" in refused.message
    assert (await events_api.admin.fails("GET", "entities/Employee", q="=")).meaning == (
        400,
        "invalid_filter",
    )


async def test_lists_are_narrowed_by_the_query(events_api: Api) -> None:
    """Events §16."""
    one, two, three = await added(
        events_api,
        event(1, properties={"shift": "night"}, aspects={"tags": ["Urgent"]}),
        event(2, type="as.crew.paid", importance=4, involves=[{"ACTOR:CAPTAIN": "Employee/Bo"}]),
        event(
            3, aspects={"dimensions": {"lane": 7}}, involves=[{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Van/x"}]
        ),
    )
    for query, expected in (
        ({"filter": "properties.shift = 'night'"}, [one]),
        ({"q": "aspects.dimensions.lane = '7' OR importance >= 4"}, [three, two]),
        ({"filter": "  "}, [three, two, one]),
        ({"types": "as.crew,as.none"}, [two]),
        ({"tags": "urgent,x"}, [one]),
        ({"roles": "CAPTAIN"}, [two]),
        ({"roles": "actor"}, [three, two, one]),
        ({"min_importance": 3}, [two]),
        ({"from": "2031-03-04T12:00:02+02:00"}, [three, two]),
        ({"to": "2031-03-04 10:00:02"}, [one]),
        ({"from": "P1D"}, [three, two, one]),
        ({"from": "P-1D"}, [three, two, one]),
        ({"to": "PT1H"}, []),
        ({"order": "occurred_at", "size": 2}, [one, two]),
        ({"order": "-importance", "size": 1}, [two]),
    ):
        assert await listed(events_api, **query) == expected, query
    assert await listed(events_api, "entities/Employee/ada/events", types="as.fleet", q="importance = 2") == [
        three,
        one,
    ]
    shown = await events_api.admin.does("GET", "events", expand="entities", roles="AFFECTS")
    assert set(shown[0]["entities"]) == {"Employee/Ada", "Van/x"}


async def test_collapsed_lists_have_one_item_of_each_group(events_api: Api) -> None:
    """Events §7.19: prefixes of replies make no group of their own."""
    made = await added(
        events_api,
        event(1, aspects={"grouped": "Rota"}),
        event(2, aspects={"grouped": {"group": "Re: Rota"}}),
        event(3, aspects={"grouped": {"group": "Rota", "scope": "email"}}),
        event(4),
    )
    shown = await events_api.admin.does("GET", "events", collapse="true")
    assert [one["_stream_id"] for one in shown] == [made[3], made[2], made[1]]
    assert [one.get("_group", {}).get("count") for one in shown] == [None, 1, 2]


async def test_what_is_restricted_is_there_for_those_who_are_named(events_api: Api) -> None:
    """Events §3.6: by user, by another name of theirs, by group, by role of privileges."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    chief = await events_api.caller("chief", role="MANAGEMENT")
    auditor = await events_api.caller("aud", role="INTERNAL_AUDITING")
    for ref, link in (("Employee/bo", {"AKA": "ASUser/bo"}), ("Employee/bo", {"MEMBER_OF": "Team/night"})):
        await events_api.admin.does("PUT", "entities", {"entity_ref": ref, "relations": [link]})
    rules = ("ASUser/Bo", "Employee/bo", "Team/night", "MANAGEMENT", "Public")
    made = await added(
        events_api, *(event(number, acl=[{"READ": rule}]) for number, rule in enumerate(rules))
    )
    user, employee, team, management, public = made
    for caller, expected in (
        (bo, [public, team, employee, user]),
        (eve, [public]),
        (chief, [public, management]),
        (auditor, made[::-1]),
        (events_api.admin, made[::-1]),
    ):
        for path in ("events", "entities/Employee/Ada/events"):
            found = await caller.does("GET", path, types="as.fleet")
            assert [one["_stream_id"] for one in found] == expected, path
        assert (await caller("GET", f"events/{user}")).status_code == (200 if user in expected else 404)
        assert (await caller("GET", f"events/{user}/comments")).status_code == (
            200 if user in expected else 404
        )


async def test_line_items_are_in_the_streams_of_their_products(events_api: Api) -> None:
    """Events §7.7: with the rules of the purchase, and not in the stream of the tenant."""
    sold = event(
        1, type="as.commerce.purchase.completed", acl=[{"READ": "ASUser/bo"}],
        involves=[{"ACTOR:BUYER": "Customer/c"}],
        aspects={"items": [{"PURCHASED": "Mug/blue", "item_count": 2, "item_price": 9.5, "currency": "ISK"}]},
    )  # fmt: skip
    (whole,) = await added(events_api, sold)
    assert await listed(events_api) == [whole]
    assert await listed(events_api, "entities/Customer/c/events") == [whole]
    kinds = {one["type"] for one in await events_api.admin.does("GET", "entities/Mug/blue/events")}
    assert "as.commerce.transaction.purchased" in kinds
    eve = await events_api.caller("eve")
    assert await eve.does("GET", "entities/Mug/blue/events") == []


async def test_blind_copies_are_told_to_their_sender(events_api: Api) -> None:
    """Events §7.14."""
    mail = event(
        1, involves=[{"ACTOR": "ASUser/bo"}],
        aspects={"messaging": {"subject": "Berth", "from": "ASUser/bo", "to": "Email/x", "bcc": "Email/eve"}},
    )  # fmt: skip
    (id,) = await added(events_api, mail)
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    for caller, knows in ((bo, True), (eve, False)):
        for path in (f"events/{id}", f"events/{id}/detailed"):
            assert ("Email/eve" in (await caller("GET", path)).text) is knows
        assert ("Email/eve" in (await caller("GET", "events", expand="entities")).text) is knows
        assert [one["_stream_id"] for one in await caller.does("GET", "entities/Email/eve/events")] == [
            id
        ] * knows
        assert (
            await caller.fails("GET", "events", q="aspects.messaging.bcc LIKE 'E%'")
        ).code == "invalid_filter"


async def test_a_query_only_key_reads_and_an_ingestion_key_does_not(events_api: Api) -> None:
    reader = await events_api.caller(type="QUERY_ONLY")
    sender = await events_api.caller(type="INGESTION_ONLY")
    assert await reader.does("GET", "events") == []
    assert (await sender.fails("GET", "events")).status == 403
