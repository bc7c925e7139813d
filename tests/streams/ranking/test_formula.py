"""Formulas."""

import math
from random import Random

import pytest
from attempt import attempt
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import Malformed, Unrankable
from streams.ranking import Method, Occasion, Subject

NOW = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z
DAY = 86_400_000_000


def score(source, subject=None, external=None, **config):
    occasion = Occasion(NOW, Random(1), external or {})
    return Method({"score": source, **config}).score(subject or Subject(NOW), occasion)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3", 7), ("-2 ^ 2", -4), ("2 ^ 3 ^ 2", 512), ("2 ^ -1", 0.5), ("7 / 2", 3.5), ("1 - 1 - 1", -1),
        ("+3", 3), ("3 > 2", 1), ("3 < 2", 0), ("2 <= 2", 1), ("2 >= 3", 0), ("2 == 2", 1), ("2 != 2", 0),
        ("1 && 0", 0), ("2 && 3", 1), ("0 || 5", 1), ("0 || 0", 0), ("!0", 1), ("!5", 0), ("true + true", 2),
        ("1 ? 2 : 3", 2), ("0 ? 2 : 3", 3), ("(3 > 2) * 10", 10), ("0 ? 1 / 0 : 3", 3), ("0 && 1 / 0", 0),
        ("1 || 1 / 0", 1), ("1 + 1 == 2 && 3 > 2 ? 4 : 5", 4), ("LN(1)", 0), ("Max(1, Min(2, 3))", 2),
    ],
)  # fmt: skip
def test_arithmetic_and_logic(source, expected):
    """Feeds API §10.1: truth is 1 or 0; what is not asked for is not computed; functions in either case."""
    found = score(source)
    assert found == expected
    assert isinstance(found, float)


NUMBERS = st.sampled_from(["0.0", "1.0", "2.0", "3.5", "10.0", ".5", "1e3"])
ARITHMETIC = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/^"), inner).map(" ".join),
        inner.map("({})".format),
        inner.map("-{}".format),
    ),
    max_leaves=10,
)


def by_python(source):
    """What Python makes of a formula, or None where it has no finite value."""
    try:
        value = eval(source.replace("^", "**"))  # the oracle: numbers and operators alone
    except ArithmeticError:
        return None
    return value if isinstance(value, float) and math.isfinite(value) else None


@given(ARITHMETIC)
def test_arithmetic_is_what_an_oracle_says(source):
    """Feeds API §10.1: precedence and values agree with another reader; where one fails, the other does."""
    expected = by_python(source)
    found = attempt(lambda: score(source), Malformed, Unrankable)
    if isinstance(found, Malformed):
        assert "nested deeper" in found.reason
    elif expected is None:
        assert isinstance(found, Unrankable)
    else:
        assert found == expected


WORDS = st.sampled_from(
    ["time", "a", "a.b", "external.x", "reaction_counts.like", "1", "0.5", "'M'", "'2026-01-01'", "+", "-", "*", "/",
     "^", "(", ")", ",", "?", ":", "<", "==", "&&", "||", "!", "ln(", "max(", "dist(", "rand()", "rand_normal()",
     "decay_gauss(", "to_unix_timestamp(", "trunc(", "|", "[", "not in", "$", " "]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=15).map("".join))
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just(10**400),
    st.just("2026-01-01T00:00:00.000000"), st.lists(st.integers(), max_size=1), st.just({"b": 1}),
)  # fmt: skip


@given(TEXTS, VALUES, VALUES)
def test_any_text_is_refused_or_scores(source, value, other):
    """SEC-106: Malformed with a place in the text, else a finite number or Unrankable; never anything else."""
    found = attempt(lambda: score(source, Subject(NOW, {"a": value}), {"x": other}), Malformed, Unrankable)
    if isinstance(found, Malformed):
        assert found.field == "score"
        assert 0 <= found.position <= len(source)
    else:
        assert isinstance(found, Unrankable) or math.isfinite(found)


