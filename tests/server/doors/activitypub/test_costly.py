"""What costs us much is counted by who asks for it."""

import httpx
from town import Person, Server, Town

from server.auth.rates import PER_MINUTE


def _until_refused(person: Person, path: str, **request: object) -> tuple[int, httpx.Response]:
    """Send the same request until it is too much; return how often it was not, and the refusal."""
    headers = {"Authorization": f"Bearer {person.token}"}
    with httpx.Client(base_url=person.server.base_url, headers=headers) as client:
        for count in range(2 * max(PER_MINUTE["upload"], PER_MINUTE["read elsewhere"])):
            answer = client.post(path, **request)  # type: ignore[arg-type]
            if answer.status_code == 429:
                return count, answer
    raise AssertionError("never refused")


def test_uploads_and_reading_elsewhere_have_limits_of_their_own(town: Town) -> None:
    """SEC-062, SEC-097: whether they succeed or not, and for each actor."""
    server: Server = town.server(HEADWATER_LIMITS_REQUESTS_PER_MINUTE="100000")
    ada, bob = server.person("ada"), server.person("bob")
    for path, operation, request in (
        ("/media", "upload", {"files": {"file": ("a.svg", b"<svg/>")}}),
        ("/proxy", "read elsewhere", {"data": {"id": "http://10.0.0.1/x"}}),
    ):
        count, refusal = _until_refused(ada, path, **request)
        assert count >= PER_MINUTE[operation]
        assert 0 < int(refusal.headers["retry-after"]) <= 60
        answer = httpx.post(
            server.base_url + path, headers={"Authorization": f"Bearer {bob.token}"}, **request
        )
        assert answer.status_code in (403, 415)
