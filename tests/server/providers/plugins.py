"""Plug-ins to try: one that is as it should be, and some that are not."""

import time
from collections.abc import Mapping
from typing import Any

from streams.providers import FeedRequest, filtering

POST = "http://activitystrea.ms/schema/1.0/post"


def made(n: int, **members: Any) -> dict[str, Any]:
    return {
        "id": f"https://plug.example/{n}", "type": "Create", "published": f"2026-01-01T00:00:{n:02d}Z", "verb": [POST],
        "actor": {"type": "Person", "name": "Ann", "preferredUsername": "ann"}, "application": "plug",
        "titleHtml": f"Ann posted {n}", **members,
    }  # fmt: skip


class Answer:
    def __init__(self, entries: list[Any]) -> None:
        self.title, self.subtitle, self.entries = "Plug", None, entries


class Plug:
    """A provider that does nothing but what the interface says."""

    key, name = "plug", "Plug"
    requires = "1"

    def __init__(self, config: Mapping[str, Any] | None) -> None:
        self.config = dict(config or {})
        self.calls: list[str] = []

    async def startup(self) -> None:
        self.calls.append("startup")

    async def shutdown(self) -> None:
        self.calls.append("shutdown")

    def entries(self) -> list[dict[str, Any]]:
        return [made(n) for n in reversed(range(self.config.get("count", 20)))]

    async def feed(self, request: FeedRequest) -> Answer:
        after = filtering.bounds([*request.filters, *request.provider_filters])[0]
        entries = [
            one for one in self.entries() if int(one["id"].rpartition("/")[2]) * 10**6 + NEW_YEAR > after
        ]
        return Answer(entries[: request.max_results])


NEW_YEAR = 1_767_225_600_000_000


class Later(Plug):
    requires = "2"


class Reserved(Plug):
    key = "streams"


class Other(Plug):
    key = "other"
    blocking = True

    def feed(self, request: FeedRequest) -> Answer:  # type: ignore[override]
        return Answer(self.entries()[: request.max_results])


class Unordered(Plug):
    async def feed(self, request: FeedRequest) -> Answer:
        return Answer(list(reversed((await super().feed(request)).entries)))


class Random(Plug):
    async def feed(self, request: FeedRequest) -> Answer:
        return Answer([made(3, summary=str(time.perf_counter_ns()))])


class Greedy(Plug):
    async def feed(self, request: FeedRequest) -> Answer:
        return Answer([made(n % 60, id=f"https://plug.example/x{n}") for n in reversed(range(60))])


class Evil(Plug):
    def entries(self) -> list[dict[str, Any]]:
        return [made(1, titleHtml="<img src=x onerror=alert(1)>"), made(0)]


class Hasty(Plug):
    """Asks for the newest first and filters afterwards: what is meant and older goes missing."""

    async def feed(self, request: FeedRequest) -> Answer:
        return Answer([] if request.filters else self.entries()[: request.max_results])


class Stubborn(Plug):
    blocking = True

    def feed(self, request: FeedRequest) -> Answer:  # type: ignore[override]
        time.sleep(1.5)
        return Answer(self.entries()[: request.max_results])


class Broken(Plug):
    def entries(self) -> list[dict[str, Any]]:
        return [{"id": "https://plug.example/1"}]


class Unstarted(Plug):
    async def startup(self) -> None:
        raise ValueError("no database")


def quits(config: Any) -> Any:
    raise SystemExit(3)


def nothing(config: Any) -> Any:
    return None


not_a_factory = 5
