"""Who sees what of everything that happened (Atom §2, §12.3, §17.5): nobody more than at the door it came in by."""

from typing import Any

import pytest
from square import Square, tell
from world import PUBLIC, START

from storage import actors
from storage.actors import ActorRow, State
from storage.entries import Viewer
from streams.events import batches
from streams.feeds import reactions
from streams.providers import Onlooker
from streams.providers.onlooker import ANYBODY
from vocab.dialects.getstream import reactions as dialect

pytestmark = pytest.mark.anyio

SHOP, DEFAULT = 4, 7
"""Numbers of the tenants: the square's feeds are of the one, its events of the other."""
BOARD: list[dict[str, str]] = [{"READ": "Group/board"}]
EVERYBODY: list[dict[str, str]] = [{"READ": "Public"}]
BATCH = {"resolvable": {"external_id": "x-1", "batch_id": "b-1"}}


async def cast(square: Square) -> dict[str, Onlooker]:
    """Return everybody who looks on: Ada speaks, Flo follows her, Eve does neither."""
    ada, flo, eve = [await square.world.local(name) for name in ("ada", "flo", "eve")]
    await square.world.say(flo, type="Follow", object=ada.iri)
    member = square.member
    return {
        "nobody": ANYBODY,
        "ada": member(ada),
        "flo": member(flo),
        "eve": member(eve),
        "flo by token": member(flo, by_token=True),
        "owner of shop": member(eve, tenants=frozenset({SHOP})),
        "owner of default": member(eve, tenants=frozenset({DEFAULT})),
        "admin": member(eve, admin=True),
        "admin by token": member(eve, admin=True, by_token=True),
    }


async def ada(square: Square) -> ActorRow:
    found = await square.store.read(actors.by_handle, "ada")
    assert found is not None
    return found


async def seen(square: Square, everybody: dict[str, Onlooker], id: str | None) -> set[str]:
    """Return who sees an activity, whichever provider tells it, and whichever piece of the index it is found along."""
    found = set()
    for name, onlooker in everybody.items():
        plain, by_user = (
            await square.everything(by=onlooker),
            await square.everything("user IS ada", by=onlooker),
        )
        assert (id in plain) == (id in by_user), (name, id)
        if id in plain:
            found.add(name)
    return found


ALL = {
    "nobody",
    "ada",
    "flo",
    "eve",
    "flo by token",
    "owner of shop",
    "owner of default",
    "admin",
    "admin by token",
}


@pytest.mark.parametrize(
    ("audience", "who"),
    [
        ({"to": PUBLIC}, ALL),
        ({"to": "followers", "cc": PUBLIC}, ALL),
        ({"to": "followers"}, {"ada", "flo"}),
        ({"to": "flo"}, {"ada", "flo"}),
        ({"bto": "flo"}, {"ada", "flo"}),
        ({}, {"ada"}),
    ],
)
async def test_posts(square: Square, audience: dict[str, str], who: set[str]) -> None:
    """Atom §12.3: followers-only and direct activities are for those, and never for a token or an operator."""
    everybody = await cast(square)
    author = await ada(square)
    flo = everybody["flo"].viewer
    named = {"followers": author.followers, "flo": flo.iri if flo else "", PUBLIC: PUBLIC}
    said = await square.world.say(
        author, type="Note", content="Hi", **{term: named[value] for term, value in audience.items()}
    )
    assert await seen(square, everybody, said.id) == who


async def test_what_others_servers_say_is_seen_by_those_whom_it_reached(square: Square) -> None:
    """Atom §2: anonymous readers see this server's own; a member also what came to their inbox."""
    everybody = await cast(square)
    bob, author = await square.world.remote("bob"), await ada(square)
    await square.world.say(author, type="Follow", object=bob.iri)
    await square.world.hear(
        bob,
        author,
        id=f"{bob.iri}/acc",
        type="Accept",
        object=(await square.world.listed(author.iri, "outbox"))[0],
    )
    note = {"id": f"{bob.iri}/n/1", "type": "Note", "attributedTo": bob.iri, "content": "Hi", "to": PUBLIC}
    await square.world.hear(bob, author, id=f"{bob.iri}/c/1", type="Create", object=note, to=PUBLIC)
    found = {name for name, by in everybody.items() if f"{bob.iri}/c/1" in await square.everything(by=by)}
    assert found == {"ada"}
    assert await square.ids("user IS bob@there.example", by=everybody["ada"]) == [f"{bob.iri}/c/1"]
    assert await square.ids("user IS bob", by=everybody["ada"]) == []


