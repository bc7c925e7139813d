"""From page to page of the stream, down, up and to its end (RFC 5005 §3; Atom §15, §17.3)."""

import json
import secrets
from typing import Any
from xml.etree import ElementTree

import pytest
from atomhall import BASE_URL, Caller, Hall

from server.doors.atom import reading
from storage import feedtokens
from streams import system_clock
from streams.providers import Running
from vocab import PUBLIC

pytestmark = pytest.mark.anyio

ATOM = "{http://www.w3.org/2005/Atom}"
AS2 = "application/activity+json"


class Page:
    """An Atom page: the ids of its entries, and where its links lead."""

    def __init__(self, text: str) -> None:
        root = ElementTree.fromstring(text)
        self.id = root.findtext(f"{ATOM}id") or ""
        self.ids = [one.findtext(f"{ATOM}id") or "" for one in root.findall(f"{ATOM}entry")]
        self.links = {one.attrib["rel"]: one.attrib["href"] for one in root.findall(f"{ATOM}link")}


async def page(caller: Caller, address: str) -> Page:
    answer = await caller.get(address)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


async def said(caller: Caller, name: str, count: int, **members: Any) -> list[str]:
    """Post some notes and return the ids of their activities, the newest first."""
    made = []
    for number in range(count):
        note = {"type": "Note", "content": f"number {number}", "to": PUBLIC, **members}
        headers = {"content-type": AS2}
        answer = await caller.ask("POST", f"/users/{name}/outbox", content=json.dumps(note), headers=headers)
        made.append(answer.headers["location"])
    return made[::-1]


async def test_each_page_leads_to_the_one_before_it_and_to_the_last(hall: Hall) -> None:
    """RFC 5005 §3: ``previous`` is the document that immediately precedes, ``last`` the furthest one."""
    every = await said(await hall.bearer(await hall.member("ada")), "ada", 11)
    down = [await page(hall.anybody, "/activity?maxResults=3")]
    while "next" in down[-1].links:
        down.append(await page(hall.anybody, down[-1].links["next"]))
    assert [one.ids for one in down] == [every[0:3], every[3:6], every[6:9], every[9:]]
    assert "previous" not in down[0].links
    last = await page(hall.anybody, down[0].links["last"])
    assert {one.links["last"] for one in down} == {last.links["self"]}
    assert last.ids == every[-3:]
    assert "next" not in last.links
    up = [last]
    while "previous" in up[-1].links:
        up.append(await page(hall.anybody, up[-1].links["previous"]))
    assert [one.ids for one in up if one.ids] == [every[8:11], every[5:8], every[2:5], every[0:2]]
    back = await page(hall.anybody, up[-2].links["next"])
    assert back.ids == every[5:8]
    third = await page(hall.anybody, down[2].links["previous"])
    assert third.ids == down[1].ids
    whole = await page(hall.anybody, "/activity?maxResults=100")
    assert {"last", "next", "previous"}.isdisjoint(whole.links)


async def test_a_page_above_all_there_is_leads_down_again(hall: Hall) -> None:
    """Atom §15: whoever has read up to the top waits there for what comes, and loses nothing."""
    ada = await hall.bearer(await hall.member("ada"))
    every = await said(ada, "ada", 2)
    first, second = await page(hall.anybody, "/activity?maxResults=1"), None
    second = await page(hall.anybody, first.links["next"])
    top = await page(hall.anybody, second.links["previous"])
    assert top.ids == every[:1]
    above = await page(hall.anybody, top.links.get("previous", second.links["previous"]))
    for one in (top, above):
        assert (await page(hall.anybody, one.links["next"])).ids == ([every[1]] if one.ids else [every[0]])


@pytest.mark.parametrize(
    "filters", ["&streams=user+IS+bob", "&streams=text+CONTAINS+7+8+9", "&streams=user+IS+bob+ada"]
)
async def test_filters_hold_upward_too(hall: Hall, filters: str) -> None:
    """Atom §4, §15: the pages that lead up show what those that lead down do."""
    ada, bob = await hall.bearer(await hall.member("ada")), await hall.bearer(await hall.member("bob"))
    for _ in range(2):
        await said(ada, "ada", 10)
        await said(bob, "bob", 10, to=[PUBLIC])
    address = f"/activity?maxResults=4{filters}"
    whole = (await page(hall.anybody, f"/activity?maxResults=1000{filters}")).ids
    found: list[str] = []
    here: str | None = (await page(hall.anybody, address)).links["last"]
    while here is not None:
        one = await page(hall.anybody, here)
        found = one.ids + found
        here = one.links.get("previous")
    assert found == whole
    assert len(whole) in (12, 20, 40)


async def test_no_last_page_is_named_where_nobody_knows_it(hall: Hall) -> None:
    """Atom §15: a provider that tells the newest alone cannot be read from its end."""

    class Newest:
        key, name, inside = "newest", "Newest", True

        async def feed(self, request: Any) -> Any:
            return None

    local = await hall.house.providers.running()
    assert reading.go_upward(local)
    assert not reading.go_upward([*local, Running.of(Newest())])


async def test_a_feed_token_leads_on_its_reader_alone(hall: Hall) -> None:
    """Atom §17.3: neighbours carry the token, without which the next page is another; ``id`` and ``self`` never do."""
    member = await hall.member("ada")
    ada = await hall.bearer(member)
    local = await said(ada, "ada", 3, to="https://www.w3.org/ns/activitystreams#Public")
    token = secrets.token_urlsafe(16)
    await hall.house.store.write(feedtokens.add, token, member.id, "", now=system_clock())
    address = f"/activity?token={token}&maxResults=1"
    found = []
    for _ in range(3):
        one = await page(hall.anybody, address)
        found += one.ids
        assert token not in one.id + one.links["self"]
        assert all(
            token in one.links[rel] for rel in ("first", "next", "previous", "last") if rel in one.links
        )
        address = one.links.get("next", "")
    assert found == local
    for form in ("rss", "json", "as1", "as2"):
        answer = await hall.anybody.get(f"/activity?token={token}&maxResults=1&format={form}")
        assert token in answer.text
        assert answer.headers["cache-control"] == "private, no-cache"
        assert "link" not in answer.headers
    feed = json.loads((await hall.anybody.get(f"/activity?token={token}&maxResults=1&format=json")).text)
    assert token in feed["next_url"]
    assert token not in feed["feed_url"]
    for caller in (hall.anybody, ada, hall.basic("ada")):
        for form in ("atom", "rss", "json", "as1", "as2", "html"):
            text = (await caller.get(f"/activity?maxResults=1&format={form}")).text
            assert token not in text
    # of several tokens the last one counts, and so leads on
    twice = await page(hall.anybody, f"/activity?token=x&token={token}&maxResults=1")
    assert (await page(hall.anybody, twice.links["next"])).ids == local[1:2]
    # who is known otherwise is not led on by somebody's token
    assert token not in (await ada.get(f"/activity?token={token}&maxResults=1")).text
    shown = await hall.anybody.get(f"/activity?token={token}&maxResults=1&format=html")
    assert f"live?maxResults=1&amp;token={token}" in shown.text
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert BASE_URL in shown.text
