"""Making tenants: fresh keys for each API, the default tenant at the first start, and the feeds of them all."""

import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from server.config import Config
from storage import Store, Transaction, eventskeys, feedskeys, privileges, tenants
from storage.errors import Conflict
from streams import system_clock
from streams.feeds import Feeds, Groups, Limits, Moments

APP_ID_MAX = 2**31 - 1
"""App ids are numbers, and clients in several languages keep them in 32 bits."""

API_KEY_BYTES = 8
SECRET_BYTES = 32
ADMIN = "admin"
"""The user whose key of the Events API the operator is shown."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What programs need to speak to a tenant: the Feeds API's app id, key and secret, the Events API's key."""

    app_id: int
    api_key: str
    api_secret: str = field(repr=False)
    events_key: str = field(repr=False)

    @classmethod
    def fresh(cls) -> "Credentials":
        """Make new ones. The two that are secret have 256 random bits (SEC-093)."""
        return cls(1 + secrets.randbelow(APP_ID_MAX), fresh_key(), fresh_secret(), fresh_secret())


def fresh_key() -> str:
    """Return a new public key of the Feeds API."""
    return secrets.token_hex(API_KEY_BYTES)


def fresh_secret() -> str:
    """Return a new secret."""
    return secrets.token_hex(SECRET_BYTES)


async def found(tx: Transaction, label: str, credentials: Credentials, *, now: int) -> None:
    """Make a tenant whose operator may do everything. Raises Conflict when label, app id or key is taken."""
    id = credentials.app_id
    await tenants.add(tx, id, label, now=now)
    await feedskeys.add(tx, id, credentials.api_key, credentials.api_secret, now=now)
    await privileges.grant(tx, id, ADMIN, eventskeys.ADMINISTRATOR, now=now)
    await eventskeys.add(
        tx, id, credentials.events_key, type=eventskeys.BASIC, username=ADMIN, shown=True, now=now
    )


async def credentials_of(tx: Transaction, label: str, *, now: int) -> Credentials | None:
    """Return what programs need to speak to a tenant today; None when there is no such tenant."""
    tenant = await tenants.by_label(tx, label)
    if tenant is None:
        return None
    feeds = await feedskeys.current(tx, tenant.id, now=now)
    events = await eventskeys.shown(tx, tenant.id, now=now)
    key, secret = ("", "") if feeds is None else (feeds.key, feeds.secrets[0])
    return Credentials(tenant.id, key, secret, events or "")


async def rotate(
    tx: Transaction, tenant: int, secret: str, *, key: str | None = None, overlap_us: int, now: int
) -> None:
    """Give a tenant a new secret, and a new key if one is given; the old ones hold for the overlap (SEC-103)."""
    held = await feedskeys.current(tx, tenant, now=now)
    await feedskeys.retire(tx, tenant, at=now + overlap_us)
    if key is None and held is not None:
        await feedskeys.add_secret(tx, held.key, secret, now=now)
    else:
        await feedskeys.add(tx, tenant, key or fresh_key(), secret, now=now)


async def ensure_default(store: Store) -> None:
    """Make the default tenant when it is not there; most starts find that it is."""
    if await store.read(tenants.by_label, tenants.DEFAULT) is None:
        with contextlib.suppress(Conflict):  # another process was faster
            await store.write(found, tenants.DEFAULT, Credentials.fresh(), now=system_clock())


def feeds(store: Store, config: Config, clock: Callable[[], int], *, limits: Limits | None = None) -> Feeds:
    """Return the feeds of all tenants; a group of the configuration says only what differs from the usual."""
    configured = {slug: group.model_dump(exclude_unset=True) for slug, group in config.feeds.items()}
    return Feeds(
        store,
        config.server.base_url,
        clock,
        Groups(store, configured),
        Moments(clock),
        limits=limits or Limits(),
    )
