"""What files are, by their content, and what is left of them."""

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from server.media import Unsupported, clean, jpeg

SECRET = b"52.5200N 13.4050E"


def _picture(width: int = 8, height: int = 5) -> Image.Image:
    picture = Image.new("RGB", (width, height))
    picture.putdata([(x * 30 % 256, y * 50 % 256, 99) for y in range(height) for x in range(width)])
    return picture


def _saved(kind: str, picture: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (picture or _picture()).save(out, kind, **options)
    return out.getvalue()


def _exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    return exif


def _texts() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Location", SECRET.decode())
    return info


def _cleaned(data: bytes) -> tuple[str, bytes, int | None, int | None]:
    made = clean(memoryview(data))
    return made.type, b"".join(made.parts), made.width, made.height


PICTURES = {
    "image/jpeg": _saved("JPEG", exif=_exif(), comment=SECRET, quality=90),
    "image/png": _saved("PNG", pnginfo=_texts(), exif=_exif()),
    "image/gif": _saved("GIF", comment=SECRET),
    "image/webp": _saved("WEBP", exif=_exif(), xmp=b"<x>" + SECRET + b"</x>", lossless=True),
}


@pytest.mark.parametrize("type", PICTURES)
def test_a_picture_keeps_its_pixels_and_loses_its_metadata(type: str) -> None:
    """SEC-071, AP-580: nothing about the place or the camera is left, and no pixel has changed."""
    data = PICTURES[type]
    assert SECRET in data
    found, kept, width, height = _cleaned(data)
    assert (found, width, height) == (type, 8, 5)
    assert SECRET not in kept
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(kept))
    assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()
    assert not after.getexif()
    assert _cleaned(kept)[1] == kept, "what is clean stays as it is"


@pytest.mark.parametrize("type", PICTURES)
def test_what_follows_a_picture_is_cut_off(type: str) -> None:
    """SEC-071: a polyglot loses its second half."""
    hidden = b"<script>alert(1)</script>" + PICTURES[type]
    assert _cleaned(PICTURES[type] + hidden)[1] == _cleaned(PICTURES[type])[1]


@pytest.mark.parametrize("type", PICTURES)
@given(cut=st.integers(min_value=1, max_value=10_000))
def test_what_breaks_off_is_refused(type: str, cut: int) -> None:
    data = PICTURES[type]
    with pytest.raises(Unsupported):
        clean(memoryview(data[: -(cut % len(data)) or -1]))


@pytest.mark.parametrize("type", PICTURES)
@given(noise=st.binary(max_size=200), at=st.integers(min_value=0, max_value=200))
def test_noise_is_refused_or_cleaned_but_never_crashes(type: str, noise: bytes, at: int) -> None:
    """SEC-055: whatever is inside, one of two things happens."""
    data = PICTURES[type][:at] + noise + PICTURES[type][at + len(noise) :]
    with contextlib.suppress(Unsupported):
        clean(memoryview(data))


@pytest.mark.parametrize(("orientation", "size"), [(1, (8, 5)), (3, (8, 5)), (6, (5, 8)), (8, (5, 8))])
def test_which_way_up_a_photograph_is_stays_known(orientation: int, size: tuple[int, int]) -> None:
    """The one tag that changes what people see is kept; the size is as they see it."""
    _, kept, width, height = _cleaned(_saved("JPEG", exif=_exif(orientation)))
    assert (width, height) == size
    exif = Image.open(io.BytesIO(kept)).getexif()
    assert dict(exif) == ({} if orientation == 1 else {0x0112: orientation})


def test_progressive_pictures_and_colour_profiles_stay() -> None:
    data = _saved("JPEG", _picture(64, 64), progressive=True, icc_profile=b"profile" * 20)
    after = Image.open(io.BytesIO(_cleaned(data)[1]))
    assert after.info["icc_profile"] == b"profile" * 20
    assert after.tobytes() == Image.open(io.BytesIO(data)).tobytes()


def test_animations_stay_animated() -> None:
    frames = [_picture(), _picture().rotate(180)]
    for kind in ("GIF", "WEBP", "PNG"):
        data = _saved(kind, frames[0], save_all=True, append_images=frames[1:], duration=100, loop=0)
        after = Image.open(io.BytesIO(_cleaned(data)[1]))
        assert getattr(after, "n_frames", 1) == 2


