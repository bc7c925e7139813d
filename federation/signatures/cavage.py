"""Signatures as in draft-cavage-http-signatures-12, which every server speaks (AP-410 to AP-418)."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Collection
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache

from federation.errors import BadSignature
from federation.signatures.algorithms import ED25519, RSA_SHA256, RSA_SHA512
from federation.signatures.digest import check_digest, digest
from federation.signatures.message import (
    SECOND_US,
    Claim,
    Draft,
    Incoming,
    Outgoing,
    Signer,
    check_fresh,
    check_not_expired,
)

ALGORITHMS = {
    None: (RSA_SHA256, RSA_SHA512, ED25519),
    "hs2019": (RSA_SHA256, RSA_SHA512, ED25519),
    "rsa-sha256": (RSA_SHA256, RSA_SHA512),  # some call it so and hash with SHA-512 (AP-416)
    "ed25519": (ED25519,),
}
ACCEPTS = "(request-target) host date digest"
"""What we ask of a POST, for the ``WWW-Authenticate`` field of a refusal (AP-419)."""

_PARAMETER = re.compile(r'[ \t]*([A-Za-z]+)=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([0-9]+))[ \t]*(?:,|$)')
_ESCAPE = re.compile(r"\\(.)")


def draft(signer: Signer, outgoing: Outgoing, *, now: int, with_query: bool = True) -> Draft:
    """Prepare the signature of a request of ours (AP-410).

    Covered are the target, Host and Date and, with a body, Digest and Content-Type. A GET may leave
    its query out of the signed text (AP-412).
    """
    added = {"Host": outgoing.host, "Date": _written(now // SECOND_US)}
    target = outgoing.target if with_query else outgoing.target.partition("?")[0]
    lines = [
        f"(request-target): {outgoing.method.lower()} {target}",
        f"host: {outgoing.host}",
        f"date: {added['Date']}",
    ]
    covered = "(request-target) host date"
    if outgoing.body is not None:
        added["Digest"] = digest(outgoing.body)
        lines += [f"digest: {added['Digest']}", f"content-type: {outgoing.content_type}"]
        covered += " digest content-type"
    algorithm = "ed25519" if signer.algorithm == ED25519 else "rsa-sha256"
    start = f'keyId="{signer.key_id}",algorithm="{algorithm}",headers="{covered}",signature="'

    def finish(signature: bytes) -> dict[str, str]:
        return added | {"Signature": f'{start}{b64encode(signature).decode()}"'}

    return Draft("\n".join(lines).encode("latin-1"), finish)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a ``Signature`` field says."""

    key_id: str
    algorithm: str | None
    covered: tuple[str, ...]
    signature: bytes
    created: int | None
    expires: int | None


def parse(value: str) -> Parameters:
    """Read a ``Signature`` field; any order, with or without spaces, nothing twice (AP-414)."""
    found: dict[str, str] = {}
    position = 0
    while position < len(value):
        match = _PARAMETER.match(value, position)
        if match is None:
            raise BadSignature("the Signature field cannot be read")
        name, quoted, number = match.groups()
        if name in found:
            raise BadSignature(f"the Signature field has {name} twice")
        if name in ("created", "expires") and number is None:
            raise BadSignature(f"{name} is not a bare integer")
        found[name] = number if quoted is None else _ESCAPE.sub(r"\1", quoted) if "\\" in quoted else quoted
        position = match.end()
    for name in ("keyId", "headers", "signature"):
        if not found.get(name):
            raise BadSignature(f"the Signature field lacks {name}")
    covered = tuple(found["headers"].lower().split(" "))
    if len(set(covered)) < len(covered):
        raise BadSignature("the signature covers something twice")
    return Parameters(
        found["keyId"],
        found["algorithm"].lower() if "algorithm" in found else None,
        covered,
        _decode(found["signature"]),
        _seconds(found.get("created")),
        _seconds(found.get("expires")),
    )


def claim(incoming: Incoming, value: str, *, origins: Collection[str], now: int) -> Claim:
    """Check everything about a signed request that needs no key, and say what the key must confirm.

    Raises BadSignature when the signature covers too little (SEC-003), is not fresh (SEC-005), was made
    for another host (SEC-006), or the body is not the one it covers (SEC-004).
    """
    found = parse(value)
    if found.algorithm not in ALGORITHMS:
        raise BadSignature("the algorithm is not accepted")
    _check_covered(found, incoming)
    _check_time(found, incoming, now)
    incoming.origin(origins)
    if "digest" in found.covered:
        check_digest(incoming.field("digest"), incoming.body)
    targets = [incoming.target]
    if incoming.method == "GET" and "?" in incoming.target:
        targets.append(incoming.target.partition("?")[0])
    texts = tuple(signing_text(found, incoming, target) for target in targets)
    return Claim(found.key_id, texts, found.signature, ALGORITHMS[found.algorithm])


def signing_text(found: Parameters, incoming: Incoming, target: str) -> bytes:
    """Rebuild the text that was signed (AP-415)."""
    lines = []
    for name in found.covered:
        if name == "(request-target)":
            value = f"{incoming.method.lower()} {target}"
        elif name == "(created)":
            value = str(found.created)
        elif name == "(expires)":
            value = str(found.expires)
        else:
            value = incoming.field(name)
        lines.append(f"{name}: {value}")
    return "\n".join(lines).encode("latin-1")


def _check_covered(found: Parameters, incoming: Incoming) -> None:
    needed = {"(request-target)", "host"}
    if incoming.method not in ("GET", "HEAD") or incoming.body:
        needed.add("digest")
    missing = needed - set(found.covered)
    if missing:
        raise BadSignature(f"the signature does not cover {min(missing)}")
    for name, value in (("(created)", found.created), ("(expires)", found.expires)):
        if name in found.covered:
            if value is None:
                raise BadSignature(f"the signature covers {name} but does not give it")
            if found.algorithm is not None and found.algorithm.startswith(("rsa", "hmac", "ecdsa")):
                raise BadSignature(f"{name} does not go with {found.algorithm}")  # AP-417


def _check_time(found: Parameters, incoming: Incoming, now: int) -> None:
    moments = []
    if "date" in found.covered:
        moments.append(_date(incoming.field("date")))
    if "(created)" in found.covered and found.created is not None:
        if found.created * SECOND_US > now:
            raise BadSignature("the signature was made in the future")  # AP-417 leaves no margin here
        moments.append(found.created)
    if not moments:
        raise BadSignature("the signature covers no date")
    for moment in moments:
        check_fresh(moment, now)
    if found.expires is not None:
        check_not_expired(found.expires, now)


@lru_cache(maxsize=16)
def _written(seconds: int) -> str:
    """Write a date: a fan-out writes the same one thousands of times."""
    return formatdate(seconds, usegmt=True)


@lru_cache(maxsize=1_024)
def _date(value: str) -> float:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError):
        raise BadSignature("the date cannot be read") from None


def _seconds(text: str | None) -> int | None:
    if text is None:
        return None
    if len(text) > 15:
        raise BadSignature("a time of the signature is out of range")
    return int(text)


def _decode(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except NotBase64:
        raise BadSignature("the signature is not base64") from None
