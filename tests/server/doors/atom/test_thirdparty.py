"""Outside activities over HTTP, rule by rule (Atom §6)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from atomhall import BASE_URL, OUTSIDE, RUN, VENDOR, Caller, Hall, opened

from vocab import Object

pytestmark = pytest.mark.anyio

LEAST: dict[str, Any] = {"generator": RUN["generator"], "id": "urn:x:1"}


@pytest.fixture
async def ci(hall: Hall) -> Caller:
    """A program that posts."""
    return await hall.bearer(await hall.member("ci"))


async def outbox(caller: Caller, name: str) -> list[dict[str, Any]]:
    """Return what an account has said, as a caller sees it, newest first."""
    path = f"/users/{name}/outbox?before={2**63 - 1}"
    answer = await caller.get(path, headers={"accept": "application/activity+json"})
    found: list[dict[str, Any]] = answer.json().get("orderedItems", [])
    return found


async def reasons(answer_of: Any) -> str:
    """Return why an activity is refused; the shape of the answer is that of Atom §6.3."""
    assert answer_of.status_code == 400, answer_of.text
    told = answer_of.json()
    assert set(told) == {"errorMessage", "subCode"}
    assert told["errorMessage"]
    return str(told["subCode"])


async def test_what_is_stored_is_answered(hall: Hall, ci: Caller) -> None:
    """Atom §6.3, §18 (1): 201, an absolute Location, the vendor's media type, and all that was said with its links."""
    answer = await ci.post(RUN)
    assert answer.status_code == 201, answer.text
    assert answer.headers["content-type"] == VENDOR
    location = answer.headers["location"]
    assert location.startswith(f"{BASE_URL}{OUTSIDE}")
    told = answer.json()
    assert told["links"] == {"self": location, "activities": f"{BASE_URL}{OUTSIDE}"}
    assert told["generator"] == RUN["generator"]
    assert (told["id"], told["verb"], told["title"]) == (RUN["id"], "fail", RUN["title"])
    assert told["object"] == RUN["object"]
    assert told["target"] == RUN["target"]
    assert told["icon"] == {"url": "https://ci.example/f.png", "width": 16, "height": 16}
    assert told["actor"]["id"] == "ci"
    again = await ci.get(location.removeprefix(BASE_URL))
    assert (again.status_code, again.json()) == (200, told)


@pytest.mark.parametrize(
    "type", [VENDOR, f"{VENDOR}; charset=utf-8", "application/stream+json", "application/json"]
)
async def test_media_types_that_are_read(ci: Caller, type: str) -> None:
    """Atom §6.1."""
    assert (await ci.post(RUN, type)).status_code == 201


@pytest.mark.parametrize(
    "type", ["text/plain", "application/activity+json", "application/x-www-form-urlencoded", ""]
)
async def test_media_types_that_are_not(ci: Caller, type: str) -> None:
    assert (await ci.post(RUN, type)).status_code == 415


async def test_who_may_post(hall: Hall, ci: Caller) -> None:
    """Atom §6.1, §2: authentication is required; a program needs the right to act; a password will do."""
    assert (await hall.anybody.post(RUN)).status_code == 401
    reader = await hall.bearer(await hall.member("reader"), "read")
    assert (await reader.post(RUN)).status_code == 403
    assert (await hall.basic("ci").post(RUN)).status_code == 201
    assert (await hall.basic("ci", "wrong").post(RUN)).status_code == 401
    assert (await Caller(hall.app, {"authorization": "Bearer nonsense"}).post(RUN)).status_code == 401


@pytest.mark.parametrize("path", ["/rest/activities/1.0", "/rest/activities/1.0/"])
async def test_a_slash_at_the_end_means_nothing(ci: Caller, path: str) -> None:
    """Atom §2."""
    answer = await ci.ask("POST", path, content=json.dumps(RUN), headers={"content-type": VENDOR})
    assert answer.status_code == 201
    assert (await ci.get(path)).status_code == 200


async def test_the_context_path(ready_url: str) -> None:
    """Atom §2: addresses that are answered begin with it when the request did."""
    async with opened(ready_url, atom_context_path="/jira") as hall:
        ci = await hall.bearer(await hall.member("ci"))
        answer = await ci.ask(
            "POST", f"/jira{OUTSIDE}", content=json.dumps(RUN), headers={"content-type": VENDOR}
        )
        assert answer.headers["location"].startswith(f"{BASE_URL}/jira{OUTSIDE}")
        assert (await ci.get(answer.headers["location"].removeprefix(BASE_URL))).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"text"', b"1", b'{"a":1,"a":2}', b"\xff", b"null", b"[" * 70]
)
async def test_what_is_no_object(ci: Caller, body: bytes) -> None:
    """Atom §6.3: not JSON, not an object: 400 in the same shape."""
    assert (await reasons(await ci.post(body))).startswith("body: ")


