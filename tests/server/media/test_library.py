"""Taking files in and clearing away what nobody needs."""

import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from server.media import Library, TooManyPixels, Unsupported
from storage import Transaction, media, open_store

pytestmark = pytest.mark.anyio


def _png(width: int, height: int) -> bytes:
    """Write a picture of any size in a few bytes."""
    pieces = [b"\x89PNG\r\n\x1a\n"]
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")):
        pieces.append(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))
    return b"".join(pieces)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "media", pixels_max=1_000_000)


async def test_what_comes_in_lies_under_its_digest(library: Library) -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 3)).save(out, "PNG")
    file = await library.keep(out)
    assert (file.type, file.width, file.height) == ("image/png", 4, 3)
    path = library.files.path(file.digest)
    assert path.stat().st_size == file.bytes
    with Image.open(path) as picture:
        assert picture.size == (4, 3)


async def test_a_picture_of_too_many_pixels_is_refused(library: Library) -> None:
    """SEC-071: fifty thousand by fifty thousand pixels, in seventy bytes."""
    with pytest.raises(TooManyPixels):
        await library.keep(io.BytesIO(_png(50_000, 50_000)))
    assert not library.files.directory.exists()


async def test_files_on_the_disk_are_taken_too(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(_png(2, 2))
    (tmp_path / "empty").touch()
    with (tmp_path / "a.png").open("rb") as source:
        assert library.take(source).type == "image/png"
    with (tmp_path / "empty").open("rb") as source, pytest.raises(Unsupported):
        library.take(source)


async def test_files_without_a_row_are_cleared_away(library: Library, url: str) -> None:
    """SEC-117: an upload whose row is gone leaves no file behind; one whose row is not there yet stays."""
    needed, left, fresh = [library.take(io.BytesIO(_png(n, 1))) for n in (1, 2, 3)]
    for file in (needed, left):
        os.utime(library.files.path(file.digest), (1, 1))

    async def fill(tx: Transaction) -> None:
        await tx.run(
            "INSERT INTO objects (id, iri, kind, type, local, public, published)"
            " VALUES (5, 'https://here.example/users/ada', 3, 'Person', 1, 1, 1)"
        )
        await media.put(tx, needed, token="t", owner=5, now=1)

    async with open_store(url) as store:
        await store.write(fill)
        assert await library.clear(store) == 1
    assert [library.files.path(file.digest).exists() for file in (needed, left, fresh)] == [True, False, True]
