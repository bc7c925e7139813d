"""An expression inside a format, from its tree to one closure (Feeds API §8.4)."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from streams.aggregation import strftime
from streams.aggregation.placement import FIELD, Placement, reader
from streams.aggregation.values import COMPARISONS, negative, whole, written
from streams.errors import Malformed
from streams.expressions import Binary, Call, Choice, Filter, Grammar, Literal, Name, Node, Series, Unary
from streams.instants import moment

Evaluate: TypeAlias = Callable[[Placement], Any]

GRAMMAR: Final = Grammar(
    binary={"or": (1, 1), "and": (2, 2)} | dict.fromkeys(COMPARISONS, (4, 4)),
    prefix={"not": 3, "-": 5},
    constants={"true": True, "false": False, "none": None, "True": True, "False": False, "None": None},
    filters=True,
    series=True,
)

_FILTERS: Final[Mapping[str, tuple[int, Callable[..., Any]]]] = {
    "default": (1, lambda value, other: other if value == "" else value),
    "int": (0, whole),
    "lower": (0, lambda value: written(value).lower()),
    "truncate": (1, lambda value, chars: written(value)[: max(0, whole(chars))]),
    "upper": (0, lambda value: written(value).upper()),
}
"""Filters with how many arguments they take."""


def compiled(node: Node) -> Evaluate:
    """Return what evaluates an expression; raise Malformed at what this language has not."""
    match node:
        case Literal():
            constant = _constant(node.value)
            return lambda _placement: constant
        case Name():
            return reader(node)
        case Unary("not", operand):
            asked = compiled(operand)
            return lambda placement: not asked(placement)
        case Unary(_, operand):
            number = compiled(operand)
            return lambda placement: negative(number(placement))
        case Binary():
            return _joined(node.operator, compiled(node.left), compiled(node.right))
        case Series():
            items = [compiled(item) for item in node.items]
            return lambda placement: [item(placement) for item in items]
        case Filter():
            return _filtered(node)
        case Call() | Choice():
            return _written_time(node)


def _constant(value: float | str | bool | None) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return "" if value is None else value


def _joined(symbol: str, left: Evaluate, right: Evaluate) -> Evaluate:
    if symbol == "and":
        return lambda placement: left(placement) and right(placement)
    if symbol == "or":
        return lambda placement: left(placement) or right(placement)
    compare = COMPARISONS[symbol]
    return lambda placement: compare(left(placement), right(placement))


def _filtered(node: Filter) -> Evaluate:
    if node.name not in _FILTERS:
        raise Malformed(FIELD, f"there is no filter {node.name!r}", node.at)
    count, apply = _FILTERS[node.name]
    if len(node.arguments) != count:
        raise Malformed(FIELD, f"{node.name} takes {count} arguments", node.at)
    operand, arguments = compiled(node.operand), [compiled(argument) for argument in node.arguments]
    return lambda placement: apply(operand(placement), *[each(placement) for each in arguments])


def _written_time(node: Call | Choice) -> Evaluate:
    """Return the one call there is: ``time.strftime``, with a pattern that is spelt out."""
    match node:
        case Call(Name(("time", "strftime")), (Literal(str(pattern), at),)):
            write = strftime.compiled(FIELD, pattern, at + 1)
            return lambda placement: write(moment(placement.time))
    raise Malformed(FIELD, "only time.strftime can be called, with one text that is spelt out", node.at)
