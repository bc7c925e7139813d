"""Files that belong to a message: the aspect ``attachments`` (Events §7.9). They are never fetched."""

from typing import Any, Final

from vocab.dialects.events.aspects import kinds
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import between, free, moment, text
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.problems import INVALID

ATTACHMENTS_MAX: Final = 100


def _url(value: Any, host: Host, field: str) -> str | None:
    """Read an address. One that leads nowhere by itself is kept: it names a file of the sender's."""
    found = kinds.uri(value, host, field)
    if found is not None and not _absolute(found):
        host.problems.warn(INVALID, field, "is no absolute URI; kept as it is")
    return found


def _absolute(text: str) -> bool:
    scheme, colon, rest = text.strip().partition(":")
    return bool(colon and rest) and scheme[:1].isalpha() and scheme.replace("+", "").isalnum()


_size: Final = between(0, kinds.NUMBER_MAX)

ATTACHMENT: Final = Shape(
    {
        "url": _url,
        **dict.fromkeys(("filename", "description", "fingerprint", "content_type", "use"), text),
        **dict.fromkeys(("size", "width", "height"), _size),
        "created": moment,
        "updated": moment,
        "metadata": free,
        "properties": free,
    },
    required=("url",),
    shorthand="url",
)


def attachments(value: Any, host: Host, field: str) -> list[dict[str, Any]] | None:
    """Read a list of files, or one."""
    items = kinds.listed(value, host, field)
    if len(items) > ATTACHMENTS_MAX:
        host.problems.error(INVALID, field, f"must have at most {ATTACHMENTS_MAX} items")
        return None
    found = (ATTACHMENT(item, host, f"{field}[{index}]") for index, item in items)
    return [attachment for attachment in found if attachment]
