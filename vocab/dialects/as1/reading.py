"""Activity Streams 1.0 → AS2 (Atom §12, §13)."""

from typing import Any, Final

from vocab import html
from vocab.dialects.as1 import shapes, types, verbs
from vocab.dialects.as1.shapes import deeper, members, several, single, within
from vocab.errors import ParseError
from vocab.objects import Object, of
from vocab.terms import ACTOR_TYPES, PUBLIC

Data = dict[str, Any]

REQUIRED: Final = ("published", "actor")
FRIENDS: Final = "http://purl.org/vocab/relationship/friendOf"
_ACTIVITY: Final = types.STANDARD + "activity"


def to_activity(data: Any, *, complete: bool = True, path: str = "") -> Object:
    """Return an activity as AS2, with its verbs and types under terms of ours as they were written.

    Raises ParseError with the path of what cannot be read. With ``complete`` unset, who did it and when may be
    left open. Members that nobody knows are kept as they are: who reads what others sent looks at them first.
    """
    given = members(data, path)
    for name in REQUIRED if complete else ():
        if name not in given:
            raise ParseError("is missing", within(path, name))
    return of(_activity(given, path, 0))


def to_object(data: Any, path: str = "") -> Object:
    """Return a thing as AS2. Raises ParseError with the path of what cannot be read."""
    return of(_node(members(data, path), path, 0))


def _activity(given: Data, path: str, depth: int) -> Data:
    verb = shapes.text(given.get("verb", ""), within(path, "verb"))
    chain = verbs.chain(verb)
    done = _members(given, path, depth, actor=False)
    if "objectType" in given:
        done["hw:objectType"] = types.iri(shapes.text(given["objectType"], within(path, "objectType")))
    if "title" in given:
        done["hw:titleHtml"] = shapes.text(given["title"], within(path, "title"))
        done.setdefault("summary", " ".join(html.plain(done["hw:titleHtml"]).split()))
    elif "summary" in done:
        done["hw:titleHtml"] = ""
    done |= {"type": verbs.as2(chain), "hw:verb": list(chain)}
    return {"type": done["type"], **_meant(done, verbs.key(chain[-1])), **_typed_before(given, path)}


def _meant(done: Data, key: str) -> Data:
    """Return an activity with its object as AS2 wants it for its verb (Atom §12.1, §12.2)."""
    about, actor = done.get("object"), {"actor": done["actor"]} if "actor" in done else {}
    if done["type"] == "Create" and key == "post" and "target" in done:
        return _posted(done)
    if key in verbs.UNDOES and about is not None:
        return {**done, "object": {"type": verbs.UNDOES[key], **actor, "object": about}}
    if key in verbs.FRIENDSHIP and about is not None:
        subject = {"subject": done["actor"]} if "actor" in done else {}
        return {
            **done,
            "object": {"type": "Relationship", **subject, "relationship": FRIENDS, "object": about},
        }
    return done


def _posted(done: Data) -> Data:
    """Return what was posted to something: a comment answers it, anything else was added to it."""
    thing = done.get("object")
    node = Object(thing) if isinstance(thing, dict) else Object({})
    if types.key(str(node.get("hw:objectType") or "")) != "comment" and node.get("inReplyTo") is None:
        return {**done, "type": "Add"}
    target = next(iter(Object(done).ids("target")), None)
    if target is None or node.get("inReplyTo") is not None:
        return done
    return {**done, "object": {**node.data, "inReplyTo": target}}


def _node(given: Data, path: str, depth: int) -> Data:
    kind = types.iri(shapes.text(given.get("objectType", ""), within(path, "objectType")))
    if kind == _ACTIVITY or (not kind and "verb" in given):
        return _activity(given, path, depth)
    media_type = given.get("mimeType")
    type = types.as2(kind, media_type if isinstance(media_type, str) else "")
    node = _members(given, path, depth, actor=type in ACTOR_TYPES)
    named = {"type": type, "hw:objectType": kind} if kind else {}
    return {**named, **node, **_typed_before(given, path)}


