"""Nothing that anyone can send makes the Events API fail: bodies, queries and paths of every kind (Events §1.4)."""

import asyncio
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from eventsapi import EVENT, EVENT_ID, Api, Caller, opened
from hypothesis import given, settings
from hypothesis import strategies as st
from spoiling import json, spoilt

from server.doors.events.routes import OPERATIONS
from server.doors.events.unbuilt import not_built

ASPECTS: dict[str, Any] = {
    "items": [
        {"PURCHASED": "Mug/blue", "item_count": 2, "item_price": 4.5, "BOUGHT_FOR": ["Customer/1"]}
    ],
    "presentation": {"label": "x"}, "classification": {"type": "a", "categories": ["b"]}, "tags": "one two",
    "dimensions": {"quay": "7"}, "metrics": {"pallets": 14}, "resolvable": {"external_id": "e", "batch_id": "b"},
    "timed": {"type": "shift", "begins": "2031-03-04T10:00:00Z", "duration": 5}, "geo_location": "1.5,2.5",
    "locale": {"currency": "EUR", "timezone": "UTC"}, "client_ip": "192.0.2.1", "client_device": "curl/8",
    "pageview": {"path": "/x", "query": "a=b"}, "messaging": {"subject": "s", "from": "a@b.example", "to": ["c@d.is"]},
    "settings": {"a": 1}, "grouped": {"scope": "s", "group": "g"}, "cei": {"engagement": 3},
    "status": {"is_deleted": False},
    "ab_test": {"id": "t", "variant": "a"}, "transaction": {"amount": "1.5"}, "ts_data": {"rpm": 3},
    "inventory": {"items_in_stock": 4}, "demography": {"gender": "F"}, "address": {"city": "x"}, "summary": "s",
    "update": {"properties": {"a": 1}}, "patch": {"aspects": {"tags": ["x"]}}, "content": {"title": "x", "body": "x"},
    "entities": [{"action": "UPDATES", "entity": "Vessel/x", "properties": {"a": 2}}],
    "attachments": [{"url": "https://a.example/x.png"}], "traffic_sources": {"type": "campaign"},
}  # fmt: skip
MESSAGE = {**EVENT, "aspects": ASPECTS, "properties": {"a": 1}, "acl": [{"READ": "ASUser/bo"}], "token": "k7"}
ENTITY = {
    "entity_ref": "Vessel:Tug/x", "AKA": ["Callsign/TFKE"], "properties": {"a": 1}, "aspects": ASPECTS, "label": "X",
    "relations": [{"type": "BELONGS_TO", "entity": {"entity_ref": "Company/n"}, "weight": 2, "active_from": "2029"}],
    "occurred_at": "2031-03-04T10:00:00Z",
}  # fmt: skip
COMMENT = {
    "comment": "#fog @Vessel/x",
    "involves": [{"COMMENTED_ON": EVENT_ID}, {"MENTIONS": "User/a"}],
    "acl": [],
}
BUMP = {"involves": [{"ACTOR": "Employee/Ada"}, {"BUMP_UP": EVENT_ID}, {"BUMP_DOWN": "Vessel/x"}]}
POINT = {
    "series": "tug.engine", "occurred_at": "2031-03-04T06:00:00Z", "source": "s", "involves": [{"AFFECTS": "Vessel/x"}],
    "aspects": {"ts_data": {"rpm": 1420}, "dimensions": {"side": "port"}},
}  # fmt: skip
FOLLOW = {
    "min_importance": 3, "event_types": ["as.fleet"], "tags": ["urgent"], "roles": ["ACTOR"], "degrees": 1,
    "relations": ["AKA"], "filter": "importance > 2", "starred": True, "list_index": 1, "follows_ref": "Vessel/x",
}  # fmt: skip
USER = {
    "username": "bo", "email": "b@o", "password": "long enough", "gender": "F", "birthYear": 1980,
    "tenantUserPrivileges": [{"role": "USER", "activeFrom": "2031-01-01", "activeUntil": "2032-01-01"}],
}  # fmt: skip
KEY = {"type": "BASIC", "activeFrom": "2031-01-01", "activeUntil": "2032-01-01", "label": "x"}
REPORT = {
    "type": "as.web.product.viewed", "tenant": "default", "origin": "https://shop.example", "title": "Blue mug",
    "occurred": "2031-05-01T09:20:00.000Z", "user": {"did": "x.y", "sid": "s.51"}, "products": ["Mug/blue"],
    "page": {"url": "https://shop.example/mugs/blue?utm_source=mail", "referrer": "a.example"}, "meta": {"a": "b"},
    "campaign": {"source": "mail"}, "partner_id": "p", "partner_sid": "s", "orders": ["Order/1"], "v": "2.1.1",
}  # fmt: skip

