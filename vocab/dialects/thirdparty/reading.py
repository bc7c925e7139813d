"""From the body of a request to an outside activity, or to all that is wrong with it (Atom §6.1)."""

from typing import Any, Final

from vocab import html, instants
from vocab.dialects.thirdparty.activity import Generator, OutsideActivity, Person, Picture, Thing
from vocab.dialects.thirdparty.fields import CONTENT_CHARS_MAX, Fields, Problems, is_absolute
from vocab.jsontext import Number
from vocab.terms import PUBLIC, PUBLIC_SPELLINGS

FUTURE_US: Final = 86_400 * 1_000_000
"""How far in the future something may be said to have happened."""
RECIPIENTS_MAX: Final = 50
MILLISECOND_US: Final = 1_000
EARLIEST_US: Final = -62_135_596_800 * 1_000_000
"""The first instant that can be written."""


def read(body: Any, *, now: int) -> tuple[OutsideActivity | None, tuple[str, ...]]:
    """Return an activity; or None and every reason why it is none, each with its JSON path. ``now``: microseconds."""
    if not isinstance(body, dict):
        return None, ("body: must be an object",)
    problems = Problems()
    fields = Fields(body, problems)
    made = OutsideActivity(
        generator=_generator(fields),
        id=fields.uri("id"),
        url=fields.address("url"),
        title=html.inline(fields.text("title")).strip(),
        content=html.rich(fields.text("content", chars_max=CONTENT_CHARS_MAX)).strip(),
        published=_published(fields, now),
        verb=fields.name_or_uri("verb"),
        actor=_person(fields),
        object=_thing(fields, "object"),
        target=_thing(fields, "target"),
        icon=_picture(fields, "icon"),
        to=_recipients(fields, "to"),
        cc=_recipients(fields, "cc"),
    )
    if fields.get("id") is None and fields.get("url") is None:
        fields.refuse("id", "or url is required")
    return (None, tuple(problems.found)) if problems.found else (made, ())


def _generator(fields: Fields) -> Generator:
    value, alias = fields.get("generator"), fields.get("application")
    if isinstance(alias, dict):
        value = value or alias
    elif alias is not None:
        value = {"displayName": alias, **value} if isinstance(value, dict) else value
    if value is None:
        fields.refuse("generator", "is required")
        return Generator("", "")
    found = fields.fields("generator", value)
    if found is None:
        return Generator("", "")
    return Generator(
        found.address("id", required=True), found.line("displayName", "application", required=True)
    )


def _person(fields: Fields) -> Person | None:
    value = fields.get("actor", "user")
    if isinstance(value, str):
        value = {"id": value}
    found = fields.fields("actor", value)
    if found is None:
        return None
    return Person(
        found.line("id", "user"),
        found.line("displayName"),
        found.address("url", "uri"),
        _picture(found, "image"),
    )


def _thing(fields: Fields, name: str) -> Thing | None:
    value = fields.get(name)
    if isinstance(value, str):
        value = {"id": value}
    found = fields.fields(name, value)
    if found is None:
        return None
    thing = Thing(
        found.name_or_uri("id"),
        found.name_or_address("url", "uri"),
        found.name_or_address("objectType"),
        found.line("displayName"),
        html.inline(found.text("summary")).strip(),
    )
    return None if thing == Thing() else thing


def _picture(fields: Fields, name: str) -> Picture | None:
    value = fields.get(name)
    if isinstance(value, str):
        value = {"url": value}
    found = fields.fields(name, value)
    if found is None:
        return None
    return Picture(found.address("url", required=True), found.pixels("width"), found.pixels("height"))


def _published(fields: Fields, now: int) -> int | None:
    value = fields.get("published")
    if value is None:
        return None
    at = _instant(value)
    if at is None:
        fields.refuse("published", "must be a date-time of RFC 3339, or milliseconds since 1970")
    elif at > now + FUTURE_US:
        fields.refuse("published", "lies more than 24 hours in the future")
        return None
    return at


def _instant(value: Any) -> int | None:
    if isinstance(value, str):
        moment = instants.parse(value.strip())
        return None if moment is None else instants.microseconds(moment)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, Number):
        value = float(value)
    if value != value or abs(value) > -EARLIEST_US / MILLISECOND_US:
        return None
    return int(value * MILLISECOND_US)


def _recipients(fields: Fields, name: str) -> tuple[str, ...]:
    value = fields.get(name)
    named = value if isinstance(value, list) else [] if value is None else [value]
    if len(named) > RECIPIENTS_MAX:
        fields.refuse(name, f"names {len(named)} recipients, at most {RECIPIENTS_MAX}")
        return ()
    found = [_recipient(one) for one in named]
    if any(one is None for one in found):
        fields.refuse(name, "must name recipients by absolute URIs, or everybody by the alias @public")
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _recipient(value: Any) -> str | None:
    """Return who is named: a URI, an object with one, or everybody as AS1 says it."""
    if isinstance(value, dict):
        value = value.get("id") or value.get("alias")
    if value in ("@public", *PUBLIC_SPELLINGS):
        return PUBLIC
    return value if isinstance(value, str) and is_absolute(value) else None
