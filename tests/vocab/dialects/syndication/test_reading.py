"""Entries of a stream as feeds show them (Atom §3.4–§3.8, §12.3)."""

from dataclasses import replace
from typing import Any

import pytest

from vocab.dialects.syndication import Item, brief, item_of, person
from vocab.entry import Entry, Source

HUB = "https://hub.example"
S = "http://activitystrea.ms/schema/1.0/"
V = "http://streams.atlassian.com/syndication/verbs/"
T = "http://streams.atlassian.com/syndication/types/"
ADA = {"id": f"{HUB}/users/ada", "type": "Person", "name": "Ada <3", "preferredUsername": "ada"}
WHO = '<a class="activity-item-user activity-item-author" href="https://hub.example/@ada">Ada &lt;3</a>'
ISSUE = {
    "id": f"{HUB}/t/7",
    "type": "Object",
    "name": "Drift",
    "hw:issueKey": "ORCHARD-7",
    "hw:objectType": T + "issue",
}


def told(**members: Any) -> Item:
    activity = {
        "id": f"{HUB}/1",
        "type": "Create",
        "actor": ADA,
        "published": "2026-01-01T00:00:00Z",
        "verb": S + "post",
    }
    return item_of(Entry.of({**activity, **members}), HUB)


@pytest.mark.parametrize(
    ("members", "title"),
    [
        ({"object": {"type": "Note", "content": "<p>" + "word " * 40}}, "Ada <3 posted "
         + ("word " * 16).strip() + "…"),
        ({"object": {"type": "Article", "name": "On fog"}}, "Ada <3 posted On fog"),
        ({"object": {"type": "Note", "content": "x", "summary": "spiders", "sensitive": True}},
         "Ada <3 posted spiders"),
        ({"object": {"type": "Note", "content": "x", "inReplyTo": "https://x.example/1"}}, "Ada <3 commented: x"),
        ({"object": {"type": "Note", "content": "x", "inReplyTo": ISSUE}}, "Ada <3 commented on ORCHARD-7 - Drift"),
        ({"type": "Like", "verb": S + "like", "object": ISSUE}, "Ada <3 liked ORCHARD-7 - Drift"),
        ({"type": "Like", "verb": S + "like", "object": "https://x.example/notes/1"}, "Ada <3 liked x.example/notes/1"),
        ({"type": "Follow", "verb": S + "follow", "object": {"type": "Person", "name": "Bob"}}, "Ada <3 followed Bob"),
        ({"type": "Activity", "verb": V + "bamboo/fail", "object": {"name": "run 5"}}, "Ada <3 failed run 5"),
        ({"type": "Activity", "verb": "https://x.example/v/prune", "object": {"name": "a tree"}},
         "Ada <3 did “prune”: a tree"),
        ({"type": "Add", "object": {"type": "Image", "name": "Dawn"}, "target": {"name": "Album"}, "verb": S + "add"},
         "Ada <3 added Dawn to Album"),
        ({"actor": [ADA, {"name": "Bob"}], "object": {"type": "Note", "name": "n"}}, "Ada <3 and Bob posted n"),
        ({"titleHtml": "<b>CI</b> run <p>512</p> failed<script>x</script>"}, "CI run 512 failed"),
        ({"type": "Read", "verb": S + "read"}, "Ada <3 read something"),
        ({"type": "Question", "verb": S + "question", "name": "Tea?"}, "Ada <3 asked Tea?"),
    ],
)  # fmt: skip
def test_a_title_says_who_did_what(members: dict[str, Any], title: str) -> None:
    """Atom §3.8, §12.3: it stands alone when its tags are stripped."""
    assert told(**members).title == title


def test_a_title_begins_with_its_actor_and_links_what_it_names() -> None:
    """Atom §3.8: scripts know the classes; what somebody wrote keeps nothing but inline markup."""
    made = told(type="Update", verb=[S + "update", V + "jira/transition", V + "jira/resolve"], object=ISSUE)
    assert made.title_html == (
        f'{WHO} resolved <span class="resolved-link"><a href="{HUB}/t/7">ORCHARD-7 - Drift</a></span>'
    )
    written = told(
        titleHtml='<a href="javascript:x" onclick="x">a</a> <a href="https://x.example/">b</a><h1>c</h1>'
    )
    assert "javascript" not in written.title_html
    assert "onclick" not in written.title_html
    assert "<h1>" not in written.title_html


