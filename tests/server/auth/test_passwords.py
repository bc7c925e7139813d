"""Passwords."""

from server.auth import passwords


def test_a_password_matches_what_was_made_of_it() -> None:
    kept = passwords.hashed("correct horse")
    assert passwords.matches("correct horse", kept)
    assert not passwords.matches("correct horse ", kept)


def test_equal_passwords_are_kept_differently_and_never_as_they_are() -> None:
    first, second = passwords.hashed("correct horse"), passwords.hashed("correct horse")
    assert first != second
    assert "correct" not in first


def test_parameters_are_kept_beside_the_hash() -> None:
    """So that they can grow, and old hashes still match."""
    old = "scrypt$1024$8$1$" + passwords.hashed("x").split("$", 4)[4]
    assert not passwords.matches("x", old)
    assert passwords.hashed("x").startswith(
        f"scrypt${passwords.COST}${passwords.BLOCK}${passwords.PARALLEL}$"
    )
