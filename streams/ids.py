"""The IRIs of what lives here (AP-060).

The variable part of an object's or activity's id is 48 bits of milliseconds and 100 random bits in
Crockford's base 32: thirty characters that sort by time and cannot be guessed. Actors are found by name.
"""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_CHARACTERS = bytes(ord(ALPHABET[byte & 31]) for byte in range(256))
TIME_CHARS = 10
RANDOM_CHARS = 20


def token(now: int) -> str:
    """Return a new unguessable, time-ordered token; ``now`` is in microseconds."""
    milliseconds = now // 1000
    time = "".join(ALPHABET[milliseconds >> shift & 31] for shift in range((TIME_CHARS - 1) * 5, -1, -5))
    return time + secrets.token_bytes(RANDOM_CHARS).translate(_CHARACTERS).decode("ascii")


def activity(base_url: str, now: int) -> str:
    """Return the IRI for a new activity."""
    return f"{base_url}/activities/{token(now)}"


def object(base_url: str, now: int) -> str:
    """Return the IRI for a new object."""
    return f"{base_url}/objects/{token(now)}"


def actor(base_url: str, name: str) -> str:
    """Return the IRI of our actor of this name."""
    return f"{base_url}/users/{name}"


def instance_actor(base_url: str) -> str:
    """Return the IRI of the server's own actor (AP-101)."""
    return f"{base_url}/actor"


def is_minted(base_url: str, iri: str) -> bool:
    """Tell whether an IRI is one that only we give out, so that nothing is there unless we hold it."""
    path = iri.removeprefix(base_url) if is_ours(base_url, iri) else ""
    return path.startswith(("/objects/", "/activities/", "/users/"))


def is_ours(base_url: str, iri: str) -> bool:
    """Tell whether an IRI lies on our origin (SEC-037)."""
    return iri.startswith(base_url) and (len(iri) == len(base_url) or iri[len(base_url)] in "/?#")
