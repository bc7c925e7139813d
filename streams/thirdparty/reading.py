"""Outside activities for those who may see them (Atom §6.3, §6.4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage import Transaction, outside
from storage.outside import Sight, Wanted
from streams.providers import Onlooker
from streams.thirdparty.kept import Kept, Parts
from vocab import instants
from vocab.dialects.thirdparty import Generator

RESULTS_MAX: Final = 300
GENERATORS_MAX: Final = 1_000
OFFSET_MAX: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Query:
    """Which activities are wanted (Atom §6.4); what is left empty asks for nothing in particular.

    ``entities`` are pairs of an option, ``key`` or ``issue-key``, and a value; ``generators`` are ``{id}@{name}``.
    """

    start: datetime | None = None
    end: datetime | None = None
    users: tuple[str, ...] = ()
    not_users: tuple[str, ...] = ()
    entities: tuple[tuple[str, str], ...] = ()
    not_entities: tuple[tuple[str, str], ...] = ()
    generators: tuple[str, ...] = ()
    not_generators: tuple[str, ...] = ()
    start_index: int = 0
    max_results: int = 10

    def wanted(self) -> Wanted:
        """Return what that means of what is stored; numbers out of their bounds are the nearest within."""
        return Wanted(
            since=None if self.start is None else instants.microseconds(self.start),
            until=None if self.end is None else instants.microseconds(self.end),
            authors=_lower(self.users),
            not_authors=_lower(self.not_users),
            keys=tuple((option, value.lower()) for option, value in self.entities),
            not_keys=tuple((option, value.lower()) for option, value in self.not_entities),
            generators=self.generators,
            not_generators=self.not_generators,
            offset=min(max(self.start_index, 0), OFFSET_MAX),
            limit=min(max(self.max_results, 0), RESULTS_MAX),
        )


def _lower(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.lower().removeprefix("@") for name in names)


async def get(parts: Parts, onlooker: Onlooker, id: int) -> Kept | None:
    """Return an activity; None when there is none, or none that this reader may see."""
    row = await parts.store.read(outside.one, id, sight(onlooker))
    return None if row is None else Kept.of(row)


async def query(parts: Parts, onlooker: Onlooker, wanted: Query) -> list[Kept]:
    """Return activities that this reader may see, newest first, at most ``RESULTS_MAX``."""
    rows = await parts.store.read(outside.some, wanted.wanted(), sight(onlooker))
    return [Kept.of(row) for row in rows]


async def applications(parts: Parts, onlooker: Onlooker) -> list[Generator]:
    """Return the applications of which this reader sees activities, for the option ``provider_name`` (Atom §4.5)."""
    found = await parts.store.read(_generators, sight(onlooker))
    return [Generator(id, name) for id, name in found]


async def _generators(tx: Transaction, sight: Sight) -> list[tuple[str, str]]:
    return await outside.generators(tx, sight, limit=GENERATORS_MAX)


def sight(onlooker: Onlooker) -> Sight:
    """Return what a reader may see; by a feed token, only what everybody may (Atom §17.3)."""
    return Sight(None if onlooker.by_token else onlooker.viewer, onlooker.admin and not onlooker.by_token)
