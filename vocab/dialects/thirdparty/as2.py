"""Outside activities → entries of the stream (Atom §6.2, §12): AS2 with what a stream shows of it."""

from typing import Any, Final

from vocab import html, instants
from vocab import iri as iris
from vocab.dialects.as1 import types, verbs
from vocab.dialects.thirdparty.activity import OutsideActivity, Person, Picture, Thing

PROVIDER: Final = "thirdparty"


def entry(made: OutsideActivity, *, published: int) -> dict[str, Any]:
    """Return an activity as an entry is read from; it has the actor that was named, if one was (``vocab.entry``).

    An activity that names no object is about itself: what it says is an article when it has a title, else a note.
    """
    chain = verbs.chain(made.verb)
    data: dict[str, Any] = {
        "id": made.named,
        "type": verbs.as2(chain),
        "actor": None if made.actor is None else person(made.actor),
        "object": _object(made),
        "target": None if made.target is None else thing(made.target),
        "published": instants.spell(published),
        "url": made.url or (made.id if iris.is_http(made.id) else None),
        "generator": {
            "type": "Application",
            "id": made.generator.id,
            "name": made.generator.name,
            "url": made.generator.id,
        },
        "icon": _picture(made.icon, made.generator.name),
        "verb": list(chain),
        "provider": PROVIDER,
        "application": made.generator.id,
        "titleHtml": made.title,
    }
    return {name: value for name, value in data.items() if value not in (None, "")}


def person(said: Person) -> dict[str, Any]:
    """Return somebody who has no account here. They are described, and by no id: they bind nobody."""
    told = {
        "type": "Person",
        "name": said.name or said.id,
        "url": said.url or None,
        "icon": _picture(said.image),
        "hw:sourceId": said.id or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def thing(said: Thing) -> dict[str, Any]:
    """Return an object or target. What has an id that is no address keeps it as what its application called it."""
    address = next((text for text in (said.url, said.id) if iris.is_http(text)), None)
    name = said.name or (said.url if said.url != address else "") or (said.id if said.id != address else "")
    told = {
        "id": said.id if iris.is_http(said.id) else None,
        "type": types.as2(said.type),
        "name": name or None,
        "summary": said.summary or None,
        "url": address,
        "hw:objectType": types.iri(said.type) or None,
        "hw:sourceId": said.id if said.id and not iris.is_http(said.id) else None,
    }
    return {member: value for member, value in told.items() if value is not None}


def _object(made: OutsideActivity) -> dict[str, Any]:
    about = (
        {
            "type": "Article" if made.title else "Note",
            "name": html.plain(made.title) or None,
            "url": made.url or None,
        }
        if made.object is None
        else thing(made.object)
    )
    about["content"] = made.content or None
    return {member: value for member, value in about.items() if value is not None}


def _picture(picture: Picture | None, name: str = "") -> dict[str, Any] | None:
    if picture is None:
        return None
    told = {
        "type": "Image",
        "url": picture.url,
        "name": name or None,
        "width": picture.width,
        "height": picture.height,
    }
    return {member: value for member, value in told.items() if value is not None}
