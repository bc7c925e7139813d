"""The composition root: the only place where everything meets, read from top to bottom."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from functools import lru_cache
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from server import counted, health, pages
from server.config import Config
from server.dispatch import Application
from server.doors import (
    account,
    activitypub,
    atom,
    events,
    explorer,
    faye,
    feeds,
    moderation,
    oauth,
    wellknown,
)
from server.front import Front
from server.house import House
from server.inward import Inward
from server.opening import open_house
from server.traffic import Traffic
from server.workers import Workers


def create_app(config: Config, *, work: bool = True) -> ASGIApp:
    """Return the application; with ``work=False`` background work is left to ``headwater worker``."""
    traffic = Traffic()

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[Mapping[str, Any]]:
        async with open_with_doors(config, traffic) as house, contextlib.AsyncExitStack() as background:
            await background.enter_async_context(counted.running(house))
            if work:
                workers = Workers(house)
                house.stalled = workers.stalled
                await background.enter_async_context(workers.running())
            yield {"house": house}

    app = Application(_doors(config.atom.context_path), lifespan=lifespan)
    return Front(
        app, config, traffic=traffic, territories=[feeds.TERRITORY, faye.TERRITORY, events.TERRITORY]
    )


@contextlib.asynccontextmanager
async def open_with_doors(config: Config, traffic: Traffic | None = None) -> AsyncIterator[House]:
    """Open the house, and let it ask its own doors what anybody would be answered."""
    async with open_house(config, traffic) as house:
        house.inward = Inward(
            lambda: Application(_doors(config.atom.context_path)), config.server.base_url, {"house": house}
        )
        yield house


@lru_cache(maxsize=4)
def _doors(context_path: str) -> tuple[BaseRoute, ...]:
    """Return everything that can be asked for. Routes keep nothing: two applications may have the same ones."""
    return (
        *health.routes(),
        *activitypub.routes(),
        *feeds.routes(),
        *faye.routes(),
        *events.routes(),
        *atom.routes(context_path),
        *wellknown.routes(),
        *oauth.routes(),
        *account.routes(),
        *explorer.routes(),
        *moderation.routes(),
        *pages.routes(),
    )
