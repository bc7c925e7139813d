"""What somebody acts on, found by how it is called: what they may not see does not exist (Atom §7.2, §17.5)."""

from streams.errors import NotFound
from streams.happenings import local
from streams.inline.parts import Member, Parts
from streams.inline.subject import Nature, Standing, standings_of
from streams.policy import viewer
from vocab.entry import Entry


async def find(parts: Parts, member: Member, iri: str) -> tuple[Entry, Standing]:
    """Return the entry of an activity, or of what made an object, and how a member stands to it. Raises NotFound."""
    ports = parts.ports
    entry = await local.find(ports.store, ports.base_url, iri, member.onlooker)
    if entry is None or entry.item is None:
        raise NotFound(iri)
    seen_by = viewer(member.actor)
    standings = await ports.store.read(standings_of, ports.base_url, seen_by, [entry.item])
    standing = standings.get(entry.item)
    if standing is None or standing.nature is Nature.OTHER:
        raise NotFound(iri)
    return entry, standing


def called(parts: Parts, iri: str) -> str:
    """Return the key that an address stands for (``ORCHARD-7``); an address that is more than that, as it is."""
    rest = iri.removeprefix(f"{parts.ports.base_url}/")
    return rest if "/" not in rest and ":" not in rest else iri
