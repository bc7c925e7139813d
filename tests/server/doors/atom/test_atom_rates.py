"""What costs us much is not done for one caller as often as they like (SEC-062)."""

from collections.abc import AsyncIterator

import pytest
from atomhall import BASE_URL, Hall, opened

from server.auth.rates import Rates

pytestmark = pytest.mark.anyio

OPML = '<opml version="2.0"><body><outline xmlUrl="https://a.example/1"/><outline xmlUrl="https://a.example/2"/></body></opml>'


@pytest.fixture
async def hall(ready_url: str) -> AsyncIterator[Hall]:
    """A server that limits its callers, as one does that others reach."""
    async with opened(ready_url, limits_requests_per_minute="1000") as made:
        yield made


async def test_the_hub_is_not_asked_without_end(hall: Hall) -> None:
    """WebSub §5: for each asking a feed is written, and a topic may be kept."""
    hall.house.rates = Rates(hall.house.config, {"ask the hub": 1}, clock=lambda: 0.0)
    form = {
        "hub.mode": "subscribe",
        "hub.topic": f"{BASE_URL}/activity",
        "hub.callback": "https://there.example/",
    }
    assert (await hall.anybody.ask("POST", "/websub/hub", data=form)).status_code == 202
    refused = await hall.anybody.ask("POST", "/websub/hub", data=form)
    assert (refused.status_code, "retry-after" in refused.headers) == (429, True)


async def test_a_list_of_feeds_counts_as_so_many(hall: Hall) -> None:
    """Atom §14: each feed that is brought gets an actor."""
    await hall.member("ada")
    hall.house.rates = Rates(hall.house.config, {"publish": 1}, clock=lambda: 0.0)
    refused = await hall.basic("ada").ask("POST", "/subscriptions.opml", content=OPML)
    assert refused.status_code == 429
    assert "outline" not in (await hall.basic("ada").get("/subscriptions.opml")).text
