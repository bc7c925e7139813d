"""The arithmetic of pictures, and how they are asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.pictures import Plan, Shape, plan
from server.pictures.shape import CROPS, RESIZES, SIDE_MAX
from vocab import BadFields

SIDES = st.integers(1, SIDE_MAX)


def read(w: str = "", h: str = "", resize: str = "", crop: str = "") -> Shape:
    return Shape.read(w=w, h=h, resize=resize, crop=[part for part in crop.split(",") if part])


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (read("100", "100"), Plan((0, 0, 400, 200), (100, 50), (100, 50))),
        (read("100", "100", "fill"), Plan((0, 0, 400, 200), (100, 50), (100, 100), (0, 25))),
        (read("140", "30", "scale"), Plan((0, 0, 400, 200), (140, 30), (140, 30))),
        (read("100", "100", "crop"), Plan((100, 0, 300, 200), (100, 100), (100, 100))),
        (read("100", "100", "crop", "bottom,right"), Plan((200, 0, 400, 200), (100, 100), (100, 100))),
        (read("100", "10", "crop", "top"), Plan((0, 0, 400, 40), (100, 10), (100, 10))),
        (read("100", "10", "crop", "bottom"), Plan((0, 160, 400, 200), (100, 10), (100, 10))),
        (read("100", "*"), Plan((0, 0, 400, 200), (100, 50), (100, 50))),
        (read("", "100", "crop"), Plan((0, 0, 400, 200), (200, 100), (200, 100))),
        (read("800", "800"), Plan((0, 0, 400, 200), (800, 400), (800, 400))),
    ],
)
def test_each_way_to_resize(shape: Shape, expected: Plan) -> None:
    """Feeds §7.5."""
    assert plan((400, 200), shape) == expected


@pytest.mark.parametrize(
    "bad",
    [
        {"w": "-1"}, {"h": "-1"}, {"w": "0"}, {"w": "1.5"}, {"h": "x"}, {"w": str(SIDE_MAX + 1)}, {"w": "9" * 5_000},
        {"w": "\u0661"}, {"resize": "impossible"}, {"crop": "impossible"}, {"crop": "top,bottom"},
        {"crop": "left,right"},
    ],
)  # fmt: skip
def test_bad_values_are_named(bad: dict[str, str]) -> None:
    """Feeds §7.5: 400 for each."""
    with pytest.raises(BadFields) as refused:
        read(**{"w": "5", "h": "5"} | bad)
    assert isinstance(refused.value.fields, dict)
    assert list(refused.value.fields) == list(bad)


def test_what_means_the_same_is_spelt_the_same() -> None:
    assert str(read("50", "*", crop="top")) == str(read("50", "", "clip", "center"))
    assert str(read("5", "5", "crop", "top,left")) == str(read("5", "5", "crop", "left,top"))
    assert str(read("5", "5", "crop", "top")) != str(read("5", "5", "crop"))
    assert not read("*", "*", "crop", "top").changes


@given(SIDES, SIDES, st.none() | SIDES, st.none() | SIDES, st.sampled_from(RESIZES), st.sampled_from(CROPS))
def test_nothing_grows_beyond_its_limit(
    width: int, height: int, w: int | None, h: int | None, resize: str, crop: str
) -> None:
    """SEC-071: no side of what is made, and no part of the source that is not there."""
    shape = read(str(w or "*"), str(h or "*"), resize, crop)
    try:
        made = plan((width, height), shape)
    except BadFields:
        assert not (w and h)
        return
    left, top, right, bottom = made.box
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert all(1 <= part <= whole <= SIDE_MAX for part, whole in zip(made.size, made.canvas, strict=True))
    assert all(
        0 <= at <= whole - part for at, part, whole in zip(made.at, made.size, made.canvas, strict=True)
    )
    if w and h and resize != "clip":
        assert made.canvas == (w, h)
