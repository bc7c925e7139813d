"""A pattern that reads a text."""

from typing import Final

from storage.patterns.parts import BadPattern, Chain, Chars, Choice, Part, Ranges, Repeat

PLACES_MAX: Final = 512
"""So many places a pattern may have, with what is to be repeated written out; a character takes two."""
STEPS_KEPT: Final = 4_096


class _State:
    """All places that a pattern may have reached, and where each character leads from there."""

    __slots__ = ("ends", "places", "steps")

    def __init__(self, places: frozenset[int], ends: bool) -> None:
        self.places = places
        self.ends = ends
        self.steps: dict[str, _State | None] = {}


class Machine:
    """A pattern as places to go on from. It is in all that are possible at once, so no character is read twice."""

    def __init__(self, part: Part) -> None:
        self._chars: list[Ranges | None] = []
        self._ways: list[list[int]] = []
        start = self._place()
        self._end = self._after(start, part)
        self._states: dict[frozenset[int], _State] = {}
        self._kept = 0
        self._start = self._state(self._reached({start}))

    def accepts(self, text: str) -> bool:
        """Tell whether the end is reached with the last character."""
        state: _State | None = self._start
        for char in text:
            try:
                state = state.steps[char]  # type: ignore[union-attr]
            except KeyError:
                state = self._step(state, char)  # type: ignore[arg-type]
            if state is None:
                return False
        return state.ends  # type: ignore[union-attr]

    def _step(self, state: _State, char: str) -> _State | None:
        """Find out where a character leads, and remember it."""
        if self._kept >= STEPS_KEPT:
            self._states.clear()
            self._start.steps = {}
            self._kept = 0
        self._kept += 1
        code = ord(char)
        places = self._reached({place + 1 for place in state.places if _has(self._chars[place], code)})
        following = self._state(places) if places else None
        state.steps[char] = following
        return following

    def _state(self, places: frozenset[int]) -> _State:
        return self._states.setdefault(places, _State(places, self._end in places))

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
