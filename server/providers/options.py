"""By what streams can be filtered, as providers tell it to one reader (Atom §4.4, §4.5, §5).

Providers are asked where their code runs, at once, and not for long; who does not answer has no options of its own.
"""

import asyncio
import inspect
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from streams.providers import Onlooker, Running, intake

log = logging.getLogger(__name__)

SECONDS: Final = 3.0
VALUES_MAX: Final = 1_000
OPTIONS_MAX: Final = 100
ALL_PROJECTS: Final = "__all_projects__"
TYPES: Final = frozenset(("string", "list", "select", "user", "date"))

IS_OR_NOT: Final = [{"key": "is", "name": "is"}, {"key": "not", "name": "is not"}]
IN_TIME: Final = [
    {"key": "before", "name": "is before"},
    {"key": "after", "name": "is after"},
    {"key": "between", "name": "is between"},
]
IN_TEXT: Final = [
    {"key": "contains", "name": "contains"},
    {"key": "does_not_contain", "name": "does not contain"},
]

Option = dict[str, Any]


def option(
    key: str, name: str, type: str, operators: Sequence[Mapping[str, str]], *, values: Mapping[str, str] | None = None,
    unique: bool = True, help: str | None = None,  # noqa: A002 - a member's name
) -> Option:  # fmt: skip
    """Return one option as the configuration tells it."""
    return {
        "key": key, "name": name, "helpText": help, "type": type, "unique": unique, "values": dict(values or {}),
        "operators": [dict(one) for one in operators],
    }  # fmt: skip


def of_all(keys: Mapping[str, str]) -> list[Option]:
    """Return the options that all providers have (Atom §4.4); ``keys`` are those that the reader may know of."""
    return [
        option("key", "Project", "select", IS_OR_NOT, values=keys),
        option("issue-key", "Issue key", "list", IS_OR_NOT, help="One or more keys, parted by spaces."),
        option(
            "update-date", "Date", "date", IN_TIME, unique=False, help="Milliseconds or an ISO 8601 date."
        ),
        option("user", "Person", "user", IS_OR_NOT),
        option("text", "Text", "string", IN_TEXT, unique=False),
    ]


async def told(running: Sequence[Running], onlooker: Onlooker) -> list[dict[str, Any]]:
    """Return all providers with their options, those of all of them first (Atom §5)."""
    options, keys = await asyncio.gather(
        _of_each(running, lambda one: _call(one, "filters", onlooker)), keys_of(running, onlooker)
    )
    whole: list[dict[str, Any]] = [{"key": "streams", "name": "", "options": of_all(keys)}]
    for one, said in zip(running, options, strict=True):
        shown: dict[str, Any] = {"key": one.key, "name": one.name, "options": _options(said)}
        if "@" in one.key:
            shown["applinkName"] = one.key.partition("@")[2]
        whole.append(shown)
    return whole


async def keys_of(running: Sequence[Running], onlooker: Onlooker) -> dict[str, str]:
    """Return the keys of containers that a reader may know of, with what people call them."""
    found: dict[str, str] = {}
    for said in await _of_each(running, lambda one: _call(one, "keys", onlooker)):
        pairs = said.items() if isinstance(said, Mapping) else said if isinstance(said, list | tuple) else ()
        for pair in pairs:
            if isinstance(pair, list | tuple) and len(pair) == 2 and len(found) < VALUES_MAX:
                found.setdefault(str(pair[0]), str(pair[1]))
    return found


async def is_known(running: Sequence[Running], key: str, onlooker: Onlooker) -> bool:
    """Tell whether a key is one that a reader may know of, or stands for all of them (Atom §5)."""
    if key == ALL_PROJECTS or key.casefold() in {one.casefold() for one in await keys_of(running, onlooker)}:
        return True
    return any(
        said is True for said in await _of_each(running, lambda one: _call(one, "validator", key, onlooker))
    )


async def _call(one: Running, name: str, *arguments: Any) -> Any:
    """Return a member of a provider, or what it returns; None when it has none."""
    member = getattr(one.provider, name, None)
    if not callable(member):
        return member

    async def call() -> Any:
        found = member(*arguments)
        return intake.plain(await found if inspect.isawaitable(found) else found)

    return await one.place.run(call)


async def _of_each(running: Sequence[Running], ask: Callable[[Running], Any]) -> list[Any]:
    async def safely(one: Running) -> Any:
        try:
            async with asyncio.timeout(SECONDS):
                return await ask(one)
        except Exception as error:
            log.warning("provider %s does not say by what it is filtered: %s", one.key, error)
            return None

    return list(await asyncio.gather(*map(safely, running)))


def _options(said: Any) -> list[Option]:
    """Return the options of one provider as far as they can be read; each has ``activity`` at least (Atom §4.5)."""
    found = [
        made
        for one in (said if isinstance(said, list | tuple) else ())[:OPTIONS_MAX]
        if (made := _option(one))
    ]
    if not any(one["key"] == "activity" for one in found):
        found.insert(0, option("activity", "Activity", "select", IS_OR_NOT))
    return found


def _option(said: Any) -> Option | None:
    """Read one option; what cannot be read of it is left out."""
    if not isinstance(said, Mapping) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(said.get("key", ""))):
        return None
    operators, values, about = said.get("operators"), said.get("values"), said.get("helpText")
    type = said.get("type")
    return option(
        str(said["key"]), str(said.get("name", said["key"])), type if type in TYPES else "string",
        [
            {"key": str(one.get("key", "")), "name": str(one.get("name", ""))}
            for one in (operators if isinstance(operators, list | tuple) else ())
            if isinstance(one, Mapping)
        ],
        values=_values(values) if isinstance(values, Mapping) else {},
        unique=said.get("unique") is not False,
        help=about if isinstance(about, str) else None,
    )  # fmt: skip


def _values(said: Mapping[Any, Any]) -> dict[str, str]:
    return {str(key): str(name) for key, name in islice(said.items(), VALUES_MAX)}
