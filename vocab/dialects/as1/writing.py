"""AS2 → Activity Streams 1.0 (Atom §12, §13)."""

from typing import Any, Final

from vocab import html, instants
from vocab.dialects.as1 import shapes, types, verbs
from vocab.dialects.as1.shapes import single
from vocab.objects import Object
from vocab.terms import ACTOR_TYPES, NATURAL, PUBLIC, PUBLIC_SPELLINGS

Data = dict[str, Any]

EVERYBODY: Final = {"objectType": "group", "alias": "@public"}
_BACK: Final = {there: here for here, there in shapes.NAMES.items()}
_CONSUMED: Final = frozenset(
    {"type", "@context", "hw:objectType", "hw:verb", "hw:titleHtml", shapes.ASIDE_IN_AS2}
    | {f"{term}Map" for term in NATURAL}
)
"""Members that are told otherwise, or of which one language is chosen."""


def from_activity(activity: Object, *, tongue: str | None = None) -> dict[str, Any]:
    """Return an activity as Activity Streams 1.0; of texts in several languages the one that fits ``tongue``."""
    return _activity(activity, tongue, 0)


def from_object(thing: Object, *, tongue: str | None = None) -> dict[str, Any]:
    """Return a thing as Activity Streams 1.0."""
    return _node(thing, tongue, 0)


def _activity(activity: Object, tongue: str | None, depth: int) -> Data:
    inner = next(iter(activity.embedded("object")), Object({}))
    chain = _chain(activity, inner)
    made, aside = _members(activity, tongue, depth, actor=False)
    if _is_wrapped(activity, inner, verbs.key(chain[-1])):
        made["object"] = single([_value("object", one, tongue, depth) for one in inner.values("object")])
    if activity.type and _meant(activity, chain) != activity.get("type"):
        aside["type"] = activity.get("type")
    title = _title(activity, made)
    kind = activity.get("hw:objectType")
    named = {"objectType": _relative(kind)} if isinstance(kind, str) and kind else {}
    return {**named, "verb": _relative(chain[-1]), **title, **made, **_beside(activity, aside)}


def _chain(activity: Object, inner: Object) -> tuple[str, ...]:
    given = tuple(one for one in activity.values("hw:verb") if isinstance(one, str) and one)
    return given or verbs.of_as2(activity.type, "" if inner.id else inner.type)


def _is_wrapped(activity: Object, inner: Object, key: str) -> bool:
    """Tell whether the object only says what is undone, or which relationship is offered."""
    if inner.id or len(activity.values("object")) != 1 or inner.get("object") is None:
        return False
    return inner.is_a(verbs.UNDOES.get(key, "")) or (key in verbs.FRIENDSHIP and inner.is_a("Relationship"))


def _meant(activity: Object, chain: tuple[str, ...]) -> str:
    """Return the type that a reader will give the activity."""
    type = verbs.as2(verbs.chain(chain[-1]))
    if type != "Create" or verbs.key(chain[-1]) != "post" or activity.get("target") is None:
        return type
    things = activity.embedded("object")
    thing = things[0] if len(activity.values("object")) == 1 and things else Object({})
    kind = str(thing.get("hw:objectType") or types.of_as2(thing.type))
    return "Create" if types.key(kind) == "comment" or thing.get("inReplyTo") is not None else "Add"


def _title(activity: Object, made: Data) -> Data:
    """Return the title: the markup as it was written, else the summary; a summary beside it stays one."""
    markup = activity.get("hw:titleHtml")
    if markup == "":
        return {}
    if not isinstance(markup, str):
        return {"title": made.pop("summary")} if isinstance(made.get("summary"), str) else {}
    if made.get("summary") == _plain(markup):
        del made["summary"]
    return {"title": markup}


def _plain(markup: str) -> str:
    return " ".join(html.plain(markup).split())


def _node(node: Object, tongue: str | None, depth: int) -> Data:
    if shapes.is_deed(node):
        return {"objectType": "activity", **_activity(node, tongue, depth)}
    kind = node.get("hw:objectType")
    kind = kind if isinstance(kind, str) and kind else types.of_as2(node.type)
    made, aside = _members(node, tongue, depth, actor=node.is_a(*ACTOR_TYPES))
    media_type = node.get("mediaType")
    again = types.as2(kind, media_type if isinstance(media_type, str) else "") if kind else ""
    if node.get("type") not in (None, again):
        aside["type"] = node.get("type")
    named = {"objectType": _relative(kind)} if kind else {}
    return {**named, **made, **_beside(node, aside)}


