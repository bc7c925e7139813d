"""What an actor or a tag tells everyone, as entries of a stream (Atom §1)."""

from typing import Any

from storage.posts import Post
from streams import posts
from streams.posts import Told
from vocab import Object, instants, stored
from vocab.dialects.as1 import verbs
from vocab.entry import Entry

PORTRAYED = ("type", "name", "preferredUsername", "icon", "url")
"""Members of an actor by which a feed shows it."""


def entry_of(told: Told) -> Entry:
    """Return what was told: under the id of the activity that told it, by whoever told it."""
    thing = posts.read(told.post)
    own = told.activity.id == told.post.id
    activity = thing if own and thing.is_activity else Object(_activity(told, thing, own=own))
    published = activity.instant("published") or instants.moment(told.activity.published)
    edited = thing.instant("updated") or published
    return Entry(
        activity=activity.with_(id=told.activity.iri, actor=_actor(told.activity)),
        published=published,
        updated=max(published, edited),
        verb=_chain(activity),
        item=told.activity.id,
    )


def _chain(activity: Object) -> tuple[str, ...]:
    given = tuple(one for one in activity.values("hw:verb") if isinstance(one, str) and one)
    if len(given) == 1:
        return verbs.chain(given[0])
    return given or verbs.of_as2(activity.type)


def _activity(told: Told, thing: Object, *, own: bool) -> dict[str, Any]:
    """Return an activity with what it tells of inside; what stands in a list by itself was posted."""
    whole: dict[str, Any] = {**thing.data, **_author(told.post)}
    if own:
        return {"type": "Create", "published": thing.data.get("published"), "object": whole}
    return {**posts.read(told.activity).data, "object": whole}


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
