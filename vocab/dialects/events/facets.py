"""Aspects of events and entities in the terms of Activity Streams 2.0 (Events §23.3).

Each function takes what there is a term for out of one aspect; what is left goes under a term of ours, ``hw:timed``,
as the JSON it is. What must not leave never gets in here: see ``leaving``.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final

from vocab import iri as iris
from vocab import mediatype
from vocab.errors import BadIri
from vocab.literals import is_language

NEVER: Final = frozenset(
    {
        "client_ip",
        "client_device",
        "demography",
        "transaction",
        "address",
        "email",
        "phone",
        "customer_permission",
    }
)
"""Aspects that tell of people what is nobody's business elsewhere, and of payments (Events §23.1)."""
_UNSEEN: Final = NEVER | {"payload", "acl", "bcc", "card_token", "card_number", "card_exp"}
"""Members that do not leave either, however deep inside an aspect."""
HIDDEN: Final = frozenset({"ASIP", "ASToken"})
"""Types of entities that no document names: where somebody connects from, and what opens doors."""
_VERBATIM: Final = frozenset({"dimensions", "metrics", "settings", "ts_data", "properties"})
"""Maps whose names are the client's own words."""

_LETTER: Final = frozenset({"subject", "content", "dated", "url", "from", "to", "cc", "bcc", "involves"})
_PERIODS: Final = ("period", "valid", "duration", "begins")
"""Names of the period that says when something takes place, the plainest first (Events §7.6)."""
_COORDINATES: Final = frozenset({"latitude", "longitude", "latlong"})
_SHOWN: Final = {"image": "Image", "audio": "Audio", "video": "Video"}

Data = dict[str, Any]


def told(aspects: Mapping[str, Any], data: Data) -> None:
    """Say aspects in a document: in the terms that there are, the rest in ours."""
    unknown: Data = {}
    for name, value in aspects.items():
        if name in NEVER or name[:1] == "_" or name == "locale":
            continue
        shown = unmarked(value) if name in _VERBATIM else leaving(value)
        say = _TOLD.get(name)
        left = shown if say is None else say(shown, data)
        if not left and left != 0:
            continue
        term = TERMS.get(name)
        if term is None:
            unknown[name] = left
        else:
            data[term] = left
    if "locale" in aspects:  # it is about the texts that the others have said
        left = _locale(leaving(aspects["locale"]), data)
        unknown |= {"locale": left} if left else {}
    if unknown:
        data["hw:aspects"] = unknown


def leaving(value: Any) -> Any:
    """Return what of a value may leave: nothing that a server found out (``_city``) or that says too much of people."""
    if isinstance(value, dict):
        return {
            name: unmarked(member) if name in _VERBATIM else leaving(member)
            for name, member in value.items()
            if name not in _UNSEEN and name[:1] != "_"
        }
    if isinstance(value, list):
        return [leaving(member) for member in value if not _names_hidden(member)]
    return value


def unmarked(value: Any) -> Any:
    """Return a client's own words without those that begin with ``_``: they are not for others."""
    if isinstance(value, Mapping):
        return {name: unmarked(member) for name, member in value.items() if name[:1] != "_"}
    return [unmarked(member) for member in value] if isinstance(value, list) else value


def _names_hidden(member: Any) -> bool:
    """Tell whether an item of a list names an entity that no document names, by a reference of its own."""
    ref = member.get("entity_ref", member.get("entity")) if isinstance(member, dict) else member
    return isinstance(ref, str) and ref.partition("/")[0] in HIDDEN


def _presentation(aspect: Any, data: Data) -> Any:
    if not isinstance(aspect, dict):
        return aspect
    left = dict(aspect)
    _move(left, "label", data, "name")
    _move(left, "description", data, "summary", escaped)
    _move(left, "details_url", data, "url", address)
    _move(left, "thumbnail", data, "image", _picture)
    _move(left, "icon", data, "icon", _picture)
    return left


def _content(aspect: Any, data: Data) -> Any:
    if not isinstance(aspect, dict):
        return aspect
    left = dict(aspect)
    _move(left, "title", data, "name")
    _move(left, "content", data, "content", paragraphs)
    return left


