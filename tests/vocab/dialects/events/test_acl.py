"""Events §3.6: rules of who may see and manage."""

from typing import Any

import pytest

from vocab.dialects.events import Problems, Rule, acl


def read(value: Any) -> tuple[tuple[Rule, ...] | None, list[tuple[str, str]]]:
    problems = Problems()
    return acl.read(value, problems=problems), [(problem.severity, problem.field) for problem in problems]


def test_rules_name_users_groups_privileges_and_everyone() -> None:
    said = [{"READ": "ASUser/ada"}, {"MANAGE": "Team:Night/ops"}, {"READ": "MANAGEMENT"}, {"READ": "Public"}]
    rules, problems = read(said)
    assert rules == (
        Rule("READ", "ASUser/ada"), Rule("MANAGE", "Team:Night/ops"), Rule("READ", "MANAGEMENT"),
        Rule("READ", "Public"),
    )  # fmt: skip
    assert not problems
    assert acl.spell(rules) == said
    assert acl.is_public(rules)


def test_no_list_is_no_rules_and_an_empty_one_is_none_of_them() -> None:
    """An entity that is sent an empty list is open again, one that is sent none stays as it is."""
    assert read(None) == (None, [])
    assert read([None]) == ((), [])
    assert not acl.is_public(())
    assert not acl.is_public(None)


def test_rules_are_read_leniently_and_each_once() -> None:
    rules, problems = read(
        [{"read": " public "}, {"READ": ["Public", "A/1"], "MANAGE": {"entity_ref": "A/1"}}]
    )
    assert rules == (Rule("READ", "Public"), Rule("READ", "A/1"), Rule("MANAGE", "A/1"))
    assert problems == [("warning", "acl[0].read")]


@pytest.mark.parametrize(
    "value",
    [
        {"READ": "A/1"}, "Public", [{}], ["Public"], [{"WRITE": "A/1"}], [{"READ": None}], [{"READ": 1}],
        [{"READ": "x"}],
        [{"READ": ""}], [{"READ": "A/"}], [{"READ": {"label": "x"}}], [{"READ": ["A/1"] * 1_001}],
        [{"READ": f"A/{number}"} for number in range(1_100)],
    ],
)  # fmt: skip
def test_a_rule_that_is_not_understood_is_an_error(value: Any) -> None:
    """It is never left out: what should be restricted would be open to all."""
    assert read(value)[1][0][0] == "error"