def _beside(node: Object, aside: Data) -> Data:
    """Return what has no place here, and what had none in AS2."""
    kept = node.get(shapes.ASIDE_IN_AS2)
    back = (
        {name: one for name, one in kept.items() if name in shapes.ONLY_IN_AS2}
        if isinstance(kept, dict)
        else {}
    )
    return back | ({shapes.ASIDE_IN_AS1: aside} if aside else {})


def _members(node: Object, tongue: str | None, depth: int, *, actor: bool) -> tuple[Data, Data]:
    """Return all members but the type, and aside those that have no place here."""
    made: Data = {}
    aside: Data = {}
    for term in NATURAL:
        if (said := node.text(term, tongue)) is not None:
            made[_BACK.get(term, term)] = said
    for term, value in node.data.items():
        if value is None or value == [] or term in _CONSUMED or (term in NATURAL and isinstance(value, str)):
            continue
        name = _called(term, actor=actor)
        if name not in shapes.MAPPED:
            (aside if name in shapes.ONLY_IN_AS1 else made)[name] = value
            continue
        told = _value(name, value, tongue, depth)
        if told is None or _is_other(name, term, actor=actor):
            aside[term] = value
        else:
            made[name] = told
    return made, aside


def _called(term: str, *, actor: bool) -> str:
    if actor and term in ("icon", "image"):
        return {"icon": "image", "image": "banner"}[term]
    return _BACK.get(term, term)


def _is_other(name: str, term: str, *, actor: bool) -> bool:
    """Tell whether a member of AS2 only happens to have the name of one of AS1."""
    return term in shapes.ONLY_IN_AS1 or (name == "banner" and not actor)


def _value(name: str, value: Any, tongue: str | None, depth: int) -> Any:
    """Return the value of a member, None when it has a shape that a reader would refuse."""
    if depth >= shapes.DEPTH_MAX:
        return None
    if name in shapes.NODES | shapes.AUDIENCE | shapes.MEDIA:
        told = [_told(name, one, tongue, depth + 1) for one in shapes.several(value)]
        if None in told:
            return None
        return told if name in shapes.LISTS else single(told)
    if name in shapes.COLLECTIONS:
        return _collection(value, tongue, depth)
    if name in shapes.INSTANTS:
        return value if isinstance(value, str) and instants.parse(value) is not None else None
    return value if isinstance(value, str) else None


def _told(name: str, value: Any, tongue: str | None, depth: int) -> Any:
    if name in shapes.MEDIA:
        return _medium(value)
    if isinstance(value, str):
        return EVERYBODY if name in shapes.AUDIENCE and value in PUBLIC_SPELLINGS else {"id": value}
    if not isinstance(value, dict):
        return None
    if name in shapes.AUDIENCE and value.get("id") == PUBLIC:
        return EVERYBODY
    return _node(Object(value), tongue, depth)


def _medium(value: Any) -> Any:
    """Return an Image as a media link; None for what has no address or strange sides."""
    if isinstance(value, str):
        return {"url": value}
    if not isinstance(value, dict) or value.get("type") not in ("Image", None, "Link"):
        return None
    given = {
        name: one
        for name, one in value.items()
        if name not in ("type", "@context", "href", shapes.ASIDE_IN_AS2)
    }
    url = given.get("url", value.get("href"))
    sides = [given[side] for side in ("width", "height") if side in given]
    sound = all(isinstance(one, int | float) and not isinstance(one, bool) and one >= 0 for one in sides)
    if not isinstance(url, str) or not sound or not shapes.ONLY_IN_AS2.isdisjoint(given):
        return None
    return {**given, "url": url, **_beside(Object(value), {})}


def _collection(value: Any, tongue: str | None, depth: int) -> Any:
    """Return a collection; None for one that has more to it than a count and members."""
    if isinstance(value, str):
        return {"url": value}
    node = Object(value) if isinstance(value, dict) else Object({})
    if node.get("type") != "Collection" or not shapes.ONLY_IN_AS2.isdisjoint(node.data.keys() - {"type"}):
        return None
    total, items = (
        node.data.get("totalItems"),
        [_told("object", one, tongue, depth + 1) for one in node.values("items")],
    )
    sound = total is None or (isinstance(total, int) and not isinstance(total, bool) and total >= 0)
    if not sound or None in items or not isinstance(node.data.get("id", ""), str) or "url" in node.data:
        return None
    made = {
        name: one
        for name, one in node.data.items()
        if name not in ("type", "id", "items") and one is not None
    }
    return {
        **made,
        **({"url": node.id} if node.id else {}),
        **({"items": items} if "items" in node.data else {}),
    }


def _relative(iri: str) -> str:
    """Return the simple name of what belongs to the standard, the IRI of anything else."""
    name = iri.removeprefix(verbs.STANDARD)
    return name if name and "/" not in name and ":" not in name else iri
