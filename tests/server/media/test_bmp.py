"""Pictures as bitmaps: what stays of them, and what does not (SEC-071, AP-580)."""

import contextlib
import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from server.media import Unknown, Unsupported, clean

SECRET = b"52.5200N 13.4050E"
SMALLEST = b"BM" + struct.pack("<IIIIHHHH", 30, 0, 26, 12, 1, 1, 1, 24) + b"\0\0\xff\0"
"""One blue point, with the shortest head there is."""


def cleaned(data: bytes) -> tuple[str, bytes, int | None, int | None]:
    made = clean(memoryview(data))
    return made.type, b"".join(made.parts), made.width, made.height


def picture(mode: str) -> Image.Image:
    made = Image.new("RGB", (9, 5))
    made.putdata([(x * 28, y * 50, 99) for y in range(5) for x in range(9)])
    return made.convert(mode)


def saved(mode: str) -> bytes:
    out = io.BytesIO()
    picture(mode).save(out, "BMP")
    return out.getvalue()


def profiled(space: bytes) -> bytes:
    """A bitmap of the fifth version whose colours are said by a profile, which follows the pixels."""
    head = bytearray(124)
    struct.pack_into("<IiiHHIIiiII", head, 0, 124, 2, -1, 1, 32, 3, 8, 0, 0, 0, 0)
    struct.pack_into("<IIII", head, 40, 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    head[56:60] = space
    struct.pack_into("<II", head, 112, 124 + 8, len(SECRET))
    start = 14 + 124
    return (
        b"BM"
        + struct.pack("<IIII", start + 8 + len(SECRET), 0, start, 0)[:12]
        + head
        + bytes(range(8))
        + SECRET
    )


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_a_bitmap_keeps_its_pixels_and_nothing_else(mode: str) -> None:
    data = saved(mode)
    start = int.from_bytes(data[10:14], "little")
    moved = data[:10] + (start + len(SECRET)).to_bytes(4, "little") + data[14:start] + SECRET + data[start:]
    found, kept, width, height = cleaned(moved[:6] + b"NOTE" + moved[10:] + SECRET)
    assert (found, width, height) == ("image/bmp", 9, 5)
    assert SECRET not in kept
    assert b"NOTE" not in kept
    assert kept == data
    assert Image.open(io.BytesIO(kept)).convert("RGB").tobytes() == picture(mode).convert("RGB").tobytes()
    assert cleaned(kept)[1] == kept


def test_the_oldest_and_shortest_head_is_known() -> None:
    assert cleaned(SMALLEST) == ("image/bmp", SMALLEST, 1, 1)
    assert Image.open(io.BytesIO(cleaned(SMALLEST)[1])).getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("space", [b"KNIL", b"DEBM"])
def test_a_profile_goes(space: bytes) -> None:
    """It may name a file of whoever made the picture."""
    _, kept, width, height = cleaned(profiled(space))
    assert (width, height) == (2, 1)
    assert SECRET not in kept
    assert kept[14 + 56 : 14 + 60] == b"BGRs"
    assert kept[14 + 112 : 14 + 120] == bytes(8)
    assert kept.endswith(bytes(range(8)))


@pytest.mark.parametrize("mode", ["1", "RGB"])
@given(cut=st.integers(min_value=1, max_value=10_000))
def test_what_breaks_off_is_refused(mode: str, cut: int) -> None:
    data = saved(mode)
    with pytest.raises(Unsupported):
        clean(memoryview(data[: -(cut % len(data)) or -1]))


@given(noise=st.binary(max_size=80), at=st.integers(min_value=0, max_value=120))
def test_noise_is_refused_or_cleaned_but_never_crashes(noise: bytes, at: int) -> None:
    """SEC-055."""
    data = saved("P")
    with contextlib.suppress(Unsupported):
        clean(memoryview(data[:at] + noise + data[at + len(noise) :]))


def test_two_letters_make_no_bitmap() -> None:
    with pytest.raises(Unknown):
        clean(memoryview(b"BMW, Audi and others, in words that are long enough for a head"))
