"""The filters that the built-in providers have of their own, as the configuration tells them (Atom §4.5, §5)."""

from collections.abc import Iterable
from typing import Any, Final

from vocab import telling
from vocab.dialects.as1 import verbs

ACTIVITY: Final = "activity"
GENERATOR: Final = "provider_name"
NAMES: Final = {ACTIVITY: "Activity", GENERATOR: "Application"}
OF_PROVIDERS: Final = {"thirdparty": (ACTIVITY, GENERATOR)}
"""Providers that have more than ``activity``."""
_OPERATORS: Final = ({"key": "is", "name": "is"}, {"key": "not", "name": "is not"})


def of(provider: str) -> tuple[str, ...]:
    """Return the options that a provider has."""
    return OF_PROVIDERS.get(provider, (ACTIVITY,))


def told(option: str, values: Iterable[str]) -> dict[str, Any]:
    """Return an option with its values and what people call them."""
    return {
        "key": option,
        "name": NAMES[option],
        "type": "select",
        "unique": True,
        "helpText": None,
        "operators": list(_OPERATORS),
        "values": {value: label(option, value) for value in values},
    }


def label(option: str, value: str) -> str:
    """Return what people call a value: ``comment:post`` is “Comment created”."""
    if option == GENERATOR:
        return value.rpartition("@")[2] or value
    thing, _, verb = value.partition(":")
    type = verbs.TYPES.get(verb)
    return f"{thing.replace('-', ' ').capitalize()} {telling.deed(type) if type else verb}"
