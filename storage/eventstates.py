"""How entities came to be what they are, and which settings they were given when (Events §5.2, §7.18)."""

from collections.abc import Iterable
from typing import NamedTuple, cast

from storage.connection import Transaction


class StateRow(NamedTuple):
    """All that was said of an entity from an instant on, until the next. ``change`` grows with time."""

    entity: int
    at: int
    change: int
    aspects: str
    properties: str


class SettingRow(NamedTuple):
    """A setting's value from an instant on, as JSON; None when it has none from then on."""

    entity: int
    name: str
    at: int
    change: int
    value: str | None


async def add(tx: Transaction, states: Iterable[StateRow]) -> None:
    """Remember states."""
    await tx.many(
        "INSERT INTO event_states (entity, at, change, aspects, properties)"
        " VALUES (:entity, :at, :change, :aspects, :properties)",
        [state._asdict() for state in states],
    )


async def at(tx: Transaction, entity: int, instant: int) -> StateRow | None:
    """Return the state of an entity at an instant; None when nothing had been said of it. One statement."""
    row = await tx.one(
        "SELECT entity, at, change, aspects, properties FROM event_states"
        " WHERE entity = :entity AND at <= :instant ORDER BY at DESC, change DESC LIMIT 1",
        entity=entity, instant=instant,
    )  # fmt: skip
    return None if row is None else StateRow(*cast("tuple[int, int, int, str, str]", row))


async def note_settings(tx: Transaction, settings: Iterable[SettingRow]) -> None:
    """Remember what settings were given."""
    await tx.many(
        "INSERT INTO event_settings (entity, name, at, change, value)"
        " VALUES (:entity, :name, :at, :change, :value) ON CONFLICT DO NOTHING",
        [setting._asdict() for setting in settings],
    )


async def settings_at(tx: Transaction, entity: int, instant: int) -> dict[str, str]:
    """Return the settings of an entity at an instant, name → JSON. One statement."""
    rows = await tx.all(
        "SELECT s.name, s.value FROM event_settings s WHERE s.entity = :entity AND s.at <= :instant"
        " AND NOT EXISTS (SELECT 1 FROM event_settings later WHERE later.entity = s.entity AND later.name = s.name"
        " AND later.at <= :instant AND (later.at > s.at OR later.at = s.at AND later.change > s.change))"
        " AND s.value IS NOT NULL ORDER BY s.name",
        entity=entity, instant=instant,
    )  # fmt: skip
    return dict(cast("list[tuple[str, str]]", rows))


async def settings_after(tx: Transaction, entity: int, instant: int) -> set[str]:
    """Return which settings an entity was given after an instant. One statement."""
    rows = await tx.all(
        "SELECT DISTINCT name FROM event_settings WHERE entity = :entity AND at > :instant",
        entity=entity, instant=instant,
    )  # fmt: skip
    return {cast(str, row[0]) for row in rows}
