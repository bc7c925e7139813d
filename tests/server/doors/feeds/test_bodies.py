"""Nothing that anyone can send makes the Feeds API fail: bodies, queries and paths of every kind (Feeds §4)."""

import asyncio
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from feedsapi import Api, Caller, failure, opened
from hypothesis import given, settings
from hypothesis import strategies as st
from spoiling import json, spoilt

from server.doors.feeds.routes import OPERATIONS

UUID = "f01c0000-acf5-11e5-8080-80006a8b5bc2"
ACTIVITY = {
    "actor": "SU:ada", "verb": "tweet", "object": "SO:food:1", "foreign_id": "tweet:1", "time": "2026-03-01T12:00:00.5",
    "to": ["notification:ada"], "text": "hello", "nested": {"a": [1]},
}  # fmt: skip
REACTION = {
    "kind": "like", "activity_id": UUID, "user_id": "ada", "data": {"a": 1}, "target_feeds": ["user:ada"],
    "target_feeds_extra_data": {"b": 2}, "id": "mine", "parent": None, "moderation_template": "x",
}  # fmt: skip
ENTRY = {"id": "1", "data": {"name": "tea"}, "user_id": "ada"}
USER = {"id": "ada", "data": {"name": "Ada"}}
CHANGE = {"id": UUID, "set": {"nested.a": 2}, "unset": ["text"]}
TARGETS = {
    "foreign_id": "tweet:1",
    "time": "2026-03-01T12:00:00.5",
    "added_targets": ["user:bob"],
    "removed_targets": [],
}
ENGAGEMENT = {
    "content": {"foreign_id": "tweet:1"}, "label": "click", "user_data": {"id": "ada", "alias": "Ada"}, "position": 1,
    "features": [{"group": "topic", "value": "js"}], "boost": 2, "feed_id": "user:ada",
    "tracked_at": "2026-03-01T12:00:00Z",
}  # fmt: skip
VERDICT = {
    "entity_type": "stream:user", "entity_id": "ada", "user_id": "bob", "reason": "spam", "custom": {"a": 1},
    "moderator_id": "eve", "status": "complete", "recommended_action": "keep", "latest_moderator_action": "keep",
}  # fmt: skip

BODIES: dict[str, list[Any]] = {
    "feed/{slug}/{id}/": [ACTIVITY, {"activities": [ACTIVITY, ACTIVITY]}],
    "feed/add_to_many/": [{"activity": {"actor": 1, "verb": 2, "object": 3}, "feeds": ["user:ada"]}],
    "feed/{slug}/{id}/follows/": [{"target": "user:bob", "activity_copy_limit": 3, "target_token": "x"}],
    "feed/{slug}/{id}/following/": [{"target": "user:bob", "activity_copy_limit": 3, "target_token": "x"}],
    "feed_targets/{slug}/{id}/activity_to_targets/": [TARGETS, [TARGETS]],
    "activities/": [{"activities": [ACTIVITY]}],
    "activity/": [CHANGE, {"changes": [CHANGE]}],
    "follow_many/": [[{"source": "user:ada", "target": "user:bob", "activity_copy_limit": 1}]],
    "unfollow_many/": [[{"source": "user:ada", "target": "user:bob", "keep_history": True}]],
    "user/": [USER],
    "user/{user}/": [USER],
    "users/": [{"users": [USER], "override": True}],
    "collections/": [{"data": {"food": [{"id": "1", "name": "tea"}]}}],
    "collections/{collection}/": [ENTRY],
    "collections/{collection}/{entry}/": [{"data": {"name": "tea"}}],
    "reaction/": [REACTION],
    "reaction/{id}/": [{"data": {"a": 1}, "target_feeds": ["user:ada"], "target_feeds_extra_data": None}],
    "reaction/{id}/restore/": [{}],
    "data_privacy/delete_activities/": [{"activities": [{"id": UUID, "remove_from_feeds": ["user:ada"]}]}],
    "data_privacy/delete_reactions/": [{"ids": [UUID]}],
    "files/refresh/": [{"url": "http://127.0.0.1:8000/media/x/y.txt?a=b"}],
    "images/refresh/": [{"url": "http://127.0.0.1:8000/media/x/y.png?a=b"}],
    "moderation/flag/": [VERDICT],
    "moderation/status/": [VERDICT],
    "moderation/status/batch/": [{"moderator_id": "eve", "updates": [VERDICT]}],
    "engagement/": [{"content_list": [ENGAGEMENT]}],
    "impression/": [
        [{**ENGAGEMENT, "content_list": ["tweet:1"]}],
        {**ENGAGEMENT, "content_list": ["tweet:1"]},
    ],
}
"""Good bodies by path without its prefix, the names of parameters left out."""

