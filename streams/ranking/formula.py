"""A formula, from its tree to one closure (Feeds API §10.1): nothing is looked up twice while a feed is ranked."""

import math
import operator
from collections.abc import Callable, Mapping
from typing import Final

from streams.errors import Malformed, Unrankable
from streams.expressions import (
    Binary,
    Call,
    Choice,
    Grammar,
    Literal,
    Name,
    Node,
    Unary,
    check,
    parse,
    scan,
)
from streams.ranking.decay import Decay
from streams.ranking.functions import CHANCE, PURE, UNITS_KM, great_circle_km
from streams.ranking.subject import SECOND_US, Occasion, Subject, seconds
from streams.ranking.variables import NUMBERS, TIME, Reader, Scorer, Variables, numeric

GRAMMAR: Final = Grammar(
    binary={
        "||": (1, 1), "&&": (2, 2), "==": (3, 3), "!=": (3, 3), "<": (4, 4), "<=": (4, 4), ">": (4, 4),
        ">=": (4, 4), "+": (5, 5), "-": (5, 5), "*": (6, 6), "/": (6, 6), "^": (8, 7),
    },
    prefix={"-": 7, "+": 7, "!": 7},
    constants={"true": True, "false": False},
    choices=True,
)  # fmt: skip
"""``-2 ^ 2`` is -4, ``2 ^ -1`` a half, and ``2 ^ 3 ^ 2`` is 512, as on paper."""

_BINARY: Final[Mapping[str, Callable[[float, float], float]]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "^": math.pow,
}  # fmt: skip
_UNARY: Final[Mapping[str, Callable[[float], float]]] = {"-": operator.neg, "+": float, "!": operator.not_}

_TO_UNIX: Final = "to_unix_timestamp"
_DISTANCE: Final = "dist"
BUILT_IN: Final = frozenset({*PURE, *CHANCE, _TO_UNIX, _DISTANCE})


class Formula:
    """A formula over variables. ``score`` may raise Unrankable, ArithmeticError and ValueError, nothing else."""

    def __init__(self, field: str, source: str, variables: Variables, decays: Mapping[str, Decay]) -> None:
        check(field, source)
        self._field = field
        self._variables = variables
        self._decays = decays
        self.score: Scorer = self._number(parse(field, scan(field, source), GRAMMAR))

    def _number(self, node: Node) -> Scorer:
        match node:
            case Literal(value) if isinstance(value, NUMBERS):
                number = float(value)
                return lambda _subject, _occasion: number
            case Name():
                return self._variables.number(node)
            case Unary():
                apply, operand = _UNARY[node.operator], self._number(node.operand)
                return lambda subject, occasion: apply(operand(subject, occasion))
            case Binary():
                return _joined(node.operator, self._number(node.left), self._number(node.right))
            case Choice():
                asked, yes, no = self._number(node.condition), self._number(node.yes), self._number(node.no)
                return lambda subject, occasion: (yes if asked(subject, occasion) else no)(subject, occasion)
            case Call():
                return self._call(node)
            case _:
                raise Malformed(self._field, "only a number is of use here", node.at)

    def _call(self, node: Call) -> Scorer:
        name = node.name.text.lower()
        if name in self._decays:
            return self._decayed(node, self._decays[name])
        if name == _TO_UNIX:
            moment = self._measured(self._sole(node))
            return lambda subject, occasion: moment(subject, occasion)[0]
        if name == _DISTANCE:
            return self._distance(node)
        arguments = [self._number(argument) for argument in node.arguments]
        if name in PURE:
            count, apply = PURE[name]
            self._expect(node, count)
            return _applied(apply, arguments)
        if name in CHANCE:
            counts, draw = CHANCE[name]
            self._expect(node, *counts)
            return lambda subject, occasion: draw(
                occasion.random, *[each(subject, occasion) for each in arguments]
            )
        raise Malformed(self._field, f"there is no function {node.name.text!r}", node.at)

    def _decayed(self, node: Call, decay: Decay) -> Scorer:
        measured = self._measured(self._sole(node))

        def score(subject: Subject, occasion: Occasion) -> float:
            value, is_time = measured(subject, occasion)
            return decay.at(value, is_time=is_time, now=occasion.now / SECOND_US)

        return score

    def _measured(self, node: Node) -> Callable[[Subject, Occasion], tuple[float, bool]]:
        """Return how an argument is read that may be a time: as a number, and whether it was one."""
        match node:
            case Literal(str(text)):
                try:
                    instant = seconds(text)
                except Unrankable as error:
                    raise Malformed(self._field, error.reason, node.at) from error
                return lambda _subject, _occasion: (instant, True)
            case Name():
                read = self._variables.read(node)
                return _time if node.path == (TIME,) else _maybe_time(node, read)
        is_time = isinstance(node, Call) and node.name.text.lower() == _TO_UNIX
        computed = self._number(node)
        return lambda subject, occasion: (computed(subject, occasion), is_time)

    def _distance(self, node: Call) -> Scorer:
        self._expect(node, 4, 5)
        km = 1.0
        for unit in node.arguments[4:]:
            spelt = unit.value if isinstance(unit, Literal) else unit.text if isinstance(unit, Name) else ""
            if str(spelt).upper() not in UNITS_KM:
                raise Malformed(self._field, f"the unit must be one of {', '.join(UNITS_KM)}", unit.at)
            km = UNITS_KM[str(spelt).upper()]
        places = [self._number(argument) for argument in node.arguments[:4]]
        return lambda subject, occasion: great_circle_km(*[each(subject, occasion) for each in places]) / km

    def _sole(self, node: Call) -> Node:
        self._expect(node, 1)
        return node.arguments[0]

    def _expect(self, node: Call, *counts: int) -> None:
        if len(node.arguments) not in counts:
            wanted = " or ".join(map(str, counts))
            raise Malformed(self._field, f"{node.name.text} takes {wanted} arguments", node.at)


def _time(subject: Subject, _occasion: Occasion) -> tuple[float, bool]:
    return subject.time / SECOND_US, True


def _maybe_time(name: Name, read: Reader) -> Callable[[Subject, Occasion], tuple[float, bool]]:
    def value(subject: Subject, occasion: Occasion) -> tuple[float, bool]:
        found = read(subject, occasion)
        if isinstance(found, str):
            return seconds(found), True
        return numeric(name, found), False

    return value


def _joined(symbol: str, left: Scorer, right: Scorer) -> Scorer:
    if symbol == "&&":
        return lambda subject, occasion: bool(left(subject, occasion)) and bool(right(subject, occasion))
    if symbol == "||":
        return lambda subject, occasion: bool(left(subject, occasion)) or bool(right(subject, occasion))
    apply = _BINARY[symbol]
    return lambda subject, occasion: apply(left(subject, occasion), right(subject, occasion))


def _applied(apply: Callable[..., float], arguments: list[Scorer]) -> Scorer:
    if len(arguments) == 1:
        sole = arguments[0]
        return lambda subject, occasion: apply(sole(subject, occasion))
    first, second = arguments
    return lambda subject, occasion: apply(first(subject, occasion), second(subject, occasion))
