"""``/activity`` and its long address: who sees what, in which form, and when it is sent again (Atom §2, §4, §15)."""

import gzip
import json
import time
from xml.etree import ElementTree

import httpx
import pytest
from reading import ATOM, feed, get, ids, links, reader
from town import Person, Server

AS2 = "application/activity+json"


def test_each_sees_what_they_may(hub: Server, ada: Person) -> None:
    """Atom §2, §17.5: anybody what is public, a member theirs too; wrong credentials see nothing."""
    public, own = ids(get(hub)), ids(get(hub, who="ada"))
    assert len(public) == 1
    assert set(public) < set(own)
    assert "secret" not in get(hub, ("format", "as2")).text
    assert get(hub, who="eve").status_code == 401
    assert httpx.get(f"{hub.base_url}/activity", headers={"Authorization": "Bearer x"}).status_code == 401
    bearer = httpx.get(f"{hub.base_url}/activity", headers={"Authorization": f"Bearer {ada.token}"})
    assert ids(bearer) == own
    assert ids(get(hub, ("os_username", "ada"), ("os_password", "x"))) == public


def test_basic_can_be_demanded(hub: Server, ada: Person) -> None:
    """Atom §2, §3.3: what names itself for a member asks for their password."""
    refused = get(hub, ("os_authType", "basic"))
    assert (refused.status_code, refused.headers["www-authenticate"][:6]) == (401, "Basic ")
    (here,) = links(feed(get(hub, ("_", "5"), ("streams", "user IS ada"), who="ada")), "self")
    assert here == f"{hub.base_url}/activity?streams=user+IS+ada&os_authType=basic"
    (here,) = links(feed(get(hub, path="/plugins/servlet/streams")), "self")
    assert here == f"{hub.base_url}/activity"


