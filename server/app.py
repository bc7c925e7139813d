"""The composition root: the only place where everything meets, read from top to bottom."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp

from federation import DISCOVERIES_PER_HOST_MAX, Client, Fetcher, Hosts, KeyRing
from server import health, keypairs, pages
from server.config import Config
from server.dispatch import Application
from server.doors import activitypub, wellknown
from server.elsewhere import Elsewhere
from server.front import Front
from server.house import House
from server.traffic import Traffic
from server.workers import Workers
from storage import Store, actors, open_store
from streams import Ports, ids, system_clock
from streams.actors import create_instance_actor
from streams.errors import NameTaken

NEIGHBOURS_MAX = 100_000
"""In test mode every peer is this machine, which has no domain to count new actors by."""


def create_app(config: Config, *, work: bool = True) -> ASGIApp:
    """Return the application; with ``work=False`` background work is left to ``headwater worker``."""
    traffic = Traffic()
    routes = [*health.routes(), *activitypub.routes(), *wellknown.routes(), *pages.routes()]

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[Mapping[str, Any]]:
        async with open_house(config, traffic) as house, contextlib.AsyncExitStack() as background:
            if work:
                workers = Workers(house)
                house.stalled = workers.stalled
                await background.enter_async_context(workers.running())
            yield {"house": house}

    app = Application(routes, lifespan=lifespan)
    return Front(app, config, traffic=traffic)


@contextlib.asynccontextmanager
async def open_house(config: Config, traffic: Traffic | None = None) -> AsyncIterator[House]:
    """Open storage and the way out, and make the server's own actor on the first start."""
    base_url = config.server.base_url
    async with open_store(
        config.storage.url, base_url=base_url, durability=config.storage.durability
    ) as store:
        hosts = Hosts(store, only=frozenset(config.federation.allow_list) or None)
        async with Client(config.outbound(), permit=hosts.permit) as client:
            keyring = KeyRing(
                store, client, instance_actor=ids.instance_actor(base_url), hosts=hosts,
                discoveries_per_host_max=NEIGHBOURS_MAX if config.test_mode else DISCOVERIES_PER_HOST_MAX,
            )  # fmt: skip
            fetcher = Fetcher(store, keyring)
            await _ensure_instance_actor(store, base_url)
            ports = Ports(store, base_url, Elsewhere(fetcher))
            yield House(config, ports, client, keyring, fetcher, traffic=traffic or Traffic())


async def _ensure_instance_actor(store: Store, base_url: str) -> None:
    if await store.read(actors.find, ids.instance_actor(base_url)) is None:
        pairs = keypairs.fresh()
        with contextlib.suppress(NameTaken):
            await store.write(create_instance_actor, base_url=base_url, key_pairs=pairs, now=system_clock())
