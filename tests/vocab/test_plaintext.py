"""Text that would break display."""

from vocab import plaintext


def test_controls():
    """SEC-053: controls leave, tabs and line ends stay."""
    assert plaintext.without_controls("a\x00\x07b\tc\nd\x85e") == "ab\tc\nde"


def test_names():
    """SEC-053: nothing in a name turns the reading direction; spaces count."""
    assert plaintext.name(" Ada\u202e nimda\u2066\x1b") == " Ada nimda"
    assert plaintext.name("نادية") == "نادية"


def test_folded():
    """Hashtags and handles compare by NFKC and case fold."""
    assert plaintext.folded("Ｔｅａ") == plaintext.folded("tea")
    assert plaintext.folded("Straße") == plaintext.folded("STRASSE")
    assert plaintext.folded("tea") != plaintext.folded("tee")
