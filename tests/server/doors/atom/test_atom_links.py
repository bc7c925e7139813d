"""Where the links of entries lead: whoever sees an entry may read it at its address too (Atom §2, §3.7, §17.5)."""

import io
import json
import re
from collections.abc import Iterable
from xml.etree import ElementTree

import eventsapi
import pytest
from atomhall import BASE_URL, Caller, Hall
from PIL import Image

from storage import tenantowners
from vocab import PUBLIC

pytestmark = pytest.mark.anyio

ATOM = "{http://www.w3.org/2005/Atom}"
AS2 = "application/activity+json"
HTML = "text/html,application/xhtml+xml"
ACTIONS = "http://streams.atlassian.com/syndication/"
PAINT = {"actor": "User:ada", "verb": "paint", "object": "Fence:1", "foreign_id": "fence"}
WASH = {
    "type": "as.fleet.van.washed",
    "involves": [{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Vehicle:Van/7"}],
}


async def said(caller: Caller, name: str, to: str) -> None:
    note = {"type": "Note", "content": "the frost sensor drifts", "to": to}
    headers = {"content-type": AS2}
    answer = await caller.ask("POST", f"/users/{name}/outbox", content=json.dumps(note), headers=headers)
    assert answer.status_code == 201, answer.text


async def shop(hall: Hall) -> int:
    """Let a tenant of its own keep an activity, an event and a comment; return its number."""
    feeds = await hall.feeds.tenant("shop")
    events = eventsapi.Api(hall.app, hall.house, "shop", feeds.credentials)
    await feeds.server.does("POST", "feed/user/ada/", PAINT)
    await events.admin.does("POST", "events", WASH)
    bo = await events.caller("bo")
    comment = {"comment": "Well done", "involves": [{"COMMENTED_ON": "Vehicle:Van/7"}]}
    await bo.does("POST", "comments", comment)
    return events.tenant_id


def hrefs(text: str, rels: Iterable[str]) -> set[str]:
    """Return where the links of entries lead that are ours, and who their authors are."""
    root = ElementTree.fromstring(text)
    found = {
        one.attrib["href"]
        for entry in root.findall(f"{ATOM}entry")
        for one in entry.iter(f"{ATOM}link")
        if one.attrib["rel"] in rels
    }
    found |= {one.text or "" for one in root.iter(f"{ATOM}uri")}
    return {one for one in found if one.startswith(f"{BASE_URL}/")}


async def followed(stream: Caller, caller: Caller, accept: str) -> dict[str, int]:
    """Follow all links of a stream, and return what is answered at each."""
    told = await stream.get("/activity?maxResults=100", headers={"accept": "application/atom+xml"})
    assert told.status_code == 200
    rels = ("alternate", "self", "canonical", "via")
    found = {}
    for address in sorted(hrefs(told.text, rels)):
        answer = await caller.get(address.removeprefix(BASE_URL), headers={"accept": accept})
        while answer.status_code in (301, 302, 303):
            path = answer.headers["location"].removeprefix(BASE_URL)
            answer = await caller.get(path, headers={"accept": accept})
        found[address] = answer.status_code
    return found


@pytest.mark.parametrize("accept", [HTML, AS2, "application/atom+xml"])
async def test_who_brings_a_name_and_a_password_reads_what_they_are_shown(hall: Hall, accept: str) -> None:
    """Atom §2: at the address of an entry as in the stream; others find nothing there, and wrong ones are refused."""
    ada = await hall.bearer(await hall.member("ada"))
    await said(ada, "ada", f"{BASE_URL}/users/ada")
    await hall.member("bob")
    reader = hall.basic("ada")
    found = await followed(reader, reader, accept)
    assert set(found.values()) == {200}
    private = {address for address in found if "/users/" not in address and "/@" not in address}
    assert len(private) == 2
    for other, status in ((hall.anybody, 404), (hall.basic("bob"), 404), (hall.basic("ada", "wrong"), 401)):
        answers = await followed(reader, other, accept)
        assert {answers[address] for address in private} == {status}
    answer = await reader.get(sorted(private)[0].removeprefix(BASE_URL), headers={"accept": accept})
    assert "private" in answer.headers["cache-control"]
    assert "Authorization" in answer.headers["vary"]


@pytest.mark.parametrize("accept", [HTML, AS2, "application/atom+xml"])
async def test_what_a_tenant_keeps_is_read_by_who_owns_it(hall: Hall, accept: str) -> None:
    """Atom §17.5: and by who runs the server; at a browser on pages alone."""
    tenant = await shop(hall)
    owner, admin = await hall.member("olga"), await hall.member("root", admin=True)
    other = await hall.member("bob")
    await hall.house.store.write(tenantowners.add, tenant, owner.id)
    for reader in (hall.basic("olga"), hall.basic("root"), await hall.bearer(owner)):
        found = await followed(reader, reader, accept)
        assert len(found) >= 4
        assert set(found.values()) == {200}
        for caller in (hall.anybody, hall.basic("bob"), await hall.bearer(other), await hall.bearer(admin)):
            assert set((await followed(reader, caller, accept)).values()) == {404}
    browser, stranger = await hall.browser(owner), await hall.browser(other)
    assert set((await followed(hall.basic("olga"), browser, HTML)).values()) == {200}
    assert set((await followed(hall.basic("olga"), browser, AS2)).values()) == {404}
    assert set((await followed(hall.basic("olga"), stranger, HTML)).values()) == {404}


async def test_pictures_are_seen_on_the_page_by_who_sees_what_they_belong_to(hall: Hall) -> None:
    """SEC-064: a browser that asks for a page of ours shows it to its member, for other sites it has nothing."""
    member, other = await hall.member("ada"), await hall.member("bob")
    ada = await hall.bearer(member)
    out = io.BytesIO()
    Image.new("RGB", (6, 4), (200, 10, 10)).save(out, "PNG")
    answer = await ada.ask(
        "POST", "/media", files={"file": ("a.png", out.getvalue(), "image/png")},
        data={"object": json.dumps({"type": "Image", "name": "Red", "to": f"{BASE_URL}/users/ada"})},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    browser, stranger = await hall.browser(member), await hall.browser(other)
    page = await browser.get("/activity")
    [address] = set(re.findall(rf'src="(?:{BASE_URL})?(/media/[^"]+)"', page.text))
    own, elsewhere = {"sec-fetch-site": "same-origin", "accept": "image/*"}, {"sec-fetch-site": "cross-site"}
    seen = await browser.get(address, headers=own)
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/png")
    assert "private" in seen.headers["cache-control"]
    for caller, headers in (
        (browser, elsewhere), (browser, {"accept": "image/*"}), (stranger, own), (hall.anybody, own),
    ):  # fmt: skip
        assert (await caller.get(address, headers=headers)).status_code == 404


async def test_wrong_credentials_are_refused_where_all_is_public(hall: Hall) -> None:
    """Atom §2: never taken for none, at the feed of an actor either."""
    ada = await hall.member("ada")
    await said(await hall.bearer(ada), "ada", PUBLIC)
    for path in ("/users/ada/feed.atom", "/@ada/feed.rss", "/users/ada/feed.json"):
        assert (await hall.basic("ada", "wrong").get(path)).status_code == 401
        assert (await hall.anybody.get(path, headers={"authorization": "Bearer no"})).status_code == 401
        asked = await hall.anybody.get(f"{path}?os_authType=basic")
        assert (asked.status_code, asked.headers["www-authenticate"][:6]) == (401, "Basic ")
        assert (await hall.basic("ada").get(f"{path}?os_authType=basic")).status_code == 200
        assert (await hall.anybody.get(path)).status_code == 200
