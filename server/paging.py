"""Which page of a list a request asks for (AP-155, AP-156)."""

from starlette.requests import Request

from server import parameters
from server.errors import ProblemError
from storage.entries import NEWEST, OLDEST
from streams import read
from streams.read import Bounds


def asked(request: Request) -> tuple[Bounds | None, int]:
    """Read which page is asked for and how long it may be; without any of the parameters, the list itself."""
    query, limit = request.query_params, size(request)
    if not query.keys() & {"before", "after", "page"}:
        return None, limit
    before = _whole_number(query.get("before"), "before", NEWEST)
    after = _whole_number(query.get("after"), "after", OLDEST)
    return Bounds(before, min(after, NEWEST - 1)), limit


def size(request: Request) -> int:
    """Read how long a page may be."""
    limit = _whole_number(request.query_params.get("limit"), "limit", read.PAGE)
    return min(max(limit, 1), read.PAGE_MAX)


def query(bounds: Bounds) -> str:
    """Write bounds as the query of a page's address."""
    given = {"before": bounds.before, "after": bounds.after}
    idle = {"before": NEWEST, "after": OLDEST}
    return "&".join(f"{name}={value}" for name, value in given.items() if value != idle[name])


def _whole_number(text: str | None, name: str, default: int) -> int:
    if text is None:
        return default
    found = parameters.number(text)
    if found is None:
        raise ProblemError(400, "must be a whole number", field=name)
    return found
