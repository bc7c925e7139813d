"""A server to knock at, and a terminal to type into."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from town import Server, Town

from server.cli.main import outcome


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server process with short deadlines, shared by the tests of a module."""
    town = Town(tmp_path_factory.mktemp("live"))
    yield town.server(
        HEADWATER_LIMITS_HEADER_SECONDS_MAX="1",
        HEADWATER_LIMITS_BODY_IDLE_SECONDS_MAX="1",
        HEADWATER_LIMITS_BODY_SECONDS_MAX="3",
        HEADWATER_LIMITS_KEEP_ALIVE_SECONDS="2",
    )
    for server in town.servers:
        server.kill()


class Terminal:
    """Runs commands in this process, in a directory of its own."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Return a command's exit code, standard output and standard error."""
        self._capsys.readouterr()
        code = outcome(arguments)
        out, err = self._capsys.readouterr()
        return code, out, err


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal in an empty directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HEADWATER_CONFIG", raising=False)
    return Terminal(capsys)
