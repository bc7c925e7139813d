"""How entries are called in the addresses of actions: by their IRIs, ours without what all of them begin with.

``activities/01h…`` and ``https%3A%2F%2Fthere.example%2F1`` stand behind the address of the door and of the provider.
"""

import re
from typing import Final
from urllib.parse import quote, unquote

from streams import ids

RELATIONS: Final = "http://streams.atlassian.com/syndication/"
REPLY_TO: Final = RELATIONS + "reply-to"
COMMENTS: Final = "/plugins/servlet/streamscomments"
ACTIONS: Final = "/rest/stream-actions/1.0/actions"

_WHOLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def path_of(base_url: str, iri: str) -> str:
    """Return how an IRI is called in an address."""
    if ids.is_ours(base_url, iri) and iri.startswith(f"{base_url}/"):
        return quote(iri[len(base_url) + 1 :], safe="/:@!$'()*,;=-._~")
    return quote(iri, safe="")


def iri_at(base_url: str, path: str) -> str:
    """Return the IRI that stands in an address; ``path`` has been decoded once."""
    if _WHOLE.match(path):
        return path
    return f"{base_url}/{path.strip('/')}"


def named(path: str) -> tuple[str, str]:
    """Return the provider and the decoded rest of what stands behind the address for comments."""
    provider, _, rest = path.partition("?")[0].partition("#")[0].partition("/")
    return unquote(provider), unquote(rest)
