"""What a request's head must look like before anyone reads the rest of it (SEC-057 to SEC-059).

Parsers differ in what they let through, so these checks hold whatever listens in front of them.
"""

from itertools import chain
from typing import Final
from urllib.parse import urlsplit

from starlette.types import Scope

from server.config import Config
from server.errors import ProblemError

CLOSE = {"Connection": "close"}
SINGLE = frozenset(
    b"authorization content-digest content-encoding content-length content-type date digest host"
    b" idempotency-key signature signature-input transfer-encoding".split()
)
"""Fields of which two could be read differently by two readers."""

ANY_HOST = frozenset({"/health", "/ready"})
"""Paths that load balancers ask for by whatever name they know."""


class Screen:
    """Refuses requests that are ambiguous, too large, or meant for another server."""

    def __init__(self, config: Config) -> None:
        self._limits = config.limits
        self._hosts = _host_headers(config.server.base_url)

    def check(self, scope: Scope, fields: dict[bytes, bytes], *, any_host: bool = False) -> None:
        """Raise the ProblemError that answers a request we do not take; ``fields`` are its headers as a dict.

        With ``any_host`` it does not matter by what name we were called.
        """
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        self._check_size(scope, headers)
        if len(fields) != len(headers):
            _check_single(headers)
        if b"transfer-encoding" in fields:
            _check_transfer_encoding(scope, fields)
        if fields.get(b"host") not in self._hosts and not any_host and scope["path"] not in ANY_HOST:
            self._check_host(fields.get(b"host"))
        check_characters(scope)

    def _check_size(self, scope: Scope, headers: list[tuple[bytes, bytes]]) -> None:
        limits = self._limits
        if len(scope["raw_path"]) + len(scope["query_string"]) > limits.request_line_bytes_max:
            raise ProblemError(
                431, f"the address is longer than {limits.request_line_bytes_max}", headers=CLOSE
            )
        if len(headers) > limits.header_count_max:
            raise ProblemError(431, f"more than {limits.header_count_max} header fields", headers=CLOSE)
        if sum(map(len, chain.from_iterable(headers))) > limits.header_bytes_max:
            raise ProblemError(
                431, f"the header is longer than {limits.header_bytes_max} bytes", headers=CLOSE
            )

    def _check_host(self, host: bytes | None) -> None:
        if host is None:
            raise ProblemError(400, "a Host header is required", field="host", headers=CLOSE)
        if host.lower() not in self._hosts:
            raise ProblemError(421, "this server is not known by that name", field="host")


INDIFFERENT: Final = frozenset({"/asa.png"})
"""What answers the same whatever is asked, and leaves out what it cannot keep (Events §21.2)."""


def check_characters(scope: Scope) -> None:
    """Raise the ProblemError that answers an address with a character that no database keeps in a text."""
    if "\0" in scope["path"] or (b"%00" in scope["query_string"] and scope["path"] not in INDIFFERENT):
        raise ProblemError(400, "the address contains a zero character")


def _check_single(headers: list[tuple[bytes, bytes]]) -> None:
    seen: set[bytes] = set()
    for name, _ in headers:
        if name in seen and name in SINGLE:
            status = 401 if name in (b"signature", b"signature-input") else 400  # SEC-007
            raise ProblemError(
                status, "stands in the header twice", field=name.decode("latin-1"), headers=CLOSE
            )
        seen.add(name)


def _check_transfer_encoding(scope: Scope, fields: dict[bytes, bytes]) -> None:
    if b"content-length" in fields:
        raise ProblemError(
            400, "cannot stand beside Content-Length", field="transfer-encoding", headers=CLOSE
        )
    if fields[b"transfer-encoding"].lower() != b"chunked" or scope["http_version"] == "1.0":
        raise ProblemError(400, "must be chunked, in HTTP/1.1", field="transfer-encoding", headers=CLOSE)


def _host_headers(base_url: str) -> frozenset[bytes]:
    """Return the Host headers that name us: with and without the port when it is the usual one."""
    parts = urlsplit(base_url)
    host = parts.netloc.lower()
    usual = {"http": 80, "https": 443}[parts.scheme]
    return frozenset({host.encode()} if parts.port else {host.encode(), f"{host}:{usual}".encode()})
