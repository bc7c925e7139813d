"""The IRIs of what lives here (AP-060).

The variable part of an object's or activity's id is 48 bits of milliseconds and 100 random bits in
Crockford's base 32: thirty characters that sort by time and cannot be guessed. Actors are found by name.
"""

import re
import secrets
from urllib.parse import quote

from storage.tenants import DEFAULT

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_CHARACTERS = bytes(ord(ALPHABET[byte & 31]) for byte in range(256))
TIME_CHARS = 10
RANDOM_CHARS = 20
_MEDIA = re.compile(rf"/media/([{ALPHABET}]{{{TIME_CHARS + RANDOM_CHARS}}})\b")


def token(now: int) -> str:
    """Return a new unguessable, time-ordered token; ``now`` is in microseconds."""
    milliseconds = now // 1000
    time = "".join(ALPHABET[milliseconds >> shift & 31] for shift in range((TIME_CHARS - 1) * 5, -1, -5))
    return time + secrets.token_bytes(RANDOM_CHARS).translate(_CHARACTERS).decode("ascii")


def name_space(base_url: str, tenant: str) -> str:
    """Return what the IRIs of a tenant begin with, by its label; those of the default one, like our own."""
    return base_url if tenant == DEFAULT else f"{base_url}/tenants/{tenant}"


def activity_root(base_url: str) -> str:
    """Return what the IRIs of all activities begin with."""
    return f"{base_url}/activities/"


def activity(base_url: str, now: int) -> str:
    """Return the IRI for a new activity."""
    return f"{activity_root(base_url)}{token(now)}"


def object(base_url: str, now: int) -> str:
    """Return the IRI for a new object."""
    return f"{base_url}/objects/{token(now)}"


def context(base_url: str, object: str) -> str:
    """Return the IRI of the conversation that begins with an object of ours (AP-741): both share the token."""
    return f"{base_url}/contexts/{object.rpartition('/')[2]}"


def begun_by(base_url: str, context: str) -> str | None:
    """Return the IRI of the object that a conversation of ours began with; None for any other IRI."""
    prefix = f"{base_url}/contexts/"
    name = context.removeprefix(prefix)
    return f"{base_url}/objects/{name}" if context.startswith(prefix) and name.isalnum() else None


def tag(base_url: str, name: str) -> str:
    """Return where the posts under a hashtag are listed; ``name`` is folded and without ``#``."""
    return f"{base_url}/tags/{quote(name, safe='')}"


def actor(base_url: str, name: str) -> str:
    """Return the IRI of our actor of this name."""
    return f"{base_url}/users/{name}"


def instance_actor(base_url: str) -> str:
    """Return the IRI of the server's own actor (AP-101)."""
    return f"{base_url}/actor"


def media(base_url: str, token: str) -> str:
    """Return the address of an uploaded file."""
    return f"{base_url}/media/{token}"


def media_tokens(text: str) -> list[str]:
    """Return the tokens of all uploaded files that a document names, wherever it does so."""
    return _MEDIA.findall(text) if "/media/" in text else []


def page(collection: str, *, before: int, after: int = 0, limit: int | None = None) -> str:
    """Return the IRI of a page; it carries its bounds, so that it means the same entries later (AP-155)."""
    parameters = [f"before={before}"]
    if after:
        parameters.append(f"after={after}")
    if limit is not None:
        parameters.append(f"limit={limit}")
    return f"{collection}{'&' if '?' in collection else '?'}{'&'.join(parameters)}"


def is_minted(base_url: str, iri: str) -> bool:
    """Tell whether an IRI is one that only we give out, so that nothing is there unless we hold it."""
    path = iri.removeprefix(base_url) if is_ours(base_url, iri) else ""
    return path.startswith(("/objects/", "/activities/", "/users/"))


def is_actor(base_url: str, iri: str) -> bool:
    """Tell whether an IRI has the form that only actors of ours have."""
    return iri == instance_actor(base_url) or (
        iri.startswith(f"{base_url}/users/") and iri.count("/", len(base_url)) == 2
    )


def is_ours(base_url: str, iri: str) -> bool:
    """Tell whether an IRI lies on our origin (SEC-037)."""
    return iri.startswith(base_url) and (len(iri) == len(base_url) or iri[len(base_url)] in "/?#")
