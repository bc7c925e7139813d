"""From words to trees."""

import pytest

from streams.errors import Malformed
from streams.expressions import (
    DEPTH_MAX,
    NODES_MAX,
    Binary,
    Choice,
    Grammar,
    Literal,
    Name,
    Unary,
    find,
    parse,
    scan,
)

GRAMMAR = Grammar(
    binary={"+": (1, 1), "*": (2, 2), "^": (4, 3)}, prefix={"-": 3}, constants={"true": True}, choices=True
)


def read(source):
    return parse("score", scan("score", source), GRAMMAR)


def spelt(node):
    """A tree with all its parentheses."""
    match node:
        case Literal(value):
            return f"{value:g}"
        case Name():
            return node.text
        case Unary():
            return f"({node.operator}{spelt(node.operand)})"
        case Binary():
            return f"({spelt(node.left)}{node.operator}{spelt(node.right)})"
        case Choice():
            return f"({spelt(node.condition)}?{spelt(node.yes)}:{spelt(node.no)})"


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("1 + 2 * 3", "(1+(2*3))"),
        ("(1 + 2) * 3", "((1+2)*3)"),
        ("1 + 2 + 3", "((1+2)+3)"),
        ("2 ^ 3 ^ 2", "(2^(3^2))"),
        ("-2 ^ 2", "(-(2^2))"),
        ("2 ^ -3 * 4", "((2^(-3))*4)"),
        ("--a.b", "(-(-a.b))"),
        ("a ? b : c ? d : e", "(a?b:(c?d:e))"),
        ("a + 1 ? b : c + 1", "((a+1)?b:(c+1))"),
        ("true", "1"),
    ],
)
def test_what_binds_tighter(source, tree):
    """Feeds API §10.1: power groups to the right and before a minus; a choice binds least."""
    assert spelt(read(source)) == tree


@pytest.mark.parametrize(
    ("source", "position"),
    [("", 0), ("1 +", 3), ("1 2", 2), ("(1", 2), ("1)", 1), ("f(1,)", 4), ("f(1 2)", 4), ("a ? b", 5), ("* 1", 0),
     ("a | b", 2), ("[1]", 0), ("1 + + 2", 4), ("f(", 2)],
)  # fmt: skip
def test_what_does_not_fit(source, position):
    """What a language has not, and what is left open, is refused where it stands."""
    with pytest.raises(Malformed) as refused:
        read(source)
    assert refused.value.position == position


@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("-", ""), ("f(", ")"), ("1^", ""), ("a?", ":1"), ("a?b:", "")]
)
def test_depth_is_limited(opening, closing):
    """SEC-106: no text makes the parser recurse further than its limit."""
    read(opening * (DEPTH_MAX - 1) + "1" + closing * (DEPTH_MAX - 1))
    with pytest.raises(Malformed, match="nested deeper"):
        read(opening * 1_000)


def test_size_is_limited():
    """SEC-106: a chain may be long, yet not longer than can be followed; the last part too many is named."""
    read("+".join(["1"] * (NODES_MAX // 2)))
    with pytest.raises(Malformed, match="more than 200 parts") as refused:
        read("+".join(["1"] * 1_000))
    assert refused.value.position == NODES_MAX - 1


def test_paths_lead_through_objects_alone():
    """SEC-114: a name is a key of a JSON object, never an attribute."""
    assert find({"a": {"b": 1}}, ("a", "b")) == 1
    assert find({"a": [1]}, ("a", "0")) is None
    assert find({"a": "text"}, ("a", "__class__")) is None
    assert find({}, ("a", "b")) is None
