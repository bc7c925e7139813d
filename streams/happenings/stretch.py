"""The stretch of the index in which something lies that an onlooker asks a provider for."""

from dataclasses import dataclass

from storage import Store, Transaction, happeningpages, happeningsight, happeningvalues, tenants
from storage.entries import NEWEST
from storage.happeningpages import Place, Wanted
from storage.happeningsight import Sight
from storage.happeningvalues import SHELF
from streams.happenings import asking, shelves
from streams.happenings.asking import Asked
from streams.happenings.walk import Walk
from streams.providers import Onlooker

EDGES = (NEWEST, NEWEST), (0, 0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces of the index that have all that is asked for between them, and what of them is wanted.

    ``shelves`` are those of the provider on which the onlooker may find something.
    """

    sight: Sight
    shelves: frozenset[int]
    pieces: frozenset[int]
    wanted: Wanted
    since: int = 0
    until: int = NEWEST

    def walk(
        self, store: Store, before: tuple[int, int] = EDGES[0], after: tuple[int, int] = EDGES[1], *,
        upward: bool = False,
    ) -> Walk:  # fmt: skip
        """Return a walk through it, strictly between two places, newest first unless ``upward``."""
        top, bottom = min(Place(*before), Place(self.until, 0)), max(Place(*after), Place(self.since, NEWEST))
        return Walk(store, self.pieces, self.wanted, top, bottom, upward=upward)


async def of(tx: Transaction, provider: str, onlooker: Onlooker, asked: Asked) -> Stretch | None:
    """Return the stretch with the fewest rows that has all that is asked for; None when nothing has it."""
    having = await asking.numbers(tx, asked.wanted)
    if not all(having.values()):
        return None
    without = await asking.numbers(tx, asked.unwanted)
    sight = await sight_of(tx, onlooker)
    shelf = await _shelves(tx, provider, onlooker)
    pieces = {SHELF: shelf, **having}
    along = SHELF if len(pieces) == 1 else await _sparsest(tx, pieces, asked.until)
    wanted = Wanted(
        sight,
        provider,
        tuple(ids for option, ids in having.items() if option != along),
        frozenset(id for ids in without.values() for id in ids),
        asked.words,
    )
    return Stretch(sight, shelf, pieces[along], wanted, asked.since, asked.until)


async def _sparsest(tx: Transaction, pieces: dict[str, frozenset[int]], until: int) -> str:
    """Return of which option there is the least, going back from an instant."""
    reaches = {option: await happeningpages.reach(tx, ids, until=until) for option, ids in pieces.items()}
    return min(reaches, key=reaches.__getitem__)


async def _shelves(tx: Transaction, provider: str, onlooker: Onlooker) -> frozenset[int]:
    known = frozenset(tenant.id for tenant in await tenants.every(tx)) if onlooker.admin else frozenset()
    return frozenset(await happeningvalues.find(tx, SHELF, shelves.seen_by(onlooker, provider, known)))


async def sight_of(tx: Transaction, onlooker: Onlooker) -> Sight:
    """Return what an onlooker may see."""
    owned = None if onlooker.admin else onlooker.tenants
    return await happeningsight.of(tx, onlooker.viewer, owned, said_to_all=onlooker.by_token)
