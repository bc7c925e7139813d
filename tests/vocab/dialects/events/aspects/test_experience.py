"""Events §7.21."""

from collections.abc import Callable
from typing import Any

import pytest

from vocab.dialects.events import Known, events
from vocab.dialects.events.aspects import Effect, effect_on, score
from vocab.dialects.events.aspects.experience import DAY


def test_values_are_taken_into_their_range(told: Callable[..., Any], codes: Callable[..., Any]) -> None:
    said = {"happiness": -9, "care": "5", "affects": "actor", "duration": 30}
    assert told("cei", said) == {"happiness": -5, "care": 5, "affects": ["ACTOR"], "duration": 30}
    assert codes("cei", {"happiness": -9, "duration": 0}) == {
        "cei.happiness": "adjusted_value",
        "cei.duration": "invalid_value",
    }


def event(**cei: Any) -> Any:
    message = {
        "type": "as.t", "occurred_at": "2031-03-04T06:00:00Z", "aspects": {"cei": cei},
        "involves": [{"ACTOR:BUYER": "Customer/c"}, {"AFFECTS": "Vessel/K"}, {"SOLD_BY": "Shop/s"}],
    }  # fmt: skip
    return events.read(message, Known("north", 0)).message


@pytest.mark.parametrize(
    ("affects", "whom"),
    [
        ([], ["Customer/c", "Shop/s"]),
        (["BUYER"], ["Customer/c"]),
        (["AFFECTS", "SOLD_BY"], ["Vessel/K", "Shop/s"]),
    ],
)
def test_who_feels_it(affects: list[str], whom: list[str]) -> None:
    made = event(happiness=2, affects=affects)
    found = {
        str(role.target): effect_on(role.path, made.aspects["cei"], at=made.occurred.at)
        for role in made.roles
    }
    felt = {ref: effect for ref, effect in found.items() if effect is not None}
    assert list(felt) == whom
    assert {tuple(effect.values.items()) for effect in felt.values()} == {(("happiness", 2.0),)}


def test_effects_fade() -> None:
    at = 100 * DAY
    effects = [
        Effect({"happiness": -4.0, "care": 2.0}, at),
        Effect({"happiness": 3.0}, at + 7 * DAY, days=7),
        Effect({"happiness": 5.0}, at + 60 * DAY),
    ]
    assert score(effects, at)["happiness"] == -4
    assert score(effects, at + 7 * DAY) == {
        "engagement": 0,
        "happiness": 1,
        "care": 1,
        "rating": 0,
        "intent": 0,
    }
    assert score(effects, at + 14 * DAY)["happiness"] == 0
    assert score(effects, at - DAY)["happiness"] == 0


def test_a_score_has_bounds() -> None:
    assert score([Effect({"rating": 5.0, "intent": -5.0}, 0)] * 3, 0)["rating"] == 5
    assert score([Effect({"rating": 5.0, "intent": -5.0}, 0)] * 3, 0)["intent"] == -5
    assert "cei" not in event().aspects
