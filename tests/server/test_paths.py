"""Paths: what is spelt out, what is a parameter, and what a slash means."""

import pytest

from server.errors import ProblemError
from server.paths import Paths

PATHS: Paths[str] = Paths()
PATHS.add("/feed/{slug}/{id}/", {"GET": "read", "POST": "add"})
PATHS.add("/feed/{slug}/{id}/follows/", {"GET": "follows"})
PATHS.add("/feed/{slug}/{id}/follows/{target}/", {"DELETE": "unfollow"})
PATHS.add("/feed/{slug}/{id}/{activity:path}/", {"DELETE": "remove"})
PATHS.add("/feed/many/{id}", {"PUT": "many"})


@pytest.mark.parametrize(
    ("method", "path", "found", "names"),
    [
        ("GET", b"/feed/user/1/", "read", {"slug": "user", "id": "1"}),
        ("HEAD", b"/feed/user/1", "read", {"slug": "user", "id": "1"}),
        ("GET", b"/feed/user/1/follows/", "follows", {"slug": "user", "id": "1"}),
        ("DELETE", b"/feed/user/1/follows/", "remove", {"slug": "user", "id": "1", "activity": "follows"}),
        ("DELETE", b"/feed/user/1/follows/user:2", "unfollow", {"slug": "user", "id": "1", "target": "user:2"}),
        ("DELETE", b"/feed/user/1/a%2Fb%3F/", "remove", {"slug": "user", "id": "1", "activity": "a/b?"}),
        ("DELETE", b"/feed/user/1/a/b/c/", "remove", {"slug": "user", "id": "1", "activity": "a/b/c"}),
        ("DELETE", "/feed/user/1/ö/".encode(), "remove", {"slug": "user", "id": "1", "activity": "ö"}),
        ("GET", b"/feed/many/1/", "read", {"slug": "many", "id": "1"}),
        ("PUT", b"/feed/many/1/", "many", {"id": "1"}),
        ("GET", b"/feed/a%2Fb/%25/", "read", {"slug": "a/b", "id": "%"}),
    ],
)  # fmt: skip
def test_a_handler_and_its_parameters(method: str, path: bytes, found: str, names: dict[str, str]) -> None:
    assert PATHS.find(path, method) == (found, names)


@pytest.mark.parametrize(
    "path", [b"/", b"", b"/feed", b"/feed/user", b"/feed//1", b"/feed/user/%FF/", b"/Feed/user/1"]
)
def test_what_is_not_there(path: bytes) -> None:
    with pytest.raises(ProblemError) as caught:
        PATHS.find(path, "GET")
    assert caught.value.status == 404


def test_what_is_there_for_other_methods() -> None:
    with pytest.raises(ProblemError) as caught:
        PATHS.find(b"/feed/many/1", "DELETE")
    assert caught.value.status == 405
    assert caught.value.headers == {"Allow": "GET, HEAD, OPTIONS, POST, PUT"}
