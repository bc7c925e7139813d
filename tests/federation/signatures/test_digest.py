"""Digests of a body, both header fields."""

import pytest

from federation.errors import BadSignature
from federation.signatures.digest import check_content_digest, check_digest, content_digest, digest


def test_published_values(vectors):
    """V-3, AP-413, AP-443: the published body has the published digests."""
    body = vectors.data["body"].encode()
    assert digest(body) == vectors.data["digest"]
    assert content_digest(body) == vectors.data["content_digest_256"]
    assert digest(b"") == vectors.data["empty_digest"]
    check_digest(vectors.data["digest"], body)
    check_content_digest(vectors.data["content_digest_256"], body)
    check_content_digest(vectors.data["content_digest_512"], body)


def test_all_known_digests_must_match(vectors):
    """SEC-004: one right digest does not excuse a wrong one; unknown kinds are passed over."""
    body = vectors.data["body"].encode()
    right, other = vectors.data["content_digest_256"], vectors.data["content_digest_512"]
    check_content_digest(f"{right}, {other}, md5=:AAAA:", body)
    check_digest(f"MD5=AAAA,{digest(body)}", body)
    with pytest.raises(BadSignature):
        check_content_digest(f"{right}, sha-512=:AAAA:", body)
    with pytest.raises(BadSignature):
        check_digest(f"{digest(body)},{digest(b'')}", body)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "SHA-256",
        "MD5=AAAA",
        "SHA-256=eb65bb328fc8deeadab44ad90cc67d86ca5d7a3f7c5e57cc0ccd30c0f85f7f1d",
        "SHA-256=62W7Mo/I3uratErZDOZ9hspdej98XlfMDM0wwPhffx0",
        "SHA-256= 62W7Mo/I3uratErZDOZ9hspdej98XlfMDM0wwPhffx0=",
        "SHA-256=\xff",
        "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    ],
)
def test_bad_digest(vectors, value):
    """SEC-004: nothing, an unknown kind, hex, no padding, spaces, or another body's digest."""
    with pytest.raises(BadSignature):
        check_digest(value, vectors.data["body"].encode())


@pytest.mark.parametrize(
    "value", ["", "sha-256", "sha-256=1", "sha-256=:AAAA", "md5=:AAAA:", "sha-256=(1 2)", "\xff"]
)
def test_bad_content_digest(vectors, value):
    """SEC-004, AP-443: what is no dictionary of byte strings holds no digest."""
    with pytest.raises(BadSignature):
        check_content_digest(value, vectors.data["body"].encode())


def test_one_changed_byte(vectors):
    """SEC-004: any other body is refused."""
    body = vectors.data["body"].encode()
    with pytest.raises(BadSignature):
        check_digest(digest(body), body + b" ")
    with pytest.raises(BadSignature):
        check_content_digest(content_digest(body), body[:-1])
