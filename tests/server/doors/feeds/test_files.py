"""Files and images of the Feeds API (Feeds §7.5)."""

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from feedsapi import BASE_URL, Api, Caller, Failure, failure, opened
from PIL import Image

from server.auth.rates import Rates
from server.doors.feeds import files
from server.media import opaque
from storage import media
from streams.feeds import uploads

pytestmark = pytest.mark.anyio

BOUNDARY = "0123456789abcdef"


@pytest.fixture
async def api(ready_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    """A server whose files lie in a place of their own."""
    async with opened(ready_url, media_directory=str(tmp_path / "media")) as made:
        yield made


def picture(size: tuple[int, int] = (40, 20), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 100, 50)).save(out, kind)
    return out.getvalue()


def form(content: bytes, name: str = "photo.png", *, part: str = "file", type: str = "image/png") -> bytes:
    head = f'Content-Disposition: form-data; name="{part}"; filename="{name}"\r\nContent-Type: {type}\r\n\r\n'
    return f"--{BOUNDARY}\r\n{head}".encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


async def send(caller: Caller, path: str, body: bytes) -> httpx.Response:
    return await caller.send("POST", path, body, f"multipart/form-data; boundary={BOUNDARY}")


async def bring(caller: Caller, content: bytes, name: str = "photo.png", *, path: str = "images/") -> str:
    """Upload something and return where it is."""
    answer = await send(caller, path, form(content, name))
    assert answer.status_code == 201, answer.text
    assert set(answer.json()) == {"file", "duration"}
    return str(answer.json()["file"])


async def refused(caller: Caller, content: bytes, *, path: str = "images/", **how: Any) -> Failure:
    return failure(await send(caller, path, form(content, **how)))


async def seen(api: Api, url: str, **headers: str) -> httpx.Response:
    """Return what anyone sees at an address."""
    transport = httpx.ASGITransport(api.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport) as browser:
        return await browser.get(url, headers=headers)


@pytest.mark.parametrize("path", ["files/", "files"])
async def test_a_file_is_where_its_address_says(api: Api, path: str) -> None:
    """Feeds §7.5: the path ends in the original name, a query follows, and anyone may fetch it."""
    url = await bring(api.user("alice"), b"hello world", "helloworld.txt", path=path)
    parts = urlsplit(url)
    assert url.startswith(f"{BASE_URL}/media/")
    assert parts.path.endswith("/helloworld.txt")
    assert parse_qs(parts.query) == {"type": ["text/plain"], "bytes": ["11"]}
    answer = await seen(api, url)
    assert (answer.status_code, answer.content) == (200, b"hello world")
    assert (await seen(api, url.partition("?")[0])).content == b"hello world"
    assert (await seen(api, url, **{"If-None-Match": answer.headers["etag"]})).status_code == 304
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_what_could_be_run_is_saved(api: Api) -> None:
    """SEC-020: whatever it is called and declared to be."""
    for name in ("eve.html", "eve.json", "eve.svg", "eve.png"):
        content = b'{"@context":"https://www.w3.org/ns/activitystreams"}<script>alert(1)</script>'
        url = await bring(api.server, content, name, path="files/")
        headers = (await seen(api, url)).headers
        assert headers["content-type"] == opaque.TEXT
        assert headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
        assert headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\\\Users\\\\eve\\\\a b.png", "a%20b.png"), ("..", "file"), ("", "file"),
        ("a?b#c%2F.png", "a%3Fb%23c%252F.png"), ("ü.png", "%C3%BC.png"), ("x" * 300 + ".png", "x" * 146 + ".png"),
        ("a\tb.png", "ab.png"),
    ],
)  # fmt: skip
async def test_names_are_names_and_nothing_else(api: Api, given: str, kept: str) -> None:
    """SEC-071, SEC-116: the bytes lie under their digest; a name is only ever part of an address."""
    answer = await send(api.server, "images/", form(picture(), given))
    url = answer.json()["file"]
    assert urlsplit(url).path.rpartition("/")[2] == kept
    assert (await seen(api, url)).status_code == 200
    assert await api.server.does("DELETE", "files/", url=url) == {}


