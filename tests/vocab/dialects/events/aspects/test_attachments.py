"""Events §7.9."""

from collections.abc import Callable
from typing import Any

import pytest


def test_files(told: Callable[..., Any]) -> None:
    said = {
        "url": "https://files.example/m.pdf",
        "size": "34112",
        "created": "2031-03-04T06:00:00Z",
        "metadata": {},
    }
    assert told("attachments", said) == [
        {"url": "https://files.example/m.pdf", "size": 34112, "created": "2031-03-04T06:00:00.000Z"}
    ]
    assert told("attachments", ["urn:isbn:1", None]) == [{"url": "urn:isbn:1"}]


def test_a_name_that_leads_nowhere_is_kept(told: Callable[..., Any], codes: Callable[..., Any]) -> None:
    """Senders name files of their own by bare names."""
    assert told("attachments", ["loading-plan.pdf"]) == [{"url": "loading-plan.pdf"}]
    assert codes("attachments", ["loading-plan.pdf"]) == {"attachments[0].url": "invalid_value"}


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ([{"filename": "x"}], "attachments[0].url", "missing_field"),
        (["javascript:alert(1)"], "attachments[0].url", "invalid_value"),
        ([{"url": "https://a.example/", "size": -1}], "attachments[0].size", "invalid_value"),
        (["https://a.example/"] * 101, "attachments", "invalid_value"),
    ],
)
def test_what_is_no_file(codes: Callable[..., Any], said: Any, field: str, code: str) -> None:
    assert codes("attachments", said)[field] == code
