"""Keeping the index of everything that happened: what is new in it is worked out outside of any transaction.

Newest first, a bounded number at a time: before somebody reads, and in the background for whatever is left. A database
of before there was an index gets one so by itself. What is news is said in ``news``.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from storage import Store, happeningcontexts, happenings
from storage.entries import NEWEST
from storage.happeningpages import Named, Told
from storage.happenings import Happening, Noting, Unnoted
from storage.happeningvalues import SHELF, USER, Facet
from streams.happenings import assembly, facets, news, shelves, showing
from streams.providers import features
from vocab import Activity, Object, stored
from vocab.entry import Entry

log = logging.getLogger(__name__)

TOGETHER: Final = 50
"""So many activities are noted by one unit of work: some milliseconds."""
AHEAD_MAX: Final = 400
"""So many are noted before somebody reads."""
AT_A_TIME: Final = 10
"""So many are worked out before others have their turn."""
IDLE_SECONDS: Final = 2.0
"""How soon what happened is noted when nobody reads."""
REST_SECONDS: Final = 0.02
BEHIND_MAX: Final = 1_000
"""With more than so many to be noted at once nobody is given way to: under load without an end none would be noted."""


async def catch_up(store: Store, base_url: str, *, limit: int = AHEAD_MAX) -> int:
    """Note the newest of what is not in the index yet, and return how many rows that were."""
    done = 0
    while done < limit:
        settled, _ = await step(store, base_url, together=min(TOGETHER, limit - done))
        if settled is None:
            break
        done += max(1, settled)
    return done


async def step(
    store: Store, base_url: str, *, before: int = NEWEST, together: int = TOGETHER
) -> tuple[int | None, int]:
    """Note a few rows below one; return how many those were, and which was the last. None when there is nothing new."""
    rows = await store.peek(happenings.unnoted, limit=together, before=before)
    if not rows:
        return None, before
    read = [None if row.document is None else stored(row.document, row.context) for row in rows]
    places = await store.read(happeningcontexts.of, rows, [_named(document) for document in read])
    notings = []
    for number, (row, document) in enumerate(zip(rows, read, strict=True), 1):
        notings.append(Noting(row, _told(row, document, places.get(row.id, ()), base_url)))
        if number % AT_A_TIME == 0:
            await asyncio.sleep(0)
    return await store.write(happenings.note, notings), rows[-1].id


async def run(store: Store, base_url: str, give_way: Callable[[], Awaitable[None]]) -> None:
    """Note whatever is new, for ever; whoever asks for something comes first, unless too much is left behind by that.

    It goes down through all there is, and begins at the top again.
    """
    before, passed = NEWEST, 0
    while True:
        settled, last = await step(store, base_url, before=before)
        if settled is None and before == NEWEST:
            await asyncio.sleep(IDLE_SECONDS)
            continue
        before, passed = (NEWEST, 0) if settled is None else (last, passed + TOGETHER)
        await asyncio.sleep(REST_SECONDS)
        if passed < BEHIND_MAX:
            await give_way()


def _named(document: Object | None) -> tuple[str, ...]:
    """Return whom a document is addressed to and aims at: groups among them are keys."""
    if document is None:
        return ()
    return tuple(iri for term in ("to", "cc", "audience", "target") for iri in document.ids(term))


def _told(
    row: Unnoted, document: Object | None, containers: tuple[str, ...], base_url: str
) -> Happening | None:
    """Return what a row is. One that cannot be told is no news: it must not keep all others out of the index."""
    try:
        return happening(row, document, containers, base_url)
    except Exception:
        log.exception("%s cannot be told in streams", row.iri)
        return None


def happening(
    row: Unnoted, document: Object | None, containers: tuple[str, ...], base_url: str
) -> Happening | None:
    """Return what the index says of a row, None for what is no news. ``containers`` are keys of where it is."""
    if document is None or row.ended is not None or not news.is_news(row):
        return None
    about = None if row.about_document is None else stored(row.about_document, row.about_context)
    activity = assembly.assembled(document, about)
    told = Told(row.id, "", None, row.published, None, "", None, None, None, "[]")
    provider, tenant = news.provider(row, activity, base_url), news.tenant(row, base_url)
    entry = showing.entry(told, activity, _owner(row), base_url, places=containers)
    found = [
        *shelves.of(provider, tenant, local=bool(row.local), public=bool(row.public)),
        *_facets(entry, facets.generator(activity), base_url),
    ]
    if tenant is not None and not row.public:
        found += [Facet(SHELF, shelves.of_reader(iri)) for iri in shelves.readers(row.owner_iri, activity)]
    return Happening(provider, tenant, news.is_echo(row), tuple(found), features.text(entry))


def _owner(row: Unnoted) -> dict[str, Named]:
    """Return the document of whose an activity is, so that they are told as when it is shown."""
    if row.owner_iri is None or row.owner_document is None:
        return {}
    named = Named(
        row.owner_iri, row.owner_kind or 0, row.owner_type or "", row.owner_local or 0, row.owner_document,
        row.owner_context, row.owner_name,
    )  # fmt: skip
    return {row.owner_iri: named}


def _facets(entry: Entry, generator: str, base_url: str) -> list[Facet]:
    told = {
        "key": (key.casefold() for key in entry.keys),
        "issue-key": (key.casefold() for key in entry.issue_keys),
        "activity": features.activities(entry),
        "provider_name": (generator,),
    }
    found = [_user(entry, author, base_url) for author in entry.activity.values("actor")]
    return [one for one in found if one is not None] + [
        Facet(option, value) for option, values in told.items() for value in values if value
    ]


def _user(entry: Entry, author: Any, base_url: str) -> Facet | None:
    """Return somebody with all by which filters may name them (Atom §4.3 7); None for who has no name at all."""
    called = features.users(replace(entry, activity=Activity({"actor": author})), base_url)
    id = next((text for text in called if "://" in text), "")
    rest = called - {id}
    handle = next((text for text in sorted(rest) if "@" in text), "")
    name = next(iter(sorted(rest - {handle})), "")
    return Facet(USER, id or name, name, handle) if called else None