async def test_an_image_is_seen_as_one(api: Api) -> None:
    url = await bring(api.user("alice"), picture((40, 20), "JPEG"), "holiday.jpg")
    assert {"width": ["40"], "height": ["20"]}.items() <= parse_qs(urlsplit(url).query).items()
    answer = await seen(api, url)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"].startswith("inline")
    assert Image.open(io.BytesIO(answer.content)).size == (40, 20)


async def test_a_bitmap_is_an_image(api: Api) -> None:
    """Feeds §7.5: taken in, changed and deleted as others are."""
    url = await bring(api.server, picture((40, 20), "BMP"), "test.bmp")
    assert (await seen(api, url)).headers["content-type"] == "image/bmp"
    smaller = (await api.server.does("GET", "images/", url=url, w=10, h=5))["file"]
    assert Image.open(io.BytesIO((await seen(api, smaller)).content)).size == (10, 5)
    assert await api.server.does("DELETE", "images/", url=url) == {}


@pytest.mark.parametrize(
    ("content", "named"),
    [(b"hello", "application/octet-stream"), (b"%PDF-1.4", "application/pdf"), (b"\0\1", "application/octet-stream"),
     (b"OggS" + bytes(24) + b"OpusHead", "audio/ogg"), (b"<svg/>", "application/octet-stream")],
)  # fmt: skip
async def test_what_is_no_image_is_called_by_its_name(api: Api, content: bytes, named: str) -> None:
    """Feeds §7.5: the mark in the bytes is looked at, not the type that the part claims; text has none."""
    found = await refused(api.server, content)
    assert found.meaning == (400, 4, "InputException")
    assert found.detail == f"File type {named} is not supported"
    assert found.fields == {"file": [found.detail]}


async def test_a_broken_image_is_told_so(api: Api) -> None:
    found = await refused(api.server, b"\x89PNG\r\n\x1a\nxx")
    assert (found.meaning, found.detail) == ((400, 4, "InputException"), "file: a PNG that breaks off")


async def test_a_form_without_a_file(api: Api) -> None:
    for body in (
        form(b"x", part="other"),
        b"",
        b"nonsense",
        form(picture()).replace(b'; filename="photo.png"', b""),
    ):
        assert failure(await send(api.server, "images/", body)).meaning == (400, 4, "InputException")
    assert (await api.server.fails("POST", "files/", {"file": "x"})).meaning == (400, 4, "InputException")
    assert (await refused(api.server, b"", path="files/")).meaning == (400, 4, "InputException")


async def test_files_have_a_size(ready_url: str, tmp_path: Path) -> None:
    """Feeds §4: more than is read is 413, in the dialect; a body may be as long as a file here and nowhere else."""
    async with opened(ready_url, media_bytes_max="3000000", media_directory=str(tmp_path)) as api:
        await bring(api.server, b"x" * 2_900_000, path="files")
        too_large = (413, 18, "InputBodySizeExceededException")
        assert (await refused(api.server, b"x" * 3_000_001, path="files/")).meaning == too_large
        assert (await refused(api.server, b"x" * 5_000_000, path="files/")).meaning == too_large
        assert (
            await api.server.fails("POST", "moderation/flag/", b'"' + b"x" * 2_000_000 + b'"')
        ).meaning == too_large


async def test_pixels_are_counted(ready_url: str, tmp_path: Path) -> None:
    """SEC-071."""
    async with opened(ready_url, media_pixels_max="500", media_directory=str(tmp_path)) as api:
        assert (await refused(api.server, picture((40, 20)))).meaning == (400, 4, "InputException")
        await bring(api.server, picture((20, 20)))


async def test_what_is_deleted_is_gone(api: Api) -> None:
    """Feeds §7.5: 404 the second time."""
    alice = api.user("alice")
    url = await bring(alice, b"hello", "a.txt", path="files/")
    assert await alice.does("DELETE", "files/", url=url) == {}
    assert (await alice.fails("DELETE", "files/", url=url)).meaning == (404, 16, "DoesNotExistException")
    assert (await seen(api, url)).status_code == 404