@pytest.mark.parametrize("length", [64 * 1024 + 1, 200_000, 2_000_000])
async def test_a_body_that_is_too_long(ci: Caller, length: int) -> None:
    """Atom §6.3: over 64 KiB is a 413."""
    body = json.dumps({**RUN, "filler": "x" * length}).encode()
    assert (await ci.post(body)).status_code == 413
    fits = json.dumps({**RUN, "filler": ""}).encode()
    filled = json.dumps({**RUN, "filler": "x" * (64 * 1024 - len(fits))}).encode()
    assert (await ci.post(filled)).status_code == 201


LONG = "x" * 256
CI = {"id": "https://ci.example/", "displayName": "CI"}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"generator": None}, "generator: is required"),
    ({"generator": "CI"}, "generator: must be an object"),
    ({"generator": {"id": "https://ci.example/"}}, "generator: displayName is required"),
    ({"generator": {"id": "https://ci.example/", "displayName": ""}}, "generator: displayName is required"),
    ({"generator": {"displayName": "CI"}}, "generator: id is required"),
    ({"generator": {"displayName": "CI", "id": "urn:ci"}}, "generator: id must be an absolute http or https URI"),
    ({"generator": {"displayName": "CI", "id": "/ci"}}, "generator: id must be an absolute http or https URI"),
    ({"generator": {**CI, "displayName": LONG}}, "generator: displayName has 256 characters, at most 255"),
    ({"generator": {**CI, "id": f"https://c.example/{LONG}"}}, "generator: id has 274 characters, at most 255"),
    ({"id": "", "url": None}, "id: or url is required"),
    ({"id": "run 512"}, "id: must be an absolute URI"),
    ({"id": "javascript:alert(1)"}, "id: must be an absolute URI"),
    ({"id": f"urn:{LONG}"}, "id: has 260 characters, at most 255"),
    ({"url": "urn:x:1"}, "url: must be an absolute http or https URI"),
    ({"url": "javascript:alert(1)"}, "url: must be an absolute http or https URI"),
    ({"title": LONG}, "title: has 256 characters, at most 255"),
    ({"title": f"<b>{'x' * 249}</b>"}, "title: has 256 characters, at most 255"),
    ({"title": 5}, "title: must be text"),
    ({"content": "x" * 5_001}, "content: has 5001 characters, at most 5000"),
    ({"published": "yesterday"}, "published: must be a date-time"),
    ({"published": True}, "published: must be a date-time"),
    ({"published": 1e300}, "published: must be a date-time"),
    ({"published": "2126-01-01T00:00:00Z"}, "published: lies more than 24 hours in the future"),
    ({"verb": "a/b"}, "verb: must be an absolute URI or a simple name"),
    ({"actor": {"displayName": LONG}}, "actor: displayName has 256 characters, at most 255"),
    ({"actor": {"url": "here"}}, "actor: url must be an absolute http or https URI"),
    ({"actor": {"image": {"url": "here"}}}, "actor: image.url must be an absolute http or https URI"),
    ({"actor": 5}, "actor: must be an object"),
    ({"object": {"summary": LONG}}, "object: summary has 256 characters, at most 255"),
    ({"object": {"displayName": LONG}}, "object: displayName has 256 characters, at most 255"),
    ({"object": {"id": "a/b"}}, "object: id must be an absolute URI or a simple name"),
    ({"object": {"objectType": "a/b"}}, "object: objectType must be an absolute http or https URI or a simple name"),
    ({"object": {"url": "javascript:x"}}, "object: url must be an absolute http or https URI or a simple name"),
    ({"target": {"uri": "a/b"}}, "target: url must be an absolute http or https URI or a simple name"),
    ({"target": [1]}, "target: must be an object"),
    ({"icon": {"width": 16}}, "icon: url is required"),
    ({"icon": {"url": "urn:x"}}, "icon: url must be an absolute http or https URI"),
    ({"icon": {"url": "https://c.example/i.png", "width": "wide"}}, "icon: width must be a whole number"),
    ({"icon": {"url": "https://c.example/i.png", "height": 1.5}}, "icon: height must be a whole number"),
    ({"icon": {"url": "https://c.example/i.png", "height": -1}}, "icon: height must be a whole number"),
    ({"to": "nobody"}, "to: must name recipients"),
]  # fmt: skip
"""What is wrong with an activity, member by member, and what is told of it."""


