"""Outside: what happened at another application becomes an activity of one of our actors (Atom §1, §11).

The actor here says it. Who did it there stands under ``hw:author`` and is no actor of ours, unless somebody who may say
so has said that they are: what is said of them binds nobody. What the application called things stands under terms of
ours too, so that nothing is lost: ``hw:verb``, ``hw:objectType``, ``hw:sourceId`` and the others of ``vocab.entry``.

Nothing takes effect that did so elsewhere. Everybody is told by a Note, which other servers understand; some, or
nobody but the actor itself, by the activity that it is. So is what everybody may find and nobody is told of.
"""

from typing import Any, Final

from storage import Transaction
from storage.actors import ActorRow, State
from storage.ids import next_id
from streams import ids, instants, record
from streams.deed import Deed
from streams.drafts import SKEW_US
from streams.errors import NotAllowed
from vocab import PUBLIC, Activity, Audience, Object, html, telling
from vocab import instants as moments
from vocab.entry import MEMBERS, Entry

TELLABLE: Final = ("url", "generator", "target", "instrument", "icon", "image", "tag", "location")
"""Members of an entry's activity that one of ours has as well, besides its object and its dates."""


async def tell(
    tx: Transaction,
    speaker: ActorRow,
    entry: Entry,
    *,
    to: tuple[str, ...] = (),
    aloud: bool = True,
    base_url: str,
    now: int,
) -> Activity:
    """Let an actor of ours say what happened elsewhere, and return the activity. A unit of work.

    ``to`` are IRIs of those who may read it; with Public among them everybody may, and who follows the actor hears of
    it, unless it is not said ``aloud``. Raises NotAllowed for an actor that may say nothing any more.
    """
    if speaker.state != State.ACTIVE:
        raise NotAllowed("actor", "may say nothing any more")
    said = _said(entry, speaker, now)
    if PUBLIC in to and aloud:
        said |= {"to": list(to), "cc": speaker.followers, "type": "Create", "object": _note(entry)}
        return await record.say(tx, speaker, Object(said), base_url=base_url, now=now)
    said |= {"id": ids.activity(base_url, now), "actor": speaker.iri, "to": list(to) or None}
    activity = Activity(Object(said).with_(object=_object(entry)).data)
    deed = Deed(activity, Audience.of(activity), next_id(), speaker, True, now, base_url)
    return await record.publish(tx, deed)


def _said(entry: Entry, speaker: ActorRow, now: int) -> dict[str, Any]:
    """Return what is said of an event, whoever hears it."""
    activity = entry.activity
    known = {term: activity.get(term) for term in TELLABLE if activity.get(term) is not None}
    authors = [one for one in activity.values("actor") if one != speaker.iri]
    published = min(instants.read(activity, "published") or now, now + SKEW_US)
    return {
        **known,
        "type": activity.get("type") or "Activity",
        "published": moments.spell(published),
        "summary": html.plain(entry.title_html) or None,
        "hw:author": authors or None,
        "hw:sourceId": entry.id,
        **_members(entry),
    }


def _members(entry: Entry) -> dict[str, Any]:
    """Return what an entry says besides its activity, under terms of ours."""
    plain = entry.as_dict()
    return {f"hw:{name}": plain[name] for name in MEMBERS if name in plain}


def _object(entry: Entry) -> Any:
    """Return what the event is about, as it stands in the activity."""
    things = entry.activity.values("object")
    return things[0] if len(things) == 1 else things or None


def _note(entry: Entry) -> dict[str, Any]:
    """Return the post that tells everybody of an event, with what it is about attached."""
    content = html.sanitise(entry.title_html) or telling.sentence(entry.activity)
    things = [thing.data for thing in entry.activity.embedded("object")]
    text = html.sanitise(next((thing.get("content") or "" for thing in things), ""))
    return {
        "type": "Note",
        "content": f"<p>{content}</p>{text}",
        "url": entry.activity.get("url"),
        "attachment": things or None,
    }