async def test_only_whoever_brought_it_and_servers_may_touch_it(api: Api) -> None:
    """Feeds §2.5: 403 for others, once it is there."""
    alice, bob = api.user("alice"), api.user("bob")
    url = await bring(alice, picture())
    denied = (403, 17, "NotAllowedException")
    assert (await bob.fails("DELETE", "images/", url=url)).meaning == denied
    assert (await bob.fails("GET", "images/", url=url, w=5)).meaning == denied
    assert (await bob.fails("POST", "images/refresh/", {"url": url})).meaning == denied
    assert (await alice.does("POST", "images/refresh/", {"url": url}))["url"] == url
    assert await api.server.does("DELETE", "images/", url=url) == {}
    of_server = await bring(api.server, picture())
    assert (await bob.fails("DELETE", "images/", url=of_server)).meaning == denied
    other = await api.tenant("other")
    url = await bring(alice, picture())
    assert (await other.server.fails("DELETE", "images/", url=url)).status == 404
    assert (await seen(api, url)).status_code == 200


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "https://elsewhere.example/media/x/a.png", f"{BASE_URL}/media/", f"{BASE_URL}/media/../x/a.png",
     f"{BASE_URL}/media/{'0' * 30}/a.png", f"{BASE_URL}/media/{'0' * 30}", f"{BASE_URL}x/media/{'0' * 30}/a.png"],
)  # fmt: skip
async def test_addresses_where_nothing_is(api: Api, url: str) -> None:
    found = await api.server.fails("DELETE", "files/", url=url)
    assert found.meaning == ((404, 16, "DoesNotExistException") if url else (400, 4, "InputException"))


async def test_a_server_brings_files_for_a_user(api: Api) -> None:
    """Feeds §2.5: what a server brings for somebody is theirs."""
    type = f"multipart/form-data; boundary={BOUNDARY}"
    answer = await api.server.send("POST", "images/", form(picture()), type, user_id="alice")
    url = answer.json()["file"]
    assert (await api.user("bob").fails("GET", "images/", url=url, w=5)).status == 403
    made = (await api.server.does("GET", "images/", url=url, w=5))["file"]
    await api.user("alice").does("DELETE", "images/", url=made)


async def test_a_name_belongs_to_its_address(api: Api) -> None:
    url = await bring(api.server, picture())
    other = url.replace("photo.png", "other.png")
    assert (await seen(api, other)).status_code == 404
    assert (await api.server.fails("DELETE", "images/", url=other)).status == 404
    bare = url.partition("/photo.png")[0]
    assert (await seen(api, bare)).status_code == 404


async def test_tokens_are_for_files(api: Api) -> None:
    """SEC-101: a token for something else brings nothing here."""
    for claims in (
        {"resource": "feed", "action": "*", "feed_id": "*"}, {"resource": "files", "action": "read", "feed_id": "*"},
        {"resource": "files", "action": "write", "feed_id": "user1"},
    ):  # fmt: skip
        assert (await refused(api.bearing(claims), picture())).meaning == (403, 17, "NotAllowedException")
    url = await bring(api.bearing({"resource": "files", "action": "write", "feed_id": "*"}), picture())
    for unclaimed in (url, url.replace("photo", "other")):  # nor does it tell what is there
        other = api.bearing({"resource": "feed", "action": "*", "feed_id": "*"})
        assert (await other.fails("DELETE", "files/", url=unclaimed)).meaning == (
            403,
            17,
            "NotAllowedException",
        )


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ({"w": 10, "h": 10}, (10, 5)), ({"w": "10", "h": "*"}, (10, 5)), ({"h": 10}, (20, 10)),
        ({"w": 15, "h": 10, "crop": "bottom,right", "resize": "crop"}, (15, 10)),
        ({"w": 14, "h": 3, "resize": "scale"}, (14, 3)), ({"w": 9, "h": 9, "resize": "fill"}, (9, 9)),
        ({"w": 80, "h": 80, "crop": "center", "resize": "clip"}, (80, 40)),
    ],
)  # fmt: skip
async def test_an_image_of_another_size(api: Api, query: dict[str, Any], size: tuple[int, int]) -> None:
    """Feeds §7.5: each way to resize; asked for again it is the same file."""
    alice = api.user("alice")
    url = await bring(alice, picture())
    made = (await alice.does("GET", "images/", url=url, **query))["file"]
    assert made != url
    assert made.partition("?")[0].endswith("/photo.png")
    answer = await seen(api, made)
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.content)).size == size
    assert (await alice.does("GET", "images/", url=url, **query))["file"] == made


