"""A member and a program, shared by the tests of a module."""

from collections.abc import Iterator

import pytest
from member import Member
from program import Program
from town import Server


@pytest.fixture(scope="module")
def ada(live: Server) -> Iterator[Member]:
    """A member, signed in once she was asked for the first time."""
    with Member(live, "ada") as made:
        yield made


@pytest.fixture(scope="module")
def app(live: Server) -> Program:
    """A public client."""
    return Program(live)


@pytest.fixture(scope="module")
def other_app(live: Server) -> Program:
    """Another public client, with the same address."""
    return Program(live, client_name="Other App")
