"""Files of an application's feeds: whole, broken, stopped half-way, and brought again."""

import gzip
import json
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server import tenancy
from server.archives import BadArchive, FeedImport, Report, feeddump, feedimport
from server.config import Config
from storage import meta, open_store, tenants
from storage.feedpages import Part
from streams.feeds import Feeds, lines, reading
from vocab.dialects.getstream import FeedId

pytestmark = pytest.mark.anyio
START = 1_795_176_000_000_000


@pytest.fixture
async def feeds(ready_url: str) -> AsyncIterator[Feeds]:
    now = [START]

    def clock() -> int:
        now[0] += 1
        return now[0]

    config = Config()
    async with open_store(ready_url, base_url=config.server.base_url) as store:
        await store.write(tenants.add, 7, "shop", now=START)
        yield tenancy.feeds(store, config, clock)


def activity(number: int, **others: Any) -> dict[str, Any]:
    time = f"2019-01-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}"
    usual = {"actor": "SU:ada", "verb": "pin", "object": f"P:{number}", "foreign_id": f"p:{number}"}
    return {**usual, "time": time, **others}


def line(instruction: str, data: list[Any], **others: Any) -> str:
    return json.dumps({"instruction": instruction, **others, "data": data})


def written(path: Path, *lines: str | bytes) -> Path:
    path.write_bytes(b"\n".join(one if isinstance(one, bytes) else one.encode() for one in lines))
    return path


async def taken(feeds: Feeds, *files: Path) -> Report:
    tenant = await feeds.store.read(tenants.by_label, "shop")
    assert tenant is not None
    return await FeedImport(feeds, tenant, files).run()


async def objects(feeds: Feeds, name: str, limit: int = 100) -> list[str]:
    tenant = await feeds.store.read(tenants.by_label, "shop")
    feed = FeedId.parse(name)
    assert tenant is not None
    assert feed is not None
    space = await feeds.space(tenant)
    found = await reading.page(feeds, space, feed, Part(limit=limit))
    return [json.loads(line.text)["object"] for line in await lines.written(feeds, space.entities, found)]


async def test_every_instruction(feeds: Feeds, tmp_path: Path) -> None:
    """Moving: what was added, who followed whom, and who reacted, in one file."""
    first = activity(1)
    path = written(
        tmp_path / "shop.jsonl",
        line("add_activities", [first, activity(2, to=["flat:1"])], feedId="user:1"),
        line("follow", ["user:1"], feedId="timeline:1", activity_copy_limit=1),
        "",
        line("follow", ["user:1", "user:2"], feedId="timeline:2"),
        line("unfollow", ["user:2"], feedId="timeline:2"),
        line(
            "reactions",
            [
                {
                    "kind": "like",
                    "user_id": "bob",
                    "activity_id": "f01c0000-acf5-11e5-8080-80006a8b5bc2",
                    "id": "r1",
                }
            ],
        ),
        line("users", [{"id": "bob", "data": {"name": "Bob"}, "created_at": "2019-01-01T00:00:00Z"}]),
        line("collections", [{"collection": "food", "id": "1", "data": {"name": "cake"}, "user_id": "bob"}]),
    )
    report = await taken(feeds, path)
    assert report.document() == {
        "taken": {
            "activities": 2, "follows": 3, "ended follows": 1, "reactions": 1, "users": 1, "collection entries": 1,
        },
        "already": {}, "left": {}, "reasons": [],
    }  # fmt: skip
    assert await objects(feeds, "user:1") == ["P:2", "P:1"]
    assert await objects(feeds, "timeline:1") == ["P:2"]
    assert await objects(feeds, "timeline:2") == ["P:2", "P:1"]
    assert await objects(feeds, "flat:1") == ["P:2"]


async def test_twice_is_once(feeds: Feeds, tmp_path: Path) -> None:
    path = written(tmp_path / "x", line("add_activities", [activity(n) for n in range(3)], feedId="user:1"))
    await taken(feeds, path)
    assert (await taken(feeds, path)).document()["already"] == {"activities": 3}
    assert len(await objects(feeds, "user:1")) == 3


@pytest.mark.parametrize("broken", [
    "no json", '{"instruction": "add_activities", "feedId": "user:1"', "[]", "7", '{"instruction": "dance"}',
    '{"instruction": "follow", "data": ["user:1"]}', '{"instruction": "users", "data": {}}', '{"a": 1, "a": 2}',
    b'{"instruction": "\xff"}', '{"instruction": "users", "data": []} {"instruction": "users", "data": []}',
])  # fmt: skip
async def test_a_broken_line_is_named_and_the_others_are_taken(
    broken: str | bytes, feeds: Feeds, tmp_path: Path
) -> None:
    """SEC-050: with its number and the reason."""
    sound = line("add_activities", [activity(1)], feedId="user:1")
    report = await taken(feeds, written(tmp_path / "x", broken, sound, broken))
    assert [(one["line"], one["file"]) for one in report.reasons] == [(1, "x"), (3, "x")]
    assert all(one["reason"] for one in report.reasons)
    assert report.taken == {"activities": 1}


