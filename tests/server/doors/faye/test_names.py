"""Names of clients."""

from server.doors.faye import names

KEY, NOW = b"k" * 32, 1_800_000_000 * names.SECOND_US


def test_a_name_is_known_again_for_a_while() -> None:
    name = names.fresh(KEY, now=NOW)
    assert name.isalnum()
    assert names.is_ours(name, KEY)
    assert names.is_fresh(name, now=NOW + names.FRESH_SECONDS * names.SECOND_US)
    assert not names.is_fresh(name, now=NOW + (names.FRESH_SECONDS + 1) * names.SECOND_US)


def test_no_two_names_are_alike() -> None:
    assert len({names.fresh(KEY, now=NOW) for _ in range(100)}) == 100


def test_a_made_up_name_is_not_ours() -> None:
    name = names.fresh(KEY, now=NOW)
    for other in (
        "",
        "abc",
        name[:-1],
        name + "0",
        "f" + name[1:],
        name[:20] + "0" * 54,
        name.upper(),
        "ä" * 74,
    ):
        assert other == name or not names.is_ours(other, KEY)
    assert not names.is_ours(name, b"l" * 32)
