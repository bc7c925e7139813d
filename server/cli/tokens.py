"""``headwater token``: what programs may do in an actor's name (AP-544)."""

from datetime import UTC, datetime
from typing import Any

import click

from server.auth import granting, scopes
from server.cli.members import local_actor
from server.cli.run import Failure, Group, Run, now, pass_run
from storage import Transaction, consents, tokens
from storage.actors import ActorRow
from storage.consents import Consent

COMMAND_LINE = "Command line"
COLUMNS = ("id", "application", "scope", "since")


def _known_scopes(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Read scopes parted by spaces (AP-542)."""
    words = value.replace(",", " ").split()
    unknown = [word for word in words if word not in scopes.SUPPORTED]
    if unknown or not words:
        raise click.BadParameter(f"expected one or more of {' '.join(scopes.SUPPORTED)}", context, parameter)
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
    value = granting.fresh()

    async def keep(tx: Transaction) -> ActorRow:
        found = await local_actor(tx, name)
        consent = await consents.add(tx, found.id, "", COMMAND_LINE, scope, now=now())
        await tokens.issue(tx, value, found.id, scope, now=now(), consent=consent)
        return found

    found = run.write(keep)
    run.show({"access_token": value, "token_type": "Bearer", "scope": scope, "actor": found.iri}, value)


@token.command("list")
@click.argument("name")
@pass_run
def list_(run: Run, name: str) -> None:
    """Show which applications may act as an actor, and the tokens issued here."""

    async def look(tx: Transaction) -> list[Consent]:
        found = await local_actor(tx, name)
        return await consents.of_actor(tx, found.id, now=now())

    run.show_table("tokens", [_row(one) for one in run.write(look)], COLUMNS)


def _row(consent: Consent) -> dict[str, Any]:
    since = datetime.fromtimestamp(consent.created / 1_000_000, UTC).isoformat(timespec="seconds")
    return {
        "id": consent.id,
        "application": consent.name,
        "client_id": consent.client or None,
        "scope": consent.scope,
        "since": since,
    }


@token.command()
@click.argument("name")
@click.argument("ids", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="All of them.")
@pass_run
def revoke(run: Run, name: str, ids: tuple[int, ...], everything: bool) -> None:
    """End access to an actor at once, by the ids that `token list` shows."""
    if bool(ids) == everything:
        raise click.UsageError("say which: ids, or --all")

    async def end(tx: Transaction) -> int:
        found = await local_actor(tx, name)
        if everything:
            return await granting.revoke_all(tx, found.id, now=now())
        for id in ids:
            consent = await consents.find(tx, id)
            if consent is None or consent.actor != found.id:
                raise Failure(f"{name} has no token {id}; see: headwater token list {name}")
            await consents.revoke(tx, id, now=now())
        return len(ids)

    count = run.write(end)
    run.show({"revoked": count}, f"{count} revoked")