def test_the_size_of_every_kind_of_webp_is_read() -> None:
    for options in ({"lossless": True}, {"lossless": False}, {"exif": _exif()}):
        assert _cleaned(_saved("WEBP", _picture(33, 17), **options))[2:] == (33, 17)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def _film(brand: bytes = b"isom") -> bytes:
    track = b"\0" * 76 + struct.pack(">II", 640 << 16, 360 << 16)
    notes = _box(b"udta", _box(b"\xa9xyz", SECRET))
    movie = _box(b"mvhd", b"\0" * 100) + _box(b"trak", _box(b"tkhd", track) + notes) + notes
    return (
        _box(b"ftyp", brand + b"\0\0\2\0")
        + _box(b"moov", movie)
        + _box(b"mdat", b"frames")
        + _box(b"uuid", SECRET)
    )


def test_a_film_loses_its_notes_without_anything_moving() -> None:
    """SEC-071: phones write the place into films too; offsets into the film must stay right."""
    data = _film()
    type, kept, width, height = _cleaned(data)
    assert (type, width, height) == ("video/mp4", 640, 360)
    assert SECRET not in kept
    assert len(kept) == len(data)
    assert kept.index(b"frames") == data.index(b"frames")
    assert _cleaned(_film(b"qt  "))[0] == "video/quicktime"


@given(noise=st.binary(max_size=300))
def test_noise_in_a_film_never_crashes(noise: bytes) -> None:
    with contextlib.suppress(Unsupported):
        clean(memoryview(_film()[:24] + noise))


@pytest.mark.parametrize(
    ("head", "type"),
    [
        (b"OggS\0\2" + b"\0" * 22 + b"OpusHead", "audio/ogg"),
        (b"OggS\0\2" + b"\0" * 22 + b"\x80theora", "video/ogg"),
        (b"fLaC\0\0\0\x22", "audio/flac"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"ID3\4\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", "video/webm"),
    ],
)
def test_sounds_and_films_are_known_by_how_they_begin(head: bytes, type: str) -> None:
    assert _cleaned(head + b"\0" * 100)[0] == type


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b'{"@context":"https://www.w3.org/ns/activitystreams","type":"Person"}',
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<?xml version="1.0"?><feed/>',
        b"%PDF-1.7",
        b"MZ\x90\0",
        b"PK\3\4",
        _box(b"ftyp", b"avif\0\0\0\0"),
        b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska",
    ],
)
def test_what_a_browser_could_run_is_not_taken(data: bytes) -> None:
    """AP-581, SEC-020: whatever it is called, its content decides."""
    with pytest.raises(Unsupported):
        clean(memoryview(data))


def test_a_chunk_that_claims_more_than_there_is() -> None:
    chunk = struct.pack(">I", 2**31 - 1) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    with pytest.raises(Unsupported):
        clean(memoryview(PICTURES["image/png"][:33] + chunk))


def _riff(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


MANY = 200_000
CRUMBS = {
    "image/jpeg": b"\xff\xd8" + b"\xff\xdb\x00\x02" * MANY + b"\xff\xd9",
    "image/png": b"\x89PNG\r\n\x1a\n"
    + (bytes(4) + b"IDAT" + bytes(4)) * MANY
    + bytes(4)
    + b"IEND"
    + bytes(4),
    "image/gif": b"GIF89a" + struct.pack("<HH", 1, 1) + bytes(3) + b"\x21\xf9\x00" * MANY + b";",
    "image/gif, one extension": (
        b"GIF89a" + struct.pack("<HH", 1, 1) + bytes(3) + b"\x21\xfe" + b"\1x" * (6 * MANY) + b"\0;"
    ),
    "image/webp": _riff(b"ANMF" + bytes(4) + b"ANMF\0\0\0\0" * MANY),
    "video/mp4": b"\0\0\0\x08ftyp" + b"\0\0\0\x08udta" * MANY,
}


@pytest.mark.parametrize("kind", CRUMBS)
def test_nobody_is_taken_apart_for_ever(kind: str) -> None:
    """SEC-071: a file of a few megabytes in hundreds of thousands of pieces would cost us as many objects."""
    with pytest.raises(Unsupported, match="too many pieces"):
        clean(memoryview(CRUMBS[kind]))


@pytest.mark.parametrize("short", [-1, 0, 1, 2])
def test_a_long_scan_ends_where_its_marker_is(short: int) -> None:
    """Also where it lies across the border between two parts that are searched one after the other."""
    frame = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    head = b"\xff\xd8" + frame + b"\xff\xda\x00\x02"
    scan = (b"\xff\x00\xff\xd0" * jpeg.WINDOW_BYTES)[: jpeg.WINDOW_BYTES - 4] + b"x" * (4 - short)
    assert _cleaned(head + scan + b"\xff\xd9" + SECRET)[1] == head + scan + b"\xff\xd9"
    with pytest.raises(Unsupported, match="breaks off"):
        clean(memoryview(head + scan))
