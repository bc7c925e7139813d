"""GIF: pictures and their timing stay, comments and other programs' notes go (GIF89a §15)."""

from collections.abc import Iterator

from server.media.cleaned import Cleaned, Data, pieces
from server.media.errors import Unsupported

MAGICS = (b"GIF87a", b"GIF89a")
EXTENSION, IMAGE, TRAILER = 0x21, 0x2C, 0x3B
TIMING, APPLICATION = 0xF9, 0xFF
BLOCKS_MAX = 1_000_000
"""Blocks of data, of up to 255 bytes each, in a whole file."""
LOOPS = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})
"""Application extensions that say how often an animation repeats."""


def clean(data: Data) -> Cleaned:
    """Return a picture without comments and whatever follows its end."""
    width, height = (int.from_bytes(data[at : at + 2], "little") for at in (6, 8))
    if len(data) < 13 or not width or not height:
        raise Unsupported("a GIF without a picture")
    at = 13 + _table_bytes(data[10])
    parts: list[bytes | memoryview] = [data[:at]]
    blocks = pieces(BLOCKS_MAX)
    for _ in pieces():
        kind = _byte(data, at)
        if kind == TRAILER:
            break
        if kind == EXTENSION:
            end = _blocks_end(data, at + 2, blocks)
            if _stays(data, at):
                parts.append(data[at:end])
        elif kind == IMAGE:
            end = _blocks_end(data, at + 11 + _table_bytes(_byte(data, at + 9)), blocks)
            parts.append(data[at:end])
        else:
            raise Unsupported("a broken GIF")
        at = end
    parts.append(bytes((TRAILER,)))
    return Cleaned("image/gif", parts, width, height)


def _byte(data: Data, at: int) -> int:
    if at >= len(data):
        raise Unsupported("a GIF that breaks off")
    return data[at]


def _table_bytes(flags: int) -> int:
    """Return how long the colour table is that a descriptor's flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(data: Data, at: int, blocks: Iterator[None]) -> int:
    """Walk over the blocks of data that begin here; each says its own length, an empty one is the last."""
    while (length := _byte(data, at)) != 0:
        next(blocks)
        at += 1 + length
    return at + 1


def _stays(data: Data, at: int) -> bool:
    label = _byte(data, at + 1)
    return label == TIMING or (label == APPLICATION and bytes(data[at + 3 : at + 14]) in LOOPS)
