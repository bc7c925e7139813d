"""What people did with what they were shown (§7.6)."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import BadFields, TooLarge
from vocab.dialects.getstream import engagements
from vocab.dialects.getstream.engagements import CONTENTS_MAX, EVENTS_MAX, Event

CLICK = {"content": "post:1", "label": "click", "user_data": "tommaso"}


def refused(body: Any, read: Any = engagements.engagements) -> Any:
    with pytest.raises(BadFields) as caught:
        read(body)
    return caught.value.fields


def one(**members: Any) -> Event:
    return engagements.engagements({"content_list": [CLICK | members]})[0]


def test_engagements_keep_all_that_was_said() -> None:
    """§7.6: unknown members are kept as well."""
    told = CLICK | {
        "user_data": {"id": 486892, "alias": "Julian"}, "feed_id": "user:1", "position": 3, "boost": -1.5,
        "location": "profile_page", "features": [{"group": "topic", "value": "js"}],
        "tracked_at": "2020-01-01T00:00:00Z",
        "further": {"a": [None]},
    }  # fmt: skip
    assert engagements.engagements({"content_list": [told]}) == [Event("click", ("post:1",), told)]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("post:1", "post:1"),
        (7, "7"),
        ({"foreign_id": "post:1", "actor": {"id": "x"}}, "post:1"),
        ({"foreign_id": 7}, "7"),
    ],
)
def test_contents_have_names(content: Any, name: str) -> None:
    assert one(content=content).contents == (name,)
    shown = {"content_list": [content, "other", content]}
    assert engagements.impressions(shown) == [Event("", (name, "other"), shown)]
    assert engagements.impressions([shown, shown]) == [Event("", (name, "other"), shown)] * 2


@pytest.mark.parametrize(
    "bad",
    [
        {"content": None}, {"content": ""}, {"content": {}}, {"content": {"foreign_id": ""}}, {"content": ["a"]},
        {"content": True}, {"content": "x" * 1_025}, {"label": None}, {"label": ""}, {"label": "x" * 256},
        {"label": [1]},
        {"label": {}}, {"position": "3"}, {"position": True}, {"boost": "much"}, {"features": {}}, {"features": ["js"]},
        {"features": [{"group": "topic"}]}, {"user_data": {"alias": "x"}}, {"user_data": []}, {"feed_id": {}},
        {"location": []}, {"tracked_at": {}},
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(bad: dict[str, Any]) -> None:
    """§4: as a list, with nothing for what is sound."""
    found = refused({"content_list": [CLICK, CLICK | bad]})
    assert found[0] == {}
    assert list(found[1]) == list(bad)


@pytest.mark.parametrize(
    "bad",
    [None, [], "x", 5, {}, {"content_list": []}, {"content_list": "a"}, {"content_list": ["a", None]},
     {"content_list": ["a"] * (CONTENTS_MAX + 1)}, [{"content_list": ["a"]}] * (EVENTS_MAX + 1), [[]]],
)  # fmt: skip
def test_impressions_show_something(bad: Any) -> None:
    assert refused(bad, engagements.impressions)


def test_batches_and_events_are_bounded() -> None:
    """SEC-106."""
    assert len(engagements.engagements({"content_list": [CLICK] * EVENTS_MAX})) == EVENTS_MAX
    assert list(refused({"content_list": [CLICK] * (EVENTS_MAX + 1)})) == ["content_list"]
    with pytest.raises(TooLarge):
        one(further="x" * 10_240)


def test_links_carry_both_kinds_of_events() -> None:
    """§7.6: what has a label was done, the rest was shown; older names are understood."""
    done = {"label": "click", "foreign_id": "post:1", "user_id": "bob"}
    shown = {"foreign_ids": ["post:1", "post:2"], "user_id": "bob"}
    single = {"foreign_id": "post:3"}
    assert engagements.redirected(json.dumps([done, shown, single])) == [
        Event("click", ("post:1",), done), Event("", ("post:1", "post:2"), shown), Event("", ("post:3",), single),
    ]  # fmt: skip
    assert engagements.redirected("") == []
    for bad in ("{", "{}", "5", "[5]", '[{"label": "click"}]', json.dumps([shown] * (EVENTS_MAX + 1))):
        assert refused(bad, engagements.redirected)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *CLICK,
                    "content_list",
                    "foreign_ids",
                    "features",
                    "group",
                    "value",
                    "boost",
                    "foreign_id",
                    "id",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_body_is_read_or_refused(body: Any) -> None:
    for read in (engagements.engagements, engagements.impressions):
        try:
            found = read(body)
        except (BadFields, TooLarge):
            continue
        assert all(event.contents and all(event.contents) for event in found)
