"""Actions in what the stream answers, and nowhere else (Atom §3.7, §7.6, §18)."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from atomhall import BASE_URL, RUN, Caller, Hall, opened

from storage import Transaction, actors
from streams import relations
from vocab import PUBLIC, from_json

pytestmark = pytest.mark.anyio

AS2 = "application/activity+json"
ATOM = "{http://www.w3.org/2005/Atom}"
ACTIVITY = "{http://activitystrea.ms/spec/1.0/}"
RELATIONS = "http://streams.atlassian.com/syndication/"
THREAD = "{http://purl.org/syndication/thread/1.0}"


async def entries(caller: Caller, query: str = "") -> list[ElementTree.Element]:
    """Return the entries of the stream as somebody is shown it."""
    answer = await caller.get(f"/activity{query}")
    assert answer.status_code == 200, answer.text
    return ElementTree.fromstring(answer.text).findall(f"{ATOM}entry")


def links(entry: ElementTree.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in entry.findall(f"{ATOM}link")}


def actions(entry: ElementTree.Element) -> set[str]:
    return {rel.removeprefix(RELATIONS) for rel in links(entry) if rel.startswith(RELATIONS)} - {
        "icon",
        "css",
    }


async def posted(caller: Caller, name: str, **members: Any) -> dict[str, Any]:
    note = {"type": "Note", "content": "Frost sensor drifts", "to": PUBLIC, **members}
    answer = await caller.ask(
        "POST", f"/users/{name}/outbox", content=json.dumps(note), headers={"content-type": AS2}
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_the_walk_through(ready_url: str) -> None:
    """Atom §18: CI posts, the entry is found by its key and told apart by its application; Tavo comments."""
    async with opened(ready_url, atom_outside_public="true") as hall:
        ci = await hall.bearer(await hall.member("ci"))
        tavo = await hall.bearer(await hall.member("tavo"))
        assert (await ci.post(RUN)).status_code == 201
        [entry] = await entries(tavo, "?streams=issue-key+IS+orchard-7")
        icons = [link for link in entry.findall(f"{ATOM}link") if link.attrib["rel"] == f"{RELATIONS}icon"]
        assert [icon.attrib.get("title") for icon in icons] == ["Orchard CI"]
        assert (entry.findall(f"{ACTIVITY}verb")[-1].text or "").endswith("/fail")
        application = entry.find("{http://streams.atlassian.com/syndication/general/1.0}application")
        assert application is not None
        assert application.text == "https://ci.example/"
        name = "https%3A%2F%2Fci.example%2F%40Orchard+CI"
        assert len(await entries(tavo, f"?thirdparty=provider_name+NOT+{name}")) == 1
        assert await entries(tavo, f"?thirdparty=provider_name+NOT+%22{name}%22") == []
        reply_to = links(entry)[f"{RELATIONS}reply-to"].removeprefix(BASE_URL)
        answer = await tavo.ask("POST", reply_to, data={"comment": "Looking into it."})
        assert answer.status_code == 201
        both = await entries(hall.anybody, "?streams=issue-key+IS+orchard-7")
        assert len(both) == 2
        answered = {one.attrib["ref"] for entry in both for one in entry.findall(f"{THREAD}in-reply-to")}
        assert RUN["object"]["id"] in answered


async def test_who_is_shown_actions_in_atom(hall: Hall) -> None:
    """Atom §3.7: a link for each thing that this viewer may do now, none for anybody."""
    ada, bob = await hall.bearer(await hall.member("ada")), await hall.bearer(await hall.member("bob"))
    await posted(ada, "ada")
    [for_bob], [for_ada], [for_anybody] = await entries(bob), await entries(ada), await entries(hall.anybody)
    assert actions(for_bob) == {"reply-to", "watch", "issue-vote"}
    assert actions(for_ada) == {"reply-to"}
    assert actions(for_anybody) == set()
    vote = links(for_bob)[f"{RELATIONS}issue-vote"].removeprefix(BASE_URL)
    assert (await bob.ask("POST", vote)).status_code == 204
    newest = [one for one in await entries(bob) if "issue-vote" in actions(one)]
    assert newest == []


async def test_who_is_shown_actions_in_as2(hall: Hall) -> None:
    """Atom §7.6: only the authenticated viewer, in the shape that is said there; nobody may keep that for others."""
    ada, bob = await hall.bearer(await hall.member("ada")), await hall.bearer(await hall.member("bob"))
    said = await posted(ada, "ada")
    answer = await bob.get("/activity?format=as2")
    [item] = answer.json()["orderedItems"]
    comment = next(one for one in item["actions"] if one["rel"].endswith("/reply-to"))
    path = said["id"].removeprefix(f"{BASE_URL}/")
    assert comment == {
        "type": "Link", "rel": f"{RELATIONS}reply-to", "method": "POST", "name": "Comment", "fields": ["comment"],
        "href": f"{BASE_URL}/plugins/servlet/streamscomments/social/{path}",
    }  # fmt: skip
    assert "private" in answer.headers["cache-control"]
    assert "Authorization" in answer.headers["vary"]
    anybody = await hall.anybody.get("/activity?format=as2")
    assert "actions" not in anybody.json()["orderedItems"][0]
    again = await hall.anybody.get("/activity?format=as2", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 200


async def test_no_action_leaves(hall: Hall) -> None:
    """Atom §7.6: neither what is served to other servers nor what is sent to them has any."""
    ada, bob = await hall.member("ada"), await hall.member("bob")
    as_ada, as_bob = await hall.bearer(ada), await hall.bearer(bob)
    await hall.house.store.write(follow, ada.iri)
    said = await posted(as_ada, "ada", cc=ada.followers)
    await as_ada.posted(RUN, cc="@public")
    assert len(await entries(as_bob)) == 2
    for path in (said["id"], said["object"]["id"], f"{BASE_URL}/users/ada/outbox?before={2**63 - 1}"):
        shown = await hall.anybody.get(path.removeprefix(BASE_URL), headers={"accept": AS2})
        assert shown.status_code == 200
        assert "streamscomments" not in shown.text
    sent = await hall.house.store.read(bodies)
    assert len(sent) == 2
    assert not [body for body in sent if "streamscomments" in body or "stream-actions" in body]
    assert not [body for body in sent if "hw:provider" in body]


async def follow(tx: Transaction, followed: str) -> None:
    """Let somebody on another server follow one of ours."""
    id = "https://there.example/u/zoe"
    document = {
        "id": id, "type": "Person", "preferredUsername": "zoe", "inbox": f"{id}/inbox", "outbox": f"{id}/outbox",
        "followers": f"{id}/followers",
    }  # fmt: skip
    follower = await actors.keep(tx, from_json(document), now=1)
    ours = await actors.find(tx, followed)
    assert ours is not None
    asked = await relations.ask(tx, follower, ours, follower.id, now=1)
    await relations.accept(tx, asked, follower, ours)


async def bodies(tx: Transaction) -> list[str]:
    """Return what is on its way to other servers."""
    return [str(row[0]) for row in await tx.all("SELECT body FROM letters ORDER BY id")]


async def test_answers_are_counted_where_they_are_known(ready_url: str) -> None:
    """Atom §3.7 (RFC 4685 §4): ``thr:count`` counts public answers to what is ours, whoever asks."""
    async with opened(ready_url) as hall:
        ada = await hall.bearer(await hall.member("ada"))
        bob = await hall.bearer(await hall.member("bob"))
        made = await posted(ada, "ada")

        async def count(caller: Caller) -> str | None:
            [entry] = [one for one in await entries(caller) if one.findtext(f"{ATOM}id") == made["id"]]
            [link] = [one for one in entry.findall(f"{ATOM}link") if one.attrib["rel"] == "replies"]
            return link.get(f"{THREAD}count")

        assert await count(hall.anybody) == "0"
        for to in (PUBLIC, f"{BASE_URL}/users/ada"):
            await posted(bob, "bob", inReplyTo=made["object"]["id"], to=to)
        assert [await count(one) for one in (hall.anybody, ada)] == ["1", "1"]
