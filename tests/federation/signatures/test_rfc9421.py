"""RFC 9421 signatures, against the published vectors, the RFC's own example, and another implementation."""

import hashlib
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import http_message_signatures as oracle
import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.errors import BadSignature
from federation.signatures import Incoming, Outgoing, rfc9421
from federation.signatures.message import Claim

ACTIVITY = "application/activity+json"


def claim(incoming, *, now, origins):
    inputs, signature = incoming.field("signature-input"), incoming.field("signature")
    return rfc9421.claim(incoming, inputs, signature, origins=origins, now=now)


def confirm(incoming, signer, *, now, origins):
    claim(incoming, now=now, origins=origins).confirm(signer.key.public_key())


@pytest.mark.parametrize("name", ["V-8", "V-9", "V-10"])
def test_vectors_hold(vectors, rsa, ed25519, name):
    """V-8 to V-10: the signature base is the published one, and the published signature holds."""
    found = claim(vectors.request(name), now=vectors.noon, origins=vectors.origins)
    assert hashlib.sha256(found.texts[0]).hexdigest() == vectors.data[name]["sha256"]
    found.confirm((ed25519 if name == "V-10" else rsa).key.public_key())


def test_label_is_not_signed(vectors, rsa):
    """V-8: any label will do, but it must be the same in both fields."""
    fields = vectors.data["V-8"]["headers"]
    renamed = {name: fields[name].replace("sig1=", "anything=") for name in ("signature", "signature-input")}
    confirm(vectors.request("V-8", headers=renamed), rsa, now=vectors.noon, origins=vectors.origins)
    incoming = vectors.request("V-8", headers={"signature": renamed["signature"]})
    with pytest.raises(BadSignature):
        confirm(incoming, rsa, now=vectors.noon, origins=vectors.origins)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (";created", ';alg="ed25519";created'),
        (";created", ';alg="hmac-sha256";created'),
        (";created=1795176000", ""),
        ("created=1795176000", 'created="1795176000"'),
        ("created=1795176000", "created=1795176000.0"),
        (';keyid="https://a.example/u/ada#main-key"', ""),
        ('keyid="https://a.example/u/ada#main-key"', "keyid=ada"),
        ('"@method" ', ""),
        ('"@target-uri" ', ""),
        (' "content-digest"', ""),
        ('"@method" ', '"@method" "@method" '),
        ('"@method" ', '"@method";req '),
        ('"@method" ', '"@method" "content-digest";key="sha-256" '),
        ('"@method" ', '"@method" "@status" '),
        ('"@method" ', '"@method" "@query-param";name="a" '),
        ('"@method" ', '"@method" "x-absent" '),
        ('"@method" ', "1 "),
        ("sig1=(", "sig1=1,("),
        ('("@method" "@target-uri" "content-digest")', '"@method"'),
    ],
)
def test_altered_input_fails(vectors, rsa, old, new):
    """V-8, SEC-003, SEC-008, AP-440 to AP-442: each weakening of Signature-Input."""
    value = vectors.data["V-8"]["headers"]["signature-input"]
    changed = value.replace(old, new)
    assert changed != value
    incoming = vectors.request("V-8", headers={"signature-input": changed})
    with pytest.raises(BadSignature):
        confirm(incoming, rsa, now=vectors.noon, origins=vectors.origins)


@pytest.mark.parametrize("missing", ['"@method"', '"@target-uri"', '"content-digest"'])
def test_coverage(vectors, ed25519, missing):
    """SEC-003, AP-441: a valid signature that leaves out one needed component is refused."""
    covered = " ".join(n for n in ('"@method"', '"@target-uri"', '"content-digest"') if n != missing)
    incoming = resigned(vectors.request("V-8"), ed25519, f'({covered});created=1795176000;keyid="k"')
    with pytest.raises(BadSignature, match="cover"):
        confirm(incoming, ed25519, now=vectors.noon, origins=vectors.origins)


