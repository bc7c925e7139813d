"""Whatever is sent to the Provisioning API is read, or refused by name (Events §17)."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.events import tokens
from vocab.dialects.events.provisioning import keys, privileges, settings, tenants, users
from vocab.errors import BadFields

NAMES = """
    username email password firstName gender birthYear tenantUserPrivileges role activeFrom activeUntil type label user
    defaults name icon theme importance presentation metrics as2_type actor_required url token involves variables
    valid_until aspects
"""
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=9)
WORDS = st.sampled_from(["USER", "BASIC", "2031-01-01", "bo", "a@b"])
JSON = st.recursive(
    SCALARS | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES.split()) | st.text(max_size=5), inner)
    ),
    max_leaves=12,
)
ROLES, TYPES = ("USER",), ("BASIC",)
READERS: dict[str, Callable[[Any], Any]] = {
    "new users": partial(users.posted, roles=ROLES),
    "users": partial(users.changed, username="bo", roles=ROLES),
    "privileges": partial(privileges.posted, roles=ROLES),
    "keys": partial(keys.posted, types=TYPES),
    "scoped keys": partial(keys.scoped, types=TYPES, now=1_900_000_000_000_000),
    "tenants": tenants.changed,
    "tokens": tokens.posted,
    **{space: partial(settings.put, space) for space in settings.MEMBERS},
}


@pytest.mark.parametrize("reader", READERS)
def test_what_is_wrong_is_told_by_name(reader: str) -> None:
    @given(JSON)
    def read(body: Any) -> None:
        problems: Any = {"": ["none"]}
        try:
            READERS[reader](body)
        except BadFields as error:
            problems = error.fields
        assert all(problems.values())

    read()


def test_a_user_is_one_name_in_any_case() -> None:
    said = users.posted({"username": "Bo", "email": "b@o", "password": "x"}, roles=ROLES)
    assert said.username == "bo"
    assert "password" not in repr(said)


@pytest.mark.parametrize(("space", "text", "name"), [
    ("event-type", "As.Fleet", "as.fleet"), ("entity-type", "Vessel:Tug", "Vessel:Tug"), ("origin", "Depot", "depot"),
    ("event-type", "as..x", None), ("entity-type", "a.b", None), ("origin", "", None), ("entity-type", "A" * 256, None),
])  # fmt: skip
def test_names_of_what_is_set(space: str, text: str, name: str | None) -> None:
    if name is not None:
        assert settings.name(space, text) == name
        return
    with pytest.raises(BadFields):
        settings.name(space, text)
