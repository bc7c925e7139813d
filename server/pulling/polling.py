"""Polling: reads a feed once, takes what came, and decides when it is read next (Atom §10.1)."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from federation import Client, FederationError, feeds, next_attempt
from federation.feeds import Fetched
from server.pulling import hubs, units, walking
from server.pulling.discovering import advertised
from server.pulling.reading import outbox as outbox_of
from server.pulling.reading import parsed
from server.pulling.walking import Window
from storage import Store, jobs, subscriptions
from storage.errors import StorageError
from storage.jobs import Job
from storage.subscriptions import Subscription
from streams import pulling
from streams.errors import StreamsError
from streams.pulling import Answer, Taken, taking
from vocab import iri as iris
from vocab.dialects.feedreading import Item, NoFeed, Reading

log = logging.getLogger(__name__)

Ending = Literal["new", "unchanged", "failed", "stopped"]

PAGES_MAX: Final = 10
ITEMS_MAX: Final = 5_000
WALKED_MAX: Final = 50_000
FAILURES_TOLD: Final = 10
"""After so many failures in a row the owner is told, once."""
LEAVES_MAX: Final = 5
"""So often a hub is told that we want to be told no more."""
PROBLEM_CHARS_MAX: Final = 500


@dataclass(slots=True)
class Outcome:
    """What came of reading a feed once; ``problem`` says what is wrong, empty when nothing is."""

    state: Ending
    subscription: Subscription
    taken: Taken = field(default_factory=Taken)
    format: str = ""
    problem: str = ""


class Poller:
    """Reads feeds for the subscriptions of a store."""

    def __init__(self, store: Store, client: Client, *, base_url: str, clock: Callable[[], int]) -> None:
        self._store, self._client, self._base_url, self._clock = store, client, base_url, clock

    async def work(self, job: Job, owner: str) -> None:
        """Do a job: read the feed if its time has come, and leave a job for the next time; or tell a hub to stop."""
        if pulling.hubs.LEAVES in job.payload:
            await self._leave(job, owner)
            return
        one = await self._store.read(subscriptions.by_id, int(job.payload["subscription"]))
        if one is not None and not one.stopped:
            if "body" in job.payload:
                await self._delivered(one, job.payload)
            elif one.next_poll <= self._clock():
                await self._poll_anyway(one)
        await self._store.write(units.look_again, job, owner=owner, now=self._clock())

    async def _leave(self, job: Job, owner: str) -> None:
        """Tell a hub that we want to be told no more; one that cannot be told finds out when it comes (a 410)."""
        done = await hubs.leave(self._client, job.payload[pulling.hubs.LEAVES], base_url=self._base_url)
        if done or job.attempts >= LEAVES_MAX:
            await self._store.write(jobs.finish, job, owner=owner)
            return
        now = self._clock()
        at = next_attempt(job.attempts, now=now, jitter=random.random()) or now  # noqa: S311
        await self._store.write(
            jobs.retry, job, owner=owner, now=now, run_at=at, error="the hub was not told", status=None
        )

    async def _poll_anyway(self, one: Subscription) -> None:
        """Read a feed; a mistake of ours about one feed is its failure, so that it is tried again, later each time."""
        try:
            await self.poll(one)
        except (StorageError, StreamsError):
            raise
        except Exception as error:
            log.exception("%s could not be read", one.url)
            await self._failed(one, f"{type(error).__name__} while it was read")

    async def poll(self, one: Subscription, *, led: bool = False) -> Outcome:
        """Read a feed now and take what came; whatever goes wrong over there is told in the outcome.

        A page that was never a feed leads to the one that it names; what it is ``led`` to has to be one.
        """
        try:
            found = await feeds.fetch(self._client, self._asked(one), etag=one.etag, modified=one.modified)
        except FederationError as error:
            return await self._failed(one, str(error))
        if found.status == 410:
            return await self._stop(one, "it is gone for good")
        if found.status in (429, 503):
            wait = found.retry_after_seconds(self._clock())
            return await self._failed(one, f"the answer is {found.status}", wait)
        if found.status == 304:
            return await self._answered(one, found, None, Taken())
        if found.status != 200:
            return await self._failed(one, f"the answer is {found.status}")
        try:
            reading, found = await self._read(found)
        except NoFeed as error:
            feed = "" if led or one.polled is not None else await asyncio.to_thread(advertised, found)
            if feed:
                return await self._lead(one, feed)
            return await self._failed(one, str(error))
        one = await self._named(one, reading)
        taken = await self._take_all(one, reading, silent=one.polled is None)
        return await self._answered(one, found, reading, taken)

    async def _lead(self, one: Subscription, feed: str) -> Outcome:
        """Read the feed that a page names in its place."""
        there = await self._store.write(units.led, one.id, feed)
        if there is None:
            return await self._failed(one, f"it is a page, whose feed {feed} is read for this actor already")
        return await self.poll(there, led=True)

    def _asked(self, one: Subscription) -> str:
        return Window().address(one.url) if _walks(one) else one.url

    async def _read(self, found: Fetched) -> tuple[Reading, Fetched]:
        """Read an answer; an actor's leads to its outbox, whose activities it is about."""
        outbox = await asyncio.to_thread(outbox_of, found)
        if outbox:
            try:
                found = await feeds.fetch(self._client, outbox)
            except FederationError as error:
                raise NoFeed(str(error)) from error
        return await self._parsed(found), found

    async def _parsed(self, found: Fetched) -> Reading:
        return await parsed(found.answer.body, found_at=found.answer.url, content_type=found.content_type)

    async def _delivered(self, one: Subscription, payload: dict[str, Any]) -> None:
        """Take what a hub has delivered; what cannot be read is left to the next poll (Atom §16)."""
        body = str(payload["body"]).encode()
        try:
            reading = await parsed(
                body, found_at=one.topic or one.url, content_type=str(payload.get("type", ""))
            )
        except NoFeed as error:
            log.info("a hub delivered what cannot be read for %s: %s", one.url, error)
            return
        await self._take(one, reading, silent=False)

    async def _take_all(self, one: Subscription, reading: Reading, *, silent: bool) -> Taken:
        """Take a reading, and further pages for as long as all that they bring is new."""
        taken = await self._take(one, reading, silent=silent)
        if _walks(one) and not reading.next:
            return await self._walk(one, reading, taken, silent=silent)
        pages, seen = 1, len(reading.items)
        while reading.next and taken.known == 0 and pages < PAGES_MAX and seen < ITEMS_MAX:
            following = await self._page(reading.next, one.url)
            if following is None:
                break
            reading, pages, seen = following, pages + 1, seen + len(following.items)
            taken += await self._take(one, reading, silent=silent)
        return taken

    async def _walk(self, one: Subscription, reading: Reading, taken: Taken, *, silent: bool) -> Taken:
        """Read the history of a server without paging, window by window, as far as it brings anything new."""
        window: Window | None = Window().after(reading.items, new=taken.new if taken.known == 0 else 0)
        pages = 1
        while window is not None and pages < walking.PAGES_MAX and taken.new < WALKED_MAX:
            following = await self._page(window.address(one.url), one.url)
            if following is None:
                break
            came = await self._take(one, following, silent=silent)
            taken += came
            pages += 1
            window = window.after(following.items, new=came.new + came.left_out)
        return taken

    async def _page(self, url: str, of: str) -> Reading | None:
        """Read another page of a feed, of the same server; None when it cannot be had."""
        if not iris.same_origin(url, of):
            return None
        try:
            found = await feeds.fetch(self._client, url)
            return await self._parsed(found) if found.status == 200 else None
        except (FederationError, NoFeed) as error:
            log.info("a further page of %s was not read: %s", of, error)
            return None

    async def _take(self, one: Subscription, reading: Reading, *, silent: bool) -> Taken:
        """Take a reading, a few entries at a time."""
        taken = Taken()
        items: list[Item] = sorted(reading.items, key=lambda item: item.entry.get("published", ""))
        for start in range(0, len(items), taking.TOGETHER):
            some = items[start : start + taking.TOGETHER]
            taken += await self._store.write(units.take, one.id, some, silent, self._base_url, self._clock())
        for start in range(0, len(reading.deleted), taking.TOGETHER):
            gone = reading.deleted[start : start + taking.TOGETHER]
            taken += await self._store.write(units.forget, one.id, gone, self._base_url, self._clock())
        return taken

    async def _named(self, one: Subscription, reading: Reading) -> Subscription:
        """Remember what the feed calls itself, before anything is told of it."""
        return await self._store.write(units.name, one, reading, self._base_url, self._clock())

    async def _answered(
        self, one: Subscription, found: Fetched, reading: Reading | None, taken: Taken
    ) -> Outcome:
        """Note that a feed has answered, where it is now, and when to come again."""
        now = self._clock()
        said = found.max_age_seconds
        answer = Answer(said or one.asked_interval)
        if reading is not None:
            answer = Answer(max(said, reading.interval_seconds), reading.skip_hours, reading.skip_days)
        problem = "; ".join(reading.warnings)[:PROBLEM_CHARS_MAX] if reading else one.problem
        values: dict[str, Any] = {
            "asked_interval": min(answer.interval_seconds, pulling.schedule.INTERVAL_SECONDS_MAX),
            "polled": now,
            "failures": 0,
            "problem": problem,
            "next_poll": pulling.after_answer(
                one.interval, answer, now=now, jitter=random.random(), told_by_hub=_hub_tells(one, now)  # noqa: S311
            ),
        }  # fmt: skip
        if reading is not None:
            headers = found.answer.headers
            values |= {"etag": headers.get("etag"), "modified": headers.get("last-modified")}
        renewal = pulling.hubs.renewal(one)
        if renewal is not None:
            values["next_poll"] = min(values["next_poll"], max(renewal, now))
        one = await self._store.write(units.answered, one.id, values, found.answer.moved_to)
        await hubs.ask(
            self._store, self._client, one, found, reading, base_url=self._base_url, clock=self._clock
        )
        return Outcome(
            "unchanged" if reading is None else "new", one, taken, reading.format if reading else "", problem
        )

    async def _failed(self, one: Subscription, problem: str, wait_seconds: int | None = None) -> Outcome:
        """Note that a feed did not answer, and come again later each time."""
        now, failures = self._clock(), one.failures + 1
        at = pulling.after_failure(
            one.interval,
            failures,
            now=now,
            jitter=random.random(),  # noqa: S311
            retry_after_seconds=wait_seconds,
        )
        values = {"failures": failures, "problem": problem[:PROBLEM_CHARS_MAX], "next_poll": at}
        one = await self._store.write(units.settle, one.id, values)
        if failures == FAILURES_TOLD:
            told = f"{one.url} has failed {failures} times in a row: {problem}. It is tried once a day."
            await self._store.write(units.tell_owner, one.id, told, self._base_url, now)
        return Outcome("failed", one, problem=problem)

    async def _stop(self, one: Subscription, problem: str) -> Outcome:
        """Read a feed no more, and tell its owner (Atom §10.1)."""
        one = await self._store.write(units.settle, one.id, {"state": 1, "problem": problem})
        told = f"{one.url} is not read any more: {problem}."
        await self._store.write(units.tell_owner, one.id, told, self._base_url, self._clock())
        return Outcome("stopped", one, problem=problem)


def _walks(one: Subscription) -> bool:
    return bool(one.settings.get("walk")) or walking.is_walked(one.url)


def _hub_tells(one: Subscription, now: int) -> bool:
    return one.hub_until is not None and one.hub_until > now
