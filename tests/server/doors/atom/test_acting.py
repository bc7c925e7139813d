"""Comments, votes and watching over HTTP, rule by rule (Atom §7)."""

import json
from typing import Any

import pytest
from atomhall import BASE_URL, RUN, Caller, Hall

from server.auth.onlookers import FORM
from server.auth.sessions import Visit
from storage.actors import ActorRow
from streams import inline
from streams.happenings import local
from streams.policy import viewer
from streams.providers import Onlooker
from vocab import PUBLIC, Object
from vocab.entry import Entry

pytestmark = pytest.mark.anyio

AS2 = "application/activity+json"
COMMENTS = "/plugins/servlet/streamscomments"
ACTIONS = "/rest/stream-actions/1.0/actions"
OLDER = "/rest/jira-activity-stream/1.0/actions"


class Stage:
    """A server where Ada says something and Bob acts on it."""

    def __init__(self, hall: Hall, ada: ActorRow, bob: ActorRow, as_ada: Caller, as_bob: Caller) -> None:
        self.hall, self.ada, self.bob, self.as_ada, self.as_bob = hall, ada, bob, as_ada, as_bob

    async def says(
        self, text: str = "Frost sensor drifts", *, to: Any = PUBLIC, **members: Any
    ) -> dict[str, Any]:
        note = {"type": "Note", "content": text, "to": to, **members}
        answer = await self.sends(self.as_ada, "ada", note)
        assert answer.status_code == 201, answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def sends(self, caller: Caller, name: str, activity: dict[str, Any]) -> Any:
        """Publish something in somebody's outbox."""
        headers = {"content-type": AS2}
        return await caller.ask(
            "POST", f"/users/{name}/outbox", content=json.dumps(activity), headers=headers
        )

    async def entry(self, iri: str, actor: ActorRow | None = None, **onlooker: Any) -> Entry | None:
        """Return an entry as somebody is shown it, with what they may do."""
        store = self.hall.house.store
        who = Onlooker(viewer(actor), actor.name, **onlooker) if actor else Onlooker()
        entry = await local.find(store, BASE_URL, iri, who)
        return None if entry is None else (await inline.offered(store, BASE_URL, who, [entry]))[0]

    async def actions(self, iri: str, actor: ActorRow | None = None, **onlooker: Any) -> dict[str, str]:
        """Return where somebody may act on an entry, by the last part of each relation."""
        entry = await self.entry(iri, actor, **onlooker)
        assert entry is not None
        return {action.rel.rpartition("/")[2]: action.href for action in entry.actions}

    async def does(self, caller: Caller, address: str, method: str = "POST", **options: Any) -> Any:
        return await caller.ask(method, address.removeprefix(BASE_URL), **options)

    async def document(self, iri: str, caller: Caller) -> dict[str, Any]:
        answer = await caller.get(iri.removeprefix(BASE_URL), headers={"accept": AS2})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def outbox(self, caller: Caller, name: str) -> list[dict[str, Any]]:
        answer = await caller.get(f"/users/{name}/outbox?before={2**63 - 1}", headers={"accept": AS2})
        found: list[dict[str, Any]] = answer.json().get("orderedItems", [])
        return found


@pytest.fixture
async def stage(hall: Hall) -> Stage:
    ada, bob = await hall.member("ada"), await hall.member("bob")
    return Stage(hall, ada, bob, await hall.bearer(ada), await hall.bearer(bob))


def sub_code(answer: Any) -> str:
    return str(answer.json()["subCode"]).removeprefix("streams.comment.action.")


async def test_what_is_offered_for_a_post(stage: Stage) -> None:
    """Atom §3.7, §7.1: exactly what this reader may do now; one's own is not voted for."""
    said = await stage.says()
    offered = await stage.actions(said["id"], stage.bob)
    path = said["id"].removeprefix(f"{BASE_URL}/")
    assert offered == {
        "reply-to": f"{BASE_URL}{COMMENTS}/social/{path}",
        "issue-vote": f"{BASE_URL}{ACTIONS}/issue-vote/{path}",
        "watch": f"{BASE_URL}{ACTIONS}/watch/{path}",
    }
    assert set(await stage.actions(said["id"], stage.ada)) == {"reply-to"}
    assert await stage.actions(said["id"]) == {}
    assert await stage.actions(said["id"], stage.bob, by_token=True) == {}


