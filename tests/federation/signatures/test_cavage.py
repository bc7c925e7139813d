"""draft-cavage signatures, against the published vectors, the draft's own examples, and themselves."""

import contextlib
import hashlib
from base64 import b64encode
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import BadSignature
from federation.signatures import Incoming, Outgoing, algorithms, cavage
from federation.signatures.digest import digest
from federation.signatures.message import Claim

HOUR_US = 3600 * 1_000_000


def confirm(incoming, signer, *, now, origins):
    value = incoming.field("signature")
    cavage.claim(incoming, value, origins=origins, now=now).confirm(signer.key.public_key())


@pytest.mark.parametrize("name", ["V-4", "V-5", "V-6", "V-7"])
def test_vectors_hold(vectors, rsa, name):
    """V-4 to V-7: the signing text is the published one, and the published signature holds."""
    incoming = vectors.request(name)
    claim = cavage.claim(incoming, incoming.field("signature"), origins=vectors.origins, now=vectors.noon)
    assert vectors.data[name]["sha256"] in [hashlib.sha256(text).hexdigest() for text in claim.texts]
    assert claim.key_id == rsa.key_id
    claim.confirm(rsa.key.public_key())


def test_our_post_is_the_published_one(vectors, rsa):
    """AP-410, AP-411, IQ-709: signing the request of V-4 gives its header field, byte for byte."""
    body = vectors.data["body"].encode()
    outgoing = Outgoing("POST", "https://b.example", "/u/bob/inbox", "application/activity+json", body)
    headers = rsa.sign(cavage.draft(rsa, outgoing, now=vectors.noon))
    expected = vectors.data["V-4"]["headers"]
    assert headers == {
        "Host": "b.example",
        "Date": expected["date"],
        "Digest": expected["digest"],
        "Signature": expected["signature"],
    }


@pytest.mark.parametrize("algorithm", ['algorithm="hs2019",', "", 'algorithm="RSA-SHA256",'])
def test_algorithm_may_be_vague(vectors, rsa, algorithm):
    """V-4, AP-416: hs2019 and no algorithm at all mean what the key means."""
    value = vectors.data["V-4"]["headers"]["signature"].replace('algorithm="rsa-sha256",', algorithm)
    confirm(
        vectors.request("V-4", headers={"signature": value}), rsa, now=vectors.noon, origins=vectors.origins
    )


@pytest.mark.parametrize("algorithm", ["ed25519", "hmac-sha256", "rsa-sha1", "none", "", "ecdsa-sha256"])
def test_algorithm_must_be_the_keys(vectors, rsa, algorithm):
    """SEC-008: a right signature that names another algorithm than the key's is refused."""
    value = vectors.data["V-4"]["headers"]["signature"].replace("rsa-sha256", algorithm)
    incoming = vectors.request("V-4", headers={"signature": value})
    with pytest.raises(BadSignature):
        confirm(incoming, rsa, now=vectors.noon, origins=vectors.origins)


@pytest.mark.parametrize(
    "changes",
    [
        {"target": "/u/eve/inbox"},
        {"method": "PUT"},
        {"headers": {"host": "c.example"}},
        {"headers": {"host": None}},
        {"headers": {"date": "Fri, 20 Nov 2026 12:00:01 GMT"}},
        {"headers": {"date": None}},
        {"headers": {"digest": None}},
        {"headers": {"content-type": "application/ld+json"}},
        {"headers": {"content-type": None}},
        {"body": b"{}"},
    ],
)
def test_altered_post_fails(vectors, rsa, changes):
    """V-4, SEC-004, SEC-006: another path, host, date, type or body, or one of them missing."""
    with pytest.raises(BadSignature):
        confirm(vectors.request("V-4", **changes), rsa, now=vectors.noon, origins=vectors.origins)


def test_other_servers_names_do_not_matter(vectors, rsa):
    """SEC-006: a request rightly signed for b.example is nothing at another server."""
    with pytest.raises(BadSignature):
        confirm(vectors.request("V-4"), rsa, now=vectors.noon, origins={"https://c.example"})


@pytest.mark.parametrize("missing", ["(request-target)", "host", "date", "digest"])
def test_coverage(vectors, rsa, missing):
    """SEC-003: a valid signature that leaves out one needed component is refused."""
    incoming = vectors.request("V-4")
    parameters = cavage.parse(incoming.field("signature"))
    covered = tuple(name for name in parameters.covered if name != missing)
    text = cavage.signing_text(replace(parameters, covered=covered), incoming, incoming.target)
    value = _field(rsa, covered, text)
    Claim(rsa.key_id, (text,), cavage.parse(value).signature, ("rsa-v1_5-sha256",)).confirm(
        rsa.key.public_key()
    )
    with pytest.raises(BadSignature, match="cover"):
        confirm(
            vectors.request("V-4", headers={"signature": value}),
            rsa,
            now=vectors.noon,
            origins=vectors.origins,
        )


def _field(signer, covered, text):
    signature = b64encode(algorithms.sign(signer.key, text)).decode()
    return f'keyId="{signer.key_id}",headers="{" ".join(covered)}",signature="{signature}"'


