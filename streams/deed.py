"""A deed: one activity while it takes effect inside a transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.actors import ActorRow
from streams.errors import Refused
from vocab import Activity, Audience, Object


@dataclass(slots=True)
class Deed:
    """One activity, who does it, and what its effect asks for.

    ``id`` is the activity's row. ``ours`` tells an activity published here from one received; what one of
    our clients says may be partial and is refused aloud, what a server says is whole and is ignored when
    it oversteps. ``documents`` are remote documents, believed and read before the transaction began.
    An effect may replace ``activity`` (an Update is delivered with the complete object). It says in
    ``refers`` which stored thing the activity is about, narrows ``audience`` when nobody is to know, adds the
    actors it must reach to ``also`` and what local actors answer at once to ``answers``.
    """

    activity: Activity
    audience: Audience
    id: int
    actor: ActorRow
    ours: bool
    now: int
    base_url: str
    documents: Mapping[str, Object] = field(default_factory=dict)
    refers: int | None = None
    also: list[str] = field(default_factory=list)
    answers: list[tuple[ActorRow, Activity]] = field(default_factory=list)

    @property
    def objects(self) -> tuple[str, ...]:
        """The ids of everything it is about (AP-204); raises Refused when something has none."""
        iris = self.activity.ids("object")
        if not iris or len(iris) != len(self.activity.values("object")):
            raise Refused("object.id", "is missing")
        return iris

    @property
    def iri(self) -> str:
        """The activity's own IRI; our records always have one."""
        return self.activity.id or ""
