"""Which characters the bytes of a page stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.opengraph import charset

HTML = "text/html"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("é".encode(), HTML, "é"),
        ("é".encode("latin-1"), f"{HTML}; charset=ISO-8859-1", "é"),
        ("\u201cé\u201d".encode("cp1252"), f'{HTML}; charset="iso-8859-1"', "\u201cé\u201d"),
        ("日本".encode("shift_jis"), f"{HTML};charset=Shift_JIS", "日本"),
        (b"<meta charset=euc-kr>" + "한".encode("euc-kr"), HTML, "<meta charset=euc-kr>한"),
        (b"<meta http-equiv=x content='text/html; charset=koi8-r'>" + "я".encode("koi8-r"), HTML, "я"),
        ("é".encode(), f"{HTML}; charset=nonsense", "é"),
        ("\ufeffé".encode("utf-16-le"), f"{HTML}; charset=utf-8", "é"),
        (b"\xff\x41", f"{HTML}; charset=utf-8", "\ufffdA"),
        (b"&#x41;", f"{HTML}; charset=base64", "&#x41;"),
        (b"\\x41", f"{HTML}; charset=unicode_escape", "\\x41"),
        (b"+AGE-", f"{HTML}; charset=utf-7", "+AGE-"),
    ],
)
def test_the_text_of_a_page(body: bytes, content_type: str, text: str) -> None:
    """A mark, then the header, then the page; never an encoding that no browser reads."""
    assert charset.text(body, content_type).endswith(text)


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_are_text(body: bytes, label: str) -> None:
    charset.text(body, f"{HTML}; charset={label}")
    charset.text(b"<meta charset=" + label.encode() + b">" + body, HTML)
