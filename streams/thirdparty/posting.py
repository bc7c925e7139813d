"""Posting: an outside activity becomes an activity of its poster, or of whom it was posted for (Atom §6.2)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from storage import Transaction, actors, answers, errors, objects, outside
from storage.actors import ActorRow, State
from storage.answers import Answer
from storage.outside import OutsideRow
from streams import ids
from streams import outside as telling
from streams.errors import NotAllowed, StreamsError
from streams.publish import Once
from streams.thirdparty import association
from streams.thirdparty.association import Association
from streams.thirdparty.kept import Kept, Parts, Posted, Poster, Refusal
from vocab import PUBLIC, jsontext
from vocab.dialects import thirdparty
from vocab.dialects.thirdparty import OutsideActivity
from vocab.entry import Entry
from vocab.errors import VocabError

STORED: Final = 201


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is to be posted; ``identity`` says which posts are one."""

    made: OutsideActivity
    identity: str
    published: int


async def post(
    parts: Parts, poster: Poster, body: Mapping[str, Any], *, once: Once | None = None
) -> Posted | Refusal:
    """Store an activity and everything that follows from it, or say what is wrong with it.

    A repeat returns what is stored; so does one with a key (``once``) that was used within a day.
    """
    now = parts.clock()
    made, problems = thirdparty.read(body, now=now)
    if made is None:
        return Refusal(problems)
    if not poster.on_behalf:
        made = replace(made, actor=None)
    published = now - now % 1_000 if made.published is None else made.published
    draft = _Draft(made, _identity(made, body), published)
    try:
        try:
            return await parts.store.write(_post, parts, poster, draft, once, now)
        except errors.Conflict:  # it was posted at the same time: now it is there
            return await parts.store.write(_post, parts, poster, draft, once, now)
    except NotAllowed as error:
        return Refusal((str(error),), forbidden=True)
    except (StreamsError, VocabError) as error:
        return Refusal((str(error),))


def _identity(made: OutsideActivity, body: Mapping[str, Any]) -> str:
    """Return what two posts have in common that are one (Atom §6.1); of undated ones that is all that they say."""
    about = made.object.id if made.object else ""
    said: list[Any] = [made.generator.id, made.named, about, made.published]
    if made.published is None:
        said.append(body)
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


async def _post(
    tx: Transaction, parts: Parts, poster: Poster, draft: _Draft, once: Once | None, now: int
) -> Posted | Refusal:
    known = await outside.same(tx, poster.actor.id, draft.identity)
    if known is not None:
        return Posted(Kept.of(known), new=False)
    made = draft.made
    about = await association.find(
        tx, parts.base_url, made.target.url if made.target else "", poster, now=now
    )
    if about is not None and not about.editable:
        return Refusal((f"target: {about.name} may not be changed by {poster.actor.name}",), forbidden=True)
    speaker = await _credited(tx, parts, poster, made)
    readers = _readers(parts, poster, speaker, made, about)
    if isinstance(readers, Refusal):
        return readers
    entry = _entry(draft, poster, speaker, about)
    aloud = PUBLIC in (*made.to, *made.cc) or speaker.followers in (*made.to, *made.cc)
    activity = await telling.tell(
        tx, speaker, entry, to=readers, aloud=aloud, base_url=parts.base_url, now=now
    )
    item = await objects.id_of(tx, activity.id or "")
    if item is None:
        raise LookupError(activity.id)
    kept = _row(item, draft, poster, speaker, entry)
    await outside.settle(tx, poster.actor.id, draft.identity)
    if not await outside.add(tx, kept):
        raise errors.Conflict(draft.identity)
    if once is not None:
        await answers.keep(tx, once.caller, once.key, Answer(once.request, STORED, str(item), ""), now=now)
    return Posted(Kept.of(kept, activity.id or ""), new=True)


async def _credited(tx: Transaction, parts: Parts, poster: Poster, made: OutsideActivity) -> ActorRow:
    """Return who says it: the account that it was posted for, if there is one, else the poster."""
    if made.actor is None or not made.actor.id:
        return poster.actor
    actor = await actors.by_handle(tx, _local_name(parts.base_url, made.actor.id))
    fit = actor is not None and actor.state == State.ACTIVE and not await actors.is_feed(tx, actor.id)
    return actor if fit and actor is not None else poster.actor


def _local_name(base_url: str, called: str) -> str:
    """Return the name of an account as it may be called: ``ada``, ``@ada``, ``ada@here``, or by its address."""
    for prefix in (ids.actor(base_url, ""), f"{base_url}/@"):
        if called.startswith(prefix):
            return called.removeprefix(prefix)
    name, at, host = called.removeprefix("@").partition("@")
    return name if not at or host.lower() == base_url.partition("://")[2] else called


def _readers(
    parts: Parts, poster: Poster, speaker: ActorRow, made: OutsideActivity, about: Association | None
) -> tuple[str, ...] | Refusal:
    """Return who may read it: whom its target or else the server says, and whom the poster wants told."""
    wanted = dict.fromkeys((*made.to, *made.cc))
    said = None if about is None else about.public
    if said is False and wanted:
        return Refusal(
            ("to: what the target is about is for those alone who may know of it",), forbidden=True
        )
    public = parts.public if said is None else said
    poster_too = () if speaker.id == poster.actor.id else (poster.actor.iri,)
    named = () if about is None else about.readers
    return tuple(dict.fromkeys(iri for iri in (*((PUBLIC,) if public else ()), *named, *poster_too, *wanted)))


def _entry(draft: _Draft, poster: Poster, speaker: ActorRow, about: Association | None) -> Entry:
    """Return what is told: with whom it credits, what it is about and who brought it."""
    made = draft.made
    data = thirdparty.as2.entry(made, published=draft.published)
    linked = speaker.id != poster.actor.id
    if made.actor is None or linked or not (made.actor.name or made.actor.id):
        data["actor"] = speaker.iri
    if linked:
        data["instrument"] = poster.actor.iri
    if made.target is not None:
        key, container = association.keys_of(made.target.url)
        if about is not None:
            key, container = about.key, about.container
            data["target"] |= {"id": about.iri, "url": about.iri, "name": made.target.name or about.name}
        data |= {"issueKey": [key] if key else [], "key": [container] if container else []}
    return Entry.of(data)


def _row(item: int, draft: _Draft, poster: Poster, speaker: ActorRow, entry: Entry) -> OutsideRow:
    made = draft.made
    linked = made.actor is None or speaker.id != poster.actor.id
    answered = thirdparty.spelled(made, published=draft.published, poster=speaker.name)
    return OutsideRow(
        item,
        poster.actor.id,
        draft.identity,
        made.generator.id,
        made.generator.name,
        speaker.name.lower() if linked else "",
        next(iter(entry.issue_keys), "").lower(),
        next(iter(entry.keys), "").lower(),
        draft.published,
        jsontext.dumps(answered).decode(),
    )
