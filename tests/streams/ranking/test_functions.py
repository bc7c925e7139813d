"""The functions of formulas."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.ranking import Method, Occasion, Subject
from streams.ranking.functions import rounded


def scores(source, count=1, seed=7):
    method, occasion = Method({"score": source}), Occasion(0, Random(seed))
    return [method.score(Subject(0), occasion) for _ in range(count)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ln(10)", math.log(10)), ("log(1000)", 3), ("sin(1)", math.sin(1)), ("cos(1)", math.cos(1)),
        ("tan(1)", math.tan(1)), ("abs(-2)", 2), ("min(1, 2)", 1), ("max(1, 2)", 2), ("trunc(2.9)", 2),
        ("trunc(-2.9)", -2), ("round(2.4)", 2), ("round(2.5)", 3), ("round(3.5)", 4), ("round(-2.5)", -3),
        ("dist(0, 0, 0, 0)", 0),
    ],
)  # fmt: skip
def test_functions_of_numbers(source, expected):
    """Feeds API §10.1: ``log`` is of base 10; halves are rounded away from zero."""
    assert scores(source) == [pytest.approx(expected)]


@given(st.floats(-1e9, 1e9))
def test_rounded_is_nearest(x):
    """Feeds API §10.1: ``round`` gives an integer no further away than a half."""
    assert rounded(x) == int(rounded(x))
    assert abs(rounded(x) - x) <= 0.5


@pytest.mark.parametrize(
    ("unit", "expected"), [("", 343.5), (", 'K'", 343.5), (", M", 213.5), (", 'n'", 185.5)]
)
def test_distances(unit, expected):
    """Feeds API §10.1: from London to Paris along the surface, in kilometres, miles and nautical miles."""
    assert scores(f"dist(51.5074, -0.1278, 48.8566, 2.3522{unit})") == [pytest.approx(expected, abs=0.5)]


def test_opposite_places_are_half_the_way_round():
    assert scores("dist(0, 0, 0, 180)") == [pytest.approx(math.pi * 6371.0088)]


@pytest.mark.parametrize(
    ("source", "low", "high"), [("rand()", 0, 1), ("rand(5, 6)", 5, 6), ("rand_normal(-1, 1, 10, 0)", -1, 1)]
)
def test_chance_stays_within_its_limits(source, low, high):
    """Feeds API §10.1: uniform numbers, and normal ones that are clipped."""
    found = scores(source, 500)
    assert all(low <= each <= high for each in found)
    assert max(found) - min(found) > 0.9 * (high - low)


def test_normal_numbers_have_their_mean_and_deviation():
    """Feeds API §10.1: µ 0 and σ 1 by default; a, b, σ, µ in this order."""
    for source, mean, deviation in (("rand_normal()", 0, 1), ("rand_normal(-100, 100, 2, 10)", 10, 2)):
        found = scores(source, 4_000)
        middle = sum(found) / len(found)
        assert middle == pytest.approx(mean, abs=0.2)
        assert math.sqrt(sum((each - middle) ** 2 for each in found) / len(found)) == pytest.approx(
            deviation, rel=0.1
        )


def test_the_same_chance_gives_the_same_scores():
    """Pages of one session must agree: chance is what was handed in."""
    assert scores("rand() + rand_normal()", 5, seed=3) == scores("rand() + rand_normal()", 5, seed=3)
    assert scores("rand()", 5, seed=3) != scores("rand()", 5, seed=4)
