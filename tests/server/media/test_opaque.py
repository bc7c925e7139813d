"""Files of kinds that we do not show."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from server.media import Library, TooManyPixels, Unsupported, opaque, serving

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("content", "type"),
    [
        (b"hello", opaque.TEXT),
        (b"<html><script>alert(1)</script>", opaque.TEXT),
        (b'{"type": "Person", "id": "https://here.example/users/eve"}', opaque.TEXT),
        (b'<?xml version="1.0"?><svg onload="x()"/>', opaque.TEXT),
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"PK\x03\x04...", "application/zip"),
        (b"\x1f\x8b\x08", "application/gzip"),
        (b"\xff\xd8\xff broken", opaque.UNKNOWN),
        (b"a\0b", opaque.UNKNOWN),
        (b"\xe9", opaque.UNKNOWN),
        ("\u00e9".encode() * opaque.SAMPLE_BYTES, opaque.TEXT),
        (b"x" + "\u00e9".encode() * opaque.SAMPLE_BYTES, opaque.TEXT),
    ],
)
async def test_what_it_is_called_does_no_harm(tmp_path: Path, content: bytes, type: str) -> None:
    """SEC-020: never a page, a script or a document of ours, and to be saved, not shown."""
    library = Library(tmp_path, pixels_max=100)
    file = await library.keep(io.BytesIO(content), anything=True)
    assert (file.type, file.bytes) == (type, len(content))
    assert library.files.path(file.digest).read_bytes() == content
    assert serving.disposition(file.type, 'a "b".html').startswith("attachment; filename*=UTF-8''a%20%22b")
    with pytest.raises(Unsupported):
        await library.keep(io.BytesIO(content))


async def test_what_we_show_is_cleaned_all_the_same(tmp_path: Path) -> None:
    """SEC-071."""
    library = Library(tmp_path, pixels_max=100)
    out = io.BytesIO()
    Image.new("RGB", (4, 3)).save(out, "JPEG", comment=b"secret")
    file = await library.keep(out, anything=True)
    assert (file.type, file.width) == ("image/jpeg", 4)
    assert b"secret" not in library.files.path(file.digest).read_bytes()
    assert serving.disposition(file.type, "a") == "inline; filename*=UTF-8''a"
    large = io.BytesIO()
    Image.new("RGB", (40, 30)).save(large, "PNG")
    with pytest.raises(TooManyPixels):
        await library.keep(large, anything=True)
    with pytest.raises(Unsupported):
        await library.keep(io.BytesIO(), anything=True)


@given(st.binary(max_size=100))
def test_any_bytes_have_a_type(content: bytes) -> None:
    assert opaque.kind(memoryview(content)) in {type for _, type in opaque.MAGICS} | {
        opaque.TEXT,
        opaque.UNKNOWN,
    }
