"""What is restricted is neither measured, counted nor sold for who may not know of it (Events §3.6)."""

import asyncio
from typing import Any

import pytest
from eventsapi import EVENT, Api, Caller, worked_off

from storage import pointaudience

pytestmark = pytest.mark.anyio

RULES = [{"READ": "ASUser/bo"}]
POINT = {
    "series": "tug.engine",
    "occurred_at": "2031-03-04T06:00:00Z",
    "source": "sensor-3",
    "involves": [{"AFFECTS": "Vessel/Kestrel-9"}, {"REFERENCES": "Berth/7"}],
    "aspects": {"ts_data": {"rpm": 1_420}},
}


async def restrict(api: Api, ref: str, rules: list[dict[str, str]] = RULES) -> None:
    await api.admin.does("PUT", f"entities/{ref}", {"acl": rules})


async def measured(caller: Caller, query: str = "timeseries/all/none/count/all/2031") -> int:
    rows = await caller.does("GET", f"/api/analytics/{query}")
    return sum(int(row["event"]["count"]) for row in rows)


async def measure(api: Api, *points: dict[str, Any]) -> None:
    await api.admin.does("POST", "/api/collector/v1/data-points", list(points))
    await worked_off(api)


async def test_points_about_what_is_restricted_are_told_to_who_may_know_of_it(events_api: Api) -> None:
    """Events §18.5, §19.1: rules of an entity hold for its points at once, and of all that a point names."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    other = POINT | {"series": "tug.deck", "involves": [{"AFFECTS": "Vessel/Other"}]}
    await measure(events_api, POINT, POINT | {"source": "sensor-4"}, other)
    assert [await measured(who) for who in (bo, eve, events_api.admin)] == [3, 3, 3]
    await restrict(events_api, "Berth/7")
    assert [await measured(who) for who in (bo, eve, events_api.admin)] == [3, 1, 3]
    assert [len(await who.does("GET", "time-series")) for who in (bo, eve)] == [2, 1]
    for path in ("", "/metrics", "/dimensions", "/source", "/entities"):
        assert (await eve("GET", f"time-series/tug.engine{path}")).status_code == 404
        await bo.does("GET", f"time-series/tug.engine{path}")
    assert await eve.does("GET", "entities/Vessel/Kestrel-9/time-series") == []
    assert (await eve("PUT", "time-series/tug.engine", {"properties": {"unit": "rpm"}})).status_code == 404
    await restrict(events_api, "Berth/7", [{"READ": "Public"}])
    assert await measured(eve) == 3


async def test_names_that_only_hidden_points_use_are_not_told(events_api: Api) -> None:
    """Events §18.5, §19.1: what is measured of something restricted says what it is."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    rest = {f"m{number}": 1 for number in range(20)}
    secret = POINT | {
        "aspects": {"ts_data": {"leaks": 3, **rest}, "dimensions": {"pump": ["a", "b"], "deck": "c"}}
    }
    shown = POINT | {
        "involves": [{"AFFECTS": "Vessel/Kestrel-9"}],
        "aspects": {"ts_data": {"m19": 2, "rpm": 9}},
    }
    await measure(events_api, secret, shown)
    await restrict(events_api, "Berth/7")
    one = "time-series/tug.engine"
    for who, sees in ((bo, True), (eve, False), (events_api.admin, True)):
        [listed] = await who.does("GET", "time-series")
        [about] = await who.does("GET", "entities/Vessel/Kestrel-9/time-series")
        assert listed == about == await who.does("GET", one)
        assert listed["metrics"] == await who.does("GET", f"{one}/metrics")
        assert listed["dimensions"] == await who.does("GET", f"{one}/dimensions")
        assert {"leaks", "m19", "rpm"} & {*listed["metrics"]} == (
            {"leaks", "m19", "rpm"} if sees else {"m19", "rpm"}
        )
        assert ({"pump", "deck"} <= {*listed["dimensions"]}) is sees
        assert sees or {"pump", "deck"}.isdisjoint(listed["dimensions"])
        assert "source" in listed["dimensions"]


async def test_what_is_measured_of_an_entity_is_told_to_who_may_know_of_it_now(events_api: Api) -> None:
    """Events §7.1, §6.4: what one entity measures of another is for those who may know of both."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    said = {"aspects": {"metrics": {"heat": 80}}, "relations": [{"MEASURES": "Vessel/Kestrel-9"}]}
    await events_api.admin.does("PUT", "entities/Sensor/s", said)
    query = "timeseries/entity.sensor/none/count/all/P1D"
    assert [await measured(who, query) for who in (bo, eve)] == [1, 1]
    await restrict(events_api, "Vessel/Kestrel-9")
    assert [await measured(who, query) for who in (bo, eve)] == [1, 0]
    [told] = [
        one for one in await eve.does("GET", "events", types="as.entity.created")
        if one["aspects"]["entities"][0]["entity"] == "Sensor/s"
    ]  # fmt: skip
    points = await eve.does("GET", f"events/{told['_stream_id']}/analytics")
    assert "timeseries" not in {point["dataset"] for point in points}


async def test_a_sale_by_who_may_not_know_of_the_product_leaves_its_stock_alone(events_api: Api) -> None:
    """Events §7.22: the sale itself is kept."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    program = await events_api.caller(type="INGESTION_ONLY")
    stock = {"aspects": {"inventory": {"items_in_stock": 10}}, "acl": RULES}
    await events_api.admin.does("PUT", "entities/Mug/blue", stock)
    for count, (seller, left) in enumerate(((eve, 10), (bo, 9), (program, 8), (events_api.admin, 7))):
        sale = EVENT | {"origin": f"shop-{count}", "aspects": {"items": [{"PURCHASED": "Mug/blue"}]}}
        answer = await seller("POST", "events", sale)
        assert answer.status_code == 201, answer.text
        mug = await bo.does("GET", "entities/Mug/blue")
        assert mug["aspects"]["inventory"]["items_in_stock"] == left, count


