"""Feeds of actors of a running server (Atom §2, §12.3, §14, §15)."""

from collections.abc import Iterator
from typing import Any

import feedparser
import httpx
import pytest
from town import PUBLIC, Person, Server, Town

from vocab.dialects import as1


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    town = Town(tmp_path_factory.mktemp("feeds"))
    yield town.server()
    for server in town.servers:
        server.kill()


def get(url: str, accept: str = "*/*", **headers: str) -> httpx.Response:
    return httpx.get(url, headers={"Accept": accept, **headers})


def read(url: str, accept: str = "*/*") -> Any:
    answer = get(url, accept)
    assert answer.status_code == 200, answer.text
    found = feedparser.parse(answer.content)
    assert not found.bozo
    return found


def test_an_actor_has_a_feed_in_every_form(server: Server) -> None:
    """Atom §2, §14: each has its media type, names itself, and tells the same."""
    ada = server.person("ada", "--name", "Ada Lovelace")
    ada.note("<p>First light</p>")
    types = {
        "atom": "application/atom+xml; charset=utf-8", "rss": "application/rss+xml; charset=utf-8",
        "json": "application/feed+json; charset=utf-8", "as1": "application/stream+json; charset=utf-8",
    }  # fmt: skip
    for spelling, media_type in types.items():
        address = f"{ada.id}/feed.{spelling}"
        answer = get(address)
        assert answer.headers["content-type"] == media_type
        assert "First light" in answer.text
        assert f'<{address}>; rel="self"' in answer.headers["link"]
        assert f'<{server.base_url}/websub/hub>; rel="hub"' in answer.headers["link"]
        assert get(address, **{"If-None-Match": answer.headers["etag"]}).status_code == 304
        assert httpx.head(address).headers["etag"] == answer.headers["etag"]
        plain = get(address, **{"Accept-Encoding": "identity"})
        assert (plain.content, plain.headers["etag"]) == (answer.content, answer.headers["etag"])
        assert {"Accept", "Accept-Encoding"} <= set(answer.headers["vary"].split(", "))
        assert ("content-encoding" in answer.headers) == (len(plain.content) >= 1_024)
    assert get(f"{ada.id}/feed.pdf").status_code == 404
    told = as1.activities(get(f"{ada.id}/feed.as1").json())
    assert [one.type for one in told] == ["Create"]


def test_who_wants_atom_gets_it_where_the_actor_is(server: Server) -> None:
    """Atom §2: ordinary negotiation at actors and objects."""
    bea = server.person("bea")
    made = bea.note("<p>hello</p>")
    for address in (bea.id, f"{server.base_url}/@bea"):
        answer = get(address, "application/atom+xml")
        assert answer.headers["content-type"].startswith("application/atom+xml")
        assert answer.headers["content-location"] == f"{bea.id}/feed.atom"
        assert "Accept" in answer.headers["vary"].split(", ")
    assert get(bea.id, "application/activity+json, application/atom+xml;q=0.5").json()["id"] == bea.id
    for address in (made["id"], made["object"]["id"]):
        [one] = read(address, "application/atom+xml, */*;q=0.1").entries
        assert one.id == address
        assert "hello" in one.content[0].value
        assert one.author == "bea"
    secret = bea.note("<p>psst</p>", to=[])["object"]["id"]
    assert get(secret, "application/atom+xml").status_code in (401, 404)


def test_what_an_actor_likes_and_edits_is_told_when_it_is_asked_for(server: Server) -> None:
    """Atom §12.3."""
    cid = server.person("cid")
    note = cid.note("<p>Draft of a plan</p>")["object"]["id"]
    cid.post({"type": "Like", "object": note, "to": PUBLIC})
    cid.post({"type": "Update", "object": {"id": note, "content": "<p>A plan</p>"}, "to": PUBLIC})
    shown = read(f"{cid.id}/feed.atom")
    assert [one.activity_verb.rpartition("/")[2] for one in shown.entries] == ["post"]
    every = read(f"{cid.id}/feed.atom?include=all")
    assert [one.activity_verb.rpartition("/")[2] for one in every.entries] == ["update", "like", "post"]
    assert "A plan" in every.entries[1].title
    assert every.feed.id == f"{cid.id}/feed.atom?include=all"


def test_pages_lead_on_until_everything_was_seen_once(server: Server) -> None:
    """RFC 5005 §3; Atom §15."""
    dan = server.person("dan")
    for number in range(7):
        dan.note(f"<p>note {number}</p>")
    address, seen = f"{dan.id}/feed.atom?limit=3", []
    while address:
        found = read(address)
        seen += [one.content[0].value for one in found.entries]
        links = {one.rel: one.href for one in found.feed.links}
        assert links["first"] == f"{dan.id}/feed.atom"
        address = f"{links['next']}&limit=3" if "next" in links else ""
    assert seen == [f"<p>note {number}</p>" for number in range(6, -1, -1)]
    last = next(one.href for one in read(f"{dan.id}/feed.atom?limit=3").feed.links if one.rel == "last")
    assert "note 0" in get(f"{last}&limit=3").text


def test_what_is_gone_is_told_as_gone(server: Server) -> None:
    """Atom §12.3, RFC 6721: and of what was private nothing is told at all."""
    eli = server.person("eli")
    public = eli.note("<p>oops</p>", published="2026-01-01T00:00:00Z")
    private = eli.note("<p>secret</p>", to=[], published="2026-01-01T00:00:01Z")
    before = get(f"{eli.id}/feed.atom")
    for made in (public, private):
        eli.post({"type": "Delete", "object": made["object"]["id"], "to": PUBLIC})
    answer = get(f"{eli.id}/feed.atom", **{"If-Modified-Since": before.headers["last-modified"]})
    assert "oops" not in answer.text
    assert f'<at:deleted-entry ref="{public["id"]}" when="' in answer.text
    assert private["id"] not in answer.text


def test_every_kind_of_actor_has_one(server: Server) -> None:
    group = server.person("grove", "--type", "Group")
    assert read(f"{group.id}/feed.atom").feed.title == "grove"
    assert get(f"{server.base_url}/users/nobody/feed.atom").status_code == 404


def test_feeds_are_found(server: Server) -> None:
    """Atom §14: by links in pages and headers, and by WebFinger."""
    fay: Person = server.person("fay")
    page = get(f"{server.base_url}/@fay", "text/html")
    for spelling, media_type in (
        ("atom", "application/atom+xml"),
        ("rss", "application/rss+xml"),
        ("json", "application/feed+json"),
    ):
        assert (
            f'<link rel="alternate" type="{media_type}" href="{server.base_url}/@fay/feed.{spelling}"'
            in page.text
        )
        assert (
            f'<{server.base_url}/@fay/feed.{spelling}>; rel="alternate"; type="{media_type}"'
            in page.headers["link"]
        )
    found = get(f"{server.base_url}/.well-known/webfinger?resource=acct:fay@{server.host}").json()
    updates = [
        one["href"] for one in found["links"] if one["rel"] == "http://schemas.google.com/g/2010#updates-from"
    ]
    assert updates == [f"{fay.id}/feed.atom"]
    assert get(f"{server.base_url}/nodeinfo/2.1").json()["services"]["outbound"] == ["atom1.0", "rss2.0"]
