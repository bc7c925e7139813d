"""Reading feeds over real sockets: what comes, when to come again, and what happens when nothing does (Atom §10.1)."""

import gzip
from pathlib import Path
from typing import Any

import brotli
import pytest
from press import Asked, Press, Said
from world import BASE

from server.pulling import Poller
from storage import jobs, subscriptions
from storage.subscriptions import Subscription
from vocab import PUBLIC

pytestmark = pytest.mark.anyio

FEEDS = Path(__file__).parents[2] / "vectors" / "feeds"
JIRA = (FEEDS / "jira.atom").read_text()
HOUR_US = 3_600_000_000


def rss(*items: str, head: str = "") -> str:
    whole = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel><title>News</title>{head}{whole}</channel></rss>'


def item(name: str, day: int = 1, text: str = "") -> str:
    date = f"<pubDate>Thu, {day:02} Oct 2026 10:00:00 GMT</pubDate>"
    return f"<guid>urn:{name}</guid><title>{name}</title>{date}<description>{text or name}</description>"


async def test_what_a_feed_brings_is_told_once_to_its_owner_alone(desk: Any, press: Press) -> None:
    """Atom §10.3: private by default, listed by its own date, and nobody is impersonated."""
    one = await desk.subscribe(press.publish("/news", rss(item("a", 1), item("b", 2)), ETag='"1"'))
    outcome = await desk.poll(one)
    assert (outcome.state, outcome.taken.new, outcome.taken.names) == ("new", 2, ["b", "a"])
    newest = (await desk.told(one))[0]
    assert (newest["type"], newest["hw:provider"], newest["hw:sourceId"]) == ("Create", "feeds", "urn:b")
    assert newest["to"] == "https://here.example/users/ada"
    assert newest["published"] == "2026-10-02T10:00:00Z"
    assert newest["object"]["attributedTo"] == newest["actor"]
    assert newest["generator"]["name"] == "News"
    ada = await desk.world.find("https://here.example/users/ada")
    assert len(await desk.world.listed(ada.iri, "inbox")) == 2
    eve = await desk.world.local("eve")
    for reader in (None, eve):
        with pytest.raises(Exception, match=newest["id"]):
            await desk.world.shown(newest["id"], reader)
    again = await desk.poll(one)
    assert (again.taken.new, again.taken.known) == (0, 2)


async def test_an_unchanged_feed_is_not_read_again(desk: Any, press: Press) -> None:
    """Atom §10.1: conditional, with an honest name, and saying what can be read."""
    body = rss(item("a"))

    def speak(asked: Asked) -> Said:
        if asked.headers.get("if-none-match") == '"v1"':
            return Said(status=304, headers={"ETag": '"v1"'})
        return Said(body.encode(), 200, {"ETag": '"v1"', "Last-Modified": "Thu, 01 Oct 2026 10:00:00 GMT"})

    press.pages["/news"] = speak
    one = await desk.subscribe(press.base_url + "/news")
    await desk.poll(one)
    assert (await desk.poll(one)).state == "unchanged"
    first, second = press.asked
    assert "application/atom+xml" in first.headers["accept"]
    assert first.headers["accept-encoding"] == "gzip, br"
    assert first.headers["user-agent"].startswith("Headwater/")
    assert second.headers["if-modified-since"] == "Thu, 01 Oct 2026 10:00:00 GMT"


@pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)])
async def test_compressed_feeds_are_read_within_limits(desk: Any, press: Press, name: str, pack: Any) -> None:
    """Atom §10.1: ten megabytes when unpacked, however small the packet."""
    one = await desk.subscribe(press.publish("/news", pack(rss(item("a")).encode()), Content_Encoding=name))
    assert (await desk.poll(one)).taken.new == 1
    press.publish("/news", pack(bytes(11 * 1024 * 1024)), Content_Encoding=name)
    failed = await desk.poll(one)
    assert (failed.state, "longer" in failed.problem) == ("failed", True)