@pytest.mark.parametrize(
    "covered",
    [
        '"@method" "@authority" "@path" "content-digest"',
        '"@method" "@authority" "@request-target" "content-digest"',
        '"@method" "@target-uri" "@scheme" "@query" "content-digest"',
    ],
)
def test_other_ways_to_cover_the_target(vectors, ed25519, covered):
    """AP-441: each of the three spellings of the target is enough."""
    incoming = resigned(vectors.request("V-8"), ed25519, f'({covered});created=1795176000;keyid="k"')
    confirm(incoming, ed25519, now=vectors.noon, origins=vectors.origins)


def resigned(incoming, signer, parameters):
    """Sign the request rightly, but over other components."""
    member = rfc9421.parse(f"sig1={parameters}")[0]
    text = rfc9421.base(incoming, member, "https://b.example")
    signature = b64encode(signer.key.sign(text)).decode()
    headers = dict(incoming.headers)
    headers[b"signature-input"] = f"sig1={parameters}".encode()
    headers[b"signature"] = f"sig1=:{signature}:".encode()
    return replace(incoming, headers=list(headers.items()))


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ('("@method" "@target-uri" "content-digest");created=1795176000;keyid=token', "not a string"),
        (
            '("@method" "@target-uri" "content-digest");created=1795176000;keyid="k";alg="rsa-pss-sha512"',
            "not accepted",
        ),
        ('("@method" "@method" "@target-uri" "content-digest");created=1795176000;keyid="k"', "twice"),
    ],
)
def test_rightly_signed_but_not_accepted(vectors, ed25519, parameters, reason):
    """SEC-008, AP-440: a signature that holds does not make up for what it says."""
    incoming = resigned(vectors.request("V-8"), ed25519, parameters)
    with pytest.raises(BadSignature, match=reason):
        confirm(incoming, ed25519, now=vectors.noon, origins=vectors.origins)


def test_component_parameters_are_not_passed_over(vectors, ed25519):
    """AP-442: a component with a parameter is not the same component without it."""
    for written in ('"@method";req', '"content-digest";sf', '"content-digest";bs'):
        with pytest.raises(BadSignature, match="not understood"):
            rfc9421.parse(f'sig1=({written} "@target-uri");created=1;keyid="k"')


def test_two_usable_signatures(vectors, ed25519):
    """AP-440, SEC-007: which of two would count? Neither. One that is of no use does no harm."""
    parameters = '("@method" "@target-uri" "content-digest");created=1795176000;keyid="k"'
    incoming = resigned(vectors.request("V-8"), ed25519, parameters)
    fields = dict(incoming.headers)
    inputs, signature = fields[b"signature-input"].decode(), fields[b"signature"].decode()
    two = {
        b"signature-input": f"{inputs}, b={parameters}".encode(),
        b"signature": f"{signature}, b={signature[5:]}".encode(),
    }
    with pytest.raises(BadSignature, match="more than one"):
        confirm(
            replace(incoming, headers=list((fields | two).items())),
            ed25519,
            now=vectors.noon,
            origins=vectors.origins,
        )
    two[b"signature-input"] = f'{inputs}, b=("date");created=1795176000;tag="proxy, one"'.encode()
    harmless = replace(incoming, headers=list((fields | two).items()))
    confirm(harmless, ed25519, now=vectors.noon, origins=vectors.origins)


def test_scheme_is_ours(vectors, rsa):
    """V-8: the target rebuilt as http is another target."""
    with pytest.raises(BadSignature):
        confirm(vectors.request("V-8"), rsa, now=vectors.noon, origins={"http://b.example"})


@pytest.mark.parametrize(
    "changes",
    [
        {"target": "/u/eve/inbox"},
        {"target": "/u/bob/inbox?x"},
        {"method": "PUT"},
        {"headers": {"host": "c.example"}},
        {"headers": {"host": None}},
        {"headers": {"content-digest": None}},
        {
            "headers": {
                "content-digest": None,
                "digest": "SHA-256=62W7Mo/I3uratErZDOZ9hspdej98XlfMDM0wwPhffx0=",
            }
        },
        {"body": b"{}"},
    ],
)
def test_altered_post_fails(vectors, rsa, changes):
    """V-8, AP-443, SEC-004, SEC-006: another path, method, host or body; the old digest is no substitute."""
    with pytest.raises(BadSignature):
        confirm(vectors.request("V-8", **changes), rsa, now=vectors.noon, origins=vectors.origins)


