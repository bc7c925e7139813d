"""The time, as the one function everything that needs it is handed."""

import time
from collections.abc import Callable
from typing import TypeAlias

Clock: TypeAlias = Callable[[], int]


def system_clock() -> int:
    """Return the present instant in microseconds since 1970."""
    return time.time_ns() // 1000
