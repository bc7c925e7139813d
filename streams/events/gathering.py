"""The entities that messages speak of: found together, and made when they are new (Events §5.2)."""

from collections.abc import Iterable, Iterator
from typing import Final

from storage import Transaction, evententities, objects
from storage.evententities import EntityRow
from streams.events.held import Held
from streams.events.space import Space
from vocab.dialects.events import Ref

ACCOUNTS: Final = "user"
"""The root of the types of entities that may be accounts here, in lower case."""


class Gathered:
    """The entities that a unit of work speaks of, by their keys."""

    def __init__(self, space: Space, held: dict[str, Held], accounts: dict[str, tuple[int, str]]) -> None:
        self._space, self._held, self._accounts = space, held, accounts

    def __getitem__(self, ref: Ref) -> Held:
        return self._held[ref.key]

    def __iter__(self) -> Iterator[Held]:
        return iter(self._held.values())

    def meet(self, row: EntityRow) -> Held:
        """Take in an entity that no message names, to speak of it and not to change it."""
        return self._held.setdefault(row.key, Held(row, _iri(self._space, row)))

    def with_row(self, row: int) -> Ref:
        """Return what names the entity with a row."""
        return next(held.ref for held in self if held.id == row)

    def acts_as(self, ref: Ref) -> tuple[int, str]:
        """Return the row and the IRI that what an entity does belongs to: those of its account if it has one."""
        account = self._accounts.get(ref.key)
        held = self._held[ref.key]
        return (held.id, held.iri) if account is None else account

    def iri_of(self, ref: Ref) -> str:
        """Return what an entity is called elsewhere."""
        if ref.key in self._accounts:
            return self._accounts[ref.key][1]
        held = self._held.get(ref.key)
        return self._space.entity_iri(ref) if held is None else held.iri

    def name_of(self, ref: Ref) -> str:
        """Return what an entity is called among people; of one that not everybody may know of, just its id."""
        held = self._held.get(ref.key)
        return ref.id if held is None or held.row.restricted else held.row.label or held.row.name


async def gather(
    tx: Transaction,
    space: Space,
    mentioned: Iterable[Ref],
    changing: Iterable[Ref],
    *,
    named: Iterable[Ref] = (),
    now: int,
) -> Gathered:
    """Find all entities that are mentioned, making those that are new, and seize those that are to change.

    ``named`` ones are only looked up as accounts. A few statements, however many there are.
    """
    refs: dict[str, Ref] = {}
    for ref in mentioned:
        known = refs.setdefault(ref.key, ref)
        if len(ref.type) > len(known.type):
            refs[ref.key] = Ref(ref.type, known.id)
    rows = await evententities.by_keys(tx, space.tenant.id, refs)
    new = {key: ref for key, ref in sorted(refs.items()) if key not in rows}
    made = await _make(tx, space, list(new.values()), now=now)
    if len(made) < len(new):
        rows |= await evententities.by_keys(tx, space.tenant.id, new.keys() - {row.key for row in made})
    finer = [key for key, row in rows.items() if refs[key].type.count(":") > row.type.count(":")]
    if tx.engine != "sqlite":
        seized = {ref.key for ref in changing} | set(finer)
        if old := seized - {row.key for row in made}:
            rows |= await evententities.seize(tx, space.tenant.id, old)
    held = {key: Held(row, _iri(space, row)) for key, row in rows.items()}
    held |= {row.key: Held(row, _iri(space, row), created=True) for row in made}
    for key in finer:
        _refine(held[key], refs[key].type)
    accounts = await _accounts(tx, space, [*refs.values(), *named])
    return Gathered(space, held, accounts)


async def _make(tx: Transaction, space: Space, refs: list[Ref], *, now: int) -> list[EntityRow]:
    """Make entities in the order of their keys; return those that nobody else made at the same time."""
    if not refs:
        return []
    iris = {ref.key: space.entity_iri(ref) for ref in refs}
    ids = await objects.names(tx, iris.values(), now=now)
    rows = [
        EntityRow(
            ids[iris[ref.key]], space.tenant.id, ref.key, ref.root.lower(), ref.type.lower(), ref.type, ref.id,
            str(ref.stream_id), registered=now, updated=now,
        )
        for ref in refs
    ]  # fmt: skip
    if await evententities.add(tx, rows) == len(rows):
        return rows
    kept = await evententities.by_keys(tx, space.tenant.id, [row.key for row in rows])
    return [row for row in rows if kept[row.key] == row]


def _iri(space: Space, row: EntityRow) -> str:
    return space.entity_iri(Ref(row.type, row.name))


def _refine(held: Held, type: str) -> None:
    """Note a finer type of an entity; the root of it stays as it was first written, for it is part of its IRI."""
    root = held.row.type.partition(":")[0]
    finer = ":".join((root, *type.split(":")[1:]))
    held.change(type=finer, kind=finer.lower())


async def _accounts(tx: Transaction, space: Space, refs: Iterable[Ref]) -> dict[str, tuple[int, str]]:
    """Return the accounts that some entities are: the row and IRI of each, by the entity's key."""
    iris = {
        iri: ref.key
        for ref in refs
        if ref.root.lower() == ACCOUNTS and (iri := space.account_iri(ref)) is not None
    }
    rows = await objects.accounts(tx, iris) if iris else {}
    return {iris[iri]: (row, iri) for iri, row in rows.items()}
