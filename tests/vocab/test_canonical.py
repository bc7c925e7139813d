"""Canonical JSON text: RFC 8785 vectors."""

import base64
import hashlib

import pytest

from vocab import JsonError, canonical, jsontext


def test_key_order_is_that_of_utf_16():
    """AP-504, V-13: an emoji sorts by its surrogates, before U+FB33."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\xf6"]
    names = ["Euro", "CR", "Hebrew", "One", "Smile", "Control", "O"]
    text = canonical.jcs(dict(zip(keys, names, strict=True)))
    assert text == base64.b64decode(
        "eyJcciI6IkNSIiwiMSI6Ik9uZSIsIsKAIjoiQ29udHJvbCIsIsO2IjoiTyIsIuKCrCI6IkV1cm8iLCLwn5iAIjoiU21pbGUiLCLvrLMi"
        "OiJIZWJyZXcifQ=="
    )
    digest = "30db0b469e774f9cc5b5c16616dfadbf18e0bc93a6c6c819525c96b5188439d5"
    assert hashlib.sha256(text).hexdigest() == digest


def test_numbers_by_value():
    """AP-504, V-13: the spelling a number came with does not matter."""
    sent = "[1.0,1e21,0.000001,1e-7,-0.0,4.5,2e-3,333333333.33333329,5e-324,1e20,123456789012345680000.0]"
    assert canonical.jcs(jsontext.loads(sent)) == (
        b"[1,1e+21,0.000001,1e-7,0,4.5,0.002,333333333.3333333,5e-324,100000000000000000000,123456789012345680000]"
    )


DOCUMENT = (
    '{"@context":["https://www.w3.org/ns/activitystreams","https://w3id.org/security/data-integrity/v2"],'
    '"id":"https://a.example/note/1","type":"Note","attributedTo":"https://a.example/u/ada",'
    '"to":["https://www.w3.org/ns/activitystreams#Public"],"published":"2026-11-20T12:00:00Z",'
    '"content":"<p>Grüße € 😀</p>","width":WIDTH,"ratio":0.5}'
)


@pytest.mark.parametrize("width", ["3.0", "3", "3e0"])
def test_document_of_an_integrity_proof(width):
    """AP-500: the hash that the proof signs, for every spelling of the same number."""
    text = canonical.jcs(jsontext.loads(DOCUMENT.replace("WIDTH", width)))
    assert text.endswith(b'"type":"Note","width":3}')
    digest = "514b9218931a40b59bf9c4219b98deab289988a4556bb72168c646d91e4df40e"
    assert hashlib.sha256(text).hexdigest() == digest


@pytest.mark.parametrize("change", [("WIDTH", "3.1"), ("ü", "u\u0308")])
def test_another_document_has_another_hash(change):
    """AP-500: a changed number, or text in another normal form, is another document."""
    plain = canonical.jcs(jsontext.loads(DOCUMENT.replace("WIDTH", "3")))
    changed = DOCUMENT.replace(*change).replace("WIDTH", "3")
    assert canonical.jcs(jsontext.loads(changed)) != plain


def test_unwritable():
    """SEC-052: what has no canonical form is our error."""
    for value in (2**60, float("nan"), "\ud800"):
        with pytest.raises(JsonError):
            canonical.jcs(value)