@pytest.mark.parametrize(
    ("thing", "content"),
    [
        ({"type": "Note", "content": "<p>x</p>"}, "<p>x</p>"),
        ({"type": "Note", "content": "<p>x</p>", "inReplyTo": "urn:y"}, "<blockquote><p>x</p></blockquote>"),
        ({**ISSUE, "content": "<p>x</p>"}, '<div class="user-content"><p>x</p></div>'),
        ({"type": "Note", "content": "x", "summary": "legs & more"}, "<p><strong>legs &amp; more</strong></p>x"),
        ({"type": "Article", "content": "x", "summary": "About x"}, "<p>About x</p>x"),
        ({"type": "Question", "content": "Tea?", "oneOf": [{"name": "Yes"}, {"name": "<No>"}]},
         "Tea?<ul><li>Yes</li><li>&lt;No&gt;</li></ul>"),
        ({"type": "Note", "content": "<script>x</script>"}, ""),
        ({"type": "Note"}, ""),
    ],
)  # fmt: skip
def test_a_body_is_told_as_what_it_is(thing: dict[str, Any], content: str) -> None:
    """Atom §3.8, §12.3: comments are quotations, descriptions are marked, warnings come first, polls are lists."""
    assert told(object=thing).content == content


def test_what_only_changed_its_state_says_nothing_again() -> None:
    made = told(
        type="Update", verb=[S + "update", V + "jira/transition"], object={**ISSUE, "content": "long"}
    )
    assert made.content == ""


def test_what_changed_its_state_in_a_feed_brings_a_text_of_its_own() -> None:
    """Atom §3.4.4, §10.3: the remark with which somebody resolved something elsewhere."""
    activity = {
        "id": f"{HUB}/1", "type": "Update", "actor": ADA, "published": "2026-01-01T00:00:00Z",
        "verb": [S + "update", V + "jira/transition"], "object": {**ISSUE, "content": "<p>fixed</p>"},
    }  # fmt: skip
    entry = replace(Entry.of(activity), source=Source("https://jira.example/activity", "Jira"))
    assert "fixed" in item_of(entry, HUB).content


def test_a_question_that_is_an_activity_shows_its_answers() -> None:
    """Atom §12.3: a poll is a list, though it has no object."""
    made = told(type="Question", verb=S + "question", name="Tea?", oneOf=[{"name": "Yes"}, {"name": "No"}])
    assert made.title_html == f'{WHO} asked <a href="{HUB}/1">Tea?</a>'
    assert "<li>Yes</li>" in made.content
    assert [(one.id, one.title, one.type) for one in made.things] == [(f"{HUB}/1", "Tea?", S + "question")]


def test_a_long_text_has_an_excerpt_that_leads_on() -> None:
    """Atom §3.4.3: at most 250 visible characters, and only then; of what is warned of only the warning."""
    text = "word " * 60
    made = told(object={"type": "Note", "content": text, "id": f"{HUB}/n"})
    visible, link = made.summary.split(" <a ")
    assert len(visible) <= 250
    assert link == f'href="{HUB}/n">Read more</a>'
    assert told(object={"type": "Note", "content": text[:240]}).summary == ""
    warned = told(object={"type": "Note", "content": text, "summary": "legs"})
    assert "word" not in warned.summary


def test_the_summary_of_a_note_is_no_abstract() -> None:
    """Atom §12.2."""
    note = told(object={"type": "Note", "summary": "legs", "content": "x"})
    issue = told(object={**ISSUE, "summary": "x"})
    assert note.things[0].summary == ""
    assert (issue.things[0].title, issue.things[0].summary) == ("ORCHARD-7", "Drift")


def test_the_permalink_is_the_activitys_else_that_of_what_it_brings() -> None:
    note = {
        "id": f"{HUB}/n",
        "type": "Note",
        "url": [{"type": "Link", "href": f"{HUB}/n.html", "mediaType": "text/html"}],
    }
    assert told(object=note).page == f"{HUB}/n.html"
    assert told(object=note, url="https://ci.example/1").page == "https://ci.example/1"
    assert told(id="urn:x", object={"type": "Note"}).page is None
    assert told(type="Like", verb=S + "like", object=note).page == f"{HUB}/1"


