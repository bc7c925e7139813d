"""Times as text, the same on every machine: Python's directives with the names of the C locale, in UTC."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from streams.errors import Malformed

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

DIRECTIVES: Final[Mapping[str, Callable[[datetime], str]]] = {
    "a": lambda t: _DAYS[t.weekday()][:3],
    "A": lambda t: _DAYS[t.weekday()],
    "b": lambda t: _MONTHS[t.month - 1][:3],
    "B": lambda t: _MONTHS[t.month - 1],
    "d": lambda t: f"{t.day:02}",
    "f": lambda t: f"{t.microsecond:06}",
    "G": lambda t: f"{t.isocalendar().year:04}",
    "H": lambda t: f"{t.hour:02}",
    "I": lambda t: f"{(t.hour + 11) % 12 + 1:02}",
    "j": lambda t: f"{_day_of_year(t):03}",
    "m": lambda t: f"{t.month:02}",
    "M": lambda t: f"{t.minute:02}",
    "p": lambda t: "AM" if t.hour < 12 else "PM",
    "S": lambda t: f"{t.second:02}",
    "u": lambda t: f"{t.isoweekday()}",
    "U": lambda t: f"{(_day_of_year(t) + 6 - t.isoweekday() % 7) // 7:02}",
    "V": lambda t: f"{t.isocalendar().week:02}",
    "w": lambda t: f"{t.isoweekday() % 7}",
    "W": lambda t: f"{(_day_of_year(t) + 6 - t.weekday()) // 7:02}",
    "y": lambda t: f"{t.year % 100:02}",
    "Y": lambda t: f"{t.year:04}",
    "z": lambda _: "+0000",
    "Z": lambda _: "UTC",
    "%": lambda _: "%",
}
"""All there are. ``%U`` and ``%W`` count weeks from the first Sunday and the first Monday."""

_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)


def compiled(field: str, pattern: str, at: int) -> Callable[[datetime], str]:
    """Return what writes a time as a pattern says; raise Malformed at a directive there is not.

    ``at`` is where the pattern begins in its setting.
    """
    pieces: list[Callable[[datetime], str] | str] = []
    end = 0
    for found in _DIRECTIVE.finditer(pattern):
        if found[1] not in DIRECTIVES:
            raise Malformed(field, f"there is no directive {found[0]!r}", at + found.start())
        pieces += [pattern[end : found.start()], DIRECTIVES[found[1]]]
        end = found.end()
    pieces.append(pattern[end:])
    return lambda moment: "".join(piece if isinstance(piece, str) else piece(moment) for piece in pieces)


def _day_of_year(moment: datetime) -> int:
    return moment.timetuple().tm_yday
