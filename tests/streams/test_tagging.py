"""Hashtags and mentions of a text."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import BASE, PUBLIC, World

from streams import tagging
from vocab import Object


def tags_of(content: str, **members: Any) -> list[str]:
    done = tagging.completed(Object({"type": "Note", "content": content, **members}), [], BASE)
    return [tag["name"] for tag in done.values("tag")]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("<p>#Tea and #コーヒー, #हिन्दी!</p>", ["#Tea", "#コーヒー", "#हिन्दी"]),
        ("#tea #TEA #tea2", ["#tea", "#tea2"]),
        ('<a href="/t/tea">#<span>tea</span></a>', ["#tea"]),
        ("#1 #12 #_ # &#35; C# a#b https://x.example/#top", []),
        ("<pre>#include</pre><code>#define</code>", []),
        ("no &#39;quotes&#39; and &amp;#amp;", []),
    ],
)
def test_hashtags_of_a_text(content: str, names: list[str]) -> None:
    """AP-293: what is a hashtag in a text gets its tag, once, with the page where it is listed."""
    assert tags_of(content) == names


def test_tags_that_are_there_stay_alone() -> None:
    """AP-293: completed, not repeated; compared folded."""
    given = {"type": "Hashtag", "name": "#TEA", "href": "https://x.example/t"}
    assert tags_of("#tea", tag=given) == ["#TEA"]
    assert tagging.completed(Object({"content": "plain"}), [], BASE) == Object({"content": "plain"})


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    """AP-293: no text breaks it, and each href is an address of ours."""
    done = tagging.completed(Object({"content": text}), [], BASE)
    for tag in done.values("tag"):
        assert tag["href"].startswith(f"{BASE}/tags/")
        assert tag["href"].isascii()
    assert tagging.hashtags(done) == tuple(
        dict.fromkeys(tagging.hashtag(tag["name"]) for tag in done.values("tag"))
    )


@pytest.mark.anyio
async def test_named_recipients_in_the_text_are_mentioned(world: World) -> None:
    """AP-293: by handle or link, only if named openly and only if the text has them."""
    ada, eve = await world.local("ada"), await world.local("eve")
    bob, kim = await world.remote("bob"), await world.remote("kim", url="https://there.example/@kim")
    text = '<p>@Bob@there.example @eve <a href="https://there.example/@kim">Kim</a> @ada</p>'
    made = await world.say(ada, type="Note", content=text, to=[PUBLIC, bob.iri, kim.iri], cc=[eve.iri])
    tags = made.embedded("object")[0].values("tag")
    assert [(tag["href"], tag["name"]) for tag in tags] == [
        (bob.iri, "@bob@there.example"),
        (kim.iri, "@kim@there.example"),
        (eve.iri, "@eve@here.example"),
    ]
    silent = await world.say(ada, type="Note", content="@kim", to=[bob.iri], bto=[kim.iri])
    assert silent.embedded("object")[0].get("tag") is None