async def test_a_comment_on_a_post(stage: Stage) -> None:
    """Atom §7.2, §18 (4): 201 with its address; a Create of a Note, to the author, who was told, and the followers."""
    said = await stage.says()
    reply_to = (await stage.actions(said["id"], stage.bob))["reply-to"]
    answer = await stage.does(stage.as_bob, reply_to, data={"comment": "Still <2 degrees> off.\nReally."})
    assert answer.status_code == 201, answer.text
    note = await stage.document(answer.headers["location"], stage.as_bob)
    assert note["type"] == "Note"
    assert note["inReplyTo"] == said["object"]["id"]
    assert note["content"] == "<p>Still &lt;2 degrees&gt; off.<br>Really.</p>"
    assert note["attributedTo"] == stage.bob.iri
    assert Object(note).ids("to") == (PUBLIC,)
    assert set(Object(note).ids("cc")) == {stage.bob.followers, stage.ada.iri}
    [create] = await stage.outbox(stage.as_bob, "bob")
    assert create["type"] == "Create"
    entry = await stage.entry(create["id"])
    assert entry is not None
    assert entry.activity.embedded("object")[0].ids("inReplyTo") == (said["object"]["id"],)


async def test_reply_to_in_the_form(stage: Stage) -> None:
    """Atom §7.2: the short address, with the long one in the form."""
    reply_to = (await stage.actions((await stage.says())["id"], stage.bob))["reply-to"]
    for address in (COMMENTS, f"{COMMENTS}/"):
        answer = await stage.does(stage.as_bob, address, data={"comment": "Yes", "replyTo": reply_to})
        assert answer.status_code == 201
    for wrong in ("", "https://there.example/x", f"{BASE_URL}{COMMENTS}/", f"{BASE_URL}{COMMENTS}/social"):
        answer = await stage.does(stage.as_bob, COMMENTS, data={"comment": "Yes", "replyTo": wrong})
        assert (answer.status_code, sub_code(answer)) == (404, "comment.deleted.or.denied")


@pytest.mark.parametrize(
    "form", [{}, {"comment": ""}, {"comment": " \n"}, {"text": "x"}, {"comment": "x" * 100_000}]
)
async def test_a_comment_that_is_none(stage: Stage, form: dict[str, str]) -> None:
    """Atom §7.2: 400 without the field, and for a blank one."""
    reply_to = (await stage.actions((await stage.says())["id"], stage.bob))["reply-to"]
    assert (await stage.does(stage.as_bob, reply_to, data=form)).status_code == 400


async def test_who_may_comment(stage: Stage) -> None:
    """Atom §7.2: 401 for nobody, for wrong credentials; 403 without the right or where the author forbids it."""
    said = await stage.says()
    reply_to = (await stage.actions(said["id"], stage.bob))["reply-to"]
    answer = await stage.does(stage.hall.anybody, reply_to, data={"comment": "x"})
    assert (answer.status_code, sub_code(answer)) == (401, "unauthorized")
    answer = await stage.does(stage.hall.basic("bob", "wrong"), reply_to, data={"comment": "x"})
    assert (answer.status_code, sub_code(answer)) == (401, "unauthorized")
    reader = await stage.hall.bearer(stage.bob, "read")
    answer = await stage.does(reader, reply_to, data={"comment": "x"})
    assert (answer.status_code, sub_code(answer)) == (403, "forbidden")
    assert (await stage.does(stage.hall.basic("bob"), reply_to, data={"comment": "x"})).status_code == 201


