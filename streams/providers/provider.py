"""What a plug-in has to be, and may be (Atom §8.1, §8.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from streams.providers.request import FeedRequest
from vocab.entry import Entry


@dataclass(frozen=True, slots=True)
class Feed:
    """What a provider answers: entries, newest first, as ``Entry`` or as the dictionaries that it is read from."""

    title: str
    entries: Sequence[Entry | Mapping[str, Any]]
    subtitle: str | None = None


@runtime_checkable
class Provider(Protocol):
    """A source of entries.

    ``key`` matches ``[a-z][a-z0-9-]*``, a remote one's may have ``@`` and the name of its application behind it. A
    provider may also have ``filters``, ``validator``, ``keys``, ``comments``, ``entities``, ``actions``,
    ``startup()``, ``shutdown()``, ``blocking`` and ``requires``; ``server.providers`` says what each of them is.
    """

    key: str
    name: str

    async def feed(self, request: FeedRequest) -> Any:
        """Return what has ``title``, ``subtitle`` and ``entries`` (``Feed`` is one such)."""