async def test_what_a_tenant_keeps(square: Square) -> None:
    """Atom §17.5: activities of applications are for those who own the tenant or run the server."""
    everybody = await cast(square)
    (added,) = await square.plaza.add("user:ada", {"actor": "SU:ada"})
    id = f"https://here.example/tenants/shop/activities/{added.id}"
    # an owner's feed token shows what they own: it leaves out what actors said to some alone
    assert await seen(square, everybody, id) == {"owner of shop", "admin", "admin by token"}


async def test_what_is_in_a_public_feed_is_told_once(ready_url: str, square: Square) -> None:
    """Atom §8.3: the activity itself is told to all, and not the post by which the feed tells other servers."""
    square.plaza = square.plaza.regrouped(news={"public": True})
    everybody = await cast(square)
    (added,) = await square.plaza.add("news:tea", {"actor": "SU:ada"})
    id = f"https://here.example/tenants/shop/activities/{added.id}"
    assert await seen(square, everybody, id) == ALL
    assert await square.ids("user NOT nobody", by=everybody["admin"]) == []
    await square.plaza.remove("news:tea", added.id)
    assert await seen(square, everybody, id) <= {"owner of shop", "admin", "admin by token"}


@pytest.mark.parametrize(
    ("acl", "who"),
    [
        ([], {"owner of default", "admin", "admin by token"}),
        (BOARD, {"owner of default", "admin", "admin by token"}),
        (EVERYBODY, ALL),
    ],
)
async def test_events(square: Square, acl: list[dict[str, str]], who: set[str]) -> None:
    """Events §3.6: what everybody may read is for all, the rest for the tenant's owners and whoever runs the server."""
    everybody = await cast(square)
    event = await square.log.event(involves=[{"ACTOR": "Employee/Ada"}], acl=acl)
    assert await seen(square, everybody, f"https://here.example/events/{event.stream_id}") == who


async def test_an_event_for_some_accounts_is_seen_by_those(square: Square) -> None:
    """Events §23.5: rules that name an account address the document to it."""
    everybody = await cast(square)
    event = await square.log.event(involves=[{"ACTOR": "Employee/Ada"}], acl=[{"READ": "User/flo"}])
    found = await seen(square, everybody, f"https://here.example/events/{event.stream_id}")
    assert found == {"flo", "owner of default", "admin", "admin by token"}


async def test_an_invalidated_batch_is_seen_by_nobody(square: Square) -> None:
    """Events §7.8."""
    everybody = await cast(square)
    event = await square.log.event(involves=[{"ACTOR": "Employee/Ada"}], acl=EVERYBODY, aspects=BATCH)
    id = f"https://here.example/events/{event.stream_id}"
    assert await seen(square, everybody, id) == ALL
    await square.store.write(batches.hide, square.log.space, "b-1", now=START)
    assert await seen(square, everybody, id) == set()


async def test_a_comment_is_seen_by_those_who_may_know_what_it_is_on(square: Square) -> None:
    """Events §8: a comment on something restricted is no more public than that."""
    everybody = await cast(square)
    closed = await square.log.event(acl=BOARD, involves=[{"ACTOR": "Employee/Ada"}])
    comment = await square.log.comment("Psst", str(closed.stream_id))
    id = f"https://here.example/events/{comment.stream_id}"
    found = {name for name, by in everybody.items() if id in await square.everything(by=by)}
    assert found == {"owner of default", "admin", "admin by token"}


async def test_a_reaction_is_its_users_and_the_tenants_and_hidden_when_it_is(square: Square) -> None:
    """Feeds §7.3: a reaction is private; one that is hidden, or about what is gone, is told nobody."""
    everybody = await cast(square)
    (added,) = await square.plaza.add("user:ada", {"actor": "SU:ada"})
    new = dialect.posted({"kind": "like", "activity_id": str(added.id)})
    row = await reactions.add(square.plaza.parts, await square.plaza.refresh(), new, "ada", author="")
    id = f"https://here.example/tenants/shop/entities/Reaction/{row.name}"
    owners = {"owner of shop", "admin", "admin by token"}
    assert await seen(square, everybody, id) == owners

    async def do(verb: Any) -> None:
        await verb(square.plaza.parts, await square.plaza.refresh(), row.name, lambda _: None, author="")

    await do(reactions.hide)
    assert await seen(square, everybody, id) == set()
    await do(reactions.restore)
    assert await seen(square, everybody, id) == owners
    await square.plaza.remove("user:ada", added.id)
    assert await seen(square, everybody, id) == set()


