"""PNG, animated or not: only chunks that a decoder needs stay (W3C PNG §11)."""

from server.media.cleaned import Cleaned, Data, pieces
from server.media.errors import Unsupported

MAGIC = b"\x89PNG\r\n\x1a\n"
NEEDED = frozenset(b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs acTL fcTL fdAT".split())
FRAME_BYTES = 12
"""What stands around a chunk's data: its length, its type and its checksum."""


def clean(data: Data) -> Cleaned:
    """Return a picture without texts, times, places and whatever follows its end."""
    parts: list[bytes | memoryview] = [data[: len(MAGIC)]]
    at = len(MAGIC)
    for _ in pieces():
        end = at + FRAME_BYTES + int.from_bytes(data[at : at + 4])
        if end > len(data):
            raise Unsupported("a PNG that breaks off")
        kind = bytes(data[at + 4 : at + 8])
        if kind in NEEDED:
            parts.append(data[at:end])
        at = end
        if kind == b"IEND":
            break
    width, height = (int.from_bytes(data[start : start + 4]) for start in (16, 20))
    if bytes(data[12:16]) != b"IHDR" or not width or not height:
        raise Unsupported("a PNG without a picture")
    return Cleaned("image/png", parts, width, height)
