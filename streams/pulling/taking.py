"""Taking: what a reading of a feed brings becomes activities here, each once (Atom §10.3.9, §10.3.11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from storage import Transaction, actors, entries, objects, pulled
from storage.ids import dated, next_id
from storage.objects import Kind, ObjectRow
from storage.pulled import Pulled
from streams import documents, instants, linked, record, relations
from streams.deed import Deed
from streams.effects import create
from streams.providers import filtering
from streams.pulling.copies import Copy, Made, Teller, copy, words
from vocab import Activity, Audience, BadFields, Object
from vocab import instants as spelling
from vocab.dialects import streamquery
from vocab.dialects.feedreading import Item, naming
from vocab.entry import Entry

KEPT: Final = frozenset(
    {"generator", "hw:application", "hw:author", "hw:provider", "hw:source", "hw:sourceId"}
)
"""What is said again of an entry when it has changed."""
TOGETHER: Final = 25
"""So many entries are taken by one unit of work: some milliseconds of it."""


@dataclass(slots=True)
class Taken:
    """What came of a reading. ``names`` tells what was new, newest first as far as it goes."""

    new: int = 0
    updated: int = 0
    deleted: int = 0
    known: int = 0
    left_out: int = 0
    names: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Taken") -> "Taken":
        for member in ("new", "updated", "deleted", "known", "left_out"):
            setattr(self, member, getattr(self, member) + getattr(other, member))
        self.names += other.names
        return self


async def take(tx: Transaction, teller: Teller, items: Sequence[Item], *, silent: bool, now: int) -> Taken:
    """Take some entries. A unit of work.

    ``silent`` is for what was there before the subscription: it is listed by its own date and nobody is told.
    """
    id = teller.subscription.id
    known = await pulled.known(tx, id, (item.key for item in items))
    people = await _people(tx, teller.subscription.settings.get("people", {}))
    wanted = _Wanted(teller)
    taken = Taken()
    for item in sorted(items, key=_age):
        was = known.get(pulled.digest(item.key))
        if was is None:
            await _take_new(tx, teller, item, taken, wanted(item), people=people, silent=silent, now=now)
        elif was.object is not None and not was.deleted and _updated_us(item) > was.updated:
            await _take_changed(tx, teller, item, was, people=people, now=now)
            taken.updated += 1
        else:
            taken.known += 1
    taken.names.reverse()
    return taken


async def forget(
    tx: Transaction, teller: Teller, deleted: Sequence[tuple[str, datetime | None]], *, now: int
) -> Taken:
    """Delete what the feed says is gone, unless it was changed later. A unit of work."""
    known = await pulled.known(tx, teller.subscription.id, (key for key, _ in deleted))
    taken = Taken()
    for key, when in deleted:
        was = known.get(pulled.digest(key))
        at = now if when is None else min(spelling.microseconds(when), now)
        if was is None or was.deleted or was.object is None or was.updated > at:
            continue
        thing = await objects.by_id(tx, was.object)
        if thing is not None and thing.deleted is None:
            said = Object({"type": "Delete", "object": thing.iri, **teller.audience})
            await record.say(tx, teller.bot, said, base_url=teller.base_url, now=now)
        await pulled.gone(tx, teller.subscription.id, key, at=at)
        taken.deleted += 1
    return taken


async def _take_new(
    tx: Transaction, teller: Teller, item: Item, taken: Taken, wanted: bool, *, people: Mapping[str, str],
    silent: bool, now: int,
) -> None:  # fmt: skip
    page = naming.untracked(item.permalink) if item.permalink else ""
    told: tuple[int | None, int | None] = (None, None)
    if wanted:
        parent = await _parent(tx, teller, item)
        made = Made.anew(teller.base_url, now)
        said = copy(
            item, teller, people=people, parent=None if parent is None else parent.iri, made=made, now=now
        )
        told = await _tell(tx, teller, said, parent, silent=silent, now=now)
        taken.new += 1
        taken.names.append(words(item))
    else:
        taken.left_out += 1
    await pulled.note(
        tx, teller.subscription.id, item.key, activity=told[0], object=told[1], page=page,
        updated=_updated_us(item), raw=item.raw,
    )  # fmt: skip


async def _tell(
    tx: Transaction, teller: Teller, said: Copy, parent: ObjectRow | None, *, silent: bool, now: int
) -> tuple[int, int | None]:
    """Keep what is told and list it; return the rows of the activity and of its first thing."""
    audience = Audience.of(said.activity)
    deed = Deed(said.activity, audience, next_id(), teller.bot, True, now, teller.base_url)
    kept = [await _keep(tx, teller, thing, audience, now) for thing in said.things]
    deed.refers = kept[0] if len(kept) == 1 else None
    if parent is not None and kept[0] is not None:
        await create.attach(tx, deed, parent, kept[0])
    if not silent:
        deed.also.append(teller.owner.iri)
        await record.publish(tx, deed)
        return deed.id, kept[0]
    await record.keep(tx, deed)
    at = dated(deed.id, min(instants.read(said.activity, "published") or now, now))
    for stream in (await relations.outbox(tx, teller.bot), await relations.inbox(tx, teller.owner)):
        await entries.add(tx, stream, deed.id, public=audience.public, position=at)
    await linked.enter(tx, deed)
    return deed.id, kept[0]


async def _keep(tx: Transaction, teller: Teller, thing: Object, audience: Audience, now: int) -> int | None:
    return await documents.keep(
        tx, thing, Kind.OBJECT, owner=teller.bot.id, local=True, now=now, said_to=audience
    )


async def _take_changed(
    tx: Transaction, teller: Teller, item: Item, was: Pulled, *, people: Mapping[str, str], now: int
) -> None:
    """Rewrite what was told, under the ids it has, and say that it changed."""
    said = None if was.activity is None else await objects.by_id(tx, was.activity)
    thing = None if was.object is None else await objects.by_id(tx, was.object)
    if said is not None and thing is not None and thing.deleted is None:
        parent = await _parent(tx, teller, item)
        made = Made(said.iri, thing.iri)
        new = copy(
            item, teller, people=people, parent=None if parent is None else parent.iri, made=made, now=now
        )
        first = new.things[0].with_(published=spelling.spell(thing.published))
        activity = new.activity.with_(published=spelling.spell(said.published))
        at = min(_updated_us(item), now)
        await documents.rewrite(tx, thing.id, first, now=at)
        await documents.rewrite(tx, said.id, record.reduced(Activity(activity.data)), now=at)
        await _say_changed(tx, teller, first, activity, thing.id, now)
    page = naming.untracked(item.permalink) if item.permalink else ""
    await pulled.note(
        tx, teller.subscription.id, item.key, activity=was.activity, object=was.object, page=page,
        updated=_updated_us(item), raw=item.raw,
    )  # fmt: skip


async def _say_changed(
    tx: Transaction, teller: Teller, thing: Object, said: Object, row: int, now: int
) -> None:
    """Publish an Update of a thing that was rewritten."""
    kept = {name: value for name, value in said.data.items() if name in KEPT}
    made = {
        **kept, **teller.audience, "id": Made.anew(teller.base_url, now).activity, "type": "Update",
        "actor": teller.bot.iri, "object": thing.data, "published": instants.written(now),
    }  # fmt: skip
    activity = Activity(made)
    deed = Deed(
        activity, Audience.of(activity), next_id(), teller.bot, True, now, teller.base_url, refers=row
    )
    await record.publish(tx, deed)


async def _parent(tx: Transaction, teller: Teller, item: Item) -> ObjectRow | None:
    """Find what an entry answers: an entry of the same feed, by id or permalink, or what everybody may see here."""
    for ref in item.refs:
        known = (await pulled.known(tx, teller.subscription.id, [ref])).get(pulled.digest(ref))
        row = None if known is None or known.deleted else known.object
        row = row or await pulled.at_page(tx, teller.subscription.id, naming.untracked(ref))
        found = await objects.by_iri(tx, ref) if row is None else await objects.by_id(tx, row)
        if (
            found is not None
            and found.deleted is None
            and found.document is not None
            and (row or found.public == 1)
        ):
            return found
    return None


async def _people(tx: Transaction, named: Mapping[str, str]) -> dict[str, str]:
    """Return the IRIs of those actors of ours that names over there stand for, as the owner has said."""
    found: dict[str, str] = {}
    for theirs, ours in named.items():
        actor = await actors.by_handle(tx, ours)
        if actor is not None:
            found[theirs] = actor.iri
    return found


class _Wanted:
    """Whether an entry satisfies the filters of its subscription."""

    def __init__(self, teller: Teller) -> None:
        texts = teller.subscription.settings.get("filters", [])
        filters = [one for text in texts if (one := streamquery.read("filter", text)) is not None]
        self._ask = filtering.question(filters, base_url=teller.base_url) if filters else None
        self._bot = teller.bot.iri

    def __call__(self, item: Item) -> bool:
        if self._ask is None:
            return True
        whole = {"actor": self._bot, "published": spelling.spell(0), **item.entry}
        try:
            return self._ask(Entry.of(whole, provider="feeds"))
        except BadFields:
            return False


def _age(item: Item) -> int:
    """Return by what entries are taken: the oldest first, so that answers find what they answer."""
    return 0 if item.published is None else spelling.microseconds(item.published)


def _updated_us(item: Item) -> int:
    said = item.updated or item.published
    return 0 if said is None else spelling.microseconds(said)
