"""Bodies kept as bytes: right under their stamp, gone with it, and never too many."""

from server.rendered import Rendered


def test_a_body_is_right_under_its_stamp_alone() -> None:
    kept = Rendered(2)
    body = kept.put("page", 1, b"one")
    assert kept.get("page", 1) is body
    assert kept.get("page", 2) is None
    assert kept.put("page", 2, b"two").tag != body.tag


def test_the_least_wanted_goes_first() -> None:
    kept = Rendered(2)
    kept.put("a", 1, b"a")
    kept.put("b", 1, b"b")
    kept.get("a", 1)
    kept.put("c", 1, b"c")
    assert kept.get("b", 1) is None
    assert kept.get("a", 1) is not None