def test_default_coverage_is_too_weak(vectors, rsa):
    """AP-414, SEC-003: without ``headers`` only the date would be covered."""
    value = vectors.data["V-4"]["headers"]["signature"]
    start, _, rest = value.partition(',headers="')
    bare = start + "," + rest.partition('",')[2]
    with pytest.raises(BadSignature, match="headers"):
        confirm(
            vectors.request("V-4", headers={"signature": bare}),
            rsa,
            now=vectors.noon,
            origins=vectors.origins,
        )


@pytest.mark.parametrize("shift", [-HOUR_US - 1_000_000, HOUR_US + 1_000_000, 24 * HOUR_US, -24 * HOUR_US])
def test_freshness(vectors, rsa, shift):
    """SEC-005: older than an hour, or more than an hour ahead."""
    confirm(vectors.request("V-4"), rsa, now=vectors.noon + HOUR_US // 2, origins=vectors.origins)
    with pytest.raises(BadSignature):
        confirm(vectors.request("V-4"), rsa, now=vectors.noon + shift, origins=vectors.origins)


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Fri, 99 Nov 2026 12:00:00 GMT", "Fri, 20 Nov 99999999999 12:00:00 GMT"]
)
def test_unreadable_date(vectors, rsa, date):
    """SEC-005: a date nobody can read is no freshness."""
    with pytest.raises(BadSignature):
        confirm(
            vectors.request("V-4", headers={"date": date}), rsa, now=vectors.noon, origins=vectors.origins
        )


def test_get_query(vectors, rsa):
    """V-5, V-6, AP-412: on GET the query may be left out, but not changed."""
    swapped = vectors.request("V-5", target="/u/bob/outbox?max_id=9&page=true")
    with pytest.raises(BadSignature):
        confirm(swapped, rsa, now=vectors.noon, origins=vectors.origins)
    with pytest.raises(BadSignature):
        confirm(
            vectors.request("V-5", target="/u/bob/outbox"), rsa, now=vectors.noon, origins=vectors.origins
        )


def test_post_must_sign_its_query(vectors, rsa):
    """AP-412, SEC-006: leaving out the query is for GET alone."""
    incoming = vectors.request("V-4", target="/u/bob/inbox?x=1")
    with pytest.raises(BadSignature):
        confirm(incoming, rsa, now=vectors.noon, origins=vectors.origins)


def test_created_and_expires(vectors, rsa):
    """V-7, AP-417: not with rsa-sha256, not after it expires, not before it was made."""
    value = vectors.data["V-7"]["headers"]["signature"]
    for changed in (
        value.replace("hs2019", "rsa-sha256"),
        value.replace("created=1795176000", "created=1795176001"),
        value.replace("created=1795176000", 'created="1795176000"'),
        value.replace("created=1795176000,", ""),
        value.replace("created=1795176000", "created=99999999999999999999"),
    ):
        assert changed != value
        incoming = vectors.request("V-7", headers={"signature": changed})
        with pytest.raises(BadSignature):
            confirm(incoming, rsa, now=vectors.noon, origins=vectors.origins)
    confirm(vectors.request("V-7"), rsa, now=vectors.noon + 300 * 1_000_000, origins=vectors.origins)
    with pytest.raises(BadSignature, match="expired"):
        confirm(vectors.request("V-7"), rsa, now=vectors.noon + 301 * 1_000_000, origins=vectors.origins)
    with pytest.raises(BadSignature, match="future"):
        confirm(vectors.request("V-7"), rsa, now=vectors.noon - 1_000_000, origins=vectors.origins)


@pytest.mark.parametrize("name", ["(created)", "(expires)"])
def test_times_that_are_covered_but_not_given(vectors, rsa, name):
    """AP-417: a signer that signs a missing time as some text signs nothing."""
    covered = ("(request-target)", "host", "date", "digest", name)
    incoming = vectors.request("V-4")
    text = cavage.signing_text(cavage.parse(_field(rsa, covered, b"")), incoming, incoming.target)
    signed = vectors.request("V-4", headers={"signature": _field(rsa, covered, text)})
    with pytest.raises(BadSignature, match="does not give"):
        confirm(signed, rsa, now=vectors.noon, origins=vectors.origins)


def test_times_without_end():
    """SEC-052: a number of thousands of digits is refused, not computed."""
    with pytest.raises(BadSignature, match="range"):
        cavage.parse(f'keyId="k",headers="host",signature="AAAA",created={"9" * 5000}')


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Signature",
        'keyId="a"',
        'keyId="a",headers="host",signature="!!"',
        'keyId="a",keyId="b",headers="host",signature="AAAA"',
        'keyId="",headers="host",signature="AAAA"',
        'keyId="a",headers="host host",signature="AAAA"',
        'keyId="a" headers="host" signature="AAAA"',
        'keyId=a,headers="host",signature="AAAA"',
        'keyId="a,headers="host",signature="AAAA"',
        'keyId="a",headers="host",signature="AAA"',
    ],
)
def test_unreadable_fields(value):
    """AP-414, SEC-007: what cannot be read, or says something twice, is refused."""
    with pytest.raises(BadSignature):
        cavage.parse(value)


