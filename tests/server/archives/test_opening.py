"""Archives that somebody brings: whatever shape they have, and none of their tricks."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import luggage_of
import pytest

from server.archives import BadArchive, mastodon, opened, opening


@pytest.mark.parametrize("pack", [luggage_of.directory, luggage_of.zipped, luggage_of.tarred])
def test_three_shapes(pack, tmp_path: Path) -> None:
    """AP-756: a directory, a zip and a tar file show the same, wherever in it the archive begins."""
    with opened(pack(tmp_path / "archive", {"actor.json": b"{}", "a/b.png": b"x"})) as archive:
        assert "a/b.png" in archive
        with archive.open("a/b.png") as file:
            assert file.read() == b"x"
        with pytest.raises(BadArchive, match=r"c\.png is missing"):
            archive.open("c.png")


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "a\\..\\evil"])
@pytest.mark.parametrize("pack", ["zip", "tar"])
def test_names_that_lead_outside(name: str, pack: str, tmp_path: Path) -> None:
    """SEC-099: zip slip: the whole archive is refused, and nothing is written where it points."""
    path = tmp_path / "inner" / "archive"
    path.parent.mkdir()
    if pack == "zip":
        luggage_of.zipped(path, {name: b"x", "actor.json": b"{}"})
    else:
        with tarfile.open(path, "w:gz") as packed:
            entry = tarfile.TarInfo(name)
            entry.size = 1
            packed.addfile(entry, io.BytesIO(b"x"))
    with pytest.raises(BadArchive, match="leads outside"), opened(path):
        pass
    assert not list(tmp_path.rglob("evil"))


def test_links_and_devices(tmp_path: Path) -> None:
    """SEC-099: what is no ordinary file could be a way to any file: refused in all three shapes."""
    for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)):
        path = tmp_path / f"{number}.tar"
        with tarfile.open(path, "w") as packed:
            entry = tarfile.TarInfo("outbox.json")
            entry.type, entry.linkname = kind, "/etc/passwd"
            packed.addfile(entry)
        with pytest.raises(BadArchive, match="no ordinary file"), opened(path):
            pass
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as packed_zip:
        info = zipfile.ZipInfo("outbox.json")
        info.external_attr = 0o120777 << 16
        packed_zip.writestr(info, "/etc/passwd")
    with pytest.raises(BadArchive, match="no ordinary file"), opened(path):
        pass
    (tmp_path / "d").mkdir()
    (tmp_path / "d/outbox.json").symlink_to("/etc/passwd")
    with pytest.raises(BadArchive, match="is a link"), opened(tmp_path / "d"):
        pass


@pytest.mark.parametrize("pack", [luggage_of.zipped, luggage_of.tarred])
def test_bombs(pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC-099: what unpacks to hundreds of times its size, or has too many files, is refused before it is read."""
    monkeypatch.setattr(opening, "RATIO_FREE_BYTES", 1_000_000)
    path = pack(tmp_path / "bomb", {"outbox.json": bytes(20_000_000)})
    with pytest.raises(BadArchive, match="absurd size"), opened(path):
        pass
    monkeypatch.setattr(opening, "ENTRIES_MAX", 3)
    path = pack(tmp_path / "many", {f"{number}": b"" for number in range(5)})
    with pytest.raises(BadArchive, match="more than 3"), opened(path):
        pass


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b\x08broken", luggage_of.png()])
def test_what_is_no_archive(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(BadArchive, match="neither"), opened(path):
        pass


def test_a_broken_zip_breaks_where_it_is_broken(tmp_path: Path) -> None:
    """SEC-099: encrypted ones are refused."""
    path = luggage_of.zipped(tmp_path / "x.zip", {"actor.json": b"{}"})
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 8] |= 1
    path.write_bytes(raw)
    with pytest.raises(BadArchive, match="encrypted"), opened(path):
        pass


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_what_stands_before_an_entry_is_not_read_whatever_its_size(kind: bytes, tmp_path: Path) -> None:
    """SEC-099: three packed megabytes of a name would become a gigabyte in memory."""
    path = tmp_path / "archive.tar.gz"
    head = tarfile.TarInfo("actor.json")
    head.type, head.size = kind, 2 * opening.HEADER_BYTES_MAX
    with gzip.open(path, "wb") as packed:
        packed.write(head.tobuf(tarfile.USTAR_FORMAT))
    with pytest.raises(BadArchive, match="absurd size"), opened(path):
        pass


def test_a_broken_zip_is_said_to_be_so(tmp_path: Path) -> None:
    """SEC-099: whichever byte of it is wrong, it is the archive that is blamed."""
    path, spoilt = tmp_path / "archive.zip", tmp_path / "spoilt.zip"
    luggage_of.zipped(path, {"actor.json": b'{"id": "https://old.example/users/ada", "type": "Person"}'})
    whole = path.read_bytes()
    refused = 0
    for at in range(len(whole)):
        spoilt.write_bytes(whole[:at] + bytes((whole[at] ^ 0xFF,)) + whole[at + 1 :])
        try:
            with opened(spoilt) as archive:
                mastodon.actor(archive)
        except BadArchive:
            refused += 1
    assert refused > len(whole) // 2
