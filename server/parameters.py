"""Parameters of a query or of a form: plain text, each at most once (RFC 6749 §3.1)."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from server.errors import ProblemError
from storage.entries import NEWEST

FORM = "application/x-www-form-urlencoded"
PARAMETERS_MAX = 100
DIGITS_MAX = 19
"""As many as the largest number that a database holds; no more are ever read."""


def in_query(request: Request) -> dict[str, str]:
    """Return the parameters of the address."""
    return read(request.scope["query_string"])


async def in_form(request: Request) -> dict[str, str]:
    """Return the parameters of a form that was sent; a 415 for anything that is no form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise ProblemError(415, f"must be {FORM}", type="unsupported-media-type", field="content-type")
    return read(await request.body())


def number(text: str) -> int | None:
    """Read a whole number as our ids and positions are; None for a text that cannot be one."""
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX and int(text) <= NEWEST):
        return None
    return int(text)


def read(encoded: bytes) -> dict[str, str]:
    """Read parameters; raise a 400 naming one that is there twice or is not text."""
    try:
        pairs = parse_qsl(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=PARAMETERS_MAX
        )
    except ValueError:
        raise ProblemError(400, "the parameters cannot be read") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise ProblemError(400, "is there twice", field=name)
        if "\0" in value:
            raise ProblemError(400, "contains a zero character", field=name)
        found[name] = value
    return found
