"""How often programs may do something (Feeds §4.1)."""

import time
from typing import Any

import anyio
import pytest
from feedsapi import Api, opened

from server.config.models import QuotasSection
from server.doors.events.door import QUOTA
from server.doors.feeds.kinds import KINDS
from server.doors.feeds.routes import OPERATIONS
from server.errors import ProblemError
from server.quotas import MINUTE_US, OTHER, Quota

pytestmark = pytest.mark.anyio

ACTIVITY = {"actor": "a", "verb": "v", "object": "o"}


def left(headers: Any) -> tuple[int, int]:
    return int(headers["x-ratelimit-limit"]), int(headers["x-ratelimit-remaining"])


async def test_each_answer_tells_what_is_left(ready_url: str) -> None:
    async with opened(ready_url, quotas_single="10") as api:
        assert left((await api.server("GET", "user/bob/")).headers) == (10, 9)
        answer = await api.server("POST", "user/", {"id": "bob"})
        assert left(answer.headers) == (10, 8)
        reset = int(answer.headers["x-ratelimit-reset"])
        assert 0 < reset - time.time() <= 61
        assert reset % 60 == 0
        refused = await api.server.fails("PUT", "user/bob/", {"data": []})
        assert left(refused.headers) == (10, 7)


async def test_what_is_too_much_is_refused(ready_url: str) -> None:
    """Feeds §4: 429, code 9, and when to come again."""
    async with opened(ready_url, quotas_single="1") as api:
        await _at_the_beginning_of_a_minute()
        await api.server.does("POST", "user/", {"id": "bob"})
        found = await api.server.fails("POST", "user/", {"id": "ada"})
        assert found.meaning == (429, 9, "RateLimitReached")
        assert 1 <= int(found.headers["retry-after"]) <= 60
        assert left(found.headers) == (1, 0)


async def test_kinds_and_tenants_are_counted_apart(ready_url: str) -> None:
    """Feeds §4.1: exceeding one class does not block others."""
    async with opened(ready_url, quotas_add="1") as api:
        await _at_the_beginning_of_a_minute()
        await api.server.does("POST", "feed/user/1/", ACTIVITY)
        assert (await api.user("1").fails("POST", "feed/user/1/", ACTIVITY)).status == 429
        await api.server.does("GET", "feed/user/1/")
        other = await api.tenant("other")
        await other.server.does("POST", "feed/user/1/", ACTIVITY)


async def test_a_batch_counts_by_its_items(ready_url: str) -> None:
    """SEC-106."""
    async with opened(ready_url, quotas_add="5", quotas_batch="5", quotas_batch_follow="5") as api:
        await _at_the_beginning_of_a_minute()
        follow = {"source": "timeline:1", "target": "user:1"}
        for path, three in (
            ("feed/user/1/", {"activities": [ACTIVITY] * 3}),
            ("users/", {"users": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}),
            ("follow_many/", [follow] * 3),
        ):
            assert left((await api.server("POST", path, three)).headers) == (5, 2)
            assert left((await api.server("POST", path, three)).headers) == (5, 0)
            assert (await api.server.fails("POST", path, three)).status == 429


async def test_who_is_not_believed_is_not_counted(api: Api) -> None:
    found = await api.presenting("x.y.z").fails("GET", "user/bob/")
    assert "x-ratelimit-limit" not in found.headers


def test_all_is_there_again_with_the_next_minute() -> None:
    quota = Quota(2)
    quota.take(now=MINUTE_US - 1)
    quota.count(9)
    with pytest.raises(ProblemError) as caught:
        quota.take(now=MINUTE_US - 1)
    assert caught.value.headers == {"Retry-After": "1"}
    quota.take(now=MINUTE_US)
    assert dict(quota.headers()) == {
        b"x-ratelimit-limit": b"2", b"x-ratelimit-remaining": b"1", b"x-ratelimit-reset": b"120",
    }  # fmt: skip


def test_each_kind_has_a_setting() -> None:
    ours = set(QuotasSection.model_fields) - {QUOTA}  # that one is the Events door's
    assert ours == {*KINDS.values(), OTHER}
    served = {operation for _, operations in OPERATIONS for operation in operations.values()}
    assert set(KINDS) <= served


async def _at_the_beginning_of_a_minute() -> None:
    """Wait, when a minute is about to end, for the next one."""
    if time.time() % 60 > 50:
        await anyio.sleep(60.1 - time.time() % 60)