async def test_a_newer_version_updates_and_an_older_one_does_nothing(desk: Any, press: Press) -> None:
    """Atom §10.3.11."""
    entry = (
        "<entry><id>urn:1</id><title>{}</title><published>2026-10-01T00:00:00Z</published>"
        "<updated>2026-10-0{}T00:00:00Z</updated><content>{}</content></entry>"
    )
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:f</id><title>F</title>'
    one = await desk.subscribe(press.publish("/f", head + entry.format("old", 1, "x") + "</feed>"))
    await desk.poll(one)
    press.publish("/f", head + entry.format("new", 2, "y") + "</feed>")
    assert (await desk.poll(one)).taken.updated == 1
    update, told = await desk.told(one)
    assert (update["type"], update["object"]["content"]) == ("Update", "<p>y</p>")
    assert (told["object"]["name"], told["hw:titleHtml"], told["updated"]) == (
        "new",
        "new",
        "2026-10-02T00:00:00Z",
    )
    assert told["object"]["id"] == update["object"]["id"]
    press.publish("/f", head + entry.format("older", 1, "z") + "</feed>")
    assert (await desk.poll(one)).taken.known == 1
    assert (await desk.told(one))[1]["object"]["name"] == "new"


async def test_what_the_feed_deletes_is_deleted_and_does_not_come_back(desk: Any, press: Press) -> None:
    """Atom §10.3.11: at:deleted-entry."""
    head = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><id>urn:f</id>'
    entry = "<entry><id>urn:1</id><title>T</title><updated>2026-10-01T00:00:00Z</updated></entry>"
    one = await desk.subscribe(press.publish("/f", f"{head}{entry}</feed>"))
    await desk.poll(one)
    thing = (await desk.told(one))[0]["object"]["id"]
    press.publish("/f", f'{head}<at:deleted-entry ref="urn:1" when="2026-10-02T00:00:00Z"/></feed>')
    assert (await desk.poll(one)).taken.deleted == 1
    assert (await desk.told(one))[0]["type"] == "Delete"
    with pytest.raises(Exception, match=thing):
        await desk.world.shown(thing, await desk.world.find("https://here.example/users/ada"))
    press.publish("/f", f"{head}{entry}</feed>")
    assert (await desk.poll(one)).taken.known == 1


async def test_answers_find_what_they_answer(desk: Any, press: Press) -> None:
    """Atom §10.3.9: by id, else by permalink without what tracks readers."""
    one = await desk.subscribe(press.publish("/activity", JIRA))
    await desk.poll(one)
    comment, change = await desk.told(one)
    assert comment["object"]["inReplyTo"] == change["object"]["id"]
    assert change["hw:verb"][-1].endswith("start")
    assert change["hw:issueKey"] == ["ORCHARD-7"]
    assert change["hw:author"][0]["name"] == "Mirela Voss"


async def test_everybody_is_told_when_the_owner_wants_so(desk: Any, press: Press) -> None:
    one = await desk.subscribe(press.publish("/news", rss(item("a"))), public=True, way="Announce")
    await desk.poll(one)
    told = (await desk.told(one))[-1]
    assert (told["type"], told["to"]) == ("Announce", PUBLIC)
    assert (await desk.world.shown(told["id"]))["object"]["name"] == "a"
    assert (await desk.world.shown(told["actor"]))["name"] == "News"


async def test_the_actor_of_a_private_subscription_says_nothing_of_what_it_reads(
    desk: Any, press: Press
) -> None:
    """Private by default: nor is its handle made of the address."""
    one = await desk.subscribe(press.publish("/secret-project", rss(item("a"))))
    await desk.poll(one)
    shown = str(await desk.world.shown((await desk.told(one))[0]["actor"]))
    assert not [word for word in ("secret-project", "News", "127.0.0.1") if word in shown]


async def test_people_over_there_are_who_the_owner_says(desk: Any, press: Press) -> None:
    """Atom §10.3: never because names match."""
    await desk.world.local("mirela")
    tavo = await desk.world.local("tavo")
    one = await desk.subscribe(press.publish("/activity", JIRA), people={"tavo": "tavo"})
    await desk.poll(one)
    comment, change = await desk.told(one)
    assert comment["hw:author"] == [tavo.iri]
    assert change["hw:author"][0]["preferredUsername"] == "mirela"
    assert comment["actor"] != tavo.iri


