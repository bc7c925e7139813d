"""A pattern that reads a text."""

from typing import Final

from storage.patterns.parts import BadPattern, Chain, Chars, Choice, Part, Ranges, Repeat

PLACES_MAX: Final = 512
"""So many places a pattern may have, with what is to be repeated written out; a character takes two."""
STEPS_KEPT: Final = 4_096


class Machine:
    """A pattern as places to go on from. It is in all that are possible at once, so no character is read twice."""

    def __init__(self, part: Part) -> None:
        self._chars: list[Ranges | None] = []
        self._ways: list[list[int]] = []
        start = self._place()
        end = self._after(start, part)
        self._end = end
        self._start = self._reached({start})
        self._steps: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    def accepts(self, text: str) -> bool:
        """Tell whether the end is reached with the last character."""
        places = self._start
        for char in text:
            step = (places, char)
            following = self._steps.get(step)
            if following is None:
                following = self._step(places, ord(char))
                if len(self._steps) >= STEPS_KEPT:
                    self._steps = {}
                self._steps[step] = following
            if not following:
                return False
            places = following
        return self._end in places

    def _step(self, places: frozenset[int], code: int) -> frozenset[int]:
        return self._reached({place + 1 for place in places if _has(self._chars[place], code)})

    def _reached(self, places: set[int]) -> frozenset[int]:
        waiting = list(places)
        while waiting:
            for way in self._ways[waiting.pop()]:
                if way not in places:
                    places.add(way)
                    waiting.append(way)
        return frozenset(places)

    def _place(self) -> int:
        if len(self._ways) >= PLACES_MAX:
            raise BadPattern("is too large when its repetitions are written out", 0)
        self._ways.append([])
        self._chars.append(None)
        return len(self._ways) - 1

    def _after(self, start: int, part: Part) -> int:
        """Lay the places of a part after one, and return where it ends."""
        match part:
            case Chars(ranges):
                here = self._place()
                self._ways[start].append(here)
                self._chars[here] = ranges
                return self._place()  # the one that follows, reached by reading
            case Chain(parts):
                for one in parts:
                    start = self._after(start, one)
                return start
            case Choice(parts):
                ends = [self._after(start, one) for one in parts]
                return self._joined(ends)
            case Repeat(one, least, most):
                for _ in range(least):
                    start = self._after(start, one)
                return self._loop(start, one) if most is None else self._up_to(start, one, most - least)

    def _loop(self, start: int, part: Part) -> int:
        here = self._joined([start])
        self._ways[self._after(here, part)].append(here)
        return self._joined([here])

    def _up_to(self, start: int, part: Part, times: int) -> int:
        ends = [start]
        for _ in range(times):
            ends.append(self._after(ends[-1], part))
        return self._joined(ends)

    def _joined(self, ends: list[int]) -> int:
        here = self._place()
        for end in ends:
            self._ways[end].append(here)
        return here


def _has(ranges: Ranges | None, code: int) -> bool:
    return ranges is not None and any(low <= code <= high for low, high in ranges)