async def test_an_author_who_wants_no_answers(stage: Stage) -> None:
    """The post's interaction policy: no link, and a 403 all the same."""
    closed = {"canReply": {"automaticApproval": [stage.ada.followers]}, "canLike": {"automaticApproval": []}}
    said = await stage.says(interactionPolicy=closed)
    assert set(await stage.actions(said["id"], stage.bob)) == {"watch"}
    address = f"{COMMENTS}/social/{said['id'].removeprefix(BASE_URL + '/')}"
    answer = await stage.does(stage.as_bob, address, data={"comment": "x"})
    assert (answer.status_code, sub_code(answer)) == (403, "forbidden")
    follow = {"type": "Follow", "object": stage.ada.iri}
    assert (await stage.sends(stage.as_bob, "bob", follow)).status_code == 201
    assert (await stage.does(stage.as_bob, address, data={"comment": "x"})).status_code == 201


async def test_what_is_not_there(stage: Stage) -> None:
    """Atom §7.2, §17.5: unknown, hidden, deleted, or of another provider: one and the same 404."""
    hidden = await stage.says(to=[])
    gone = await stage.says("gone")
    await stage.sends(stage.as_ada, "ada", {"type": "Delete", "object": gone["object"]["id"]})
    shown = await stage.says()
    path = "social/" + shown["id"].removeprefix(f"{BASE_URL}/")
    answers = []
    for where in (
        "social", "social/activities/01h0000000000000000000000000", "social/nothing",
        "social/https%3A%2F%2Fthere.example%2F1",
        "social/" + hidden["id"].removeprefix(f"{BASE_URL}/"), "social/" + gone["id"].removeprefix(f"{BASE_URL}/"),
        path.replace("social", "issues", 1), path.replace("social", "nobody", 1),
    ):  # fmt: skip
        answer = await stage.does(stage.as_bob, f"{COMMENTS}/{where}", data={"comment": "x"})
        answers.append((answer.status_code, answer.json()))
        if where.startswith("social/"):
            for action in ("watch", "issue-vote"):
                answer = await stage.does(stage.as_bob, f"{ACTIONS}/{action}/{where.removeprefix('social/')}")
                answers.append((answer.status_code, answer.json()))
    same = (404, {"subCode": "streams.comment.action.comment.deleted.or.denied"})
    assert all(one == same for one in answers)
    assert (await stage.outbox(stage.as_bob, "bob")) == []


async def test_a_private_post_is_answered_in_private(stage: Stage) -> None:
    """Nothing becomes visible to somebody who may not see what is answered."""
    carol = await stage.hall.member("carol")
    said = await stage.says(to=[stage.bob.iri, carol.iri])
    reply_to = (await stage.actions(said["id"], stage.bob))["reply-to"]
    answer = await stage.does(stage.as_bob, reply_to, data={"comment": "between us"})
    note = await stage.document(answer.headers["location"], stage.as_ada)
    assert set(Object(note).ids("to")) == {stage.ada.iri, carol.iri}
    assert "cc" not in note
    path = answer.headers["location"].removeprefix(BASE_URL)
    for other in (stage.hall.anybody, await stage.hall.bearer(await stage.hall.member("eve"))):
        assert (await other.get(path, headers={"accept": AS2})).status_code == 404


@pytest.mark.parametrize("root", [ACTIONS, OLDER])
@pytest.mark.parametrize("action", ["issue-vote", "vote"])
async def test_voting(stage: Stage, root: str, action: str) -> None:
    """Atom §7.3: 204, 409 for a repeat, 412 for one's own, 401 for nobody, 404 for unknown; DELETE takes it back."""
    said = await stage.says()
    path = f"{root}/{action}/{said['id'].removeprefix(BASE_URL + '/')}"

    async def statuses(*what: tuple[Caller, str]) -> list[int]:
        return [(await stage.does(caller, path, method)).status_code for caller, method in what]

    assert await statuses((stage.hall.anybody, "POST"), (stage.as_ada, "POST")) == [401, 412]
    assert await statuses((stage.as_bob, "DELETE"), (stage.as_bob, "POST"), (stage.as_bob, "POST")) == [
        409,
        204,
        409,
    ]
    assert set(await stage.actions(said["id"], stage.bob)) == {"reply-to", "watch"}
    [like] = await stage.outbox(stage.as_bob, "bob")
    assert (like["type"], Object(like).ids("object")) == ("Like", (said["object"]["id"],))
    assert await statuses((stage.as_bob, "DELETE"), (stage.as_bob, "DELETE")) == [204, 409]
    assert "issue-vote" in await stage.actions(said["id"], stage.bob)
    assert await statuses((stage.as_bob, "POST")) == [204]


