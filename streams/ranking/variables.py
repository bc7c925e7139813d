"""The variables of a formula: where each is looked for, and what stands in for what is missing (Feeds API §10.1)."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from streams.errors import Unrankable
from streams.expressions import Name, find
from streams.ranking.subject import SECOND_US, Occasion, Subject

Scorer: TypeAlias = Callable[[Subject, Occasion], float]
Reader: TypeAlias = Callable[[Subject, Occasion], Any]
Value: TypeAlias = float | str

TIME: Final = "time"
COUNTED: Final = ("reaction_counts", "analytics")
"""What was never counted is 0: a feed need not fail because nobody liked an activity yet."""
NUMBERS: Final = (int, float)


class Variables:
    """What a formula mentions. ``readers`` holds, by name, how each is read; ``defaults`` are named alike."""

    def __init__(self, defaults: Mapping[str, Value]) -> None:
        self.defaults = defaults
        self.readers: dict[str, Reader] = {}

    def number(self, name: Name) -> Scorer:
        """Return how a variable is read where a number is needed; true is 1, false 0."""
        read = self.read(name)
        if len(name.path) > 1 or name.path == (TIME,):
            return lambda subject, occasion: numeric(name, read(subject, occasion))
        field = name.text  # what most formulas are about; the rest is for what is not simply there

        def number(subject: Subject, occasion: Occasion) -> float:
            found: Any = subject.fields.get(field)
            return float(found) if type(found) in NUMBERS else numeric(name, read(subject, occasion))

        return number

    def read(self, name: Name) -> Reader:
        """Return how a variable is read: its default stands in for what is missing, or Unrankable is raised."""
        look, text = _source(name.path), name.text
        default = self.defaults.get(text, 0.0 if name.path[0] in COUNTED else None)

        def value(subject: Subject, occasion: Occasion) -> Any:
            found = look(subject, occasion)
            if found is None:
                found = default
            if found is None:
                raise Unrankable(f"{text} is missing and has no default")
            return found

        return self.readers.setdefault(text, value)


def numeric(name: Name, value: object) -> float:
    """Return the value of a variable as a number, or raise Unrankable."""
    if isinstance(value, NUMBERS):
        return float(value)
    raise Unrankable(f"{name.text} is not a number")


def _source(path: tuple[str, ...]) -> Reader:
    """Return where a variable is looked for: the time, what was counted, what the reader sent, or a custom field."""
    first, rest = path[0], path[1:]
    if path == (TIME,):
        return lambda subject, _occasion: subject.time / SECOND_US
    if first == "reaction_counts" and rest:
        return lambda subject, _occasion: subject.reaction_counts.get(".".join(rest))
    if first == "analytics" and rest:
        return lambda subject, _occasion: subject.analytics.get(".".join(rest))
    if first == "external" and rest:
        return lambda _subject, occasion: find(occasion.external, rest)
    if not rest:
        return lambda subject, _occasion: subject.fields.get(first)
    return lambda subject, _occasion: find(subject.fields, path)
