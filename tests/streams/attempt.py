"""For tests of what may either work or be refused."""

from collections.abc import Callable
from typing import Any


def attempt(action: Callable[[], Any], *refusals: type[Exception]) -> Any:
    """Return what an action returns, or the error of one of these classes that it raises."""
    try:
        return action()
    except refusals as refusal:
        return refusal
