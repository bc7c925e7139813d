"""The HTTP signature by which some SDKs send batches (Feeds §2.4): HMAC-SHA256 with the tenant's secret."""

import hmac
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from typing import Final

from federation import BadSignature
from federation.signatures import Incoming, cavage
from server.auth.feeds.errors import BadCredentials, Denied

ALGORITHM: Final = "hmac-sha256"
SKEW_SECONDS_MAX: Final = 300
SECOND_US: Final = 1_000_000
COVERED: Final = {("(request-target)", "date"), ("date",)}
"""What may have been signed; older SDKs sign the date alone."""


def check(value: str, key: str, secrets: Iterable[str], incoming: Incoming, *, now: int) -> None:
    """Check the ``Signature`` of a request against a key and its secrets.

    Raises BadCredentials when it cannot be read or is not of now, Denied when no secret made it.
    """
    try:
        found = cavage.parse(value)
        if found.algorithm != ALGORITHM or found.key_id != key or found.covered not in COVERED:
            raise BadCredentials(
                f"the signature must be {ALGORITHM} of the request target and date, by the api_key"
            )
        text = cavage.signing_text(found, incoming, incoming.target)
        _check_date(incoming.field("date"), now)
    except BadSignature as error:
        raise BadCredentials(str(error)) from error
    expected = (hmac.digest(secret.encode(), text, "sha256") for secret in secrets)
    if not any(hmac.compare_digest(one, found.signature) for one in expected):
        raise Denied("the request's signature is wrong")


def _check_date(value: str, now: int) -> None:
    try:
        moment = parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError):
        raise BadCredentials("the date cannot be read") from None
    if abs(moment - now / SECOND_US) > SKEW_SECONDS_MAX:
        raise BadCredentials("the signature is not of now")
