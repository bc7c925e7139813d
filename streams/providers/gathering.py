"""One stream of what several providers have (Atom §8.3): asked at once, awaited until one moment, and looked at again.

Whoever is late is left out and named, whoever fails is left out; nobody waits for them. What they hand over is read
within bounds, and asked once more whether it was asked for.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any, Final

from storage.entries import NEWEST
from streams.providers import breaker, filtering, intake
from streams.providers.breaker import Record
from streams.providers.intake import Taken
from streams.providers.onlooker import Onlooker
from streams.providers.order import position
from streams.providers.provider import Problems, Throttled
from streams.providers.quarters import Crowded, Quarters, is_inside, quarters
from streams.providers.request import FeedRequest, Filter
from vocab import Audience
from vocab.audience import without_blind
from vocab.entry import Entry

log = logging.getLogger(__name__)

AHEAD_MAX: Final = timedelta(days=1)
"""What others say will happen later than that is not shown: it would stand on top for good."""
STOPS_SECONDS: Final = 1.0
"""So long a cancelled provider may take to stop (Atom §8.3)."""
OFTEN_SECONDS: Final = 5.0
"""How long a provider rests that has no room for another call."""

Answer = tuple[Taken, Problems]


@dataclass(slots=True)
class Running:
    """A provider that is in use: where its code runs, and what happened to it lately."""

    provider: Any
    key: str
    name: str
    place: Quarters
    record: Record = field(default_factory=Record)
    failures: int = 0
    last_failure: str = ""

    @classmethod
    def of(cls, provider: Any) -> "Running":
        """Return a provider as it has just been put in use."""
        return cls(provider, str(provider.key), str(provider.name), quarters(provider, str(provider.key)))

    @property
    def is_ours(self) -> bool:
        """Whether what it hands over is believed."""
        return is_inside(self.provider)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A page of a stream: entries, newest first, and what kept others away.

    ``floor`` is the place below which there may be more, None at the end; of a page that was asked for upward,
    ``ceiling`` is the place above which there may be more, None at the beginning.
    """

    entries: list[Entry] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    floor: tuple[int, int] | None = None
    ceiling: tuple[int, int] | None = None


def go_upward(asked: Iterable[Running]) -> bool:
    """Tell whether all providers can be asked upward: a page of those that cannot would have gaps (Atom §15)."""
    return all(getattr(one.provider, "upward", False) is True for one in asked)


async def gather(
    asked: Sequence[Running],
    request: FeedRequest,
    provider_filters: Mapping[str, Sequence[Filter]],
    *,
    now: datetime,
    clock: Callable[[], float] = time.monotonic,
) -> Gathered:
    """Ask providers for a page and return what came within ``request.timeout`` seconds.

    ``provider_filters`` are those of single providers, by their keys. ``now`` is the time of day, ``clock`` gives
    seconds for the schedule of those that are late.
    """
    problems, tasks = Problems(), dict[asyncio.Task[Answer], Running]()
    requests: list[FeedRequest] = []
    for one in asked:
        why = breaker.rests(one.record, clock())
        if why is not None:
            named = (one.name,)
            problems += Problems(banned=named) if why == "banned" else Problems(throttled=named)
            continue
        wanted = _request(request, one, provider_filters.get(one.key, ()))
        requests.append(wanted)
        tasks[asyncio.create_task(_ask(one, wanted, now), name=f"provider {one.key}")] = one
    if tasks:
        await asyncio.wait(tasks, timeout=request.timeout)
    found: list[Taken] = []
    for task, one in tasks.items():
        taken, problem = _judged(task, one, request, clock)
        problems += problem
        if taken is not None:
            found.append(taken)
    for wanted in requests:
        wanted.stopping.set()
    return _merged(found, problems, request.max_results, upward=request.upward)


