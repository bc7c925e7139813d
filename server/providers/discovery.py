"""Where factories of providers are found: installed packages that offer one, and the configuration (Atom §8.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Final

from server.config import ProviderSettings

GROUP: Final = "headwater.providers"
"""The group of entry points; each names a factory ``f(config) -> Provider``."""

Factory = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A factory that was found: under which name, as ``package.module:name``, and with which settings."""

    name: str
    factory: str
    enabled: bool = True
    settings: Mapping[str, Any] = field(default_factory=dict)
    package: str = ""


@cache
def installed() -> tuple[Found, ...]:
    """List what installed packages offer, which does not change while we run: looking takes a while."""
    return tuple(
        Found(point.name, point.value, package="" if point.dist is None else point.dist.name)
        for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)
    )


def found(configured: Mapping[str, ProviderSettings]) -> list[Found]:
    """List all factories, installed ones first, each with what is configured for its name.

    A name that is configured with another factory than an installed one is listed twice; the first counts.
    """
    listed = list(installed())
    named = {one.name for one in listed}
    listed = [_configured(one, configured.get(one.name)) for one in listed]
    return listed + [
        Found(name, one.factory, one.enabled, one.settings)
        for name, one in sorted(configured.items())
        if one.factory or name not in named
    ]


def _configured(one: Found, settings: ProviderSettings | None) -> Found:
    if settings is None:
        return one
    return Found(one.name, one.factory, settings.enabled, settings.settings, one.package)


def loaded(factory: str) -> Factory:
    """Import a factory. Raises whatever its module raises, ValueError for a text that names none."""
    module, colon, name = factory.partition(":")
    if not module or not colon or not name:
        raise ValueError(f"{factory!r} is not of the form package.module:factory")
    node: Any = import_module(module)
    for part in name.split("."):
        node = getattr(node, part)
    if not callable(node):
        raise TypeError(f"{factory} cannot be called")
    return node  # type: ignore[no-any-return]