GOOD: dict[str, list[Any]] = {
    "events": [MESSAGE, [MESSAGE, MESSAGE]], "entities": [ENTITY, [ENTITY]], "entities/{}/{}": [ENTITY],
    "comments": [COMMENT, [COMMENT]], "bumps": [BUMP], "data-points": [POINT, [POINT]],
    "comment/{}": [{"acl": [{"READ": "ASUser/bo"}]}],
    "time-series/{}": [{"aspects": {"presentation": "x"}, "properties": {"a": 1}}],
    "channels": [{"entity_id": "night", "aspects": {"presentation": {"label": "N"}}, "properties": {"a": 1}}],
    "channels/{}": [{"aspects": {}, "properties": {"public": True}}],
    "follow": [FOLLOW], "workflow/{}/{}": [{"assignee": "ASUser/bo"}],
    "tokens": [{"token": "k7", "involves": [{"REFERENCES": "C/1"}], "variables": {"a": "b"}, "valid_until": "2031"}],
    "info": [{"name": "x", "icon": "y", "theme": "z"}], "users": [USER], "privilege": [{"role": "USER"}],
    "keys": [KEY], "scoped-api-keys": [{"type": "BASIC", "user": "bo", "defaults": MESSAGE}],
    "event-types/{}": [{"importance": 3, "label": "x", "dimensions": {"a": "b"}, "as2_type": "View"}],
    "entity-types/{}": [{"presentation": {"label": "x"}, "as2_type": "Person"}], "origins/{}": [{"url": "u"}],
    "/asa": [{"tid": "web.asa", "t": "2031-05-01T09:20:00Z", "ev": REPORT}, {"t": 1_900_000_000_000, "ev": [REPORT]}],
    "/asa/error": [{"err": "x", "context": {}, "v": "1"}],
}  # fmt: skip
"""Good bodies by the ends of paths."""

PARAMETERS = """
    page size pagesize filter q order from to min_importance types tags roles collapse expand id ids type direction at
    origin unread queryType sort limit tz
"""
VALUES = [
    "",
    "1",
    "true",
    "-1",
    "0",
    EVENT_ID,
    f"{EVENT_ID},{EVENT_ID}",
    "Vessel/x",
    "ada",
    "{}",
    "P7D",
    "9" * 20,
]
VALUES += [
    "importance > 2",
    "type LIKE 'as.%' AND NOT x IS NULL",
    "count",
    "topN",
    "2031-03",
    "IN",
    "entities",
]
QUERY = st.dictionaries(
    st.sampled_from(PARAMETERS.split()), st.sampled_from(VALUES) | st.text(max_size=20), max_size=5
)
TEXTS = ("Vessel/x", EVENT_ID, "2031-03-04T10:00:00Z", "AKA", "10", "_del")
NAMED = ["type", "AKA", "entity", "$delete", "_x"]
"""Texts and names of members that mean something somewhere."""
JSON = json(*TEXTS)


WORDS = st.sampled_from(
    ["ada", "Vessel", "x", "1", EVENT_ID, "night", "Vessel:Tug", "claim", "P7D", "all", "count"]
)
NAMES = st.lists(WORDS | st.text(min_size=1, max_size=12), min_size=7, max_size=7) | st.sampled_from(
    [
        [EVENT_ID, "claim"], ["Vessel", "x"], ["night", "Vessel", "x"], ["bo", "k"], ["tug.engine"], ["as.fleet"],
        ["events", "all", "quay", "count", "day", "2031-03-01", "2031-04"],
        ["trades", "all", "none", "sum:item_count", "P1W", "P-1M", "P1D"],
    ]
)  # fmt: skip
"""What stands in paths: anything, or what is there."""
ENDLESS = {"/api/v1/as/stream"}
KINDS = ["admin", "bo", "program"]


