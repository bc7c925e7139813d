"""Reading the aspects of one message (Events §7.1)."""

from dataclasses import replace
from typing import Any, Literal

from vocab.dialects.events.aspects import table
from vocab.dialects.events.aspects.found import Found, Host
from vocab.dialects.events.messages import Known, Moment
from vocab.dialects.events.problems import IGNORED, INVALID, RENAMED, UNSUPPORTED, Problems

On = Literal["event", "entity", "item", "comment"]


def read(
    raw: Any,
    *,
    on: On,
    known: Known,
    occurred: Moment | None,
    problems: Problems,
    type: str = "",
    field: str = "aspects",
) -> Found:
    """Read and expand all aspects of a message, and gather what follows from them.

    Whatever is wrong goes to ``problems``; nothing is raised.
    """
    host = Host(
        on=on,
        known=known,
        occurred=occurred,
        type=type,
        problems=problems,
        zone=known.zone,
        currency=known.currency,
    )
    _read(raw, host, field)
    return host.found()


def inside(raw: Any, host: Host, *, on: On, field: str) -> dict[str, Any]:
    """Read aspects that an aspect holds: those of a line, of an entity that is changed."""
    inner = replace(host, on=on, aspects={}, roles={}, entities=[], links=[], tags=[], lines=[])
    _read(raw, inner, field)
    return inner.aspects


def _read(raw: Any, host: Host, field: str) -> None:
    said = _named(raw, host, field)
    for name in (*(name for name in table.TABLE if name in said), *(said.keys() - table.TABLE.keys())):
        found = _aspect(name, said[name], host, f"{field}.{name}")
        if found is not None and found != {} and found != []:
            host.aspects[name] = found
    host.aspects = {name: host.aspects[name] for name in (*said, *host.aspects) if name in host.aspects}


def _named(raw: Any, host: Host, field: str) -> dict[str, Any]:
    """Return the aspects by their proper names; where two have one name, the plain one wins."""
    if not isinstance(raw, dict):
        host.problems.error(INVALID, field, "must be an object")
        return {}
    found: dict[str, Any] = {}
    for key, value in raw.items():
        if value is None:
            continue
        name = table.proper(key, value)
        if key != key.strip().lower():
            host.problems.warn(RENAMED, f"{field}.{key}", f"taken as {name}")
        if name in found or (name != key and raw.get(name) is not None):
            host.problems.warn(IGNORED, f"{field}.{key}", f"{name} is given twice")
            continue
        found[name] = value
    return found


def _aspect(name: str, value: Any, host: Host, field: str) -> Any:
    aspect = table.TABLE.get(name)
    if aspect is None or table.LETTERS[host.on] not in aspect.on:
        where = "" if aspect is None else f" on an {host.on}"
        host.problems.warn(UNSUPPORTED, field, f"is not known{where}; kept as it is")
        return value if aspect is None else aspect.elsewhere(value, host, field)
    host.merging = host.on == "entity" and aspect.merging == "merge"
    return aspect.read(value, host, field)
