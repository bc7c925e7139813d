"""Web hooks: telling an application what happened, at an address that it has named (Feeds §11.3).

The application knows a letter as ours by its signature, which the tenant's secret makes. Whatever is no success is
tried again: it may be a mistake over there that somebody is about to mend.
"""

import hmac
import random

from federation.attempt import Outcome
from federation.backoff import next_attempt
from federation.client import Client
from federation.clock import Clock
from federation.errors import BadAnswer, OutboundError, Refused
from storage import Store, feedskeys, jobs
from storage.jobs import Job

JSON = "application/json"
ANSWER_BYTES_MAX = 4 * 1024
SECRETLESS = "the tenant has no key any more"


class Hooks:
    """Send the letters of jobs that name a ``tenant`` and a ``url``."""

    def __init__(self, store: Store, client: Client, *, clock: Clock) -> None:
        self._store = store
        self._client = client
        self._clock = clock

    async def deliver(self, job: Job, owner: str) -> None:
        """Send a letter once, then strike the job off, put it off, or bury it when a week has passed."""
        outcome, now = await self._post(job), self._clock()
        run_at = None
        if outcome.end == "done":
            await self._store.write(jobs.finish, job, owner=owner)
            return
        if outcome.end != "dead":
            run_at = next_attempt(
                job.attempts, now=now, jitter=random.random(), created=job.created,  # noqa: S311
                retry_after=outcome.retry_after,
            )  # fmt: skip
        error, status = outcome.error, outcome.status
        if run_at is None:
            await self._store.write(jobs.bury, job, owner=owner, now=now, error=error, status=status)
        else:
            await self._store.write(
                jobs.retry, job, owner=owner, now=now, run_at=run_at, error=error, status=status
            )

    async def _post(self, job: Job) -> Outcome:
        key = await self._store.peek(feedskeys.current, job.payload["tenant"], now=self._clock())
        if key is None:
            return Outcome("dead", None, SECRETLESS)
        body = (job.letter_body or "[]").encode()
        signature = hmac.digest(key.secrets[0].encode(), body, "sha256").hex()
        headers = {"X-Api-Key": key.key, "X-Signature": signature}
        try:
            response = await self._client.post(job.payload["url"], body, content_type=JSON, headers=headers)
        except Refused as refusal:
            return Outcome("dead", None, str(refusal))
        except OutboundError as error:
            return Outcome("retry", getattr(error, "status", None), str(error))
        if 200 <= response.status < 300:
            return Outcome("done", response.status)
        return Outcome(
            "retry", response.status, f"answered {response.status}", response.headers.get("retry-after")
        )


async def prove(client: Client, url: str, key: str) -> None:
    """Make sure that whoever answers at an address knows a key: a GET has to be answered with it, and nothing else.

    Raises an OutboundError when that fails.
    """
    response = await client.get(url, headers={"Accept": "text/plain"}, limit_bytes=ANSWER_BYTES_MAX)
    if response.status != 200 or response.body.strip() != key.encode():
        raise BadAnswer(url, "did not answer with the API key", response.status)