@pytest.mark.parametrize(
    ("actor", "name", "username", "page"),
    [
        (ADA, "Ada <3", "ada", f"{HUB}/@ada"),
        (f"{HUB}/users/bo", "bo", "bo", f"{HUB}/@bo"),
        ({"id": "https://there.example/u/1", "preferredUsername": "cy", "url": "https://there.example/@cy"},
         "cy", "cy@there.example", "https://there.example/@cy"),
        ("https://there.example/u/1", "there.example/u/1", "", "https://there.example/u/1"),
        ({"name": "CI"}, "CI", "", None),
        (None, "Someone", "", None),
        (5, "Someone", "", None),
    ],
)  # fmt: skip
def test_an_author_is_somebody(actor: Any, name: str, username: str, page: str | None) -> None:
    """Atom §3.5: a name there always is, and two pictures."""
    found = person(actor, HUB)
    assert (found.name, found.username, found.page) == (name, username, page)
    assert [one.side for one in found.pictures] == [16, 48]


def test_what_it_is_about_has_its_type() -> None:
    """Atom §3.6, §10.3.5: as it was written, else by the vocabulary; without an object it is the entry itself."""
    assert told(object=ISSUE).things[0].type == T + "issue"
    assert told(object={"type": "Note"}).things[0].type == S + "note"
    assert told(object={"type": "Note", "inReplyTo": "urn:x"}).things[0].type == S + "comment"
    [itself] = told(titleHtml="Done").things
    assert (itself.id, itself.title, itself.type) == (f"{HUB}/1", "Done", S + "article")


def test_who_is_named_and_what_it_answers() -> None:
    made = told(
        to=["https://www.w3.org/ns/activitystreams#Public", "https://x.example/bob"], cc=f"{HUB}/users/ada/followers",
        bto="https://x.example/secret",
        object={"type": "Note", "tag": [{"type": "Mention", "href": "https://x.example/cy"}], "inReplyTo": "https://x.example/1"},
        category=["comment"],
    )  # fmt: skip
    assert made.mentioned == ("https://x.example/cy", "https://x.example/bob")
    assert (made.parent, made.parent_page) == ("https://x.example/1", "https://x.example/1")
    assert [one.term for one in made.categories] == ["comment"]


def test_where_it_comes_from() -> None:
    """Atom §3.4.12, §3.4.13, §3.7: the application that sent it along with a picture, else this server."""
    made = told(
        generator={"id": "https://ci.example/", "name": "CI"}, icon="https://ci.example/i.png", object="urn:x"
    )
    assert (made.generator.url, made.application) == ("https://ci.example/", "https://ci.example/")
    assert (made.icon, made.icon_label) == ("https://ci.example/i.png", "CI")
    named = told(
        generator={"id": "https://jira.example/"},
        icon={"type": "Image", "url": "https://j.example/i", "name": "Bug"},
    )
    assert (named.icon, named.icon_label) == ("https://j.example/i", "Bug")
    plain = told(object=ISSUE)
    assert (plain.generator.url, plain.icon, plain.icon_label) == (
        HUB,
        f"{HUB}/static/kind-issue.svg",
        "Issue",
    )


def test_what_an_activity_says_of_itself_is_told_once() -> None:
    """Atom §1: what only an event says of itself is its text; what the title says is not said again."""
    event = {"type": ["Activity", "hw:Event"], "verb": "as.purchase", "object": ISSUE}
    assert told(**event, summary="bought &lt;tea&gt;").content == "<p>bought &lt;tea&gt;</p>"
    assert told(**event, titleHtml="<b>CI</b> run 512 failed", summary="CI run 512 failed").content == ""


def test_an_entity_that_acts_is_looked_at_where_it_is() -> None:
    """What has no account has no page of a name."""
    entity = {"id": f"{HUB}/entities/Customer/7", "type": "Person", "preferredUsername": "7"}
    assert person(entity, HUB).page == f"{HUB}/entities/Customer/7"


def test_what_an_application_only_names_is_nowhere() -> None:
    """Atom §3.6: links are given where they lead somewhere; who acted has a page, for that they did something."""
    activity = {
        "id": f"{HUB}/activities/1", "type": "Add", "actor": {"id": f"{HUB}/entities/User/eve", "name": "eve"},
        "published": "2026-01-01T00:00:00Z", "verb": S + "add", "provider": "applications",
        "object": {"id": f"{HUB}/entities/picture/1", "type": "Object", "name": "1"},
        "target": {"id": f"{HUB}/tenants/shop/entities/board/5", "type": "Object", "name": "5"},
    }  # fmt: skip
    made = item_of(Entry.of(activity), HUB)
    assert made.title_html.endswith(f'href="{HUB}/entities/User/eve">eve</a> added 1 to 5')
    assert made.page == f"{HUB}/activities/1"
    assert [one.page for one in (*made.things, made.target) if one is not None] == [None, None]