async def test_filters_leave_out_what_is_not_wanted(desk: Any, press: Press) -> None:
    one = await desk.subscribe(
        press.publish("/activity", JIRA), filters=("user IS mirela", "issue-key IS ORCHARD-7")
    )
    outcome = await desk.poll(one)
    assert (outcome.taken.new, outcome.taken.left_out) == (1, 1)
    assert (await desk.poll(one)).taken.known == 2


async def test_three_answers_that_it_has_moved_are_believed(desk: Any, press: Press) -> None:
    """Atom §10.1: 301 and 308 in a row; 302 and 307 are followed, no more."""
    press.publish("/new", rss(item("a")))
    press.publish("/old", b"", 301, Location="/new")
    one = await desk.subscribe(press.base_url + "/old")
    for times in (1, 2):
        await desk.poll(one)
        assert (await desk.found(one)).moved_times == times
    press.publish("/old", b"", 302, Location="/new")
    await desk.poll(one)
    assert (await desk.found(one)).moved_times == 0
    press.publish("/old", b"", 308, Location="/new")
    for _ in range(3):
        await desk.poll(one)
    assert (await desk.found(one)).url == press.base_url + "/new"


async def test_what_is_gone_is_not_asked_for_again_and_the_owner_is_told(desk: Any, press: Press) -> None:
    """Atom §10.1: 410."""
    one = await desk.subscribe(press.publish("/news", b"", 410))
    assert (await desk.poll(one)).state == "stopped"
    assert (await desk.found(one)).stopped
    ada = await desk.world.find("https://here.example/users/ada")
    told = await desk.world.shown((await desk.world.listed(ada.iri, "inbox"))[0], ada)
    assert "/news is not read any more" in told["object"]["content"]


@pytest.mark.parametrize(("said", "least_us"), [("7200", 2 * HOUR_US), (None, 15 * 60 * 900_000)])
async def test_a_server_that_wants_to_be_left_alone_is(
    desk: Any, press: Press, said: str | None, least_us: int
) -> None:
    """Atom §10.1: Retry-After of 429 and 503; without it, later each time."""
    press.publish("/news", b"", 503, **({"Retry_After": said} if said else {}))
    one = await desk.subscribe(press.base_url + "/news")
    await desk.poll(one)
    found = await desk.found(one)
    assert found.failures == 1
    assert found.next_poll - desk.world.now >= least_us
    if said is None:
        await desk.poll(one)
        assert (
            await desk.found(one)
        ).next_poll - desk.world.now > found.next_poll - desk.world.now + 5 * 60_000_000


async def test_a_feed_says_how_often_it_may_be_asked(desk: Any, press: Press) -> None:
    """Atom §10.1: max-age and ttl are the least interval."""
    press.publish("/aged", rss(item("a")), Cache_Control="public, max-age=7200")
    press.publish("/ttl", rss(item("a"), head="<ttl>180</ttl>"))
    for path, hours in (("/aged", 2), ("/ttl", 3)):
        one = await desk.subscribe(press.base_url + path)
        await desk.poll(one)
        assert (await desk.found(one)).next_poll - desk.world.now >= hours * HOUR_US


async def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes(desk: Any, press: Press) -> None:
    """Atom §10.2: with a warning on the subscription."""
    broken = rss(item("a & b", text="caf&eacute; &lt;script&gt;alert(1)&lt;/script&gt;x")).replace(
        "</rss>", ""
    )
    one = await desk.subscribe(press.publish("/news", broken))
    outcome = await desk.poll(one)
    assert (outcome.format, outcome.taken.new) == ("salvaged", 1)
    assert "not well formed" in (await desk.found(one)).problem
    told = (await desk.told(one))[0]
    assert told["object"]["name"] == "a & b"
    assert "script" not in str(told)


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel><item><title>&a;</title></item></channel></rss>',
        '<rss><channel><title>x & y</title><!ENTITY a SYSTEM "file:///etc/passwd"></channel>',
        "<html><body>no feed</body></html>",
        "<rss>" + "<a>" * 200,
        "",
    ],
)
async def test_what_is_no_feed_or_means_harm_is_a_failure_like_any_other(
    desk: Any, press: Press, body: str
) -> None:
    """Atom §10.2, §17.4: a malformed document neither crashes nor stalls."""
    one = await desk.subscribe(press.publish("/news", body))
    assert (await desk.poll(one)).state == "failed"
    assert (await desk.found(one)).problem


