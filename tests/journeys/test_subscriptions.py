"""Feeds of others come to those who have them read, on a running server (Atom §10)."""

from collections.abc import Iterator

import httpx
import pytest
from press import Press
from town import Town, eventually, never

ITEM = (
    "<item><guid>urn:{0}</guid><title>{0}</title><pubDate>Thu, 0{1} Oct 2026 10:00:00 GMT</pubDate>"
    "<link>https://news.example/{0}</link></item>"
)


def rss(*names: str) -> str:
    items = "".join(ITEM.format(name, day) for day, name in enumerate(names, 1))
    return f'<rss version="2.0"><channel><title>News</title><link>https://news.example/</link>{items}</channel></rss>'


@pytest.fixture
def press() -> Iterator[Press]:
    made = Press()
    yield made
    made.close()


def test_a_feed_is_read_at_once_and_its_owner_alone_finds_what_it_brings(town: Town, press: Press) -> None:
    """Atom §10.3, §10.4."""
    server = town.server()
    ada, eve = server.person("ada"), server.person("eve")
    url = press.publish("/feed", rss("frost"))
    made = server.cli("subscription", "add", url, "--owner", "ada", "--interval", "60")
    told = eventually(lambda: ada.items("inbox"))[0]
    activity = ada.get(told if isinstance(told, str) else told["id"]).json()
    assert (activity["object"]["name"], activity["hw:provider"]) == ("frost", "feeds")
    assert eve.get(activity["id"]).status_code == 404
    assert (
        httpx.get(activity["object"]["id"], headers={"Accept": "application/activity+json"}).status_code
        == 404
    )
    press.publish("/feed", rss("frost", "thaw"))
    came = server.cli("subscription", "poll", made["id"])
    assert (came["new"], came["known"], came["titles"], came["format"]) == (1, 1, ["thaw"], "rss")
    assert len(ada.items("inbox")) == 2
    [shown] = server.cli("subscription", "list")["subscriptions"]
    assert (shown["title"], shown["entries"], shown["state"], shown["problem"]) == ("News", 2, "read", "")
    server.cli("subscription", "remove", made["id"])
    assert server.cli("subscription", "list") == {"subscriptions": []}
    assert len(ada.items("inbox")) == 2
    server.cli("subscription", "poll", made["id"], expect=1)
    server.cli("subscription", "add", "ftp://x.example/", "--owner", "ada", expect=1)
    server.cli("subscription", "add", url, "--owner", "nobody", expect=1)


def test_everybody_who_follows_a_public_feed_hears_of_it_elsewhere(town: Town, press: Press) -> None:
    """Atom §10.3: published by the subscription's own actor, like anything that one of ours says."""
    here, there = town.server(), town.server()
    here.person("ada")
    bob = there.person("bob")
    url = press.publish("/feed", rss("frost"))
    made = here.cli("subscription", "add", url, "--owner", "ada", "--public")
    eventually(lambda: here.cli("subscription", "list")["subscriptions"][0]["entries"])
    bob.post({"type": "Follow", "object": made["actor"], "to": made["actor"]})
    eventually(lambda: made["actor"] in str(bob.items("following")))
    before = len(bob.items("inbox"))
    press.publish("/feed", rss("frost", "thaw"))
    here.cli("subscription", "poll", made["id"])
    eventually(lambda: len(bob.items("inbox")) > before)
    ids = [one if isinstance(one, str) else one["id"] for one in bob.items("inbox")]
    assert "thaw" in str([bob.get(id, signed_in=False).text for id in ids])
    press.publish("/feed", rss("frost", "thaw"))
    here.cli("subscription", "poll", made["id"])
    never(lambda: len(bob.items("inbox")) > before + 1, seconds=0.5)


def test_the_feeds_of_a_member_can_be_taken_along(town: Town, press: Press) -> None:
    """Atom §14: OPML, at the terminal and over HTTP, for the member alone."""
    here, there = town.server(), town.server()
    ada, bob, eve = here.person("ada"), there.person("bob"), there.person("eve")
    url = press.publish("/feed", rss("frost"))
    made = here.cli("subscription", "add", url, "--owner", "ada")
    here.cli("subscription", "poll", made["id"])
    listed = here.cli("subscription", "export", "--owner", "ada")["opml"]
    assert 'text="News"' in listed
    assert 'htmlUrl="https://news.example/"' in listed
    address = f"{here.base_url}/subscriptions.opml"
    answer = ada.get(address, accept="*/*")
    assert (answer.text, answer.headers["content-type"]) == (listed, "text/x-opml; charset=utf-8")
    assert httpx.get(address).status_code == 401
    (there.directory / "feeds.opml").write_text(listed)
    [taken] = there.cli("subscription", "import", "feeds.opml", "--owner", "bob")["feeds"]
    assert (taken["url"], taken["outcome"]) == (url, "read")
    [again] = there.cli("subscription", "import", "feeds.opml", "--owner", "bob")["feeds"]
    assert again["outcome"] == "read already"
    eventually(lambda: bob.items("inbox"))
    brought = f"{there.base_url}/subscriptions.opml"
    headers = {"Authorization": f"Bearer {eve.token}"}
    assert (
        httpx.post(brought, content=listed.encode(), headers=headers).json()["feeds"][0]["outcome"] == "read"
    )
    assert httpx.post(brought, content=b"<rss/>", headers=headers).status_code == 400
    assert httpx.post(brought, content=listed.encode()).status_code == 401
    eventually(lambda: eve.items("inbox"))
