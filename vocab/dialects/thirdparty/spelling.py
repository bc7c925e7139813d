"""An outside activity as it is answered: what was kept, after its markup was made harmless (Atom §6.3)."""

from typing import Any

from vocab import instants
from vocab.dialects.as1 import verbs
from vocab.dialects.thirdparty.activity import OutsideActivity, Person, Picture, Thing


def spelled(made: OutsideActivity, *, published: int, poster: str) -> dict[str, Any]:
    """Write an activity that was kept. ``published`` is when it happened, ``poster`` the name of who is credited."""
    person = made.actor or Person()
    return _there(
        {
            "id": made.named,
            "url": made.url,
            "title": made.title,
            "content": made.content,
            "published": instants.spell(published),
            "verb": made.verb or verbs.key(verbs.POST),
            "generator": {"id": made.generator.id, "displayName": made.generator.name},
            "actor": _person(person) or {"objectType": "person", "id": poster},
            "object": _thing(made.object),
            "target": _thing(made.target),
            "icon": _picture(made.icon),
            "to": list(made.to),
            "cc": list(made.cc),
        }
    )


def _person(person: Person) -> dict[str, Any] | None:
    said = _there(
        {
            "id": person.id,
            "displayName": person.name,
            "url": person.url,
            "image": _picture(person.image),
        }
    )
    return {"objectType": "person", **said} if said else None


def _thing(thing: Thing | None) -> dict[str, Any] | None:
    if thing is None:
        return None
    return _there(
        {
            "id": thing.id,
            "objectType": thing.type,
            "displayName": thing.name,
            "summary": thing.summary,
            "url": thing.url,
        }
    )


def _picture(picture: Picture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    sizes = {"width": picture.width, "height": picture.height}
    return {"url": picture.url, **{name: size for name, size in sizes.items() if size is not None}}


def _there(members: dict[str, Any]) -> dict[str, Any]:
    """Leave out what was not said."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}