PARAMETERS = """
    limit offset id_lt id_lte id_gt id_gte ids ids[] foreign_ids timestamps filter ranking ranking_vars rankingVars
    withOwnReactions withRecentReactions with_own_children withOwnChildrenKinds reactionKindsFilter user_id kind
    recentReactionsLimit mark_seen mark_read discard_actors with_activity_data with_follow_counts session refresh
    next prev entity_type entity_id followers following followers_slugs activity_copy_limit url w h crop events
    get_or_create foreign_id keep_history collection_name soft filter_user_id
"""
VALUES = ["", "1", "true", "-1", "0", UUID, f"{UUID},{UUID}", "user:ada", "ada", "{}", "[]", "9" * 20]
QUERY = st.dictionaries(
    st.sampled_from(PARAMETERS.split()), st.sampled_from(VALUES) | st.text(max_size=20), max_size=5
)

JSON = json()
NAMED = ["id", "to", "time", "origin", "score", "a.b"]
"""Members that mean something somewhere."""


WORDS = st.sampled_from(["ada", "user", "food", "1", UUID, "mine", "activity_id", "user:ada", "like"])
NAMES = st.lists(WORDS | st.text(min_size=1, max_size=12), min_size=3, max_size=3) | st.sampled_from(
    [
        ["user", "ada", UUID],
        ["aggregated", "ada"],
        ["mine"],
        ["ada"],
        ["food", "1"],
        ["activity_id", UUID, "like"],
    ]
)
"""What stands in paths: anything, or what is there."""


def _written() -> list[tuple[str, str]]:
    return [(path, method) for path, methods in OPERATIONS for method in methods if method in ("POST", "PUT")]


def _shape(path: str) -> str:
    """Return a path without its prefix and the names of its parameters."""
    return re.sub(r"\{[^}]*\}", "{}", re.sub(r"^/[a-z]+/v1\.0/", "", path)).rstrip("/")


GOOD = {_shape(path): bodies for path, bodies in BODIES.items()}
THERE = [
    ("feed/user/ada/", ACTIVITY), ("user/", USER), ("collections/food/", ENTRY), ("reaction/", REACTION),
    ("feed/timeline/ada/follows/", {"target": "user:ada"}), ("feed/aggregated/ada/follows/", {"target": "user:ada"}),
]  # fmt: skip
"""What is there to be changed, read and removed."""
NO_BODY = {"test/auth/digest", "files", "images", "{}", "reaction/{}/restore"}
"""What takes none, or none that is JSON."""


@pytest.fixture(scope="module")
def ask(
    migrated_sqlite: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., httpx.Response]]:
    """Call a server in this process, in the loop of its own that it lives in."""
    directory = tmp_path_factory.mktemp("bodies")
    (directory / "test.db").write_bytes(migrated_sqlite.read_bytes())
    with asyncio.Runner() as runner:
        context = opened(f"sqlite:///{directory / 'test.db'}", limits_requests_per_minute="1000000")
        api: Api = runner.run(context.__aenter__())
        callers: dict[str, Caller] = {"server": api.server, "ada": api.user("ada")}

        def asked(who: str, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
            return runner.run(callers[who](method, path, body, **query))

        for path, body in THERE:
            assert asked("server", "POST", f"/api/v1.0/{path}", body).status_code == 201
        yield asked
        runner.run(context.__aexit__(None, None, None))


def _address(template: str, names: list[str]) -> str:
    parts = iter(names)
    return re.sub(r"\{[^}]*\}", lambda _: quote(next(parts, "x"), safe="", errors="replace"), template)


def _is_well(answer: httpx.Response) -> None:
    if answer.status_code >= 400:
        assert failure(answer).status < 500
    elif answer.status_code != 302:
        assert answer.json()["duration"]
        assert "exception" not in answer.json()


def test_every_operation_that_takes_a_body_is_tried() -> None:
    """A new one needs a good body above."""
    assert {_shape(path) for path, _ in _written()} <= GOOD.keys() | NO_BODY


@pytest.mark.parametrize(("path", "method"), _written())
def test_bodies(ask: Callable[..., httpx.Response], path: str, method: str) -> None:
    """Feeds §4: a good body, a spoilt one or any other is taken or refused in the dialect, never a failure."""
    good = st.sampled_from(GOOD.get(_shape(path), [{}]))

    @settings(max_examples=25, deadline=None)
    @given(
        body=good.flatmap(partial(spoilt, names=NAMED)) | JSON | good | st.binary(max_size=30),
        who=st.sampled_from(["server", "ada"]),
        names=NAMES, query=QUERY,
    )  # fmt: skip
    def sent(body: Any, who: str, names: list[str], query: dict[str, str]) -> None:
        _is_well(ask(who, method, _address(path, names), body, **query))

    sent()


@pytest.mark.parametrize(
    ("path", "method"),
    [(path, method) for path, methods in OPERATIONS for method in methods if method in ("GET", "DELETE")],
)
def test_queries(ask: Callable[..., httpx.Response], path: str, method: str) -> None:
    """Feeds §3, §4: parameters of any kind, in paths of any kind."""

    @settings(max_examples=25, deadline=None)
    @given(
        who=st.sampled_from(["server", "ada"]), query=QUERY,
        names=NAMES,
    )  # fmt: skip
    def sent(who: str, names: list[str], query: dict[str, str]) -> None:
        _is_well(ask(who, method, _address(path, names), **query))

    sent()
