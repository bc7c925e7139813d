"""Validators and conditional requests."""

from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import httpx
import pytest
from town import Person, Server


@pytest.fixture(scope="module")
def note(live: Server) -> str:
    made: str = Person(live, "ada").note("x")["object"]["id"]
    return made


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 304), (3600, 304)])
def test_not_modified_since(note: str, seconds: int, status: int) -> None:
    """AP-067, RFC 9110 §13.1.3: unchanged since then is all that is asked."""
    modified = parsedate_to_datetime(httpx.get(note).headers["last-modified"])
    since = format_datetime(modified + timedelta(seconds=seconds), usegmt=True)
    assert httpx.get(note, headers={"If-Modified-Since": since}).status_code == status


@pytest.mark.parametrize(
    "odd", ["yesterday", "", "Mon, 99 Jan 2040 00:00:00 GMT", "Mon, 01 Jan 0000 00:00:00 GMT"]
)
def test_odd_dates_are_ignored(note: str, odd: str) -> None:
    """RFC 9110 §13.1.3."""
    assert httpx.get(note, headers={"If-Modified-Since": odd}).status_code == 200


def test_an_entity_tag_decides_alone(note: str) -> None:
    """RFC 9110 §13.2.2: If-Modified-Since is not looked at beside If-None-Match."""
    first = httpx.get(note).headers
    both = {"If-None-Match": '"other"', "If-Modified-Since": first["last-modified"]}
    assert httpx.get(note, headers=both).status_code == 200
    assert httpx.get(note, headers={"If-None-Match": first["etag"]}).status_code == 304
