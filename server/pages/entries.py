"""What an actor or a tag tells everyone, as entries of a stream (Atom §1); and one of them as a document."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.house import house
from server.pages import answers
from storage import Transaction
from storage import posts as listing
from storage.entries import Viewer
from storage.objects import ObjectRow
from storage.posts import Post
from streams import posts, read
from streams.posts import Told
from vocab import Object, instants, stored
from vocab.dialects import atom
from vocab.dialects.as1 import verbs
from vocab.dialects.syndication import item_of
from vocab.entry import Entry

PORTRAYED = ("type", "name", "preferredUsername", "icon", "url")
"""Members of an actor by which a feed shows it."""


async def answer(request: Request, row: ObjectRow, viewer: Viewer | None) -> Response:
    """Answer with something that the reader may read as an entry (RFC 4287 §2)."""
    base_url = house(request).base_url
    entry = await house(request).store.read(_one, row, viewer)
    body = atom.document_of(item_of(entry, base_url))
    return answers.feed(
        request, body, atom.ENTRY_TYPE, updated=entry.updated, public=bool(row.public) and viewer is None
    )


async def _one(tx: Transaction, row: ObjectRow, viewer: Viewer | None) -> Entry:
    post = await listing.one(tx, row.id)
    if post is None:
        raise LookupError(row.id)
    thing = stored(*await read.document(tx, row.iri, viewer))
    whole = thing if thing.is_activity and not thing.is_a("Question") else Object(_posted(thing.data))
    return _entry(whole, post, whole.embedded("object"))


def entry_of(told: Told) -> Entry:
    """Return what was told: under the id of the activity that told it, by whoever told it."""
    thing = posts.read(told.post)
    own = told.activity.id == told.post.id
    activity = (
        _with_about(told, thing) if own and thing.is_activity else Object(_activity(told, thing, own=own))
    )
    return _entry(activity, told.activity, [thing])


def _entry(activity: Object, post: Post, things: list[Object]) -> Entry:
    published = activity.instant("published") or instants.moment(post.published)
    edited = [at for thing in things if (at := thing.instant("updated")) is not None]
    return Entry(
        activity=activity.with_(id=post.iri, actor=_actor(post)),
        published=published,
        updated=max([published, *edited]),
        verb=_chain(activity),
        item=post.id,
    )


def _with_about(told: Told, activity: Object) -> Object:
    """Return an activity that is told itself, with what it is about as far as everyone may read that."""
    if told.about is None:
        return activity
    thing = posts.read(told.about).without("@context")
    return activity.with_(object={**thing.data, "id": told.about.iri, **_author(told.about)})


def _chain(activity: Object) -> tuple[str, ...]:
    given = tuple(one for one in activity.values("hw:verb") if isinstance(one, str) and one)
    if len(given) == 1:
        return verbs.chain(given[0])
    return given or verbs.of_as2(activity.type)


def _activity(told: Told, thing: Object, *, own: bool) -> dict[str, Any]:
    """Return an activity with what it tells of inside; what stands in a list by itself was posted."""
    whole: dict[str, Any] = {**thing.data, **_author(told.post)}
    if own:
        return _posted(whole)
    return {**posts.read(told.activity).data, "object": whole}


def _posted(thing: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Create", "published": thing.get("published"), "object": thing}


def _actor(post: Post) -> Any:
    """Return who an activity is by, as far as we know them."""
    if post.author_iri is None:
        return None
    document = stored(post.author_document or "{}", post.author_context)
    known = {term: document.data[term] for term in PORTRAYED if term in document.data}
    name = post.author_handle or post.author_name
    return {**known, **({"preferredUsername": name} if name else {}), "id": post.author_iri}


def _author(post: Post) -> dict[str, Any]:
    actor = _actor(post)
    return {} if actor is None else {"attributedTo": actor}
