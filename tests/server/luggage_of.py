"""An archive as Mastodon makes it, for tests: Ada's, from old.example."""

import csv
import io
import json
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

OLD = "https://old.example"
ADA = f"{OLD}/users/ada"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    {"toot": "http://joinmastodon.org/ns#", "blurhash": "toot:blurhash"},
]
FILE = "media_attachments/files/1/original/a.png"


def png(width: int = 1, height: int = 1) -> bytes:
    """Return a picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes((8, 0, 0, 0, 0))
    rows = zlib.compress(b"".join(bytes(width + 1) for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def create(number: int, **note: Any) -> dict[str, Any]:
    """Return a Create as Mastodon's outbox has it; the number is its second."""
    id, said = f"{ADA}/statuses/{number}", f"2019-05-01T10:00:{number:02}Z"
    thing = {
        "id": id, "type": "Note", "summary": None, "inReplyTo": None, "published": said, "url": f"{OLD}/@ada/{number}",
        "attributedTo": ADA, "to": [PUBLIC], "cc": [f"{ADA}/followers"], "sensitive": False, "atomUri": id,
        "conversation": f"tag:old.example,2019:objectId={number}:objectType=Conversation",
        "content": f"<p>Post {number}</p>", "contentMap": {"en": f"<p>Post {number}</p>"}, "attachment": [], "tag": [],
        "replies": {"id": f"{id}/replies", "type": "Collection", "first": {"type": "CollectionPage", "items": []}},
        **note,
    }  # fmt: skip
    return {
        "id": f"{id}/activity", "type": "Create", "actor": ADA, "published": said, "to": thing["to"], "cc": thing["cc"],
        "object": thing, "signature": {"type": "RsaSignature2017", "creator": f"{ADA}#main-key", "signatureValue": "x"},
    }  # fmt: skip


def announce(number: int, about: str) -> dict[str, Any]:
    return {
        "id": f"{ADA}/statuses/{number}/activity", "type": "Announce", "actor": ADA, "object": about,
        "published": f"2019-05-01T10:00:{number:02}Z", "to": [PUBLIC], "cc": [f"{ADA}/followers"],
    }  # fmt: skip


def collection(name: str, items: list[Any]) -> bytes:
    head = {"@context": CONTEXT, "id": name, "type": "OrderedCollection", "totalItems": len(items)}
    return json.dumps({**head, "orderedItems": items}).encode()


def rows(*lines: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def files(*activities: dict[str, Any], **more: bytes) -> dict[str, bytes]:
    """Return the files of an archive by name; ``more`` are further ones, ``_`` standing for the dot of ``json``."""
    actor = {
        "@context": CONTEXT, "id": ADA, "type": "Person", "preferredUsername": "ada", "name": "Ada of Old",
        "summary": "<p>hi</p>", "inbox": f"{ADA}/inbox", "outbox": "outbox.json", "followers": f"{ADA}/followers",
        "likes": "likes.json", "bookmarks": "bookmarks.json", "icon": {"type": "Image", "url": "avatar.png"},
        "attachment": [{"type": "PropertyValue", "name": "Home", "value": "x"}],
    }  # fmt: skip
    return {
        "actor.json": json.dumps(actor).encode(), "avatar.png": png(3, 2),
        "outbox.json": collection("outbox.json", list(activities)),
        **{name.replace("__", "."): content for name, content in more.items()},
    }  # fmt: skip


def directory(path: Path, contents: dict[str, bytes]) -> Path:
    for name, content in contents.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def zipped(path: Path, contents: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in contents.items():
            packed.writestr(name, content)
    return path


def tarred(path: Path, contents: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as packed:
        for name, content in contents.items():
            entry = tarfile.TarInfo(f"archive-2019/{name}")
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content))
    return path
