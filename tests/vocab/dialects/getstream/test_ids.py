"""Ids of activities (§3.2)."""

from datetime import UTC, datetime
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.getstream import ids

moments = st.datetimes(
    ids.EARLIEST.replace(tzinfo=None), ids.LATEST.replace(tzinfo=None), timezones=st.just(UTC)
)
texts = st.text(st.characters(exclude_categories=["Cs"]))

PUBLISHED = [
    ("123sdsd333}}}", 1451260800, "f01c0000-acf5-11e5-8080-80006a8b5bc2"),
    ("6621934", 1452862482, "24f9d500-bb87-11e5-8080-80012ce3cc51"),
    ("6621938", 1452862489, "2925f280-bb87-11e5-8080-8001597d791f"),
    ("6621941", 1452862492, "2aefb600-bb87-11e5-8080-8001226fe2f2"),
    ("6621945", 1452862496, "2d521000-bb87-11e5-8080-800026259780"),
    ("top_issues_summary_557dc1d9e46fea0a4c000002", 1463914800, "53dbf800-200c-11e6-8080-800023ec2877"),
    ("6625387", 1452866055, "76a65d80-bb8f-11e5-8080-8000530672db"),
    ("UserPrediction:11127278", 1480174117, "00000080-b3ed-11e6-8080-8000444ef374"),
    ("467791-42-follow", 1481475921, "ffa65e80-bfc3-11e6-8080-800027086507"),
]
"""Foreign ids, seconds since 1970 and ids, as Stream publishes them for its clients."""


@pytest.mark.parametrize(("foreign_id", "seconds", "id"), PUBLISHED)
def test_ids_are_those_that_clients_work_out(foreign_id: str, seconds: int, id: str) -> None:
    assert str(ids.of_foreign_id(datetime.fromtimestamp(seconds, UTC), foreign_id)) == id


@given(moments, texts, st.integers(0, 2**64))
def test_every_id_is_a_uuid_with_the_time_in_it(moment: datetime, text: str, node: int) -> None:
    made = (
        ids.of_foreign_id(moment, text),
        ids.of_content(moment, {"actor": text}),
        ids.unique(moment, node),
    )
    for id in made:
        assert (id.version, id.variant, ids.time_of(id)) == (1, RFC_4122, moment)
        assert ids.is_timed(id)
        assert ids.parse(str(id)) == id


@given(moments, st.integers(0, 2**47 - 1), moments, st.integers(0, 2**47 - 1))
def test_ids_compare_by_time_and_then_by_their_end(
    one: datetime, first: int, other: datetime, second: int
) -> None:
    """Whatever their text says: it begins with the low bits of the time."""
    earlier, later = sorted([(one, first), (other, second)])
    compared = [ids.order(ids.unique(*each)) for each in (earlier, later)]
    assert compared == sorted(compared)
    assert (compared[0] == compared[1]) == (earlier == later)


def test_the_text_of_ids_does_not_sort_by_time() -> None:
    """Two of the published ids whose texts are the other way round."""
    early, late = UUID(PUBLISHED[0][2]), UUID(PUBLISHED[1][2])
    assert str(early) > str(late)
    assert ids.order(early) < ids.order(late)


def test_content_and_not_the_order_of_its_members_makes_an_id() -> None:
    now = datetime(2017, 7, 1, tzinfo=UTC)
    one, same = {"actor": "1", "x": [1, {"a": 1, "b": 2}]}, {"x": [1, {"b": 2, "a": 1}], "actor": "1"}
    assert ids.of_content(now, one) == ids.of_content(now, same)
    assert ids.of_content(now, one) != ids.of_content(now, one | {"x": [2]})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "42",
        "f01c0000acf511e5808080006a8b5bc2",
        "{f01c0000-acf5-11e5-8080-80006a8b5bc2}",
        "urn:uuid:f01c0000-acf5-11e5-8080-80006a8b5bc2",
        "f01c0000-acf5-11e5-8080-80006a8b5bcg",
    ],
)
def test_what_is_no_id(text: str) -> None:
    assert ids.parse(text) is None


def test_ids_of_other_versions_have_no_time() -> None:
    assert not ids.is_timed(UUID("886cb5e5-3ed8-4c24-b8f7-4b9f2ec8b4a4"))
