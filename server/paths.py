"""Handlers by path, compared segment by segment as they were sent.

A slash that came encoded belongs to its segment, one at the end means nothing, and a path with hundreds of
neighbours is found as fast as one with none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote_to_bytes

from server.errors import ProblemError

Handler = TypeVar("Handler")

REST = ":path}"
"""How a last parameter ends that takes all segments which are left, with the slashes between them."""


@dataclass(slots=True)
class _Node(Generic[Handler]):
    """What may follow after some segments: one that is spelt out, any one, or any number; or nothing."""

    spelt: "dict[str, _Node[Handler]]" = field(default_factory=dict)
    any: "_Node[Handler] | None" = None
    rest: "_Node[Handler] | None" = None
    handlers: dict[str, tuple[Handler, tuple[str, ...]]] = field(default_factory=dict)


class Paths(Generic[Handler]):
    """A tree of templates such as ``/user/{id}``; what is spelt out wins over a parameter, method by method."""

    def __init__(self) -> None:
        self._root: _Node[Handler] = _Node()

    def add(self, template: str, handlers: Mapping[str, Handler]) -> None:
        """Let handlers answer what fits a template, by method; that for GET answers HEAD too."""
        node, names = self._root, list[str]()
        for segment in template.strip("/").split("/"):
            if not segment.startswith("{"):
                node = node.spelt.setdefault(segment, _Node())
                continue
            names.append(segment.removesuffix(REST).strip("{}"))
            if segment.endswith(REST):
                node.rest = node = node.rest or _Node()
            else:
                node.any = node = node.any or _Node()
        for method, handler in handlers.items():
            node.handlers[method] = handler, tuple(names)
            if method == "GET":
                node.handlers["HEAD"] = handler, tuple(names)

    def find(self, path: bytes, method: str) -> tuple[Handler, dict[str, str]]:
        """Return what answers a path as it was sent, and its parameters. Raises a 404 or 405."""
        segments = _segments(path)
        allowed: set[str] = set()
        found = _find(self._root, segments, 0, [], method, allowed)
        if found is not None:
            (handler, names), values = found
            return handler, dict(zip(names, values, strict=True))
        if allowed:
            raise ProblemError(405, headers={"Allow": ", ".join(sorted({*allowed, "OPTIONS"}))})
        raise ProblemError(404)


def _find(
    node: _Node[Handler], segments: list[str], at: int, values: list[str], method: str, allowed: set[str]
) -> tuple[tuple[Handler, tuple[str, ...]], list[str]] | None:
    """Look below a node for what fits the segments from ``at`` on; collect the methods that would have."""
    if at == len(segments):
        found = node.handlers.get(method)
        if found is None:
            allowed.update(node.handlers)
            return None
        return found, values
    segment = segments[at]
    answer = None
    if segment in node.spelt:
        answer = _find(node.spelt[segment], segments, at + 1, values, method, allowed)
    if answer is None and node.any and segment:
        answer = _find(node.any, segments, at + 1, [*values, segment], method, allowed)
    if answer is None and node.rest:
        rest = [*values, "/".join(segments[at:])]
        answer = _find(node.rest, segments, len(segments), rest, method, allowed)
    return answer


def _segments(path: bytes) -> list[str]:
    """Take a path apart and decode what is between its slashes; a 404 for what is no text."""
    path = path.removeprefix(b"/").removesuffix(b"/")
    try:
        if b"%" not in path:
            return path.decode().split("/")
        return [unquote_to_bytes(segment).decode() for segment in path.split(b"/")]
    except UnicodeDecodeError:
        raise ProblemError(404) from None
