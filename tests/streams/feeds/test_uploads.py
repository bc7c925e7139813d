"""Addresses of files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plaza import BASE, Plaza

from storage.files import File
from storage.uploads import Origin
from streams import ids
from streams.errors import NotFound, Refused
from streams.feeds import uploads

pytestmark = pytest.mark.anyio

FILE = File("ab" * 32, "text/plain; charset=utf-8", 5)
PICTURE = File("cd" * 32, "image/png", 70, 4, 3)


async def test_a_file_is_found_by_its_address(plaza: Plaza) -> None:
    """Feeds §7.5."""
    kept = await uploads.keep(plaza.parts, plaza.tenant, FILE, user="bob", name="a b.txt")
    url = uploads.address(BASE, kept)
    assert url == f"{ids.media(BASE, kept.token)}/a%20b.txt?type=text%2Fplain&bytes=5"
    assert await uploads.find(plaza.parts, plaza.tenant, url) == kept
    assert await uploads.find(plaza.parts, plaza.tenant, url.partition("?")[0] + "#top") == kept
    for other in (
        url.replace("a%20b", "c"),
        url.replace("https", "http"),
        f"{BASE}/media/{kept.token}",
        "x",
        "",
    ):
        with pytest.raises(NotFound):
            await uploads.find(plaza.parts, plaza.tenant, other)


async def test_a_picture_tells_its_size(plaza: Plaza) -> None:
    kept = await uploads.keep(plaza.parts, plaza.tenant, PICTURE, user="", name="a.png")
    assert uploads.address(BASE, kept).endswith("/a.png?type=image%2Fpng&bytes=70&width=4&height=3")


async def test_few_pictures_are_made_of_one(plaza: Plaza, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC-117."""
    monkeypatch.setattr(uploads, "MADE_MAX", 2)
    source = await uploads.keep(plaza.parts, plaza.tenant, PICTURE, user="", name="a.png")

    async def make(how: str) -> None:
        origin = Origin(source.id, how)
        await uploads.keep(plaza.parts, plaza.tenant, PICTURE, user="", name="a.png", origin=origin)

    await make("1")
    await make("2")
    with pytest.raises(Refused):
        await make("3")


@given(st.text(max_size=200))
def test_names_are_one_part_of_a_path(given: str) -> None:
    """SEC-116."""
    name = uploads.named(given)
    assert 0 < len(name) <= uploads.NAME_CHARS_MAX
    assert name.strip(".")
    assert "/" not in name
    assert name.isprintable()
