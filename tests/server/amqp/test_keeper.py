"""Keeping what came through a broker (Events §22)."""

import json
from dataclasses import replace
from typing import Any

import pytest
from eventsapi import EVENT, EVENT_ID, Api, opened

from server.amqp.keeper import Keeper, Letter
from storage import Store
from storage.errors import Busy, StorageError
from vocab.dialects.events import Problems

pytestmark = pytest.mark.anyio


async def keeper(api: Api, body_bytes_max: int = 10_000) -> Keeper:
    return Keeper(api.house.events, await api.tenant_row(), api.house.received, body_bytes_max=body_bytes_max)


def letter(message: Any, key: str = "", content_type: str = "application/json") -> Letter:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return Letter(key, body, content_type)


def fields(problems: Problems | None) -> list[str]:
    assert problems is not None
    return [problem.field for problem in problems if problem.severity == "error"]


async def test_messages_of_all_kinds_are_kept_together(ready_url: str) -> None:
    """Events §22: each as if it had come over HTTP; one that is sent again is kept once."""
    async with opened(ready_url) as api:
        messages = [
            letter(
                {name: value for name, value in EVENT.items() if name != "type"}, EVENT["type"], "text/plain"
            ),
            letter(EVENT),
            letter({"entity_ref": "Vessel/Kestrel-9", "label": "Kestrel"}, "as.api.entity"),
            letter(
                {
                    "comment": "Well done",
                    "involves": [{"COMMENTS": "Employee/Ada"}, {"COMMENTED_ON": EVENT_ID}],
                }
            ),
            letter({"involves": [{"ACTOR": "Employee/Ada"}, {"BUMP_UP": EVENT_ID}]}),
            letter(
                {"series": "s", "occurred_at": "2031-03-04", "aspects": {"ts_data": {"rpm": 1}}},
                content_type="",
            ),
        ]
        assert await (await keeper(api)).keep(messages) == [None] * 6
        [listed] = [one for one in await api.admin.does("GET", "events") if one["_stream_id"] == EVENT_ID]
        assert (listed["_comments"], listed["_bumps"]["up"]) == (1, 1)
        assert (await api.admin.does("GET", "entities/Vessel/Kestrel-9"))["aspects"]["presentation"][
            "label"
        ] == "Kestrel"
        assert [one["series"] for one in await api.admin.does("GET", "time-series")] == ["s"]


async def test_what_cannot_be_kept_is_told_and_the_rest_is_kept(ready_url: str) -> None:
    """Events §1.4, §22."""
    async with opened(ready_url) as api:
        messages = [
            letter(b"{"), letter([EVENT]), letter(EVENT, content_type="application/xml"), letter(b"\xff"),
            letter({"type": "as.x.done"}), letter(EVENT), letter({**EVENT, "description": "x" * 10_000}),
            letter({"comment": "?", "involves": [{"COMMENTS": "Employee/Ada"},
                                                 {"COMMENTED_ON": "03a18143-7276-30c6-8d86-10853e2f0f10"}]}),
        ]  # fmt: skip
        found = await (await keeper(api)).keep(messages)
        assert found[5] is None
        assert [fields(one)[0] for one in found if one is not None] == [
            "body", "body", "content_type", "body", "involves", "body", "involves",
        ]  # fmt: skip
        assert len(await api.admin.does("GET", "events")) == 1


async def test_storage_that_takes_nothing_says_nothing_about_messages(
    ready_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REL-010: they are kept when it takes them again; what only one of them prevents is its own failure."""
    async with opened(ready_url) as api:
        keep = (await keeper(api)).keep
        store: Store = api.house.store

        async def busy(*_: object, **__: object) -> None:
            raise Busy("not now")

        with monkeypatch.context() as patched:
            patched.setattr(type(store), "write", busy)
            with pytest.raises(Busy):
                await keep([letter(EVENT)])
        write = type(store).write

        async def stumbles(self: Store, work: Any, space: Any, messages: Any) -> Any:
            if any("stumble" in (one.arriving.original or "") for one in messages):
                raise StorageError("a mistake of ours")
            return await write(self, work, space, messages)

        with monkeypatch.context() as patched:
            patched.setattr(type(store), "write", stumbles)
            found = await keep([letter(EVENT), letter({**EVENT, "description": "stumble"})])
        assert found[0] is None
        assert fields(found[1]) == [""]


TIMELESS = {name: value for name, value in EVENT.items() if name != "occurred_at"}


async def listed(api: Api) -> list[str]:
    return [one["occurred_at"] for one in await api.admin.does("GET", "events", types=EVENT["type"])]


async def test_what_is_delivered_again_is_kept_once_though_it_says_no_time(ready_url: str) -> None:
    """Events §22: by the id that its sender gave it, or by what it says; two that are sent are two."""
    async with opened(ready_url) as api:
        keeps = (await keeper(api)).keep
        plain, named = letter(TIMELESS), replace(letter(TIMELESS), id="m-1")
        assert await keeps([plain]) == [None]
        assert await keeps([named]) == [None]
        times = await listed(api)
        assert len(set(times)) == 2
        assert await keeps([replace(plain, again=True), replace(named, again=True)]) == [None, None]
        assert await listed(api) == times
        assert await keeps([plain]) == [None]
        assert len(await listed(api)) == 3
        assert await keeps([replace(letter({**TIMELESS, "origin": "new"}), again=True)]) == [None]
        assert len(await listed(api)) == 4


async def test_when_a_message_was_sent_is_when_it_happened(ready_url: str) -> None:
    """Events §22: its sender says so by the second; messages of one second that have different ids are different."""
    async with opened(ready_url) as api:
        keeps, sent = (await keeper(api)).keep, 1_930_000_000_000_000
        messages = [replace(letter(TIMELESS), id=f"m-{number}", sent=sent) for number in range(3)]
        for _ in range(2):
            assert await keeps(messages) == [None] * 3
        times = await listed(api)
        assert len(set(times)) == 3
        assert {time[:19] for time in times} == {"2031-02-27T23:06:40"}
        said = replace(letter(EVENT), id="m-9", sent=sent)
        assert await keeps([said]) == [None]
        assert EVENT_ID in {one["_stream_id"] for one in await api.admin.does("GET", "events")}
