"""Which page of a list a call asks for, and how a page is answered (Events §1.5)."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from server.auth.events.authenticate import PARAMETERS
from server.doors.events.answers import Answer, Header
from server.doors.events.call import Call

SIZE: Final = 20
SIZE_MAX: Final = 300
PAGE_MAX: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A page: its number, counted from ``first``, and how many items it has at most."""

    page: int
    size: int
    first: int

    @property
    def offset(self) -> int:
        """How many items come before it."""
        return (self.page - self.first) * self.size


def asked(call: Call, *, first: int = 1) -> Asked:
    """Return which page is asked for; the first one is 1, in the Provisioning API 0. Raises BadFields."""
    name = next((name for name in ("size", "pagesize", "page_size") if name in call.query), "size")
    size = call.query.number(name, SIZE, least=1, most=SIZE_MAX)
    return Asked(call.query.number("page", first, least=first, most=PAGE_MAX), size, first)


def answer(call: Call, page: Asked, items: list[Any], total: int) -> Answer:
    """Answer a page of a list that has so many items: a bare array, the rest in header fields."""
    links = []
    if page.offset + page.size < total:
        links.append(f'<{_address(call, page.page + 1)}>; rel="next"')
    if page.page > page.first:
        links.append(f'<{_address(call, page.page - 1)}>; rel="prev"')
    headers: list[Header] = [(b"x-total-count", b"%d" % total)]
    if links:
        headers.append((b"link", ", ".join(links).encode("latin-1")))
    return Answer(items, headers=headers)


def part(page: Asked, items: list[Any]) -> list[Any]:
    """Cut a page out of a whole list."""
    return items[page.offset : page.offset + page.size]


def _address(call: Call, page: int) -> str:
    """Return where another page of the list is, without the key."""
    kept = [
        (name, value) for name, value in call.query.pairs if name != "page" and name.lower() not in PARAMETERS
    ]
    path = call.request.scope["raw_path"].decode("latin-1")
    return f"{path}?{urlencode([*kept, ('page', str(page))])}"
