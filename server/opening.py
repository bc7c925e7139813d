"""Opening the house: everything that doors, background work and commands have in common, made and put together.

It knows no door: commands open a house, too.
"""

import contextlib
from collections.abc import AsyncIterator, Sequence
from functools import partial

from federation import DISCOVERIES_PER_HOST_MAX, Applications, Client, Fetcher, Finder, Hosts, KeyRing, Prover
from federation.feeds import fetch
from server import keypairs, tenancy
from server.auth.events import Keys as EventsKeys
from server.auth.feeds import Keys as FeedsKeys
from server.auth.rates import Rates
from server.config import Config
from server.elsewhere import Elsewhere
from server.house import House
from server.intakes import Intakes
from server.media import Library
from server.opengraph import Previews
from server.pictures import Studio
from server.providers import open_providers
from server.proxy import Proxy
from server.realtime import open_realtime
from server.seats import Seats
from server.traffic import Traffic
from storage import Store, actors, open_store, policies
from streams import Manners, Ports, departures, ids, system_clock
from streams.actors import create_instance_actor
from streams.errors import NameTaken
from streams.events import Events, Route, TenantSettings
from streams.providers import Host
from vocab import iri as iris

NEIGHBOURS_MAX = 100_000
"""In test mode every peer is this machine, which has no domain to count new actors by."""


@contextlib.asynccontextmanager
async def open_house(config: Config, traffic: Traffic | None = None) -> AsyncIterator[House]:
    """Open storage and the way out; on the first start make the server's own actor and the default tenant."""
    base_url = config.server.base_url
    async with open_store(
        config.storage.url, base_url=base_url, durability=config.storage.durability,
        alone=config.server.workers == 1,
    ) as store:  # fmt: skip
        await _configure_hosts(store, config.federation.allow_list)
        await tenancy.ensure_default(store)
        hosts = Hosts(store, own=iris.host(base_url))
        async with Client(config.outbound(), permit=hosts.permit) as client:
            keyring = KeyRing(
                store, client, instance_actor=ids.instance_actor(base_url), hosts=hosts,
                discoveries_per_host_max=NEIGHBOURS_MAX if config.test_mode else DISCOVERIES_PER_HOST_MAX,
            )  # fmt: skip
            fetcher = Fetcher(store, keyring, on_gone=partial(_let_go, store))
            finder = Finder(client, fetcher, scheme="http" if config.test_mode else "https")
            await _ensure_instance_actor(store, base_url)
            manners = Manners(**config.threads.model_dump())
            ports = Ports(store, base_url, Elsewhere(fetcher, keyring, finder), manners=manners)
            prover = Prover(keyring.signers) if config.federation.proofs else None
            library = Library(
                config.media_directory, pixels_max=config.media.pixels_max,
                reserve_bytes=config.storage.disk_free_bytes_min,
            )  # fmt: skip
            proxy = Proxy(store, fetcher, finder, clock=ports.clock)
            seats = Seats(
                config.limits.event_streams_max, config.limits.event_streams_per_actor_max, "event streams"
            )
            application_feeds = tenancy.feeds(store, config, ports.clock)
            async with (
                open_realtime(application_feeds, config) as realtime,
                open_providers(
                    store, config, Host(store, base_url, ports.clock, partial(fetch, client))
                ) as providers,
            ):
                made = House(
                    config, ports, client, keyring, fetcher, Applications(keyring.reader), Rates(config), library,
                    proxy, seats, application_feeds, _events(config, store, ports),
                    FeedsKeys(store), EventsKeys(store), realtime,
                    Previews(client, clock=ports.clock),
                    Studio(pixels_max=config.media.pixels_max), Intakes(store), providers, prover=prover,
                    traffic=traffic or Traffic(),
                )  # fmt: skip
                yield made


def _events(config: Config, store: Store, ports: Ports) -> Events:
    settings = {
        label: TenantSettings(one.time_zone, one.currency, one.special_categories)
        for label, one in config.tenants.items()
    }
    return Events.made(store, config.server.base_url, ports.clock, settings, _routes(config))


def _routes(config: Config) -> list[Route]:
    return [Route.read(route.match, route.into) for route in config.routes]


async def _configure_hosts(store: Store, allowed: Sequence[str]) -> None:
    """Let the configured allow-list take effect; most starts find that it has."""
    said = {policy.host for policy in await store.read(policies.every) if policy.configured}
    if said - {policies.EVERYONE} != set(allowed):
        await store.write(policies.configure, allowed, now=system_clock())


async def _let_go(store: Store, actor: str) -> None:
    """Let an actor go whose own server has said twice that it is gone (AP-105)."""
    await store.write(departures.gone, actor, now=system_clock())


async def _ensure_instance_actor(store: Store, base_url: str) -> None:
    if await store.read(actors.find, ids.instance_actor(base_url)) is None:
        pairs = keypairs.fresh()
        with contextlib.suppress(NameTaken):
            await store.write(create_instance_actor, base_url=base_url, key_pairs=pairs, now=system_clock())
