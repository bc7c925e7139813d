"""One canonical form to compare, block, dedupe and connect with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import BadIri, iri

SAME = [
    ("https://a.example/u/ada", "https://a.example/u/ada"),
    ("HTTPS://A.Example:443/U/Ada", "https://a.example/U/Ada"),
    ("http://a.example:80/x", "http://a.example/x"),
    ("http://a.example:443/x", "http://a.example:443/x"),
    ("https://a.example./x", "https://a.example/x"),
    ("https://a.example:/x", "https://a.example/x"),
    ("https://a.example:08443/x", "https://a.example:8443/x"),
    ("https://h。example/x", "https://h.example/x"),
    ("https://bücher.example/ü", "https://xn--bcher-kva.example/ü"),
    ("https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example/"),
    ("https://faß.example/", "https://xn--fa-hia.example/"),
    ("https://[0:0::1]:443/", "https://[::1]/"),
    ("https://127.0.0.1:8080/x", "https://127.0.0.1:8080/x"),
    ("http://localhost:8000/users/ada", "http://localhost:8000/users/ada"),
    ("https://a.example/%7Eada?b=%2F&a=1#main-key", "https://a.example/%7Eada?b=%2F&a=1#main-key"),
    ("https://a.example/convert/ap/at://did:plc:x", "https://a.example/convert/ap/at://did:plc:x"),
    ("AP://did:key:z6/actor", "ap://did:key:z6/actor"),
    ("urn:uuid:1", "urn:uuid:1"),
]

REFUSED = [
    "", "ada", "/u/ada", "//a.example/x", "https:", "https://", "https:///x", "https:/a.example", "https://?x",
    "https://a..example/", "https://.a.example/", "https://-a.example/", "https://a.example../",
    "https://ada@a.example/", "https://ada:secret@a.example/", r"https://a.example\@b.example/",
    "https://a.example/ x", "https://a.example/\n", "https://a.example/\u2028", "https://a.example/\ud800",
    "https://a.example/<x>", "https://a.example:0/", "https://a.example:65536/", "https://a.example:8a/",
    "https://a.example:१/", "http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/", "http://0177.0.0.1/",
    "http://1.2.3.4.5/", "http://256.1.1.1/", "https://[::1/", "https://[x]/", "https://[fe80::1%25eth0]/",
    "https://xn--a.example/", "https://a%2eexample/", "https://" + "a" * 64 + ".example/",
    "https://a.example/" + "x" * 2_048, "https://a.example/" + "\u58f8" * 700, "https://" + "a." * 127 + "example/",
]  # fmt: skip


@pytest.mark.parametrize(("sent", "form"), SAME)
def test_canonical_form(sent, form):
    """IQ-756, SEC-040: scheme, host and port have one spelling; path, query and fragment are left alone (AP-062)."""
    assert iri.canonical(sent) == form


@pytest.mark.parametrize("sent", REFUSED)
def test_refused(sent):
    """SEC-040: what clients and resolvers read in several ways has no canonical form."""
    with pytest.raises(BadIri):
        iri.canonical(sent)
    assert not iri.is_http(sent)


@given(st.text(st.sampled_from("aAzé。.-_:@/?#[]%\\0x1 ßñ"), max_size=40).map("https://".__add__) | st.text())
def test_canonical_is_stable(sent):
    """SEC-040: the canonical form of a canonical form is itself, and nothing else is ever raised."""
    try:
        form = iri.canonical(sent)
    except BadIri:
        return
    assert iri.canonical(form) == form


@given(st.from_regex(r"[a-z0-9-]{1,12}(\.[a-z0-9-]{1,12}){1,3}", fullmatch=True))
def test_fast_and_slow_reading_agree(name):
    """SEC-040: an ordinary host gives the same answer as its spelling in capitals, which takes the long way."""
    forms = []
    for spelling in (name, name.upper()):
        try:
            forms.append(iri.canonical(f"https://{spelling}/x"))
        except BadIri:
            forms.append(None)
    assert forms[0] == forms[1]


def test_host_and_origin():
    """SEC-012: the host carries its port unless it is the scheme's own."""
    assert iri.host("https://A.example:443/x?y#z") == "a.example"
    assert iri.host("https://a.example:8443?x") == "a.example:8443"
    assert iri.origin("http://a.example:8000#x") == "http://a.example:8000"
    with pytest.raises(BadIri):
        iri.origin("urn:uuid:1")


def test_same_origin():
    """SEC-024: scheme, host and port all count; what cannot be read is nobody's."""
    assert iri.same_origin("https://a.example/1", "https://A.EXAMPLE:443/2")
    assert not iri.same_origin("https://a.example/1", "http://a.example/1")
    assert not iri.same_origin("https://a.example/1", "https://a.example:8443/1")
    assert not iri.same_origin("https://a.example/1", "https://a.example.b.example/1")
    assert not iri.same_origin("urn:x:1", "urn:x:1")


def test_is_http():
    """SEC-045: only http and https lead anywhere."""
    assert iri.is_http("https://a.example/")
    assert not any(
        map(iri.is_http, ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ap://x"))
    )


def test_dereferencing():
    """AP-019, AP-062: the fragment stays here, and non-ASCII is percent-encoded only to be fetched."""
    assert iri.without_fragment("https://a.example/u#main-key") == "https://a.example/u"
    assert iri.as_uri("https://bücher.example/ü?é=%20") == "https://xn--bcher-kva.example/%C3%BC?%C3%A9=%20"


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("https://a.example/ü?q=ö#é", "https://a.example/ü?q=ö#é"),
        ("https://a.example/a|b{c}^`\\", "https://a.example/a%7Cb%7Bc%7D%5E%60%5C"),
        ("https://a.example/%zz%20%", "https://a.example/%25zz%20%25"),
        ('https://a.example/x y\n"<>', "https://a.example/x%20y%0A%22%3C%3E"),
        ("https://a.example/\u202e\ud800", "https://a.example/%E2%80%AE%3F"),
    ],
)
def test_what_no_iri_may_have_is_encoded_where_it_is_written(sent, written):
    """RFC 3987 §2.2: and nothing else changes."""
    assert iri.written(sent) == written
    assert iri.written(written) == written


def test_an_address_in_ascii():
    """RFC 3986: for formats that know no other; what is encoded already stays so."""
    assert (
        iri.as_ascii("https://bücher.example/ü|%20?é") == "https://xn--bcher-kva.example/%C3%BC%7C%20?%C3%A9"
    )
    with pytest.raises(BadIri):
        iri.as_ascii("https://[::1")


def test_whatever_something_is_called_it_has_an_iri():
    """RFC 4287 §4.2.6: always the same one, and another for another name."""
    assert iri.identifier("tag:a.example,2026:1") == "tag:a.example,2026:1"
    assert iri.identifier("https://a.example/a b") == "https://a.example/a%20b"
    names = ["4f1c2d", "run 5", "", "/a/b", ":x"]
    made = [iri.identifier(name) for name in names]
    assert all(one.startswith("urn:uuid:") for one in made)
    assert len(set(made)) == len(names)
    assert made == [iri.identifier(name) for name in names]