CALLS = st.recursive(
    st.sampled_from(["a", "external.x", "time", "2", "-1", "0.5", "rand()", "rand_normal()"]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["ln", "log", "sin", "cos", "tan", "abs", "trunc", "round", "decay_linear",
                                   "decay_exp", "decay_gauss", "to_unix_timestamp", "!", "-"]), inner)
        .map("{0[0]}({0[1]})".format),
        st.tuples(st.sampled_from(["min", "max", "rand"]), inner, inner).map("{0[0]}({0[1]}, {0[2]})".format),
        st.tuples(inner, inner, inner, inner).map("dist({0[0]}, {0[1]}, {0[2]}, {0[3]})".format),
        st.tuples(inner, inner, inner, inner).map("rand_normal({0[0]}, {0[1]}, {0[2]}, {0[3]})".format),
        st.tuples(inner, inner, inner).map("({0[0]} ? {0[1]} : {0[2]})".format),
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "^", "<", "==", "&&", "||"]), inner)
        .map("({0[0]} {0[1]} {0[2]})".format),
    ),
    max_leaves=8,
)  # fmt: skip


@given(CALLS, VALUES, VALUES)
def test_evaluation_is_total(source, value, other):
    """SEC-106: whatever an activity holds, a formula gives a finite number or says that it gives none."""
    found = attempt(lambda: score(source, Subject(NOW, {"a": value}), {"x": other}), Unrankable)
    assert isinstance(found, Unrankable) or math.isfinite(found)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("1 / 0", "division by zero"), ("ln(0)", "no value"), ("log(-1)", "no value"), ("(-8) ^ 0.5", "no value"),
        ("10 ^ 400", "no value"), ("1e308 * 10", "not a finite"), ("1e308 * 10 - 1e308 * 10", "not a finite"),
        ("popularity", "popularity is missing"), ("external.w", "external.w is missing"),
        ("nested.deep.er", "nested.deep.er is missing"), ("text", "text is not a number"),
        ("list", "list is not a number"), ("text * 1", "text is not a number"), ("decay_exp(text)", "not a time"),
        ("rand_normal(2, 1, 1, 0)", "rand_normal"),
    ],
)  # fmt: skip
def test_what_has_no_score(source, reason):
    """Feeds API §10: code 11 for division by zero, no finite number, and values that are missing or no numbers."""
    with pytest.raises(Unrankable, match=reason):
        score(source, Subject(NOW, {"text": "abc", "list": [1], "nested": {"deep": 1}}))


@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("1 + nosuch(2)", 4), ("ln()", 0), ("ln(1, 2)", 0), ("1 + max(1)", 4), ("dist(1, 2, 3)", 0),
        ("dist(1, 2, 3, 4, 'X')", 17), ("dist(1, 2, 3, 4, 1 + 1)", 19), ("rand(1)", 0), ("'M' + 1", 0),
        ("decay_linear('soon')", 13), ("decay_linear()", 0), ("a.b(1)", 0), ("score.__class__()", 0),
    ],
)  # fmt: skip
def test_what_is_known_to_be_wrong_beforehand(source, position):
    """Feeds API §10.1: unknown functions, wrong numbers of arguments, texts where a number is needed."""
    with pytest.raises(Malformed) as refused:
        Method({"score": source})
    assert refused.value.position == position


SUBJECT = Subject(
    NOW - 2 * DAY,
    {"popularity": 4, "shown": True, "stats": {"views": 2.5}, "published": "2025-12-27T00:00:00.000000"},
    {"like": 3},
    {"click": 7},
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("time", 1_767_052_800), ("popularity", 4), ("shown * 2", 2), ("stats.views", 2.5),
        ("reaction_counts.like", 3), ("reaction_counts.love", 0), ("analytics.click + analytics.none", 7),
        ("external.w", 5), ("external.place.lat", 52), ("to_unix_timestamp(time)", 1_767_052_800),
        ("to_unix_timestamp(published)", 1_766_793_600), ("to_unix_timestamp('2025-12-27')", 1_766_793_600),
        ("to_unix_timestamp('2025-12-27T01:00:00+01:00')", 1_766_793_600), ("to_unix_timestamp(5)", 5),
        ("decay_linear(time)", 0.8), ("decay_linear(published)", 0.5), ("decay_linear('2025-12-27')", 0.5),
        ("decay_linear(to_unix_timestamp(time))", 0.8), ("decay_exp(popularity - 4)", 1),
        ("DECAY_LINEAR(time) * popularity ^ 0.5", 1.6), ("sin(time)", math.sin(1_767_052_800)),
    ],
)  # fmt: skip
def test_variables(source, expected):
    """Feeds API §10.1: the time, custom fields, counts (0 for what was never counted), what the reader sent."""
    external = {"w": 5, "place": {"lat": 52}}
    assert score(source, SUBJECT, external) == pytest.approx(expected)
