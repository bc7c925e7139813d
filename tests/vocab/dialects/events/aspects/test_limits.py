"""What is found by an index is no longer than one takes (Events §7.8, §7.18)."""

from collections.abc import Callable


def test_ids_of_other_systems_are_bounded(codes: Callable[..., dict[str, str]]) -> None:
    """Events §7.8: of a message and of its batch."""
    assert codes("resolvable", {"external_id": "x" * 512, "batch_id": "x" * 512}) == {}
    found = codes("resolvable", {"external_id": "x" * 513, "batch_id": "x" * 513})
    assert found["resolvable.external_id"] == found["resolvable.batch_id"] == "invalid_value"


def test_names_of_settings_are_bounded(codes: Callable[..., dict[str, str]]) -> None:
    """Events §7.18."""
    assert codes("settings", {"x" * 255: 1}) == {}
    assert codes("settings", {"x" * 256: 1}) == {"settings": "invalid_value"}