def test_parameters_are_not_sorted(vectors, rsa):
    """V-9: the order of parameters is the sender's; another order is another text."""
    value = vectors.data["V-9"]["headers"]["signature-input"]
    head, _, _ = value.partition(";alg")
    other = head + ';created=1795176000;keyid="https://a.example/u/ada#main-key";alg="rsa-v1_5-sha256"'
    incoming = vectors.request("V-9", headers={"signature-input": other})
    with pytest.raises(BadSignature):
        confirm(incoming, rsa, now=vectors.noon, origins=vectors.origins)


def test_expired_other_key_other_query(vectors, rsa, ed25519):
    """V-10: not with the RSA key, not after it expires, not without or with another query."""
    with pytest.raises(BadSignature):
        confirm(vectors.request("V-10"), rsa, now=vectors.noon, origins=vectors.origins)
    with pytest.raises(BadSignature, match="expired"):
        confirm(vectors.request("V-10"), ed25519, now=vectors.noon + 301_000_000, origins=vectors.origins)
    for target in ("/u/bob/outbox", "/u/bob/outbox?max_id=9&page=true"):
        changed = vectors.request("V-10", target=target)
        with pytest.raises(BadSignature):
            confirm(changed, ed25519, now=vectors.noon, origins=vectors.origins)


@pytest.mark.parametrize("shift_seconds", [-3601, 3601, 86400, -86400])
def test_freshness(vectors, rsa, shift_seconds):
    """SEC-005: an hour each way."""
    now = vectors.noon + shift_seconds * 1_000_000
    with pytest.raises(BadSignature):
        confirm(vectors.request("V-8"), rsa, now=now, origins=vectors.origins)


@pytest.mark.parametrize(
    ("inputs", "signature"),
    [
        ("", "sig1=:AAAA:"),
        ("sig1=(", "sig1=:AAAA:"),
        ("\xff", "sig1=:AAAA:"),
        ('a=("@method");created=1, a=("@method");created=2', "a=:AAAA:"),
        ('sig1=("@method" "@target-uri");created=1795176000;keyid="k"', "sig1=AAAA"),
        ('sig1=("@method" "@target-uri");created=1795176000;keyid="k"', "sig1=(1)"),
        ('sig1=("@method" "@target-uri");created=1795176000;keyid="k"', ""),
    ],
)
def test_unreadable_fields(vectors, inputs, signature):
    """AP-440: what is no dictionary of lists, or names a signature twice, is refused."""
    with pytest.raises(BadSignature):
        rfc9421.claim(
            Incoming("GET", "/", [(b"host", b"b.example")]),
            inputs,
            signature,
            origins=vectors.origins,
            now=vectors.noon,
        )


def test_example_of_the_rfc():
    """AP-445: RFC 9421 appendix B.2.6."""
    incoming = Incoming(
        "POST",
        "/foo?param=Value&Pet=dog",
        [
            (b"Host", b"example.com"),
            (b"Date", b"Tue, 20 Apr 2021 02:07:55 GMT"),
            (b"Content-Type", b"application/json"),
            (b"Content-Length", b"18"),
        ],
    )
    member = rfc9421.parse(
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"'
    )[0]
    text = rfc9421.base(incoming, member, "https://example.com")
    point = "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
    key = f"-----BEGIN PUBLIC KEY-----\n{point}\n-----END PUBLIC KEY-----\n"
    signature = rfc9421.dictionary(
        "Signature",
        "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
    )["sig-b26"][0]
    Claim("test-key-ed25519", (text,), signature, ("ed25519",)).confirm(load_pem_public_key(key.encode()))


def headers_of(signer, outgoing, now):
    headers = signer.sign(rfc9421.draft(signer, outgoing, now=now))
    return headers | {"Content-Type": outgoing.content_type}


