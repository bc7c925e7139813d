"""An entry: one activity with what a stream shows of it (Atom §1, §8.4).

An activity says who did what; an entry also says by which verbs, from the most general to the most specific, in
which application, under which keys, and what its reader may do about it. Providers hand entries over as plain
dictionaries: an activity in AS2 with a few extension members. In stored documents these members stand
under terms of ours (``hw:verb``), in an entry under their plain names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Self

from vocab.errors import BadFields
from vocab.objects import Object, of

MEMBERS: Final = ("verb", "provider", "application", "titleHtml", "category", "key", "issueKey")
"""Extension members of an entry, in the order in which they are written."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that this reader may do about an entry now, by a request to ``href`` (Atom §3.7, §7.6).

    ``rel`` is the whole relation, an IRI; ``fields`` are those of the form that is sent.
    """

    rel: str
    href: str
    name: str
    fields: tuple[str, ...] = ()
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Source:
    """The feed that an entry was first published in (RFC 4287 §4.2.11)."""

    id: str
    title: str = ""
    updated: datetime | None = None
    here: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One activity of a stream.

    ``activity`` has its actors, objects and target embedded as far as this reader may see them. ``verb`` are
    IRIs, most general first; ``keys`` those of containers, ``issue_keys`` those of things, as they were written.
    ``title_html`` is inline markup, empty when the title is to be told from the activity. ``item`` is the row of a
    stored activity, None for one that was made by a provider. ``replies_total`` counts public answers to what it
    brings, None where we do not know them all. Instants are UTC.
    """

    activity: Object
    published: datetime
    updated: datetime
    verb: tuple[str, ...]
    provider: str = ""
    application: str = ""
    title_html: str = ""
    category: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    issue_keys: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    source: Source | None = None
    item: int | None = None
    replies_total: int | None = None

    @property
    def id(self) -> str:
        """The id of the activity; it is never empty."""
        return self.activity.id or ""

    @classmethod
    def of(cls, data: Mapping[str, Any], *, provider: str = "") -> Self:
        """Read what a provider hands over. Raises BadFields for what no entry can do without (Atom §8.3)."""
        activity = of({name: value for name, value in data.items() if name not in MEMBERS})
        published = activity.instant("published")
        missing = {
            name: ["is missing"]
            for name, there in {
                "id": activity.id,
                "published": published,
                "actor": activity.values("actor"),
                "verb": _texts(data.get("verb")),
            }.items()
            if not there
        }
        if missing or published is None:
            raise BadFields(missing)
        return cls(
            activity=activity,
            published=published,
            updated=max(published, activity.instant("updated") or published),
            verb=_texts(data.get("verb")),
            provider=provider or _text(data.get("provider")),
            application=_text(data.get("application")),
            title_html=_text(data.get("titleHtml")),
            category=_texts(data.get("category")),
            keys=_texts(data.get("key")),
            issue_keys=_texts(data.get("issueKey")),
        )

    def allowing(self, *actions: Action) -> Self:
        """Return the entry with more that its reader may do."""
        return replace(self, actions=(*self.actions, *actions))

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form that providers hand over (Atom §8.4)."""
        members: dict[str, Any] = {
            "verb": list(self.verb),
            "provider": self.provider,
            "application": self.application,
            "titleHtml": self.title_html,
            "category": list(self.category),
            "key": list(self.keys),
            "issueKey": list(self.issue_keys),
        }
        return {**self.activity.data, **{name: value for name, value in members.items() if value}}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(one for one in values if isinstance(one, str) and one)
