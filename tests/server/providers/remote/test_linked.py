"""Other applications in our stream: asked with the same filters, shown to whom it is meant for (Atom §9)."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from press import Asked, Press, Said
from world import BASE, Others, World

from federation import Client, OutboundPolicy
from federation.feeds import fetch
from server.providers import options
from server.providers.remote import Links, links
from storage import applicationconsents, applications, open_store
from storage.applications import Application
from storage.entries import Viewer
from streams.happenings.local import Local
from streams.providers import FeedRequest, Filter, Onlooker, Running
from streams.providers.host import Host
from streams.providers.provider import Throttled

pytestmark = pytest.mark.anyio

FEEDS = Path(__file__).parents[3] / "vectors" / "feeds"
JIRA = (FEEDS / "jira.atom").read_bytes()
CONFIG = {
    "filters": [
        {"key": "streams", "name": "", "options": []},
        {"key": "issues", "name": "Issues", "options": [{"key": "issue_type", "name": "Type"}]},
        {"key": "wiki@far", "name": "Somewhere else", "options": []},
    ]
}


class Office:
    """A server with linked applications, whose clock moves only when told."""

    def __init__(self, world: World, client: Client) -> None:
        self.world = world
        self.host = Host(world.store, BASE, lambda: world.now, partial(fetch, client))

    async def link(self, url: str, **members: Any) -> Any:
        """Link an application, and return its one provider."""
        owner = await self.world.local("ada")
        new = Application(applications.new_id(), "far", url, "jira", owner.id, **{"public": True, **members})
        assert await self.world.store.write(applications.add, new)
        await links.refresh(new, self.host)
        linked = Links(self.host)
        await linked._load()
        [one] = linked.members()
        return one

    async def viewer(self, name: str) -> Onlooker:
        actor = await self.world.find(f"{BASE}/users/{name}")
        return Onlooker(Viewer(actor.id, actor.iri), name)


@pytest.fixture
async def office(ready_url: str) -> AsyncIterator[Office]:
    async with (
        open_store(ready_url, base_url=BASE) as store,
        Client(OutboundPolicy("Headwater/test", test_mode=True)) as client,
    ):
        yield Office(World(store, Others(store)), client)


@pytest.fixture
def press() -> Iterator[Press]:
    made = Press()
    made.publish("/rest/activity-stream/1.0/config", json.dumps(CONFIG), Content_Type="application/json")
    made.publish("/plugins/servlet/streams", JIRA, Content_Type="application/atom+xml")
    yield made
    made.close()


async def test_providers_are_what_the_configuration_says(office: Office, press: Press) -> None:
    one = await office.link(press.base_url)
    assert (one.key, one.name, one.filters) == (
        "issues@far",
        "Issues @ far",
        [{"key": "issue_type", "name": "Type"}],
    )
    assert press.asked[0].query == {"local": ["true"]}


async def test_the_configuration_says_which_application_a_provider_is_of(
    office: Office, press: Press
) -> None:
    """Atom §5: ``applinkName``, of linked applications alone."""
    one = Running.of(await office.link(press.base_url))
    ours = Running.of(Local("social", "Social", office.world.store, BASE, lambda: 0))
    told = {shown["key"]: shown.get("applinkName") for shown in await options.told([ours, one], Onlooker())}
    assert told == {"streams": None, "social": None, "issues@far": "far"}


async def test_the_same_filters_are_asked_over_there_and_the_answer_says_where_it_is_from(
    office: Office, press: Press
) -> None:
    one = await office.link(press.base_url, credentials="Bearer abc", public=True)
    request = FeedRequest(
        max_results=7, timeout=4.0, before=(1_800_000_000_000_000, 5),
        filters=[Filter("user", "IS", ("mirela", "tavo")), Filter("update-date", "AFTER", ("5",))],
        provider_filters=[Filter("activity", "NOT", ("issue:post",))],
    )  # fmt: skip
    feed = await one.feed(request)
    asked = press.asked[-1]
    assert asked.query == {
        "local": ["true"], "maxResults": ["7"], "providers": ["issues"], "timeout": ["3500"],
        "streams": ["update-date BEFORE 1800000000001", "user IS mirela tavo", "update-date AFTER 5"],
        "issues": ["activity NOT issue:post"], "os_authType": ["basic"],
    }  # fmt: skip
    assert (asked.headers["authorization"], asked.headers["via"]) == ("Bearer abc", "1.1 here.example")
    comment, change = feed.entries
    assert (change.provider, change.application) == ("issues@far", "com.atlassian.jira")
    assert change.source.id == "https://tracker.example/activity"
    assert change.activity.embedded("generator")[0].id == "https://tracker.example"
    assert comment.published > change.published


async def test_what_went_wrong_over_there_is_told_with_the_name_of_the_link(
    office: Office, press: Press
) -> None:
    problems = (await (await office.link(press.base_url)).feed(FeedRequest())).problems
    assert problems.timed_out == ("Builds @ far",)
    assert problems.authorisations[0].authorisation_uri == "https://wiki.example/consent"


async def test_an_answer_that_was_not_asked_for_is_left_out(office: Office, press: Press) -> None:
    """Atom §8.3: filters are asked again, and nothing from elsewhere passes for ours."""
    one = await office.link(press.base_url)
    assert len((await one.feed(FeedRequest(filters=[Filter("user", "IS", ("tavo",))]))).entries) == 1
    forged = JIRA.replace(b"<id>urn:uuid:bb</id>", f"<id>{BASE}/activities/1</id>".encode())
    press.publish("/plugins/servlet/streams", forged)
    assert len((await one.feed(FeedRequest())).entries) == 1
    ahead = JIRA.replace(b"2026-01-03T10", b"2126-01-03T10")
    press.publish("/plugins/servlet/streams", ahead)
    assert len((await one.feed(FeedRequest())).entries) == 1


async def test_what_one_members_credentials_show_is_shown_to_them_alone(office: Office, press: Press) -> None:
    """Atom §17.5: private by default."""
    one = await office.link(press.base_url, credentials="Bearer abc", public=False)
    await office.world.local("eve")
    before = len(press.asked)
    for viewer in (Onlooker(), await office.viewer("eve")):
        assert not (await one.feed(FeedRequest(viewer=viewer))).entries
    assert len(press.asked) == before
    assert (await one.feed(FeedRequest(viewer=await office.viewer("ada")))).entries


async def test_no_circle_is_closed(office: Office, press: Press) -> None:
    """Atom §9: whoever asks from elsewhere asks for what is here alone."""
    one = await office.link(press.base_url)
    before = len(press.asked)
    assert not (await one.feed(FeedRequest(local=True))).entries
    assert len(press.asked) == before


async def test_keys_are_called_otherwise_there_and_unknown_ones_are_not_asked_for(
    office: Office, press: Press
) -> None:
    one = await office.link(press.base_url, keys={"APPLES": "ORCHARD"})
    before = len(press.asked)
    assert not (await one.feed(FeedRequest(filters=[Filter("key", "IS", ("PEARS",))]))).entries
    assert len(press.asked) == before
    filters = [Filter("key", "IS", ("apples", "PEARS")), Filter("issue-key", "NOT", ("APPLES-9", "PEARS-1"))]
    assert (await one.feed(FeedRequest(filters=filters))).entries
    assert press.asked[-1].query["streams"] == ["key IS ORCHARD", "issue-key NOT ORCHARD-9"]


@pytest.mark.parametrize("status", [401, 403])
async def test_who_must_consent_is_told_where(office: Office, press: Press, status: int) -> None:
    one = await office.link(press.base_url, credentials="Bearer old")
    press.publish("/plugins/servlet/streams", b"", status)
    [wanted] = (await one.feed(FeedRequest())).problems.authorisations
    assert (wanted.name, wanted.uri) == ("far", press.base_url)


async def test_an_application_that_is_late_busy_or_broken_says_so_in_its_own_way(
    office: Office, press: Press
) -> None:
    one = await office.link(press.base_url)
    press.publish("/plugins/servlet/streams", b"", 429, Retry_After="7")
    with pytest.raises(Throttled) as busy:
        await one.feed(FeedRequest())
    assert busy.value.seconds == 7
    press.publish("/plugins/servlet/streams", b"", 500)
    with pytest.raises(ConnectionError):
        await one.feed(FeedRequest())

    def slow(asked: Asked) -> Said:
        import time

        time.sleep(1)
        return Said(JIRA)

    press.pages["/plugins/servlet/streams"] = slow
    late = await one.feed(FeedRequest(timeout=0.7))
    assert (late.entries, late.problems.timed_out) == ([], ("Issues @ far",))


async def test_credentials_are_not_taken_along_by_a_redirect(office: Office, press: Press) -> None:
    """Atom §17.2."""
    one = await office.link(press.base_url, credentials="Bearer abc")
    press.publish("/elsewhere", JIRA)
    press.publish("/plugins/servlet/streams", b"", 302, Location="/elsewhere")
    assert (await one.feed(FeedRequest())).entries
    assert "authorization" not in press.asked[-1].headers
    assert press.asked[-2].headers["authorization"] == "Bearer abc"


async def test_an_application_without_configuration_has_no_providers_and_a_reason(
    office: Office, press: Press
) -> None:
    del press.pages["/rest/activity-stream/1.0/config"]
    with pytest.raises(ValueError, match="unpack"):
        await office.link(press.base_url)
    [one] = await office.world.store.read(applications.every)
    assert (one.providers, one.problem) == ([], "its configuration answers 404")


async def test_nobody_over_there_is_one_of_ours(office: Office, press: Press) -> None:
    """Atom §9: an entry that says it is by somebody here is by somebody there of that name."""
    feed = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:f</id><title>F</title><updated>2026-01-01T00:00:00Z</updated>'
        f"<entry><id>urn:1</id><title>I resign</title><updated>2026-01-01T00:00:00Z</updated>"
        f"<author><name>ada</name><uri>{BASE}/users/ada</uri></author></entry></feed>"
    )
    press.publish("/plugins/servlet/streams", feed.encode(), Content_Type="application/atom+xml")
    one = await office.link(press.base_url)
    [entry] = (await one.feed(FeedRequest(base_url=BASE))).entries
    assert BASE not in json.dumps(entry.activity.data["actor"])


async def test_each_member_is_shown_what_is_theirs_once_they_consent(office: Office, press: Press) -> None:
    """Atom §3.3, §9: with credentials of their own; until then they are told where they consent, and nobody asks."""
    one = await office.link(press.base_url, credentials="Bearer ours", delegated=True)
    await office.world.local("eve")
    ada, eve = await office.viewer("ada"), await office.viewer("eve")
    before = len(press.asked)
    for viewer in (ada, eve):
        feed = await one.feed(FeedRequest(viewer=viewer))
        assert not feed.entries
        [wanted] = feed.problems.authorisations
        assert (wanted.name, wanted.uri) == ("far", press.base_url)
        assert wanted.authorisation_uri == f"{BASE}/account/links"
    await office.world.store.write(
        applicationconsents.put, int(wanted.id), eve.viewer.id, "Basic ZXZl", now=1
    )
    for viewer in (Onlooker(), replace(eve, by_token=True), ada):
        assert not (await one.feed(FeedRequest(viewer=viewer))).entries
    assert len(press.asked) == before
    assert (await one.feed(FeedRequest(viewer=eve))).entries
    assert press.asked[-1].headers["authorization"] == "Basic ZXZl"
    assert press.asked[-1].query["os_authType"] == ["basic"]
    press.publish("/plugins/servlet/streams", b"", 401)
    assert (await one.feed(FeedRequest(viewer=eve))).problems.authorisations == (wanted,)
    assert await office.world.store.write(applicationconsents.remove, int(wanted.id), eve.viewer.id)
    asked = len(press.asked)
    assert (await one.feed(FeedRequest(viewer=eve))).problems.authorisations == (wanted,)
    assert len(press.asked) == asked


async def test_who_asks_too_often_is_the_only_one_who_waits(office: Office, press: Press) -> None:
    """Atom §8.3, §9: an application that is weary of one member's credentials is asked for the others."""
    one = await office.link(press.base_url, delegated=True)
    await office.world.local("eve")
    ada, eve = await office.viewer("ada"), await office.viewer("eve")
    id = one._application.id
    for who in (ada, eve):
        assert await office.world.store.write(
            applicationconsents.put, id, who.viewer.id, f"Bearer {who.name}", now=1
        )
    assert not await office.world.store.write(applicationconsents.put, 7, ada.viewer.id, "Bearer x", now=1)
    press.publish("/plugins/servlet/streams", b"", 429, Retry_After="120")
    assert (await one.feed(FeedRequest(viewer=ada))).problems.throttled == (one.name,)
    press.publish("/plugins/servlet/streams", JIRA)
    asked = len(press.asked)
    assert (await one.feed(FeedRequest(viewer=ada))).problems.throttled == (one.name,)
    assert len(press.asked) == asked
    assert (await one.feed(FeedRequest(viewer=eve))).entries
    office.world.now += 121_000_000
    assert (await one.feed(FeedRequest(viewer=ada))).entries