async def test_nothing_of_the_suspended_is_shown(square: Square) -> None:
    """AP-640: neither what they said, nor what others shared or liked of it."""
    everybody = await cast(square)
    author, eve = await ada(square), everybody["eve"].viewer
    said = await square.world.say(author, type="Note", content="Hi", to=PUBLIC)
    assert eve is not None
    sharer = await square.world.find(eve.iri)
    shared = await square.world.say(sharer, type="Announce", object=said.ids("object")[0], to=PUBLIC)
    assert {said.id, shared.id} <= await square.everything()
    await square.store.write(actors.set_state, author.id, State.SUSPENDED)
    for by in everybody.values():
        assert {said.id, shared.id}.isdisjoint(await square.everything(by=by))
    await square.store.write(actors.set_state, author.id, State.ACTIVE)
    assert {said.id, shared.id} <= await square.everything()


async def test_a_public_reaction_to_something_private_says_nothing_of_it(square: Square) -> None:
    """Atom §17.5: what is about something that a reader may not see is not told to them, nor found by its words."""
    everybody = await cast(square)
    author = await ada(square)
    said = await square.world.say(author, type="Note", content="Secret frost", to=author.followers)
    liked = await square.world.say(author, type="Like", object=said.ids("object")[0], to=PUBLIC)
    for name, by in everybody.items():
        may = name in ("ada", "flo")
        assert (liked.id in await square.everything(by=by)) == may, name
        assert (liked.id in await square.everything("text CONTAINS frost", by=by)) == may, name


async def test_a_document_that_is_closed_to_others_is_so_at_once(square: Square) -> None:
    """Visibility is asked of the documents when they are read: an index that lags behind shows nothing (SEC-032)."""
    everybody = await cast(square)
    author = await ada(square)
    said = await square.world.say(author, type="Note", content="Hi", to=PUBLIC)
    assert said.id in await square.everything()

    async def close(tx: Any) -> None:
        await tx.run("UPDATE objects SET public = 0 WHERE iri = :iri", iri=said.id)

    await square.store.write(close)
    assert await seen(square, everybody, said.id) <= {"ada", "flo"}


async def test_what_a_git_host_told_a_few(square: Square) -> None:
    """Atom §11: what is addressed to nobody in particular is its speaker's alone."""
    everybody = await cast(square)
    told = await tell(square, await ada(square), provider="git")
    found = {name for name, by in everybody.items() if told.id in await square.everything(by=by)}
    assert found == {"ada"}


async def test_a_post_in_a_group_is_told_once(square: Square) -> None:
    """FEP-1b12: a group's Announce is shown only where the post itself is not."""
    everybody = await cast(square)
    author, kim = await ada(square), await square.world.remote("kim", "far.example")
    tea = await square.world.local("tea", type="Group")
    said = await square.world.say(
        author, type="Note", content="First flush", to=[PUBLIC, tea.iri], audience=tea.iri
    )
    await square.world.say(author, type="Like", object=said.ids("object")[0], to=PUBLIC)
    for by in everybody.values():
        entries = await square.read("text CONTAINS flush", "activity NOT note:like", by=by)
        assert [entry.id for entry in entries] == [said.id]
        assert entries[0].keys == ("tea",)
    page = {
        "id": f"{kim.iri}/p/1",
        "type": "Page",
        "attributedTo": kim.iri,
        "name": "Second flush",
        "to": [PUBLIC, tea.iri],
    }
    page["audience"] = tea.iri
    await square.world.hear(
        kim, tea, id=f"{kim.iri}/c/1", type="Create", object=page, to=[PUBLIC, tea.iri], audience=tea.iri
    )
    (shared,) = await square.read("text CONTAINS second")
    assert shared.activity.type == "Announce"
    assert shared.activity.ids("object") == (page["id"],)
    group = Onlooker(Viewer(tea.id, tea.iri), "tea")
    assert await square.ids("text CONTAINS second", by=group) == [f"{kim.iri}/c/1"]
