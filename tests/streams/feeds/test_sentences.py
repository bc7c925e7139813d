"""What people elsewhere are told of an activity: sentences they can read, in which nothing is markup but ours."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.actors import ActorRow
from storage.tenants import DEFAULT, Tenant
from streams import drafts
from streams.feeds import Space, group, sentences
from streams.feeds.keeping import document
from vocab import PUBLIC, Object, html
from vocab.dialects.getstream import FeedActivity, FeedId, Reference, activities
from vocab.errors import BadFields, TooLarge

BASE = "https://here.example"
FEED = FeedId("news", "tea")
NOW = datetime(2026, 5, 1, 10, tzinfo=UTC)
TAGS = re.compile(r"<(/?\w+)[^>]*>")
AUTHOR = ActorRow(
    1, f"{BASE}/feeds/news/tea", "Service", 1, "{}", None, "news.tea", "here.example", "news.tea", None, None,
    f"{BASE}/feeds/news/tea/followers", 0, "{}", 0, 1, None, 0,
)  # fmt: skip
NAMES = {Reference("user", "ada"): "Ada Lovelace", Reference("object", "pizza", "food"): "Pizza & salad"}


def activity(
    actor: Any = "SU:ada", verb: str = "pin", object: Any = "Place:42", **members: Any
) -> FeedActivity:
    draft = activities.draft({"actor": actor, "verb": verb, "object": object, **members})
    return draft.dated(NOW, 1)


def told(made: FeedActivity, template: str = "", names: sentences.Names = NAMES) -> str:
    public = group.read("news", {"public": True, "template": template})
    return sentences.content(public, FEED, made, names, "1")


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (activity(), "Ada Lovelace did “pin”: Place:42"),
        (activity(verb="like", object="SO:food:pizza"), "Ada Lovelace liked Pizza &amp; salad"),
        (activity("SU:eve", "LIKE", "SO:food:soup"), "eve liked soup"),
        (activity("SU:eve", "comment", "SA:12"), "eve did “comment”: an activity"),
        (activity(verb="add", target="Board:1"), "Ada Lovelace added Place:42 to Board:1"),
        (activity(verb="pin", target="Board:1"), "Ada Lovelace did “pin”: Place:42, Board:1"),
        (
            activity(object="https://a.example/?b=1&c=2."),
            "Ada Lovelace did “pin”: "
            '<a href="https://a.example/?b=1&amp;c=2">https://a.example/?b=1&amp;c=2</a>.',
        ),
    ],
)
def test_without_a_template_it_is_a_plain_sentence(made: FeedActivity, text: str) -> None:
    """References are told by name, as far as names are known."""
    assert told(made) == f"<p>{text}</p>"


def test_a_template_says_it_in_the_words_of_the_application() -> None:
    """Feeds §8.4: in the language of aggregation formats, however long; what it leaves empty is told as usual."""
    made = activity(message="one\ntwo\n\n<three>", place={"name": "Tea & more"})
    assert told(made, "{{ actor }} is at {{ place.name }}") == "<p>Ada Lovelace is at Tea &amp; more</p>"
    assert told(made, "{{ message }}") == "<p>one<br>two</p><p>&lt;three&gt;</p>"
    assert told(made, "{{ feed.group }} {{ feed.user_id }} {{ time.year }}") == "<p>news tea 2026</p>"
    assert told(made, "{{ nothing }}") == told(made)
    assert len(told(activity(message="long " * 1_000), "{{ message }}")) > 4_000


text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)
tricky = st.sampled_from(
    ["<script>alert(1)</script>", "https://a.example/\"onmouseover='x'", "javascript:alert(1)", "http://[::1]/&lt;",
     "SU:", "SO:a:b", "http://", "https://a..b/", "a:b", "🦊:x", "https://xn--ls8h.example/%ff", "../..", "&amp;"]
)  # fmt: skip
words = text | tricky


@given(words, words, words, words)
def test_nothing_of_an_activity_is_markup(actor: str, verb: str, object: str, message: str) -> None:
    """Whatever is in an activity: a post holds paragraphs, lines and links, and says what the activity does."""
    try:
        made = activity(actor, verb[:60], object, message=message)
    except (BadFields, TooLarge):
        return
    content = told(made, "{{ actor }}{{ message }}", {})
    assert set(TAGS.findall(content)) <= {"p", "/p", "br", "a", "/a"}
    assert html.sanitise(content).count("<a") == content.count("<a")
    assert html.inert(content) == content


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=10,
)


@given(words, words, words, st.dictionaries(words, values, max_size=4))
def test_every_activity_can_be_attached_to_a_post(
    actor: str, verb: str, object: str, custom: dict[str, Any]
) -> None:
    """Whatever an application adds to a public feed can be published: it is never refused for what it says."""
    try:
        made = activity(**{**custom, "actor": actor, "verb": verb[:60], "object": object})
    except (BadFields, TooLarge):
        return
    space = Space(Tenant(1, DEFAULT, 0, None, False, 0), {}, BASE)
    attached = document(space, made, actor=f"{BASE}/entities/User/x", public=True)
    post = Object({"type": "Note", "content": told(made), "attachment": [attached.data], "to": PUBLIC})
    drafts.prepare(post, AUTHOR, base_url=BASE, now=1_800_000_000_000_000)
