"""Signatures as in RFC 9421 (AP-440 to AP-444)."""

from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from federation.errors import BadSignature
from federation.signatures.algorithms import ED25519, RSA_SHA256
from federation.signatures.digest import check_content_digest, content_digest
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
from federation.signatures.structured import dictionary

ACCEPTS = '("@method" "@target-uri" "content-digest");created;keyid'
"""What we ask of a POST, for the ``Accept-Signature`` field of a refusal (AP-419)."""
LABELS_MAX = 8

_STRINGS = ("keyid", "alg", "nonce", "tag")
_INTEGERS = ("created", "expires")


def draft(signer: Signer, outgoing: Outgoing, *, now: int) -> Draft:
    """Prepare the signature of a request of ours (AP-444).

    Covered are the method and target and, with a body, its digest and content type.
    """
    added = {"Host": outgoing.host}
    lines = [f'"@method": {outgoing.method}', f'"@target-uri": {outgoing.origin}{outgoing.target}']
    covered = '"@method" "@target-uri"'
    if outgoing.body is not None:
        added["Content-Digest"] = content_digest(outgoing.body)
        lines.append(f'"content-digest": {added["Content-Digest"]}')
        lines.append(f'"content-type": {outgoing.content_type}')
        covered += ' "content-digest" "content-type"'
    parameters = f'({covered});created={now // SECOND_US};keyid="{signer.key_id}";alg="{signer.algorithm}"'
    lines.append(f'"@signature-params": {parameters}')

    def finish(signature: bytes) -> dict[str, str]:
        value = f"sig1=:{b64encode(signature).decode()}:"
        return added | {"Signature-Input": f"sig1={parameters}", "Signature": value}

    return Draft("\n".join(lines).encode("latin-1"), finish)


@dataclass(frozen=True, slots=True)
class Member:
    """One signature of a request: what ``Signature-Input`` says of it, read and as it was written."""

    label: str
    covered: tuple[str, ...]
    parameters: dict[str, Any]
    written: str


def claim(incoming: Incoming, inputs: str, signatures: str, *, origins: Collection[str], now: int) -> Claim:
    """Check everything about a signed request that needs no key, and say what the key must confirm.

    Of several signatures exactly one may be of use (AP-440). Raises BadSignature.
    """
    values = dictionary("Signature", signatures)
    claims, failure = [], BadSignature("Signature-Input names no signature")
    for member in parse(inputs):
        try:
            claims.append(_claim(incoming, member, values, origins, now))
        except BadSignature as error:
            failure = error
    if len(claims) > 1:
        raise BadSignature("more than one signature could be meant")
    if not claims:
        raise failure
    return claims[0]


def parse(inputs: str) -> list[Member]:
    """Read ``Signature-Input``, keeping the text of each member for the signed base (AP-442)."""
    read = dictionary("Signature-Input", inputs)
    written = list(_written(inputs))
    if len(read) > LABELS_MAX or [label for label, _ in written] != list(read):
        raise BadSignature("Signature-Input names a signature twice, or too many")
    members = []
    for (label, text), value in zip(written, read.values(), strict=True):
        items, parameters = value
        if not isinstance(items, list):
            raise BadSignature("Signature-Input holds something else than lists")
        members.append(Member(label, _components(items), parameters, text))
    return members


def base(incoming: Incoming, member: Member, origin: str) -> bytes:
    """Build the signature base (RFC 9421 §2.5)."""
    lines = [f'"{name}": {_component(name, incoming, origin)}' for name in member.covered]
    lines.append(f'"@signature-params": {member.written}')
    return "\n".join(lines).encode("latin-1")


def _claim(
    incoming: Incoming, member: Member, values: Mapping[str, Any], origins: Collection[str], now: int
) -> Claim:
    signature = values.get(member.label, (None,))[0]
    if not isinstance(signature, bytes):
        raise BadSignature("Signature and Signature-Input do not name the same signature")
    _check_parameters(member.parameters, now)
    _check_covered(member.covered, incoming)
    origin = incoming.origin(origins)
    if "content-digest" in member.covered:
        check_content_digest(incoming.field("content-digest"), incoming.body)
    admitted = member.parameters.get("alg")
    algorithms = (RSA_SHA256, ED25519) if admitted is None else (admitted,)
    return Claim(member.parameters["keyid"], (base(incoming, member, origin),), signature, algorithms)


def _check_parameters(parameters: Mapping[str, Any], now: int) -> None:
    for name, value in parameters.items():
        if name in _STRINGS and type(value) is not str:
            raise BadSignature(f"the signature's {name} is not a string")
        if name in _INTEGERS and type(value) is not int:
            raise BadSignature(f"the signature's {name} is not an integer")
    for name in ("created", "keyid"):
        if not parameters.get(name):
            raise BadSignature(f"the signature lacks {name}")
    if parameters.get("alg") not in (None, RSA_SHA256, ED25519):
        raise BadSignature("the algorithm is not accepted")
    check_fresh(parameters["created"], now)
    if "expires" in parameters:
        check_not_expired(parameters["expires"], now)


def _check_covered(covered: tuple[str, ...], incoming: Incoming) -> None:
    names = set(covered)
    if len(names) < len(covered):
        raise BadSignature("the signature covers something twice")
    needed = {"@method"}
    if "@target-uri" not in names:
        needed |= {"@authority"}
        if "@request-target" not in names:
            needed |= {"@path", "@query"} if "?" in incoming.target else {"@path"}
    if incoming.method not in ("GET", "HEAD") or incoming.body:
        needed.add("content-digest")
    if needed - names:
        raise BadSignature(f"the signature does not cover {min(needed - names)}")


def _component(name: str, incoming: Incoming, origin: str) -> str:
    if not name.startswith("@"):
        return incoming.field(name)
    path, mark, query = incoming.target.partition("?")
    scheme, _, authority = origin.partition("://")
    derived = {
        "@method": incoming.method,
        "@target-uri": origin + incoming.target,
        "@authority": authority,
        "@scheme": scheme,
        "@request-target": incoming.target,
        "@path": path,
        "@query": f"?{query}" if mark else "?",
    }
    if name not in derived:
        raise BadSignature(f"the signature covers {name}, which is not understood here")
    return derived[name]


def _components(items: list[Any]) -> tuple[str, ...]:
    names = []
    for item in items:
        name, parameters = item
        if type(name) is not str or parameters:
            raise BadSignature("the signature covers a component in a way not understood here")
        names.append(name)
    return tuple(names)


def _written(value: str) -> Iterator[tuple[str, str]]:
    """Cut a dictionary that has been parsed already into labels and the text of their members."""
    start, quoted, depth, position = 0, False, 0, 0
    while position <= len(value):
        character = value[position] if position < len(value) else ","
        if quoted:
            position += character == "\\"
            quoted = character != '"'
        elif character == '"':
            quoted = True
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "," and depth == 0:
            label, _, text = value[start:position].strip(" \t").partition("=")
            yield label, text
            start = position + 1
        position += 1
