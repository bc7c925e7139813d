"""What people did with what they were shown, and what they were shown (§7.6)."""

from dataclasses import dataclass
from typing import Any, Final

from vocab import jsontext
from vocab.dialects.getstream import sizes
from vocab.dialects.getstream.fields import NAME_BYTES_MAX, Fields, each
from vocab.errors import BadFields, JsonError
from vocab.fields import REQUIRED, WHOLE
from vocab.jsontext import Json

EVENTS_MAX: Final = 1_000
"""So many are taken in one call."""
CONTENTS_MAX: Final = 1_000
CONTENT_BYTES_MAX: Final = 1_024

_ONE: Final = ("content", "foreign_id")
"""Where the content of an engagement stands; the second name is older."""
_MANY: Final = ("content_list", "foreign_ids")
_WHO: Final = ("user_data", "user_id")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done with contents, or with an empty ``label`` that they were shown.

    ``members`` is all that was said of it, as it was said.
    """

    label: str
    contents: tuple[str, ...]
    members: dict[str, Any]


def engagements(body: Json) -> list[Event]:
    """Read what people did. Raises BadFields, and TooLarge for one of more than 10 KB."""
    fields = Fields(body)
    items = fields.items("content_list", most=EVENTS_MAX, required=True)
    fields.settle()
    return each(items, _engagement)


def impressions(body: Json) -> list[Event]:
    """Read what people were shown: one object, or a list of them. Raises as ``engagements`` does."""
    if not isinstance(body, list):
        return [_impression(body)]
    if not 0 < len(body) <= EVENTS_MAX:
        raise BadFields({WHOLE: [f"must have 1 to {EVENTS_MAX} items"]})
    return each(body, _impression)


def redirected(text: str) -> list[Event]:
    """Read the ``events`` of a link: engagements, which have a label, and impressions. Raises as ``engagements``."""
    if not text:
        return []
    try:
        items = jsontext.loads(text)
    except JsonError as error:
        raise BadFields({"events": [f"is not JSON: {error}"]}) from None
    if not isinstance(items, list) or len(items) > EVENTS_MAX:
        raise BadFields({"events": [f"must be a list of at most {EVENTS_MAX} items"]})
    return each(items, _either)


def _either(item: Json) -> Event:
    return (
        _engagement(item) if isinstance(item, dict) and item.get("label") is not None else _impression(item)
    )


def _engagement(item: Json) -> Event:
    fields = Fields(item)
    label = fields.text("label", required=True, bytes_max=NAME_BYTES_MAX)
    name = next((name for name in _ONE if fields.get(name) is not None), _ONE[0])
    content = _content(fields, name, fields.get(name))
    _check(fields)
    return Event(label, (content,), fields.members)


def _impression(item: Json) -> Event:
    fields = Fields(item)
    name = next((name for name in (*_MANY, *_ONE) if fields.get(name) is not None), _MANY[0])
    if name in _ONE:
        contents = [_content(fields, name, fields.get(name))]
    else:
        contents = [
            _content(fields, name, one) for one in fields.items(name, most=CONTENTS_MAX, required=True)
        ]
    _check(fields)
    return Event("", tuple(dict.fromkeys(contents)), fields.members)


def _content(fields: Fields, name: str, value: Any) -> str:
    """Return what a content is called: a text, a number, or an object with its ``foreign_id``."""
    if isinstance(value, dict):
        value = value.get("foreign_id")
    if value is None or value == "":
        fields.refuse(name, REQUIRED)
        return ""
    named = Fields({name: value})
    text = named.text(name, bytes_max=CONTENT_BYTES_MAX)
    for reason in named.problems.get(name, ()):
        fields.refuse(name, reason)
    return text


def _check(fields: Fields) -> None:
    """Check what is known of the other members; those that are not are kept as they are."""
    for name in _WHO:
        _check_user(fields, name)
    for name in ("feed_id", "location", "tracked_at"):
        fields.text(name)
    for name in ("position", "boost"):
        value = fields.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            fields.refuse(name, "must be a number")
    features = fields.items("features", most=EVENTS_MAX)
    if not all(isinstance(feature, dict) and {"group", "value"} <= feature.keys() for feature in features):
        fields.refuse("features", "must be objects with a group and a value")
    fields.settle()
    sizes.check(fields.members)


def _check_user(fields: Fields, name: str) -> None:
    value = fields.get(name)
    if isinstance(value, dict):
        if value.get("id") in (None, ""):
            fields.refuse(name, "must have an id")
    else:
        fields.text(name)
