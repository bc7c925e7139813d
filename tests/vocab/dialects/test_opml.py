"""Lists of feeds (Atom §14): what is written is read, and nothing harmful is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import ParseError
from vocab.dialects import opml
from vocab.dialects.opml import Outline

_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=30)


@given(_TEXT, st.lists(_TEXT, max_size=5))
def test_what_is_written_is_read(title: str, names: list[str]) -> None:
    given = [Outline(name, f"https://f.example/{at}?a=1&b=2") for at, name in enumerate(names)]
    found = opml.read(opml.write(title, given))
    assert [one.feed for one in found] == [one.feed for one in given]
    assert [one.title for one in found] == [
        " ".join(name.split()) or one.feed for name, one in zip(names, given, strict=True)
    ]


def test_folders_repetitions_and_spellings_of_other_programs_are_read() -> None:
    text = """<opml version="1.0"><body><outline text="Folder"><outline text="A" xmlurl="https://a.example/"/>
    <outline title="B" text="x" xmlUrl="https://b.example/" htmlUrl="https://b.example/page"/></outline>
    <outline text="again" xmlUrl="https://a.example/"/><outline xmlUrl="javascript:x"/></body></opml>"""
    assert opml.read(text) == [
        Outline("A", "https://a.example/"),
        Outline("B", "https://b.example/", "https://b.example/page"),
    ]


@pytest.mark.parametrize(
    "text", ["", "{}", "<rss/>", '<!DOCTYPE x [<!ENTITY a "b">]><opml/>', "<opml>" + "<outline>" * 200]
)
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        opml.read(text)


def test_a_list_has_a_limit() -> None:
    with pytest.raises(ParseError, match="at most"):
        opml.read(opml.write("", [Outline("", f"https://f.example/{number}") for number in range(1_001)]))
