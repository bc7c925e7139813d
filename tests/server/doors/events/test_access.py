"""Whoever may see nothing finds nothing, whichever way they read (Events §1.4, §3.6): all operations of the door."""

import itertools
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from eventsapi import EVENT, Api, Caller

from server.doors.events.routes import OPERATIONS
from vocab.dialects.events.references import Ref

pytestmark = pytest.mark.anyio

CANARY = "canary"
HIDDEN = "hidden-9"
RULES = [{"MANAGE": "ASUser/bo"}]
SECRET = {
    **EVENT,
    "description": f"the {CANARY} sings",
    "involves": [
        {"ACTOR": "Employee/Ada"},
        {"AFFECTS": {"entity_ref": f"Plan/{HIDDEN}", "label": f"{CANARY} plan", "acl": RULES}},
        {"SENT_TO": "ASUser/bo"},
    ],
    "aspects": {
        "dimensions": {"lane": CANARY}, "metrics": {"weight": 3}, "tags": [CANARY], "summary": {"title": CANARY},
        "resolvable": {"external_id": "ext-1", "batch_id": "batch-1"},
    },
    "properties": {"shift": CANARY},
    "acl": RULES,
}  # fmt: skip
ENDLESS = {"/api/v1/as/stream"}
"""What never ends has a test of its own."""


async def _hide(api: Api, bo: Caller) -> dict[str, list[str]]:
    """Keep things that bo alone may know of; return what may stand in paths for each parameter."""
    event = (await bo.does("POST", "events", SECRET))["_stream_id"]
    said = {"comment": f"#{CANARY} {CANARY}", "involves": [{"COMMENTED_ON": event}], "acl": RULES}
    comment = (await bo.does("POST", "comments", said))["_stream_id"]
    await bo.does("POST", "comments", {"comment": f"again {CANARY}", "involves": [{"COMMENTED_ON": comment}]})
    await bo.does(
        "POST", "comments", {"comment": f"of {CANARY}", "involves": [{"COMMENTED_ON": f"Plan/{HIDDEN}"}]}
    )
    await bo.does("POST", "bumps", {"involves": [{"BUMP_UP": event}, {"BUMP_DOWN": f"Plan/{HIDDEN}"}]})
    await bo.does("PUT", f"entities/Plan/{HIDDEN}", {"relations": [{"BELONGS_TO": "Company/north"}]})
    await bo.does("PUT", "entities/ASChannel/night", {"acl": RULES, "label": f"{CANARY} channel"})
    await bo.does("POST", "channels/night/follows", {"follows_ref": "Employee/Ada"})
    await bo.does("PUT", f"workflow/{event}/claim")
    await bo.does("POST", "follow/Employee/Ada", {})
    entity = str(Ref.parse(f"Plan/{HIDDEN}").stream_id)
    return {
        "stream_id": [event, comment, entity],
        "entity": [f"Plan/{HIDDEN}", "Employee/Ada", "Company/north", "ASChannel/night", "ASUser/bo"],
        "type": ["Plan", "ASChannel"],
        "external_id": ["ext-1"], "batch_id": ["batch-1"], "tag": [CANARY], "channel": ["night"],
        "dataset": ["events", "timeseries"], "series": ["all"], "dimensions": ["lane", "tags,type", "plan"],
        "metrics": ["count,weight"], "granularity": ["all"], "since": ["2031-03-01"], "until": ["2031-04-01"],
        "begin": ["2031-03-01"], "end": ["2031-04-01"], "period": ["P30D"], "token": ["k7"], "name": ["as.fleet"],
        "username": ["bo"], "id": ["1"],
    }  # fmt: skip


def _addresses(known: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Go through the addresses of all operations that read, each with its template."""
    for template, operations in OPERATIONS:
        if "GET" not in operations or template in ENDLESS:
            continue
        path = template.replace("{type}/{id}", "{entity}")
        names = re.findall(r"\{(\w+)(?::path)?\}", path)
        for values in itertools.product(*(known.get(name, ["x"]) for name in names)):
            filled = path
            for name, value in zip(names, values, strict=True):
                text = quote(value, safe="/" if name == "entity" else "")
                filled = re.sub(r"\{" + name + r"(:path)?\}", text, filled)
            yield template, filled


QUERIES: list[dict[str, str]] = [
    {}, {"filter": f"properties.shift = '{CANARY}' OR importance >= 0"}, {"expand": "entities", "tags": CANARY},
]  # fmt: skip
"""With these too nothing is found, and nothing can be guessed from how many there are."""


async def test_who_may_see_nothing_finds_nothing(events_api: Api) -> None:
    """A new operation is walked as well; who may see it shows that there was something to be found."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    known = await _hide(events_api, bo)
    await eve.does("POST", "follow/Employee/Ada", {})
    found: set[str] = set()
    for template, path in _addresses(known):
        for query in QUERIES:
            answer = await eve("GET", path, **query)
            assert answer.status_code < 500 or answer.status_code == 501, (path, query, answer.text)
            told = answer.text
            assert CANARY not in told, (path, query, told)
            assert HIDDEN not in told.lower(), (path, query, told)
            for id in known["stream_id"]:
                assert id not in told, (path, query, told)
        if CANARY in (await bo("GET", path)).text:
            found.add(template)
    as_ = "/api/v1/as/"
    assert {
        f"{as_}events", f"{as_}events/{{stream_id}}", f"{as_}events/{{stream_id}}/detailed",
        f"{as_}events/{{stream_id}}/analytics", f"{as_}events/{{stream_id}}/comments",
        f"{as_}events/external-id/{{external_id}}", f"{as_}events/external-batch-id/{{batch_id}}",
        f"{as_}entities/{{type}}", f"{as_}entities/{{type}}/{{id}}", f"{as_}entities/{{type}}/{{id}}/events",
        f"{as_}entities/{{type}}/{{id}}/comments", f"{as_}comment/{{stream_id}}", f"{as_}comments/{{stream_id}}",
        f"{as_}comments/{{type}}/{{id}}", f"{as_}comments/tags/{{tag}}", f"{as_}channels",
        "/api/analytics/{dataset}/{series}/{dimensions}/{metrics}/{granularity}/{since}/{until}",
    } <= found  # fmt: skip


async def test_nothing_is_counted_that_may_not_be_seen(events_api: Api) -> None:
    """Totals of lists, and counts of analyses."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    known = await _hide(events_api, bo)
    for path in ("events", "entities/Plan", "entities/Employee/Ada/events", f"comments/tags/{CANARY}"):
        assert (await eve("GET", path)).headers["x-total-count"] == "0"
        assert (await bo("GET", path)).headers["x-total-count"] != "0"
    analysis = "/api/analytics/events/all/none/count/all/2031-03-01/2031-04-01"
    counts: list[Any] = [await who.does("GET", analysis) for who in (eve, bo)]
    assert counts[0] != counts[1]
    assert sum(row["event"]["count"] for row in counts[0]) == 0
    assert known
