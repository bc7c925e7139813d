"""Which representation a reader wants."""

import pytest
from starlette.requests import Request

from server.errors import ProblemError
from server.negotiate import ACTIVITY_JSON, HTML, LD_JSON, preferred, require_activity

PROFILE = '"https://www.w3.org/ns/activitystreams"'


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("", ACTIVITY_JSON),
        ("*/*", ACTIVITY_JSON),
        ("application/json", ACTIVITY_JSON),
        ("application/ld+json", ACTIVITY_JSON),
        ("application/activity+json", ACTIVITY_JSON),
        (f"application/ld+json; profile={PROFILE}", LD_JSON),
        (f"application/ld+json;profile={PROFILE}, application/activity+json", LD_JSON),
        (
            f"application/activity+json, application/ld+json; profile={PROFILE}, text/html;q=0.1",
            ACTIVITY_JSON,
        ),
        ("text/html", HTML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
        ("application/activity+json;q=0.5, text/html", HTML),
        ("text/html;q=0, */*", ACTIVITY_JSON),
        ("image/png", ACTIVITY_JSON),
        ("garbage;;;q=x", ACTIVITY_JSON),
    ],
)
def test_what_is_preferred(accept: str, given: str) -> None:
    """AP-063, AP-064."""
    assert preferred(accept) == given


def request(content_type: str | None) -> Request:
    headers = [] if content_type is None else [(b"content-type", content_type.encode())]
    return Request({"type": "http", "method": "POST", "headers": headers})


@pytest.mark.parametrize("sent", ["application/activity+json", f"application/ld+json; profile={PROFILE}"])
def test_what_is_read(sent: str) -> None:
    """AP-190, AP-311."""
    require_activity(request(sent))


@pytest.mark.parametrize("sent", [None, "", "application/json", "text/plain", "application/ld+json"])
def test_what_is_not_read(sent: str | None) -> None:
    """AP-190, AP-311."""
    with pytest.raises(ProblemError) as caught:
        require_activity(request(sent))
    assert (caught.value.status, caught.value.field) == (415, "content-type")
