"""Uploading a file and showing it: to whom it is meant for, and to nobody else."""

import hashlib
import io
import itertools
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from town import AS2, PUBLIC, Person, Server, Town, eventually

_names = itertools.count(1)


@pytest.fixture
def ada(here: Server) -> Person:
    return here.person(f"ada{next(_names)}")


def picture(width: int = 6, height: int = 4, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 10, 10)).save(out, options.pop("format", "PNG"), **options)
    return out.getvalue()


def upload(
    person: Person, file: bytes = b"", object: Any = None, *, name: str = "a.png", type: str = "image/png",
    expect: int = 201, headers: dict[str, str] | None = None,
) -> httpx.Response:  # fmt: skip
    data = {} if object is None else {"object": object if isinstance(object, str) else json.dumps(object)}
    answer = httpx.post(
        person.document["endpoints"]["uploadMedia"], data=data,
        files={"file": (name, file or picture(), type)},
        headers={"Authorization": f"Bearer {person.token}", **(headers or {})},
    )  # fmt: skip
    assert answer.status_code == expect, answer.text
    return answer


def test_an_upload_stands_in_the_outbox(ada: Person) -> None:
    """AP-580, AP-194: 201 with the Create, whose object tells type, size, digest and address of the file."""
    answer = upload(ada, object={"type": "Image", "name": "Red", "to": PUBLIC})
    create = answer.json()
    assert (create["type"], create["id"]) == ("Create", answer.headers["location"])
    assert create["object"]["name"] == "Red"
    image = ada.get(create["object"]["id"], signed_in=False).json()
    assert {term: image[term] for term in ("type", "mediaType", "width", "height")} == {
        "type": "Image", "mediaType": "image/png", "width": 6, "height": 4,
    }  # fmt: skip
    assert image["url"]["mediaType"] == "image/png"
    assert ada.items("outbox", signed_in=False)[0]["id"] == create["id"]
    file = httpx.get(image["url"]["href"])
    assert file.status_code == 200
    assert Image.open(io.BytesIO(file.content)).size == (6, 4)
    assert image["digestMultibase"].startswith("z")


def test_a_create_or_nothing_may_describe_the_file(ada: Person) -> None:
    """AP-580: a Create around the object, or the file alone, which only its owner sees (AP-642)."""
    shell = {"type": "Create", "to": PUBLIC, "object": {"type": "Document", "name": "Film"}}
    made = upload(ada, object=shell).json()
    assert (made["object"]["type"], made["object"]["name"]) == ("Document", "Film")
    assert httpx.get(made["object"]["url"]["href"]).status_code == 200
    alone = upload(ada).json()["object"]
    assert alone["type"] == "Image"
    assert httpx.get(alone["url"]["href"]).status_code == 404
    assert ada.get(alone["url"]["href"]).status_code == 200


def test_the_file_obeys_the_audience_of_its_object(here: Server, ada: Person) -> None:
    """AP-580, SEC-032, SEC-033: whom the object names sees the file; to all others it is not there."""
    bob, eve = (here.person(f"{name}{next(_names)}") for name in ("bob", "eve"))
    address = upload(ada, object={"type": "Image", "to": bob.id}).json()["object"]["url"]["href"]
    seen = bob.get(address)
    assert seen.status_code == 200
    assert seen.headers["cache-control"] == "private, no-store"
    hidden, absent = eve.get(address), eve.get(f"{address[:-1]}{'0' if address[-1] != '0' else '1'}")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.json() == absent.json()
    assert httpx.get(address).status_code == 404


def test_a_post_shows_the_files_it_names(here: Server, ada: Person) -> None:
    """SEC-098: attaching one's own file shows it to the post's readers; attaching another's gives no right."""
    bob = here.person(f"bob{next(_names)}")
    address = upload(ada).json()["object"]["url"]["href"]
    attachment = [{"type": "Image", "url": address, "mediaType": "image/png"}]
    bob.note("stolen", attachment=attachment)
    assert bob.get(address).status_code == httpx.get(address).status_code == 404
    post = ada.note("mine", attachment=attachment)["object"]["id"]
    assert httpx.get(address).status_code == 200
    ada.post({"type": "Update", "object": {"id": post, "type": "Note", "attachment": None}})
    assert httpx.get(address).status_code == 404
    ada.post({"type": "Update", "object": {"id": ada.id, "icon": attachment[0]}})
    assert httpx.get(address).status_code == 200


def test_a_deleted_object_shows_no_file(ada: Person) -> None:
    made = upload(ada, object={"type": "Image", "to": PUBLIC}).json()["object"]
    ada.post({"type": "Delete", "object": made["id"]})
    assert httpx.get(made["url"]["href"]).status_code == 404


