"""What an outside activity is about here, who may say so, and who sees it then (Atom §6.2)."""

from typing import Any

import pytest
from atomhall import BASE_URL, OUTSIDE, RUN, Caller, Hall

from storage import Transaction, actors
from storage.actors import ActorRow
from streams.happenings import local
from streams.policy import viewer
from streams.providers import FeedRequest, Filter, Onlooker
from vocab import PUBLIC
from vocab.entry import Entry

pytestmark = pytest.mark.anyio

EVERYBODY = [{"READ": "Public"}]
BOB_MANAGES = [{"READ": "Public"}, {"MANAGE": "ASUser/bob"}]


async def entity(hall: Hall, ref: str = "Issue/ORCHARD-7", **members: Any) -> None:
    await hall.events.admin.does("POST", "entities", {"entity_ref": ref, **members})


async def stream(
    hall: Hall, actor: ActorRow | None = None, *filters: tuple[str, str, str], **onlooker: Any
) -> list[Entry]:
    """Return what the provider tells somebody who asks with some filters."""
    who = Onlooker(viewer(actor), actor.name, **onlooker) if actor else Onlooker()
    provider = local.Local("thirdparty", "", hall.house.store, BASE_URL, hall.house.ports.clock)
    asked = [Filter(option, operator, (value,)) for option, operator, value in filters]
    feed = await provider.feed(FeedRequest(100, filters=asked, viewer=who, base_url=BASE_URL))
    return [entry for entry in feed.entries if isinstance(entry, Entry)]


@pytest.fixture
async def ci(hall: Hall) -> Caller:
    return await hall.bearer(await hall.member("ci"))


@pytest.mark.parametrize("url", ["ORCHARD-7", "orchard-7", f"{BASE_URL}/entities/Issue/ORCHARD-7"])
async def test_a_public_entity(hall: Hall, ci: Caller, url: str) -> None:
    """The activity is for everybody, names the entity, and is found by its key and its project's."""
    await entity(hall, label="Frost sensor drifts", acl=EVERYBODY)
    await ci.posted(RUN, target={"url": url})
    for option, value in (("issue-key", "orchard-7"), ("key", "Orchard")):
        [entry] = await stream(hall, None, (option, "IS", value))
        [target] = entry.activity.embedded("target")
        assert target.id == f"{BASE_URL}/entities/Issue/ORCHARD-7"
        assert entry.verb[-1].endswith("/fail")
        assert entry.application == "https://ci.example/"
        assert entry.title_html == RUN["title"]
        assert entry.activity.embedded("icon")[0].get("name") == "Orchard CI"
    assert await stream(hall, None, ("issue-key", "IS", "ORCHARD-8")) == []
    assert await stream(hall, None, ("key", "NOT", "ORCHARD")) == []


async def test_the_option_for_applications(hall: Hall, ci: Caller) -> None:
    """Atom §4.5, §18 (3)."""
    await entity(hall, acl=EVERYBODY)
    await ci.posted(RUN)
    assert len(await stream(hall, None, ("provider_name", "IS", "https://ci.example/@Orchard CI"))) == 1
    assert await stream(hall, None, ("provider_name", "NOT", "https://ci.example/@Orchard CI")) == []


async def test_a_project(hall: Hall, ci: Caller) -> None:
    await entity(hall, "Project/ORCHARD", acl=EVERYBODY)
    await ci.posted(RUN, target={"url": "ORCHARD"})
    [entry] = await stream(hall, None, ("key", "IS", "orchard"))
    assert entry.activity.embedded("target")[0].id == f"{BASE_URL}/entities/Project/ORCHARD"


async def test_an_entity_that_only_some_may_change(hall: Hall, ci: Caller) -> None:
    """Atom §6.2: without the right to edit it is a 403, and nothing is stored."""
    await entity(hall, acl=BOB_MANAGES)
    answer = await ci.post(RUN)
    assert answer.status_code == 403, answer.text
    assert answer.json()["subCode"].startswith("target: ")
    assert (await ci.get(OUTSIDE)).json()["activities"] == []
    bob = await hall.bearer(await hall.member("bob"))
    assert (await bob.post(RUN)).status_code == 201
    boss = await hall.bearer(await hall.member("boss", admin=True), "read write admin:read admin:write")
    assert (await boss.post(RUN)).status_code == 201


