"""Aggregation formats."""

import pytest
from attempt import attempt
from hypothesis import given
from hypothesis import strategies as st

from streams.aggregation import DEFAULT, GROUP_BYTES_MAX, Format, Placement
from streams.errors import Malformed
from vocab import jsontext

TIME = 1_772_352_300_123_456  # 2026-03-01T08:05:00.123456Z
ACTIVITY = {
    "id": "f01c0000-acf5-11e5-8080-80006a8b5bc2", "actor": "chris", "verb": "like", "object": "Item:13", "target": "",
    "foreign_id": "a:1", "count": 3, "ratio": 1.5, "shown": True, "hidden": False, "none": None, "tags": ["a", "b"],
    "place": {"city": "Ghent", "geo": {"lat": 51}}, "nickname": "Chrîs", "digits": "12.7",
}  # fmt: skip


def group(source, time=TIME, **activity):
    return Format(source).group(Placement({**ACTIVITY, **activity}, time, "notification", "7", "42"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (DEFAULT, "like_2026-03-01"),
        ("{{ actor }}_{{ verb }}_{{ time.strftime('%Y-%m-%d') }}", "chris_like_2026-03-01"),
        ("{{ verb }}_{{ object }}_{{ time.strftime(\"%H\") }}", "like_Item:13_08"),
        ("{{ actor }}_{{ verb.infinitive }}", "chris_like"),
        ("{% if verb.infinitive == 'like' %}{{ object }}{% else %}{{ id }}{% endif %}", "Item:13"),
        ("{% if verb == 'follow' %}\n{{ actor }}_{{ verb }}\n{% else %}\n{{ verb }}_x\n{% endif %}", "like_x"),
        ("{{id}}", ACTIVITY["id"]),
        ("{{ foreign_id }} {{ feed.group }} {{ feed.user_id }} {{ app_id }} {{ site_id }}", "a:1 notification 7 42 42"),
        ("{{ time.year }}-{{ time.month }}-{{ time.day }}T{{ time.hour }}", "2026-3-1T8"),
        ("{{ time }}", "2026-03-01T08:05:00.123456"),
        ("{{ place.city }}, {{ place.geo.lat }}", "Ghent, 51"),
        ("[{{ target }}{{ nosuch }}{{ none }}{{ actor.name }}{{ place.nosuch.deep }}]", "[]"),
        ("{{ count }} {{ ratio }} {{ shown }} {{ tags }} {{ place.geo }}", '3 1.5 True ["a","b"] {"lat":51}'),
        ("{{ 1 }} {{ 1.5 }} {{ -2 }} {{ 'it\\'s' }} {{ true }}", "1 1.5 -2 it's True"),
        ("plain } text }} %} # {", "plain } text }} %} # {"),
        ("a {# not {{ said }} #} b", "a  b"),
        ("a {#- -#} b {{- verb -}} c {%- if 1 -%} d {%- endif -%} e", "ablikecde"),
        ("{{ '}}' }}{{ '%}' }}", "}}%}"),
        ("", ""),
        ("  \n {{ target }} ", ""),
    ],
)  # fmt: skip
def test_what_is_written(source, expected):
    """Feeds API §8.4: the variables there are; what is missing is empty; the result is trimmed."""
    assert group(source) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("verb == 'like'", True), ("verb != 'like'", False), ("count > 2", True), ("count >= 3.0", True),
        ("count < ratio", False), ("count <= 3", True), ("'a' < 'b'", True), ("count > 'a'", False),
        ("'a' > count", False), ("verb in ['like', 'love']", True), ("verb in 'likes'", True),
        ("'b' in tags", True), ("'z' not in tags", True), ("'city' in place", True), ("target in 'abc'", False),
        ("verb in count", False), ("target", False), ("nosuch", False), ("not target", True), ("target == ''", True),
        ("nosuch == none", True), ("tags", True), ("count and shown", True), ("hidden or shown", True),
        ("not hidden and not target", True), ("not verb == 'like'", False), ("(hidden or shown) and count", True),
        ("hidden and shown or count", True), ("time.hour < 12", True), ("time > '2026-02'", True),
        ("time.strftime('%H')|int < 12", True), ("(nosuch or verb) == 'like'", True),
        ("'LIKE'|lower == verb", True), ("digits|int == 12", True), ("-count == -3", True), ("-verb == verb", True),
    ],
)  # fmt: skip
def test_conditions(condition, expected):
    """Feeds API §8.4: comparisons, ``in``, ``and or not``; what cannot be compared is not so."""
    assert group("{% if " + condition + " %}yes{% else %}no{% endif %}") == ("yes" if expected else "no")