@pytest.mark.parametrize("action", ["issue-watch", "watch"])
async def test_watching_a_thread(stage: Stage, action: str) -> None:
    """Atom §7.3: the Follow of a thread; whoever watches is told of answers they may read, and of no others."""
    said = await stage.says()
    path = f"{ACTIONS}/{action}/{said['id'].removeprefix(BASE_URL + '/')}"
    assert [(await stage.does(stage.as_bob, path)).status_code for _ in range(2)] == [204, 409]
    assert (await stage.does(stage.as_ada, path)).status_code == 412
    assert (await stage.does(stage.hall.anybody, path)).status_code == 401
    [follow] = await stage.outbox(stage.as_bob, "bob")
    assert (follow["type"], Object(follow).ids("object")) == ("Follow", (said["object"]["id"],))
    assert await stage.outbox(stage.as_ada, "bob") == []
    public = await stage.says("an answer", inReplyTo=said["object"]["id"])
    deeper = await stage.says("another", inReplyTo=public["object"]["id"])
    await stage.says("a secret", to=[], inReplyTo=said["object"]["id"])
    inbox = (await stage.as_bob.get(f"/users/bob/inbox?before={2**63 - 1}", headers={"accept": AS2})).json()
    assert [one["id"] for one in inbox["orderedItems"]] == [deeper["id"], public["id"]]
    assert [(await stage.does(stage.as_bob, path, "DELETE")).status_code for _ in range(2)] == [204, 409]
    await stage.says("unheard", inReplyTo=said["object"]["id"])
    inbox = (await stage.as_bob.get(f"/users/bob/inbox?before={2**63 - 1}", headers={"accept": AS2})).json()
    assert [one["id"] for one in inbox["orderedItems"]] == [deeper["id"], public["id"]]


async def test_an_action_that_nobody_knows(stage: Stage) -> None:
    said = await stage.says()
    answer = await stage.does(stage.as_bob, f"{ACTIONS}/explode/{said['id'].removeprefix(BASE_URL + '/')}")
    assert answer.status_code == 404


async def test_an_outside_activity_is_commented_on(stage: Stage) -> None:
    """Atom §18 (1, 4): the comment names what it is about, and is found under the same keys."""
    stored = await stage.as_ada.posted({**RUN, "cc": "@public"})
    assert stored["cc"] == [PUBLIC]
    [create] = await stage.outbox(stage.as_ada, "ada")
    reply_to = (await stage.actions(create["id"], stage.bob))["reply-to"]
    assert reply_to.startswith(f"{BASE_URL}{COMMENTS}/thirdparty/")
    answer = await stage.does(stage.as_bob, reply_to, data={"comment": "Looking into it."})
    assert answer.status_code == 201, answer.text
    note = await stage.document(answer.headers["location"], stage.as_bob)
    assert RUN["object"]["id"] in Object(note).ids("inReplyTo")
    said = (await stage.outbox(stage.as_bob, "bob"))[0]
    entry = await stage.entry(said["id"])
    assert entry is not None
    assert "ORCHARD-7" in entry.issue_keys


async def test_a_private_outside_activity(hall: Hall) -> None:
    """Its poster sees it and may comment on it; for anybody else it does not exist."""
    ada, bob = await hall.member("ada"), await hall.member("bob")
    stage = Stage(hall, ada, bob, await hall.bearer(ada), await hall.bearer(bob))
    await stage.as_ada.posted(RUN)
    [run] = await stage.outbox(stage.as_ada, "ada")
    assert await stage.entry(run["id"], stage.bob) is None
    path = run["id"].removeprefix(f"{BASE_URL}/")
    for address in (
        f"{COMMENTS}/thirdparty/{path}",
        f"{ACTIONS}/watch/{path}",
        f"{ACTIONS}/issue-vote/{path}",
    ):
        assert (await stage.does(stage.as_bob, address, data={"comment": "x"})).status_code == 404
    answer = await stage.does(stage.as_ada, f"{COMMENTS}/thirdparty/{path}", data={"comment": "mine"})
    assert answer.status_code == 201, answer.text
    assert (await hall.anybody.get(answer.headers["location"].removeprefix(BASE_URL))).status_code == 404


