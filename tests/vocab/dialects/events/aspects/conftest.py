"""Reading aspects as they are in a message, without the message around them."""

from collections.abc import Callable
from typing import Any

import pytest

from vocab.dialects.events import Known, Problems, aspects, moments
from vocab.dialects.events.aspects import Found

NOW = 1_930_000_000_000_000
OCCURRED = "2031-03-04T06:00:00.000Z"

Reads = Callable[..., tuple[Found, Problems]]


@pytest.fixture
def reads() -> Reads:
    """Return what reads one aspect or several, and remarks on them."""

    def read(
        on: Any = "event", /, *, admin: bool = False, special: bool = False,
        currency: str = "", **raw: Any,
    ) -> tuple[Found, Problems]:  # fmt: skip
        problems = Problems()
        occurred = moments.read(OCCURRED, zone="UTC", problems=problems, field="")
        known = Known("north", NOW, admin=admin, special_categories=special, currency=currency)
        found = aspects.read(raw, on=on, known=known, occurred=occurred, type="as.t", problems=problems)
        return found, problems

    return read


@pytest.fixture
def told(reads: Reads) -> Callable[..., Any]:
    """Return what reads one valid aspect, and reads the answer again to the same."""

    def tell(name: str, value: Any, on: str = "event", **known: Any) -> Any:
        found, problems = reads(on, **{name: value}, **known)
        assert problems.valid, problems
        again, more = reads(on, **found.aspects, **known)
        assert again.aspects == found.aspects
        assert more.valid
        return found.aspects.get(name)

    return tell


@pytest.fixture
def codes(reads: Reads) -> Callable[..., Any]:
    """Return what tells the remarks on one aspect: codes by field."""

    def tell(name: str, value: Any, on: str = "event", **known: Any) -> dict[str, str]:
        _, problems = reads(on, **{name: value}, **known)
        return {problem.field.removeprefix("aspects."): problem.code for problem in problems}

    return tell
