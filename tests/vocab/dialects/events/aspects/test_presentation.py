"""Events §7.2, §7.15."""

from collections.abc import Callable
from typing import Any

from vocab.dialects.events import Ref, Role


def test_a_label_alone(told: Callable[..., Any]) -> None:
    assert told("presentation", "Kestrel") == {"label": "Kestrel"}


def test_a_picture_that_is_a_script_is_refused(codes: Callable[..., Any]) -> None:
    said = {"label": "x", "thumbnail": " JavaScript:alert(1)", "icon": "fa-ship"}
    assert codes("presentation", said) == {"presentation.thumbnail": "invalid_value"}


def test_numbers_are_taken_as_text(told: Callable[..., Any], codes: Callable[..., Any]) -> None:
    assert told("presentation", {"label": 7}) == {"label": "7"}
    assert codes("presentation", {"label": 7}) == {"presentation.label": "adjusted_value"}
    assert codes("presentation", {"label": {"en": "x"}}) == {"presentation.label": "invalid_value"}


def test_a_text_mentions_entities(reads: Callable[..., Any]) -> None:
    """§7.15: an ``@`` and a reference of letters, digits, ``/`` and ``-``."""
    found, problems = reads(
        content={"subject": "Berths", "content": "ask @Employee/ada, not @nobody (@Vessel/K-9)."}
    )
    assert found.aspects["content"]["title"] == "Berths"
    assert found.roles == (
        Role("COMMENT:MENTIONS", Ref("Employee", "ada"), derived=True),
        Role("COMMENT:MENTIONS", Ref("Vessel", "K-9"), derived=True),
    )
    assert not problems


def test_content_has_a_title(codes: Callable[..., Any], told: Callable[..., Any]) -> None:
    assert codes("content", {"content": "x"}) == {"content.title": "missing_field"}
    assert told("summary", {"title": "Won", "properties": {"a": []}}) == {
        "title": "Won",
        "properties": {"a": []},
    }
