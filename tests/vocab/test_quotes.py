"""What a post quotes."""

import pytest

from vocab import of, quotes

ONE, TWO = "https://a.example/1", "https://a.example/2"


@pytest.mark.parametrize(
    ("members", "quoted"),
    [
        ({"quote": ONE, "quoteUrl": TWO}, ONE),
        ({"_misskey_quote": ONE, "quoteUri": TWO}, ONE),
        ({"quoteUri": ONE, "quoteUrl": TWO}, ONE),
        ({"quoteUrl": ONE}, ONE),
        ({"tag": [{"type": "Link", "mediaType": "application/activity+json", "href": ONE}]}, ONE),
        ({"tag": [{"type": "Link", "mediaType": "text/html", "href": ONE}]}, None),
        ({"tag": [{"type": "Mention", "href": ONE}]}, None),
        ({"quote": None, "quoteUrl": []}, None),
    ],
)
def test_the_first_spelling_counts(members, quoted):
    """AP-735, AP-730, IQ-718."""
    assert quotes.quoted(of({"type": "Note", **members})) == quoted
