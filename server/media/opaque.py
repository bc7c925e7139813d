"""Files of other kinds than those we show: kept as they are, and named as harmlessly as can be (SEC-020, SEC-071).

Whoever asks for one is to save it, whatever it is: a page is called plain text, for no browser may run it here.
"""

from typing import Final

from server.media.cleaned import Cleaned, Data

SAMPLE_BYTES: Final = 64 * 1024
UNKNOWN: Final = "application/octet-stream"
TEXT: Final = "text/plain; charset=utf-8"

MAGICS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
)
CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
"""Bytes that no text has."""


def keep(data: Data) -> Cleaned:
    """Return a file as it is."""
    return Cleaned(kind(data), [data])


def kind(data: Data) -> str:
    """Return a media type for a file, by how it begins."""
    known = marked(data)
    return TEXT if known == UNKNOWN and _is_text(bytes(data[:SAMPLE_BYTES])) else known


def marked(data: Data) -> str:
    """Return the media type of the mark that a file begins with; without a mark nothing is known of it."""
    return next((name for magic, name in MAGICS if bytes(data[: len(magic)]) == magic), UNKNOWN)


def _is_text(sample: bytes) -> bool:
    if sample.translate(None, CONTROLS) != sample:
        return False
    try:
        sample.decode()
    except UnicodeDecodeError as error:
        return len(sample) == SAMPLE_BYTES and error.start > SAMPLE_BYTES - 4  # cut within a character
    return True
