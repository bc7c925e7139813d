"""Media types with parameters, as ``Accept`` and ``Content-Type`` carry them (AP-024, RFC 9110 §8.3, §12.5.1)."""

import re
from functools import lru_cache
from typing import Final

from vocab.terms import AS_SPELLINGS

ACTIVITY_JSON: Final = "application/activity+json"
LD_JSON: Final = "application/ld+json"

_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+")
_PARAMETER = re.compile(r""";\s*([^\s=;,"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))""")
_ITEM = re.compile(r"""(?:[^,"]|"(?:[^"\\]|\\.)*")+""")
_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?", re.ASCII)


@lru_cache(maxsize=1_024)
def is_activity(content_type: str) -> bool:
    """Tell whether a content type is one of the two of Activity Streams, in UTF-8 (AP-024, SEC-054)."""
    name, parameters = split(content_type)
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        return False
    if name == LD_JSON:
        return not AS_SPELLINGS.isdisjoint(parameters.get("profile", "").split())
    return name == ACTIVITY_JSON


def split(media_type: str) -> tuple[str, dict[str, str]]:
    """Return the type in lower case and its parameters; the empty text when it is none."""
    name, semicolon, rest = media_type.partition(";")
    name = name.strip().lower()
    if not _TYPE.fullmatch(name):
        return "", {}
    return name, _parameters(semicolon + rest)


def _parameters(text: str) -> dict[str, str]:
    """Read parameters: names in lower case, quotes and escapes resolved, the first of each name."""
    found: dict[str, str] = {}
    for name, quoted, bare in _PARAMETER.findall(text):
        found.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) if quoted else bare)
    return found


@lru_cache(maxsize=1_024)
def _accepted(value: str) -> tuple[tuple[str, dict[str, str], float], ...]:
    found = []
    for item in _ITEM.findall(value[:8_192]):
        name, parameters = split(item)
        quality = parameters.pop("q", "1")
        if name and _QUALITY.fullmatch(quality):
            found.append((name, parameters, float(quality)))
    return tuple(found)


def parse_accept(value: str) -> list[tuple[str, dict[str, str], float]]:
    """Read an ``Accept`` header: type, parameters, quality, in the order given; what cannot be read is left out."""
    return [(name, dict(parameters), quality) for name, parameters, quality in _accepted(value)]
