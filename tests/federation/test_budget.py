"""What one request may cause."""

import pytest

from federation.budget import Budget
from federation.errors import BudgetSpent


def test_requests():
    """SEC-046: twenty requests, and not one more."""
    budget = Budget()
    for _ in range(20):
        budget.spend("u", "a.example")
    with pytest.raises(BudgetSpent, match="requests"):
        budget.spend("u", "a.example")


def test_hosts():
    """SEC-046: ten hosts; those already asked may be asked again."""
    budget = Budget()
    for number in range(10):
        budget.spend("u", f"{number}.example")
    with pytest.raises(BudgetSpent, match="hosts"):
        budget.spend("u", "eleven.example")
    budget.spend("u", "0.example")


def test_time():
    """SEC-046: thirty seconds for everything together."""
    moments = iter([0.0, 29.0, 30.5])
    budget = Budget(clock=lambda: next(moments))
    budget.spend("u", "a.example")
    with pytest.raises(BudgetSpent, match="time"):
        budget.spend("u", "a.example")
