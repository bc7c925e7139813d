"""Who may see what happened (Atom §12.3, §17.5): the conditions that every reader of the index uses.

Nothing of it is kept in the index. It is asked, each time, of the documents: of the activity and of what it is about.
Whoever owns a tenant, or runs the server, also sees what the tenant keeps; nobody sees what was deleted, hidden, or
said by somebody who is suspended.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from storage import entries
from storage.audience import readable
from storage.connection import Transaction, Value
from storage.entries import Viewer
from storage.sql import each, listed

_ACTIVE: Final = "NOT EXISTS (SELECT 1 FROM actors s WHERE s.id = {0}.owner AND s.state = 2)"
_SHOWS: Final = (
    "NOT EXISTS (SELECT 1 FROM events i WHERE i.id = {0}.id AND i.hidden = 1)"
    " AND NOT EXISTS (SELECT 1 FROM feed_reactions r WHERE r.item = {0}.id AND r.deleted IS NOT NULL)"
)
SOCIAL: Final = "social"
"""The provider of what actors say themselves: what they take back is not told any more."""
_STANDS: Final = (
    f"(h.provider <> '{SOCIAL}' OR CASE"  # noqa: S608
    " WHEN h.echo = 1 THEN EXISTS (SELECT 1 FROM streams p JOIN entries e ON e.stream = p.id WHERE p.owner = a.owner"
    " AND p.kind = 'posts' AND e.item = h.about) OR EXISTS (SELECT 1 FROM reactions r WHERE r.activity = a.id)"
    " WHEN a.type IN ('Like', 'Dislike', 'EmojiReact', 'Announce')"
    " THEN EXISTS (SELECT 1 FROM reactions r WHERE r.activity = a.id)"
    " WHEN a.type = 'Follow' AND t.kind = 3 THEN EXISTS (SELECT 1 FROM follows f WHERE f.activity = a.id)"
    " ELSE 1 = 1 END)"
)
_ECHO: Final = (
    "(h.echo = 0 OR NOT EXISTS (SELECT 1 FROM happenings c CROSS JOIN objects d WHERE c.about = h.about AND d.id = c.id"
    " AND c.id <> h.id AND c.ended IS NULL AND d.public = 1 AND (c.echo = 1 AND d.owner = a.owner AND c.id < h.id"
    " OR c.echo = 0 AND d.type = 'Create' AND {here})))"
)
_POSTED: Final = "EXISTS (SELECT 1 FROM outside_activities x WHERE x.item = h.id)"
"""What programs posted is shown to whoever runs the server, who may delete it (Atom §6.3)."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see. ``inbox`` is their inbox, None for nobody in particular.

    ``tenants`` are those that they own, None when they run the server. With ``said_to_all`` nothing that an actor said
    to some alone is shown, whoever asks.
    """

    viewer: Viewer | None = None
    inbox: int | None = None
    tenants: frozenset[int] | None = field(default_factory=frozenset)
    said_to_all: bool = False

    def condition(self, engine: str) -> str:
        """Return the condition for a happening ``h``, its activity ``a`` and what that is about, ``t``."""
        return " AND ".join((
            "h.ended IS NULL", "a.kind = 2", "a.document IS NOT NULL", "a.deleted IS NULL",
            self._may(engine, "a"), self._here("h", "a"), _ACTIVE.format("a"),
            f"(h.tenant IS NULL OR {_SHOWS.format('a')})",
            f"(t.id IS NULL OR t.deleted IS NULL AND {_ACTIVE.format('t')} AND (t.document IS NULL OR t.kind = 3"
            f" OR {self._may(engine, 't')} AND (t.kind <> 2 OR {_SHOWS.format('t')})))",
            _STANDS, _ECHO.format(here=self._here("c", "d")),
        ))  # fmt: skip

    def ended(self, engine: str) -> str:
        """Return the condition that somebody might have seen what ended."""
        mays = f"{self._may(engine, 'a')} AND (t.id IS NULL OR t.kind = 3 OR {self._may(engine, 't')})"
        return f"{mays} AND {self._here('h', 'a')} AND {_ACTIVE.format('a')} AND {_SHOWS.format('a')}"

    def thing(self, thing: str) -> str:
        """Return the condition that somebody may read a document that an activity names, by its alias."""
        lives = f"{thing}.document IS NOT NULL AND {thing}.deleted IS NULL AND {_ACTIVE.format(thing)}"
        return (
            f"{lives} AND ({thing}.kind = 3 AND NOT EXISTS (SELECT 1 FROM actors s WHERE s.id = {thing}.id"  # noqa: S608
            f" AND s.state = 2) OR {thing}.kind <> 3 AND {self._reads(thing)}) AND {_SHOWS.format(thing)}"
        )

    def _reads(self, thing: str) -> str:
        return f"{thing}.public = 1" if self.viewer is None or self.said_to_all else readable(thing)

    def _may(self, engine: str, thing: str) -> str:
        if self.tenants is None:
            return f"({self._reads(thing)} OR h.tenant IS NOT NULL OR {_POSTED})"
        if not self.tenants:
            return self._reads(thing)
        owned = f"SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(engine, 'tenants')}"  # noqa: S608
        return f"({self._reads(thing)} OR h.tenant IN ({owned}))"

    def _here(self, happening: str, activity: str) -> str:
        """Return the condition that something happened here, or reached the viewer."""
        if self.inbox is None:
            return f"{happening}.local = 1"
        reached = f"SELECT 1 FROM entries e WHERE e.item = {activity}.id AND e.stream = :inbox"  # noqa: S608
        return f"({happening}.local = 1 OR EXISTS ({reached}))"

    def parameters(self) -> dict[str, Value]:
        """Return the parameters that the conditions ask for."""
        asked: dict[str, Value] = {}
        if self.viewer is not None and not self.said_to_all:
            asked |= {"viewer": self.viewer.id, "viewer_iri": self.viewer.iri}
        if self.inbox is not None:
            asked["inbox"] = self.inbox
        if self.tenants:
            asked["tenants"] = listed((tenant,) for tenant in sorted(self.tenants))
        return asked


async def of(
    tx: Transaction, viewer: Viewer | None, tenants: Iterable[int] | None, *, said_to_all: bool
) -> Sight:
    """Return what a viewer, or with None anybody, may see; ``tenants`` None for whoever runs the server."""
    stream = None if viewer is None else await entries.find(tx, viewer.id, "inbox")
    return Sight(
        viewer,
        None if stream is None else stream.id,
        None if tenants is None else frozenset(tenants),
        said_to_all,
    )
