"""``headwater token``: what programs may do in an actor's name (AP-544)."""

from datetime import UTC, datetime
from typing import Any

import click

from server.auth import granting, scopes
from server.cli.members import local_actor
from server.cli.run import Failure, Group, Run, now, pass_run
from storage import Transaction, consents, feedtokens, tokens
from storage.actors import ActorRow
from storage.consents import Consent
from storage.feedtokens import FeedToken

COMMAND_LINE = "Command line"
COLUMNS = ("id", "application", "scope", "since")


def _known_scopes(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Read scopes parted by spaces (AP-542)."""
    words = value.replace(",", " ").split()
    if words == [scopes.FEED_READ]:
        return scopes.FEED_READ
    unknown = [word for word in words if word not in scopes.SUPPORTED]
    if unknown or not words:
        known = f"one or more of {' '.join(scopes.SUPPORTED)}, or {scopes.FEED_READ} alone"
        raise click.BadParameter(f"expected {known}", context, parameter)
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
    """Issue a bearer token for an actor. It is shown once: only its hash is kept.

    With the scope feed:read it is a feed token: for readers that cannot sign in, to be put in the address.
    """
    value = granting.fresh()
    if scope == scopes.FEED_READ:
        _issue_for_feeds(run, name, value)
        return

    async def keep(tx: Transaction) -> ActorRow:
        found = await local_actor(tx, name)
        consent = await consents.add(tx, found.id, "", COMMAND_LINE, scope, now=now())
        await tokens.issue(tx, value, found.id, scope, now=now(), consent=consent)
        return found

    found = run.write(keep)
    run.show({"access_token": value, "token_type": "Bearer", "scope": scope, "actor": found.iri}, value)


def _issue_for_feeds(run: Run, name: str, value: str) -> None:
    async def keep(tx: Transaction) -> ActorRow:
        found = await local_actor(tx, name)
        if await feedtokens.add(tx, value, found.id, COMMAND_LINE, now=now()) is None:
            raise Failure(f"{name} has {feedtokens.PER_ACTOR_MAX} feed tokens; revoke some first")
        return found

    found = run.write(keep)
    feed = f"{run.config.server.base_url}{run.config.atom.context_path}/activity?token={value}"
    document = {"access_token": value, "token_type": "feed", "scope": scopes.FEED_READ, "actor": found.iri}
    run.show({**document, "feed": feed}, feed)


@token.command("list")
@click.argument("name")
@pass_run
def list_(run: Run, name: str) -> None:
    """Show which applications may act as an actor, and the tokens issued here."""

    async def look(tx: Transaction) -> list[dict[str, Any]]:
        found = await local_actor(tx, name)
        given = await consents.of_actor(tx, found.id, now=now())
        feeds = await feedtokens.of_actor(tx, found.id)
        return [*map(_row, given), *map(_feed_row, feeds)]

    run.show_table("tokens", run.write(look), COLUMNS)


def _row(consent: Consent) -> dict[str, Any]:
    since = datetime.fromtimestamp(consent.created / 1_000_000, UTC).isoformat(timespec="seconds")
    return {
        "id": consent.id,
        "application": consent.name,
        "client_id": consent.client or None,
        "scope": consent.scope,
        "since": since,
    }


def _feed_row(one: FeedToken) -> dict[str, Any]:
    since = datetime.fromtimestamp(one.created / 1_000_000, UTC).isoformat(timespec="seconds")
    return {
        "id": one.id,
        "application": one.label,
        "client_id": None,
        "scope": scopes.FEED_READ,
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
            if await feedtokens.revoke(tx, found.id, id):
                continue
            consent = await consents.find(tx, id)
            if consent is None or consent.actor != found.id:
                raise Failure(f"{name} has no token {id}; see: headwater token list {name}")
            await consents.revoke(tx, id, now=now())
        return len(ids)

    count = run.write(end)
    run.show({"revoked": count}, f"{count} revoked")
