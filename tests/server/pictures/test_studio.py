"""Pictures are made by a process that can do little else."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from server.pictures import Shape, Studio, Undecodable, plan, studio

pytestmark = pytest.mark.anyio
STUDIO = Studio(pixels_max=1_000_000)


def drawn(path: Path, mode: str, kind: str, size: tuple[int, int] = (40, 20)) -> Path:
    """Write a picture whose right half is dark."""
    picture = Image.new("L", size, 255)
    picture.paste(0, (size[0] // 2, 0, *size))
    picture.convert(mode).save(path, kind)
    return path


async def made(path: Path, type: str, shape: Shape) -> Image.Image:
    with Image.open(path) as source:
        size = source.size
    return Image.open(io.BytesIO(await STUDIO.make(path, type, plan(size, shape))))


def brightness(picture: Image.Image, at: tuple[int, int]) -> int:
    value = picture.convert("L").getpixel(at)
    assert isinstance(value, int)
    return value


@pytest.mark.parametrize("type", list(studio.TYPES))
@pytest.mark.parametrize("resize", ["clip", "crop", "scale", "fill"])
async def test_each_kind_of_picture_in_each_way(tmp_path: Path, type: str, resize: str) -> None:
    """Feeds §7.5: the sides are what was asked for, and the kind of file stays."""
    source = drawn(tmp_path / "a", "RGB", studio.TYPES[type])
    picture = await made(source, type, Shape(10, 10, resize, across=1.0))
    assert picture.format == studio.TYPES[type]
    assert picture.size == ((10, 5) if resize == "clip" else (10, 10))
    middle = (picture.height - 1) // 2
    assert brightness(picture, (9, middle)) < 60
    assert (brightness(picture, (0, middle)) < 60) is (resize == "crop")


@pytest.mark.parametrize(
    ("mode", "kind", "type"),
    [("P", "PNG", "image/png"), ("LA", "PNG", "image/png"), ("1", "PNG", "image/png"), ("I;16", "PNG", "image/png"),
     ("RGBA", "WEBP", "image/webp"), ("CMYK", "JPEG", "image/jpeg"), ("L", "JPEG", "image/jpeg"),
     ("P", "GIF", "image/gif")],
)  # fmt: skip
async def test_every_kind_of_colour(tmp_path: Path, mode: str, kind: str, type: str) -> None:
    source = tmp_path / "a"
    if mode == "I;16":
        sixteen = Image.new("I;16", (40, 20), 65_535)
        sixteen.paste(0, (20, 0, 40, 20))
        sixteen.save(source, "PNG")
    else:
        drawn(source, mode, kind)
    picture = await made(source, type, Shape(20, 10))
    assert brightness(picture, (17, 5)) < 40
    assert brightness(picture, (2, 5)) > 215


async def test_what_is_clear_stays_clear(tmp_path: Path) -> None:
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(tmp_path / "a", "PNG")
    picture = await made(tmp_path / "a", "image/png", Shape(30, 10, "fill"))
    assert picture.convert("RGBA").getextrema()[3] == (0, 0)


async def test_it_is_made_the_way_up_that_people_see(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(tmp_path / "a", "JPEG", exif=exif)
    picture = Image.open(
        io.BytesIO(await STUDIO.make(tmp_path / "a", "image/jpeg", plan((20, 40), Shape(10, 10))))
    )
    assert picture.size == (5, 10)


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 100),
        lambda path: path.write_bytes(b""),
        lambda path: Image.new("1", (2_000, 2_000)).save(path, "PNG"),
        lambda path: drawn(path, "RGB", "TIFF"),
    ],
    ids=["broken", "empty", "too many pixels", "of another kind"],
)
async def test_what_cannot_be_decoded(tmp_path: Path, write: Callable[[Path], object]) -> None:
    """SEC-071: limits in pixels and on what decoders there are."""
    write(tmp_path / "a")
    with pytest.raises(Undecodable):
        await STUDIO.make(tmp_path / "a", "image/png", plan((10, 10), Shape(5, 5)))


async def test_it_has_no_more_memory_than_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC-071."""
    monkeypatch.setattr(studio, "MEMORY_BYTES_MAX", 96 * 1024 * 1024)
    Image.new("RGB", (8_000, 8_000)).save(tmp_path / "a", "PNG")
    with pytest.raises(Undecodable):
        await Studio(pixels_max=100_000_000).make(
            tmp_path / "a", "image/png", plan((8_000, 8_000), Shape(5, 5))
        )


async def test_it_has_no_more_time_than_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC-071."""
    monkeypatch.setattr(studio, "SECONDS_MAX", 0)
    drawn(tmp_path / "a", "RGB", "PNG")
    with pytest.raises(Undecodable):
        await made(tmp_path / "a", "image/png", Shape(5, 5))
