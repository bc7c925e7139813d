"""Our own keys, parsed once and kept ready to sign with (SEC-016)."""

import time
from collections.abc import Mapping

from federation.client import Sign
from federation.clock import Clock
from federation.errors import NoSuchKey
from federation.keys import load_private
from federation.memory import Flights, Recent
from federation.signatures import Outgoing, Signer, SigningThreads, draft
from storage import Store, keys
from storage.keys import RETIRED

SIGNERS_REMEMBERED = 1024
LOOK_SECONDS = 1.0
"""A rotation whose signal did not reach us is seen after so long."""


class Signers:
    """Find the keys of our actors, the newest of each kind; a rotation, by whichever process, is noticed (AP-436)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = SigningThreads()
        self._signers: Recent[tuple[str, str], Signer] = Recent(SIGNERS_REMEMBERED)
        self._bell = store.signals.bell(RETIRED)
        self._generation: str | None = None
        self._looked = 0.0
        self._stale = True
        self._flights: Flights[str, None] = Flights()

    async def of(self, actor: str) -> Signer:
        """Return what an actor of ours signs requests with: RSA, which every server verifies; else NoSuchKey."""
        signer = await self.find(actor, "rsa") or await self.find(actor, "ed25519")
        if signer is None:
            raise NoSuchKey(actor)
        return signer

    async def find(self, actor: str, algorithm: str) -> Signer | None:
        """Return an actor's key of a kind, ``rsa`` or ``ed25519``; None when it has none, or is not ours."""
        await self._notice_rotation()
        signer = self._signers.get((actor, algorithm))
        if signer is None:
            signer = await self._load(actor, algorithm)
            if signer is not None:
                self._signers.put((actor, algorithm), signer)
        return signer

    async def _load(self, actor: str, algorithm: str) -> Signer | None:
        for key in reversed(await self._store.read(keys.of_actor, actor, private=True)):
            if key.private is not None and key.algorithm == algorithm:
                return Signer(key.id, load_private(key.private), self._threads)
        return None

    async def _notice_rotation(self) -> None:
        """Forget every key when one of ours was retired; all who come meanwhile wait for the answer."""
        now = time.monotonic()
        if self._bell.rang() or now - self._looked > LOOK_SECONDS:
            self._stale, self._looked = True, now
        if self._stale:
            await self._flights.join(RETIRED, self._look)

    async def _look(self) -> None:
        generation = await self._store.peek(keys.generation)
        if generation != self._generation:
            self._generation = generation
            self._signers.clear()
        self._stale = False


def signing(signer: Signer, form: str, clock: Clock, *, with_query: bool = True) -> Sign:
    """Return the function that signs each request of ours, redirects included, anew (SEC-015)."""

    async def sign(outgoing: Outgoing) -> Mapping[str, str]:
        return await signer.sign_aside(draft(form, signer, outgoing, now=clock(), with_query=with_query))

    return sign
