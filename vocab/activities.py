"""Activities: who did what to what."""

from typing import Any

from vocab.objects import Object, of

_COPIED = ("to", "bto", "cc", "bcc", "audience", "published")


class Activity(Object):
    """Something that was done, by someone, to something."""

    __slots__ = ()

    @classmethod
    def describes(cls, node: Object) -> bool:
        """Describe activities, by the rule of AP-196."""
        return node.is_activity

    @property
    def actor(self) -> str | None:
        """Who did it; raises Ambiguous unless it is exactly one (AP-321, SEC-027)."""
        return self.one_id("actor")

    @property
    def object(self) -> str | None:
        """The id of what it was done to; None for nothing and for a new object without id.

        Raises Ambiguous when there are several (AP-204): ask ``objects`` then.
        """
        values = self.values("object")
        if len(values) == 1 and isinstance(values[0], dict) and not self.ids("object"):
            return None
        return self.one_id("object")

    @property
    def objects(self) -> tuple[str, ...]:
        """The ids of everything it was done to (AP-204)."""
        return self.ids("object")

    @property
    def inner(self) -> Object | None:
        """The embedded object when there is exactly one; None when it is only named."""
        found = self.embedded("object")
        return found[0] if len(found) == len(self.values("object")) == 1 else None

    @property
    def target(self) -> str | None:
        """The one thing it was directed at."""
        return self.one_id("target")

    @property
    def origin(self) -> str | None:
        """The one thing it came from."""
        return self.one_id("origin")

    @property
    def result(self) -> str | None:
        """The one thing that came of it."""
        return self.one_id("result")

    @property
    def instrument(self) -> str | None:
        """The one thing it was done with."""
        return self.one_id("instrument")


def wrap(inner: Object, actor: str) -> Activity:
    """Wrap an object in a Create by an actor, with the object's recipients and date (AP-197)."""
    data: dict[str, Any] = {"type": "Create", "actor": actor}
    if "@context" in inner.data:
        data = {"@context": inner.data["@context"]} | data
    data |= {term: inner.data[term] for term in _COPIED if inner.get(term) is not None}
    return Activity(data | {"object": inner.without("@context").data})


def as_activity(node: Object) -> Activity | None:
    """Return a node as an activity, or None when it is something else (AP-196)."""
    found = of(node.data)
    return found if isinstance(found, Activity) else None