def test_parameters_in_any_order():
    """AP-414: order, spaces and escapes do not matter."""
    found = cavage.parse('signature="AAAA" , expires=7,headers="Host (request-target)", keyId="a\\"b" ')
    assert (found.key_id, found.covered, found.expires) == ('a"b', ("host", "(request-target)"), 7)


def test_repeated_and_empty_fields_in_the_text():
    """AP-415: several fields of one name are joined, an empty one keeps its name."""
    headers = [(b"X-A", b" 1 "), (b"x-a", b"2"), (b"X-B", b"")]
    parameters = cavage.parse('keyId="k",headers="x-a x-b",signature="AAAA"')
    assert cavage.signing_text(parameters, Incoming("GET", "/", headers), "/") == b"x-a: 1, 2\nx-b: "


DRAFT_KEY = """-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3
6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6
Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw
oYi+1hqp1fIekaxsyQIDAQAB
-----END PUBLIC KEY-----
"""
DRAFT_REQUEST = Incoming(
    "POST",
    "/foo?param=value&pet=dog",
    [
        (b"Host", b"example.com"),
        (b"Date", b"Sun, 05 Jan 2014 21:31:40 GMT"),
        (b"Content-Type", b"application/json"),
        (b"Digest", b"SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="),
        (b"Content-Length", b"18"),
    ],
    b'{"hello": "world"}',
)


@pytest.mark.parametrize(
    ("covered", "signature"),
    [
        (
            "date",
            "SjWJWbWN7i0wzBvtPl8rbASWz5xQW6mcJmn+ibttBqtifLN7Sazz6m79cNfwwb8DMJ5cou1s7uEGKKCs+FLEEaDV5lp7q25WqS+lavg"
            "7T8hc0GppauB6hbgEKTwblDHYGEtbGmtdHgVCk9SuS13F0hZ8FD0k/5OxEPXe5WozsbM=",
        ),
        (
            "(request-target) host date",
            "qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe8VfEdKFYRqz"
            "ic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0=",
        ),
        (
            "(request-target) host date content-type digest content-length",
            "vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52LaEUHFv120V01IL"
            "+TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE=",
        ),
    ],
)
def test_examples_of_the_draft(covered, signature):
    """AP-445: the draft's appendix C."""
    parameters = cavage.parse(
        f'keyId="Test",algorithm="rsa-sha256",headers="{covered}",signature="{signature}"'
    )
    text = cavage.signing_text(parameters, DRAFT_REQUEST, DRAFT_REQUEST.target)
    key = load_pem_public_key(DRAFT_KEY.encode())
    Claim("Test", (text,), parameters.signature, ("rsa-v1_5-sha256",)).confirm(key)
    assert digest(DRAFT_REQUEST.body) == DRAFT_REQUEST.field("digest")


@given(
    body=st.binary(max_size=200), path=st.from_regex(r"/[a-z0-9/]{0,20}(\?[a-z0-9=&]{0,20})?", fullmatch=True)
)
def test_round_trip(vectors, ed25519, body, path):
    """What we sign, we verify; with any other body it fails."""
    outgoing = Outgoing("POST", "https://b.example", path, "application/activity+json", body)
    headers = ed25519.sign(cavage.draft(ed25519, outgoing, now=vectors.noon))
    headers["Content-Type"] = outgoing.content_type
    fields = [(name.encode(), value.encode()) for name, value in headers.items()]
    incoming = Incoming("POST", path, fields, body)
    confirm(incoming, ed25519, now=vectors.noon, origins=vectors.origins)
    changed = Incoming("POST", path, fields, body + b"x")
    with pytest.raises(BadSignature):
        confirm(changed, ed25519, now=vectors.noon, origins=vectors.origins)


@given(data=st.data())
def test_any_changed_byte_fails(vectors, rsa, data):
    """Any single byte changed in what is covered breaks the signature."""
    incoming = vectors.request("V-4")
    name = data.draw(st.sampled_from([b"host", b"date", b"digest", b"content-type"]))
    value = dict(incoming.headers)[name]
    index = data.draw(st.integers(0, len(value) - 1))
    byte = data.draw(st.integers(0x21, 0x7E).filter(lambda byte: byte != value[index]))
    changed = value[:index] + bytes([byte]) + value[index + 1 :]
    if changed.lower() == value.lower() and name == b"host":
        changed = b"c.example"
    headers = [(key, changed if key == name else old) for key, old in incoming.headers]
    with pytest.raises(BadSignature):
        confirm(replace(incoming, headers=headers), rsa, now=vectors.noon, origins=vectors.origins)


@given(value=st.text(max_size=300))
def test_any_text_is_read_or_refused(value):
    """SEC-010: hostile header fields raise nothing but our own error."""
    with contextlib.suppress(BadSignature):
        cavage.parse(value)
