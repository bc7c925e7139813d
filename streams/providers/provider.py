"""What a plug-in has to be, and may be (Atom §8.1, §8.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, runtime_checkable

from streams.providers.request import FeedRequest
from vocab.entry import Entry

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A linked application that this reader has to let us read for them (Atom §3.3), and where they do so."""

    id: str
    name: str
    uri: str
    authorisation_uri: str


@dataclass(frozen=True, slots=True)
class Problems:
    """Why a stream may lack something: names of sources that were late, rest after that, or ask for a rest."""

    timed_out: tuple[str, ...] = ()
    throttled: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.timed_out or self.throttled or self.banned or self.authorisations)

    def __add__(self, other: "Problems") -> "Problems":
        return Problems(
            _merged(self.timed_out, other.timed_out),
            _merged(self.throttled, other.throttled),
            _merged(self.banned, other.banned),
            _merged(self.authorisations, other.authorisations),
        )


def _merged(some: tuple[T, ...], more: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*some, *more)))


class Throttled(Exception):
    """A provider was asked too often and wants to be left alone for some seconds (Atom §8.3)."""

    def __init__(self, seconds: float = 60.0) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Feed:
    """What a provider answers: entries, newest first, as ``Entry`` or as the dictionaries that it is read from."""

    title: str
    entries: Sequence[Entry | Mapping[str, Any]]
    subtitle: str | None = None
    problems: Problems = Problems()
    """What a provider that asks others was told of them (Atom §9)."""


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