def _typed_before(given: Data, path: str) -> Data:
    """Return what a document of AS2 had that has no place in AS1, once it comes back."""
    aside = given.get(shapes.ASIDE_IN_AS1)
    if aside is None:
        return {}
    kept = members(aside, within(path, shapes.ASIDE_IN_AS1))
    return {name: value for name, value in kept.items() if name not in ("id", "actor", "@context")}


def _members(given: Data, path: str, depth: int, *, actor: bool) -> Data:
    """Return all members but the type: each as its table has it, what stands in none as it is."""
    read: Data = {}
    aside: Data = {}
    for name, value in given.items():
        if name in ("objectType", "verb", "title", shapes.ASIDE_IN_AS1) or (value == [] and _reader(name)):
            continue
        if name in shapes.MAPPED and (name != "banner" or actor):
            read[_called(name, actor=actor)] = _value(name, value, within(path, name), depth)
        elif name in shapes.ONLY_IN_AS2:
            aside[name] = value
        else:
            read[name] = value
    return read | ({shapes.ASIDE_IN_AS2: aside} if aside else {})


def _called(name: str, *, actor: bool) -> str:
    """Return what a member is called in AS2: the picture of an actor is its icon, what lies behind it its image."""
    if actor and name in ("image", "banner"):
        return {"image": "icon", "banner": "image"}[name]
    return shapes.NAMES.get(name, name)


def _value(name: str, value: Any, path: str, depth: int) -> Any:
    if name in shapes.INSTANTS:
        return shapes.instant(value, path)
    if name in shapes.COLLECTIONS:
        return _collection(value, path, depth)
    read = _reader(name)
    if read is None:
        return shapes.text(value, path)
    values = several(value)
    many = isinstance(value, list)
    found = [
        read(one, within(path, index) if many else path, deeper(depth, path))
        for index, one in enumerate(values)
    ]
    return found if name in shapes.LISTS else single(found)


def _reader(name: str) -> Any:
    if name in shapes.MEDIA:
        return _medium
    if name in shapes.AUDIENCE:
        return _reader_of_one
    return _thing if name in shapes.NODES else None


def _thing(value: Any, path: str, depth: int) -> Any:
    """Return a thing; a text is its id, and so is an object that has nothing else."""
    if isinstance(value, str):
        return value
    node = _node(members(value, path), path, depth)
    return node["id"] if node.keys() == {"id"} else node


def _reader_of_one(value: Any, path: str, depth: int) -> Any:
    """Return one of those that something is addressed to; the group of everybody is Public."""
    if isinstance(value, dict) and value.get("alias") == "@public":
        return PUBLIC
    return _thing(value, path, depth)


def _medium(value: Any, path: str, depth: int) -> Any:
    """Return a media link as an Image; its sides may be numbers or digits."""
    given: Data = {"url": value} if isinstance(value, str) else members(value, path)
    shapes.text(given.get("url", ""), within(path, "url"))
    for side in ("width", "height"):
        if side in given:
            given[side] = _side(given[side], within(path, side))
    aside = {name: one for name, one in given.items() if name in shapes.ONLY_IN_AS2}
    kept = {name: one for name, one in given.items() if name not in aside}
    return {"type": "Image", **kept, **({shapes.ASIDE_IN_AS2: aside} if aside else {})}


def _side(value: Any, path: str) -> int | float:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ParseError("must be a number of pixels", path)
    return value


def _collection(value: Any, path: str, depth: int) -> Any:
    """Return a collection; a text is its id, and so is an object that has nothing but an address."""
    if isinstance(value, str):
        return value
    given = members(value, path)
    total, items, url = given.pop("totalItems", None), given.pop("items", None), given.pop("url", None)
    made: Data = {} if url is None else {"id": shapes.text(url, within(path, "url"))}
    if total is not None:
        if isinstance(total, bool) or not isinstance(total, int) or total < 0:
            raise ParseError("must be a whole number", within(path, "totalItems"))
        made["totalItems"] = total
    if items is not None:
        here = within(path, "items")
        made["items"] = [
            _thing(one, within(here, index), deeper(depth, path)) for index, one in enumerate(several(items))
        ]
    rest = {name: one for name, one in given.items() if name not in shapes.ONLY_IN_AS2}
    return made["id"] if made.keys() == {"id"} and not rest else {"type": "Collection", **rest, **made}