@pytest.mark.parametrize("item", [
    {"actor": "1"}, 7, None, activity(9, time="yesterday"), activity(9, to=["nowhere:1"]), activity(9, is_seen=True),
    activity(9, text="x" * 10_240), activity(9, time=None), activity(9, big=2**60),
])  # fmt: skip
async def test_a_bad_item_spoils_no_other(item: Any, feeds: Feeds, tmp_path: Path) -> None:
    """Feeds §4, §12: each item is judged by itself, as the API would."""
    data = [activity(1), item, activity(2)]
    report = await taken(feeds, written(tmp_path / "x", "", line("add_activities", data, feedId="user:1")))
    assert report.taken == {"activities": 2}
    (reason,) = report.reasons
    assert (reason["line"], reason["item"], reason["kind"]) == (2, 2, "activities")


async def test_what_has_no_place_here(feeds: Feeds, tmp_path: Path) -> None:
    """Feeds §3, §5: groups that are not configured, and feeds that cannot be followed."""
    path = written(
        tmp_path / "x",
        line("add_activities", [activity(1)], feedId="nothing:1"),
        line("follow", ["notification:1", "nothing:1", "user:1"], feedId="timeline:1"),
        line(
            "reactions",
            [
                {"kind": "like", "user_id": "bob", "parent": "r0", "id": "r1"},
                {"kind": "like", "user_id": "b", "parent": ""},
            ],
        ),
    )
    report = await taken(feeds, path)
    assert report.taken == {"follows": 1}
    assert [(one["line"], one["item"], one["reason"]) for one in report.reasons] == [
        (1, 1, "no feed group is called nothing"),
        (2, 1, "notification:1: only flat feeds can be followed"),
        (2, 2, "no feed group is called nothing"),
        (3, 1, "parent: does not exist"),
        (3, 2, "created_at: this field is required"),
    ]


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


@pytest.mark.parametrize("packed", [False, True])
async def test_what_was_stopped_goes_on(
    packed: bool, feeds: Feeds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is settled is not read again, in whichever line it was; the report tells of all of it."""
    monkeypatch.setattr(feedimport, "WEIGHT_MAX", 3)
    lines = [
        line("add_activities", [activity(n * 4 + m) for m in range(4)], feedId="user:1") for n in range(5)
    ]
    path = written(tmp_path / "x.jsonl", "broken", *lines)
    if packed:
        path = tmp_path / "x.jsonl.gz"
        path.write_bytes(gzip.compress((tmp_path / "x.jsonl").read_bytes()))
    tenant = await feeds.store.read(tenants.by_label, "shop")
    assert tenant is not None
    steps: list[str] = []

    def step(kind: str, read: int) -> None:
        steps.append(kind)
        if len(steps) == 9:
            raise Stopped

    with pytest.raises(Stopped):
        await FeedImport(feeds, tenant, [path], step=step).run()
    settled = len(await objects(feeds, "user:1"))
    assert 0 < settled < 20
    again: list[str] = []
    report = await FeedImport(feeds, tenant, [path], step=lambda kind, read: again.append(kind)).run()
    assert len(again) == 20 - settled
    assert report.document()["taken"] == {"activities": 20}
    assert report.document()["already"] == {}
    assert [one["line"] for one in report.reasons] == [1]
    assert len(await objects(feeds, "user:1")) == 20


async def test_nothing_is_left_of_a_run_that_ended(feeds: Feeds, tmp_path: Path) -> None:
    path = written(tmp_path / "x", line("add_activities", [activity(1)], feedId="user:1"))
    run = FeedImport(feeds, (await feeds.tenant(7)), [path])  # type: ignore[arg-type]
    await run.run()
    assert await feeds.store.read(meta.get, feedimport.mark_of(run.tenant, path)) is None


async def test_lines_of_any_length(feeds: Feeds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC-099: one that is longer than is ever held is left; a long one is read item by item."""
    long = line("add_activities", [activity(n, tags=["x"] * 20) for n in range(3_000)], feedId="user:1")
    report = await taken(feeds, written(tmp_path / "long", long))
    assert report.taken == {"activities": 3_000}
    monkeypatch.setattr(feeddump, "LINE_BYTES_MAX", 1_000)
    short = line("add_activities", [activity(1)], feedId="user:2")
    report = await taken(feeds, written(tmp_path / "x", short, "x" * 5_000, "x" * 1_000, short, "x" * 999))
    assert [(one["line"], one["reason"][:11]) for one in report.reasons] == [
        (2, "longer than"), (3, "longer than"), (5, "expected '{"),
    ]  # fmt: skip
    assert report.taken + report.held == {"activities": 2}


async def test_it_holds_little(tmp_path: Path) -> None:
    """SEC-099: a file of any size is read in the memory of its longest line."""
    path = tmp_path / "large"
    text = line("add_activities", [activity(n) for n in range(100)], feedId="user:1")
    with path.open("w") as file:
        for _ in range(500):
            file.write(text + "\n")
    tracemalloc.start()
    with feeddump.opened(path) as dump:
        assert sum(1 for _ in feeddump.items(dump, feeddump.Place(0, 0, 0))) == 50_000
    assert tracemalloc.get_traced_memory()[1] < path.stat().st_size / 5
    tracemalloc.stop()


async def test_a_file_that_breaks_off(feeds: Feeds, tmp_path: Path) -> None:
    """What was read of it is taken."""
    text = "\n".join(line("add_activities", [activity(n)], feedId="user:1") for n in range(2_000))
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(text.encode())[:-2_000])
    with pytest.raises(BadArchive, match="after line"):
        await taken(feeds, path)
    assert len(await objects(feeds, "user:1")) > 0
    with pytest.raises(BadArchive), feeddump.opened(tmp_path / "nothing"):
        pass
