"""Stored documents as activities of feeds, and their spelling, which is kept in memory while it holds."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Final

from storage.feedactivities import Kept
from storage.placements import Placed
from streams.feeds import keys
from vocab import Activity, dump, jsontext, stored
from vocab.dialects.getstream import Entities, FeedActivity, FeedId, activities, from_activity

KEPT_MAX: Final = 10_000
"""So many spellings are kept; each has 10 KB at most and usually a tenth of that."""
NAMES_MAX: Final = 100_000


def read(kept: Kept, entities: Entities) -> FeedActivity:
    """Return a stored document as an activity of a feed."""
    made = from_activity(Activity(stored(*whole(kept)).data), entities, id=keys.id_of(kept.key))
    return FeedActivity(
        made.id,
        made.actor,
        made.verb,
        made.object,
        made.target,
        made.foreign_id,
        feeds_in(kept.targets),
        made.custom,
    )


def whole(kept: Kept) -> dump.Text:
    """Return a stored document with what it is about inside, if that is a document of its own."""
    text = dump.Text(kept.document, kept.context)
    if kept.about is None or kept.about_document is None:
        return text
    return dump.splice(text, "object", kept.about, dump.Text(kept.about_document, kept.about_context))


def feeds_in(targets: str) -> tuple[FeedId, ...]:
    """Read the feeds in an activity's ``to`` as they are stored."""
    return tuple(feed for name in targets.split() if (feed := FeedId.parse(name)) is not None)


def stored_feeds(to: tuple[FeedId, ...]) -> str:
    """Write the feeds in an activity's ``to`` as they are stored."""
    return " ".join(map(str, to))


class _Spelt:
    """A spelling, what it was made of, and after how many edits of anything it was last found to be right."""

    __slots__ = ("edits", "members", "targets", "text", "version")

    def __init__(self, version: int, targets: str, text: bytes) -> None:
        self.version = version
        self.targets = targets
        self.text = text
        self.edits = ""
        self.members: dict[str, Any] = {}


def with_origin(text: bytes, origin: str | None) -> bytes:
    """Say in an activity that was spelled through which feed it came; it ends with that, and with null at first."""
    return text if origin is None else b'%s"%s"}' % (text[: -len(b"null}")], origin.encode())


class Spellings:
    """Spelled activities by the rows of their documents."""

    def __init__(self, most: int = KEPT_MAX) -> None:
        self._most = most
        self._spelt: OrderedDict[int, _Spelt] = OrderedDict()
        self.names: dict[int, str] = {}
        """What feeds are called, by their streams; that never changes."""

    def text(self, placed: Placed, entities: Entities) -> bytes:
        """Return an activity as JSON, as whoever reads a feed is shown it (Feeds §5.1)."""
        return with_origin(self._whole(placed.kept, entities).text, placed.origin)

    def unedited(self, items: Iterable[int], edits: str) -> list[bytes | None]:
        """Return the spellings of activities without origins, None where a document may have changed since."""
        get = self._spelt.get
        return [
            spelt.text if (spelt := get(item)) is not None and spelt.edits == edits else None
            for item in items
        ]

    def has(self, item: int) -> bool:
        """Return whether a spelling of an activity is kept, right or not."""
        return item in self._spelt

    def confirm(self, item: int, version: int, targets: str, edits: str) -> None:
        """Note that an activity's version and targets are these after so many edits: its spelling may be right."""
        spelt = self._spelt.get(item)
        if spelt is not None and (spelt.version, spelt.targets) == (version, targets):
            spelt.edits = edits

    def retain(self, items: Iterable[int]) -> None:
        """Let some spellings that are kept be the last to be forgotten."""
        for item in items:
            if item in self._spelt:
                self._spelt.move_to_end(item)

    def some_members(self, item: int, names: frozenset[str]) -> dict[str, Any]:
        """Return some members of an activity whose spelling is kept: those of these names, perhaps others too."""
        spelt = self._spelt[item]
        if not names <= spelt.members.keys():
            read: Any = jsontext.loads(spelt.text)
            spelt.members = {name: read.get(name) for name in names | spelt.members.keys()}
        return spelt.members

    def learn(self, kept: Kept, entities: Entities, edits: str) -> None:
        """Keep the spelling of an activity as it is after so many edits or later ones."""
        self._whole(kept, entities).edits = edits

    def learn_names(self, names: dict[int, str]) -> None:
        """Keep what some feeds are called."""
        if len(self.names) > NAMES_MAX:
            self.names.clear()
        self.names.update(names)

    def _whole(self, kept: Kept, entities: Entities) -> _Spelt:
        spelt = self._spelt.get(kept.item)
        if spelt is not None and spelt.version == kept.version and spelt.targets == kept.targets:
            return spelt
        members = activities.spelled(read(kept, entities))
        del members["origin"]
        members["origin"] = None  # at its end
        spelt = self._spelt[kept.item] = _Spelt(kept.version, kept.targets, jsontext.dumps(members))
        if len(self._spelt) > self._most:
            self._spelt.popitem(last=False)
        return spelt
