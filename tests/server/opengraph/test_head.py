"""Reading the heads of strangers' pages."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.opengraph import card, head

PIECES = st.sampled_from(
    ["<", ">", "<!--", "-->", "<![", "<!", "<?", "</", "<script>", "</script", "<title>", "</title>", "<svg>", "<meta ",
     "<body", "</head>", "<base href=", "content=", "property='og:image'", '"', "'", "&#", "&amp", "=", " ", "/", "[",
     "]", "\0", "1" * 5_000, "og:title", "\ud7ff", "<link rel=icon href=", "<a " * 50]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=20), max_size=60).map("".join))
def test_no_markup_makes_it_raise(text: str) -> None:
    """Feeds §7.4: a page is whatever its server sends."""
    read = head.read(text)
    card.card(read, found_at="https://there.example/a", asked_for="https://there.example/a")
    assert len(read.metas) <= head.METAS_MAX


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", "<!", "<!--", "<![", "<![if x]>", "</", "</a", "&", "&a", "&#1", "<?", "<meta name=a content=b>",
     "<title>a", "<svg>", '<meta "', "<meta a='"],
)  # fmt: skip
def test_no_markup_takes_long(piece: str) -> None:
    """SEC-049: a million characters of what never ends are read for less than a second or two, whatever they are."""
    text = (piece * 1_000_000)[:1_000_000]
    began = time.perf_counter()
    head.read(text)
    head.read("<meta " + text)
    assert time.perf_counter() - began < 2 * head.READING_SECONDS_MAX + 2


def test_it_gives_up_in_time() -> None:
    seconds = iter(range(100))
    read = head.read("<meta name=a content=b>" * 10_000, clock=lambda: float(next(seconds)))
    assert 0 < len(read.metas) < head.METAS_MAX + 1
    endless = head.read("<!-- " + "x" * 1_000_000 + "--><title>late</title>")
    assert endless.title == ""


def test_titles_and_metas_are_read_wherever_they_stand() -> None:
    """Names stand in ``property`` or ``name``, in any case, and the title is not that of a drawing."""
    read = head.read(
        "<!doctype html><svg><title>icon</title></svg><TITLE>\n A &amp;\n B </TITLE><title>second</title>"
        "<META NAME='OG:Title' CONTENT=' one '><meta property=og:title content=two><meta property=og:type>"
    )
    assert read.title == "A & B"
    assert read.metas == [("og:title", "one"), ("og:title", "two")]
    assert read.first("og:type", "og:title") == "one"


def test_it_ends_with_the_head_unless_that_says_nothing() -> None:
    said = head.read("<head><meta property=og:title content=a></head><body><meta property=og:type content=b>")
    assert said.metas == [("og:title", "a")]
    late = head.read("<head><title>a</title></head><body><meta property=og:title content=b>")
    assert late.first("og:title") == "b"


def test_scripts_and_comments_say_nothing() -> None:
    read = head.read(
        "<script>'<meta property=og:title content=x>'</script><!--<meta name=a content=b>--><![if IE]><title>t"
    )
    assert (read.metas, read.title) == ([], "t")


def test_values_are_cut() -> None:
    read = head.read(f"<meta name=a content='{'x' * 100_000}'>")
    assert len(read.first("a")) == head.VALUE_CHARS_MAX
