"""The hub's calls to subscribers: do you want this? and: this is what it says now (WebSub §5.3, §7).

Callbacks are addresses that anybody may name: they are called by the one guarded client, and never twice at once.
"""

import hmac
import random
import secrets
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from federation.backoff import next_attempt
from federation.client import Client
from federation.clock import Clock
from federation.errors import OutboundError, Refused
from storage import Store, jobs, subscribers
from storage.jobs import Job
from storage.subscribers import Subscriber

ATTEMPTS_MAX: Final = 3
"""So often somebody is asked whether they want something."""
GIVE_UP_US: Final = 24 * 3_600 * 1_000_000
CHALLENGE_BYTES: Final = 32
GONE: Final = 410


def signature(secret: str, body: bytes, method: str = "sha256") -> str:
    """Return the value of ``X-Hub-Signature`` (WebSub §8)."""
    return f"{method}={hmac.digest(secret.encode(), body, method).hex()}"


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    """Return an address with further parameters behind those that it has."""
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(parameters)) if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


class Hub:
    """Asks subscribers, and tells them. ``address`` is where we are a hub; ``method`` is the digest of signatures."""

    def __init__(
        self, store: Store, client: Client, *, address: str, clock: Clock, method: str = "sha256"
    ) -> None:
        self._store = store
        self._client = client
        self._address = address
        self._clock = clock
        self._method = method

    async def verify(self, job: Job, owner: str) -> None:
        """Ask a subscriber whether it meant what was asked, and do it if it did (WebSub §5.3)."""
        asked = job.payload
        confirmed = await self._confirms(asked)
        if confirmed is None and job.attempts < ATTEMPTS_MAX:
            await self._again(job, owner, "no answer")
            return
        if confirmed and asked["mode"] == "subscribe":
            now = self._clock()
            until = now + asked["lease_seconds"] * 1_000_000
            await self._store.write(
                subscribers.put, asked["topic"], asked["callback"], secret=asked["secret"], until=until,
                digest=asked["digest"], now=now,
            )  # fmt: skip
        elif confirmed:
            await self._store.write(subscribers.remove, asked["topic"], asked["callback"])
        await self._store.write(jobs.finish, job, owner=owner)

    async def _confirms(self, asked: Mapping[str, Any]) -> bool | None:
        """Tell whether a subscriber answers with the challenge, and nothing else; None when nothing was answered."""
        challenge = secrets.token_urlsafe(CHALLENGE_BYTES)
        parameters = {"hub.mode": asked["mode"], "hub.topic": asked["topic"], "hub.challenge": challenge}
        if asked["mode"] == "subscribe":
            parameters["hub.lease_seconds"] = str(asked["lease_seconds"])
        if asked.get("verify_token"):
            parameters["hub.verify_token"] = asked["verify_token"]
        url = with_query(asked["callback"], parameters)
        try:
            answer = await self._client.get(url, headers={"Accept": "text/plain, */*"}, limit_bytes=4_096)
        except Refused:
            return False
        except OutboundError as error:
            return False if 400 <= (getattr(error, "status", None) or 0) < 500 else None
        return 200 <= answer.status < 300 and answer.body == challenge.encode()

    async def deliver(self, job: Job, owner: str) -> None:
        """Send what a topic says now; try again for a day, and never again whoever says that they are gone."""
        now = self._clock()
        subscriber = await self._store.peek(subscribers.find, job.payload["subscriber"], now=now)
        if subscriber is None:
            await self._store.write(jobs.finish, job, owner=owner)
            return
        status = await self._send(subscriber, (job.letter_body or "").encode(), job.payload["type"])
        if status == GONE:
            await self._store.write(subscribers.drop, subscriber.id)
        if status == GONE or (status is not None and 200 <= status < 300):
            await self._store.write(jobs.finish, job, owner=owner)
        else:
            await self._again(job, owner, f"answered {status}" if status else "no answer")

    async def _send(self, subscriber: Subscriber, body: bytes, type: str) -> int | None:
        links = f'<{self._address}>; rel="hub", <{subscriber.topic}>; rel="self"'
        headers = {"Link": links}
        if subscriber.secret:
            headers["X-Hub-Signature"] = signature(subscriber.secret, body, self._method)
        try:
            answer = await self._client.post(subscriber.callback, body, content_type=type, headers=headers)
        except Refused:
            return GONE
        except OutboundError as error:
            return getattr(error, "status", None)
        return answer.status

    async def _again(self, job: Job, owner: str, error: str) -> None:
        """Put a job off, or after a day bury it."""
        now = self._clock()
        run_at = next_attempt(job.attempts, now=now, jitter=random.random())  # noqa: S311
        if run_at is None or run_at > job.created + GIVE_UP_US:
            await self._store.write(jobs.bury, job, owner=owner, now=now, error=error, status=None)
        else:
            await self._store.write(
                jobs.retry, job, owner=owner, now=now, run_at=run_at, error=error, status=None
            )
