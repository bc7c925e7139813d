"""What each error means over HTTP."""

import inspect
import json

import pytest
from starlette.exceptions import HTTPException

from federation import errors as federation
from server.errors import TABLE, ProblemError, problem, response
from storage import errors as storage
from streams import errors as streams
from vocab import errors as vocab


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (vocab.ParseError("not JSON"), 400),
        (vocab.JsonError("too deep"), 400),
        (streams.Refused("to", "too many"), 400),
        (streams.Malformed("score", "unexpected", 3), 400),
        (streams.Unrankable("division by zero"), 400),
        (streams.NotFound("https://a.example/x"), 404),
        (streams.Gone("https://a.example/x"), 410),
        (streams.NotAllowed("actor", "is someone else"), 403),
        (federation.Unsigned(), 401),
        (federation.Blocked("b.example"), 403),
        (storage.Busy(), 503),
        (storage.Full(), 503),
        (HTTPException(405), 405),
        (RuntimeError("x"), 500),
    ],
)
def test_statuses(error: Exception, status: int) -> None:
    assert problem(error).status == status


@pytest.mark.parametrize("package", [vocab, storage])
def test_every_error_has_a_meaning(package: object) -> None:
    """Nothing that is raised on purpose is answered with 500."""
    classes = [cls for _, cls in inspect.getmembers(package, inspect.isclass) if issubclass(cls, Exception)]
    roots = {storage.StorageError}
    assert not [cls for cls in classes if cls not in roots and not set(cls.__mro__) & set(TABLE)]


def test_the_field_at_fault_is_named() -> None:
    said = json.loads(bytes(response(streams.Refused("to", "too many recipients")).body))
    assert (said["field"], said["detail"]) == ("to", "to: too many recipients")


def test_nothing_is_told_of_what_may_not_be_known() -> None:
    """SEC-033: forbidden and absent look the same, and neither repeats the question."""
    said = json.loads(bytes(response(streams.NotFound("https://a.example/secret")).body))
    assert said == {"type": "about:blank", "title": "Not Found", "status": 404}


def test_who_must_come_again_is_told_when() -> None:
    """AP-433: a key that cannot be fetched is a 503 with Retry-After, not a 401."""
    meant = problem(federation.KeyUnavailable("https://b.example/key", 17))
    assert (meant.status, meant.headers["Retry-After"]) == (503, "17")


def test_a_bad_signature_says_what_would_do() -> None:
    """AP-419."""
    meant = problem(federation.BadSignature("too old"))
    assert meant.headers["WWW-Authenticate"].startswith("Signature ")
    assert "created" in meant.headers["Accept-Signature"]
    assert meant.detail == "too old"


def test_details_have_an_end() -> None:
    assert len(response(ProblemError(400, "x" * 10_000)).body) < 1_000
