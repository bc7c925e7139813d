"""Verbs and types."""

import pytest

from vocab.dialects.getstream import verbs


@pytest.mark.parametrize(
    ("verb", "type"),
    [
        ("like", "Like"),
        ("Follow", "Follow"),
        ("tentativeAccept", "TentativeAccept"),
        ("create", "Create"),
        ("pin", "Activity"),
        ("activity", "Activity"),
        ("", "Activity"),
        ("note", "Activity"),
        ("question", "Activity"),
        ("arrive", "Activity"),
        ("intransitiveactivity", "Activity"),
    ],
)
def test_a_verb_that_is_a_type_is_that_type(verb: str, type: str) -> None:
    """Types that have no object are none of a feed's: every activity there has one."""
    assert verbs.type_of(verb) == type


@pytest.mark.parametrize(
    ("types", "verb"),
    [(("Like",), "like"), (("https://x.example/ns#Pin", "Add"), "add"), (("Pin",), "pin"), ((), "activity")],
)
def test_a_type_is_told_as_a_verb(types: tuple[str, ...], verb: str) -> None:
    assert verbs.verb_of(types) == verb