def _summary(aspect: Any, data: Data) -> Any:
    if not isinstance(aspect, dict):
        return aspect
    left = dict(aspect)
    _move(left, "title", data, "name")
    _move(left, "content", data, "summary", escaped)
    return left


def _tags(aspect: Any, data: Data) -> Any:
    """Say tags as hashtags."""
    if not isinstance(aspect, list):
        return aspect
    data.setdefault("tag", []).extend(hashtag(tag) for tag in aspect if isinstance(tag, str))
    return None


def _classification(aspect: Any, data: Data) -> Any:
    """Let categories be found as hashtags too."""
    categories = aspect.get("categories") if isinstance(aspect, dict) else None
    if isinstance(categories, list):
        data.setdefault("tag", []).extend(
            hashtag(name) | {"hw:category": name} for name in categories if isinstance(name, str)
        )
    return aspect


def _timed(aspect: Any, data: Data) -> Any:
    """Say when something takes place; what else has its time is left."""
    if not isinstance(aspect, dict):
        return aspect
    name = next((name for name in _PERIODS if isinstance(aspect.get(name), dict)), None)
    if name is None:
        return aspect
    period = dict(aspect[name])
    _move(period, "begins", data, "startTime")
    _move(period, "ends", data, "endTime")
    _move(period, "duration", data, "duration", _duration)
    left = {other: value for other, value in aspect.items() if other != name}
    return left | {name: period} if period else left


def _geo_location(aspect: Any, data: Data) -> Any:
    """Say where: on a way from where to where, else simply there."""
    places = [
        place for place in (aspect if isinstance(aspect, list) else [aspect]) if isinstance(place, dict)
    ]
    moves = not {"Move", "Travel"}.isdisjoint(data["type"])
    left = []
    for place in places:
        latitude, longitude = place.get("latitude"), place.get("longitude")
        ends = {"from": "origin", "to": "target"} if moves else {}
        term = ends.get(str(place.get("type")), "location")
        if _is_number(latitude) and _is_number(longitude):
            also(data, term, {"type": "Place", "latitude": latitude, "longitude": longitude})
            place = {name: value for name, value in place.items() if name not in _COORDINATES}
        left.append(place if term == "location" else {n: v for n, v in place.items() if n != "type"})
    return (left if isinstance(aspect, list) else left[0]) if any(left) else None


def _locale(aspect: Any, data: Data) -> Any:
    if not isinstance(aspect, dict):
        return aspect
    left = dict(aspect)
    _move(left, "currency", data, "hw:currency")
    _move(left, "timezone", data, "hw:timezone")
    language = left.get("locale")
    if isinstance(language, str) and is_language(language):
        for term in ("name", "summary", "content"):
            if term in data:
                data[f"{term}Map"] = {language: data[term]}
    return left


def _attachments(aspect: Any, data: Data) -> Any:
    """Say files; whatever else is said of them is kept for all of them, in their order."""
    if not isinstance(aspect, list):
        return aspect
    left = []
    for one in aspect:
        rest = dict(one) if isinstance(one, dict) else {}
        file: Data = {"type": _file_type(rest.get("content_type"))}
        _move(rest, "url", file, "url", address)
        _move(rest, "filename", file, "name")
        _move(rest, "description", file, "summary", escaped)
        _move(rest, "content_type", file, "mediaType", _media_type)
        _move(rest, "width", file, "width", _count)
        _move(rest, "height", file, "height", _count)
        _move(rest, "size", file, "hw:size")
        _move(rest, "fingerprint", file, "hw:digest")
        data.setdefault("attachment", []).append(file)
        left.append(rest)
    return left if any(left) else None


def _resolvable(aspect: Any, data: Data) -> Any:
    if not isinstance(aspect, dict):
        return aspect
    left = dict(aspect)
    _move(left, "external_id", data, "hw:externalId")
    _move(left, "batch_id", data, "hw:batchId")
    return left


def _messaging(aspect: Any, data: Data) -> Any:
    """Leave what no letter says; who takes part is told by roles, and those to whom it went blindly by nothing."""
    if not isinstance(aspect, dict):
        return aspect
    return {name: value for name, value in aspect.items() if name not in _LETTER}


def _entities(aspect: Any, data: Data) -> Any:
    """Leave what became of entities, but not whom they are linked to: that their own documents tell, if they may."""
    if not isinstance(aspect, list):
        return aspect
    return [
        {k: v for k, v in one.items() if k != "links"} if isinstance(one, dict) else one for one in aspect
    ]


