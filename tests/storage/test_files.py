"""Files under their digest."""

import errno
import hashlib
import os
import threading
from pathlib import Path

import pytest

from storage.errors import Full
from storage.files import Files


def _put(files: Files, text: bytes) -> str:
    return files.keep([text])[0]


def _age(files: Files, digest: str, seconds: float) -> None:
    path = files.path(digest)
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))


def test_a_file_lies_under_the_digest_of_its_bytes(tmp_path: Path) -> None:
    files = Files(tmp_path / "media")
    digest, size = files.keep([b"one", memoryview(b"two")])
    assert digest == hashlib.sha256(b"onetwo").hexdigest()
    assert size == 6
    assert files.path(digest).read_bytes() == b"onetwo"
    assert (tmp_path / "media").stat().st_mode & 0o077 == 0


def test_nothing_is_left_of_what_could_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REL-028: a full disk is told apart, and leaves no half file."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", full)
    files = Files(tmp_path)
    with pytest.raises(Full):
        files.keep([b"x"])
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_only_aged_files_are_dropped(tmp_path: Path) -> None:
    """What is put here again counts as new: a row for it may be about to be committed."""
    files = Files(tmp_path)
    digest = _put(files, b"x")
    assert list(files.aged(60)) == []
    assert not files.drop(digest, seconds=60)
    _age(files, digest, 100)
    assert list(files.aged(60)) == [digest]
    _put(files, b"x")
    assert not files.drop(digest, seconds=60)
    _age(files, digest, 100)
    assert files.drop(digest, seconds=60)
    assert not files.drop(digest, seconds=60)


def test_two_may_put_the_same_file_at_once(tmp_path: Path) -> None:
    files = Files(tmp_path)
    threads = [threading.Thread(target=_put, args=(files, b"same" * 10_000)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([path for path in tmp_path.rglob("*") if len(path.name) == 64]) == 1


def test_the_reserve_is_left_alone(tmp_path: Path) -> None:
    """REL-028: files never take the room that the database needs to go on."""
    with pytest.raises(Full):
        _put(Files(tmp_path, reserve_bytes=1 << 62), b"x")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
