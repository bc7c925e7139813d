"""The running parts a request may need, handed to every handler as ``request.state.house``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from starlette.requests import Request

from federation import Client, Fetcher, KeyRing
from server.config import Config
from server.rendered import Rendered
from server.traffic import Traffic
from storage import Store
from streams import Ports
from vocab import iri as iris


@dataclass(slots=True)
class House:
    """Everything that was wired at start.

    ``rendered`` keeps actor documents and ``pages`` pages that anyone may see; ``usage`` the last count of
    accounts and posts, and when it was made; ``backlog`` when the inbox last counted what waits, and the number.
    ``stalled`` tells whether the background work of this process has come to a halt.
    """

    config: Config
    ports: Ports
    client: Client
    keyring: KeyRing
    fetcher: Fetcher
    rendered: Rendered = field(default_factory=lambda: Rendered(10_000))
    pages: Rendered = field(default_factory=lambda: Rendered(256))
    stalled: Callable[[], bool] = field(default=lambda: False)
    traffic: Traffic = field(default_factory=Traffic)
    usage: tuple[int, dict[str, int]] | None = None
    backlog: tuple[float, int] | None = None

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