async def test_an_image_that_stays_as_it_is(api: Api) -> None:
    url = await bring(api.server, picture())
    assert (await api.server.does("GET", "images/", url=url, w="*"))["file"] == url


@pytest.mark.parametrize(
    "query",
    [{"crop": "impossible"}, {"w": -1}, {"h": -1}, {"w": 0}, {"resize": "impossible"}, {"w": "1e3"}, {"w": 100_000},
     {"w": "x", "h": "y"}],
)  # fmt: skip
async def test_bad_values(api: Api, query: dict[str, Any]) -> None:
    """Feeds §7.5: 400, naming what is wrong; that comes before whether there is such a file."""
    for url in (await bring(api.server, picture()), f"{BASE_URL}/media/{'0' * 30}/a.png"):
        found = await api.server.fails("GET", "images/", url=url, **query)
        assert found.meaning == (400, 4, "InputException")
        assert set(found.fields) <= set(query)


async def test_nothing_is_made_of_what_is_no_picture(api: Api) -> None:
    url = await bring(api.server, b"hello", path="files/")
    assert (await api.server.fails("GET", "images/", url=url, w=5)).meaning == (400, 4, "InputException")
    assert (await api.server.fails("GET", "images/", w=5)).meaning == (400, 4, "InputException")


async def test_what_cannot_be_decoded_is_told(api: Api) -> None:
    """SEC-071: a header that promises a picture, and none behind it."""
    broken = picture()[:60] + b"\0\0\0\0IEND\xaeB`\x82"
    found = await send(api.server, "images/", form(broken))
    if found.status_code == 201:
        assert (await api.server.fails("GET", "images/", url=found.json()["file"], w=5)).meaning[:2] == (
            400,
            4,
        )
    else:
        assert failure(found).meaning[:2] == (400, 4)


async def test_pictures_of_pictures(api: Api) -> None:
    """The SDKs' own tests make one of one that was made; deleting takes along what was made of it."""
    url = await bring(api.server, picture())
    small = (await api.server.does("GET", "images/", url=url, w=20))["file"]
    tiny = (await api.server.does("GET", "images/", url=small, w=10))["file"]
    assert await api.server.does("DELETE", "images/", url=small) == {}
    assert [(await seen(api, one)).status_code for one in (url, small, tiny)] == [200, 404, 404]


async def test_what_is_made_is_no_larger_than_files_may_be(ready_url: str, tmp_path: Path) -> None:
    """SEC-071."""
    async with opened(ready_url, media_bytes_max="1000", media_directory=str(tmp_path)) as api:
        url = await bring(api.server, picture())
        found = await api.server.fails("GET", "images/", url=url, w=4_000, h=4_000, resize="fill")
        assert found.meaning == (400, 4, "InputException")
        await api.server.does("GET", "images/", url=url, w=4)


async def test_there_is_an_end_to_what_is_made(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC-117."""
    monkeypatch.setattr(uploads, "MADE_MAX", 1)
    url = await bring(api.server, picture())
    await api.server.does("GET", "images/", url=url, w=5)
    assert (await api.server.fails("GET", "images/", url=url, w=6)).meaning == (400, 4, "InputException")
    await api.server.does("GET", "images/", url=url, w=5)


async def test_users_are_held_to_a_rate(ready_url: str, tmp_path: Path) -> None:
    """SEC-062: a server paces its own work, a user does not."""
    async with opened(ready_url, limits_requests_per_minute="1000", media_directory=str(tmp_path)) as api:
        api.house.rates = Rates(api.house.config, {"upload": 1}, clock=lambda: 0.0)
        eve = api.user("eve")
        await bring(eve, b"x", path="files/")
        assert (await refused(eve, b"x", path="files/")).meaning == (429, 9, "RateLimitReached")
        for other in (api.user("alice"), api.server, api.server):
            await bring(other, b"x", path="files/")


async def test_files_outlive_the_clearing_of_what_nobody_uses(api: Api) -> None:
    """Feeds §7.5: addresses do not expire."""
    url = await bring(api.server, b"hello", path="files/")
    token = re.findall(r"/media/(\w+)/", url)[0]
    found = await api.house.store.read(media.find, token)
    assert found is not None
    assert await api.house.store.read(media.shown_by, found.id) != []
    assert files.SERVED.startswith("/media/")
