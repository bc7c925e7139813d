"""What a head says, in the words of the Feeds API."""

from typing import Any

from server.opengraph import card, head

PAGE = "https://blog.example/posts/1"


def told(markup: str, found_at: str = PAGE, asked_for: str = PAGE) -> dict[str, Any] | None:
    return card.card(head.read(markup), found_at=found_at, asked_for=asked_for)


def meta(**named: str) -> str:
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{value}">' for name, value in named.items()
    )


def test_everything_a_page_says() -> None:
    """Feeds §7.4: the members of the answer, with whole addresses and numbers as numbers."""
    markup = meta(
        og__title="A post", og__type="article", og__url="https://blog.example/posts/1/", og__site_name="The blog",
        og__description="About it", og__determiner="the", og__locale="en_US", twitter__site="@blog",
        og__image="/one.png", og__image__secure_url="https://cdn.example/one.png", og__image__width="1600",
        og__image__height="835px", og__image__alt="One", og__image__type="image/png",
        og__video="clip.mp4", og__video__type="video/mp4", og__video__width="nonsense", og__video__alt="no such",
        og__audio="//cdn.example/a.mp3", og__audio__type="audio/mpeg", og__audio__height="5",
    ) + "<link rel='shortcut icon' href='/favicon.ico'>"  # fmt: skip
    assert told(markup, asked_for="https://short.example/x") == {
        "title": "A post", "type": "article", "url": "https://blog.example/posts/1/", "site_name": "The blog",
        "original_url": "https://short.example/x", "description": "About it", "determiner": "the", "locale": "en_US",
        "site": "@blog", "favicon": "https://blog.example/favicon.ico",
        "images": [{"image": "https://blog.example/one.png", "secure_url": "https://cdn.example/one.png", "width": 1600,
                    "height": 835, "alt": "One", "type": "image/png"}],
        "videos": [{"video": "https://blog.example/posts/clip.mp4", "type": "video/mp4"}],
        "audios": [{"audio": "https://cdn.example/a.mp3", "type": "audio/mpeg"}],
    }  # fmt: skip


def test_what_follows_an_image_belongs_to_it() -> None:
    """The structured properties of ogp.me: an array is told by repeating."""
    markup = (
        "<meta property=og:image content=/1.png><meta property=og:image:width content=10>"
        "<meta property=og:image content=/2.png>"
        "<meta property=og:image:url content=/3.png><meta property=og:image:height content=30>"
        "<meta property=og:image:url content=/4.png>"
    )
    found = told(markup)
    assert found is not None
    assert found["images"] == [
        {"image": "https://blog.example/1.png", "width": 10},
        {"image": "https://blog.example/2.png", "url": "https://blog.example/3.png", "height": 30},
        {"image": "https://blog.example/4.png", "url": "https://blog.example/4.png"},
    ]


def test_what_stands_in_for_open_graph() -> None:
    """Twitter cards, then plain HTML."""
    tweeted = told(
        "<title>t</title>" + meta(twitter__title="T", twitter__description="D", twitter__image="/i.png")
        + meta(description="d", twitter__image__alt="alt", twitter__player="https://p.example/")
        + meta(twitter__player__width="300")
    )  # fmt: skip
    assert tweeted is not None
    assert (tweeted["title"], tweeted["description"]) == ("T", "D")
    assert tweeted["images"] == [{"image": "https://blog.example/i.png", "alt": "alt"}]
    assert tweeted["videos"] == [{"video": "https://p.example/", "width": 300}]
    plain = told(
        "<base href='https://static.example/x/'><title>t</title><meta name=description content=d>"
        "<link rel=image_src href=p.png><link rel=canonical href=/posts/one>"
    )
    assert plain is not None
    assert (plain["title"], plain["description"]) == ("t", "d")
    assert plain["images"] == [{"image": "https://static.example/x/p.png"}]
    assert plain["url"] == "https://static.example/posts/one"


def test_title_and_description_are_always_there() -> None:
    """Feeds §7.4: they may be empty."""
    assert told("<meta property=og:image content=/1.png>") == {
        "title": "", "description": "", "url": PAGE, "original_url": PAGE,
        "images": [{"image": "https://blog.example/1.png"}],
    }  # fmt: skip


def test_a_page_without_anything_says_nothing() -> None:
    assert told("") is None
    assert (
        told("<meta property=og:type content=article><meta property=og:image content='javascript:1'>") is None
    )


def test_other_addresses_than_those_of_the_web_are_left_out() -> None:
    """SEC-045."""
    found = told(
        "<title>t</title><base href='javascript:x'>"
        + meta(
            og__image="data:image/png;base64,AA",
            og__video="file:///etc/passwd",
            og__url="javascript:alert(1)",
        )
        + "<meta property=og:audio content='https://[::1'><link rel=icon href='ftp://x/'>"
    )
    assert found == {"title": "t", "description": "", "url": PAGE, "original_url": PAGE}


def test_there_is_an_end_to_it() -> None:
    """SEC-117: nobody fills our memory with a page."""
    found = told(f"<title>{'t' * 9_000}</title>" + "<meta property=og:image content=/1.png>" * 300)
    assert found is not None
    assert len(found["title"]) == card.TEXT_CHARS_MAX
    assert len(found["images"]) == card.EACH_MAX


def test_texts_are_without_controls() -> None:
    """SEC-053."""
    found = told("<title>a\u202eb\x07c</title>")
    assert found is not None
    assert found["title"] == "abc"
