"""The arithmetic of a picture: which part of it becomes how large, and where on what canvas."""

from typing import NamedTuple

from server.pictures.shape import SIDE_MAX, Shape
from vocab import BadFields

Size = tuple[int, int]


class Plan(NamedTuple):
    """``box`` (left, top, right, bottom) of the source becomes ``size`` and is put ``at`` a place on the ``canvas``."""

    box: tuple[float, float, float, float]
    size: Size
    canvas: Size
    at: tuple[int, int] = (0, 0)


def plan(source: Size, shape: Shape) -> Plan:
    """Return how a picture of a size gets its shape. A side that may be any follows from the other one.

    Raises BadFields when it follows that it is larger than pictures are made.
    """
    width, height = source
    wanted = _wanted(source, shape)
    if max(wanted) > SIDE_MAX:
        raise BadFields({"w" if shape.width else "h": [f"makes the other side longer than {SIDE_MAX}"]})
    whole = (0.0, 0.0, float(width), float(height))
    if shape.width is None or shape.height is None or shape.resize == "scale":
        return Plan(whole, wanted, wanted)
    if shape.resize == "crop":
        return Plan(_cut(source, wanted, shape), wanted, wanted)
    factor = min(wanted[0] / width, wanted[1] / height)
    size = _rounded(width * factor, height * factor)
    if shape.resize == "clip":
        return Plan(whole, size, size)
    return Plan(whole, size, wanted, ((wanted[0] - size[0]) // 2, (wanted[1] - size[1]) // 2))


def _wanted(source: Size, shape: Shape) -> Size:
    width, height = source
    if shape.width is None and shape.height is None:
        return source
    if shape.width is None:
        return _rounded(width * (shape.height or height) / height, shape.height or height)
    return _rounded(shape.width, shape.height or height * shape.width / width)


def _cut(source: Size, wanted: Size, shape: Shape) -> tuple[float, float, float, float]:
    """Return the largest part of the source that has the proportions wanted."""
    width, height = source
    factor = min(width / wanted[0], height / wanted[1])
    across, down = wanted[0] * factor, wanted[1] * factor
    left, top = (width - across) * shape.across, (height - down) * shape.down
    return (max(left, 0.0), max(top, 0.0), min(left + across, width), min(top + down, height))


def _rounded(width: float, height: float) -> Size:
    return (max(round(width), 1), max(round(height), 1))
