"""What filters mean (Atom §4.3)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.providers import Filter, filtering
from vocab.dialects.as1 import types, verbs
from vocab.dialects.streamquery import read
from vocab.entry import Entry

BASE = "https://hub.example"
ADA = {"id": f"{BASE}/users/ada", "type": "Person", "preferredUsername": "Ada"}
BOB = {
    "id": "https://far.example/u/9",
    "type": "Person",
    "preferredUsername": "Bob",
    "inbox": "x",
    "outbox": "x",
}
MIRELA = {"type": "Person", "name": "Mirela", "preferredUsername": "mirela"}


def entry(at: int = 0, actor: Any = None, verb: str = "post", **members: Any) -> Entry:
    published = f"2026-01-01T00:00:{at // 1000:02d}.{at % 1000:03d}Z"
    data = {
        "id": f"{BASE}/1", "type": "Create", "actor": actor or ADA, "published": published,
        "verb": list(verbs.chain(verb)), **members,
    }  # fmt: skip
    return Entry.of(data)


def asked(*expressions: str) -> list[Filter]:
    found = [read("streams", one) for one in expressions]
    return [one for one in found if one is not None]


def keeps(one: Entry, *expressions: str) -> bool:
    return filtering.question(asked(*expressions), base_url=BASE)(one)


@pytest.mark.parametrize(
    ("actor", "expressions", "expected"),
    [
        (ADA, ["user IS ada"], True),
        (ADA, ["user IS ADA"], True),
        (ADA, ["user IS @ada"], True),
        (ADA, ["user IS ada@hub.example"], True),
        (ADA, ["user IS @ada@hub.example"], True),
        (ADA, [f"user IS {BASE}/users/ada"], True),
        (f"{BASE}/users/ada", ["user IS ada"], True),
        (ADA, ["user IS eve"], False),
        (ADA, ["user IS eve ada"], True),
        (ADA, ["user IS eve", "user IS ada"], True),
        (ADA, ["user IS ada", "user NOT ada"], False),
        (ADA, ["user NOT eve"], True),
        (ADA, ["account-id IS ada"], True),
        (ADA, ["account-id IS eve", "user IS ada"], True),
        ([ADA, BOB], ["user NOT bob@far.example"], False),
        ([ADA, BOB], ["user IS bob@far.example"], True),
        (BOB, ["user IS bob"], False),
        (BOB, ["user IS bob@far.example"], True),
        (BOB, ["user IS https://far.example/u/9"], True),
        ("https://far.example/u/9", ["user IS 9"], False),
        (MIRELA, ["user IS mirela"], True),
        (ADA, ["user CONTAINS eve"], True),
        (ADA, ["user BEFORE 5"], True),
    ],
)  # fmt: skip
def test_users(actor: Any, expressions: list[str], expected: bool) -> None:
    """Atom §4.3 rules 2, 6, 7, 8: values unite, NOT wins, any author counts, misfits say nothing."""
    assert keeps(entry(actor=actor), *expressions) is expected


@pytest.mark.parametrize(
    ("expressions", "expected"),
    [
        (["key IS orchard"], True), (["key IS BARN"], False), (["key NOT ORCHARD"], False),
        (["key IS ORCHARD", "key NOT orchard"], False), (["issue-key IS orchard-7"], True),
        (["issue-key IS ORCHARD-8"], False), (["key IS ORCHARD", "issue-key IS ORCHARD-8"], False),
        (["key IS ORCHARD", "user IS ada"], True), (["key IS ORCHARD", "user IS eve"], False),
        (["unknown IS x"], True),
    ],
)  # fmt: skip
def test_keys(expressions: list[str], expected: bool) -> None:
    """Atom §4.3 rules 5, 7, 8: options are and-ed, keys compared in any case, what is unknown ignored."""
    assert keeps(entry(key="ORCHARD", issueKey=["ORCHARD-7"]), *expressions) is expected


START = 1_767_225_600_000


@pytest.mark.parametrize(
    ("expressions", "expected"),
    [
        (["AFTER 4"], True), (["AFTER 5"], False), (["BEFORE 6"], True), (["BEFORE 5"], False),
        (["AFTER 9 4"], True), (["AFTER 4", "BEFORE 6"], True), (["AFTER 4", "BEFORE 5"], False),
        (["BETWEEN 4 6"], True), (["BETWEEN 5 6"], False), (["BETWEEN 6 4"], False),
        (["BETWEEN 1 2 4 6"], True), (["BETWEEN 1 2 4"], False), (["BETWEEN 4 6", "BETWEEN 1 9"], True),
        (["BETWEEN 4 6", "BETWEEN 7 9"], False), (["IS 1"], True),
    ],
)  # fmt: skip
def test_dates(expressions: list[str], expected: bool) -> None:
    """Atom §4.3 rule 4: bounds are exclusive, values alternatives, repeated parameters and-ed."""
    absolute = [
        " ".join(str(START + int(word)) if word.isdigit() else word for word in one.split())
        for one in expressions
    ]
    assert keeps(entry(5), *(f"update-date {one}" for one in absolute)) is expected


@pytest.mark.parametrize(
    ("expressions", "expected"),
    [
        (["CONTAINS frost"], True), (["CONTAINS FROST"], True), (["CONTAINS snow frost"], True),
        (["CONTAINS snow"], False), (["CONTAINS frost", "CONTAINS snow"], False), (["CONTAINS blockquote"], False),
        (["DOES_NOT_CONTAIN frost"], False), (["DOES_NOT_CONTAIN snow hail"], True),
        (["DOES_NOT_CONTAIN snow frost"], False), (['CONTAINS "sensor drifts"'], True), (["CONTAINS headline"], True),
        (["CONTAINS calibrated"], True), (["CONTAINS a&b"], True),
    ],
)  # fmt: skip
def test_text(expressions: list[str], expected: bool) -> None:
    """Atom §4.3 rule 3: any of the words, in any case, in what is left without tags."""
    one = entry(
        titleHtml="<b>Frost</b> sensor drifts", summary="headline",
        object={"type": "Note", "content": "<blockquote>Calibrated A&amp;B</blockquote>"},
    )  # fmt: skip
    assert keeps(one, *(f"text {expression}" for expression in expressions)) is expected


def test_what_says_nothing_contains_nothing() -> None:
    """Atom §4.3 rule 3."""
    assert not keeps(entry(), "text CONTAINS a")
    assert keeps(entry(), "text DOES_NOT_CONTAIN a")


@pytest.mark.parametrize(
    ("verb", "object", "expected"),
    [
        ("post", {"type": "Note"}, {"note:post"}),
        ("post", {"type": "Note", "inReplyTo": "x"}, {"comment:post", "note:post"}),
        ("jira/resolve", {"type": "Object", "hw:objectType": types.vendor("issue")}, {"issue:resolve"}),
        ("https://x.example/verbs/deploy", {"type": "Object", "objectType": "job"}, {"job:deploy"}),
        ("post", "https://x.example/1", set()),
    ],
)  # fmt: skip
def test_activities(verb: str, object: Any, expected: set[str]) -> None:
    """Atom §4.5: the key of the object and that of the most specific verb."""
    one = entry(verb=verb, object=object)
    assert {kind for kind in expected if keeps(one, f"activity IS {kind}")} == expected
    assert not keeps(one, "activity IS issue:update")
    assert not keeps(one, "activity IS NOT *")
    for kind in expected:
        assert not keeps(one, f"activity NOT {kind}")


DATES = st.lists(
    st.builds(
        Filter, st.just("update-date"), st.sampled_from(["AFTER", "BEFORE", "BETWEEN"]),
        st.lists(st.integers(0, 20).map(lambda at: str(START + at)), min_size=2, max_size=5).map(tuple),
    ),
    max_size=4,
)  # fmt: skip


@given(DATES, st.integers(0, 20))
def test_nothing_that_is_meant_lies_outside_the_bounds(filters: list[Filter], at: int) -> None:
    """Atom §8.2: what a provider reads between the bounds has all that the question keeps."""
    one = entry(at)
    low, high = filtering.bounds(filters)
    if filtering.question(filters, base_url=BASE)(one):
        assert low < (START + at) * 1_000 < high


def test_bounds_as_plug_ins_ask_for_them() -> None:
    """Atom §8.2."""
    assert (filtering.min_date([]), filtering.max_date([])) == (None, None)
    found = asked("update-date AFTER 1767225600000", "update-date BETWEEN 0 1767225601000 1 2")
    assert filtering.min_date(found) == entry(0).published
    assert filtering.max_date(found) == entry(1_000).published
    assert filtering.max_date(asked("update-date BEFORE 99999999999999999")) is None
    assert filtering.is_values(asked("a IS x y", "a IS z", "a NOT q"), "a") == {"x", "y", "z"}
    assert filtering.not_values(asked("a IS x y", "a NOT q"), "a") == {"q"}
    assert filtering.allows(asked("a IS x y"), "a", ["y"])
    assert not filtering.allows(asked("a IS x", "a NOT y"), "a", ["x", "y"])
