"""Which signature counts, and which form a host gets."""

import pytest

from federation.errors import BadSignature, Unsigned
from federation.signatures import CAVAGE, RFC9421, Incoming, Outgoing, claim, draft, first, other

DAY_US = 24 * 3600 * 1_000_000


@pytest.mark.parametrize("name", ["V-4", "V-5", "V-6", "V-7", "V-8", "V-9", "V-10"])
def test_either_form_is_found(vectors, rsa, ed25519, name):
    """AP-414, AP-440: the form is told by the fields."""
    signer = ed25519 if name == "V-10" else rsa
    found = claim(vectors.request(name), origins=vectors.origins, now=vectors.noon)
    found.confirm(signer.key.public_key())


def test_unsigned(vectors):
    """SEC-001: no signature at all is its own answer."""
    with pytest.raises(Unsigned):
        claim(vectors.request("V-4", headers={"signature": None}), origins=vectors.origins, now=vectors.noon)


def test_two_signature_fields(vectors):
    """V-4, SEC-007: two Signature fields, in either order, are none."""
    incoming = vectors.request("V-4")
    extra = (b"Signature", b'keyId="x",headers="host",signature="AAAA"')
    for headers in ([*incoming.headers, extra], [extra, *incoming.headers]):
        doubled = Incoming(incoming.method, incoming.target, headers, incoming.body)
        with pytest.raises(BadSignature, match="exactly one"):
            claim(doubled, origins=vectors.origins, now=vectors.noon)


def test_no_falling_back(vectors):
    """SEC-007: with Signature-Input present, a good signature of the other form does not help."""
    inputs = vectors.data["V-8"]["headers"]["signature-input"]
    incoming = vectors.request("V-4", headers={"signature-input": inputs})
    with pytest.raises(BadSignature):
        claim(incoming, origins=vectors.origins, now=vectors.noon)


def test_input_without_signature(vectors):
    """SEC-007: Signature-Input alone is a broken signature, not an unsigned request."""
    incoming = vectors.request("V-8", headers={"signature": None})
    with pytest.raises(BadSignature):
        claim(incoming, origins=vectors.origins, now=vectors.noon)


def test_authorization_form(vectors):
    """SEC-007: the Authorization spelling is refused, alone or beside a good signature."""
    value = vectors.data["V-4"]["headers"]["signature"]
    for changes in (
        {"authorization": f"Signature {value}"},
        {"authorization": f"signature {value}", "signature": None},
    ):
        with pytest.raises(BadSignature, match="Signature field only"):
            claim(vectors.request("V-4", headers=changes), origins=vectors.origins, now=vectors.noon)


def test_host_forms(vectors, rsa):
    """SEC-006: the Host field must come once; its case and the default port do not make another host."""
    for host in ("B.example", "b.example:443"):
        changed = vectors.request("V-8", headers={"host": host})
        claim(changed, origins=vectors.origins, now=vectors.noon).confirm(rsa.key.public_key())
    incoming = vectors.request("V-8")
    doubled = Incoming("POST", incoming.target, [*incoming.headers, (b"host", b"b.example")], incoming.body)
    with pytest.raises(BadSignature):
        claim(doubled, origins=vectors.origins, now=vectors.noon)


def test_form_for_a_host():
    """AP-455: cavage for strangers, what worked for 30 days after that, the other one for a second knock."""
    assert first(None, None, now=0) == CAVAGE
    assert first(RFC9421, 0, now=29 * DAY_US) == RFC9421
    assert first(RFC9421, 0, now=31 * DAY_US) == CAVAGE
    assert first(CAVAGE, 0, now=0) == CAVAGE
    assert (other(CAVAGE), other(RFC9421)) == (RFC9421, CAVAGE)


@pytest.mark.parametrize("form", [CAVAGE, RFC9421])
@pytest.mark.parametrize("body", [None, b"{}"])
def test_what_we_send_we_accept(vectors, rsa, form, body):
    """AP-410, AP-444: both forms, with and without a body."""
    method = "GET" if body is None else "POST"
    outgoing = Outgoing(method, "https://b.example", "/x?y=1", "application/activity+json", body)
    headers = rsa.sign(draft(form, rsa, outgoing, now=vectors.noon)) | {"content-type": outgoing.content_type}
    fields = [(name.encode(), value.encode()) for name, value in headers.items()]
    incoming = Incoming(method, "/x?y=1", fields, body or b"")
    claim(incoming, origins=vectors.origins, now=vectors.noon).confirm(rsa.key.public_key())


def test_get_without_its_query(vectors, rsa):
    """AP-412: for peers that sign so, the query can be left out of our signed text."""
    outgoing = Outgoing("GET", "https://b.example", "/x?y=1")
    text = draft(CAVAGE, rsa, outgoing, now=vectors.noon, with_query=False).text
    assert text.startswith(b"(request-target): get /x\n")
