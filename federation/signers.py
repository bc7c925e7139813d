"""Our own keys, parsed once and kept ready to sign with (SEC-016)."""

from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor

from federation.client import Sign
from federation.clock import Clock
from federation.errors import NoSuchKey
from federation.keys import load_private
from federation.memory import Recent
from federation.signatures import Outgoing, Signer, draft
from storage import Store, keys

SIGNERS_REMEMBERED = 1024
THREADS = 2
"""Signing releases the GIL, so threads are as good as processes here; more only wait for each other."""


class Signers:
    """Find the key one of our actors signs with: RSA, which every server verifies."""

    def __init__(self, store: Store, *, executor: Executor | None = None) -> None:
        self._store = store
        self._executor = executor or ThreadPoolExecutor(THREADS, "sign")
        self._signers: Recent[str, Signer] = Recent(SIGNERS_REMEMBERED)

    async def of(self, actor: str) -> Signer:
        """Return the signer of an actor of ours; NoSuchKey when there is none."""
        signer = self._signers.get(actor)
        if signer is None:
            signer = await self._load(actor)
            self._signers.put(actor, signer)
        return signer

    def forget(self, actor: str) -> None:
        """Look an actor's key up anew, after a rotation (AP-436)."""
        self._signers.forget(actor)

    async def _load(self, actor: str) -> Signer:
        held = await self._store.read(keys.of_actor, actor, private=True)
        for key in sorted(held, key=lambda key: key.algorithm != "rsa"):
            if key.private is not None:
                return Signer(key.id, load_private(key.private), self._executor)
        raise NoSuchKey(actor)


def signing(signer: Signer, form: str, clock: Clock, *, with_query: bool = True) -> Sign:
    """Return the function that signs each request of ours, redirects included, anew (SEC-015)."""

    async def sign(outgoing: Outgoing) -> Mapping[str, str]:
        return await signer.sign_aside(draft(form, signer, outgoing, now=clock(), with_query=with_query))

    return sign