@pytest.mark.parametrize(("members", "reason"), WRONG, ids=[reason for _, reason in WRONG])
async def test_what_is_wrong_is_named(ci: Caller, members: dict[str, Any], reason: str) -> None:
    """Atom §6.1, §6.3: each reason names the JSON path, and of lengths the limit."""
    assert (await reasons(await ci.post({**RUN, **members}))).startswith(reason)


async def test_all_problems_are_told_at_once(ci: Caller) -> None:
    """Atom §6.3."""
    body = {
        "title": LONG,
        "content": "x" * 5_001,
        "object": {"summary": LONG},
        "icon": {"url": "x", "width": "w"},
    }
    told = (await reasons(await ci.post(body))).split("; ")
    assert [one.partition(":")[0] for one in told] == [
        "generator",
        "title",
        "content",
        "object",
        "icon",
        "icon",
        "id",
    ]


RIGHT: list[dict[str, Any]] = [
    {},
    {"id": "tag:ci.example,2026:1"},
    {"id": None, "url": "https://ci.example/run/1"},
    {"id": "", "url": "https://ci.example/run/1", "title": "", "actor": "", "object": {}, "target": {"url": ""}},
    {"title": "x" * 255, "content": "y" * 5_000},
    {"verb": "https://ci.example/verbs/fail"},
    {"verb": "merge"},
    {"object": "build-12"},
    {"object": {"id": "build 12", "objectType": "job", "uri": "https://ci.example/12"}},
    {"object": {"objectType": "https://ci.example/types/job"}},
    {"icon": {"url": "https://ci.example/i.png", "width": 16, "height": "16"}},
    {"provider": {"displayName": LONG}, "updated": 5, "links": [], "anything": {"else": None}},
    {"generator": None, "application": {"id": "https://ci.example/", "displayName": "CI"}},
    {"generator": {"id": "https://ci.example/"}, "application": "CI"},
    {"generator": {"id": "https://ci.example/", "application": "CI"}},
    {"user": "ada"},
    {"user": {"id": "ada", "displayName": "Ada", "image": {"url": "https://ci.example/a.png", "width": "48"}}},
    {"published": "2026-01-01T00:00:00+01:00"},
    {"published": "2026-01-01T00:00:00.25Z"},
    {"published": 1_767_225_600_000},
    {"published": -1},
    {"to": "@public", "cc": [{"objectType": "group", "alias": "@public"}, {"id": "https://there.example/u/bob"}]},
]  # fmt: skip


@pytest.mark.parametrize("members", RIGHT, ids=[str(members)[:60] for members in RIGHT])
async def test_what_is_right(ci: Caller, members: dict[str, Any]) -> None:
    """Atom §6.1: every form that is accepted, aliases and empty texts among them."""
    answer = await ci.post({**LEAST, **members})
    assert answer.status_code == 201, answer.text
    assert (await ci.get(answer.headers["location"].removeprefix(BASE_URL))).status_code == 200


async def test_dates(ci: Caller) -> None:
    """Atom §6.1: RFC 3339 or milliseconds since 1970; up to a day ahead; now, when none is given."""
    assert (await ci.posted(LEAST, published=1_767_225_600_250))["published"] == "2026-01-01T00:00:00.25Z"
    soon = datetime.now(UTC) + timedelta(hours=23)
    assert (await ci.post({**LEAST, "published": soon.isoformat()})).status_code == 201
    late = datetime.now(UTC) + timedelta(hours=25)
    assert (await ci.post({**LEAST, "published": late.isoformat()})).status_code == 400
    undated = await ci.posted(LEAST, title="now")
    assert abs(datetime.fromisoformat(undated["published"]) - datetime.now(UTC)) < timedelta(minutes=1)


async def test_empty_texts_are_absent(ci: Caller) -> None:
    """Atom §6.1."""
    told = await ci.posted(
        LEAST, title="", content="", object={"id": "", "displayName": ""}, target={"url": ""}
    )
    assert not {"title", "content", "object", "target", "url"} & told.keys()


PAYLOADS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>',
    "<svg/onload=alert(1)>", '<div style="background:url(javascript:alert(1))">x</div>', "<iframe src=//x>",
    '<a href="data:text/html,<script>alert(1)</script>">x</a>', "<form action=//x><input></form>",
    "<b onmouseover=alert(1)>x</b>", "<math><mi xlink:href=javascript:alert(1)>", "<scr<script>ipt>alert(1)</script>",
    "</title><script>alert(1)</script>", "<style>@import '//x'</style>", "<b>never closed", "&lt;script&gt;",
]  # fmt: skip


