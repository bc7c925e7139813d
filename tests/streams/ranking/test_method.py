"""Ranking methods as they are configured."""

from random import Random

import pytest

from streams.errors import Malformed, Unrankable
from streams.ranking import Method, Occasion, Subject
from vocab import jsontext

OCCASION = Occasion(0, Random(1), {"w": 3})


def test_defaults_stand_in_for_what_is_missing():
    """Feeds API §10.1: nested or dotted, also for what the reader sends and for counts; null is missing."""
    method = Method(
        {
            "score": "a + b.c + external.v + reaction_counts.like + external.w",
            "defaults": {
                "a": 1,
                "b": {"c": True},
                "external": {"v": 10, "w": 999},
                "reaction_counts.like": 100,
            },
        }
    )
    assert method.score(Subject(0), OCCASION) == 1 + 1 + 10 + 100 + 3
    assert method.score(Subject(0, {"a": None, "b": {"c": 5}}, {"like": 0}), OCCASION) == 1 + 5 + 10 + 0 + 3


def test_a_default_may_be_a_time():
    """Feeds API §10.1: ISO times are of use to decay."""
    method = Method({"score": "to_unix_timestamp(published)", "defaults": {"published": "1970-01-02"}})
    assert method.score(Subject(0), OCCASION) == 86_400


def test_variables_are_known_beforehand():
    """Feeds API §10.1: names without a default are detectable when a method is saved; units are no names."""
    method = Method(
        {
            "score": "decay_linear(time) * a + b + external.w + reaction_counts.like + dist(b, b, b, b, M)",
            "defaults": {"b": 1},
        }
    )
    assert method.variables == {"time", "a", "b", "external.w", "reaction_counts.like"}
    assert method.required == {"a", "external.w"}


def test_values_are_those_a_score_is_made_of():
    """Feeds API §10: ``score_vars``, name → value used; what is missing and was not needed is left out."""
    method = Method({"score": "a > 0 ? a + external.w : missing", "defaults": {"other": 1}})
    assert method.values(Subject(0, {"a": 2, "z": 9}), OCCASION) == {"a": 2, "external.w": 3}


def test_numbers_from_json_count():
    """A number that keeps its spelling is a number."""
    fields = jsontext.loads('{"a": 1.50, "b": 2}')
    assert Method({"score": "a * b"}).score(Subject(0, fields), OCCASION) == 3


def test_an_activity_cannot_pass_for_what_was_counted():
    """Custom fields called like a source are not read instead of it."""
    subject = Subject(
        0, {"time": 5, "reaction_counts": {"like": 5}, "external": {"w": 5}, "analytics": {"x": 5}}
    )
    method = Method({"score": "time + reaction_counts.like + analytics.x + external.w"})
    assert method.score(subject, OCCASION) == 3


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({}, "score"), ({"score": 5}, "score"), ({"score": ""}, "score"), ({"score": "1" * 5_000}, "score"),
        ({"score": "1", "default": {}}, "default"), ({"score": "1", "defaults": []}, "defaults"),
        ({"score": "1", "defaults": {"a": "x"}}, "defaults.a"), ({"score": "1", "defaults": {"a": None}}, "defaults.a"),
        ({"score": "1", "defaults": {"a": {"b": []}}}, "defaults.a.b"),
        ({"score": "1", "defaults": {"a": 10**400}}, "defaults.a"),
        ({"score": "1", "defaults": {"a": float("nan")}}, "defaults.a"),
        ({"score": "1", "defaults": {str(n): 1 for n in range(201)}}, "defaults"),
        ({"score": "1", "functions": 5}, "functions"), ({"score": "1", "functions": {"f": {}}}, "functions.f.base"),
        ({"score": "1", "functions": {"a-b": {"base": "decay_exp"}}}, "functions.a-b"),
        ({"score": "1", "functions": {"Ln": {"base": "decay_exp"}}}, "functions.Ln"),
        ({"score": "1", "functions": {"decay_exp": {"base": "decay_exp"}}}, "functions.decay_exp"),
        ({"score": "1", "functions": {"f": {"base": "decay_exp"}, "F": {"base": "decay_exp"}}}, "functions.F"),
        ({"score": "1", "functions": {f"f{n}": {"base": "decay_exp"} for n in range(51)}}, "functions"),
    ],
)  # fmt: skip
def test_methods_that_make_no_sense(config, field):
    """SEC-106: the member at fault is named when it is configured; everything has a limit."""
    with pytest.raises(Malformed) as refused:
        Method(config)
    assert refused.value.field == field


def test_positions_are_told_where_there_are_any():
    """A mistake in a formula has a place in it, counted from 1 for people; a member as a whole has none."""
    with pytest.raises(Malformed, match=r"^score: unexpected '\$' \(character 3\)$"):
        Method({"score": "1 $"})
    with pytest.raises(Malformed, match=r"^functions\.f\.scale: must be above 0$"):
        Method({"score": "1", "functions": {"f": {"base": "decay_exp", "scale": 0}}})


def test_defaults_are_not_followed_without_end():
    """SEC-106: objects within objects, up to a limit."""
    nested: dict = {"a": 1}
    for _ in range(2_000):
        nested = {"a": nested}
    with pytest.raises(Malformed):
        Method({"score": "1", "defaults": nested})


def test_null_members_are_absent_ones():
    assert Method({"score": "1", "defaults": None, "functions": None}).score(Subject(0), OCCASION) == 1


def test_a_formula_of_the_greatest_size_is_evaluated():
    """SEC-106: what is accepted can be computed, whatever its shape."""
    assert Method({"score": "+".join(["1"] * 100)}).score(Subject(0), OCCASION) == 100
    assert (
        Method({"score": "-".join(["1"] * 64 + ["abs(" * 30 + "1" + ")" * 30])}).score(Subject(0), OCCASION)
        == -63
    )
    with pytest.raises(Unrankable):
        Method({"score": "*".join(["10 ^ 100"] * 4)}).score(Subject(0), OCCASION)
