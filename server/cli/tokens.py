"""``headwater token``: what programs may do in an actor's name."""

import secrets

import click

from server.cli.members import local_actor
from server.cli.run import Group, Run, now, pass_run
from storage import Transaction, tokens
from storage.actors import ActorRow

SCOPES = ("read", "write")
TOKEN_BYTES = 32


def _known_scopes(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Read scopes parted by spaces (AP-542)."""
    words = value.replace(",", " ").split()
    unknown = [word for word in words if word not in SCOPES]
    if unknown or not words:
        raise click.BadParameter(f"expected one or more of {' '.join(SCOPES)}", context, parameter)
    return " ".join(dict.fromkeys(words))


@click.group(cls=Group)
def token() -> None:
    """Tokens for the ActivityPub client API."""


@token.command()
@click.argument("name")
@click.option(
    "--scope", default="read write", show_default=True, callback=_known_scopes, help="What it may do."
)
@pass_run
def issue(run: Run, name: str, scope: str) -> None:
    """Issue a bearer token for an actor. It is shown once: only its hash is kept."""
    value = secrets.token_urlsafe(TOKEN_BYTES)

    async def keep(tx: Transaction) -> ActorRow:
        found = await local_actor(tx, name)
        await tokens.issue(tx, value, found.id, scope, now=now())
        return found

    found = run.write(keep)
    run.show({"access_token": value, "token_type": "Bearer", "scope": scope, "actor": found.iri}, value)
