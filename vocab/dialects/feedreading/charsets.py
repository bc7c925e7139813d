"""From bytes to text: byte order mark, what HTTP said, what the document says, UTF-8, windows-1252 (Atom §10.2)."""

import codecs
import re
from typing import Final

from vocab.dialects.feedreading.errors import NoFeed

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
STARTS: Final = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
LAST: Final = "windows-1252"
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_DECLARED = re.compile(rb"""\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_TEXT: Final = frozenset({"ascii", "latin-1", "iso8859-1"})


def text(body: bytes, content_type: str = "") -> tuple[str, str]:
    """Return the text of a body, and how it was read. The first guess that fits is it; the last one always does."""
    if not body.strip():
        raise NoFeed("it is empty")
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace"), encoding
    for encoding in _guesses(body, content_type):
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return body.decode(LAST, "replace"), LAST


def _guesses(body: bytes, content_type: str) -> list[str]:
    said = _CHARSET.search(content_type)
    declared = _DECLARED.match(body[:512])
    names = [encoding for start, encoding in STARTS if body.startswith(start)]
    names += [said[1]] if said else []
    names += [declared[1].decode("ascii")] if declared else []
    known = [name for name in map(_known, names) if name is not None]
    return [*known, "utf-8"]


def _known(name: str) -> str | None:
    """Return a codec of text; browsers read what calls itself ISO 8859-1 as windows-1252, and so do feeds' readers."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not getattr(found, "_is_text_encoding", True) or found.name in ("idna", "punycode", "unicode_escape"):
        return None
    if found.name.startswith(("undefined", "raw", "utf-7", "unicode")):
        return None
    return LAST if found.name in _TEXT else found.name
