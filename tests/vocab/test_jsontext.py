"""Strict JSON in and out."""

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import JsonError, jsontext

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(
        st.characters(exclude_characters="\0", exclude_categories=["Cs"])
    ),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), inner
    ),
)  # fmt: skip


@given(values, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_agrees_with_the_standard_library(value, ascii_only, indent):
    """AP-009: whatever is written, in whatever layout, is read as the same value."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert jsontext.loads(text) == value
    assert json.loads(jsontext.dumps(jsontext.loads(text.encode()))) == value


@pytest.mark.parametrize(
    "number", ["1.0", "3.10", "1e3", "1E+3", "-0", "-0.0", "0.1", "5e-324", "0", "-7", "12"]
)
def test_number_spelling_survives(number):
    """AP-009: a number leaves as it came."""
    for text in (f'{{"a":[{number}]}}', f"[{number}]", number):
        assert jsontext.dumps(jsontext.loads(text)).decode() == text


def test_numbers_compare_by_value():
    """AP-009: a number with a remembered spelling is still a number, also after a copy."""
    number = jsontext.loads("[1.50]")[0]
    for copied in (number, copy.deepcopy(number), pickle.loads(pickle.dumps(number))):
        assert copied == 1.5
        assert jsontext.dumps(copied) == b"1.50"


REFUSED = {
    '{"a":1,"a":2}': "a",
    '{"x":{"actor":1,"act\\u006fr":2}}': "actor",
    '{"a" :1,"a" :2}': "a",
    '{"a"\n:1,"a"\t:2}': "a",
    '{"\\":":1, "b":":x", "b":2}': "b",
    '{"a":[9007199254740992]}': "a[0]",
    '{"a":{"b":-9007199254740992}}': "a.b",
    '[123456789012345678901]': "",
    '[1.5, 123456789012345678901]': "",
    '[1e400]': "",
    '[NaN]': "",
    '[Infinity]': "",
    '{"a":"\\u0000"}': "a",
    '{"a":{"\\u0000":1}}': "a",
    '["\\ud800"]': "",
    '["\ud800"]': "",
    '\ufeff{}': "",
    '{"a":1,}': "",
    "{'a':1}": "",
    '[01]': "",
    "": "",
    "[": "",
    '{"a":"x\ny"}': "",
}  # fmt: skip


@pytest.mark.parametrize(("text", "field"), REFUSED.items())
def test_refused(text, field):
    """SEC-051, SEC-052, SEC-053: refused, naming the culprit when it can be named."""
    with pytest.raises(JsonError) as caught:
        jsontext.loads(text)
    assert caught.value.field == field
    assert caught.value.reason


@pytest.mark.parametrize("raw", [b"\xff", b'{"a":"\xc3"}', '{"a":1}'.encode("utf-16"), b"\xef\xbb\xbf{}"])
def test_only_utf_8(raw):
    """AP-001: UTF-8 without a mark, nothing else."""
    with pytest.raises(JsonError):
        jsontext.loads(raw)


def test_a_backslash_is_not_an_escape():
    """SEC-053: the six characters backslash-u-0-0-0-0 in text are not U+0000."""
    assert jsontext.loads(r'{"a":"\\u0000"}') == {"a": r"\u0000"}


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ("[" * 64 + "]" * 64, "[" * 65 + "]" * 65),
        ('{"a":' * 63 + "{}" + "}" * 63, '{"a":' * 64 + "{}" + "}" * 64),
        ("[" + "0," * 49_999 + "0]", "[" + "0," * 50_000 + "0]"),
        ('["' + "x" * 524_288 + '"]', '["' + "x" * 524_289 + '"]'),
        ('["' + "é" * 262_144 + '"]', '["' + "é" * 262_145 + '"]'),
        ('{"' + "k" * 1_024 + '":1}', '{"' + "k" * 1_025 + '":1}'),
        ('{"' + "é" * 512 + '":1}', '{"' + "é" * 513 + '":1}'),
        ("[9007199254740991,-9007199254740991]", "[9007199254740991,-9007199254740992]"),
    ],
)
def test_limits(inside, outside):
    """SEC-050: each limit holds exactly."""
    jsontext.loads(inside)
    with pytest.raises(JsonError):
        jsontext.loads(outside)


@pytest.mark.parametrize("text", ["[" * 1_000_000, '{"a":' * 200_000, "[" * 500_000 + "]" * 500_000])
def test_deep_nesting_is_cheap(text):
    """SEC-050: no recursion error, whatever the depth."""
    with pytest.raises(JsonError):
        jsontext.loads(text)


def test_unwritable_values():
    """SEC-053: what has no JSON form is our error, not the library's."""
    for value in ("\ud800", {"a": object()}):
        with pytest.raises(JsonError):
            jsontext.dumps(value)


def test_naming_the_culprit_is_cheap():
    """SEC-050: finding the repeated key or the bad value takes no longer than reading."""
    many = ",".join(f'"k{number}":0' for number in range(40_000))
    with pytest.raises(JsonError) as caught:
        jsontext.loads(f'{{{many},"k39999":1}}')
    assert caught.value.field == "k39999"
    with pytest.raises(JsonError) as caught:
        jsontext.loads(f'{{{many},"last":9007199254740992}}')
    assert caught.value.field == "last"
