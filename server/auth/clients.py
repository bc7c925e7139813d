"""Which program a ``client_id`` means: one registered here, or one that describes itself at that address."""

import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from federation import FederationError
from server.auth import redirects
from server.house import House
from storage import clients
from storage.clients import ClientRow
from storage.tokens import hash_of
from vocab import VocabError


@dataclass(frozen=True, slots=True)
class Client:
    """A program that may ask members for consent. ``site`` is the host that answers for its name, if one does."""

    id: str
    name: str
    redirect_uris: tuple[str, ...]
    scope: str
    site: str | None = None

    def redirect_uri(self, asked: str | None) -> str | None:
        """Return where to send its members: what was asked for if registered; the only one if nothing was."""
        if asked is None:
            return self.redirect_uris[0] if len(self.redirect_uris) == 1 else None
        return asked if any(redirects.matches(asked, uri) for uri in self.redirect_uris) else None


def prefix(base_url: str) -> str:
    """Return how the ``client_id`` of every program registered here begins."""
    return f"{base_url}/oauth/clients/"


async def find(parts: House, client_id: str) -> Client | None:
    """Return the program of a ``client_id``, None when there is none that could be believed."""
    if client_id.startswith(prefix(parts.base_url)):
        row = await parts.store.read(clients.find, client_id)
        return None if row is None else Client(row.id, row.name, row.redirect_uris, row.scope)
    if not client_id.startswith("https://") and not (
        parts.config.test_mode and client_id.startswith("http://")
    ):
        return None
    try:
        found = await parts.applications.read(client_id)
    except (FederationError, VocabError):
        return None
    uris = tuple(uri for uri in found.redirect_uris if redirects.is_acceptable(uri))
    return Client(found.id, found.name, uris, found.scope, urlsplit(found.id).netloc)


def authenticates(row: ClientRow | None, secret: str | None) -> bool:
    """Tell whether a client is who it says: a public one has nothing to prove, and its secret is not looked at.

    AP-541. ``row`` is None for a program that is described elsewhere, which is always public.
    """
    if row is None or row.secret is None:
        return True
    return secret is not None and hmac.compare_digest(hash_of(secret), row.secret)
