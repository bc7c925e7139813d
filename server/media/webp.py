"""WebP: only chunks that a decoder needs stay, and the header stops announcing the others (RFC 9649 §2)."""

from server.media.cleaned import Cleaned, Data, pieces
from server.media.errors import Unsupported

NEEDED = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
EXIF_AND_XMP = 0x08 | 0x04
"""Flags of the extended header."""


def clean(data: Data) -> Cleaned:
    """Return a picture without places, texts and whatever follows its end."""
    stop = 8 + int.from_bytes(data[4:8], "little")
    if stop > len(data):
        raise Unsupported("a WebP that breaks off")
    parts: list[bytes | memoryview] = []
    size: tuple[int, int] | None = None
    at = 12
    for _ in pieces():
        if at + 8 > stop:
            break
        kind, length = bytes(data[at : at + 4]), int.from_bytes(data[at + 4 : at + 8], "little")
        body, end = data[at + 8 : at + 8 + length], at + 8 + length + length % 2
        if end > stop + 1 or len(body) < length:
            raise Unsupported("a broken WebP")
        size = size or _size(kind, body)
        if kind == b"VP8X":
            parts.append(b"VP8X" + length.to_bytes(4, "little") + _silenced(body))
        elif kind in NEEDED:
            parts.append(data[at:end])
        at = end
    if size is None or 0 in size:
        raise Unsupported("a WebP without a picture")
    length = 4 + sum(map(len, parts))
    return Cleaned("image/webp", [b"RIFF" + length.to_bytes(4, "little") + b"WEBP", *parts], *size)


def _silenced(header: memoryview) -> bytes:
    return bytes((header[0] & ~EXIF_AND_XMP,)) + bytes(header[1:]) if header else b""


def _size(kind: bytes, body: memoryview) -> tuple[int, int] | None:
    """Return the width and height that the first chunk tells: the canvas, or the single frame."""
    if kind == b"VP8X" and len(body) >= 10:
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and bytes(body[3:6]) == b"\x9d\x01\x2a" and len(body) >= 10:
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return None