@given(
    body=st.binary(max_size=200), path=st.from_regex(r"/[a-z0-9/]{0,20}(\?[a-z0-9=&]{0,20})?", fullmatch=True)
)
def test_round_trip(vectors, ed25519, body, path):
    """What we sign, we verify; with any other body it fails."""
    outgoing = Outgoing("POST", "https://b.example", path, ACTIVITY, body)
    headers = headers_of(ed25519, outgoing, vectors.noon)
    fields = [(name.encode(), value.encode()) for name, value in headers.items()]
    incoming = Incoming("POST", path, fields, body)
    confirm(incoming, ed25519, now=vectors.noon, origins=vectors.origins)
    changed = Incoming("POST", path, fields, body + b"x")
    with pytest.raises(BadSignature):
        confirm(changed, ed25519, now=vectors.noon, origins=vectors.origins)


@given(data=st.data())
def test_any_changed_byte_fails(vectors, rsa, data):
    """Any single character changed in the signature's parameters breaks it."""
    value = vectors.data["V-9"]["headers"]["signature-input"].removeprefix("sig1=")
    index = data.draw(st.integers(0, len(value) - 1))
    new = data.draw(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E).filter(lambda new: new != value[index])
    )
    changed = f"sig1={value[:index]}{new}{value[index + 1 :]}"
    incoming = vectors.request("V-9", headers={"signature-input": changed})
    with pytest.raises(BadSignature):
        confirm(incoming, rsa, now=vectors.noon, origins=vectors.origins)


class Message:
    """A request as the other implementation wants it."""

    def __init__(self, method, url, headers):
        self.method, self.url, self.headers = method, url, headers


class Keys(oracle.HTTPSignatureKeyResolver):
    def __init__(self, signer):
        self.signer = signer

    def resolve_public_key(self, key_id):
        return self.signer.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def resolve_private_key(self, key_id):
        return self.signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@settings(max_examples=20)
@given(
    body=st.binary(max_size=100), path=st.from_regex(r"/[a-z0-9/]{0,20}(\?[a-z0-9=&]{1,20})?", fullmatch=True)
)
def test_another_implementation_believes_us(vectors, ed25519, body, path):
    """An independent verifier accepts what we sign."""
    outgoing = Outgoing("POST", "https://b.example", path, ACTIVITY, body)
    headers = headers_of(ed25519, outgoing, vectors.noon)
    verifier = oracle.HTTPMessageVerifier(
        signature_algorithm=oracle.algorithms.ED25519, key_resolver=Keys(ed25519)
    )
    verifier.max_clock_skew = timedelta(days=36500)
    verifier.validate_created_and_expires = lambda *_, **__: None
    message = Message("POST", f"https://b.example{path}", headers)
    assert verifier.verify(message, max_age=timedelta(days=36500))[0].parameters["keyid"] == ed25519.key_id


@pytest.mark.parametrize(
    "covered", [("@method", "@target-uri"), ("@method", "@authority", "@path", "@query")]
)
def test_we_believe_another_implementation(vectors, ed25519, covered):
    """We accept what an independent signer makes."""
    message = Message("GET", "https://b.example/u/bob/outbox?page=true&max_id=9", {"Host": "b.example"})
    signer = oracle.HTTPMessageSigner(
        signature_algorithm=oracle.algorithms.ED25519, key_resolver=Keys(ed25519)
    )
    created = datetime.fromtimestamp(vectors.noon // 1_000_000, UTC)
    signer.sign(message, key_id="k", created=created, covered_component_ids=covered)
    fields = [(name.encode(), value.encode()) for name, value in message.headers.items()]
    incoming = Incoming("GET", "/u/bob/outbox?page=true&max_id=9", fields)
    confirm(incoming, ed25519, now=vectors.noon, origins=vectors.origins)


@given(inputs=st.text(max_size=200), signature=st.text(max_size=50))
def test_any_text_is_read_or_refused(vectors, inputs, signature):
    """Hostile header fields raise nothing but our own error."""
    incoming = Incoming("GET", "/", [(b"host", b"b.example")])
    with pytest.raises(BadSignature):
        rfc9421.claim(incoming, inputs, signature, origins=vectors.origins, now=vectors.noon)