async def test_what_was_told_of_an_entity_is_for_who_may_know_of_it_now(events_api: Api) -> None:
    """Events §3.6, §5.2: in lists, by ids, in analyses, and at the other door."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    await eve.does("PUT", "entities/Plan/merger", {"properties": {"with": "south"}})
    [told] = await eve.does("GET", "events", types="as.entity")
    id, count = told["_stream_id"], "events/as.entity.created/none/count/all/P1D"
    assert await measured(eve, count) == 1
    await restrict(events_api, "Plan/merger")
    assert await eve.does("GET", "events", types="as.entity") == []
    assert (await eve("GET", "events", types="as.entity")).headers["x-total-count"] == "0"
    assert await eve.does("GET", "entities/ASUser/eve/events") == []
    assert (await eve("GET", f"events/{id}")).status_code == 404
    assert (await eve("GET", f"events/{id}/analytics")).status_code == 404
    assert await eve.does("GET", f"events?id={id}") == []
    assert (await eve.sending(accept="application/activity+json")("GET", f"events/{id}")).status_code == 404
    assert await measured(eve, count) == 0
    assert id in {one["_stream_id"] for one in await bo.does("GET", "events", types="as.entity")}
    assert (await bo.does("GET", f"events/{id}"))["_stream_id"] == id
    assert await measured(bo, count) == 1


async def test_comments_are_counted_for_who_may_know_of_them(events_api: Api) -> None:
    """Events §16: those with rules, and those that are on something restricted as well, made so before or after."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    id = (await bo.does("POST", "events", EVENT))["_stream_id"]
    on = {"COMMENTED_ON": id}
    await bo.does("POST", "comments", {"comment": "open", "involves": [on]})
    await bo.does("POST", "comments", {"comment": "closed", "involves": [on], "acl": RULES})
    await bo.does("POST", "comments", {"comment": "both", "involves": [on, {"COMMENTED_ON": "Plan/merger"}]})

    async def counted(who: Caller) -> list[int]:
        one, several = await who.does("GET", f"events/{id}"), await who.does("GET", "events")
        listed = (await who("GET", f"comments/{id}")).headers["x-total-count"]
        [same] = [one for one in several if one["_stream_id"] == id]
        return [one["_comments"], same["_comments"], int(listed)]

    assert [await counted(who) for who in (bo, eve, events_api.admin)] == [[3] * 3, [2] * 3, [3] * 3]
    await restrict(events_api, "Plan/merger")
    assert [await counted(who) for who in (bo, eve, events_api.admin)] == [[3] * 3, [1] * 3, [3] * 3]


