"""Pages of feeds kept as bytes: right in one state of the database, and never too many."""

from server.feedpages import FeedPages


def test_a_page_is_right_in_its_state_and_by_its_settings_alone() -> None:
    kept, settings = FeedPages(), object()
    kept.put("page", 1, settings, b"one")
    assert kept.get("page", 1, settings) == b"one"
    assert kept.get("page", 2, settings) is None
    assert kept.get("page", 1, object()) is None
    assert kept.get("other", 1, settings) is None


def test_the_first_ones_make_room() -> None:
    kept, settings = FeedPages(5_000), object()
    for name in ("a", "b", "c", "a"):
        kept.put(name, 1, settings, b"x" * 500)
    kept.put("d", 1, settings, b"x" * 500)
    assert [kept.get(name, 1, settings) is None for name in ("a", "b", "c", "d")] == [
        False,
        True,
        False,
        False,
    ]


def test_what_is_too_long_is_not_kept() -> None:
    kept, settings = FeedPages(5_000), object()
    kept.put("a", 1, settings, b"x" * 5_000)
    assert kept.get("a", 1, settings) is None
    kept.put("a", 1, settings, b"x" * 4_000)
    assert kept.get("a", 1, settings) is not None