def test_a_file_is_harmless_and_may_be_kept(ada: Person) -> None:
    """SEC-020, SEC-063, AP-067: never run, never taken for a document; ETag, 304 and public caching."""
    address = upload(ada, object={"type": "Image", "to": PUBLIC}).json()["object"]["url"]["href"]
    file = httpx.get(address, headers={"Accept": AS2})
    assert file.headers["content-type"] == "image/png"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert file.headers["cache-control"].startswith("public, max-age=")
    assert file.headers["access-control-allow-origin"] == "*"
    again = httpx.get(address, headers={"If-None-Match": file.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = httpx.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(file.content))


def test_parts_of_a_file(ada: Person) -> None:
    """SEC-067: one range, a few ranges, one beyond the end; very many are not worth it."""
    address = upload(ada, object={"type": "Image", "to": PUBLIC}).json()["object"]["url"]["href"]
    whole = httpx.get(address).content

    def asked(ranges: str) -> httpx.Response:
        return httpx.get(address, headers={"Range": f"bytes={ranges}"})

    assert (asked("0-7").status_code, asked("0-7").content) == (206, whole[:8])
    assert asked("-4").content == whole[-4:]
    assert asked("0-1,10-11").headers["content-type"].startswith("multipart/byteranges")
    assert asked(f"{len(whole) + 5}-").status_code == 416
    assert asked(",".join(f"{n}-{n}" for n in range(0, 1_000, 2))).content == whole


def test_metadata_does_not_leave_the_phone(ada: Person) -> None:
    """SEC-071: the place where a photograph was taken is not in what is served."""
    exif = Image.Exif()
    exif[0x010E] = "52.5200N 13.4050E"
    photograph = picture(format="JPEG", exif=exif)
    assert b"52.5200N" in photograph
    made = upload(ada, photograph, {"type": "Image", "to": PUBLIC}, name="a.jpg", type="image/jpeg").json()
    assert b"52.5200N" not in httpx.get(made["object"]["url"]["href"]).content


@pytest.mark.parametrize("name", ["a.json", "a.png", "a.html"])
def test_documents_in_disguise_are_refused(ada: Person, name: str) -> None:
    """SEC-020, AP-581: an actor under the name of a picture is no picture."""
    actor = json.dumps({"@context": "https://www.w3.org/ns/activitystreams", "type": "Person"}).encode()
    problem = upload(ada, actor, {"type": "Image"}, name=name, expect=415).json()
    assert problem["type"] == "https://w3id.org/fep/c180#unsupported-media-type"
    assert problem["field"] == "file"


def test_what_is_too_large_is_refused(town: Town) -> None:
    """AP-581, SEC-071: by its bytes, by its pixels, and before it has all been sent."""
    ada = town.server(HEADWATER_MEDIA_BYTES_MAX="2000", HEADWATER_MEDIA_PIXELS_MAX="100").person("ada")
    noise = bytes(range(256)) * 20
    problem = upload(ada, noise, expect=413).json()
    assert problem["type"] == "https://w3id.org/fep/c180#media-too-large"
    upload(ada, picture(11, 10), expect=413)
    upload(ada, picture(10, 10))
    upload(ada, b"x" * 3_000_000, expect=413)


def test_only_a_writer_may_upload(here: Server, ada: Person) -> None:
    """AP-191, AP-542: no token 401, a token that may only read 403."""
    form = {"file": ("a.png", picture(), "image/png")}
    address = ada.document["endpoints"]["uploadMedia"]
    assert httpx.post(address, files=form).status_code == 401
    token = here.cli("token", "issue", ada.name, "--scope", "read")["access_token"]
    refused = httpx.post(address, files=form, headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("object", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ({"type": "Person"}, 400),
        ({"type": "Like", "object": PUBLIC}, 400),
        ({"to": 5}, 400),
    ],
)
def test_what_cannot_be_described_is_refused(ada: Person, object: Any, status: int) -> None:
    """AP-207: a problem document, and nothing in the outbox."""
    before = len(ada.items("outbox"))
    assert upload(ada, object=object, expect=status).json()["status"] == status
    assert len(ada.items("outbox")) == before


def test_a_form_without_a_file_or_no_form_at_all(ada: Person) -> None:
    address, token = ada.document["endpoints"]["uploadMedia"], {"Authorization": f"Bearer {ada.token}"}
    missing = httpx.post(address, headers=token, files={"object": (None, "{}")})
    assert (missing.status_code, missing.json()["field"]) == (400, "file")
    assert httpx.post(address, headers={**token, "Content-Type": AS2}, content="{}").status_code == 415
    torn = {**token, "Content-Type": "multipart/form-data; boundary=x"}
    assert httpx.post(address, headers=torn, content="--x\r\nContent").status_code == 400


def test_an_upload_repeated_with_its_key_happens_once(ada: Person) -> None:
    """AP-206, REL-007: the same key and file get the same answer, another file a conflict."""
    key = {"Idempotency-Key": "upload-1"}
    first = upload(ada, object={"type": "Image"}, headers=key)
    again = upload(ada, object={"type": "Image"}, headers=key)
    assert again.json()["id"] == first.json()["id"]
    upload(ada, picture(3, 3), object={"type": "Image"}, headers=key, expect=409)


def test_files_lie_beside_the_database_and_reach_other_servers(two: tuple[Server, Server]) -> None:
    """AP-580: what is sent to another server names a file that it can have."""
    ada, bob = (
        server.person(f"{name}{next(_names)}") for server, name in zip(two, ("ada", "bob"), strict=True)
    )
    bob.follow(ada)
    eventually(lambda: ada.items("followers") == [bob.id])
    made = upload(ada, object={"type": "Image", "to": [PUBLIC, ada.document["followers"]]}).json()
    received: dict[str, Any] = eventually(
        lambda: next((item for item in bob.inbox("Create") if item["id"] == made["id"]), None)
    )
    file = httpx.get(received["object"]["url"]["href"])
    digest = hashlib.sha256(file.content).digest()
    stored = Path(two[0].directory, "media", digest.hex()[:2], digest.hex())
    assert stored.read_bytes() == file.content
    assert _base58(received["object"]["digestMultibase"]) == b"\x12\x20" + digest


def _base58(text: str) -> bytes:
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number = 0
    for letter in text[1:]:
        number = number * 58 + alphabet.index(letter)
    return number.to_bytes(34)