def test_nobody_in_particular_may_be_shown_nothing(hub: Server, ada: Person) -> None:
    """Atom §4.1: ``authOnly``."""
    assert ids(get(hub, ("authOnly", "true"))) == []
    assert ids(get(hub, ("authOnly", "true"), who="ada"))


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/atom+xml"), ("*/*", "application/atom+xml"),
        ("application/json, text/javascript, */*; q=0.01", "application/atom+xml"),
        ("application/json", "application/atom+xml"), ("application/xml", "application/atom+xml"),
        (AS2, AS2), (f"{AS2}, */*;q=0.1", AS2), (f"*/*, {AS2}", "application/atom+xml"),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', AS2),
        ("application/ld+json", "application/atom+xml"), ("application/stream+json", "application/stream+json"),
        ("application/rss+xml", "application/rss+xml"), ("application/feed+json", "application/feed+json"),
        ("application/rss+xml;q=0.5, */*", "application/atom+xml"),
    ],
)  # fmt: skip
def test_the_form_is_negotiated(hub: Server, ada: Person, accept: str, expected: str) -> None:
    """Atom §2: Atom for whoever does not clearly name another form."""
    for path in ("/activity", "/plugins/servlet/streams"):
        answer = get(hub, path=path, headers={"Accept": accept})
        assert answer.headers["content-type"].startswith(expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("atom", "application/atom+xml"), ("rss", "application/rss+xml"), ("json", "application/feed+json"),
     ("as1", "application/stream+json"), ("as2", AS2)],
)  # fmt: skip
def test_the_form_may_be_named(hub: Server, ada: Person, name: str, expected: str) -> None:
    """Atom §2: ``format`` overrides; each form tells the same entries."""
    answer = get(hub, ("format", name), headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith(expected)
    assert "the frost sensor drifts" in answer.text


def test_a_wrong_parameter_is_named(hub: Server) -> None:
    """Atom §4.3: 400, never 500."""
    for name, value in (
        ("streams", "user"),
        ("social", "activity LIKE x"),
        ("before", "x"),
        ("format", "pdf"),
    ):
        answer = get(hub, (name, value))
        assert (answer.status_code, answer.json()["field"]) == (400, name)
    assert get(hub, ("nonsense", "user"), ("streams", "")).status_code == 200
    assert httpx.get(f"{hub.base_url}/activity?streams=%ff").status_code == 400


def test_filters_and_providers_are_asked_for(hub: Server, ada: Person) -> None:
    """Atom §4: the details are tested where they are made."""
    assert len(ids(get(hub, ("streams", "text CONTAINS frost")))) == 1
    assert ids(get(hub, ("streams", "text CONTAINS snow"))) == []
    assert ids(get(hub, ("streams", "user NOT ada"))) == []
    assert len(ids(get(hub, ("providers", "social nonsense")))) == 1
    assert ids(get(hub, ("providers", "nonsense"))) == []
    assert ids(get(hub, ("providers", "git"))) == []
    assert len(ids(get(hub, ("providers", ""), ("local", "true")))) == 1


def test_it_is_sent_again_only_when_it_differs(hub: Server, ada: Person) -> None:
    """Atom §15: validators, 304, HEAD, and the same bytes as long as nothing happens."""
    first = get(hub, ("streams", "user IS ada"))
    address = str(first.request.url)
    assert first.content == httpx.get(address).content
    assert first.headers["cache-control"] == "private, no-cache"
    assert set(first.headers["vary"].split(", ")) >= {"Accept", "Authorization", "Cookie", "Accept-Encoding"}
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    for headers in ({"If-None-Match": etag}, {"If-Modified-Since": modified}):
        again = httpx.get(address, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert (again.headers["etag"], again.headers["last-modified"]) == (etag, modified)
    both = {"If-None-Match": '"other"', "If-Modified-Since": modified}
    assert httpx.get(address, headers=both).status_code == 200
    head = httpx.head(address)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", etag)
    here = ElementTree.fromstring(first.content).find("{http://www.w3.org/2005/Atom}link[@rel='self']")
    assert here is not None
    assert (
        first.headers["link"] == f'<{hub.base_url}/websub/hub>; rel="hub", <{here.get("href")}>; rel="self"'
    )
    assert "link" not in get(hub, who="ada").headers
    hubs = {form: "link" in get(hub, ("format", form)).headers for form in ("rss", "json", "as1", "as2")}
    assert hubs == {"rss": True, "json": True, "as1": True, "as2": False}
    ada.note("something else")
    changed = httpx.get(address, headers={"If-None-Match": etag})
    assert (changed.status_code, changed.headers["etag"] == etag) == (200, False)
    assert get(hub, ("streams", "user IS ada"), who="ada", headers={"If-None-Match": etag}).status_code == 200


def test_it_is_packed_for_whom_that_suits(hub: Server, ada: Person) -> None:
    """Atom §15."""
    with httpx.Client() as client:
        url = f"{hub.base_url}/activity"
        packed = client.send(
            client.build_request("GET", url, headers={"Accept-Encoding": "br, gzip"}), stream=True
        )
        assert packed.headers["content-encoding"] == "gzip"
        raw = b"".join(packed.iter_raw())
        plain = client.get(url, headers={"Accept-Encoding": "gzip;q=0"})
        assert "content-encoding" not in plain.headers
        assert gzip.decompress(raw) == plain.content


def test_pages_show_every_entry_once_while_new_ones_arrive(hub: Server) -> None:
    """Atom §15: RFC 5005, in each form that has pages."""
    bob = reader(hub, "bob")
    said = [bob.note(f"number {n}")["id"] for n in range(13)]
    address = f"{hub.base_url}/activity?streams=user+IS+bob&maxResults=4"
    seen: list[str] = []
    while address:
        root = feed(httpx.get(address))
        assert links(root, "first") == [f"{hub.base_url}/activity?streams=user+IS+bob&maxResults=4"]
        seen += [one.findtext(f"{ATOM}id") or "" for one in root.findall(f"{ATOM}entry")]
        if len(seen) == 4:
            bob.note("one that is new")
            assert links(root, "previous") == []
        else:
            assert links(root, "previous")
        address = next(iter(links(root, "next")), "")
    assert seen == list(reversed(said))
    page = get(hub, ("format", "as2"), ("maxResults", "4")).json()
    assert page["type"] == "OrderedCollectionPage"
    following = httpx.get(page["next"]).json()["orderedItems"]
    assert {one["id"] for one in page["orderedItems"]}.isdisjoint(one["id"] for one in following)
    assert get(hub, ("format", "json"), ("maxResults", "4")).json()["next_url"]


def test_dates_page_too(hub: Server, ada: Person) -> None:
    """Atom §10.1, §15: clients of old shrink a window of time."""
    whole = ids(get(hub, ("maxResults", "1000")))
    root = feed(get(hub, ("maxResults", "1000")))
    moments = [one.findtext(f"{ATOM}published") or "" for one in root.findall(f"{ATOM}entry")]
    until = moments[len(moments) // 2]
    older = ids(get(hub, ("maxResults", "1000"), ("streams", f"update-date BETWEEN 0 {until}")))
    assert older == [id for id, at in zip(whole, moments, strict=True) if at < until]


def test_actions_are_told_to_who_may_take_them(hub: Server, ada: Person) -> None:
    """Atom §3.7, §7.6."""
    reader(hub, "cleo")
    assert "reply-to" not in get(hub).text
    assert "reply-to" in get(hub, who="cleo").text
    assert all("actions" not in one for one in get(hub, ("format", "as2")).json()["orderedItems"])
    (action, *_) = get(hub, ("format", "as2"), who="cleo").json()["orderedItems"][0]["actions"]
    assert (action["type"], action["method"]) == ("Link", "POST")


def test_links_may_be_relative(hub: Server, ada: Person) -> None:
    """Atom §4.1: ``relativeLinks`` and ``title``."""
    answer = get(hub, ("relativeLinks", "true"), ("title", "Mine"))
    assert feed(answer).findtext(f"{ATOM}title") == "Mine"
    assert f'href="{hub.base_url}' not in answer.text
    assert links(feed(answer), "self") == ["/activity?title=Mine"]


def test_a_circle_is_broken(hub: Server) -> None:
    """Atom §9: a request that came through this server before is refused."""
    host = hub.base_url.removeprefix("http://")
    assert get(hub, headers={"Via": f"1.1 far.example, 1.1 {host}"}).status_code == 508
    assert get(hub, headers={"Via": "1.1 far.example"}).status_code == 200


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_people_get_a_page(hub: Server, ada: Person) -> None:
    """Atom §2: at the short address, when their browser asks for one; at the long one only by name."""
    for who, expected in (("", False), ("ada", True)):
        page = get(hub, ("maxResults", "1000"), who=who, headers={"Accept": BROWSER})
        assert page.headers["content-type"].startswith("text/html")
        assert "the frost sensor drifts" in page.text
        assert ("a secret of hers" in page.text) is expected
    page = get(hub, ("streams", "user IS ada"), headers={"Accept": BROWSER})
    feeds = [link["url"] for link in page.links.values()]  # of one relation the last
    assert feeds == [f"{hub.base_url}/activity?streams=user+IS+ada&format=json"]
    assert page.headers["link"].count('rel="alternate"') == 3
    servlet = "/plugins/servlet/streams"
    assert (
        get(hub, path=servlet, headers={"Accept": BROWSER})
        .headers["content-type"]
        .startswith("application/atom+xml")
    )
    assert get(hub, ("format", "html"), path=servlet).headers["content-type"].startswith("text/html")
    led = get(hub, ("user", "ada"), path="/activity/filter")
    assert (led.status_code, led.headers["location"]) == (303, "/activity?streams=user+IS+ada")


def test_what_is_new_is_told_while_one_looks(hub: Server, ada: Person) -> None:
    """Atom §7.1: the ids of what the reader may see, and nothing of the rest."""
    with httpx.stream("GET", f"{hub.base_url}/activity/live?streams=user+IS+ada", timeout=30) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        next(lines)
        ada.note("for her alone", to=ada.id)
        said = ada.note("for everyone")["id"]
        data = next(line for line in lines if line.startswith("data:"))
        assert json.loads(data.removeprefix("data:"))["new"] == [said]
    assert get(hub, ("streams", "user"), path="/activity/live").status_code == 400
    assert get(hub, path="/activity/live", who="eve").status_code == 401
    assert httpx.head(f"{hub.base_url}/activity/live").status_code == 200


def test_who_comes_back_is_told_what_they_missed(hub: Server, ada: Person) -> None:
    """Atom §7.1 (WHATWG HTML §9.2): by the id of the last event, or the one that is sent first; nothing twice."""
    address = f"{hub.base_url}/activity/live?streams=user+IS+ada&maxResults=2"

    def told(last: str = "", *, say: int = 0) -> tuple[str, list[str], list[str]]:
        """Connect, say something, and return the last id, what was said and what one is told."""
        headers = {"Last-Event-ID": last} if last else {}
        with httpx.stream("GET", address, timeout=30, headers=headers) as answer:
            lines = answer.iter_lines()
            if say == 0 and not last:
                return next(one[4:] for one in lines if one.startswith("id: ")), [], []
            said = [ada.note(f"number {number} of {say}")["id"] for number in range(say)]
            event = ""
            for line in lines:
                event = line[4:] if line.startswith("id: ") else event
                if line.startswith("data:"):
                    return event, said, json.loads(line.removeprefix("data:"))["new"]
        raise AssertionError("nothing was told")

    begun, _, _ = told()
    missed = [ada.note(f"missed {number}")["id"] for number in range(5)]
    ada.note("for her alone", to=ada.id)
    time.sleep(1.1)
    back, _, found = told(begun)
    assert found == missed[::-1]
    last, said, found = told(back, say=4)
    assert found == said[::-1]
    assert int(begun) < int(back) < int(last)
    _, said, found = told("nonsense", say=1)
    assert found == said


def test_what_is_deleted_is_told_to_who_could_have_seen_it(hub: Server) -> None:
    """Atom §12.3: the entry disappears, and is named as deleted, on the first page alone."""
    tombstone = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
    eve = reader(hub, "gwen")
    public, own = eve.note("in public"), eve.note("for herself", to=eve.id)
    assert len(ids(get(hub, ("streams", "user IS gwen"), who="gwen"))) == 2
    for said in (public, own):
        eve.post({"type": "Delete", "object": said["object"], "to": said["to"]})

    def gone(**options: str) -> list[str | None]:
        root = feed(get(hub, ("streams", "user IS gwen"), **options))
        assert public["id"] not in [one.findtext(f"{ATOM}id") for one in root.findall(f"{ATOM}entry")]
        return [one.get("ref") for one in root.findall(tombstone)]

    assert gone() == [public["id"]]
    assert set(gone(who="gwen")) == {public["id"], own["id"]}
