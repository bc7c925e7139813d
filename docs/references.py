"""Writes the reference pages from the program itself: ``python docs/references.py``.

A test compares them, so a setting or a command cannot go undocumented.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import click

from server.cli import root
from server.config.example import spelled_default
from server.config.models import (
    Config,
    FeedGroup,
    ProviderSettings,
    RankingMethod,
    Route,
    Section,
    TenantSettings,
)
from server.doors.events.routes import OPERATIONS as EVENTS_OPERATIONS
from server.doors.feeds.routes import OPERATIONS as FEEDS_OPERATIONS

HERE = Path(__file__).parent

COMMANDS = """\
# Commands

`--config FILE` and `--json` go before or after any command. With `--json` a command prints one JSON
document and nothing else. Exit code 0 means done, 1 failed with the reason on standard error, 2 misused.
All commands work while a server runs on the same database."""

SETTINGS = """\
# Settings

Settings stand in a TOML file: the one named by `--config`, else by `$HEADWATER_CONFIG`, else
`./headwater.toml`. Every key can also be given in the environment as `HEADWATER_SECTION_KEY`, lists
separated by commas, and `feeds`, `routes`, `tenants` and `providers` as JSON. A *secret* can also be given as
`HEADWATER_SECTION_KEY_FILE`, the name of a file that holds it. The environment wins.
`headwater config check` names every mistake; `headwater config example` prints a file."""


FEEDS = """\
# Addresses of the Feeds API

Stream's Feeds v2, for its own SDKs. Every address is good with and without the slash at its end, and by any
`Host`. Requests carry `api_key` in the query, `stream-auth-type: jwt` and a token in `Authorization`;
`headwater tenant show` prints key and secret. Answers are JSON objects with `duration`; errors have `code`,
`detail`, `exception` and `status_code` as well. A POST or PUT that succeeds answers 201, anything else 200.

| address | |
| --- | --- |"""


EVENTS = """\
# Addresses of the Events API

Every address is good with and without the slash at its end, and by any `Host` whose first label is no other tenant's.
Requests carry a key as `apikey` in the query, as `X-API-Key` or as `Authorization: Bearer`; `headwater tenant show`
prints an administrator's. Answers are JSON; an error is `{"error": {"code": …, "message": …}}`, and a message that is
refused comes back with `_valid` and `_errors`. Both parts of an entity's reference are percent-encoded, `%2F` too.

| address | |
| --- | --- |"""


def pages() -> dict[str, str]:
    """Return the text of each reference page by its file name."""
    return {
        "reference-commands.md": "\n".join(_commands()) + "\n",
        "reference-configuration.md": "\n".join(_configuration()) + "\n",
        "reference-events.md": "\n".join(_addresses(EVENTS, EVENTS_OPERATIONS)) + "\n",
        "reference-feeds.md": "\n".join(_addresses(FEEDS, FEEDS_OPERATIONS)) + "\n",
    }


def _commands() -> Iterator[str]:
    yield COMMANDS
    for path, command in walk(root):
        yield ""
        yield f"## `{' '.join(['headwater', *path, *_usage(command)])}`"
        yield ""
        yield " ".join((command.help or "").split())
        options = [one for one in command.params if isinstance(one, click.Option) and one.help]
        own = [one for one in options if one.opts[0] not in ("--config", "--json")]
        if own:
            yield ""
            yield "| option | |"
            yield "| --- | --- |"
            yield from (f"| `{_option(one)}` | {one.help} |" for one in own)


def walk(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Go through all commands, groups left out."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from walk(command, *path, name)
        else:
            yield (*path, name), command


def _usage(command: click.Command) -> Iterator[str]:
    for one in command.params:
        if isinstance(one, click.Argument):
            name = (one.name or "").upper()
            yield f"[{name}]…" if one.nargs < 0 else name if one.required else f"[{name}]"


def _option(option: click.Option) -> str:
    return (
        option.opts[0]
        if option.is_flag
        else f"{option.opts[0]} {option.make_metavar(click.Context(root)).removesuffix(' RANGE')}"
    )


def _configuration() -> Iterator[str]:
    yield SETTINGS
    for name, field in Config.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from _section(f"[{name}]", name, field.annotation)
    yield from _section("[feeds.NAME]", "feeds.NAME", FeedGroup)
    yield from _section("[feeds.NAME.rankings.METHOD]", "feeds.NAME.rankings.METHOD", RankingMethod)
    yield from _section("[[routes]]", "routes", Route)
    yield from _section("[tenants.LABEL]", "tenants.LABEL", TenantSettings)
    yield from _section("[providers.NAME]", "providers.NAME", ProviderSettings)


def _addresses(
    title: str, operations: Iterable[tuple[str, Mapping[str, Callable[..., object]]]]
) -> Iterator[str]:
    """List the operations of a door; what several methods at one address do alike stands there once."""
    yield title
    for path, by_method in operations:
        methods: dict[Callable[..., object], list[str]] = {}
        for method, operation in by_method.items():
            methods.setdefault(operation, []).append(method)
        for operation, names in methods.items():
            yield f"| `{', '.join(names)} {path}` | {(operation.__doc__ or '').splitlines()[0]} |"


def _section(title: str, prefix: str, section: type[Section]) -> Iterator[str]:
    yield ""
    yield f"## `{title}`"
    yield ""
    yield section.__doc__ or ""
    yield ""
    yield "| key | default | |"
    yield "| --- | --- | --- |"
    for key, field in section.model_fields.items():
        default = spelled_default(field)
        shown = "" if default is None else f"`{default}`"
        mark = "" if field.repr else "*Secret.* "
        yield f"| `{prefix}.{key}` | {shown} | {mark}{field.description} |"


if __name__ == "__main__":
    for file_name, text in pages().items():
        (HERE / file_name).write_text(text, encoding="utf-8")