async def test_a_browser_needs_a_form_of_ours(stage: Stage) -> None:
    """Atom §7.2: a missing or wrong token is a 409; ``X-Atlassian-Token`` helps only those without a cookie."""
    said = await stage.says()
    browser = await stage.hall.browser(stage.bob)
    token = Visit(browser.cookies["headwater"]).form_token(FORM)
    reply_to = (await stage.actions(said["id"], stage.bob))["reply-to"]
    vote = (await stage.actions(said["id"], stage.bob))["issue-vote"]
    json_too = {"accept": "application/json"}
    for form in ({}, {"xsrfToken": ""}, {"xsrfToken": "wrong"}):
        for headers in (json_too, {**json_too, "x-atlassian-token": "no-check"}):
            answer = await stage.does(browser, reply_to, data={"comment": "x", **form}, headers=headers)
            assert (answer.status_code, sub_code(answer)) == (409, "conflict")
        assert (await stage.does(browser, vote, data=form, headers=json_too)).status_code == 409
    elsewhere = {**json_too, "origin": "https://evil.example"}
    answer = await stage.does(browser, reply_to, data={"comment": "x", "xsrfToken": token}, headers=elsewhere)
    assert answer.status_code == 409
    assert await stage.outbox(stage.as_bob, "bob") == []
    form = {"comment": "x", "xsrfToken": token}
    assert (await stage.does(browser, reply_to, data=form, headers=json_too)).status_code == 201
    assert (await stage.does(browser, vote, headers={**json_too, "x-xsrf-token": token})).status_code == 204


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        (f"{BASE_URL}/activity?streams=user+IS+ada", f"{BASE_URL}/activity?streams=user+IS+ada"),
        ("https://evil.example/", f"{BASE_URL}/activity"), (f"{BASE_URL}.evil.example/", f"{BASE_URL}/activity"),
        (f"{BASE_URL}//evil.example", f"{BASE_URL}/activity"), ("", f"{BASE_URL}/activity"),
    ],
)  # fmt: skip
async def test_a_browser_is_led_back(stage: Stage, referer: str, back: str) -> None:
    """Who wants a page is led back to the one they came from, if that is ours (SEC-057)."""
    said = await stage.says()
    browser = await stage.hall.browser(stage.bob)
    form = {"comment": "x", "xsrfToken": Visit(browser.cookies["headwater"]).form_token(FORM)}
    reply_to = (await stage.actions(said["id"], stage.bob))["reply-to"]
    answer = await stage.does(browser, reply_to, data=form, headers={"referer": referer})
    assert (answer.status_code, answer.headers["location"]) == (303, back)


async def test_what_a_page_costs(stage: Stage) -> None:
    """A few statements for all entries of a page, however many these are."""
    ids = [(await stage.says(f"no. {n}"))["id"] for n in range(6)]
    store, who = stage.hall.house.store, Onlooker(viewer(stage.bob), "bob")
    entries = [entry for id in ids if (entry := await local.find(store, BASE_URL, id, who)) is not None]
    counted = [await statements(stage, who, entries[:some]) for some in (1, 6)]
    assert counted[0] == counted[1] <= 8


async def statements(stage: Stage, who: Onlooker, entries: list[Entry]) -> int:
    """Return how many statements it takes to offer actions."""
    asked = 0
    store = stage.hall.house.store

    class Counting:
        async def read(self, work: Any, *given: Any, **named: Any) -> Any:
            async def counted(tx: Any) -> Any:
                class Counter:
                    def __getattr__(self, name: str) -> Any:
                        nonlocal asked
                        asked += name in ("one", "all", "run", "many")
                        return getattr(tx, name)

                return await work(Counter(), *given, **named)

            return await store.read(counted)

    await inline.offered(Counting(), BASE_URL, who, entries)  # type: ignore[arg-type]
    return asked