def test_branches():
    """Feeds API §8.4: the first that holds; none of them need hold; one within another."""
    source = "{% if verb == 'a' %}1{% elif verb == 'b' %}2{% elif verb == 'c' %}3{% else %}4{% endif %}"
    assert [group(source, verb=verb) for verb in "abcd"] == ["1", "2", "3", "4"]
    assert group("{% if hidden %}x{% endif %}") == ""
    nested = "{% if shown %}{% if hidden %}a{% else %}b{% endif %}c{% endif %}"
    assert group(nested) == "bc"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("object|lower", "item:13"), ("nickname | upper", "CHRÎS"), ("target|default('none')", "none"),
        ("verb|default('none')", "like"), ("hidden|default('x')", "False"), ("nosuch|default(actor)|upper", "CHRIS"),
        ("object|truncate(4)", "Item"), ("object|truncate(400)", "Item:13"), ("object|truncate(-1)", ""),
        ("nickname|truncate(4)", "Chrî"), ("count|upper", "3"), ("digits|int", "12"), ("ratio|int", "1"),
        ("verb|int", "0"), ("tags|int", "0"), ("'9007199254740993'|int", "9007199254740993"), ("'1e999'|int", "0"),
    ],
)  # fmt: skip
def test_filters(expression, expected):
    """Feeds API §8.4: ``lower, upper, default, truncate, int``, one after the other."""
    assert group("{{ " + expression + " }}") == expected


def test_numbers_keep_their_spelling():
    """What JSON spelt stays so: one group, not two."""
    activity = jsontext.loads('{"price": 1.50}')
    assert isinstance(activity, dict)
    assert group("{{ price }}", **activity) == "1.50"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("x" * 300, "x" * GROUP_BYTES_MAX), ("é" * 300, "é" * 127), ("x" * 254 + " y", "x" * 254), ("a\x00b\x1bc", "abc"),
     ("\ud800", "?"), (10**400, ""), ({"a": {1, 2}}, "")],
)  # fmt: skip
def test_a_group_has_a_limit_and_is_text(value, expected):
    """Feeds API §8.4: at most 255 bytes, cut between characters; SEC-053: no controls."""
    assert group("{{ value }}", value=value) == expected


@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("{{", 2), ("a {{ b", 6), ("{% if a", 7), ("{# a", 0), ("{{ }}", 3), ("{{ a b }}", 5), ("{{ 'a }}", 3),
        ("{% if a %}b", 0), ("{% if a %}{% else %}b", 0), ("{% endif %}", 3), ("a{% else %}", 4), ("{% elif a %}", 3),
        ("{% for a in b %}", 3), ("{% set a = 1 %}", 9), ("{% %}", 3), ("{% 'if' a %}{% endif %}", 3),
        ("{% if %}{% endif %}", 6), ("{% if a %}{% else b %}{% endif %}", 18), ("{% if a %}{% endif b %}", 19),
        ("{% if a %}{% else %}{% else %}{% endif %}", 23), ("{{ a|nosuch }}", 5), ("{{ a|lower(1) }}", 5),
        ("{{ a|default }}", 5), ("{{ a|1 }}", 5), ("{{ a| }}", 6), ("{{ a.upper() }}", 3), ("{{ range(9) }}", 3),
        ("{{ time.strftime() }}", 3), ("{{ time.strftime(fmt) }}", 3), ("{{ time.strftime('%d %Q') }}", 21),
        ("{{ time.minute.x }}", 3), ("{{ feed.secret }}", 3), ("{{ feed }}", 3), ("{{ a ? b : c }}", 5),
        ("{{ a + b }}", 5), ("{{ a['b'] }}", 4), ("{{ a.__class__() }}", 3), ("{{ 1 if a else b }}", 5),
    ],
)  # fmt: skip
def test_formats_that_make_no_sense(source, position):
    """Feeds API §8.4, SEC-114: what the language has not is refused where it stands."""
    with pytest.raises(Malformed) as refused:
        Format(source)
    assert (refused.value.field, refused.value.position) == ("aggregation_format", position)


