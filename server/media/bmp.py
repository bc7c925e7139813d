"""BMP: the size, the colours and the pixels stay; colour profiles, gaps and whatever follows go."""

from typing import Final

from server.media.cleaned import Cleaned, Data
from server.media.errors import Unsupported

FILE_BYTES: Final = 14
"""The head of the file, before that of the picture."""
CORE_BYTES, INFO_BYTES, PROFILED_BYTES = 12, 40, 124
HEADERS: Final = frozenset((CORE_BYTES, INFO_BYTES, 52, 56, 64, 108, PROFILED_BYTES))
"""How long the head of a picture is, by its version."""
DEPTHS: Final = frozenset((1, 4, 8, 16, 24, 32))
PLAIN, RUNS, FIELDS, FIELDS_WITH_ALPHA = 0, (1, 2), 3, 6
"""How pixels are written: one by one, as runs, or one by one in bits that masks name."""
MASK_BYTES: Final = {FIELDS: 12, FIELDS_WITH_ALPHA: 16}
SPACE: Final = slice(56, 60)
PROFILE: Final = slice(112, 120)
PROFILES: Final = (b"KNIL", b"DEBM")
"""The colours are those of a file elsewhere, or of a profile that follows the pixels."""
SRGB: Final = b"BGRs"


def matches(head: bytes) -> bool:
    """Tell whether a file begins as a picture does: two letters are not enough for that."""
    return head[:2] == b"BM" and _number(head, FILE_BYTES, 4) in HEADERS


def clean(data: Data) -> Cleaned:
    """Return a picture without profiles, and without what stands between its parts or behind them."""
    length = _number(data, FILE_BYTES, 4)
    head = bytearray(data[FILE_BYTES : FILE_BYTES + length])
    if len(head) < length:
        raise Unsupported("a BMP that breaks off")
    width, height, depth, written = _shape(head)
    if not width or not height or depth not in DEPTHS:
        raise Unsupported("a BMP without a picture")
    colours = FILE_BYTES + length + _colours_bytes(head, depth, written)
    start = _number(data, 10, 4)
    end = start + _pixels_bytes(head, width, height, depth, written)
    if start < colours or end > len(data):
        raise Unsupported("a BMP that breaks off")
    if length == PROFILED_BYTES and bytes(head[SPACE]) in PROFILES:
        head[SPACE], head[PROFILE] = SRGB, bytes(8)
    size = colours + end - start
    first = b"BM" + size.to_bytes(4, "little") + bytes(4) + colours.to_bytes(4, "little")
    return Cleaned(
        "image/bmp", [first, bytes(head), data[FILE_BYTES + length : colours], data[start:end]], width, height
    )


def _shape(head: bytearray) -> tuple[int, int, int, int]:
    """Return width, height, bits of a pixel, and how pixels are written."""
    if len(head) == CORE_BYTES:
        return _number(head, 4, 2), _number(head, 6, 2), _number(head, 10, 2), PLAIN
    height = int.from_bytes(head[8:12], "little", signed=True)  # below zero when the first row is at the top
    width = max(0, int.from_bytes(head[4:8], "little", signed=True))
    return width, abs(height), _number(head, 14, 2), _number(head, 16, 4)


def _colours_bytes(head: bytearray, depth: int, written: int) -> int:
    """Return how many bytes there are between head and pixels: masks, and the colours that pixels name."""
    if len(head) == CORE_BYTES:
        return 3 << depth if depth <= 8 else 0
    used = _number(head, 32, 4)
    if used > 256:
        raise Unsupported("a BMP with too many colours")
    masks = MASK_BYTES.get(written, 0) if len(head) == INFO_BYTES else 0
    return masks + 4 * (used or (1 << depth if depth <= 8 else 0))


def _pixels_bytes(head: bytearray, width: int, height: int, depth: int, written: int) -> int:
    if written in RUNS:
        return _number(head, 20, 4)
    if written not in (PLAIN, FIELDS, FIELDS_WITH_ALPHA):
        raise Unsupported("a BMP of pixels written in another way")
    return (width * depth + 31) // 32 * 4 * height


def _number(data: bytes | bytearray | Data, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")
