"""Putting an activity together with what it is about, as it is told to readers of streams."""

from streams.happenings.facets import OUTSIDE, chain
from vocab.activities import Activity
from vocab.dialects.as1 import verbs
from vocab.objects import Object


def assembled(activity: Object, about: Object | None) -> Activity:
    """Return an activity with what it is about in it.

    What happened elsewhere was told to everybody by a post; here it is told itself again, as it came (Atom §6, §11).
    """
    if about is None or not about.id:  # of an actor of ours no whole document is kept
        return Activity(activity.data)
    post = bool(activity.get(OUTSIDE)) and about.is_a("Note") and not about.get(OUTSIDE)
    things = about.embedded("attachment") if post else []
    if things:
        told = [_bare(thing).data for thing in things]
        type = verbs.as2(chain(activity))
        return Activity({**activity.data, "type": type, "object": told[0] if len(told) == 1 else told})
    return Activity({**activity.data, "object": _bare(about).data})


def _bare(thing: Object) -> Object:
    """Return a thing without a context that says nothing more than what everybody knows."""
    return thing if thing.context else thing.without("@context")
