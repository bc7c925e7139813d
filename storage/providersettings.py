"""What was decided of providers while the server runs (Atom §8.4); of others holds what is configured."""

from dataclasses import dataclass
from typing import Any

from storage.connection import Transaction

CHANGED = "providers"
"""The topic that is rung when something was decided."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Whether a provider is to be in use, and its settings as JSON text; None keeps the configured ones."""

    enabled: bool
    settings: str | None


async def every(tx: Transaction) -> dict[str, ProviderSettings]:
    """Return what was decided, by the names that providers are registered under. One statement."""
    rows: Any = await tx.all("SELECT key, enabled, settings FROM provider_settings ORDER BY key")
    return {key: ProviderSettings(bool(enabled), settings) for key, enabled, settings in rows}


async def put(tx: Transaction, key: str, *, enabled: bool, settings: str | None, now: int) -> None:
    """Decide something of a provider."""
    await tx.run(
        "INSERT INTO provider_settings (key, enabled, settings, changed) VALUES (:key, :enabled, :settings, :now)"
        " ON CONFLICT (key) DO UPDATE SET enabled = excluded.enabled, settings = excluded.settings,"
        " changed = excluded.changed",
        key=key, enabled=int(enabled), settings=settings, now=now,
    )  # fmt: skip
    tx.wake(CHANGED)
