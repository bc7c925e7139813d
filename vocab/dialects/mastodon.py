"""Mastodon's archive: what an account takes along when it leaves, post by post (AP-756).

``outbox.json`` holds ordinary Creates and Announces, with the ids and addresses of the server that was
left; files are named by their path inside the archive.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vocab import authoring
from vocab.activities import Activity
from vocab.audience import spelled
from vocab.objects import Object
from vocab.terms import AUDIENCE
from vocab.validate import lenient

LEFT_BEHIND = (
    "actor", "atomUri", "attributedTo", "context", "contextHistory", "conversation", "formerRepresentations", "id",
    "inReplyToAtomUri", "interactionPolicy", "likes", "localOnly", "object", "proof", "replies", "shares", "signature",
    "url",
)  # fmt: skip
"""What only means something on the server that was left, or is given anew."""
FILES = "media_attachments/files/"


@dataclass(frozen=True, slots=True)
class Removal:
    """Who moves: the ids of the actor and of its followers, over there and here."""

    former: str
    former_followers: str
    actor: str
    followers: str

    def renamed(self, iri: str) -> str:
        """Return what an IRI of the actor is called here; others keep theirs."""
        return {self.former: self.actor, self.former_followers: self.followers}.get(iri, iri)


def to_activity(
    archived: Activity,
    removal: Removal,
    *,
    activity: str,
    object: str,
    files: Mapping[str, Mapping[str, Any]],
) -> Activity:
    """Return a Create of the archive as one of ours, with these ids; its date stays.

    ``files`` has what is known of each file by its path inside the archive, ``url`` above all.
    """
    thing = lenient(spelled(with_files(archived.embedded("object")[0], files)))
    made = {
        **_brought(thing, removal), "id": object, "url": object, "attributedTo": removal.actor,
        **{name: f"{object}/{name}" for name in ("replies", "likes", "shares")},
    }  # fmt: skip
    return _activity(archived, removal, activity, authoring.completed(Object(made)).data)


def to_share(archived: Activity, removal: Removal, *, activity: str, object: str) -> Activity:
    """Return an Announce of the archive as one of ours."""
    return _activity(archived, removal, activity, object)


def _activity(archived: Activity, removal: Removal, id: str, object: Any) -> Activity:
    kept = _brought(lenient(spelled(archived.without("object"))), removal)
    return Activity({**kept, "id": id, "actor": removal.actor, "object": object})


def _brought(node: Object, removal: Removal) -> dict[str, Any]:
    """Return what is kept of a node, addressed to the same people by what they are called here."""
    kept = node.without(*LEFT_BEHIND).data
    for field in AUDIENCE:
        if field in kept:
            kept[field] = [removal.renamed(iri) for iri in node.ids(field)]
    return kept


def files(thing: Object) -> list[str]:
    """Return the paths inside the archive of the files a post shows."""
    return [path for node in thing.embedded("attachment") if (path := path_of(node.get("url"))) is not None]


def path_of(url: Any) -> str | None:
    """Return where a file lies inside the archive: a URL without host, however many slashes it begins with."""
    if not isinstance(url, str) or "://" in url or not url.strip("/"):
        return None
    path = url.split("?")[0].lstrip("/")
    return path[path.index(FILES) :] if FILES in path else path


def with_files(thing: Object, addresses: Mapping[str, Mapping[str, Any]]) -> Object:
    """Return a post whose attachments show files that are kept here; those that are missing are left out."""
    shown = []
    for node in thing.embedded("attachment"):
        path = path_of(node.get("url"))
        if path is None:
            shown.append(node.without("@context").data)
        elif path in addresses:
            shown.append({**node.without("@context").data, **addresses[path]})
    return thing.with_(attachment=shown or None)


def from_activity(activity: Activity, paths: Mapping[str, str]) -> Activity:
    """Return an activity of ours as the archive has it; ``paths`` has where each file lies, by its address."""
    inner = activity.inner
    if inner is None:
        return activity
    return Activity(activity.with_(object=with_paths(inner, paths).without("@context").data).data)


def with_paths(thing: Object, paths: Mapping[str, str]) -> Object:
    """Return a post or actor whose files are named by where they lie in the archive."""
    changed = {
        term: [_with_path(node, paths) for node in thing.values(term)]
        for term in ("attachment", "icon", "image")
        if thing.get(term) is not None
    }
    return thing.with_(**{term: nodes if len(nodes) > 1 else nodes[0] for term, nodes in changed.items()})


def _with_path(node: Any, paths: Mapping[str, str]) -> Any:
    address = next(iter(Object(node).ids("url")), "") if isinstance(node, dict) else ""
    return {**node, "url": f"/{paths[address]}"} if address in paths else node
