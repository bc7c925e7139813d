"""What authors of plug-ins are told about theirs (Atom §8.4)."""

import pytest

from server.providers import kit

pytestmark = pytest.mark.anyio


async def told(factory: str) -> dict[str, bool]:
    return {one.rule: one.passed for one in await kit.check(f"plugins:{factory}")}


@pytest.mark.parametrize("factory", ["Plug", "Other"])
async def test_a_good_one_keeps_all_rules(factory: str) -> None:
    """Atom §8.4: whether it awaits or blocks."""
    found = await told(factory)
    assert len(found) == 11
    assert all(found.values()), found


@pytest.mark.parametrize(
    ("factory", "rule"),
    [
        ("Unordered", "order"), ("Random", "determinism"), ("Greedy", "max_results"), ("Evil", "html"),
        ("Hasty", "dates"), ("Stubborn", "cancellation"), ("Broken", "entries"), ("Later", "interface"),
        ("nothing", "interface"), ("quits", "made"), ("Missing", "made"),
    ],
)  # fmt: skip
async def test_a_bad_one_is_told_which_rule_it_breaks(factory: str, rule: str) -> None:
    """Atom §8.4: determinism, ordering, filters, cancellation, safety of markup."""
    found = await told(factory)
    assert found[rule] is False, found
