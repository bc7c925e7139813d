"""A deed: one activity while it takes effect inside a transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from storage.actors import ActorRow
from storage.objects import ObjectRow
from streams.errors import Refused
from vocab import Activity, Audience, Object

TOLD_TO = ("to", "cc", "audience")


@dataclass(slots=True)
class Deed:
    """One activity, who does it, and what its effect asks for.

    ``id`` is the activity's row. ``ours`` tells an activity published here from one received; what one of
    our clients says may be partial and is refused aloud, what a server says is whole and is ignored when
    it oversteps. ``documents`` are remote documents, believed and read before the transaction began.
    An effect may replace ``activity`` (an Update is delivered with the complete object). It says in ``refers``
    which stored thing the activity is about, narrows ``audience`` when nobody is to know, sets ``confidential``
    when not even the owner of the inbox it was sent to is, adds the actors it must reach to ``also``, the stored
    posts it replies to or concerns to ``concerns`` and what local actors answer at once to ``answers``. ``told``
    are the rows of actors here in whose inboxes it is, ``groups`` the groups among them; ``through`` the group of
    another server whose Announce brought it; ``author`` who made what the actor reacts to or passes on, when that
    is someone else.
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
    confidential: bool = False
    also: list[str] = field(default_factory=list)
    concerns: list[ObjectRow] = field(default_factory=list)
    groups: list[ActorRow] = field(default_factory=list)
    through: str | None = None
    author: ActorRow | None = None
    answers: list[tuple[ActorRow, Activity]] = field(default_factory=list)
    told: set[int] = field(default_factory=set)

    @property
    def objects(self) -> tuple[str, ...]:
        """The ids of everything it is about (AP-204); raises Refused when something has none."""
        iris = self.activity.ids("object")
        if not iris or len(iris) != len(self.activity.values("object")):
            raise Refused("object.id", "is missing")
        return iris

    @property
    def brings(self) -> int | None:
        """Whose words it brings to those who follow its actor, when they are someone else's."""
        return None if self.author is None else self.author.id

    @property
    def single(self) -> bool:
        """Whether it is about exactly one thing."""
        return len(self.activity.values("object")) == 1

    def name(self, iri: str) -> None:
        """Address one of ours to someone its client forgot (AP-240, AP-250); whoever is named may read it."""
        if self.ours and iri != self.actor.iri and iri not in self.audience.recipients:
            self.activity = self.activity.with_(to=[*self.activity.values("to"), iri])
            self.audience = replace(self.audience, to=(*self.audience.to, iri))

    def address_like(self, said: Object) -> None:
        """Address one of ours that names nobody as what it is about was, as far as that is told (AP-227, AP-231)."""
        if not self.ours or self.audience != Audience():
            return
        told = {term: said.get(term) for term in TOLD_TO if said.get(term) is not None}
        self.activity = self.activity.with_(**told)
        self.audience = Audience.of(self.activity)

    @property
    def iri(self) -> str:
        """The activity's own IRI; our records always have one."""
        return self.activity.id or ""
