"""Reports and verdicts (§7.10)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import BadFields, TooLarge
from vocab.dialects.getstream import moderation
from vocab.dialects.getstream.moderation import (
    ACTIVITY,
    DECISIONS_MAX,
    REACTION,
    TYPES,
    USER,
    Decision,
    Flag,
    NewFlag,
    Outcome,
)

SPAM = {"entity_type": USER, "entity_id": "bob", "user_id": "eve", "reason": "spam"}
VERDICT = {
    "entity_type": ACTIVITY, "entity_id": "1", "moderator_id": "mod", "status": "complete",
    "recommended_action": "keep", "latest_moderator_action": "mark_safe",
}  # fmt: skip


def refused(body: Any, read: Any = moderation.flagged) -> Any:
    with pytest.raises(BadFields) as caught:
        read(body)
    return caught.value.fields


def test_a_report_is_read_and_answered() -> None:
    assert moderation.flagged({**SPAM, "custom": {"a": 1}}) == NewFlag(USER, "bob", "eve", "spam", {"a": 1})
    assert moderation.flagged({"entity_type": REACTION, "entity_id": "r"}) == NewFlag(
        REACTION, "r", "", "", {}
    )
    made = Flag("f", "bob", "eve", "spam", datetime(2021, 2, 24, 0, 12, 1, tzinfo=UTC))
    assert moderation.spelled(made) == {
        "flag_id": "f", "target_user_id": "bob", "flagged_by": "eve", "reason": "spam",
        "created_at": "2021-02-24T00:12:01.000000Z",
    }  # fmt: skip


@pytest.mark.parametrize(
    "bad",
    [{"entity_id": ""}, {"entity_id": None}, {"entity_id": "x" * 256}, {"entity_type": "stream:chat:v1:message"},
     {"entity_type": ""}, {"user_id": "a b"}, {"reason": []}, {"custom": "x"}],
)  # fmt: skip
def test_what_is_wrong_is_named(bad: dict[str, Any]) -> None:
    """§7.10: an empty id above all."""
    assert list(refused(SPAM | bad)) == list(bad)


def test_what_else_is_said_has_a_size() -> None:
    with pytest.raises(TooLarge):
        moderation.flagged({**SPAM, "custom": {"a": "x" * 10_240}})


def test_one_verdict() -> None:
    assert moderation.decided(VERDICT) == Decision(ACTIVITY, "1", "mod", "complete", "keep", "mark_safe")
    assert moderation.decided({"entity_type": USER, "entity_id": "b"}) == Decision(USER, "b", "", "", "", "")
    assert list(refused({**VERDICT, "entity_id": "", "status": 5 * ["x"]}, moderation.decided)) == [
        "entity_id",
        "status",
    ]


def test_several_verdicts() -> None:
    """§7.10: each for itself, about different things."""
    wrong = {"entity_type": "nothing", "entity_id": "7"}
    items = [{"entity_type": type, "entity_id": "1", "status": "complete"} for type in TYPES]
    found = moderation.several({"moderator_id": "mod", "updates": [*items, wrong]})
    assert found[:3] == [Decision(type, "1", "mod", "complete", "", "") for type in TYPES]
    last = found[3]
    assert isinstance(last, Outcome)
    assert moderation.told(last) == {
        "entity_type": "nothing", "entity_id": "7", "success": False, "error": last.error,
    }  # fmt: skip
    assert "entity_type" in last.error
    assert moderation.told(Outcome(USER, "1")) == {"entity_type": USER, "entity_id": "1", "success": True}


@pytest.mark.parametrize(
    "updates",
    [None, [], "x", [5], [{"entity_type": USER, "entity_id": "1"}] * 2,
     [{"entity_type": USER, "entity_id": str(n)} for n in range(DECISIONS_MAX + 1)]],
)  # fmt: skip
def test_the_whole_of_several_verdicts(updates: Any) -> None:
    """§7.10: at most a hundred, and unique."""
    assert refused({"moderator_id": "mod", "updates": updates}, moderation.several)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(TYPES),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*SPAM, *VERDICT, "custom", "updates"]), inner, max_size=6)
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_body_is_read_or_refused(body: Any) -> None:
    for read in (moderation.flagged, moderation.decided, moderation.several):
        try:
            read(body)
        except (BadFields, TooLarge):
            continue
