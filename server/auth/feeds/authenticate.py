"""From what a request presents to what it may do (Feeds §2.1, §2.2, §2.4)."""

from functools import lru_cache
from typing import Any, Final

from federation.signatures import Incoming
from server.auth.feeds import claims, signatures, tokens
from server.auth.feeds.claims import EVERYTHING, Scope
from server.auth.feeds.errors import CredentialsError, Suspended, UnknownKey
from server.auth.feeds.grant import FeedsGrant
from server.auth.feeds.keys import Keys
from server.auth.feeds.presented import Presented
from storage.feedskeys import FeedsKey

TOKENS_KEPT: Final = 2_048
"""So many tokens are understood without reading them again; one has 8 KB at most."""


async def authenticate(keys: Keys, presented: Presented, incoming: Incoming, *, now: int) -> FeedsGrant:
    """Return what a request may do. Raises the errors of ``errors`` for one that is not believed."""
    key = await keys.find(presented.api_key, now=now)
    if key is None:
        raise UnknownKey("the api_key is not known")
    if key.tenant.suspended is not None:
        raise Suspended("the app is suspended")
    if presented.signature:
        signatures.check(presented.signature, key.key, key.secrets, incoming, now=now)
        return FeedsGrant(key.tenant, EVERYTHING, key=key)
    return granted(key, presented.token, now=now)


def granted(key: FeedsKey, token: str, *, now: int) -> FeedsGrant:
    """Return what a token of a key's tenant allows. The key decides which secrets count (SEC-102)."""
    said, scope, user, governed = _understood(token, key.secrets)
    claims.check_time(said, key.tenant, user=governed, now=now)
    return FeedsGrant(key.tenant, scope, user, governed, key)


@lru_cache(TOKENS_KEPT)
def _understood(token: str, secrets: tuple[str, ...]) -> tuple[dict[str, Any], Scope, str | None, bool]:
    """Return what a token says and means; programs send the same one again and again.

    Whether its time is now is asked each time, and with other secrets it is another question.
    """
    said = tokens.claims(token, secrets)
    return said, *claims.meaning(said)


def voucher(grant: FeedsGrant, token: str, *, now: int) -> FeedsGrant | None:
    """Return what another token of a caller's tenant allows; None for one that is not believed (Feeds §2.3)."""
    if not token or grant.key is None:
        return None
    try:
        return granted(grant.key, token, now=now)
    except CredentialsError:
        return None
