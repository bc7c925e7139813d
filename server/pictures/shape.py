"""How a picture is wanted: ``w``, ``h``, ``resize`` and ``crop`` of a query (Feeds §7.5)."""

from dataclasses import dataclass
from typing import Final

from vocab import BadFields

SIDE_MAX: Final = 4_096
"""Pixels that a side of what is made may have."""
DIGITS_MAX: Final = 5
ANY: Final = "*"

RESIZES: Final = ("clip", "crop", "scale", "fill")
CROPS: Final = ("top", "bottom", "left", "right", "center")


@dataclass(frozen=True, slots=True)
class Shape:
    """The sides wanted in pixels, None where any will do, how to get there, and which part of the picture counts.

    ``across`` and ``down`` say from where on what is too much is cut: 0 keeps left or top, 1 right or bottom.
    """

    width: int | None
    height: int | None
    resize: str = "clip"
    across: float = 0.5
    down: float = 0.5

    @classmethod
    def read(cls, *, w: str, h: str, resize: str, crop: list[str]) -> "Shape":
        """Read what a query says; empty texts are what it does not say. Raises BadFields naming each mistake."""
        problems: dict[str, list[str]] = {}
        width, height = (_side(name, text, problems) for name, text in (("w", w), ("h", h)))
        if resize and resize not in RESIZES:
            problems["resize"] = [f"must be one of {', '.join(RESIZES)}"]
        if not set(crop) <= set(CROPS) or {"top", "bottom"} <= set(crop) or {"left", "right"} <= set(crop):
            problems["crop"] = [f"must be one of {', '.join(CROPS)}, or two that go together"]
        if problems:
            raise BadFields(problems)
        across, down = _kept(crop, "left", "right"), _kept(crop, "top", "bottom")
        return cls(width, height, resize or RESIZES[0], across, down)

    @property
    def changes(self) -> bool:
        """Whether the picture would be another than it is."""
        return self.width is not None or self.height is not None

    def __str__(self) -> str:
        """Spell it in one way for all that mean the same."""
        kept = f" {self.across:g} {self.down:g}" if self.resize == "crop" else ""
        return f"{self.width or ANY}x{self.height or ANY} {self.resize}{kept}"


def _side(name: str, text: str, problems: dict[str, list[str]]) -> int | None:
    if text in ("", ANY):
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX and 0 < int(text) <= SIDE_MAX):
        problems[name] = [f"must be a whole number from 1 to {SIDE_MAX}, or {ANY}"]
        return None
    return int(text)


def _kept(crop: list[str], first: str, last: str) -> float:
    return 0.0 if first in crop else 1.0 if last in crop else 0.5
