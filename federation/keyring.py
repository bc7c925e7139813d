"""Other people's keys: found, checked, kept, and asked for again only so often (AP-430 to AP-434, SEC-009, SEC-011)."""

from dataclasses import dataclass

from federation.budget import Budget
from federation.client import Client
from federation.clock import Clock, system_clock
from federation.errors import (
    BadKey,
    BadSignature,
    Disbelieved,
    Gone,
    KeyGone,
    KeyUnavailable,
    OutboundError,
    VerificationError,
)
from federation.hosts import Hosts
from federation.keydocument import FoundKey, listed, resolve
from federation.keys import algorithm_of, load_public, public_pem
from federation.memory import Allowance, Flights, Recent
from federation.reader import Reader
from federation.signatures import PublicKey
from federation.signers import Signers
from storage import Store, Transaction, keys
from vocab import BadIri, Object, iri

MINUTE_US = 60 * 1_000_000
FRESH_US = 24 * 60 * MINUTE_US
UNKNOWN_US = 5 * MINUTE_US
"""How long we believe that there is no such key."""
SILENT_US = MINUTE_US
"""How long we leave a host alone that did not answer."""
KEYS_REMEMBERED = 4096
DISCOVERIES_PER_HOST_MAX = 30
DISCOVERIES_SPAN_US = 10 * MINUTE_US


@dataclass(frozen=True, slots=True)
class RemoteKey:
    """Someone's public key: ``owner`` is the actor that lists it, ``fetched`` when we last saw it do so.

    ``asserts`` tells whether the owner lists it among the keys that make proofs (AP-500).
    """

    id: str
    owner: str
    key: PublicKey
    fetched: int
    asserts: bool = False


class KeyRing:
    """Find keys by their id; and the parts everything that signs or reads shares."""

    def __init__(
        self,
        store: Store,
        client: Client,
        *,
        instance_actor: str,
        clock: Clock = system_clock,
        hosts: Hosts | None = None,
        discoveries_per_host_max: int = DISCOVERIES_PER_HOST_MAX,
    ) -> None:
        self.store = store
        self.hosts = hosts or Hosts(store, clock=clock)
        self.signers = Signers(store)
        self.reader = Reader(client, self.hosts, self.signers, signed_by=instance_actor, clock=clock)
        self._known: Recent[str, RemoteKey] = Recent(KEYS_REMEMBERED)
        self._failed: Recent[str, tuple[int, VerificationError]] = Recent(KEYS_REMEMBERED)
        self._flights: Flights[str, RemoteKey] = Flights()
        self._discoveries: Allowance[str] = Allowance(discoveries_per_host_max, DISCOVERIES_SPAN_US)
        self._refetches_of_key: Allowance[str] = Allowance(1, 5 * MINUTE_US)
        self._refetches_of_host: Allowance[str] = Allowance(1, MINUTE_US)

    async def find(self, key_id: str, *, now: int) -> RemoteKey:
        """Return a key; raise BadSignature when there is none, KeyUnavailable or KeyGone as its host says."""
        known = self._known.get(key_id) or await self._stored(key_id)
        if known is not None and now - known.fetched < FRESH_US:
            return known
        try:
            return await self._flights.join(key_id, lambda: self._discover(key_id, now, known))
        except KeyUnavailable:
            if known is None:
                raise
            return known  # an old copy is better than none while its host is away (AP-105)

    async def refetch(self, known: RemoteKey, *, now: int) -> RemoteKey | None:
        """Fetch a key again that did not fit; None when that was done lately or changed nothing (AP-432)."""
        host = iri.host(known.id)
        if not (self._refetches_of_key.take(known.id, now) and self._refetches_of_host.take(host, now)):
            return None
        fresh = await self._flights.join(known.id, lambda: self._fetch(known.id, now))
        return None if public_pem(fresh.key) == public_pem(known.key) else fresh

    async def reconcile(self, actor: Object) -> None:
        """Forget the keys of an actor, just read from its origin, that it lists no more (SEC-011)."""
        if actor.id is None:
            return
        current = listed(actor)
        for held in await self.store.read(keys.of_actor, actor.id):
            if held.private is None and (held.id not in current or not _same(held.public, current[held.id])):
                await self._forget(held.id)

    async def _stored(self, key_id: str) -> RemoteKey | None:
        held = await self.store.read(keys.by_id, key_id)
        if held is None or held.public is None or held.retired is not None:
            return None
        known = RemoteKey(
            key_id, held.actor, load_public(held.public), held.fetched or held.created, bool(held.asserts)
        )
        self._known.put(key_id, known)
        return known

    async def _discover(self, key_id: str, now: int, known: RemoteKey | None) -> RemoteKey:
        """Fetch a key unless that failed lately or its host has shown us too many already."""
        failed = self._failed.get(key_id)
        if failed is not None and now < failed[0]:
            raise failed[1]
        try:
            host = iri.host(key_id)
        except BadIri:
            raise BadSignature("the key's id is no address") from None
        if known is None and not self._discoveries.take(host, now):
            raise KeyUnavailable(key_id, DISCOVERIES_SPAN_US // 1_000_000)
        return await self._fetch(key_id, now)

    async def _fetch(self, key_id: str, now: int) -> RemoteKey:
        budget = Budget()

        async def get(address: str) -> Object:
            return await self.reader.document(address, budget=budget)

        try:
            found = await resolve(key_id, get)
        except OutboundError as error:
            raise await self._note_failure(key_id, now, error) from error
        except (Disbelieved, BadKey) as error:
            raise await self._note_failure(key_id, now, error) from error
        key = RemoteKey(found.id, found.owner, found.key, now, found.asserts)
        await self.store.write(_keep, found, now)
        self._known.put(key_id, key)
        self._failed.forget(key_id)
        return key

    async def _note_failure(
        self, key_id: str, now: int, error: OutboundError | Disbelieved | BadKey
    ) -> VerificationError:
        """Remember a failure for a while; what was known of the key goes unless its host is only silent."""
        if error.temporary:
            failure: VerificationError = KeyUnavailable(key_id, SILENT_US // 1_000_000)
            self._failed.put(key_id, (now + SILENT_US, failure))
            return failure
        failure = (
            KeyGone(key_id) if isinstance(error, Gone) else BadSignature(f"its key is not to be had: {error}")
        )
        self._failed.put(key_id, (now + UNKNOWN_US, failure))
        await self._forget(key_id)
        return failure

    async def _forget(self, key_id: str) -> None:
        self._known.forget(key_id)
        await self.store.write(keys.forget, key_id)


async def _keep(tx: Transaction, found: FoundKey, now: int) -> None:
    await keys.put(
        tx,
        id=found.id,
        actor=found.owner,
        algorithm=algorithm_of(found.key),
        public=public_pem(found.key),
        asserts=found.asserts,
        now=now,
    )


def _same(held: str | None, text: str | None) -> bool:
    """Tell whether two texts are one key; a key that is only named may be any."""
    if held is None or text is None:
        return True
    try:
        return public_pem(load_public(text)) == held
    except BadKey:
        return False