async def test_an_actor_is_read_by_its_outbox(desk: Any, press: Press) -> None:
    """Atom §10.2: AS2 collections, pages, actor to outbox."""
    base = press.base_url
    context = '"@context":"https://www.w3.org/ns/activitystreams"'
    press.publish(
        "/ana", f'{{{context},"type":"Person","id":"{base}/ana","inbox":"{base}/in","outbox":"{base}/out"}}'
    )
    press.publish("/out", f'{{{context},"type":"OrderedCollection","id":"{base}/out","first":"{base}/out1"}}')
    for page in (1, 2):
        following = f'"next":"{base}/out{page + 1}",' if page == 1 else ""
        thing = f'{{"type":"Note","id":"{base}/n{page}","content":"<p>{page}</p>"}}'
        said = f'"type":"Create","id":"{base}/a{page}","actor":"{base}/ana","published":"2026-10-0{page}T00:00:00Z"'
        listed = f'[{{{said},"object":{thing}}}]'
        press.publish(
            f"/out{page}", f'{{{context},"type":"OrderedCollectionPage",{following}"orderedItems":{listed}}}'
        )
    one = await desk.subscribe(f"{base}/ana")
    assert (await desk.poll(one)).taken.new == 2
    assert {told["object"]["content"] for told in await desk.told(one)} == {"<p>1</p>", "<p>2</p>"}


async def test_a_server_without_paging_is_walked_by_date(desk: Any, press: Press) -> None:
    """Atom §10.1: windows overlap by a millisecond, and none of many entries is lost or told twice."""
    total, page = 260, 100
    moments = [1_790_000_000_000 + number // 3 * 500 for number in range(total)]

    def speak(asked: Asked) -> Said:
        words = asked.query.get("streams", ["update-date BETWEEN 0 9999999999999"])[0].split()
        low, high = int(words[2]), int(words[3])
        most = min(page, int(asked.query["maxResults"][0]))
        found = sorted(((at, n) for n, at in enumerate(moments) if low < at < high), reverse=True)[:most]
        entries = "".join(
            f"<entry><id>urn:{n}</id><title>{n}</title><published>{_rfc(at)}</published></entry>"
            for at, n in found
        )
        return Said(f'<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:f</id>{entries}</feed>'.encode())

    press.pages["/wiki/activity"] = speak
    one = await desk.subscribe(press.base_url + "/wiki/activity")
    outcome = await desk.poll(one)
    assert outcome.taken.new == total
    assert len(await desk.told(one)) == total
    before = len(press.asked)
    assert (await desk.poll(one)).taken.new == 0
    assert len(press.asked) == before + 1


def _rfc(at_ms: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def test_addresses_inside_are_not_called(desk: Any) -> None:
    """Atom §17.2."""
    one: Subscription = await desk.subscribe("http://10.0.0.1/feed")
    assert (await desk.poll(one)).state == "failed"


class Broken:
    """A way out that fails as nothing foreseen does."""

    async def get(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("odd")


@pytest.mark.parametrize("works", [True, False])
async def test_whatever_happens_a_feed_is_read_again(desk: Any, press: Press, works: bool) -> None:
    """Atom §10.2: its job is struck off and another left for the next time, which comes no sooner than it should."""
    one = await desk.subscribe(press.publish("/news", rss(item("a"))))
    out: Any = desk.client if works else Broken()
    poller = Poller(desk.world.store, out, base_url=BASE, clock=lambda: desk.world.now)
    for expected in (1, 0):
        claimed = await desk.world.store.write(
            jobs.claim, subscriptions.QUEUE, now=desk.world.now, owner="me", lease_us=10**9, limit=5
        )
        assert len(claimed) == expected
        for job in claimed:
            await poller.work(job, "me")
    found = await desk.found(one)
    assert found.failures == (0 if works else 1)
    desk.world.now = found.next_poll
    assert await desk.world.store.write(
        jobs.claim, subscriptions.QUEUE, now=desk.world.now, owner="me", lease_us=10**9, limit=5
    )
