"""What sort of thing it is: the aspects ``classification`` and ``tags`` (Events §7.3, §7.4)."""

from typing import Any, Final

from vocab.dialects.events.aspects import kinds
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import between, moment, number, text, whole
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.problems import ADJUSTED, INVALID

TAGS_MAX: Final = 200
TAG_CHARS_MAX: Final = 255


def labels(value: Any, host: Host, field: str) -> list[str] | None:
    """Read a list of labels; one with a slash in it is several (Events §7.3)."""
    found: list[str] = []
    for label in kinds.texts(value, host, field) or []:
        several = [part.strip() for part in label.split("/") if part.strip()]
        if "/" in label:
            host.problems.warn(ADJUSTED, field, f"{label} was taken as {len(several)} labels")
            found += several
        else:
            found.append(label)
    return list(dict.fromkeys(found))


classification: Final[Shape] = Shape(
    {
        "type": text,
        "variant": text,
        "categories": labels,
        "tags": labels,
        "make": text,
        "model": text,
        "size": text,
        "year": whole,
        "rating": number,
        "ranking": between(0, 100),
        "outlook": between(-5, 5),
        "weight": number,
        "active_since": moment,
        "last_updated": moment,
    },
    {"action": "type"},
)


def tags(value: Any, host: Host, field: str) -> list[str] | None:
    """Read tags: their case is kept, and one that differs from another in case alone is the same (Events §7.4)."""
    words = value.split() if isinstance(value, str) else value
    found: dict[str, str] = {}
    for tag in kinds.texts(words, host, field) or []:
        if len(tag) > TAG_CHARS_MAX:
            host.problems.error(INVALID, field, f"a tag has at most {TAG_CHARS_MAX} characters")
        found.setdefault(tag.strip().lower(), tag.strip())
    if len(found) > TAGS_MAX:
        host.problems.error(INVALID, field, f"must have at most {TAGS_MAX} tags")
        return None
    host.tags += [tag for tag in found.values() if tag not in host.tags]
    return list(found.values())
