"""Pages and feeds of a running server."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from xml.etree import ElementTree

import httpx
import pytest
from town import PUBLIC, Person, Server, Town, eventually

from storage.entries import NEWEST
from vocab.dialects.atom import ATOM, THREAD

HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    town = Town(tmp_path_factory.mktemp("pages"))
    yield town.server()
    for server in town.servers:
        server.kill()


@pytest.fixture(scope="module")
def ada(server: Server) -> Person:
    return server.person("ada", "--name", "Ada Lovelace")


@pytest.fixture(scope="module")
def bob(server: Server) -> Person:
    return server.person("bob")


def get(url: str, accept: str = HTML, **headers: str) -> httpx.Response:
    return httpx.get(url, headers={"Accept": accept, **headers})


def edit(person: Person, **members: object) -> None:
    person.post({"type": "Update", "object": {"id": person.id, **members}, "to": PUBLIC})


def profile(person: Person, suffix: str = "") -> str:
    return f"{person.server.base_url}/@{person.name}{suffix}"


class TestProfile:
    def test_it_leads_to_its_other_forms(self, ada: Person) -> None:
        """AP-065: by links in the page and in the header."""
        answer = get(profile(ada))
        assert answer.status_code == 200
        assert answer.headers["vary"] == "Accept"
        assert f'<{ada.id}>; rel="alternate"; type="application/activity+json"' in answer.headers["link"]
        for href, media_type in (
            (ada.id, "application/activity+json"),
            (profile(ada, "/feed.atom"), "application/atom+xml"),
            (profile(ada, "/feed.json"), "application/feed+json"),
        ):
            assert f'<link rel="alternate" type="{media_type}" href="{href}"' in answer.text

    def test_people_are_sent_there_from_the_document(self, ada: Person) -> None:
        """AP-063."""
        for path, target in (("", ""), ("/followers", "/followers"), ("/following", "/following")):
            answer = get(ada.id + path)
            assert (answer.status_code, answer.headers["location"]) == (303, profile(ada, target))
            assert answer.headers["vary"] == "Accept"

    def test_programs_get_the_document_there(self, ada: Person) -> None:
        """AP-063."""
        assert get(profile(ada), "application/activity+json").json()["id"] == ada.id
        answer = get(profile(ada, "/followers"), "application/activity+json")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{ada.id}/followers")

    def test_only_who_wants_to_be_found_is_indexed(self, server: Server) -> None:
        """AP-140, AP-710: absent means no, and so it is for what they write."""
        eve = server.person("eve")
        note = eve.note("<p>Here</p>")["object"]["id"]
        robots = '<meta name="robots" content="noindex">'
        assert robots in get(profile(eve)).text
        assert robots in get(note).text
        edit(eve, indexable=True)
        assert robots not in get(profile(eve)).text
        assert robots not in get(note).text
        assert get(f"{server.base_url}/robots.txt").status_code == 200

    def test_it_says_who_this_is(self, server: Server) -> None:
        """AP-097."""
        dora = server.person("dora", "--type", "Group")
        edit(
            dora, name="Dora", summary="<p>About <script>alert(1)</script>me</p>",
            icon={"type": "Image", "url": "https://m.example/icon.png"},
            image={"type": "Image", "url": "https://m.example/banner.png"},
            attachment=[{"type": "PropertyValue", "name": "Home", "value": "https://dora.example/"}],
        )  # fmt: skip
        text = get(profile(dora)).text
        assert "<p>About me</p>" in text
        assert 'src="https://m.example/icon.png"' in text
        assert 'src="https://m.example/banner.png"' in text
        assert '<a href="https://dora.example/" rel="me nofollow noopener noreferrer ugc">' in text
        assert ">Group<" in text

    def test_pinned_posts_come_first(self, server: Server) -> None:
        """AP-097."""
        fay = server.person("fay")
        pinned = fay.note("<p>Read me first</p>")["object"]["id"]
        fay.note("<p>Later</p>")
        fay.post({"type": "Add", "object": pinned, "target": f"{fay.id}/featured"})
        text = get(profile(fay)).text
        assert text.index("Pinned") < text.index("Read me first") < text.index("Later")

    def test_walking_the_pages_meets_every_public_post(self, server: Server) -> None:
        """AP-155: by links that programs understand too."""
        gil = server.person("gil")
        for number in range(5):
            gil.note(f"<p>post {number}</p>")
        gil.note("<p>secret</p>", to=[gil.id])
        url, seen = profile(gil, "?limit=2&page=1"), []
        while url:
            text = get(url).text
            seen += [number for number in range(5) if f"post {number}<" in text]
            assert "secret" not in text
            found = text.partition('<link rel="next" href="')[2].partition('"')[0]
            url = f"{server.base_url}{found}&limit=2" if found else ""
        assert seen == [3, 4, 1, 2, 0]

    def test_who_left_is_gone(self, server: Server) -> None:
        """AP-068: for people too."""
        assert get(f"{server.base_url}/@nobody").status_code == 404
        assert "text/html" in get(f"{server.base_url}/@nobody").headers["content-type"]
        assert get(f"{server.base_url}/@nobody", "*/*").headers["content-type"] == "application/problem+json"

    def test_a_page_held_already_is_not_sent_again(self, ada: Person) -> None:
        """AP-067."""
        answer = get(profile(ada))
        assert answer.headers["cache-control"] == "public, max-age=60"
        again = get(profile(ada), **{"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        ada.note("<p>News</p>")
        assert get(profile(ada), **{"If-None-Match": answer.headers["etag"]}).status_code == 200


class TestPeople:
    def test_followers_are_named(self, ada: Person, bob: Person) -> None:
        bob.follow(ada)
        text = get(profile(ada, "/followers")).text
        assert 'href="/@bob"' in text
        assert "1 account" in text
        assert 'href="/@ada"' in get(profile(bob, "/following")).text

    def test_who_hides_them_shows_their_number_alone(self, server: Server, ada: Person) -> None:
        """AP-157, AP-163."""
        oda = server.person("oda")
        ada.follow(oda)
        assert 'href="/@ada"' in get(profile(oda, "/followers")).text
        edit(oda, hidesFollowers=True)
        for query in ("", "?before=9223372036854775807", "?after=1"):
            text = get(profile(oda, f"/followers{query}")).text
            assert 'href="/@ada"' not in text
            assert "1 account" in text

    def test_there_are_no_other_lists(self, ada: Person) -> None:
        """AP-164."""
        for kind in ("blocks", "pendingFollowers", "inbox"):
            assert get(profile(ada, f"/{kind}")).status_code == 404

    def test_a_page_is_asked_for_by_number(self, ada: Person) -> None:
        for odd in ("x", "-1", "9" * 5_000):
            assert get(profile(ada, f"/followers?before={odd}")).status_code == 400
        assert get(profile(ada, f"/followers?after={NEWEST}")).status_code == 200


class TestPost:
    def test_it_stands_in_its_thread(self, ada: Person, bob: Person) -> None:
        """AP-065."""
        first = ada.note("<p>first of all</p>")["object"]["id"]
        second = bob.note("<p>second thought</p>", inReplyTo=first)["object"]["id"]
        ada.note("<p>third word</p>", inReplyTo=second)
        bob.note("<p>whispered</p>", inReplyTo=second, to=[ada.id])
        answer = get(second)
        text = answer.text
        assert text.index("first of all") < text.index("second thought</p>") < text.index("third word")
        assert "whispered" not in text
        assert f'<link rel="alternate" type="application/activity+json" href="{second}">' in text
        assert answer.headers["link"] == f'<{second}>; rel="alternate"; type="application/activity+json"'

    def test_its_address_is_its_page(self, ada: Person) -> None:
        """AP-076: and it says where its replies, likes and shares are."""
        note = ada.note("<p>here I am</p>")["object"]
        assert "here I am" in get(note["url"]).text
        for kind in ("replies", "likes", "shares"):
            assert get(note[kind], "application/activity+json").json()["totalItems"] == 0

    def test_it_counts(self, ada: Person, bob: Person) -> None:
        note = ada.note("<p>count me</p>")["object"]["id"]
        bob.post({"type": "Like", "object": note, "to": [ada.id]})
        bob.post({"type": "Announce", "object": note, "to": PUBLIC})
        text = get(note).text
        assert "1 like" in text
        assert "1 share" in text

    def test_many_replies_are_paged(self, server: Server) -> None:
        hal = server.person("hal")
        note = hal.note("<p>ask</p>")["object"]["id"]
        for number in range(22):
            hal.note(f"<p>answer {number}.</p>", inReplyTo=note)
        first = get(note).text
        assert "answer 19." in first
        assert "answer 20." not in first
        rest = first.partition('<link rel="next" href="')[2].partition('"')[0]
        second = get(server.base_url + rest).text
        assert "answer 19." not in second
        assert "answer 21." in second

    def test_a_private_one_is_kept_by_nobody(self, ada: Person, bob: Person) -> None:
        """SEC-014, SEC-068: HTML asks the same question as the document."""
        note = ada.note("<p>between us</p>", to=[bob.id])["object"]["id"]
        assert get(note).status_code == 404
        answer = bob.get(note, accept=HTML)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, no-store"
        assert "Authorization" in answer.headers["vary"]
        assert "og:" not in answer.text
        again = httpx.get(note, headers={"Accept": HTML, "If-None-Match": answer.headers["etag"]})
        assert again.status_code == 404

    def test_it_leads_to_what_it_said_before(self, ada: Person) -> None:
        note = ada.note("<p>first wording</p>", published="2026-01-01T00:00:00Z")["object"]["id"]
        ada.post({"type": "Update", "object": {"id": note, "content": "<p>second wording</p>"}, "to": PUBLIC})
        assert f'href="{note}/history"' in get(note).text
        answer = get(f"{note}/history")
        assert "first wording" in answer.text
        assert "second wording" not in answer.text
        assert 'name="robots" content="noindex"' in answer.text
        assert get(f"{note}/history", "application/activity+json").json()["type"] == "OrderedCollection"

    def test_a_quotation_shows_once_its_author_agreed(self, ada: Person, bob: Person) -> None:
        """AP-735."""
        policy = {"canQuote": {"automaticApproval": [PUBLIC]}}
        quoted = ada.note("<p>quotable words</p>", interactionPolicy=policy)["object"]["id"]
        quoting = bob.note("<p>as she says</p>", quote=quoted)["object"]["id"]
        assert eventually(lambda: '<blockquote class="quote"' in get(quoting).text)
        assert "quotable words" in get(quoting).text

    def test_a_deleted_one_says_so(self, ada: Person) -> None:
        """AP-068."""
        note = ada.note("<p>oops</p>")["object"]["id"]
        ada.post({"type": "Delete", "object": note, "to": PUBLIC})
        answer = get(note)
        assert answer.status_code == 410
        assert "text/html" in answer.headers["content-type"]
        assert "oops" not in answer.text


class TestFeeds:
    def test_atom(self, ada: Person, bob: Person) -> None:
        """RFC 4287, 4685, 5005; SEC-076, SEC-078."""
        parent = bob.note("<p>question</p>")["object"]["id"]
        created = ada.note("<p>answer & more</p>", inReplyTo=parent)
        ada.note("<p>secret</p>", to=[bob.id])
        answer = get(profile(ada, "/feed.atom"))
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert "secret" not in answer.text
        root = ElementTree.fromstring(answer.content)
        names = {"a": ATOM, "thr": THREAD}
        assert root.findtext("a:id", None, names) == profile(ada, "/feed.atom")
        links = {one.get("rel"): one.get("href") for one in root.findall("a:link", names)}
        assert (links["self"], links["alternate"]) == (profile(ada, "/feed.atom"), profile(ada))
        entry = next(
            one
            for one in root.findall("a:entry", names)
            if one.findtext("a:id", None, names) == created["id"]
        )
        assert entry.findtext("a:content", None, names) == "<blockquote><p>answer &amp; more</p></blockquote>"
        assert entry.findtext("a:author/a:name", None, names) == "Ada Lovelace"
        reference = entry.find("thr:in-reply-to", names)
        assert reference is not None
        assert reference.get("ref") == parent

    def test_an_entry_keeps_its_id_and_gets_newer(self, server: Server) -> None:
        """SEC-078."""
        ida = server.person("ida")
        note = ida.note("<p>draft</p>", published="2026-01-01T00:00:00Z")["object"]["id"]
        names = {"a": ATOM}
        before = ElementTree.fromstring(get(profile(ida, "/feed.atom")).content).find("a:entry", names)
        ida.post({"type": "Update", "object": {"id": note, "content": "<p>final</p>"}, "to": PUBLIC})
        after = ElementTree.fromstring(get(profile(ida, "/feed.atom")).content).find("a:entry", names)
        assert before is not None
        assert after is not None
        assert before.findtext("a:id", None, names) == after.findtext("a:id", None, names)
        assert str(before.findtext("a:updated", None, names)) < str(after.findtext("a:updated", None, names))
        assert after.findtext("a:content", None, names) == "<p>final</p>"

    def test_json_feed(self, server: Server) -> None:
        """https://www.jsonfeed.org/version/1.1/: pages lead on until there are no more."""
        jan = server.person("jan")
        for number in range(3):
            jan.note(f"<p>{number}</p>")
        answer = get(profile(jan, "/feed.json?limit=2&page=1"), "*/*")
        assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
        feed = answer.json()
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["home_page_url"] == profile(jan)
        assert [one["content_html"] for one in feed["items"]] == ["<p>2</p>", "<p>1</p>"]
        rest = get(feed["next_url"]).json()
        assert [one["content_html"] for one in rest["items"]] == ["<p>0</p>"]
        assert "next_url" not in rest

    def test_a_feed_held_already_is_not_sent_again(self, ada: Person) -> None:
        """AP-067."""
        ada.note("<p>x</p>")
        answer = get(profile(ada, "/feed.atom"))
        for field, value in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
            assert get(profile(ada, "/feed.atom"), **{field: answer.headers[value]}).status_code == 304

    def test_a_name_may_end_like_a_feed(self, server: Server) -> None:
        """AP-091: a dot is a letter of a name."""
        odd = server.person("kay.atom")
        assert json.loads(get(profile(odd, "/feed.json")).text)["home_page_url"] == profile(odd)


