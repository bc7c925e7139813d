"""What a tenant sets for types of events, types of entities, and origins (Events §17.8).

Settings hold for what lies below a type too, where nothing finer is set.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from vocab import jsontext
from vocab.dialects.events.provisioning.members import TEXT_BYTES_MAX, Members
from vocab.dialects.events.references import LABEL, TYPE_CHARS_MAX
from vocab.errors import BadFields
from vocab.jsontext import Json

EVENT_TYPE, ENTITY_TYPE, ORIGIN = "event-type", "entity-type", "origin"
"""What settings are for."""
BYTES_MAX: Final = 16_384
IMPORTANCE_MAX: Final = 5

_DOTTED: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)
_AS2: Final = re.compile(r"[A-Za-z]{1,64}", re.ASCII)

NUMBER, TEXT, ASPECT, FLAG, TYPE = range(5)
"""What a setting is: a whole number, a text, the value of an aspect, true or false, a type of Activity Streams."""

MEMBERS: Final[Mapping[str, Mapping[str, int]]] = {
    EVENT_TYPE: {
        "importance": NUMBER,
        "label": TEXT,
        "presentation": ASPECT,
        "summary": ASPECT,
        "cei": ASPECT,
        "dimensions": ASPECT,
        "metrics": ASPECT,
        "actor_required": FLAG,
        "retention": TEXT,
        "as2_type": TYPE,
    },
    ENTITY_TYPE: {
        "label": TEXT,
        "presentation": ASPECT,
        "dimensions": ASPECT,
        "metrics": ASPECT,
        "archetype": TEXT,
        "as2_type": TYPE,
    },
    ORIGIN: {"label": TEXT, "url": TEXT},
}


def name(space: str, text: str) -> str:
    """Return the name of what is set, as it is kept. Raises BadFields for what cannot be one."""
    if len(text) <= TYPE_CHARS_MAX:
        if space == ENTITY_TYPE:
            if all(LABEL.fullmatch(label) for label in text.split(":")):
                return text
        elif _DOTTED.fullmatch(text.lower()):
            return text.lower()
    raise BadFields({space: ["is not written as such a name is"]})


def put(space: str, body: Json) -> dict[str, Any]:
    """Read settings, which take the place of those there are. Raises BadFields."""
    members = Members(body)
    known = MEMBERS[space]
    found: dict[str, Any] = {}
    for key in members.members:
        if key not in known:
            members.refuse(key, f"is no setting of an {space.replace('-', ' ')}")
        elif members.get(key) is not None:
            found[key] = _value(members, key, known[key])
    members.settle()
    if len(jsontext.dumps(found)) > BYTES_MAX:
        raise BadFields({"body": [f"must have at most {BYTES_MAX} bytes"]})
    return found


def _value(members: Members, key: str, kind: int) -> Any:
    if kind == NUMBER:
        return members.count(key, most=IMPORTANCE_MAX)
    if kind == FLAG:
        return members.flag(key)
    if kind == ASPECT:
        value = members.get(key)
        return value if isinstance(value, str) else members.data(key)
    text = members.text(key, bytes_max=TEXT_BYTES_MAX)
    if kind == TYPE and not _AS2.fullmatch(text):
        members.refuse(key, "must be the name of a type of Activity Streams")
    return text
