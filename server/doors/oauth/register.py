"""A program registers itself (AP-533, RFC 7591), and what its ``client_id`` leads to (FEP-d8c2)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.auth import redirects, scopes
from server.auth.clients import prefix
from server.auth.granting import SECOND_US, fresh
from server.doors.activitypub import answers as activitypub
from server.doors.oauth.answers import OAuthError, json
from server.doors.oauth.metadata import AUTH_METHODS, GRANT_TYPES, RESPONSE_TYPES
from server.house import house
from storage import clients
from storage.clients import ClientRow
from storage.tokens import hash_of
from streams import ids
from streams.errors import NotFound
from vocab import VocabError, dump, from_json, iri, jsontext, plaintext

NAME_CHARS_MAX = 200
TEXT_CHARS_MAX = 2_048
REDIRECT_URIS_MAX = 20
LINKS = ("client_uri", "logo_uri", "tos_uri", "policy_uri")
TEXTS = ("software_id", "software_version", *LINKS)
OAUTH_CONTEXT = "https://purl.archive.org/socialweb/oauth"


async def post_register(request: Request) -> Response:
    """Register a program and answer with its ``client_id`` and, if it wants one, its secret."""
    parts = house(request)
    parts.rates.take(request, "register a client")
    given = await _metadata(request)
    now = parts.ports.clock()
    method = _method(given)
    secret = None if method == "none" else fresh()
    row = ClientRow(
        id=prefix(parts.base_url) + ids.token(now), name=_name(given), created=now,
        secret=None if secret is None else hash_of(secret),
        redirect_uris=_redirect_uris(given), scope=_scope(given), metadata=_texts(given),
    )  # fmt: skip
    await parts.store.write(clients.add, row)
    answer: dict[str, Any] = {
        "client_id": row.id,
        "client_id_issued_at": now // SECOND_US,
        "client_name": row.name,
        "redirect_uris": row.redirect_uris,
        "token_endpoint_auth_method": method,
        "grant_types": _chosen(given, "grant_types", GRANT_TYPES),
        "response_types": _chosen(given, "response_types", RESPONSE_TYPES),
        **({"scope": row.scope} if row.scope else {}),
        **row.metadata,
        **({"client_secret": secret, "client_secret_expires_at": 0} if secret else {}),
    }
    return json(answer, 201)


async def get_client(request: Request) -> Response:
    """Answer with a registered program as an Activity Streams Application (FEP-d8c2)."""
    parts = house(request)
    row = await parts.store.read(clients.find, prefix(parts.base_url) + request.path_params["id"])
    if row is None:
        raise NotFound(request.path_params["id"])
    uris = row.redirect_uris
    document = {
        "@context": ["https://www.w3.org/ns/activitystreams", OAUTH_CONTEXT],
        "id": row.id,
        "type": "Application",
        "name": row.name,
        "redirectURI": uris[0] if len(uris) == 1 else list(uris),
        **({"url": row.metadata["client_uri"]} if "client_uri" in row.metadata else {}),
    }
    return activitypub.document(request, dump.dump(from_json(document)))


async def _metadata(request: Request) -> dict[str, Any]:
    try:
        given = jsontext.loads(await request.body())
    except VocabError as error:
        raise OAuthError("invalid_client_metadata", f"the body is no JSON: {error}") from None
    if not isinstance(given, dict):
        raise OAuthError("invalid_client_metadata", "the body must be a JSON object")
    return given


def _redirect_uris(given: dict[str, Any]) -> tuple[str, ...]:
    uris = given.get("redirect_uris")
    if not isinstance(uris, list) or not 0 < len(uris) <= REDIRECT_URIS_MAX:
        raise OAuthError("invalid_redirect_uri", f"redirect_uris: must be a list of 1 to {REDIRECT_URIS_MAX}")
    for uri in uris:
        if not isinstance(uri, str) or not redirects.is_acceptable(uri):
            raise OAuthError(
                "invalid_redirect_uri",
                "redirect_uris: each must be an https address, http on this machine, or of a private-use"
                " scheme with a dot in it; without fragment, user information or wildcard",
            )
    return tuple(dict.fromkeys(uris))


def _method(given: dict[str, Any]) -> str:
    """Return how the program will prove who it is; one that does not say is public, and bound by PKCE alone."""
    method = given.get("token_endpoint_auth_method", "none")
    if method not in AUTH_METHODS:
        raise OAuthError(
            "invalid_client_metadata", f"token_endpoint_auth_method: must be one of {', '.join(AUTH_METHODS)}"
        )
    return str(method)


def _chosen(given: dict[str, Any], member: str, offered: tuple[str, ...]) -> list[str]:
    """Return what we offer of what was asked for (RFC 7591 §2); nothing in common is a mistake."""
    asked = given.get(member, list(offered))
    if not isinstance(asked, list) or offered[0] not in asked:
        raise OAuthError("invalid_client_metadata", f"{member}: must be a list with {offered[0]} in it")
    return [one for one in offered if one in asked]


def _scope(given: dict[str, Any]) -> str:
    """Return the most the program may ask for: a text or a list, of which we keep what we know (AP-533)."""
    scope = given.get("scope", "")
    words = scope.split() if isinstance(scope, str) else scope
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise OAuthError("invalid_client_metadata", "scope: must be words parted by spaces")
    known = scopes.granted(" ".join(words))
    if words and not known:
        raise OAuthError("invalid_client_metadata", f"scope: known are {' '.join(scopes.SUPPORTED)}")
    return known


def _name(given: dict[str, Any]) -> str:
    name = given.get("client_name") or "Unnamed application"
    if not isinstance(name, str) or len(name) > NAME_CHARS_MAX:
        raise OAuthError(
            "invalid_client_metadata", f"client_name: must be a text of at most {NAME_CHARS_MAX} characters"
        )
    return plaintext.name(name)


def _texts(given: dict[str, Any]) -> dict[str, str]:
    """Return the other things a program said of itself that are kept and echoed."""
    found: dict[str, str] = {}
    for member in TEXTS:
        text = given.get(member)
        if text is None:
            continue
        fits = isinstance(text, str) and len(text) <= TEXT_CHARS_MAX
        if not fits or (member in LINKS and not iri.is_http(text)):
            raise OAuthError("invalid_client_metadata", f"{member}: cannot be read")
        found[member] = text
    return found
