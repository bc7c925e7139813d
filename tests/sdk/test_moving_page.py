"""What docs/05-moving-from-stream.md shows can be pasted: the commands, the Python and the JavaScript."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from nodesdk import DIRECTORY
from town import Server, Town

PAGE = (Path(__file__).parent.parent.parent / "docs" / "05-moving-from-stream.md").read_text()


def blocks(language: str, server: Server) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return re.sub(r"(localhost|127\.0\.0\.1):8000", rf"\1:{server.port}", "\n".join(found))


def run(command: list[str], server: Server, **options: str) -> str:
    done = subprocess.run(
        command, cwd=server.directory, env={**os.environ, **server.environment}, capture_output=True, text=True,
        timeout=60, check=False, **options,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    """A server whose keys are where the page puts them."""
    town = Town(tmp_path_factory.mktemp("moving"))
    try:
        started = town.server()
        preamble = f'set -e\nheadwater() {{ {shlex.quote(sys.executable)} -m server "$@"; }}\n'
        assert "topic" in run(["bash", "-c", preamble + blocks("sh", started)], started)
        yield started
    finally:
        for one in town.servers:
            one.kill()


def said(language: str) -> list[str]:
    """Return the lines that the page promises below a block."""
    after = PAGE.split(f"```{language}\n")[1].split("```")[1]
    return re.findall(r"`(.*?)`", after.split("\n\n")[1].split(". ")[0])


def test_the_python(server):
    assert run([sys.executable, "-"], server, input=blocks("python", server)).splitlines() == said("python")


def test_the_javascript(server, node):
    (server.directory / "node_modules").symlink_to(DIRECTORY / "node_modules")
    (server.directory / "moving.mjs").write_text(blocks("js", server))
    assert run(["node", "moving.mjs"], server).splitlines() == said("js")