def test_what_is_only_liked_is_not_told_again() -> None:
    """Atom §3.4: neither its pictures nor its tags, nor what it answers, are the like's."""
    note = {
        "type": "Note", "content": "x", "inReplyTo": "https://x.example/1", "tag": [{"type": "Hashtag", "name": "#x"}],
        "attachment": [{"type": "Image", "mediaType": "image/png", "url": "https://x.example/1.png"}],
        "sensitive": True,
    }  # fmt: skip
    liked, posted = told(type="Like", verb=S + "like", object=note), told(object=note)
    assert (liked.enclosures, liked.categories, liked.parent, liked.target, liked.covered) == (
        (),
        (),
        None,
        None,
        False,
    )
    assert len(posted.enclosures) == 1
    assert posted.parent == "https://x.example/1"


def test_a_title_above_a_text_does_not_begin_it_twice() -> None:
    def shown(**members: Any) -> str:
        activity = {
            "id": "urn:x",
            "type": "Create",
            "actor": ADA,
            "published": "2026-01-01T00:00:00Z",
            "verb": S + "post",
        }
        return brief(Entry.of({**activity, **members}), HUB).removeprefix(WHO)

    assert shown(object={"type": "Note", "content": "Fog."}) == " posted a note"
    assert shown(object={"type": "Article", "name": "On fog"}) == " posted On fog"
    answer = {"type": "Note", "content": "x", "inReplyTo": "https://x.example/1"}
    assert shown(object=answer) == ' commented on <a href="https://x.example/1">a post</a>'


ODD = "https://x.example/a|b^ü%zz"
WRITTEN = "https://x.example/a%7Cb%5Eü%25zz"


def test_addresses_are_written_so_that_readers_can_follow_them() -> None:
    """Atom §3.4.8: links, titles and authors alike; what may stand in no IRI is encoded (RFC 3987 §2.2)."""
    author = {"type": "Person", "name": "Bo", "url": ODD, "icon": ODD}
    attached = {"type": "Image", "url": ODD, "mediaType": "image/png", "hw:size": 5}
    thing = {
        "type": "Article",
        "name": "T",
        "url": ODD,
        "attachment": [attached],
        "inReplyTo": [ODD, ODD + "2"],
    }
    one = told(actor=author, object=thing, generator={"id": ODD, "name": "CI"}, icon=ODD)
    assert (one.page, one.author.page, one.author.picture, one.icon) == (WRITTEN,) * 4
    assert (one.generator.url, one.enclosures[0].url, one.parent, one.parent_page) == (WRITTEN,) * 4
    assert one.further_parents == (WRITTEN + "2",)
    assert one.title_html.count(f'href="{WRITTEN}"') == 2
    assert ODD not in one.title_html
    assert one.enclosures[0].size == 5


def test_an_entry_has_an_iri_whatever_it_is_called() -> None:
    """RFC 4287 §4.2.6, RFC 4685 §3: and what it answers goes by the same."""
    parent, answer = told(id="run 5"), told(id="6", object={"type": "Note", "inReplyTo": "run 5"})
    assert parent.id.startswith("urn:uuid:")
    assert answer.parent == parent.id
    assert told(id="tag:x.example,2026:1").id == "tag:x.example,2026:1"


def test_words_that_say_nothing_are_left_out() -> None:
    """RFC 4287 §4.2.2: categories have terms, each once; an application and a verb are named."""
    thing = {
        "type": "Note",
        "content": "x",
        "tag": [{"type": "Hashtag", "name": name} for name in ("#fog", "#\x01")],
    }
    one = told(object=thing, category=["created", " ", "\x00\uffff", "created", "fog"], application=" \t")
    assert [(category.term, category.label) for category in one.categories] == [
        ("created", ""), ("fog", ""), ("fog", "#fog"),
    ]  # fmt: skip
    assert one.application == "org.w3id.headwater"
    assert told(verb=["go on"]).verbs == (S + "go%20on",)
    assert told(actor={"type": "Person", "name": "\x01\uffff"}).author.name == "Someone"


def test_files_have_a_type_that_is_one() -> None:
    """RFC 4287 §4.2.7.3."""
    types = {"a": "text/plain; charset=utf-8", "b": "weird", "c": "x/<y>", "d.mp3": ""}
    files = [
        {"type": "Document", "url": f"https://x.example/{name}", "mediaType": type}
        for name, type in types.items()
    ]
    one = told(object={"type": "Note", "content": "x", "attachment": files})
    assert [file.media_type for file in one.enclosures] == ["text/plain", "audio/mpeg"]
