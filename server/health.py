"""Is it alive, can it serve, what does it measure (REL-035, REL-036)."""

import asyncio
import hmac
import logging
import shutil
import time
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from server import metrics
from server.config import Config
from server.config.origin import is_loopback
from server.errors import ProblemError
from server.house import House, house
from storage import Transaction, jobs, meta
from storage.errors import StorageError

log = logging.getLogger(__name__)

FRESH_SECONDS = 1.0
"""How long one look at the disk and the database serves everyone who asks."""
WRITE_SECONDS_MAX = 5.0
PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8"


def routes() -> list[BaseRoute]:
    """Return the routes for load balancers and operators."""
    readiness = Readiness()
    return [
        Route("/health", get_health),
        Route("/ready", readiness.get),
        Route("/metrics", get_metrics),
    ]


async def get_health(_: Request) -> Response:
    """Answer 200 while the process lives; nothing is touched."""
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


class Readiness:
    """Whether we can serve and write. The answer is shared for a second, so that asking costs little."""

    def __init__(self) -> None:
        self._looked_at = float("-inf")
        self._reason = ""
        self._looking = asyncio.Lock()

    async def get(self, request: Request) -> Response:
        """Answer 200 when we can serve and write, else 503 with the reason."""
        async with self._looking:
            if time.monotonic() - self._looked_at > FRESH_SECONDS:
                self._reason = await unready(house(request))
                self._looked_at = time.monotonic()
        if self._reason:
            raise ProblemError(503, self._reason, headers={"Retry-After": "5", "Cache-Control": "no-store"})
        mode = "ready (test mode)\n" if house(request).config.test_mode else "ready\n"
        return PlainTextResponse(mode, headers={"Cache-Control": "no-store"})


async def unready(parts: House) -> str:
    """Return why we cannot serve, or the empty text: room on the disk, and a row written and synced."""
    room = _room(parts.config)
    if room is not None and room < parts.config.storage.disk_free_bytes_min:
        return "the disk is almost full"
    if parts.stalled():
        return "background work has stopped"
    try:
        async with asyncio.timeout(WRITE_SECONDS_MAX):
            await parts.store.write(meta.put, "ready", str(parts.ports.clock()))
    except TimeoutError:
        return "the database does not answer in time"
    except StorageError as error:
        log.error("cannot write to the database: %s", error)
        return "the database cannot be written to"
    return ""


def _room(config: Config) -> int | None:
    """Return the free bytes beside a database file; None when the database is elsewhere."""
    if not config.storage.url.startswith("sqlite:///"):
        return None
    return shutil.disk_usage(Path(config.storage.url.removeprefix("sqlite:///")).absolute().parent).free


async def get_metrics(request: Request) -> Response:
    """Answer with Prometheus text, to this machine or to whoever holds the operator's token."""
    parts = house(request)
    if not _may_measure(request, parts.config):
        raise ProblemError(401, "the operator's token is required", headers={"WWW-Authenticate": "Bearer"})
    for queue, counts in (await parts.store.scan(_counts)).items():
        for state in ("enqueued", "done", "discarded", "waiting", "leased", "dead"):
            metrics.queue_jobs.labels(queue, state).set(getattr(counts, state))
    return Response(metrics.exposition(), media_type=PROMETHEUS_TEXT, headers={"Cache-Control": "no-store"})


async def _counts(tx: Transaction) -> dict[str, jobs.Counts]:
    return await jobs.counts(tx)


def _may_measure(request: Request, config: Config) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and config.server.operator_token:
        return hmac.compare_digest(token.strip().encode(), config.server.operator_token.encode())
    return not _forwarded(request) and is_loopback(request.client.host if request.client else "")


def _forwarded(request: Request) -> bool:
    """Tell whether a proxy stands between: then everyone seems to be this machine (SEC-061)."""
    return any(name in request.headers for name in ("x-forwarded-for", "forwarded", "via"))
