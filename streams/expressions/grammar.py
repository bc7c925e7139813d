"""From words to a tree, by the binding power of operators (a Pratt parser)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from streams.errors import Malformed
from streams.expressions.tokens import Token
from streams.expressions.tree import Binary, Call, Choice, Filter, Literal, Name, Node, Series, Unary

DEPTH_MAX: Final = 32
"""How deep parentheses, arguments and branches may be nested."""
NODES_MAX: Final = 200
"""How many values, names, operators and calls a setting may have; so its chains are no longer, either."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What sets one language apart: its operators by how tightly they bind, its constants, its forms.

    Of two binding powers, the first is towards the left operand; a smaller second one groups to the right.
    """

    binary: Mapping[str, tuple[int, int]]
    prefix: Mapping[str, int]
    constants: Mapping[str, bool | None]
    choices: bool = False
    filters: bool = False
    series: bool = False


@dataclass(slots=True)
class Budget:
    """How many nodes may still be read for one setting."""

    nodes: int = NODES_MAX


def parse(field: str, tokens: list[Token], grammar: Grammar, budget: Budget | None = None) -> Node:
    """Read all words as one expression; raise Malformed with the position of what does not fit."""
    parser = _Parser(field, tokens, grammar, budget or Budget())
    node = parser.expression()
    parser.expect("end", "")
    return node


class _Parser:
    def __init__(self, field: str, tokens: list[Token], grammar: Grammar, budget: Budget) -> None:
        self._field = field
        self._tokens = tokens
        self._grammar = grammar
        self._budget = budget
        self._index = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    def expression(self, power: int = 0) -> Node:
        """Read what binds more tightly than ``power``; a choice binds least of all."""
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise Malformed(self._field, f"is nested deeper than {DEPTH_MAX} levels", self._next.at)
        node = self._filtered(self._operand())
        while binding := self._binding(power):
            operator = self._take()
            node = Binary(operator.text, node, self.expression(binding), self._counted(operator.at))
        if power == 0 and self._grammar.choices and self._accepts("?"):
            node = self._choice(node)
        self._depth -= 1
        return node

    def expect(self, kind: str, text: str) -> None:
        """Take a word that has to come now."""
        token = self._next
        if (token.kind, token.text) != (kind, text):
            wanted = f"expected {text!r}" if text else "expected an operator"
            raise Malformed(self._field, f"{wanted}, found {_described(token)}", token.at)
        self._take()

    def _binding(self, power: int) -> int:
        token = self._next
        left, right = self._grammar.binary.get(token.text, (0, 0)) if _operates(token) else (0, 0)
        return right if left > power else 0

    def _choice(self, condition: Node) -> Node:
        yes = self.expression()
        self.expect("symbol", ":")
        return Choice(condition, yes, self.expression(), self._counted(condition.at))

    def _operand(self) -> Node:
        token = self._take()
        match token.kind:
            case "number":
                return Literal(float(token.text), self._counted(token.at))
            case "text":
                return Literal(token.text, self._counted(token.at))
            case _ if _operates(token) and token.text in self._grammar.prefix:
                operand = self.expression(self._grammar.prefix[token.text])
                return Unary(token.text, operand, self._counted(token.at))
            case "name" if token.text not in self._grammar.binary:
                return self._named(token)
            case "symbol" if token.text == "(":
                node = self.expression()
                self.expect("symbol", ")")
                return node
            case "symbol" if token.text == "[" and self._grammar.series:
                return Series(self._items("]"), self._counted(token.at))
        raise Malformed(self._field, f"expected a value, found {_described(token)}", token.at)

    def _named(self, token: Token) -> Node:
        name = Name(tuple(token.text.split(".")), self._counted(token.at))
        if self._accepts("("):
            return Call(name, self._items(")"), token.at)
        if token.text in self._grammar.constants:
            return Literal(self._grammar.constants[token.text], token.at)
        return name

    def _filtered(self, node: Node) -> Node:
        while self._grammar.filters and self._accepts("|"):
            token = self._take()
            if token.kind != "name":
                raise Malformed(self._field, f"expected a filter, found {_described(token)}", token.at)
            arguments = self._items(")") if self._accepts("(") else ()
            node = Filter(node, token.text, arguments, self._counted(token.at))
        return node

    def _items(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self._accepts(closing):
            if items:
                self.expect("symbol", ",")
            items.append(self.expression())
        return tuple(items)

    def _accepts(self, symbol: str) -> bool:
        """Take a symbol if it comes now."""
        found = (self._next.kind, self._next.text) == ("symbol", symbol)
        if found:
            self._take()
        return found

    def _take(self) -> Token:
        token = self._next
        self._index = min(self._index + 1, len(self._tokens) - 1)
        return token

    def _counted(self, at: int) -> int:
        self._budget.nodes -= 1
        if self._budget.nodes < 0:
            raise Malformed(self._field, f"has more than {NODES_MAX} parts", at)
        return at


def _operates(token: Token) -> bool:
    return token.kind in ("symbol", "name")


def _described(token: Token) -> str:
    return repr(token.text) if token.kind != "end" else "the end"
