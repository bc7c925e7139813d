"""Which form of signature: the one a request came with, and the one a host understands."""

from collections.abc import Collection

from federation.errors import BadSignature, Unsigned
from federation.signatures import cavage, rfc9421
from federation.signatures.message import Claim, Draft, Incoming, Outgoing, Signer

CAVAGE = "cavage"
RFC9421 = "rfc9421"
REMEMBERED_US = 30 * 24 * 3600 * 1_000_000


def claim(incoming: Incoming, *, origins: Collection[str], now: int) -> Claim:
    """Read the one signature a request carries, in whichever form; Unsigned when there is none (SEC-007)."""
    fields = incoming.fields
    authorization = fields.get("authorization", [])
    if any(value.lower().startswith("signature ") for value in authorization):
        raise BadSignature("signatures are read from the Signature field only")
    signatures, inputs = fields.get("signature", []), fields.get("signature-input", [])
    if not signatures and not inputs:
        raise Unsigned
    if len(signatures) != 1 or len(inputs) > 1:
        raise BadSignature("there must be exactly one Signature field")
    if inputs:
        return rfc9421.claim(incoming, inputs[0], signatures[0], origins=origins, now=now)
    return cavage.claim(incoming, signatures[0], origins=origins, now=now)


def draft(form: str, signer: Signer, outgoing: Outgoing, *, now: int, with_query: bool = True) -> Draft:
    """Prepare the signature of a request of ours in one of the two forms."""
    if form == RFC9421:
        return rfc9421.draft(signer, outgoing, now=now)
    return cavage.draft(signer, outgoing, now=now, with_query=with_query)


def first(learned: str | None, learned_at: int | None, *, now: int) -> str:
    """Which form to knock with (AP-455): what worked in the last 30 days, else what everyone knows."""
    if learned == RFC9421 and learned_at is not None and now - learned_at < REMEMBERED_US:
        return RFC9421
    return CAVAGE


def other(form: str) -> str:
    """Name the form for the second knock."""
    return CAVAGE if form == RFC9421 else RFC9421