def _built() -> Iterator[tuple[str, str]]:
    for path, operations in OPERATIONS:
        for method, operation in operations.items():
            if operation is not not_built and path not in ENDLESS:
                yield path, method


def _end(path: str) -> str:
    """Return a path without its prefix and the names of its parameters, as ``GOOD`` has it."""
    shape = re.sub(r"\{[^}]*\}", "{}", re.sub(r"^/api/(collector/)?v1/(as/|provisioning/)?", "", path))
    shape = shape.removesuffix("/validate")
    if "api-keys" in shape and "scoped" not in shape:
        return "keys"
    if re.search(r"follow|members|monitors", shape):
        return "follow"
    if "privilege" in shape:
        return "privilege"
    return "users" if shape.startswith("users") else shape


TAKES_NONE = {"notifications/read", "notifications/{}/read"}


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
        callers: dict[str, Caller] = {
            "admin": api.admin, "bo": runner.run(api.caller("bo")), "program": runner.run(api.caller(None)),
        }  # fmt: skip

        def asked(who: str, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
            return runner.run(callers[who](method, path, body, **query))

        for path, body in (("events", EVENT), ("entities", ENTITY), ("tokens", GOOD["tokens"][0])):
            assert asked("admin", "POST", path, body).is_success
        yield asked
        runner.run(context.__aexit__(None, None, None))


def _address(template: str, names: list[str]) -> str:
    parts = iter(names)
    return re.sub(r"\{[^}]*\}", lambda _: quote(next(parts, "x"), safe="", errors="replace"), template)


def _is_well(answer: httpx.Response) -> None:
    assert answer.status_code < 500, answer.text
    if answer.status_code == 204 or not answer.headers["content-type"].startswith("application/json"):
        return
    body = answer.json()
    if answer.status_code >= 400 and "error" in body:
        assert set(body["error"]) == {"code", "message"}
    elif answer.status_code >= 400:
        told = body if isinstance(body, list) else [body]
        assert any(one["_valid"] is False and one["_errors"] for one in told), body


def test_every_operation_that_takes_a_body_is_tried() -> None:
    """A new one needs a good body above."""
    written = {_end(path) for path, method in _built() if method in ("POST", "PUT")}
    assert written - TAKES_NONE <= GOOD.keys()


@pytest.mark.parametrize(("path", "method"), [one for one in _built() if one[1] in ("POST", "PUT")])
def test_bodies(ask: Callable[..., httpx.Response], path: str, method: str) -> None:
    """Events §1.4: a good body, a spoilt one or any other is taken or refused in the dialect, never a failure."""
    good = st.sampled_from(GOOD.get(_end(path), [{}]))

    @settings(max_examples=15, deadline=None)
    @given(
        body=good.flatmap(partial(spoilt, names=NAMED, texts=TEXTS)) | JSON | good | st.binary(max_size=30),
        who=st.sampled_from(KINDS),
        names=NAMES, query=QUERY,
    )  # fmt: skip
    def sent(body: Any, who: str, names: list[str], query: dict[str, str]) -> None:
        _is_well(ask(who, method, _address(path, names), body, **query))

    sent()


@pytest.mark.parametrize(("path", "method"), [one for one in _built() if one[1] in ("GET", "DELETE")])
def test_queries(ask: Callable[..., httpx.Response], path: str, method: str) -> None:
    """Events §1.4, §1.5: parameters of any kind, in paths of any kind."""

    @settings(max_examples=15, deadline=None)
    @given(who=st.sampled_from(KINDS), query=QUERY, names=NAMES)
    def sent(who: str, names: list[str], query: dict[str, str]) -> None:
        _is_well(ask(who, method, _address(path, names), **query))

    sent()
