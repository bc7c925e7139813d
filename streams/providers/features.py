"""What filters ask of an entry: by whom it is, what kind of thing was done, what it says (Atom §4.3, §4.4)."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from vocab import html
from vocab import iri as iris
from vocab.dialects.as1 import types, verbs
from vocab.entry import Entry
from vocab.objects import Object, of

AUTHORS: Final = ("hw:author", "actor", "attributedTo")
"""The first of these that an activity has says by whom it is; one of ours may tell what somebody did elsewhere."""
TEXTS: Final = ("name", "summary", "content")
TEXT_CHARS_MAX: Final = 100_000


def name_of(user: str) -> str:
    """Return what users are compared by: names without the sign before them, in lower case; IRIs as they are."""
    user = user.strip()
    return user if "://" in user else user.removeprefix("@").lower()


def users(entry: Entry, base_url: str) -> frozenset[str]:
    """Return all that may be said to mean an author of an entry (Atom §4.3 rule 7): names and IRIs.

    Ours are meant by their name alone, by ``name@host`` and by their IRI. Someone on another server is not meant by a
    mere name; somebody of another application, who has no address of a server, is.
    """
    authors = next(filter(None, map(entry.activity.values, AUTHORS)), ())
    return frozenset(name for value in authors for name in _names(value, base_url))


def _names(value: Any, base_url: str) -> Iterator[str]:
    author = of(value) if isinstance(value, dict) else Object({"id": value} if isinstance(value, str) else {})
    iri = author.id or ""
    if iri:
        yield name_of(iri)
    said = author.data.get("preferredUsername")
    name = said.lower() if isinstance(said, str) else ""
    if not iris.is_http(iri):
        if name:
            yield name
        return
    own = iris.same_origin(iri, base_url)
    name = name or (unquote(iri.rsplit("/", 1)[-1]).lower() if own else "")
    if not name:
        return
    yield f"{name}@{iris.host(iri)}"
    if own or "inbox" not in author.data:
        yield name


def activities(entry: Entry) -> frozenset[str]:
    """Return the kinds of what was done, each as ``{object key}:{verb key}`` (Atom §4.5).

    The verb is the most specific one. An activity whose object is known by its address alone may be of any type.
    """
    verb = verbs.key(entry.verb[-1])
    return frozenset(f"{key}:{verb}" for key in _object_keys(entry))


def _object_keys(entry: Entry) -> Iterator[str]:
    for thing in entry.activity.embedded("object"):
        own = [value for value in thing.values("hw:objectType") if isinstance(value, str)]
        own += [value for value in thing.values("objectType") if isinstance(value, str)]
        if thing.get("inReplyTo") and not own:
            yield "comment"
        for type in own or thing.types:
            if iri := types.iri(type) if own else types.of_as2(type):
                yield types.key(iri)


def text(entry: Entry) -> str:
    """Return what an entry says, in lower case and without tags: title, names, summaries and contents."""
    pieces = [html.plain(entry.title_html)]
    for thing in (entry.activity, *entry.activity.embedded("object")):
        pieces += [html.plain(said) for term in TEXTS if (said := thing.text(term))]
    return "\n".join(piece for piece in pieces if piece)[:TEXT_CHARS_MAX].casefold()
