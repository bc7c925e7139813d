"""JPEG: everything goes but what a decoder needs and which way up the picture is (ISO 10918-1 §B)."""

import re

from server.media import exif
from server.media.cleaned import Cleaned, Data, pieces
from server.media.errors import Unsupported

MAGIC = b"\xff\xd8\xff"
SOI, EOI, SOS, COM, APP0, APP1, APP15 = 0xD8, 0xD9, 0xDA, 0xFE, 0xE0, 0xE1, 0xEF
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Segments that begin a picture and say how large it is."""
NEEDED = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""Application segments that change how the picture looks, and how each begins."""
EXIF = b"Exif\0\0"
WINDOW_BYTES = 1024 * 1024
"""So much of a scan is searched at a time, for nothing else runs meanwhile."""

_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def clean(data: Data) -> Cleaned:
    """Return a picture without comments, places, thumbnails and whatever follows its end."""
    parts: list[bytes | memoryview] = [data[:2]]
    width = height = None
    at, turned = 2, exif.UPRIGHT
    for _ in pieces():
        marker, body, end = _segment(data, at)
        if marker == EOI:
            parts.append(bytes((0xFF, EOI)))
            break
        if marker in FRAMES and width is None:
            height, width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
        if marker == APP1 and bytes(body[:6]) == EXIF:
            turned = exif.orientation(bytes(body[6:]))
            if turned != exif.UPRIGHT:
                parts.append(_turned(turned))
        elif _stays(marker, body):
            parts.append(data[at:end])
        at = end
    if not width or not height:
        raise Unsupported("a JPEG without a picture")
    if turned > 4:  # turned by a quarter: what people see is as wide as the file says it is high
        width, height = height, width
    return Cleaned("image/jpeg", parts, width, height)


def _segment(data: Data, at: int) -> tuple[int, memoryview, int]:
    """Return a segment's marker, its body and where it ends, the picture's data behind it included."""
    if at + 2 > len(data) or data[at] != 0xFF:
        raise Unsupported("a broken JPEG")
    marker = data[at + 1]
    if marker == 0xFF:  # any number of these may stand before a marker
        return _segment_after_fill(data, at)
    if marker == EOI:
        return marker, data[at:at], at + 2
    length = int.from_bytes(data[at + 2 : at + 4])
    end = at + 2 + length
    if length < 2 or end > len(data):
        raise Unsupported("a broken JPEG")
    body = data[at + 4 : end]
    return marker, body, _scanned(data, end) if marker == SOS else end


def _segment_after_fill(data: Data, at: int) -> tuple[int, memoryview, int]:
    while at + 1 < len(data) and data[at + 1] == 0xFF:
        at += 1
    return _segment(data, at)


def _scanned(data: Data, at: int) -> int:
    """Return where the next marker stands behind a scan's data, in which 0xFF is followed by 0 or a restart."""
    for start in range(at, len(data), WINDOW_BYTES):
        found = _MARKER.search(data, start, start + WINDOW_BYTES + 1)
        if found is not None:
            return found.start()
    raise Unsupported("a JPEG that breaks off")


def _stays(marker: int, body: memoryview) -> bool:
    if APP0 <= marker <= APP15:
        needed = NEEDED.get(marker)
        return needed is not None and bytes(body[: len(needed)]) == needed
    return marker != COM


def _turned(orientation: int) -> bytes:
    body = EXIF + exif.only_orientation(orientation)
    return bytes((0xFF, APP1)) + (len(body) + 2).to_bytes(2) + body
