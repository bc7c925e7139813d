"""What all commands share: ``--config`` and ``--json`` anywhere, one store, one way to print."""

import asyncio
import json
import os
import shlex
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from server import logs
from server.config import Config, load
from storage import Store, Transaction, open_store

P = ParamSpec("P")
T = TypeVar("T")


class Failure(Exception):
    """A command cannot do what it was asked for; the text says why."""


@dataclass
class Run:
    """One run of the program: what the common options say, and what commands do with it."""

    config_path: Path | None = None
    as_json: bool = False

    @cached_property
    def config(self) -> Config:
        """The configuration; read when a command first needs it."""
        config = load(self.config_path)
        logs.start(config.server.log_format, "warning")
        return config

    def write(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Open the store, commit one unit of work, close it."""
        return self.with_store(lambda store: store.write(work, *args, **kwargs))

    def with_store(self, use: Callable[[Store], Awaitable[T]]) -> T:
        """Open the store the configuration names and use it; a server may be running on it."""
        config = self.config

        async def opened() -> T:
            async with open_store(
                config.storage.url, base_url=config.server.base_url, durability=config.storage.durability
            ) as store:
                return await use(store)

        return asyncio.run(opened())

    def show(self, document: Mapping[str, Any], text: str = "") -> None:
        """Print a result: the document when JSON was asked for, else the text."""
        if self.as_json:
            click.echo(json.dumps(document, ensure_ascii=False))
        elif text:
            click.echo("\n".join(printable(line) for line in text.splitlines()))

    def show_table(self, name: str, rows: Sequence[Mapping[str, Any]], columns: Iterable[str]) -> None:
        """Print rows: as one document, as a table on a terminal, or as tab-separated lines into a pipe."""
        if self.as_json:
            self.show({name: rows})
            return
        columns = list(columns)
        cells = [[printable("" if row[key] is None else str(row[key])) for key in columns] for row in rows]
        if not sys.stdout.isatty():
            self.show({}, "\n".join("\t".join(line) for line in cells))
            return
        table = Table(*columns, box=None, pad_edge=False)
        for line in cells:
            table.add_row(*map(escape, line))
        Console().print(table if rows else f"no {name}")

    @property
    def program(self) -> str:
        """How this program was called, so that printed commands work when pasted."""
        called = Path(sys.argv[0])
        on_path = any(Path(directory) / called.name == called for directory in os.get_exec_path())
        name = "headwater" if on_path or called.name != "headwater" else shlex.quote(str(called))
        return name if self.config_path is None else f"{name} --config {shlex.quote(str(self.config_path))}"


def printable(line: str) -> str:
    """Make control characters visible, so that a remote name cannot drive the terminal (SEC-074)."""
    return "".join(char if char.isprintable() or char == "\t" else ascii(char)[1:-1] for char in line)


def now() -> int:
    """Return the instant in microseconds."""
    return time.time_ns() // 1000


class Command(click.Command):
    """A command that takes the common options after its name too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += _common()


class Group(click.Group):
    """A noun, with its verbs; it takes the common options as well."""

    command_class = Command
    group_class: type | None = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += _common()

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands, in the order in which they were made."""
        return list(self.commands)


class Late(Group):
    """A group whose commands are imported when they are wanted: no command waits for what the others need."""

    group_class = Group

    def __init__(self, *args: Any, late: Mapping[str, str], **kwargs: Any) -> None:
        """``late`` has by each command's name the module in ``server.cli`` and the name it has there."""
        super().__init__(*args, **kwargs)
        self._late = late

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands, without importing those that are late."""
        return [*self.commands, *self._late]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None when there is none of this name."""
        place = self._late.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, name = place.partition(".")
        found: click.Command = getattr(import_module(f"server.cli.{module}"), name)
        return found


def _common() -> list[click.Parameter]:
    return [
        click.Option(
            ["--config", "_config"],
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            expose_value=False,
            callback=_take_config,
            help="Configuration file (default: $HEADWATER_CONFIG, else ./headwater.toml).",
        ),
        click.Option(
            ["--json", "_json"],
            is_flag=True,
            expose_value=False,
            callback=_take_json,
            help="Print one JSON document.",
        ),
    ]


def _take_config(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.find_object(Run).config_path = value  # type: ignore[union-attr]


def _take_json(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.find_object(Run).as_json = True  # type: ignore[union-attr]


pass_run = click.make_pass_decorator(Run)
