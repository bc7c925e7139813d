"""Reading the aspects of one message (Events §7.1)."""

from typing import Any, Literal

from vocab.dialects.events.aspects.found import Found, Host
from vocab.dialects.events.aspects.table import ALIASES, LETTERS, TABLE
from vocab.dialects.events.messages import Known, Moment, Role
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
    roles: tuple[Role, ...] = (),
) -> Found:
    """Read and expand all aspects of a message, and gather what follows from them.

    ``roles`` are those that the message itself says: some aspects concern the entities that have them. Whatever is
    wrong goes to ``problems``; nothing is raised.
    """
    host = Host(
        on=on,
        known=known,
        occurred=occurred,
        type=type,
        problems=problems,
        zone=known.zone,
        currency=known.currency,
        written=roles,
    )
    said = _named(raw, host, field)
    for name, value in said.items():
        read = _aspect(name, value, host, f"{field}.{name}")
        if read is not None and read != {} and read != []:
            host.aspects[name] = read
    return host.found()


def _named(raw: Any, host: Host, field: str) -> dict[str, Any]:
    """Return the aspects by their proper names; where two have one name, the first wins."""
    if not isinstance(raw, dict):
        host.problems.error(INVALID, field, "must be an object")
        return {}
    found: dict[str, Any] = {}
    for key, value in raw.items():
        name = key.strip().lower()
        if name != key:
            host.problems.warn(RENAMED, f"{field}.{key}", f"taken as {name}")
        if name not in TABLE:
            name = ALIASES.get(name.replace("_", "").replace("-", ""), name)
        if value is None:
            continue
        if name in found:
            host.problems.warn(IGNORED, f"{field}.{key}", f"{name} is given twice")
            continue
        found[name] = value
    return found


def _aspect(name: str, value: Any, host: Host, field: str) -> Any:
    aspect = TABLE.get(name)
    if aspect is None or LETTERS[host.on] not in aspect.on:
        where = "" if aspect is None else f" on an {host.on}"
        host.problems.warn(UNSUPPORTED, field, f"is not known{where}; kept as it is")
        return value
    host.merging = host.on == "entity" and aspect.merging == "merge"
    return aspect.read(value, host, field)