DANGERS = (
    "<script", "onerror", "onload", "onmouseover", "javascript:", "data:", "<iframe", "<form", "<svg", "style",
)  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_markup_that_runs_is_not_kept(ci: Caller, payload: str) -> None:
    """Atom §6.3, §17.1: what is answered is what was stored after sanitising."""
    told = await ci.posted(LEAST, title=payload, content=payload, object={"id": "a", "summary": payload})
    for text in (told.get("title", ""), told.get("content", ""), told["object"].get("summary", "")):
        lower = text.lower()
        for danger in (
            "<script",
            "onerror",
            "onload",
            "onmouseover",
            "javascript:",
            "data:",
            "<iframe",
            "<form",
            "<svg",
        ):
            assert danger not in lower
        assert "style" not in lower
        assert lower.count("<b>") == lower.count("</b>")


async def test_links_in_markup_are_marked(ci: Caller) -> None:
    """Atom §17.1: links of strangers vouch for nothing; tables and pictures stay in the content."""
    link = '<a href="https://ci.example/">CI</a>'
    told = await ci.posted(
        LEAST,
        title=link,
        content=f"<table><tr><td>{link}</td></tr></table><img src='https://ci.example/a.png'>",
    )
    for text in (told["title"], told["content"]):
        assert 'rel="nofollow noopener noreferrer ugc"' in text
    assert "<table>" in told["content"]
    assert "<img " in told["content"]


async def test_the_same_again_is_answered_with_what_is_stored(hall: Hall, ci: Caller) -> None:
    """Atom §6.1: same poster, generator, id, object and date."""
    dated = {**RUN, "published": "2026-01-01T00:00:00Z"}
    first = await ci.posted(dated)
    again = await ci.post({**dated, "title": "said otherwise"})
    assert (again.status_code, again.json()) == (200, first)
    other = await hall.bearer(await hall.member("other"))
    for poster, body in (
        (other, dated),
        (ci, {**dated, "published": "2026-01-01T00:00:01Z"}),
        (ci, {**dated, "object": {"id": "run-513"}}),
        (ci, {**dated, "id": "urn:x:513"}),
        (ci, {**dated, "generator": {"id": "https://other.example/", "displayName": "Orchard CI"}}),
    ):
        assert (await poster.post(body)).status_code == 201


async def test_undated_ones_are_the_same_when_all_is(ci: Caller) -> None:
    """Atom §6.1: scripts send one profile's address as the id of everything."""
    first = await ci.posted(RUN)
    again = await ci.post(RUN)
    assert (again.status_code, again.json()) == (200, first)
    assert (await ci.post({**RUN, "title": "another"})).status_code == 201


async def test_a_key_dedupes(ci: Caller) -> None:
    """Atom §6.1: Idempotency-Key."""
    answer = await ci.post(RUN, idempotency_key="k1")
    again = await ci.post(RUN, idempotency_key="k1")
    assert (answer.status_code, again.status_code) == (201, 200)
    assert answer.json() == again.json()
    assert (await ci.post({**RUN, "title": "other"}, idempotency_key="k1")).status_code == 409
    assert (await ci.post(RUN, idempotency_key="")).status_code == 400


async def test_paging(ci: Caller) -> None:
    """Atom §6.3: newest first; ``prev`` unless at 0, ``next`` when the page is full."""
    made = [await ci.posted(LEAST, published=1_767_225_600_000 + n * 1_000) for n in range(12)]
    newest_first = [one["links"]["self"] for one in reversed(made)]
    page = (await ci.get(OUTSIDE)).json()
    assert [one["links"]["self"] for one in page["activities"]] == newest_first[:10]
    assert page["links"] == {
        "self": f"{BASE_URL}{OUTSIDE}?max-results=10&start-index=0",
        "next": f"{BASE_URL}{OUTSIDE}?max-results=10&start-index=10",
    }
    page = (await ci.get(page["links"]["next"].removeprefix(BASE_URL))).json()
    assert [one["links"]["self"] for one in page["activities"]] == newest_first[10:]
    assert page["links"]["prev"] == f"{BASE_URL}{OUTSIDE}?max-results=10&start-index=0"
    assert "next" not in page["links"]
    assert (
        (await ci.get(f"{OUTSIDE}?max-results=1000"))
        .json()["links"]["self"]
        .endswith("max-results=300&start-index=0")
    )
    assert (await ci.get(f"{OUTSIDE}?max-results=many")).status_code == 400


