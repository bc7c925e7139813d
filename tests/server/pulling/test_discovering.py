"""Whoever gives the address of a page gets the feed that it names (Atom §10.1, §14)."""

from typing import Any

import pytest
from press import Press

pytestmark = pytest.mark.anyio

PAGE = "text/html; charset=utf-8"


FEED = (
    '<rss version="2.0"><channel><title>News</title><item><guid>urn:a</guid><title>a</title>'
    "<pubDate>Thu, 01 Oct 2026 10:00:00 GMT</pubDate></item></channel></rss>"
)


def page(*links: str) -> str:
    return (
        f"<!doctype html><html><head><title>S</title>{''.join(links)}</head><body><p>Hello</p></body></html>"
    )


def named(href: str, type: str = "application/rss+xml", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{type}" title="Feed" href="{href}">'


async def test_a_page_leads_to_its_first_feed(desk: Any, press: Press) -> None:
    """Atom §14: what the page is in besides, and styles, are no feeds; the feed is read from then on."""
    feed = press.publish("/blog/feed", FEED)
    others = (named("/style", "text/css", "stylesheet"), named("/es", "text/html"), named("/x", rel="next"))
    home = press.publish("/blog/", page(*others, named("feed"), named("comments")), Content_Type=PAGE)
    one = await desk.subscribe(home)
    outcome = await desk.poll(one)
    assert (outcome.state, outcome.taken.names, outcome.subscription.url) == ("new", ["a"], feed)
    asked = len(press.asked)
    assert (await desk.poll(one)).taken.known == 1
    assert [each.path for each in press.asked[asked:]] == ["/blog/feed"]


async def test_a_page_without_a_feed_is_none(desk: Any, press: Press) -> None:
    """Atom §10.2: nor is one that leads to another page, to nowhere, or to what is read already."""
    plain = await desk.subscribe(
        press.publish("/plain", page(named("mailto:x@y.example")), Content_Type=PAGE)
    )
    assert (await desk.poll(plain)).state == "failed"
    for path, other in (("/one", "/two"), ("/two", "/one")):
        press.publish(path, page(named(other)), Content_Type=PAGE)
    circle = await desk.subscribe(press.base_url + "/one")
    assert (await desk.poll(circle)).state == "failed"
    feed = await desk.subscribe(press.publish("/feed", FEED))
    assert (await desk.poll(feed)).state == "new"
    again = await desk.subscribe(press.publish("/home", page(named("/feed")), Content_Type=PAGE))
    outcome = await desk.poll(again)
    assert (outcome.state, "already" in outcome.problem) == ("failed", True)
    assert (await desk.found(again)).url == press.base_url + "/home"


async def test_a_feed_that_becomes_a_page_stays_where_it_is(desk: Any, press: Press) -> None:
    """Atom §10.1: a page of mourning does not move what was followed."""
    one = await desk.subscribe(press.publish("/feed", FEED))
    assert (await desk.poll(one)).state == "new"
    press.publish("/feed", page(named("/elsewhere")), Content_Type=PAGE)
    press.publish("/elsewhere", FEED)
    assert (await desk.poll(one)).state == "failed"
    assert (await desk.found(one)).url == press.base_url + "/feed"


@pytest.mark.parametrize("link", ["", '<http://[>; rel="hub", </self>; rel="self"'])
async def test_addresses_that_are_none_are_passed_over(desk: Any, press: Press, link: str) -> None:
    """Atom §10.2: whether a page says that all of its links begin so, or the header of a feed has one."""
    feed = press.publish("/blog/feed", FEED, **({"Link": link} if link else {}))
    page_of = page('<base href="http://[nowhere">', named("http://[::1/feed"), named("feed"))
    one = await desk.subscribe(press.publish("/blog/", page_of, Content_Type=PAGE))
    outcome = await desk.poll(one)
    assert (outcome.state, outcome.subscription.url) == ("new", feed)