class TestGatherings:
    def test_a_tag_has_a_page_and_feeds(self, server: Server, ada: Person, bob: Person) -> None:
        """AP-747, SEC-076: of public posts alone."""
        shown = ada.note("<p>Steeped #Gaiwan</p>")["object"]["id"]
        ada.note("<p>whispered #gaiwan</p>", to=[bob.id])
        page = f"{server.base_url}/tags/gaiwan"
        answer = get(page)
        assert "Steeped" in answer.text
        assert "whispered" not in answer.text
        assert f'<link rel="alternate" type="application/activity+json" href="{page}">' in answer.text
        assert get(page, "application/activity+json").json()["type"] == "OrderedCollection"
        feed = get(f"{page}/feed.json").json()
        assert [one["id"] for one in feed["items"]] == [shown]
        root = ElementTree.fromstring(get(f"{page}/feed.atom").content)
        assert [one.text for one in root.findall(f"{{{ATOM}}}entry/{{{ATOM}}}id")] == [shown]
        assert root.findtext(f"{{{ATOM}}}title") == "#gaiwan"

    def test_a_tag_without_posts_is_empty(self, server: Server) -> None:
        assert "Nothing public here" in get(f"{server.base_url}/tags/nobody-said-this").text
        root = ElementTree.fromstring(get(f"{server.base_url}/tags/nobody-said-this/feed.atom").content)
        assert root.findtext(f"{{{ATOM}}}updated") == "1970-01-01T00:00:00.000Z"

    def test_a_conversation_is_read_from_its_first_post(self, ada: Person, bob: Person) -> None:
        """AP-741."""
        alone = ada.note("<p>begin</p>")["object"]
        assert get(alone["context"]).headers["location"] == alone["id"].removeprefix(ada.server.base_url)
        bob.note("<p>go on</p>", inReplyTo=alone["id"])
        answer = get(alone["context"])
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            alone["id"].removeprefix(ada.server.base_url),
        )
        secret = ada.note("<p>x</p>", to=[bob.id])["object"]
        assert get(secret["context"]).status_code == 404


