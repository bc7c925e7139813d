"""What providers let their readers do: actions by name, and comments on what they tell (Atom §7.2, §7.4, §8.1).

A provider has ``actions``: a mapping of names to handlers, which are called with who acts and on what; one may say by
``label`` and ``rel`` how it is offered. It is offered for all entries of its provider, unless that has ``offers``,
which is called with who reads and with entries, and returns the names of those that go, by the ids of entries.
``comments`` is called with the segments of the path, the text and who says it, and returns the comment's address.

Whoever writes one needs nothing of ours. They raise LookupError for what there is not, PermissionError for what may
not be, FileExistsError for what is done already, ValueError for what makes no sense; anything else is their failure.
"""

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from storage import streamactions
from streams.errors import NotAllowed, NotFound, Redundant, Refused, StreamsError, Unreachable
from streams.inline import addresses
from streams.inline.parts import Member, Parts
from streams.providers import Onlooker, Running
from vocab import iri as iris
from vocab.entry import Action, Entry

log = logging.getLogger(__name__)

SECONDS: Final = 10.0
"""So long a handler may take."""
ASKED_SECONDS: Final = 1.0
"""And so long a provider, to say what it offers."""
NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")
MESSAGE_CHARS_MAX: Final = 1_000
OWN: Final = frozenset({"watch", "issue-watch", "vote", "issue-vote", "reply-to"})
"""Names that mean the same for all entries; no provider gives them another meaning."""

Plugins = Sequence[Running]


def actions_of(plugin: Running) -> Mapping[str, Any]:
    """Return the handlers of a provider by name; none for one that has none, or nothing of that kind."""
    found = getattr(plugin.provider, "actions", None)
    if not isinstance(found, Mapping):
        return {}
    return {name: one for name, one in found.items() if _is_name(name) and callable(one)}


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and NAME.fullmatch(name) is not None and name not in OWN


async def offered(
    base_url: str, viewer: Onlooker, entries: Sequence[Entry], plugins: Mapping[str, Running]
) -> dict[str, list[Action]]:
    """Return what providers offer a reader about entries of theirs, by the ids of these."""
    by_key: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.provider in plugins:
            by_key.setdefault(entry.provider, []).append(entry)
    asked = [_offered(base_url, viewer, some, plugins[key]) for key, some in by_key.items()]
    return {id: actions for found in await asyncio.gather(*asked) for id, actions in found.items()}


async def _offered(
    base_url: str, viewer: Onlooker, entries: Sequence[Entry], plugin: Running
) -> dict[str, list[Action]]:
    handlers = actions_of(plugin)
    talks = callable(getattr(plugin.provider, "comments", None))
    names = await _names(viewer, entries, plugin) if handlers else {}
    found: dict[str, list[Action]] = {}
    for entry in entries:
        path = f"{plugin.key}/{addresses.path_of(base_url, entry.id)}"
        listed = [
            _action(name, handler, f"{base_url}{addresses.ACTIONS}/{name}/{path}")
            for name, handler in handlers.items()
            if names is None or name in names.get(entry.id, ())
        ]
        if talks and entry.item is None:
            href = f"{base_url}{addresses.COMMENTS}/{path}"
            listed.insert(0, Action(addresses.REPLY_TO, href, "Comment", ("comment",)))
        found[entry.id] = listed
    return found


def _action(name: str, handler: Any, href: str) -> Action:
    rel = getattr(handler, "rel", None) or addresses.RELATIONS + name
    label = getattr(handler, "label", None) or name.replace("-", " ").capitalize()
    return Action(str(rel), href, str(label))


async def _names(
    viewer: Onlooker, entries: Sequence[Entry], plugin: Running
) -> dict[str, frozenset[str]] | None:
    """Ask a provider which actions go, by entry; None when all do. One that fails to say it offers none."""
    asked = getattr(plugin.provider, "offers", None)
    if asked is None:
        return None
    try:
        async with asyncio.timeout(ASKED_SECONDS):
            told = await plugin.place.run(lambda: asked(viewer, tuple(entries)))
        return {str(id): frozenset(map(str, names)) for id, names in dict(told).items()}
    except Exception:
        log.warning("%s cannot say which actions it offers", plugin.key, exc_info=True)
        return {}


async def act(parts: Parts, member: Member, action: str, called: str, plugins: Plugins) -> str:
    """Take an action of a provider, and return what it says, which may be nothing. It is noted, whatever came of it.

    ``called`` is the key of the provider and what it is done to; without a key the first that has such an action is
    meant. Raises NotFound when there is none, and what the handler's errors mean.
    """
    key, _, rest = called.partition("/")
    having = [one for one in plugins if action in actions_of(one)]
    plugin = next((one for one in having if one.key == key), None)
    object = addresses.iri_at(parts.ports.base_url, rest) if plugin is not None else called
    plugin = plugin or next(iter(having), None)
    if plugin is None or not object:
        raise NotFound(called)
    handler = actions_of(plugin)[action]
    noted = {"actor": member.actor.iri, "provider": plugin.key, "action": action, "object": object}
    try:
        told = await _called(plugin, handler, member.onlooker, object)
    except StreamsError as error:
        await parts.ports.store.write(streamactions.note, **noted, outcome=type(error).__name__)
        raise
    await parts.ports.store.write(streamactions.note, **noted, outcome="done")
    message = told.get("message") if isinstance(told, Mapping) else told
    return message[:MESSAGE_CHARS_MAX] if isinstance(message, str) else ""


async def comment(plugin: Running, member: Member, path: str, text: str) -> str:
    """Let a provider take a comment, and return its address. Raises what the handler's errors mean."""
    made = await _called(plugin, plugin.provider.comments, tuple(path.split("/")), text, member.onlooker)
    if not isinstance(made, str) or not iris.is_http(made):
        raise Unreachable(plugin.key, temporary=False)
    return made


async def _called(plugin: Running, handler: Any, *given: Any) -> Any:
    """Call a handler where its provider's code runs. Raises what its errors mean."""
    try:
        async with asyncio.timeout(SECONDS):
            return await plugin.place.run(lambda: handler(*given))
    except StreamsError:
        raise
    except FileExistsError as error:
        raise Redundant("object", "has been done already") from error
    except LookupError as error:
        raise NotFound(plugin.key) from error
    except PermissionError as error:
        raise NotAllowed("object", "is refused by its provider") from error
    except ValueError as error:
        raise Refused("object", "is refused by its provider") from error
    except Exception as error:
        log.warning("an action of %s failed", plugin.key, exc_info=error)
        raise Unreachable(plugin.key, temporary=True) from error
