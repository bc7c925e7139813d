"""Proof that who redeems a code is who asked for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.auth import pkce

VERIFIER = "headwater-pkce-verifier-0123456789-abcdefghijklmnop"
CHALLENGE = "Wntswr7W1k6DmpEajwiQgMX9XbaELQQ8PsX9_ttv4So"


def test_the_vectors() -> None:
    """V-16, and RFC 7636 appendix B."""
    assert pkce.challenge_of(VERIFIER) == CHALLENGE
    rfc = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert pkce.challenge_of(rfc) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize(
    "verifier", ["", CHALLENGE, VERIFIER + "x", VERIFIER[:42], VERIFIER + "ü", VERIFIER * 3]
)
def test_what_proves_nothing(verifier: str) -> None:
    """AP-537, AP-539."""
    assert not pkce.is_proof(verifier, CHALLENGE)
    assert pkce.is_proof(VERIFIER, CHALLENGE)


@given(st.from_regex(pkce.VERIFIER, fullmatch=True))
def test_every_verifier_proves_its_challenge(verifier: str) -> None:
    """AP-537."""
    challenge = pkce.challenge_of(verifier)
    assert pkce.CHALLENGE.fullmatch(challenge)
    assert pkce.is_proof(verifier, challenge)
