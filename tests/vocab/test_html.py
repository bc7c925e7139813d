"""Which markup survives."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import html

RELATIONS = 'rel="nofollow noopener noreferrer ugc"'


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("<p>a<br>b <strong>c</strong></p>", "<p>a<br>b <strong>c</strong></p>"),
        ("<h2 id=x>Tea</h2>", "<p><strong>Tea</strong></p>"),
        ("<script>alert(1)</script>x", "x"),
        ("<style>p{}</style><svg><a href=https://a.example>y</a></svg>x", "x"),
        ("<img src=x onerror=alert(1)>x", "x"),
        ("<p style='color:red' onclick=x>x</p>", "<p>x</p>"),
        ("<!-- c -->x", "x"),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ('<span class="h-card evil mention">x</span>', '<span class="h-card mention">x</span>'),
        ('<span class="evil">x</span>', "<span>x</span>"),
        ('<a href="javascript:alert(1)">x</a>', f"<a {RELATIONS}>x</a>"),
        ('<a href="java\nscript:alert(1)">x</a>', f"<a {RELATIONS}>x</a>"),
        ('<a href="data:text/html,x">x</a>', f"<a {RELATIONS}>x</a>"),
        ('<a href="/relative">x</a>', f"<a {RELATIONS}>x</a>"),
        ('<a href="//a.example">x</a>', f"<a {RELATIONS}>x</a>"),
        ('<a href="mailto:a@a.example">x</a>', f'<a href="mailto:a@a.example" {RELATIONS}>x</a>'),
        ('<a rel="ME tag opener" href="https://a.example/">x</a>',
         '<a href="https://a.example/" rel="me tag nofollow noopener noreferrer ugc">x</a>'),
        ('<a href="https://a.example/?a=>&quot; onclick=x">x</a>',
         f'<a href="https://a.example/?a=&gt;&quot; onclick=x" {RELATIONS}>x</a>'),
        ('<ol start="3" reversed><li value="5">x</li></ol>', '<ol start="3" reversed=""><li value="5">x</li></ol>'),
        ('<span class="quote-inline" translate="yes">x</span>', '<span class="quote-inline">x</span>'),
    ],
)  # fmt: skip
def test_sanitise(sent, shown):
    """SEC-069: an allow-list of tags, attributes, classes and schemes."""
    assert html.sanitise(sent) == shown


class Seen(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self):
        super().__init__()
        self.tags, self.links, self.attributes = set(), set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value for name, value in attrs if name == "href"}


PIECES = ["<p>", "</p>", "<svg>", "<math>", "<a href=", "javascript:x", '"', "'", ">", "<script>", "</script>",
          "<img src=x ", "onerror=x ", "<style>", "<!--", "-->", "<h1>", "</h1>", "&lt;", "\0", "<iframe>", "x", " ",
          "https://a.example/", "<noscript>", "<template>", "<mtext>", "<table>", "<![CDATA[", "]]>", "<title>",
          "rel="]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_nothing_else_survives(sent):
    """SEC-069, SEC-070: whatever is put together, only known tags and links come out, and a second pass agrees."""
    shown = html.sanitise(sent)
    seen = Seen()
    seen.feed(shown)
    assert seen.tags <= html.TAGS
    assert seen.attributes <= {"href", "class", "rel", "translate", "start", "reversed", "value"}
    assert all(link.startswith(("https:", "http:", "mailto:")) for link in seen.links)
    assert html.sanitise(shown) == shown


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("<p>a<br>b &amp; <b>c</b></p><p>2 &lt;x&gt;</p>", "a\nb & c\n\n2 <x>"),
        ("<script>alert(1)</script>", ""),
        ("plain", "plain"),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
    ],
)
def test_plain(sent, text):
    """AP-025: text without markup, lines kept apart."""
    assert html.plain(sent) == text


@pytest.mark.parametrize("piece", ["<h1 ", "</h1 ", " ", "<br ", "<a ", "<p", "\n", "&", "<!--"])
def test_long_markup_is_cheap(piece):
    """SEC-050: half a megabyte of anything ends soon, and no more of it is shown than the limit."""
    sent = piece * (524_288 // len(piece))
    html.sanitise(sent)
    assert len(html.plain(sent)) <= html.MARKUP_CHARS_MAX


@pytest.mark.parametrize(
    ("href", "text", "host"),
    [
        ("https://evil.example/", "https://bank.example/", "evil.example"),
        (
            "https://evil.example/",
            '<span class="invisible">https://</span>bank.example/evil.example',
            "evil.example",
        ),
        ("https://bank.example.evil.example/", "bank.example", "bank.example.evil.example"),
        ("https://evil.example/", "https://bank.example@evil.example/", "evil.example"),
        ("https://xn--bcher-kva.example/", "b\u00fccher.example", "xn--bcher-kva.example"),
        ("https://ok.example/long", '<span class="invisible">https://www.</span>ok.example/lo', None),
        ("https://www.ok.example/", "OK.example", None),
        ("https://ok.example/", "read this", None),
        ("https://ok.example/@ada", "@<span>ada@other.example</span>", None),
        ("mailto:a@ok.example", "ok.example", None),
    ],
)
def test_a_link_cannot_claim_another_host(href, text, host):
    """SEC-072."""
    shown = html.with_hosts(html.sanitise(f'<a href="{href}">{text}</a>'))
    assert shown.partition("</a>")[2] == ("" if host is None else f' <span class="host">({host})</span>')


def test_emoji_stand_in_text_and_never_in_tags():
    """AP-746, SEC-069."""
    markup = html.sanitise('<a href="https://a.example/?:cup:>">:cup:</a> :pot: x:cup:')
    shown = html.with_emoji(markup, {"cup": 'https://m.example/"x.png'})
    assert shown.count("<img") == 2
    assert "https://a.example/?:cup:" in shown
    assert ":pot:" in shown
    assert 'src="https://m.example/&quot;x.png"' in shown


def test_links_of_a_profile_are_about_oneself():
    """AP-097: each relation once."""
    for rel in ("", ' rel="me nofollow"'):
        shown = html.sanitise(html.about_oneself(f'<a href="https://a.example/"{rel}>x</a>'))
        assert shown == '<a href="https://a.example/" rel="me nofollow noopener noreferrer ugc">x</a>'
