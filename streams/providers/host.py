"""What a provider may use of the server that it runs in, if it asks for that (Atom §8.4)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from storage import Store


@dataclass(frozen=True, slots=True)
class Host:
    """The server: what it remembers, its public origin, and its clock in microseconds since 1970.

    The store belongs to the server's own loop: a provider that uses it says ``inside = True``. The same holds for
    ``fetch``, the guarded way to what is elsewhere (``federation.feeds.fetch``); None where nothing is asked.
    """

    store: Store
    base_url: str
    clock: Callable[[], int]
    fetch: Callable[..., Awaitable[Any]] | None = None


class Settings(dict[str, Any]):
    """The configuration that a factory is given: a dictionary, with the server it runs in beside it.

    ``host`` is None outside of a server, where a factory is only tried.
    """

    def __init__(self, settings: Mapping[str, Any] | None = None, host: Host | None = None) -> None:
        super().__init__(settings or {})
        self.host = host
