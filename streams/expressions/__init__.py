"""Expressions in settings: how a feed is ranked and grouped (Feeds API §8.4, §10.1).

One scanner, one tree and one parser for both languages; what sets them apart is a table of operators. There are
no loops, no assignments and no attributes of Python's objects, and the size and depth of what is read are
limited: an evaluation takes at most one step for each node of its tree (SEC-106, SEC-114).
"""

from streams.expressions.grammar import DEPTH_MAX, NODES_MAX, Budget, Grammar, parse
from streams.expressions.tokens import TEXT_CHARS_MAX, Token, check, scan
from streams.expressions.tree import Binary, Call, Choice, Filter, Literal, Name, Node, Series, Unary, find

__all__ = [
    "DEPTH_MAX",
    "NODES_MAX",
    "TEXT_CHARS_MAX",
    "Binary",
    "Budget",
    "Call",
    "Choice",
    "Filter",
    "Grammar",
    "Literal",
    "Name",
    "Node",
    "Series",
    "Token",
    "Unary",
    "check",
    "find",
    "parse",
    "scan",
]
