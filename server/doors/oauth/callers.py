"""Which client sends a request to the token endpoint or its neighbours (RFC 6749 §2.3, AP-541)."""

import binascii
from base64 import b64decode
from urllib.parse import unquote_plus

from starlette.requests import Request

from server.auth.clients import authenticates
from server.doors.oauth.answers import OAuthError
from server.house import house
from storage import clients


async def client_of(request: Request, fields: dict[str, str]) -> str | None:
    """Return the ``client_id`` a request is of, proven if that client has a secret; None when it names none.

    Raises the 401 ``invalid_client`` for a wrong secret, or a 400 when it says two different things.
    """
    named, secret = _basic(request.headers.get("authorization", ""))
    client_id = fields.get("client_id") or named
    if named is not None and client_id != named:
        raise OAuthError("invalid_request", "two clients are named")
    if client_id is None:
        return None
    row = await house(request).store.read(clients.find, client_id)
    if not authenticates(row, secret if named is not None else fields.get("client_secret")):
        raise OAuthError(
            "invalid_client", "the client is not who it says", 401,
            headers={"WWW-Authenticate": 'Basic realm="clients"'},
        )  # fmt: skip
    return client_id


def _basic(authorization: str) -> tuple[str | None, str | None]:
    """Read a client's name and secret from HTTP Basic, in which both should be form-encoded (RFC 6749 §2.3.1).

    Many libraries leave out the encoding; so an IRI ends at the last colon, and no secret of ours has one.
    """
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None, None
    try:
        name, colon, secret = b64decode(encoded.strip(), validate=True).decode().rpartition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise OAuthError("invalid_client", "the credentials cannot be read", 401) from None
    if not colon or not name or "\0" in unquote_plus(name):
        raise OAuthError("invalid_client", "the credentials cannot be read", 401)
    return unquote_plus(name), unquote_plus(secret)
