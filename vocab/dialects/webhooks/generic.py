"""Any JSON, by a mapping that its owner wrote: field → text in which ``{a.b.0}`` stands for what is there (Atom §11).

A mapping names what is to be read, nothing is ever run. A field whose paths all lead nowhere is empty. With ``when``, a
path and the values that it must have, other payloads are passed over.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from vocab.dialects.as1 import types, verbs
from vocab.dialects.webhooks import report
from vocab.dialects.webhooks.payload import dig, prose, text
from vocab.dialects.webhooks.report import Person, Report, Thing
from vocab.errors import BadFields
from vocab.iri import is_http

APPLICATION: Final = "json"

FIELDS: Final = (
    "id", "verb", "words", "actor.name", "actor.username", "actor.url", "actor.image",
    "object.type", "object.name", "object.title", "object.url", "object.content",
    "target.type", "target.name", "target.title", "target.url", "published", "url", "category", "key", "issueKey",
    "application",
)  # fmt: skip
"""What can be mapped."""
TEMPLATE_CHARS_MAX: Final = 1_000

_PLACE: Final = re.compile(r"\{([^{}]{1,200})\}")


def check(mapping: Any) -> dict[str, Any]:
    """Return a mapping that can be used. Raises BadFields naming what is wrong with it."""
    if not isinstance(mapping, dict):
        raise BadFields({"mapping": ["must be a JSON object"]})
    wrong: dict[str, list[str]] = {}
    for name, template in mapping.items():
        if name == "when":
            if not isinstance(template, dict) or not all(
                isinstance(path, str) and isinstance(values, list) for path, values in template.items()
            ):
                wrong[name] = ["must be an object of paths and lists of values"]
        elif name not in FIELDS:
            wrong[name] = [f"is none of {', '.join(FIELDS)}"]
        elif not isinstance(template, str) or len(template) > TEMPLATE_CHARS_MAX:
            wrong[name] = [f"must be a text of at most {TEMPLATE_CHARS_MAX} characters"]
    if "object.name" not in mapping and "object.title" not in mapping and "object.url" not in mapping:
        wrong["object"] = ["one of object.name, object.title and object.url is required"]
    if wrong:
        raise BadFields(wrong)
    return mapping


def read(data: dict[str, Any], mapping: Mapping[str, Any], *, delivery: str) -> list[Report]:
    """Return what a payload reports; ``delivery`` tells it from others where the mapping has no id."""
    if not all(text(data, path) in map(str, values) for path, values in mapping.get("when", {}).items()):
        return []
    fields = {name: _filled(template, data) for name, template in mapping.items() if name != "when"}
    about = _thing(fields, "object")
    if not (about.name or about.title or about.page):
        return []
    target = _thing(fields, "target")
    return [
        Report(
            key=fields.get("id") or f"urn:delivery:{delivery}", verb=verbs.iri(fields.get("verb") or "post"),
            who=Person(
                fields.get("actor.name", ""), fields.get("actor.username", ""), _web(fields.get("actor.url")),
                _web(fields.get("actor.image")),
            ),
            about=(about,), words=fields.get("words", ""),
            target=target if target.name or target.title or target.page else None,
            at=fields.get("published", ""), page=_web(fields.get("url")), category=_some(fields, "category"),
            keys=_some(fields, "key"), issue_keys=_some(fields, "issueKey"),
            application=fields.get("application", ""),
        )
    ]  # fmt: skip


def _thing(fields: Mapping[str, str], role: str) -> Thing:
    kind = types.iri(fields.get(f"{role}.type", "")) or report.ARTICLE
    page, name = _web(fields.get(f"{role}.url")), fields.get(f"{role}.name", "")
    return Thing(kind, name, fields.get(f"{role}.title", ""), page, content=fields.get(f"{role}.content", ""))


def _filled(template: str, data: dict[str, Any]) -> str:
    """Return a template with what stands at its paths; a template that is one path alone keeps line breaks."""
    alone = _PLACE.fullmatch(template)
    if alone is not None and isinstance(dig(data, alone[1]), str):
        return prose(data, alone[1]).strip()
    return _PLACE.sub(lambda place: text(data, place[1]), template).strip()


def _some(fields: Mapping[str, str], name: str) -> tuple[str, ...]:
    return (fields[name],) if fields.get(name) else ()


def _web(address: str | None) -> str:
    return address if address and is_http(address) else ""