async def test_what_there_is_not(ci: Caller) -> None:
    for id in ("1", "none", "99999999999999999999", "0", "-1"):
        assert (await ci.get(f"{OUTSIDE}{id}")).status_code == 404
        assert (await ci.ask("DELETE", f"{OUTSIDE}{id}")).status_code == 404


async def test_who_sees_it(hall: Hall, ci: Caller) -> None:
    """Atom §6.3, §17.5: private by default, to its poster and whoever runs the server; unknown and hidden are alike."""
    path = (await ci.posted(RUN))["links"]["self"].removeprefix(BASE_URL)
    admin = await hall.bearer(await hall.member("boss", admin=True), "read write admin:read admin:write")
    eve = await hall.bearer(await hall.member("eve"))
    assert [(await one.get(path)).status_code for one in (ci, admin, eve, hall.anybody)] == [
        200,
        200,
        404,
        404,
    ]
    assert [len((await one.get(OUTSIDE)).json()["activities"]) for one in (ci, admin, eve, hall.anybody)] == [
        1,
        1,
        0,
        0,
    ]
    assert (await eve.ask("DELETE", path)).status_code == 404
    unknown = await eve.get(f"{OUTSIDE}4711")
    assert {**(await eve.get(path)).json()} == {**unknown.json()}


async def test_a_server_whose_stream_is_public(ready_url: str) -> None:
    """Atom §6.2: the site's setting, where the activity is about nothing that says so."""
    async with opened(ready_url, atom_outside_public="true") as hall:
        ci = await hall.bearer(await hall.member("ci"))
        path = (await ci.posted(RUN))["links"]["self"].removeprefix(BASE_URL)
        assert (await hall.anybody.get(path)).status_code == 200
        eve = await hall.bearer(await hall.member("eve"))
        assert (await eve.ask("DELETE", path)).status_code == 403
        assert (await hall.anybody.ask("DELETE", path)).status_code == 401


async def test_deleting(hall: Hall, ci: Caller) -> None:
    """Atom §6.3: the poster or an administrator; the deleted document, then 404."""
    admin = await hall.bearer(await hall.member("boss", admin=True), "read write admin:read admin:write")
    for who in (ci, admin):
        stored = await ci.posted(RUN)
        path = stored["links"]["self"].removeprefix(BASE_URL)
        answer = await who.ask("DELETE", path)
        assert (answer.status_code, answer.json()) == (200, stored)
        assert (await who.ask("DELETE", path)).status_code == 404
        assert (await ci.get(path)).status_code == 404
        assert (await ci.get(OUTSIDE)).json()["activities"] == []


async def test_it_is_an_activity_like_any_other(hall: Hall, ci: Caller) -> None:
    """Atom §6.2, §6.3: in the poster's outbox, as AS2, with the chain of its verb."""
    await ci.posted(RUN)
    [activity] = await outbox(ci, "ci")
    assert activity["actor"] == f"{BASE_URL}/users/ci"
    assert activity["generator"]["id"] == "https://ci.example/"
    assert Object(activity).values("hw:verb")[-1].endswith("/fail")
    assert activity["hw:provider"] == "thirdparty"
    assert activity["object"]["id"] == "https://ci.example/run/512"
    assert "to" not in activity


async def test_on_behalf(hall: Hall) -> None:
    """Atom §6.2: with the scope, an account is credited and an unknown name is kept; without it, the poster is."""
    await hall.member("ada")
    robot = await hall.member("robot")
    plain, scoped = await hall.bearer(robot), await hall.bearer(robot, "read write activities:onbehalf")
    assert (await plain.posted(LEAST, title="1", actor={"id": "ada"}))["actor"]["id"] == "robot"
    assert (await scoped.posted(LEAST, title="2", actor={"id": "ada"}))["actor"]["id"] == "ada"
    stranger = {
        "id": "zoe",
        "displayName": "Zoë",
        "url": "https://z.example/",
        "image": {"url": "https://z.example/z.png"},
    }
    told = await scoped.posted(LEAST, title="3", actor=stranger)
    assert told["actor"] == {"objectType": "person", **stranger}
    [linked] = await outbox(scoped, "ada")
    assert linked["actor"] == f"{BASE_URL}/users/ada"
    assert linked["instrument"] == f"{BASE_URL}/users/robot"
    first, _ = await outbox(scoped, "robot")
    [author] = Object(first).embedded("hw:author")
    assert author.get("name") == "Zoë"
    assert author.id is None