def _request(request: FeedRequest, one: Running, filters: Sequence[Filter]) -> FeedRequest:
    """Return what one provider is asked. To those that know dates alone, the ends of a page are dates too."""
    wanted = replace(request, provider_filters=tuple(filters), stopping=Event())
    dates: list[Filter] = []
    if not one.is_ours and request.before[0] != NEWEST:
        dates.append(Filter(filtering.DATE, "BEFORE", (str(request.before[0] // 1_000 + 1),)))
    if not one.is_ours and request.after[0] > 0:
        dates.append(Filter(filtering.DATE, "AFTER", (str(request.after[0] // 1_000 - 1),)))
    return replace(wanted, filters=(*request.filters, *dates)) if dates else wanted


async def _ask(one: Running, request: FeedRequest, now: datetime) -> Answer:
    """Ask one provider, and read, where its code runs, what it hands over: that may take long too."""

    async def call() -> tuple[Taken, Any]:
        answer = one.provider.feed(request)
        if hasattr(answer, "__await__"):
            answer = await answer
        taken = intake.take(
            answer, key=one.key, most=request.max_results, ours=one.is_ours, upward=request.upward
        )
        return taken, getattr(answer, "problems", None)

    taken, problems = await one.place.run(call)
    if taken.refused:
        log.warning(
            "provider %s: %d entries left out, the last because %s (request %s)",
            one.key, taken.refused, taken.reason, request.request_id,
        )  # fmt: skip
    return _rechecked(taken, one, request, now), problems if isinstance(problems, Problems) else Problems()


def _judged(
    task: asyncio.Task[Answer], one: Running, request: FeedRequest, clock: Callable[[], float]
) -> tuple[Taken | None, Problems]:
    """Return what a provider brought, and note how it did."""
    if not task.done():
        _let_go(task, one)
        one.record = breaker.after_delay(one.record, clock())
        log.warning("provider %s was late (request %s)", one.key, request.request_id)
        return None, Problems(timed_out=(one.name,))
    error = RuntimeError("cancelled itself") if task.cancelled() else task.exception()
    if error is None:
        one.record = breaker.after_success(one.record)
        return task.result()
    if isinstance(error, Throttled | Crowded):
        seconds = error.seconds if isinstance(error, Throttled) else OFTEN_SECONDS
        one.record = breaker.after_refusal(one.record, clock(), seconds)
        return None, Problems(throttled=(one.name,))
    one.failures, one.last_failure = one.failures + 1, f"{type(error).__name__}: {error}"[:500]
    log.error("provider %s failed (request %s)", one.key, request.request_id, exc_info=error)
    return None, Problems()


_lingering: set[asyncio.Task[Any]] = set()


def _let_go(task: asyncio.Task[Any], one: Running) -> None:
    """Cancel a task and wait no longer for it; when it does not stop, say so once."""
    task.cancel()
    _lingering.add(task)

    def ended(_: asyncio.Task[Any]) -> None:
        _lingering.discard(task)
        waiting.cancel()
        if not task.cancelled():
            task.exception()

    def complain() -> None:
        log.warning("provider %s does not stop when it is told to", one.key)

    waiting = asyncio.get_running_loop().call_later(STOPS_SECONDS, complain)
    task.add_done_callback(ended)


def _rechecked(taken: Taken, one: Running, request: FeedRequest, now: datetime) -> Taken:
    """Leave out what was not asked for, or is not for this reader (Atom §8.3 rule 1).

    An answer that does not reach down to where the page begins says nothing of where it may end.
    """
    filters = (*request.filters, *request.provider_filters)
    ask = filtering.question(filters, base_url=request.base_url)
    latest = now + AHEAD_MAX
    kept = [
        entry if one.is_ours else replace(entry, activity=without_blind(entry.activity))
        for entry in taken.entries
        if request.after < position(entry) < request.before
        and (one.is_ours or (entry.published <= latest and is_for(entry, request.viewer)))
        and ask(entry)
    ]
    floor = taken.floor if taken.floor is not None and taken.floor < request.before else None
    return replace(taken, entries=kept, floor=floor)


def is_for(entry: Entry, onlooker: Onlooker) -> bool:
    """Tell whether an entry that is not stored here may be shown to a reader: when it says for whom it is, they are.

    One that does not say so was made for this reader by its provider.
    """
    audience = Audience.of(entry.activity)
    if audience == Audience() or audience.public:
        return True
    viewer = onlooker.viewer
    return viewer is not None and not onlooker.by_token and viewer.iri in audience.recipients


def _merged(found: Sequence[Taken], problems: Problems, most: int, *, upward: bool) -> Gathered:
    """Put answers together, newest first, each id once, stored ones before others that claim their ids.

    An answer that was full says nothing of what is beyond its last entry; so the page ends there.
    """
    entries = sorted((entry for taken in found for entry in taken.entries), key=position, reverse=True)
    once: dict[str, Entry] = {}
    for entry in entries:
        held = once.get(entry.id)
        if held is None or (held.item is None and entry.item is not None):
            once[entry.id] = entry
    shown = sorted(once.values(), key=position, reverse=True)
    if upward:
        ceilings = [taken.ceiling for taken in found if taken.ceiling is not None]
        ceiling = min(ceilings, default=None)
        shown = [entry for entry in shown if ceiling is None or position(entry) <= ceiling]
        if len(shown) > most:
            shown = shown[-most:]
            ceiling = position(shown[0])
        return Gathered(shown, problems, ceiling=ceiling)
    floors = [taken.floor for taken in found if taken.floor is not None]
    floor = max(floors, default=None)
    if floor is not None:
        shown = [entry for entry in shown if position(entry) >= floor]
    if len(shown) > most:
        shown = shown[:most]
        floor = position(shown[-1])
    return Gathered(shown, problems, floor)
