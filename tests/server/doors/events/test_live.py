"""The live stream at the door (Events §14)."""

import asyncio
import itertools
import sys
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from eventsapi import EVENT, Api, Caller
from listening import Ear, Refused, listening, socket

from server.auth import recent
from server.doors.events import live
from storage import Transaction, eventskeys

pytestmark = pytest.mark.anyio

WATCH = sys.modules["streams.watch"]
PATH = "/api/v1/as/stream"
_origins = itertools.count()


def listen(api: Api, who: Caller, last: str = "", **query: str) -> AbstractAsyncContextManager[Ear]:
    fields = {"last-event-id": last} if last else {}
    return listening(api.app, PATH, fields, apikey=str(who.key), **query)


async def say(who: Caller, **members: Any) -> str:
    """Record an event that was not there; return its id."""
    made = await who.does("POST", "events", {**EVENT, "origin": f"depot.{next(_origins)}", **members})
    return str(made["_stream_id"])


async def test_what_happens_is_told_as_it_happens(events_api: Api) -> None:
    """Events §14: kind, id and the item as lists show it; the key may stand in the address."""
    bo = await events_api.caller("bo")
    async with listen(events_api, bo) as ear:
        await ear.until_told(lambda: say(bo))
        await bo.does(
            "POST", "comments", {"comment": "fog", "involves": [{"COMMENTED_ON": "Vessel/Kestrel-9"}]}
        )
        await bo.does("POST", "bumps", {"involves": [{"BUMP_UP": "Vessel/Kestrel-9"}]})
        await ear.until(lambda ear: ear.events[-1]["event"] == "bump")
        assert ear.status == 200
        assert ear.headers["content-type"].startswith("text/event-stream")
        assert ear.headers["cache-control"] == "private, no-store"
        event, comment, bump = (
            next(one for one in ear.events if one["event"] == kind) for kind in ("event", "comment", "bump")
        )
        assert event["id"] == event["data"]["_stream_id"]
        assert (event["data"]["type"], event["data"]["_class"]) == (EVENT["type"], EVENT["type"])
        assert comment["data"]["comment"] == "fog"
        assert bump["id"] == bump["data"]["_stream_id"]


async def test_one_who_was_away_goes_on_where_they_were(events_api: Api) -> None:
    """Events §14: ``Last-Event-ID`` resumes behind an id; nothing is told twice, nothing is missed."""
    bo = await events_api.caller("bo")
    async with listen(events_api, bo) as ear:
        await ear.until_told(lambda: say(bo))
        last = ear.events[-1]["id"]
    missed = [await say(bo) for _ in range(3)]
    async with listen(events_api, bo, last) as ear:
        await ear.until(lambda ear: len(ear.events) >= len(missed))
        comes = await say(bo)
        await ear.until(lambda ear: ear.events[-1]["id"] == comes)
        ids = [one["id"] for one in ear.events]
    assert ids[-4:] == [*missed, comes]
    assert last not in ids
    assert len(set(ids)) == len(ids)


async def test_one_hears_what_one_asks_for_and_may_know(events_api: Api) -> None:
    """Events §14: filters, rules, and the user's own notices."""
    bo, cy = await events_api.caller("bo"), await events_api.caller("cy")
    await bo.does("POST", "follow/Vessel/Kestrel-9", {"min_importance": 5})
    async with (
        listen(events_api, bo, types="as.desk", min_importance="3") as narrow,
        listen(events_api, cy) as cys,
        listen(events_api, bo) as bos,
    ):
        await narrow.until_told(lambda: say(bo, type="as.desk.opened", importance=3))
        await cys.until_told(lambda: say(bo))
        await bos.until_told(lambda: say(bo))
        await say(bo, type="as.desk.opened", importance=2)
        secret = await say(bo, acl=[{"READ": "ASUser/bo"}], importance=5)
        end = await say(bo, type="as.desk.closed", importance=4)
        for ear in (narrow, cys, bos):
            await ear.until(lambda ear: ear.events[-1]["id"] == end)
        assert {one["data"]["type"] for one in narrow.events} == {"as.desk.opened", "as.desk.closed"}
        assert all(one["data"]["importance"] >= 3 for one in narrow.events)
        assert secret not in {one["id"] for one in cys.events}
        assert not [one for one in cys.events if one["event"] == "notification"]
        [notice] = [one["data"] for one in bos.events if one["event"] == "notification"]
        assert notice["target"]["_stream_id"] == secret


async def test_it_is_said_that_the_connection_lives(events_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events §14: a heartbeat, each 15 seconds."""
    assert WATCH.QUIET_SECONDS == 15
    monkeypatch.setattr(WATCH, "QUIET_SECONDS", 0.01)
    bo = await events_api.caller("bo")
    async with listen(events_api, bo) as ear:
        await ear.until(lambda ear: ear.beats > 1)
        assert ear.status == 200


async def test_a_stream_ends_with_its_key(events_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is revoked hears nothing more."""
    monkeypatch.setattr(live, "AGAIN_US", 0)
    monkeypatch.setattr(WATCH, "QUIET_SECONDS", 0.05)
    monkeypatch.setattr(recent, "FRESH_SECONDS", 0.0)
    bo = await events_api.caller("bo")
    async with listen(events_api, bo) as ear:
        await ear.until_told(lambda: say(events_api.admin))

        async def revoke(tx: Transaction) -> None:
            await tx.run("DELETE FROM events_keys WHERE hash = :hash", hash=eventskeys.hash_of(str(bo.key)))

        await events_api.house.store.write(revoke)
        await ear.until(lambda ear: ear.ended)


async def test_who_may_not_listen_is_told_so(events_api: Api) -> None:
    """Events §1.4: as at any other address."""
    bo = await events_api.caller("bo")
    submitter = await events_api.caller(None, type="INGESTION_ONLY")
    assert (await events_api.nobody.fails("GET", "stream")).status == 401
    assert (await submitter.fails("GET", "stream")).status == 403
    assert (await bo.fails("GET", "stream", channel="none")).status == 404
    assert (await bo.fails("GET", "stream", entity="Vessel/none")).status == 404
    assert (await bo.fails("GET", "stream", entity="nonsense")).status == 400
    assert (await bo.fails("GET", "stream", min_importance="high")).status == 400


async def test_a_socket_tells_the_same(events_api: Api) -> None:
    """Events §14: a WebSocket at the same address; from where one was, or refused as any other call."""
    bo = await events_api.caller("bo")
    async with listen(events_api, bo) as ear:
        await ear.until_told(lambda: say(bo))
        last = ear.events[-1]["id"]
    missed = await say(bo)
    async with socket(events_api.app, PATH, apikey=str(bo.key), last_event_id=last) as sent:
        first = await asyncio.wait_for(sent.get(), 10)
        assert (first["event"], first["id"], first["data"]["_stream_id"]) == ("event", missed, missed)
        comes = await say(bo, type="as.desk.opened")
        assert (await asyncio.wait_for(sent.get(), 10))["id"] == comes
    for query, status in (
        ({}, 401),
        ({"apikey": "none"}, 401),
        ({"apikey": str(bo.key), "channel": "none"}, 404),
    ):
        with pytest.raises(Refused, match=str(status)):
            async with socket(events_api.app, PATH, **query):
                pass