async def test_catalogues_count_what_the_reader_may_know_of(events_api: Api) -> None:
    """Events §5.4: a type that only hidden things have is in no list; one with settings is."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    secret = {**EVENT, "type": "as.deal.signed", "origin": "board", "acl": RULES}
    secret["involves"] = [{"ACTOR": "Employee/Ada"}, {"AFFECTS": {"entity_ref": "Plan/merger", "acl": RULES}}]
    await bo.does("POST", "events", [EVENT, {**EVENT, "occurred_at": "2031-03-05", "acl": RULES}, secret])
    await bo.does("PUT", "entities/Vessel/Kestrel-10", {"acl": RULES})
    member = {"event-types": "type", "entity-types": "type", "origins": "origin"}

    async def counts(who: Caller, catalogue: str) -> dict[str, int]:
        found = await who("GET", catalogue, size=300)
        assert found.headers["x-total-count"] == str(len(found.json()))
        return {one[member[catalogue]]: one["count"] for one in found.json()}

    for catalogue, shown, hidden in (
        ("event-types", ("as.fleet.cargo.loaded", 2, 1), "as.deal.signed"),
        ("entity-types", ("Vessel", 2, 1), "Plan"),
        ("origins", ("depot.north", 2, 1), "board"),
    ):
        name, all_of_them, some = shown
        found = await counts(bo, catalogue)
        assert (found[name], found[hidden]) == (all_of_them, 1)
        found = await counts(eve, catalogue)
        assert found[name] == some
        assert hidden not in found
    await events_api.admin.does("PUT", "/api/v1/provisioning/event-types/as.deal.signed", {"importance": 4})
    assert (await counts(eve, "event-types"))["as.deal.signed"] == 0


async def test_what_is_followed_is_told_to_who_may_know_of_it(events_api: Api) -> None:
    """Events §11, §12, §6.2: what a channel monitors, what one follows oneself, and follows as links."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    await bo.does("POST", "channels", {"entity_id": "night"})
    for ref in ("Plan/merger", "Vessel/Kestrel-9"):
        await bo.does("POST", "channels/night/follows", {"follows_ref": ref, "min_importance": 1})
        await eve.does("POST", f"follow/{ref}", {"tags": ["mine"]})
    await restrict(events_api, "Plan/merger")

    async def followed(who: Caller, path: str) -> tuple[list[str], str]:
        answer = await who("GET", path)
        return [one["follows_ref"] for one in answer.json()], answer.headers["x-total-count"]

    both, one = (["Plan/merger", "Vessel/Kestrel-9"], "2"), (["Vessel/Kestrel-9"], "1")
    assert [await followed(who, "channels/night/follows") for who in (bo, eve)] == [both, one]
    for path in ("following", "following-entities"):
        assert await followed(eve, path) == one
    assert (await eve("GET", "follow/Plan/merger")).status_code == 404
    assert (await eve("GET", "channels/night/follows/Plan/merger")).status_code == 404
    assert (await bo.does("GET", "channels/night/follows/Plan/merger"))["min_importance"] == 1
    assert await eve("DELETE", "follow/Plan/merger")

    links = await eve.does("GET", "entities/Vessel/Kestrel-9/links", type="FOLLOWS")
    assert {(link["entity_ref"], link["$direction"]) for link in links} == {
        ("ASChannel/night", "IN"), ("ASUser/eve", "IN")
    }  # fmt: skip
    assert "mine" not in str(links)
    mine = await eve.does("GET", "entities/ASChannel/night/links", direction="OUT", type="INTEREST")
    assert [link["entity_ref"] for link in mine] == ["Vessel/Kestrel-9"]
    assert {link["entity_ref"] for link in await bo.does("GET", "entities/ASChannel/night/links")} == {
        "Plan/merger", "Vessel/Kestrel-9"
    }  # fmt: skip
    said = {"relations": [{"FOLLOWS": "Vessel/Kestrel-9"}]}
    answer = await bo.does("PUT", "entities/Company/north", said)
    assert [one["severity"] for one in answer["_errors"]] == ["warning"]
    assert await bo.does("GET", "entities/Company/north/links") == []


async def test_a_change_tells_of_no_link_to_what_one_may_not_know_of(events_api: Api) -> None:
    """Events §5.2, §6.2: whoever may know of it is told, in lists and by the event's id."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    await restrict(events_api, "Company/hidden")
    links = [{"OWNED_BY": "Company/hidden"}, {"PART_OF": "Fleet/open"}]
    await events_api.admin.does("PUT", "entities/Vessel/Kestrel-9", {"relations": links})
    await events_api.admin.does("PUT", "entities/Vessel/Osprey-4", {"relations": links[:1]})

    async def told(who: Caller, vessel: str) -> list[str]:
        found = await who.does("GET", f"entities/Vessel/{vessel}/events", types="as.entity.created")
        [event] = [one for one in found if one["aspects"]["entities"][0]["entity"] == f"Vessel/{vessel}"]
        one = await who.does("GET", f"events/{event['_stream_id']}")
        assert one["aspects"] == event["aspects"]
        [change] = one["aspects"]["entities"]
        assert change.get("links") != []
        return [link["entity_ref"] for link in change.get("links", ())]

    for who, targets in ((bo, ["Company/hidden", "Fleet/open"]), (eve, ["Fleet/open"])):
        assert await told(who, "Kestrel-9") == targets
        assert await told(who, "Osprey-4") == targets[:-1]
    assert await told(events_api.admin, "Kestrel-9") == ["Company/hidden", "Fleet/open"]


async def test_others_have_their_turn_while_names_are_looked_for(
    events_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events §18.5: nobody waits for a long list of series; a name that few points use is found all the same."""
    series = [POINT | {"series": f"tug.{letter}"} for letter in "abcdef"]
    rare = {"aspects": {"ts_data": {"leaks": 3}}, "occurred_at": "2031-03-04T05:00:00Z"}
    await measure(events_api, *series, series[0] | rare)
    monkeypatch.setattr(pointaudience, "POINTS_FIRST", 1)
    turns, at, names = 0, list[int](), pointaudience.names

    async def noted(*args: Any) -> Any:
        at.append(turns)
        return await names(*args)

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    monkeypatch.setattr(pointaudience, "names", noted)
    eve = await events_api.caller("eve")
    waiting = asyncio.create_task(others())
    listed = await eve.does("GET", "time-series")
    waiting.cancel()
    assert len(set(at)) == len(listed) == 6
    assert "leaks" in listed[0]["metrics"]
