"""No code behaves in one way for one software and in another for the next."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
SOFTWARE = frozenset(
    {"akkoma", "bookwyrm", "bridgy", "discourse", "diaspora", "firefish", "friendica", "funkwhale", "ghost"}
    | {
        "gotosocial",
        "hollo",
        "hubzilla",
        "lemmy",
        "mastodon",
        "mbin",
        "misskey",
        "mitra",
        "mobilizon",
        "nodebb",
    }
    | {"owncast", "peertube", "piefed", "pixelfed", "pleroma", "sharkey", "takahe", "threads", "wordpress"}
)


def _compared(tree: ast.AST) -> Iterator[str]:
    """Yield every text a module compares something with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for part in (node.left, *node.comparators):
                yield from (
                    one.value.lower()
                    for one in ast.walk(part)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


@pytest.mark.parametrize("package", ["vocab", "storage", "streams", "federation", "server"])
def test_nothing_is_compared_with_the_name_of_a_software(package: str) -> None:
    """AP-139: what another server says it is named changes nothing about how it is treated."""
    for path in (TOP / package).rglob("*.py"):
        assert SOFTWARE.isdisjoint(_compared(ast.parse(path.read_text()))), path
