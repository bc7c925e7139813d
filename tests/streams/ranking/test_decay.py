"""Decay functions."""

import math
from random import Random

import pytest
from attempt import attempt
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import Malformed
from streams.ranking import Method, Occasion, Subject
from streams.ranking.decay import CURVES, define

NOW = 1_767_225_600_000_000
DAY_SECONDS = 86_400


def by_formula(base, x, scale, decay):
    """The curves as Feeds API §10.2 writes them."""
    match base:
        case "decay_linear":
            s = scale / (1 - decay)
            return max(0, (s - x) / s)
        case "decay_exp":
            return math.exp(x * math.log(decay) / scale)
        case "decay_gauss":
            return math.exp(-(x * x) / (2 * -(scale * scale) / (2 * math.log(decay))))


@given(
    st.sampled_from(sorted(CURVES)),
    st.floats(-1e6, 1e6),
    st.floats(0.01, 1e5),
    st.floats(0, 1e4),
    st.floats(0.01, 0.99),
)
def test_curves(base, value, scale, offset, decay):
    """Feeds API §10.2: 1 within the offset, ``decay`` at the scale beyond it, and the shapes in between."""
    function = define("f", {"base": base, "scale": scale, "offset": offset, "decay": decay})
    expected = by_formula(base, max(0, abs(value) - offset), scale, decay)
    assert function.at(value, is_time=False, now=0) == pytest.approx(expected, abs=1e-9)
    assert function.at(offset + scale, is_time=False, now=0) == pytest.approx(decay)


@pytest.mark.parametrize(
    ("direction", "before", "after"), [("left", 0.5, 1), ("right", 1, 0.5), ("both", 0.5, 0.5)]
)
@pytest.mark.parametrize("base", sorted(CURVES))
def test_directions(base, direction, before, after):
    """Feeds API §10.2: the side that does not decay scores 1."""
    function = define("f", {"base": base, "origin": 100, "scale": 10, "direction": direction})
    assert function.at(90, is_time=False, now=0) == pytest.approx(before)
    assert function.at(110, is_time=False, now=0) == pytest.approx(after)
    assert function.at(100, is_time=False, now=0) == 1


def test_origins():
    """Feeds API §10.2: the present for times and 0 for numbers, unless it is said."""
    now = 10.0 * DAY_SECONDS
    standard = define("f", {"base": "decay_linear"})
    assert standard.at(now, is_time=True, now=now) == 1
    assert standard.at(now, is_time=False, now=now) == 0
    assert define("f", {"base": "decay_linear", "origin": "now"}).at(now, is_time=False, now=now) == 1
    said = define("f", {"base": "decay_linear", "origin": "1970-01-06T00:00:00Z"})
    assert said.at(now, is_time=True, now=now) == pytest.approx(0.5)
    assert define("f", {"base": "decay_linear", "origin": "-3.5"}).origin == -3.5


@pytest.mark.parametrize(
    ("spelt", "seconds"),
    [
        ("90s", 90),
        ("2m", 120),
        ("1.5h", 5400),
        ("5d", 432_000),
        ("1 w", 604_800),
        ("10", 10),
        (10, 10),
        (".5", 0.5),
    ],
)
def test_durations(spelt, seconds):
    """Feeds API §10.2: a number with its unit, or a plain number, also in quotes."""
    assert define("f", {"base": "decay_exp", "scale": spelt}).scale == seconds


def test_the_example_of_the_specification():
    """Feeds API §10.2: a named decay, found in either case, times another value."""
    method = Method(
        {
            "functions": {
                "fresh": {
                    "base": "decay_gauss", "scale": "5d", "offset": "1d", "decay": "0.3", "direction": "both",
                    "origin": "now",
                }
            },
            "score": "Fresh(time) * popularity",
            "defaults": {"popularity": 1},
        }
    )  # fmt: skip
    for age_days, expected in ((0, 1), (1, 1), (6, 0.3), (11, 0.3**4)):
        subject = Subject(NOW - age_days * DAY_SECONDS * 1_000_000)
        assert method.score(subject, Occasion(NOW, Random(1))) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("definition", "field"),
    [
        ({}, "f.base"), ({"base": "decay_cubic"}, "f.base"), ({"base": 1}, "f.base"), ("decay_exp", "f"),
        ({"base": "decay_exp", "sclae": "5d"}, "f.sclae"), ({"base": "decay_exp", "scale": 0}, "f.scale"),
        ({"base": "decay_exp", "scale": "-5d"}, "f.scale"), ({"base": "decay_exp", "scale": "5y"}, "f.scale"),
        ({"base": "decay_exp", "scale": "inf"}, "f.scale"), ({"base": "decay_exp", "scale": "9" * 400}, "f.scale"),
        ({"base": "decay_exp", "scale": None}, "f.scale"), ({"base": "decay_exp", "offset": -1}, "f.offset"),
        ({"base": "decay_exp", "decay": 1}, "f.decay"), ({"base": "decay_exp", "decay": "0"}, "f.decay"),
        ({"base": "decay_exp", "decay": True}, "f.decay"), ({"base": "decay_exp", "origin": "soon"}, "f.origin"),
        ({"base": "decay_exp", "origin": [1]}, "f.origin"), ({"base": "decay_exp", "direction": "up"}, "f.direction"),
    ],
)  # fmt: skip
def test_definitions_that_make_no_sense(definition, field):
    """Feeds API §10.2: what is wrong is named when it is configured."""
    with pytest.raises(Malformed) as refused:
        define("f", definition)
    assert refused.value.field == field


@given(st.dictionaries(
    st.sampled_from(["base", "origin", "scale", "offset", "decay", "direction", "other"]),
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just([]), st.just({}),
              st.sampled_from(["decay_exp", "decay_linear", "decay_gauss", "5d", "now", "left", "0.5"])),
), st.floats(-1e300, 1e300))  # fmt: skip
def test_any_definition_is_refused_or_scores_between_0_and_1(definition, value):
    """SEC-106: no definition and no value leads to another error, or out of bounds."""
    function = attempt(lambda: define("functions.f", definition), Malformed)
    if isinstance(function, Malformed):
        assert function.field.startswith("functions.f")
    else:
        assert 0 <= function.at(value, is_time=False, now=1e9) <= 1