@pytest.mark.parametrize(
    "source",
    ["{{ " + "(" * 100 + " }}", "{% if a %}" * 100, "{% if a %}" + "{% elif a %}" * 100 + "{% endif %}",
     "{{ a }}" * 201, "x" * 5_000, "{{ " + "not " * 100 + "a }}", "{{ [" + "1," * 300 + "1] }}",
     "{{ a" + "|lower" * 300 + " }}"],
    ids=["parentheses", "branches", "alternatives", "values", "text", "not", "list", "filters"],
)  # fmt: skip
def test_formats_have_limits(source):
    """SEC-114: length, depth and number of parts."""
    with pytest.raises(Malformed, match=r"nested deeper|more than 200 parts|longer than 4096"):
        Format(source)


def test_a_format_of_the_greatest_size_is_applied():
    """SEC-114: what is accepted can be computed, whatever its shape."""
    assert group("{{ a" + "|lower" * 199 + "}}") == ""
    nested = "{% if shown %}" * 32 + "{{ verb }}" + "{% endif %}" * 32
    assert group(nested) == "like"


def test_attributes_of_objects_are_out_of_reach():
    """SEC-114: names lead through JSON objects alone."""
    assert group("{{ actor.__class__ }}{{ verb.upper }}{{ place.items }}{{ tags.0 }}") == ""


@pytest.mark.parametrize(
    ("source", "expected"),
    [(DEFAULT, False), ("{{ feed.group }}", True), ("{% if feed.user_id == '1' %}{% endif %}", True),
     ("{{ 'feed' }} feed {# feed #}", False)],
)  # fmt: skip
def test_whether_the_feed_matters(source, expected):
    """Fan-out applies a format once for all feeds, unless the feed is part of the group."""
    assert Format(source).depends_on_feed is expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=5,
)
PIECES = st.sampled_from(
    ["{{", "}}", "{%", "%}", "{#", "#}", "-", " ", "if ", "elif ", "else", "endif", "a", "b", ".a", "time",
     ".strftime(", "'%Y'", ")", "(", "[", "]", ",", "|", "lower", "default", "truncate", "int", "==", "<", " in ",
     " not ", " and ", " or ", "1", "'", "\\", "{% if a %}", "{% else %}", "{% endif %}", "{{ a }}", "{{ b|int }}"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=15).map("".join)), JSON, JSON)
def test_any_text_is_refused_or_gives_a_group(source, a, b):
    """SEC-114: Malformed with a place in the text, else a group within its limit; never anything else."""
    found = attempt(lambda: group(source, a=a, b=b), Malformed)
    if isinstance(found, Malformed):
        assert 0 <= found.position <= len(source)
    else:
        assert found == found.strip()
        assert len(found.encode()) <= GROUP_BYTES_MAX


EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b", "a.a", "time", "time.hour", "1", "-2.5", "'x'", "none", "true"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["==", "!=", "<", ">", "<=", ">=", "in", "not in", "and", "or"]), inner)
        .map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(inner, st.sampled_from(["lower", "upper", "int", "default(1)", "default(a)", "truncate(2)"]))
        .map(lambda parts: f"({parts[0]})|{parts[1]}"),
        st.tuples(inner, inner).map(lambda parts: f"[{parts[0]}, {parts[1]}]"),
        inner.map("(not {})".format),
        inner.map("(-{})".format),
    ),
    max_leaves=8,
)  # fmt: skip


@given(EXPRESSIONS, JSON, JSON)
def test_rendering_is_total(source, a, b):
    """SEC-114: whatever an activity holds, a format gives a group."""
    found = group("{% if " + source + " %}{{ " + source + " }}{% endif %}", a=a, b=b)
    assert len(found.encode()) <= GROUP_BYTES_MAX
