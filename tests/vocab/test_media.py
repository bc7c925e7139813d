"""Where things are looked at, and what is attached to them."""

import pytest

from vocab import media, of

WEB = "https://a.example/1"


@pytest.mark.parametrize(
    ("url", "page"),
    [
        (WEB, WEB),
        ({"type": "Link", "href": WEB}, WEB),
        ({"type": "Link", "href": WEB, "mediaType": "text/html; charset=utf-8"}, WEB),
        ([{"type": "Link", "href": "https://a.example/1.mp4", "mediaType": "video/mp4"}, WEB], WEB),
        ([{"type": "Link", "href": WEB, "mediaType": "text/html"}, "https://a.example/2"], WEB),
        ({"type": "Link", "href": "https://a.example/1.mp4", "mediaType": "video/mp4"}, None),
        (["magnet:?xt=urn:btih:x", "javascript:alert(1)", 7, None, {}], None),
        (None, None),
    ],
)
def test_people_look_at_the_first_page(url, page):
    """AP-021."""
    assert media.page(of({"type": "Note", "url": url})) == page


def test_a_film_is_its_own_attachment():
    """AP-021: PeerTube lists a page, files by size and a magnet link."""
    video = {
        "type": "Video",
        "url": [
            {"type": "Link", "mediaType": "text/html", "href": "https://pt.example/w/1"},
            {"type": "Link", "mediaType": "application/x-mpegURL", "href": "https://pt.example/1.m3u8"},
            {"type": "Link", "mediaType": "video/mp4", "href": "https://pt.example/1-720.mp4"},
            {"type": "Link", "mediaType": "application/x-bittorrent", "href": "https://pt.example/1.torrent"},
        ],
    }
    assert [(one.url, one.kind) for one in media.attached(of(video))] == [
        ("https://pt.example/1-720.mp4", "video")
    ]
    assert media.page(of(video)) == "https://pt.example/w/1"


@pytest.mark.parametrize(
    ("attachment", "kind", "media_type"),
    [
        ({"type": "Document", "mediaType": "image/jpeg", "url": WEB}, "image", "image/jpeg"),
        ({"type": "Document", "url": "https://a.example/1.JPG?x=1"}, "image", "image/jpeg"),
        (
            {"type": "Image", "url": {"type": "Link", "href": WEB, "mediaType": "image/png"}},
            "image",
            "image/png",
        ),
        ({"type": "Image", "url": [{"type": "Link", "href": WEB}]}, "image", ""),
        ({"type": "Audio", "url": WEB}, "audio", ""),
        ({"type": "Image", "mediaType": "image/svg+xml", "url": WEB}, "", "image/svg+xml"),
        ({"type": "Document", "mediaType": "application/pdf", "url": WEB}, "", "application/pdf"),
        ({"type": "Link", "href": WEB}, "", ""),
        (WEB, "", ""),
    ],
)
def test_attachments_come_in_many_shapes(attachment, kind, media_type):
    """AP-747: text, Link and the four types, with or without a media type."""
    (one,) = media.attached(of({"type": "Note", "attachment": attachment}))
    assert (one.kind, one.media_type) == (kind, media_type)


def test_a_description_is_read_from_either_member():
    """IQ-704."""
    for term in ("summary", "name"):
        (one,) = media.attached(
            of({"type": "Note", "attachment": [{"type": "Image", "url": WEB, term: "A gaiwan"}]})
        )
        assert one.description == "A gaiwan"


def test_what_leads_nowhere_is_left_out():
    """SEC-070."""
    broken = [
        {"type": "Image"},
        {"type": "Image", "url": "javascript:x"},
        {"type": "PropertyValue", "value": "x"},
        3,
    ]
    assert media.attached(of({"type": "Note", "attachment": broken})) == []


def test_emoji_by_name_with_or_without_colons():
    """AP-746, IQ-713."""
    tags = [
        {"type": "Emoji", "id": None, "name": ":cup:", "icon": {"type": "Image", "url": WEB}},
        {"type": "Emoji", "name": "pot", "icon": WEB},
        {"type": "Emoji", "name": ":bad:", "icon": {"url": "javascript:x"}},
        {"type": "Hashtag", "name": "#tea"},
    ]
    assert media.emoji(of({"type": "Note", "tag": tags})) == {"cup": WEB, "pot": WEB}
