"""A ranking method as it is configured: ``score``, ``defaults`` and ``functions`` (Feeds API §10)."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from streams.errors import Malformed, Unrankable
from streams.ranking.decay import STANDARD, Decay, define
from streams.ranking.formula import BUILT_IN, Formula
from streams.ranking.subject import Occasion, Subject, seconds
from streams.ranking.variables import COUNTED, TIME, Value, Variables

DEFAULTS_MAX: Final = 200
DEFAULTS_DEPTH_MAX: Final = 8
FUNCTIONS_MAX: Final = 50
_MEMBERS: Final = ("score", "defaults", "functions")
_NAME = re.compile(r"[^\W\d]\w*")


class Method:
    """One named way to rank a feed. Make it once, when it is configured; it holds nothing of any activity."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        """Read a method; raise Malformed naming the member at fault and, in ``score``, the position."""
        for name in config:
            if name not in _MEMBERS:
                raise Malformed(name, f"is none of {', '.join(_MEMBERS)}")
        source = config.get("score")
        if not isinstance(source, str):
            raise Malformed("score", "must be a formula")
        self.source = source
        defaults = dict(_defaults(_object(config, "defaults")))
        if len(defaults) > DEFAULTS_MAX:
            raise Malformed("defaults", f"has more than {DEFAULTS_MAX} values")
        self._variables = Variables(defaults)
        decays = {**STANDARD, **_decays(_object(config, "functions"))}
        self._formula = Formula("score", source, self._variables, decays)

    @property
    def variables(self) -> frozenset[str]:
        """The variables that the formula mentions: what need not be read for them need not be read at all."""
        return frozenset(self._variables.readers)

    @property
    def required(self) -> frozenset[str]:
        """The variables without a default: an activity, or a reader, that lacks one cannot be ranked."""
        return frozenset(
            name
            for name in self.variables - self._variables.defaults.keys() - {TIME}
            if name.split(".")[0] not in COUNTED
        )

    def score(self, subject: Subject, occasion: Occasion) -> float:
        """Return the score of an activity; raise Unrankable when there is none, and nothing else."""
        try:
            score = float(self._formula.score(subject, occasion))
        except ZeroDivisionError:
            raise Unrankable("division by zero") from None
        except (ValueError, OverflowError):
            raise Unrankable("a function has no value here") from None
        if not math.isfinite(score):
            raise Unrankable("the score is not a finite number")
        return score

    def values(self, subject: Subject, occasion: Occasion) -> dict[str, Value]:
        """Return by name the values that a score is made of (``score_vars``); those that are missing are left out."""
        found = {}
        for name, read in self._variables.readers.items():
            try:
                found[name] = read(subject, occasion)
            except Unrankable:
                continue
        return found


def _object(config: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = config.get(name)
    if value is not None and not isinstance(value, Mapping):
        raise Malformed(name, "must be an object")
    return value or {}


def _defaults(nested: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Value]]:
    """Yield the defaults by their dotted names."""
    for key, value in nested.items():
        name = ".".join((*path, str(key)))
        if isinstance(value, Mapping) and len(path) < DEFAULTS_DEPTH_MAX:
            yield from _defaults(value, (*path, str(key)))
        elif isinstance(value, int | float | str) and _sound(value):
            yield name, value
        else:
            raise Malformed(f"defaults.{name}", "must be a number, true, false, a time or an object of these")


def _sound(value: Value) -> bool:
    try:
        return math.isfinite(seconds(value) if isinstance(value, str) else value)
    except (Unrankable, OverflowError):
        return False


def _decays(functions: Mapping[str, Any]) -> dict[str, Decay]:
    if len(functions) > FUNCTIONS_MAX:
        raise Malformed("functions", f"has more than {FUNCTIONS_MAX} members")
    decays: dict[str, Decay] = {}
    for name, value in functions.items():
        field = f"functions.{name}"
        if not _NAME.fullmatch(name):
            raise Malformed(field, "is not a name")
        if name.lower() in decays or name.lower() in STANDARD or name.lower() in BUILT_IN:
            raise Malformed(field, "is the name of another function")
        decays[name.lower()] = define(field, value)
    return decays
