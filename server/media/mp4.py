"""MP4 and QuickTime: places and other notes are blanked where they stand, so that nothing moves (ISO 14496-12)."""

from collections.abc import Iterator

from server.media.cleaned import Cleaned, Data, pieces
from server.media.errors import Unsupported

NOTES = frozenset({b"udta", b"meta", b"uuid"})
"""Boxes that hold what people and cameras noted: where, with what, by whom."""
NESTS = frozenset({b"moov", b"trak"})
"""Boxes whose boxes are looked through too."""
PICTURES = (b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1")


def clean(data: Data) -> Cleaned:
    """Return a film or a recording without notes."""
    brand = bytes(data[8:12])
    if brand in PICTURES:
        raise Unsupported("pictures are taken as JPEG, PNG, GIF or WebP")
    parts: list[bytes | memoryview] = []
    size = (0, 0)
    copied = 0
    for kind, start, body, end in _boxes(data, 0, len(data)):
        if kind == b"tkhd":
            size = max(size, _track_size(data[body:end]))
        elif kind in NOTES:
            parts += [data[copied : start + 4], b"free", data[start + 8 : body], bytes(end - body)]
            copied = end
    parts.append(data[copied:])
    if size == (0, 0):
        return Cleaned("audio/mp4", parts)
    return Cleaned("video/quicktime" if brand == b"qt  " else "video/mp4", parts, *size)


def _boxes(data: Data, at: int, stop: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield kind, start, start of the body and end of boxes in the order they stand; those inside NESTS too."""
    nests = [stop]
    for _ in pieces():
        while nests and at >= nests[-1]:
            nests.pop()
        if not nests:
            return
        kind, body, end = _box(data, at, nests[-1])
        yield kind, at, body, end
        if kind in NESTS:
            nests.append(end)
        at = body if kind in NESTS else end


def _box(data: Data, at: int, stop: int) -> tuple[bytes, int, int]:
    length, kind, body = int.from_bytes(data[at : at + 4]), bytes(data[at + 4 : at + 8]), at + 8
    if length == 1:
        length, body = int.from_bytes(data[at + 8 : at + 16]), at + 16
    end = stop if length == 0 else at + length
    if end > stop or end < body:
        raise Unsupported("a broken MP4")
    return kind, body, end


def _track_size(header: memoryview) -> tuple[int, int]:
    """Return a track's width and height, the last two of its header's members, in whole pixels."""
    return int.from_bytes(header[-8:-6]), int.from_bytes(header[-4:-2])
