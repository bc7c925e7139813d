"""``headwater member``: people who sign in."""

import getpass
import re
import sys

import click

from server.auth import granting, passwords
from server.cli.run import Failure, Group, Run, now, pass_run
from storage import Transaction, actors, members, sessions
from storage.actors import ActorRow

_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[A-Za-z0-9.-]{1,253}")


def _read_password(context: click.Context, parameter: click.Parameter, wanted: bool) -> str | None:
    """Read the password from standard input: typed twice at a terminal, else its first line."""
    if not wanted:
        return None
    if sys.stdin.isatty():
        given = getpass.getpass("Password: ")
        if given != getpass.getpass("Once more: "):
            raise click.BadParameter("the two were not equal", context, parameter)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    if len(given) < passwords.CHARS_MIN:
        raise click.BadParameter(f"must have at least {passwords.CHARS_MIN} characters", context, parameter)
    return given


def _email(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Read an address of mail; the empty one takes it back."""
    if value and not _ADDRESS.fullmatch(value):
        raise click.BadParameter("expected an address such as ada@example.org", context, parameter)
    return value


password_option = click.option(
    "--password-stdin", "password", is_flag=True, callback=_read_password,
    help="Read a password from standard input.",
)  # fmt: skip


@click.group(cls=Group)
def member() -> None:
    """People who sign in."""


@member.command()
@click.argument("name")
@password_option
@click.option("--admin", is_flag=True, help="May moderate this server.")
@click.option(
    "--email", metavar="ADDRESS", callback=_email,
    help="Where they get mail, which feeds tell only as atom.author_email says.",
)  # fmt: skip
@pass_run
def add(run: Run, name: str, password: str | None, admin: bool, email: str | None) -> None:
    """Let someone sign in as an actor that exists, or change their password, which ends all access there was."""
    if password is None:
        raise click.UsageError("--password-stdin is required")
    hashed = passwords.hashed(password)

    async def put(tx: Transaction) -> ActorRow:
        found = await local_actor(tx, name)
        if await members.find(tx, found.id) is not None:  # SEC-092
            await granting.revoke_all(tx, found.id, now=now())
            await sessions.end_all(tx, found.id)
        await members.put(tx, found.id, password=hashed, admin=admin, now=now())
        if email is not None:
            await members.set_email(tx, found.id, email or None)
        return found

    found = run.write(put)
    run.show({"actor": found.iri, "admin": admin}, f"{name} may sign in")


async def local_actor(tx: Transaction, name: str) -> ActorRow:
    """Find an actor of ours by its name."""
    found = await actors.by_handle(tx, name)
    if found is None:
        raise Failure(f"there is no actor called {name}; make one with: headwater actor add {name}")
    return found
