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


async def test_who_sends_an_event_again_is_not_shown_what_they_may_not_see(events_api: Api) -> None:
    """Events §2.2, §3.6: an id can be computed by anyone; what others said under it stays theirs."""
    bo, cy = await events_api.caller("bo"), await events_api.caller("cy")
    program = await events_api.caller(type="INGESTION_ONLY")
    said = {**EVENT, "acl": RULES, "properties": {"shift": CANARY}}
    open_one = {**EVENT, "origin": "open", "properties": {"shift": CANARY}}
    kept = await bo.does("POST", "events", [said, open_one])
    bare = [EVENT, {**EVENT, "origin": "open"}]
    for caller, may_know in ((bo, [True, True]), (cy, [False, True]), (program, [False, False])):
        answer = await caller("POST", "events", bare)
        assert answer.status_code == 200
        assert ["properties" in one for one in answer.json()] == may_know
        assert [one["_stream_id"] for one in answer.json()] == [one["_stream_id"] for one in kept]


async def test_who_sends_a_message_again_is_not_shown_its_blind_copies(events_api: Api) -> None:
    """Events §7.14: those who got one are told to the sender alone."""
    bo, cy = await events_api.caller("bo"), await events_api.caller("cy")
    messaging = {"subject": "Berth", "from": "ASUser/bo", "to": "ASUser/cy", "bcc": "Email/eve"}
    await bo.does("POST", "events", {**EVENT, "aspects": {"messaging": messaging}})
    assert "Email/eve" not in (await cy("POST", "events", EVENT)).text
    assert "Email/eve" in (await bo("POST", "events", EVENT)).text


async def test_a_key_that_only_submits_is_not_shown_entities(events_api: Api) -> None:
    """Events §1.2: what it says of one is answered, not what others have said."""
    await events_api.admin.does("PUT", "entities", {"entity_ref": "Plan/1", "properties": {"shift": CANARY}})
    program = await events_api.caller(type="INGESTION_ONLY")
    answer = await program.does("PUT", "entities/Plan/1", {"properties": {"lane": "7"}})
    assert answer["properties"] == {"lane": "7"}
    assert answer["_stream_id"]


async def test_nobody_speaks_of_what_they_may_not_know_of(events_api: Api) -> None:
    """Events §1.4, §3.6: a comment or vote on its id is one on nothing, on its name it is refused."""
    bo, cy = await events_api.caller("bo"), await events_api.caller("cy")
    kept = await _hide(events_api, bo)
    for id in kept["stream_id"]:
        for path, said in (
            ("comments", {"comment": "what is it?", "involves": [{"COMMENTED_ON": id}]}),
            ("bumps", {"involves": [{"BUMP_UP": id}]}),
        ):
            answer = await cy("POST", path, said)
            assert answer.status_code == 400
            assert [error["code"] for error in answer.json()["_errors"]] == ["invalid_reference"]
            assert (await bo("POST", path, said)).is_success
    about = {"comment": "what is it?", "involves": [{"COMMENTED_ON": f"Plan/{HIDDEN}"}]}
    assert (await cy.fails("POST", "comments", about)).meaning == (403, "not_allowed")
    vote = {"involves": [{"BUMP_UP": f"Plan/{HIDDEN}"}]}
    assert (await cy.fails("POST", "bumps", vote)).meaning == (403, "not_allowed")