class TestSuspended:
    def test_nothing_of_theirs_is_shown(self, server: Server, ada: Person) -> None:
        """AP-640."""
        ned = server.person("ned")
        note = ada.note("<p>base</p>")["object"]["id"]
        ned.note("<p>unwanted #nedtag</p>", inReplyTo=note)
        assert "unwanted" in get(note).text
        with contextlib.closing(sqlite3.connect(server.directory / "headwater.db")) as database, database:
            database.execute("UPDATE actors SET state = 2 WHERE handle = 'ned'")
        assert "unwanted" not in get(note).text
        assert "unwanted" not in get(f"{server.base_url}/tags/nedtag").text
        for suffix in ("", "/followers", "/feed.atom", "/feed.json"):
            assert get(profile(ned, suffix)).status_code == 404


class TestHome:
    def test_it_names_who_wants_to_be_found(self, server: Server) -> None:
        """FEP-5feb: and nobody else."""
        lea, max_ = server.person("lea"), server.person("max")
        edit(lea, discoverable=True)
        edit(max_, summary='"discoverable":true')
        text = get(f"{server.base_url}/").text
        assert 'href="/@lea"' in text
        assert 'href="/@max"' not in text

    def test_only_known_files_are_there(self, server: Server) -> None:
        """SEC-067."""
        assert (
            get(f"{server.base_url}/static/headwater.css").headers["content-type"]
            == "text/css; charset=utf-8"
        )
        assert get(f"{server.base_url}/static/..%2Fpages").status_code == 404
        assert get(f"{server.base_url}/static/other.css").status_code == 404
