"""Open graph at the door (Feeds §7.4)."""

import httpx
import pytest
from feedsapi import Api, opened

from federation import Client, OutboundPolicy
from server.auth.rates import Rates
from server.opengraph import Previews

pytestmark = pytest.mark.anyio

PAGE = "https://blog.example/1"
MARKUP = "<title>t</title><meta property='og:image' content='/i.png'>"


def publish(api: Api, markup: str, content_type: str = "text/html") -> None:
    """Let the whole web be one page."""
    answer = httpx.Response(200, text=markup, headers={"Content-Type": content_type})
    client = Client(OutboundPolicy("test"), transport=httpx.MockTransport(lambda _: answer))
    api.house.previews = Previews(client, clock=api.house.ports.clock)


async def test_a_page_is_described(api: Api) -> None:
    """Feeds §7.4, §2.5: to anyone."""
    publish(api, MARKUP)
    expected = {
        "title": "t", "description": "", "url": PAGE, "original_url": PAGE,
        "images": [{"image": "https://blog.example/i.png"}],
    }  # fmt: skip
    for caller in (
        api.server,
        api.user("bob"),
        api.bearing({"resource": "url", "action": "read", "feed_id": "*"}),
    ):
        assert await caller.does("GET", "og/", url=PAGE) == expected
        assert await caller.does("GET", "og", url=PAGE) == expected


@pytest.mark.parametrize(
    "url", [None, "", "nonsense", "http://10.0.0.1/", "http://169.254.169.254/latest", "file:///etc/passwd",
            "http://127.0.0.1:8000/actor", "gopher://x/"],
)  # fmt: skip
async def test_what_cannot_be_described(api: Api, url: str | None) -> None:
    """Feeds §7.4: 400 code 4, of addresses inside too; none of them is asked (SEC-044)."""
    query = {} if url is None else {"url": url}
    found = await api.server.fails("GET", "og/", **query)
    assert found.meaning == (400, 4, "InputException")
    assert found.fields == (None if url else {"url": ["this field is required"]})


async def test_how_it_is_said_that_there_is_nothing(api: Api) -> None:
    """Feeds §4, §7.4: programs compare all that is answered beside the duration."""
    publish(api, "", "application/octet-stream")
    answer = await api.server("GET", "og/", url=PAGE)
    assert {name: value for name, value in answer.json().items() if name != "duration"} == {
        "code": 4, "detail": "couldn't find og data for the provided url", "exception": "InputException",
        "more_info": "https://getstream.io/docs/api_error_responses", "status_code": 400,
    }  # fmt: skip


async def test_what_is_no_page(api: Api) -> None:
    publish(api, MARKUP, "application/octet-stream")
    assert (await api.server.fails("GET", "og/", url=PAGE)).meaning == (400, 4, "InputException")


async def test_a_token_for_something_else(api: Api) -> None:
    """SEC-101."""
    caller = api.bearing({"resource": "files", "action": "*", "feed_id": "*"})
    assert (await caller.fails("GET", "og/", url=PAGE)).meaning == (403, 17, "NotAllowedException")


async def test_users_are_held_to_a_rate(ready_url: str) -> None:
    """SEC-062."""
    async with opened(ready_url, limits_requests_per_minute="1000") as api:
        publish(api, MARKUP)
        api.house.rates = Rates(api.house.config, {"read elsewhere": 1}, clock=lambda: 0.0)
        bob = api.user("bob")
        await bob.does("GET", "og/", url=PAGE)
        assert (await bob.fails("GET", "og/", url=PAGE)).meaning == (429, 9, "RateLimitReached")
        await api.user("eve").does("GET", "og/", url=PAGE)
