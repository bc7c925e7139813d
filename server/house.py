"""The running parts a request may need, handed to every handler as ``request.state.house``."""

from dataclasses import dataclass, field
from typing import cast

from starlette.requests import Request

from federation import Client, Fetcher, KeyRing
from server.config import Config
from storage import Store
from streams import Ports
from vocab import iri as iris


@dataclass(slots=True)
class House:
    """Everything that was wired at start.

    ``rendered`` keeps actor documents as bytes, by row id, with the version they show; ``usage`` the last
    count of accounts and posts, and when it was made.
    """

    config: Config
    ports: Ports
    client: Client
    keyring: KeyRing
    fetcher: Fetcher
    rendered: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    usage: tuple[int, dict[str, int]] | None = None

    @property
    def store(self) -> Store:
        """What we remember."""
        return self.ports.store

    @property
    def base_url(self) -> str:
        """Our public origin, without a final slash."""
        return self.ports.base_url

    @property
    def host(self) -> str:
        """Our public host, with its port when that is not the usual one."""
        return iris.host(self.base_url)


def house(request: Request) -> House:
    """Return the parts the server was wired from."""
    return cast(House, request.state.house)
