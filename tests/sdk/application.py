"""An application of our Feeds API, as somebody has it who uses Stream's own SDKs."""

import itertools
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import stream
from nodesdk import Getstream
from town import Server

_numbers = itertools.count(1)


def fresh(name: str) -> str:
    """Return an id that no other test uses."""
    return f"{name}-{next(_numbers)}"


class Application:
    """One tenant of a running server, and clients for it."""

    def __init__(self, server: Server, label: str = "default") -> None:
        self.server = server
        shown = server.cli("tenant", "show", label)["feeds"]
        self.app_id, self.api_key, self.api_secret = (
            str(shown["app_id"]),
            shown["api_key"],
            shown["api_secret"],
        )
        self._clients: list[Any] = []

    def close(self) -> None:
        """Close the connections of all clients of the Python SDK."""
        for client in self._clients:
            client.session.close()

    def python(self, key: str | None = None, secret: str | None = None) -> Any:
        """Return a client of the Python SDK, which finds us by the name localhost alone (Feeds §1.1)."""
        made = self._connected(key or self.api_key, secret or self.api_secret)
        self._clients.append(made)
        return made

    def python_async(self) -> Any:
        """Return an asynchronous client of the Python SDK."""
        return self._connected(self.api_key, self.api_secret, use_async=True)

    def _connected(self, key: str, secret: str, **options: Any) -> Any:
        address = f"http://localhost:{self.server.port}"
        return stream.connect(key, secret, self.app_id, base_url=address, timeout=20, **options)

    def javascript(self, node: Getstream, credential: str | None = None, **options: Any) -> Any:
        """Return a client of the JavaScript SDK: the server's own, or one with a user's token."""
        base = self.server.base_url
        addresses = {"api": f"{base}/api/", "personalization": f"{base}/personalization/"}
        options = {"urlOverride": addresses, "fayeUrl": f"{base}/faye", **options}
        return node.connect(self.api_key, credential or self.api_secret, self.app_id, **options)

    def user_token(self, user: str) -> str:
        """Return a token with which somebody's program speaks as that user."""
        return str(self.python().create_user_token(user))

    def request(self, method: str, path: str, *, token: str | None = None, **options: Any) -> httpx.Response:
        """Send a request that no SDK sends; as the server unless there is a token."""
        token = token or self.python().create_jwt_token("*", "*", "*")
        headers = {"stream-auth-type": "jwt", "Authorization": token, **options.pop("headers", {})}
        query = {"api_key": self.api_key, **options.pop("params", {})}
        url = f"{self.server.base_url}/api/v1.0/{path}"
        return httpx.request(method, url, params=query, headers=headers, **options)


def without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return a document without some members, ``duration`` among them always."""
    return {name: value for name, value in document.items() if name not in ("duration", *names)}


def following_page(answer: dict[str, Any], path: str) -> dict[str, str]:
    """Return the query of the next page, after a look at the address: relative, without credentials (Feeds §6.3)."""
    parts = urlsplit(answer["next"])
    assert (parts.scheme, parts.netloc, parts.path) == ("", "", f"/api/v1.0/{path}")
    query = dict(parse_qsl(parts.query, strict_parsing=True))
    assert not {"api_key", "authorization"} & query.keys()
    return query