async def test_an_entity_that_only_some_may_know_of(hall: Hall, ci: Caller) -> None:
    """Atom §6.2: its readers see the activity and nobody else does; to others it is as one that there is not."""
    bob, carol, eve = await hall.member("bob"), await hall.member("carol"), await hall.member("eve")
    await entity(hall, acl=[{"READ": "ASUser/bob"}, {"READ": "Employee/Carol"}])
    as_bob = await hall.bearer(bob)
    stored = await as_bob.posted(RUN)
    path = stored["links"]["self"].removeprefix(BASE_URL)
    assert [len(await stream(hall, who)) for who in (bob, carol, eve, None)] == [1, 1, 0, 0]
    assert (await (await hall.bearer(carol)).get(path)).status_code == 200
    assert (await (await hall.bearer(eve)).get(path)).status_code == 404
    answer = await as_bob.post({**RUN, "title": "aloud", "to": "@public"})
    assert answer.status_code == 403
    unknown = await ci.post({**RUN, "title": "by who does not know of it"})
    other = await ci.post({**RUN, "title": "by who does not know of it", "target": {"url": "ORCHARD-99"}})
    assert (unknown.status_code, other.status_code) == (201, 201)
    assert set(unknown.json()) == set(other.json())
    assert [len(await stream(hall, who)) for who in (bob, carol, eve, None)] == [1, 1, 0, 0]


async def test_what_nobody_knows(hall: Hall) -> None:
    """Atom §6.2: unknown keys are stored unassociated; what looks like a key is found by it all the same (§18)."""
    ci = await hall.member("ci")
    as_ci = await hall.bearer(ci)
    for target in (
        {"url": "ORCHARD-7"},
        {"url": "nothing"},
        {"url": "https://there.example/x"},
        {"id": "a-b"},
    ):
        await as_ci.posted(RUN, target=target)
    assert len(await stream(hall, ci)) == 4
    [entry] = await stream(hall, ci, ("issue-key", "IS", "orchard-7"))
    assert entry.activity.embedded("target")[0].id is None


async def test_private_ones_in_the_stream(hall: Hall, ci: Caller) -> None:
    """Atom §17.5: the poster and whoever runs the server see what is private; a feed token shows it to nobody."""
    await ci.posted(RUN)
    poster = await hall.house.store.read(_actor, "ci")
    boss, eve = await hall.member("boss", admin=True), await hall.member("eve")
    assert len(await stream(hall, poster)) == 1
    assert len(await stream(hall, boss, admin=True)) == 1
    assert await stream(hall, boss) == await stream(hall, eve) == await stream(hall) == []
    assert await stream(hall, poster, by_token=True) == []


async def _actor(tx: Transaction, name: str) -> ActorRow:
    found = await actors.by_handle(tx, name)
    assert found is not None
    return found


async def test_it_is_gone_when_it_is_deleted(hall: Hall, ci: Caller) -> None:
    await entity(hall, acl=EVERYBODY)
    for more in ({}, {"to": "@public"}):
        stored = await ci.posted(RUN, **more)
        assert len(await stream(hall)) == 1
        await ci.ask("DELETE", stored["links"]["self"].removeprefix(BASE_URL))
        assert await stream(hall) == []


async def test_who_is_credited_in_the_stream(hall: Hall) -> None:
    """Atom §6.2: an account is linked; somebody unknown is shown with name, picture and page, and is nobody here."""
    ada, robot = await hall.member("ada"), await hall.member("robot")
    scoped = await hall.bearer(robot, "read write activities:onbehalf")
    await scoped.posted(RUN, actor={"id": "ada"})
    zoe = {
        "id": "zoe",
        "displayName": "Zoë",
        "url": "https://z.example/",
        "image": {"url": "https://z.example/z.png"},
    }
    await scoped.posted(RUN, actor=zoe)
    [linked] = await stream(hall, ada, ("user", "IS", "ada"))
    assert linked.activity.embedded("actor")[0].id == ada.iri
    assert len(await stream(hall, robot)) == 2
    [unlinked] = [one for one in await stream(hall, robot) if one.id != linked.id]
    [author] = unlinked.activity.embedded("actor")
    assert (author.get("name"), author.get("url"), author.id) == ("Zoë", "https://z.example/", None)
    assert author.embedded("icon")[0].get("url") == "https://z.example/z.png"
    await hall.member("zoe")
    assert [one.id for one in await stream(hall, robot, ("user", "IS", "robot"))] == []


async def test_what_is_said_aloud_is_shown_as_it_came(hall: Hall, ci: Caller) -> None:
    """Atom §6.2: who wants it told elsewhere has it told by a Note; the stream shows the activity itself."""
    await ci.posted(RUN, cc=[PUBLIC])
    [entry] = await stream(hall)
    assert entry.activity.embedded("object")[0].id == RUN["object"]["id"]


async def test_in_feeds(hall: Hall, ci: Caller) -> None:
    """It is in the feed of its account like anything else that this has published (Feeds §5.2)."""
    await hall.feeds.server.does("GET", "feed/user/ci/")
    await ci.posted(RUN)
    await hall.feeds.server.does("GET", "feed/user/ci/")
    [shown] = (await hall.feeds.server.does("GET", "feed/user/ci/"))["results"]
    assert shown["actor"] == "SU:ci"
    assert shown["as2"]["hw:provider"] == "thirdparty"
