"""Pages of others, fetched and remembered."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from federation import Client, OutboundPolicy
from server.opengraph import NoPreview, Previews, previews

pytestmark = pytest.mark.anyio
PAGE = "https://blog.example/1"


class Web:
    """Answers every request alike, and counts them."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answer: Callable[[], httpx.Response] = lambda: page("<title>t</title>")
        self.now = 0
        client = Client(
            OutboundPolicy("test", frozenset({"https://here.example"})),
            transport=httpx.MockTransport(self._give),
        )
        self.previews = Previews(client, clock=lambda: self.now)

    async def _give(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        await asyncio.sleep(0)
        return self.answer()

    async def find(self, address: str = PAGE) -> dict[str, Any]:
        return await self.previews.find(address)


def page(
    markup: str | bytes, status: int = 200, content_type: str = "text/html", **headers: str
) -> httpx.Response:
    content = markup.encode() if isinstance(markup, str) else markup
    return httpx.Response(status, content=content, headers={"Content-Type": content_type, **headers})


@pytest.fixture
def web() -> Web:
    return Web()


async def test_a_page_is_fetched_once_for_a_while(web: Web) -> None:
    """Feeds §7.4: cached, however many ask at once."""
    assert {(await one)["title"] for one in [asyncio.create_task(web.find()) for _ in range(5)]} == {"t"}
    await web.find()
    assert len(web.requests) == 1
    assert web.requests[0].headers["accept"] == previews.ACCEPT
    web.now += previews.FRESH_US
    await web.find()
    assert len(web.requests) == 2


@pytest.mark.parametrize(
    "answer",
    [
        lambda: page("<title>t</title>", 404),
        lambda: page("<title>t</title>", content_type="application/json"),
        lambda: page("<p>nothing"),
        lambda: page(b"x" * 2_000_000),
        lambda: page("<title>t</title>", 302, Location="https://here.example/private"),
        lambda: page("", 302, Location="http://blog.example/1"),
        lambda: page("<title>t</title>", **{"Content-Encoding": "compress"}),
    ],
    ids=["missing", "no page", "empty", "large", "to us", "to http", "compressed"],
)
async def test_what_is_no_page_has_no_preview(web: Web, answer: Callable[[], httpx.Response]) -> None:
    """Feeds §7.4: non-HTML, unreachable, or without data; and it is not asked for again at once."""
    web.answer = answer
    for _ in range(2):
        with pytest.raises(NoPreview):
            await web.find()
    assert len(web.requests) == 1
    web.answer = lambda: page("<title>better</title>")
    web.now += previews.SILENT_US
    assert (await web.find())["title"] == "better"


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "ftp://blog.example/", "file:///etc/passwd", "https://here.example/", "https://" + "x" * 3_000,
     "https://user:pass@blog.example/", "//blog.example", "https://[::1"],
)  # fmt: skip
async def test_some_addresses_are_never_asked(web: Web, address: str) -> None:
    """SEC-040, SEC-045."""
    with pytest.raises(NoPreview):
        await web.find(address)
    assert web.requests == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "localhost", "0.0.0.0"]
)
async def test_addresses_inside_are_refused(host: str) -> None:
    """SEC-044: link previews go out through the same gate as everything else, and the answer does not say why."""
    async with Client(OutboundPolicy("test")) as client:
        with pytest.raises(NoPreview, match=r"^the address cannot be read$"):
            await Previews(client, clock=lambda: 0).find(f"http://{host}/")


async def test_addresses_are_resolved_where_the_page_was_in_the_end(web: Web) -> None:
    answers = iter(
        [page("", 301, Location="/deep/er/"), page("<title>t</title><meta property=og:image content=i.png>")]
    )
    web.answer = lambda: next(answers)
    found = await web.find()
    assert found["images"] == [{"image": "https://blog.example/deep/er/i.png"}]
    assert (found["url"], found["original_url"]) == ("https://blog.example/deep/er/", PAGE)
