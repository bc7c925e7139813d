"""Flag: moderators learn of it, and nobody else."""

from typing import Any

import pytest
from world import BASE, PUBLIC, World

from storage import reports
from storage.actors import ActorRow
from storage.reports import Report
from streams import actors as making
from streams.effects import flag
from streams.errors import NotFound, TooOften

pytestmark = pytest.mark.anyio


async def waiting(world: World) -> list[Report]:
    return await world.store.read(reports.page, resolved=False, before=2**62)


def note(author: ActorRow) -> dict[str, Any]:
    return {"id": f"{author.iri}/n", "type": "Note", "attributedTo": author.iri, "content": "x", "to": PUBLIC}


async def test_a_report_from_elsewhere_names_its_host_only(world: World) -> None:
    """AP-378, SEC-039: an array of ids, as Mastodon sends it; not even the one reported sees it."""
    ada, actor = await world.local("ada"), await world.remote("actor")
    post = (await world.say(ada, type="Note", content="rude", to=PUBLIC)).ids("object")[0]
    await world.hear(
        actor,
        ada,
        id=f"{actor.iri}/f",
        type="Flag",
        object=[ada.iri, post],
        content="<p>rude</p>",
        to=ada.iri,
    )
    (report,) = await waiting(world)
    assert (report.reporter, report.host, report.subject, report.objects, report.content) == (
        None, "there.example", ada.iri, (post,), "rude",
    )  # fmt: skip
    assert await world.listed(ada.iri, "inbox") == []


async def test_what_is_about_nothing_of_ours_is_only_kept(world: World) -> None:
    """AP-320: an inbox lists it like any other activity."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Flag", object="https://else.example/x", to=ada.iri)
    assert await waiting(world) == []
    assert await world.listed(ada.iri, "inbox") == [f"{bob.iri}/f"]


async def test_ours_go_to_our_moderators(world: World) -> None:
    """AP-264: whomever it was addressed to here, nobody is told; the author of a post is its subject."""
    ada, eve, mia = await world.local("ada"), await world.local("eve"), await world.local("mia")
    post = (await world.say(eve, type="Note", content="rude", to=PUBLIC)).ids("object")[0]
    said = await world.say(ada, type="Flag", object=post, content="rude", to=[eve.iri, PUBLIC], cc=mia.iri)
    (report,) = await waiting(world)
    assert (report.reporter, report.subject, report.objects) == (ada.iri, eve.iri, (post,))
    assert await world.listed(eve.iri, "inbox") == await world.listed(mia.iri, "inbox") == []
    with pytest.raises(NotFound):
        await world.shown(said.id or "")
    with pytest.raises(NotFound):
        await world.shown(said.id or "", eve)
    assert await world.deliveries() == []


async def test_what_one_cannot_see_cannot_be_reported(world: World) -> None:
    """SEC-034."""
    ada, eve = await world.local("ada"), await world.local("eve")
    hidden = (await world.say(eve, type="Note", content="mine")).ids("object")[0]
    with pytest.raises(NotFound):
        await world.say(ada, type="Flag", object=hidden)
    assert await waiting(world) == []


async def test_asked_for_it_is_passed_on_without_a_name(world: World) -> None:
    """AP-264: the server's own actor tells the other server, and nothing says who reported."""
    await world.store.write(making.create_instance_actor, base_url=BASE, key_pairs=[], now=world.now)
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/c", type="Create", object=note(bob), to=PUBLIC)
    await world.say(ada, type="Flag", object=[f"{bob.iri}/n", bob.iri], content="rude", to=bob.iri)
    ((inbox, sent),) = await world.deliveries()
    assert inbox == f"{bob.iri}/inbox"
    assert (sent["type"], sent["actor"], sent["content"]) == ("Flag", f"{BASE}/actor", "rude")
    assert sorted(sent["object"]) == [bob.iri, f"{bob.iri}/n"]
    assert ada.iri not in str(sent)
    (report,) = await waiting(world)
    assert report.forwarded is not None


async def test_nobody_reports_without_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC-062: a flood is refused from ours and dropped from others."""
    monkeypatch.setattr(flag, "REPORTS_PER_ACTOR_MAX", 1)
    monkeypatch.setattr(flag, "REPORTS_PER_HOST_MAX", 1)
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    await world.say(ada, type="Flag", object=eve.iri)
    with pytest.raises(TooOften):
        await world.say(ada, type="Flag", object=eve.iri)
    for n in range(2):
        await world.hear(bob, eve, id=f"{bob.iri}/{n}", type="Flag", object=eve.iri)
    assert len(await waiting(world)) == 2
    assert await world.listed(eve.iri, "inbox") == []
