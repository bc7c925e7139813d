"""Keeping the index of everything that happened: what is new in it is worked out outside of any transaction.

Newest first, a bounded number at a time: before somebody reads, and in the background for whatever is left. A database
of before there was an index gets one so by itself. What is news is said in ``news``.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from storage import Store, happeningcontexts, happenings
from storage.happeningpages import Named, Told
from storage.happenings import Happening, Noting, Unnoted
from storage.happeningvalues import SHELF, USER, Facet
from streams.happenings import facets, news, shelves, showing
from streams.providers import features
from vocab import Activity, stored
from vocab.entry import Entry

log = logging.getLogger(__name__)

TOGETHER: Final = 50
"""So many activities are noted by one unit of work: some milliseconds."""
AHEAD_MAX: Final = 400
"""So many are noted before somebody reads."""
IDLE_SECONDS: Final = 2.0
"""How soon what happened is noted when nobody reads."""
REST_SECONDS: Final = 0.02


async def catch_up(store: Store, base_url: str, *, limit: int = AHEAD_MAX) -> int:
    """Note the newest of what is not in the index yet, and return how many rows that were."""
    done = 0
    while done < limit:
        settled = await step(store, base_url)
        if settled is None:
            break
        done += max(1, settled)
    return done


async def step(store: Store, base_url: str, *, together: int = TOGETHER) -> int | None:
    """Note a few rows and return how many; None when there is nothing new."""
    rows = await store.peek(happenings.unnoted, limit=together)
    if not rows:
        return None
    places = await store.read(happeningcontexts.of, rows, [_named(row) for row in rows])
    return await store.write(happenings.note, _notings(rows, places, base_url))


def _notings(rows: Sequence[Unnoted], places: Mapping[int, tuple[str, ...]], base_url: str) -> list[Noting]:
    """Return what each row is. One that cannot be read is no news: it must not keep all others out of the index."""
    notings = []
    for row in rows:
        try:
            notings.append(Noting(row, happening(row, places.get(row.id, ()), base_url)))
        except Exception:
            log.exception("%s cannot be told in streams", row.iri)
            notings.append(Noting(row, None))
    return notings


async def run(store: Store, base_url: str, give_way: Callable[[], Awaitable[None]]) -> None:
    """Note whatever is new, for ever; while there is much of it, whoever asks for something comes first."""
    while True:
        settled = await step(store, base_url)
        if settled:
            await asyncio.sleep(REST_SECONDS)
            await give_way()
        else:
            await asyncio.sleep(IDLE_SECONDS)


def _named(row: Unnoted) -> tuple[str, ...]:
    """Return whom a document is addressed to and aims at: groups among them are keys."""
    document = stored(row.document or "{}", None)
    return tuple(iri for term in ("to", "cc", "audience", "target") for iri in document.ids(term))


def happening(row: Unnoted, containers: tuple[str, ...], base_url: str) -> Happening | None:
    """Return what the index says of a row, None for what is no news. ``containers`` are keys of where it is."""
    if row.document is None or row.ended is not None or not news.is_news(row):
        return None
    told = Told(
        row.id, row.document, row.context, row.published, None, "", row.about_document, row.about_context, None, "[]"
    )  # fmt: skip
    activity = showing.activity(told)
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
