"""Hubs of feeds that are read: asked to tell, and to tell no more (WebSub §5; Atom §16)."""

from typing import Any

import pytest
from press import Press

from server.pulling import hubs

pytestmark = pytest.mark.anyio

FEED = (
    '<rss version="2.0"><channel><title>News</title><item><guid>urn:a</guid><title>a</title>'
    "<pubDate>Thu, 01 Oct 2026 10:00:00 GMT</pubDate></item></channel></rss>"
)


async def test_a_hub_that_leads_nowhere_is_no_fault_of_the_feed(desk: Any, press: Press) -> None:
    """Atom §16: the feed is still read; whether that hub is told to stop is tried again and given up like any other."""
    hub = press.publish("/hub", b"", 307, Location="http://[nowhere")
    one = await desk.subscribe(press.publish("/feed", FEED, Link=f'<{hub}>; rel="hub"'))
    outcome = await desk.poll(one)
    assert (outcome.state, outcome.taken.names) == ("new", ["a"])
    assert [asked.path for asked in press.asked if asked.method == "POST"] == ["/hub"]
    payload = {"hub": hub, "topic": one.url, "callback_secret": "x"}
    assert await hubs.leave(desk.client, payload, base_url="https://here.example") is False


async def test_the_secret_for_a_hub_is_not_sent_in_the_clear() -> None:
    """SEC-042: not after a hub that is asked by TLS says that another address without it is the right one."""

    class Answer:
        def __init__(self) -> None:
            self.status, self.headers = 308, {"location": "http://hub.example/"}

    class Outside:
        def __init__(self) -> None:
            self.asked: list[str] = []

        async def post(self, url: str, *_: Any, **__: Any) -> Answer:
            self.asked.append(url)
            return Answer()

    outside: Any = Outside()
    payload = {"hub": "https://hub.example/", "topic": "https://site.example/f", "callback_secret": "x"}
    assert await hubs.leave(outside, payload, base_url="https://here.example") is False
    assert outside.asked == ["https://hub.example/"]
