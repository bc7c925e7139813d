"""Which picture shows what kind of thing an entry is about (Atom §3.7)."""

from collections.abc import Sequence
from typing import Final

from vocab import media, plaintext
from vocab.dialects.as1 import types
from vocab.dialects.syndication.addresses import web
from vocab.dialects.syndication.items import Thing
from vocab.objects import Object

ICONS: Final[dict[str, str]] = {
    **dict.fromkeys(("note", "status"), "note"),
    "comment": "comment",
    **dict.fromkeys(("article", "page", "blog", "bookmark", "link", "space", "personal-space"), "page"),
    **dict.fromkeys(("issue", "task", "review", "jira-project", "project"), "issue"),
    **dict.fromkeys(("image", "photo", "audio", "video"), "media"),
    "file": "file",
    **dict.fromkeys(("person", "group", "organization", "application", "service"), "person"),
    **dict.fromkeys(("changeset", "repository"), "changeset"),
    **dict.fromkeys(("job", "build"), "job"),
    "event": "event",
    "question": "question",
}
"""The picture for each key of a type; anything else is a thing."""
OTHER: Final = "thing"
LABELS: Final[dict[str, str]] = {"jira-project": "Project", "personal-space": "Space", "question": "Poll"}


def kind(type: str) -> str:
    """Return the name of the picture for a type, an IRI."""
    return ICONS.get(types.key(type), OTHER) if type else OTHER


def label(type: str) -> str:
    """Return what a picture says to those who cannot see it."""
    key = types.key(type) if type else ""
    return LABELS.get(key) or key.replace("-", " ").capitalize() or "Activity"


def icon(activity: Object, things: Sequence[Thing], base_url: str) -> tuple[str, str]:
    """Return the address of an entry's picture, and its label.

    An application may send one along, which says what it shows or else stands for the application; otherwise the kind
    of thing has one here.
    """
    own = web(media.picture(activity, "icon"))
    name = _name(activity, "icon") or _name(activity, "generator")
    type = things[0].type if things else ""
    return own or f"{base_url}/static/kind-{kind(type)}.svg", name if own and name else label(type)


def _name(activity: Object, term: str) -> str:
    named = next(iter(activity.embedded(term)), None)
    return " ".join(plaintext.name(named.text("name") or "").split()) if named is not None else ""
