"""What every provider has to keep, tried on one of them (Atom §8.4): for authors of plug-ins.

The same question is asked in several ways. A rule that cannot be tried for want of entries says so and counts as kept.
"""

import asyncio
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from server.providers import dangers, discovery
from server.providers.registry import unfit
from streams.providers import FeedRequest, Filter, Settings, filtering, intake, position
from streams.providers.quarters import Aside, Quarters, quarters
from vocab import instants
from vocab.entry import Entry

MOST: Final = 50
SECONDS: Final = 10.0
STOPS_SECONDS: Final = 1.0
BASE_URL: Final = "https://hub.example"
UNTRIED: Final = "not tried: it has too few entries"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one rule."""

    rule: str
    passed: bool
    told: str


async def check(factory: str, settings: Mapping[str, Any] | None = None) -> list[Finding]:
    """Try the provider that a factory makes, given as ``package.module:name``; return what was found, rule by rule."""
    try:
        async with asyncio.timeout(SECONDS):
            provider = await Aside(factory).run(lambda: discovery.loaded(factory)(Settings(settings)))
    except Exception as error:
        return [Finding("made", False, f"{type(error).__name__}: {error}")]
    problem = unfit(provider)
    if problem:
        return [Finding("interface", False, problem)]
    trial = _Trial(provider)
    if hasattr(provider, "startup"):
        await trial.place.run(provider.startup)
    try:
        return [Finding("interface", True, f"{provider.key}, {provider.name}"), *await trial.findings()]
    finally:
        if hasattr(provider, "shutdown"):
            await trial.place.run(provider.shutdown)
        trial.place.close()


class _Trial:
    """One provider on trial."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self.place: Quarters = quarters(provider, provider.key)

    async def findings(self) -> list[Finding]:
        try:
            entries = await self._entries()
        except Exception as error:
            return [Finding("answers", False, f"{type(error).__name__}: {error}")]
        return [
            Finding("answers", True, f"{len(entries)} entries"),
            await self._complete(),
            await self._determined(entries),
            _ordered(entries),
            await self._bounded(entries),
            await self._by_date(entries),
            await self._by_user(entries),
            await self._by_text(entries),
            _safe(entries),
            await self._stops(),
        ]

    async def _answer(self, most: int = MOST, filters: Sequence[Filter] = ()) -> Any:
        request = FeedRequest(most, SECONDS, tuple(filters), base_url=BASE_URL, request_id="check")
        async with asyncio.timeout(SECONDS):
            return await self.place.run(lambda: self._provider.feed(request))

    async def _taken(self, most: int = MOST, filters: Sequence[Filter] = ()) -> intake.Taken:
        answer = await self._answer(most, filters)
        return intake.take(answer, key=self._provider.key, most=most + 1, ours=False, sort=False)

    async def _entries(self, most: int = MOST, filters: Sequence[Filter] = ()) -> list[Entry]:
        return (await self._taken(most, filters)).entries

    async def _complete(self) -> Finding:
        taken = await self._taken()
        if taken.refused:
            return Finding("entries", False, f"{taken.refused} left out, the last because {taken.reason}")
        return Finding("entries", True, "all can be read")

    async def _determined(self, entries: list[Entry]) -> Finding:
        again = await self._entries()
        passed = [one.as_dict() for one in entries] == [one.as_dict() for one in again]
        return Finding("determinism", passed, "the same twice" if passed else "two answers differ")

    async def _bounded(self, entries: list[Entry]) -> Finding:
        if len(entries) < 2:
            return Finding("max_results", len(entries) <= MOST, UNTRIED)
        few = await self._entries(1)
        passed = len(entries) <= MOST and len(few) == 1 and few[0].id == entries[0].id
        return Finding(
            "max_results", passed, "one is the newest" if passed else f"asked for 1 it gave {len(few)}"
        )

    async def _by_date(self, entries: list[Entry]) -> Finding:
        if len(entries) < 2:
            return Finding("dates", True, UNTRIED)
        middle = entries[len(entries) // 2].published
        until = str(instants.microseconds(middle) // 1_000)
        return await self._filtered("dates", entries, Filter(filtering.DATE, "AFTER", (until,)))

    async def _by_user(self, entries: list[Entry]) -> Finding:
        return await self._filtered("users", entries, Filter("user", "IS", ("nobody-is-called-this",)))

    async def _by_text(self, entries: list[Entry]) -> Finding:
        return await self._filtered("text", entries, Filter("text", "CONTAINS", ("nobody-says-this",)))

    async def _filtered(self, rule: str, entries: list[Entry], one: Filter) -> Finding:
        """Ask with a filter: what is given back, once the server has looked again, is what was meant, in full."""
        ask = filtering.question([one], base_url=BASE_URL)
        expected = [entry.id for entry in entries if ask(entry)]
        found = [entry.id for entry in await self._entries(filters=[one]) if ask(entry)]
        missing = len(set(expected) - set(found))
        told = (
            f"{missing} entries that are meant are missing" if missing else "nothing that is meant is missing"
        )
        return Finding(rule, not missing, told)

    async def _stops(self) -> Finding:
        """Cancel a question at once; its code has to be out of the way within a second."""
        stopping = threading.Event()
        request = FeedRequest(MOST, SECONDS, base_url=BASE_URL, request_id="check", stopping=stopping)
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()

        async def call() -> None:
            try:
                found = self._provider.feed(request)
                if hasattr(found, "__await__"):
                    await found
            finally:
                loop.call_soon_threadsafe(ended.set)

        task = asyncio.create_task(self.place.run(call))
        await asyncio.sleep(0.05)
        stopping.set()
        task.cancel()
        started = time.monotonic()
        try:
            async with asyncio.timeout(STOPS_SECONDS):
                await ended.wait()
        except TimeoutError:
            return Finding("cancellation", False, f"it goes on after {STOPS_SECONDS} s")
        await asyncio.gather(task, return_exceptions=True)
        return Finding("cancellation", True, f"it stops within {max(0.0, time.monotonic() - started):.1f} s")


def _ordered(entries: list[Entry]) -> Finding:
    """Tell whether entries come newest first, each once, and none from the future."""
    ids = [entry.id for entry in entries]
    if len(set(ids)) != len(ids):
        return Finding("order", False, "an id comes twice")
    if any(entry.published > datetime.now(UTC) for entry in entries):
        return Finding("order", False, "an entry is from the future")
    passed = entries == sorted(entries, key=position, reverse=True)
    return Finding("order", passed, "newest first" if passed else "not newest first")


def _safe(entries: list[Entry]) -> Finding:
    """Tell whether markup comes as it may be shown: what the server would take out is not there (Atom §17.1)."""
    for entry in entries:
        texts = [entry.title_html]
        for thing in (entry.activity, *entry.activity.embedded("object")):
            texts += [thing.text("content") or "", thing.text("summary") or ""]
        for text in texts:
            if found := dangers.of(text):
                return Finding("html", False, f"{entry.id} has {', '.join(found)}")
    return Finding("html", True, "nothing that could run")
