"""Bodies kept as bytes: right under their stamp, gone with it, and never too many."""

from starlette.responses import Response

from server.rendered import Ready, Rendered


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


def test_the_length_is_said_once() -> None:
    """RFC 9112 §6.3: strict clients refuse a response that gives its length twice."""
    written = Response(b"body", headers={"ETag": '"1"'}, media_type="text/plain")
    names = [name for name, _ in Ready(200, written.headers, b"body").raw_headers]
    assert sorted(names) == [b"content-length", b"content-type", b"etag"]