_TOLD: Final[dict[str, Callable[[Any, Data], Any]]] = {
    "presentation": _presentation,
    "content": _content,
    "summary": _summary,
    "tags": _tags,
    "classification": _classification,
    "timed": _timed,
    "geo_location": _geo_location,
    "attachments": _attachments,
    "resolvable": _resolvable,
    "messaging": _messaging,
    "entities": _entities,
}
"""Aspects that have terms there."""


def _term(name: str) -> str:
    first, *further = name.split("_")
    return f"hw:{first}{''.join(word.title() for word in further)}"


TERMS: Final = {
    name: _term(name)
    for name in (
        *_TOLD, *_VERBATIM - {"properties"}, "ab_test", "affiliate", "campaign", "cei", "context",
        "grouped", "holiday", "inventory", "items", "local_weather", "obs_events", "pageview", "patch", "pricing",
        "product_view", "sentiment", "status", "subscription", "traffic_sources", "update",
    )
}  # fmt: skip
"""Terms of ours for aspects: what is known to nobody else is gathered under ``hw:aspects``."""


def page(aspects: Mapping[str, Any]) -> Data | None:
    """Return what is known of the page that was viewed, None when none was."""
    aspect = aspects.get("pageview")
    if not isinstance(aspect, dict):
        return None
    known = {"url": address(aspect.get("path")), "name": aspect.get("title")}
    return {term: value for term, value in known.items() if value}


def letter(aspects: Mapping[str, Any]) -> Data | None:
    """Return what a message says, None when there is none; from whom and to whom is told by roles."""
    aspect = aspects.get("messaging")
    if not isinstance(aspect, dict):
        return None
    known = {
        "name": aspect.get("subject"),
        "content": paragraphs(aspect.get("content")),
        "published": aspect.get("dated"),
        "url": address(aspect.get("url")),
    }
    return {term: value for term, value in known.items() if value}


def hashtag(tag: str) -> Data:
    """Return a tag as people elsewhere know it."""
    return {"type": "Hashtag", "name": f"#{tag}"}


def escaped(text: Any) -> str | None:
    """Return plain text as markup in which nothing of it is markup."""
    return escape(text, quote=False) if isinstance(text, str) and text else None


def paragraphs(text: Any) -> str | None:
    """Return plain text as markup with its lines."""
    made = escaped(text)
    return None if made is None else "<p>" + made.replace("\r\n", "\n").replace("\n", "<br>") + "</p>"


def address(text: Any) -> str | None:
    """Return a web address, None for what is none: a link that leads nowhere is worse than no link."""
    if not isinstance(text, str) or not iris.is_http(text):
        return None
    try:
        iris.canonical(text)
    except BadIri:
        return None
    return text


def also(data: Data, term: str, node: Any) -> None:
    """Add a value to a member, which holds one, several or none."""
    found = data.get(term)
    if found is None:
        data[term] = node
    elif isinstance(found, list):
        found.append(node)
    else:
        data[term] = [found, node]


def _move(source: Data, name: str, data: Data, term: str, read: Callable[[Any], Any] | None = None) -> None:
    """Say one member by a term that nothing has said yet, as far as it can be read; else leave it."""
    value = source.get(name)
    said = value if read is None else read(value)
    if said is not None and said != "" and term not in data:
        data[term] = said
        del source[name]


def _picture(text: Any) -> Data | None:
    url = address(text)
    return None if url is None else {"type": "Image", "url": url}


def _media_type(text: Any) -> str | None:
    return text if isinstance(text, str) and mediatype.split(text)[0] else None


def _file_type(text: Any) -> str:
    return _SHOWN.get(text.partition("/")[0].lower(), "Document") if isinstance(text, str) else "Document"


def _count(value: Any) -> int | None:
    return int(value) if _is_number(value) and 0 <= value == int(value) else None


def _duration(milliseconds: Any) -> str | None:
    """Return milliseconds as a duration (Events §7.6)."""
    whole = _count(milliseconds)
    if whole is None:
        return None
    seconds, rest = divmod(whole, 1_000)
    return f"PT{seconds}.{rest:03d}S" if rest else f"PT{seconds}S"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
