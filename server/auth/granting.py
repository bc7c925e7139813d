"""From a member's consent to codes and tokens, and back (AP-538…AP-541). Units of work.

A code or refresh token that comes a second time was stolen, or its answer was: all that came of its
consent ends (RFC 9700 §4.13, §4.14). That ending must be committed, so refusals are returned, not raised.
"""

import secrets
from dataclasses import dataclass

from server.auth import pkce, scopes
from server.auth.clients import Client, authenticates
from storage import Transaction, actors, clients, codes, consents, feedtokens, refreshtokens, tokens
from storage.actors import ActorRow, State
from storage.consents import Consent

SECOND_US = 1_000_000
CODE_SECONDS = 60
ACCESS_SECONDS = 24 * 3_600
REFRESH_SECONDS = 90 * 24 * 3_600
"""A program nobody uses for so long must ask its member again."""
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Issued:
    """New tokens, and what they are good for."""

    access_token: str
    refresh_token: str
    scope: str
    actor: ActorRow


@dataclass(frozen=True, slots=True)
class Claim:
    """What a client shows to redeem a code."""

    client: str
    redirect_uri: str | None
    verifier: str


def fresh() -> str:
    """Return a new secret of 256 bits (SEC-093)."""
    return secrets.token_urlsafe(TOKEN_BYTES)


async def consent(
    tx: Transaction,
    actor: int,
    client: Client,
    scope: str,
    *,
    redirect_uri: str | None,
    challenge: str,
    now: int,
) -> str:
    """Record that a member allows a client something, and return the code that says so (AP-539)."""
    given = await consents.add(tx, actor, client.id, client.name, scope, now=now)
    code = fresh()
    await codes.add(
        tx, code, given, redirect_uri=redirect_uri, challenge=challenge, expires=now + CODE_SECONDS * SECOND_US
    )  # fmt: skip
    return code


async def redeem(tx: Transaction, code: str, claim: Claim, *, now: int) -> Issued | None:
    """Exchange a code for tokens, once; None when that cannot be, whatever the reason (SEC-089)."""
    found = await codes.find(tx, code)
    if found is None:
        return None
    if found.used is not None:
        await consents.revoke(tx, found.consent, now=now)
        return None
    given = await consents.find(tx, found.consent)
    bound = (
        given is not None
        and found.expires > now
        and given.client == claim.client
        and found.redirect_uri in (None, claim.redirect_uri)
        and pkce.is_proof(claim.verifier, found.challenge)
    )
    if given is None or not bound or not await codes.use(tx, found, now=now):
        return None
    return await _issue(tx, given, given.scope, now=now)


async def refresh(
    tx: Transaction, token: str, client: str | None, scope: str | None, *, now: int
) -> Issued | None:
    """Exchange a refresh token for new tokens, once; the scope can only become narrower (SEC-091).

    A client without a secret need not say who it is (RFC 6749 §6): the token does.
    """
    found = await refreshtokens.find(tx, token)
    if found is None:
        return None
    if found.used is not None:
        await consents.revoke(tx, found.consent, now=now)
        return None
    given = await consents.find(tx, found.consent)
    if given is None or found.expires <= now or not await _is_of(tx, given.client, client):
        return None
    narrowed = given.scope if scope is None else scopes.granted(scope, given.scope)
    if not narrowed or not await refreshtokens.use(tx, found, now=now):
        return None
    return await _issue(tx, given, narrowed, now=now)


async def _is_of(tx: Transaction, given_to: str, client: str | None) -> bool:
    """Tell whether who asks is the client that a member said yes to."""
    return authenticates(await clients.find(tx, given_to), None) if client is None else client == given_to


async def _issue(tx: Transaction, given: Consent, scope: str, *, now: int) -> Issued | None:
    actor = await actors.by_id(tx, given.actor)
    if actor is None or actor.state >= State.SUSPENDED:
        return None
    access, renewal = fresh(), fresh()
    await tokens.issue(
        tx, access, given.actor, scope, now=now, client=given.client, consent=given.id,
        expires=now + ACCESS_SECONDS * SECOND_US,
    )  # fmt: skip
    await refreshtokens.add(tx, renewal, given.id, now=now, expires=now + REFRESH_SECONDS * SECOND_US)
    return Issued(access, renewal, scope, actor)


async def revoke(tx: Transaction, consent_id: int | None, access_hash: str | None, *, now: int) -> None:
    """End what a token belongs to: its whole consent, or the token alone when nobody was asked for it."""
    if consent_id is not None:
        await consents.revoke(tx, consent_id, now=now)
    elif access_hash is not None:
        await tokens.revoke(tx, access_hash, now=now)


async def revoke_all(tx: Transaction, actor: int, *, now: int) -> int:
    """End every consent and every token of an actor, feed tokens too, and return how many there were (SEC-092)."""
    ended = await consents.revoke_all(tx, actor, now=now) + await feedtokens.revoke_all(tx, actor)
    return ended + await tokens.revoke_all(tx, actor, now=now)
