"""Actions and comments that providers take, and what is kept of them (Atom §7.4, §8.1)."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any, ClassVar

import pytest
from atomhall import BASE_URL, Hall, opened

from storage import streamactions
from streams import inline
from streams.policy import viewer
from streams.providers import Onlooker
from vocab.entry import Entry

pytestmark = pytest.mark.anyio

ACTIONS = "/rest/stream-actions/1.0/actions"
COMMENTS = "/plugins/servlet/streamscomments"
BUILD = "https://ci.example/run/512"
RELATIONS = "http://streams.atlassian.com/syndication/"


def build_trigger(viewer: Any, object: str) -> None:
    if not object.startswith("https://ci.example/"):
        raise LookupError(object)


build_trigger.label = "Run again"  # type: ignore[attr-defined]


async def merge(viewer: Any, object: str) -> dict[str, str]:
    return {"message": f"{viewer.name} merged {object}"}


def refuse(viewer: Any, object: str) -> None:
    raise PermissionError


def again(viewer: Any, object: str) -> None:
    raise FileExistsError


def crash(viewer: Any, object: str) -> None:
    raise RuntimeError("secret of the plug-in")


class Builds:
    """A provider with actions."""

    key, name = "builds", "Builds"
    blocking = True
    script = "headwater.registerAction('job', function (item) {}, 5)"
    actions: ClassVar[dict[str, Any]] = {
        "build-trigger": build_trigger, "merge": merge, "refuse": refuse, "again": again, "crash": crash,
        "watch": crash, "Not A Name": crash, "nothing": None,
    }  # fmt: skip

    def __init__(self, config: Any) -> None:
        self.config = config

    async def feed(self, request: Any) -> Any:
        return {"title": "Builds", "entries": []}

    def offers(self, viewer: Any, entries: Any) -> dict[str, list[str]]:
        if any(entry.id.endswith("hang") for entry in entries):
            time.sleep(1.5)
        return {entry.id: ["build-trigger"] for entry in entries if not entry.id.endswith("closed")}

    def comments(self, path: tuple[str, ...], text: str, viewer: Any) -> str:
        if path[-1] == "gone":
            raise LookupError(path)
        if path[-1] == "mute":
            raise PermissionError(path)
        if path[-1] == "bad":
            return "javascript:alert(1)"
        return f"https://ci.example/comments/{len(text)}"


@pytest.fixture
async def hall(ready_url: str) -> AsyncIterator[Hall]:
    async with opened(ready_url, providers=json.dumps({"builds": {"factory": f"{__name__}:Builds"}})) as made:
        yield made


def entry(id: str = BUILD) -> Entry:
    data = {
        "id": id, "type": "Create", "actor": "https://ci.example/bot", "published": "2026-01-01T00:00:00Z",
        "verb": ["x:y"],
    }  # fmt: skip
    return Entry.of(data, provider="builds")


async def test_a_script_of_its_own_is_part_of_the_page(hall: Hall) -> None:
    """Atom §7.1: served by the reader's own server, whose policy lets no other run."""
    page = await hall.anybody.get("/activity", headers={"Accept": "text/html"})
    assert '<script defer src="/activity/scripts/builds.js"></script>' in page.text
    script = await hall.anybody.get("/activity/scripts/builds.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.text == Builds.script
    for name in ("social.js", "nothing.js"):
        assert (await hall.anybody.get(f"/activity/scripts/{name}")).status_code == 404


async def test_what_is_offered(hall: Hall) -> None:
    bob = await hall.member("bob")
    plugins = await hall.house.providers.running()
    who = Onlooker(viewer(bob), "bob")
    store = hall.house.store
    shown, closed = await inline.offered(store, BASE_URL, who, [entry(), entry(f"{BUILD}/closed")], plugins)
    path = "builds/https%3A%2F%2Fci.example%2Frun%2F512"
    assert [(one.rel, one.href, one.name) for one in shown.actions] == [
        (f"{RELATIONS}reply-to", f"{BASE_URL}{COMMENTS}/{path}", "Comment"),
        (f"{RELATIONS}build-trigger", f"{BASE_URL}{ACTIONS}/build-trigger/{path}", "Run again"),
    ]
    assert [one.rel for one in closed.actions] == [f"{RELATIONS}reply-to"]
    [nobody] = await inline.offered(store, BASE_URL, Onlooker(), [entry()], plugins)
    assert nobody.actions == ()
    [late] = await inline.offered(store, BASE_URL, who, [entry(f"{BUILD}/hang")], plugins)
    assert [one.rel for one in late.actions] == [f"{RELATIONS}reply-to"]


@pytest.mark.parametrize(
    ("action", "object", "status", "outcome"),
    [
        ("build-trigger", BUILD, 204, "done"), ("build-trigger", "https://there.example/", 404, "NotFound"),
        ("merge", BUILD, 200, "done"), ("refuse", BUILD, 412, "NotAllowed"), ("again", BUILD, 409, "Redundant"),
        ("crash", BUILD, 502, "Unreachable"), ("nothing", BUILD, 404, None), ("Not A Name", BUILD, 404, None),
    ],
)  # fmt: skip
async def test_taking_one(hall: Hall, action: str, object: str, status: int, outcome: str | None) -> None:
    """Atom §7.4: 204, 200 with a message, or an error of §7.3; each is noted with who and what."""
    as_bob = await hall.bearer(await hall.member("bob"))
    for path in (f"builds/{object.replace('/', '%2F')}", object.replace("/", "%2F")):
        answer = await as_bob.ask("POST", f"{ACTIONS}/{action}/{path}")
        assert answer.status_code == status, answer.text
        assert "secret" not in answer.text
        if status == 200:
            assert answer.json() == {"message": f"bob merged {object}"}
    noted = await hall.house.store.read(streamactions.latest)
    assert [(one.actor, one.provider, one.action, one.object, one.outcome) for one in noted] == (
        [] if outcome is None else [(f"{BASE_URL}/users/bob", "builds", action, object, outcome)] * 2
    )
    assert (await hall.anybody.ask("POST", f"{ACTIONS}/{action}/builds/x")).status_code == 401
    assert (await as_bob.ask("DELETE", f"{ACTIONS}/{action}/builds/x")).status_code == 404


async def test_a_name_of_ours_keeps_its_meaning(hall: Hall) -> None:
    """``watch`` of a provider's would be anybody's; ours is what it says."""
    as_bob = await hall.bearer(await hall.member("bob"))
    assert (
        await as_bob.ask("POST", f"{ACTIONS}/watch/builds/{BUILD.replace('/', '%2F')}")
    ).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"), [("run/512", 201), ("run/gone", 404), ("run/mute", 403), ("run/bad", 502)]
)
async def test_a_comment(hall: Hall, path: str, status: int) -> None:
    """Atom §7.2, §8.1: the provider says where the comment is, or why there is none."""
    as_bob = await hall.bearer(await hall.member("bob"))
    answer = await as_bob.ask("POST", f"{COMMENTS}/builds/{path}", data={"comment": " five "})
    assert answer.status_code == status, answer.text
    if status == 201:
        assert answer.headers["location"] == "https://ci.example/comments/4"
    assert (await as_bob.ask("POST", f"{COMMENTS}/builds/{path}", data={"comment": " "})).status_code == 400


async def test_they_are_counted(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Atom §7.4: whoever acts too often is told to come again."""
    as_bob = await hall.bearer(await hall.member("bob"))
    taken: list[str] = []
    monkeypatch.setattr(
        hall.house.rates, "take", lambda request, what, *, by=None: taken.append(f"{what} {by}")
    )
    await as_bob.ask("POST", f"{ACTIONS}/merge/builds/x")
    assert taken == [f"publish {BASE_URL}/users/bob"]
