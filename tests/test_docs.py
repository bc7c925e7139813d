"""The documentation says everything, and what it says works."""

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from starlette.routing import Route
from town import Town, free_port

from server.app import create_app
from server.cli import root
from server.config import load
from server.config.models import Config, Section
from server.front import Front

TOP = Path(__file__).parent.parent
DOCS = TOP / "docs"
PREAMBLE = f'set -e\nheadwater() {{ {shlex.quote(sys.executable)} -m server "$@"; }}\n'


def _references() -> ModuleType:
    spec = importlib.util.spec_from_file_location("references", DOCS / "references.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


references = _references()


@pytest.mark.parametrize(
    "name",
    ["reference-commands.md", "reference-configuration.md", "reference-events.md", "reference-feeds.md"],
)
def test_reference_pages_are_what_the_program_says(name: str) -> None:
    assert (DOCS / name).read_text() == references.pages()[name], "write them anew: make docs"


def test_every_setting_is_documented() -> None:
    text = (DOCS / "reference-configuration.md").read_text()
    sections = {name: field.annotation for name, field in Config.model_fields.items()}
    for name, section in sections.items():
        if isinstance(section, type) and issubclass(section, Section):
            assert not [key for key in section.model_fields if f"`{name}.{key}`" not in text]
            assert not [key for key, field in section.model_fields.items() if not field.description]


def test_every_command_is_documented() -> None:
    text = (DOCS / "reference-commands.md").read_text()
    for path, command in references.walk(root):
        assert re.search(rf"## `headwater {' '.join(path)}[ `]", text)
        assert command.help, path


def test_every_route_is_documented() -> None:
    text = "".join((DOCS / f"reference-{name}.md").read_text() for name in ("http", "feeds", "events"))
    front = create_app(load(None, {}))
    assert isinstance(front, Front)
    paths = {route.path for route in front.app.routes if isinstance(route, Route)}  # type: ignore[attr-defined]
    paths = {
        path for path in paths if not path.endswith("{path:path}") and path.removesuffix("/") not in paths
    }  # parts have lines of their own, and a slash at the end means nothing
    assert paths
    assert not [path for path in paths if f" {path}`" not in text and f"`{path}`" not in text]


@pytest.mark.parametrize("page", sorted([TOP / "README.md", *DOCS.glob("*.md")]), ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target


def _script(page: Path, port: int) -> str:
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL)
    script = "\n".join(block for block in blocks if "make run" not in block)
    assert "curl" in script
    web = free_port()
    script = script.replace(".venv/bin/headwater", "headwater").replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    return PREAMBLE + script.replace("127.0.0.1:8765", f"127.0.0.1:{web}").replace(" 8765 ", f" {web} ")


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (TOP / "README.md", ("HTTP/1.1 201 Created", "Hello, world")),
        (DOCS / "01-first-steps.md", ('"Accept"', "Hello, Bob")),
        (DOCS / "03-programs.md", ('"client_id"', '"oneOf"', "image/png", "votersCount", '"Add"')),
        (DOCS / "06-importing-and-exploring.md", ('"reaction_counts":{"like":1}', "303 http")),
        (
            DOCS / "07-events.md",
            (
                "involves: missing_field",
                '"code":"not_found"',
                '"shop.web"',
                "#fog again",
                "postingRestrictedToMods",
            ),
        ),
        (DOCS / "04-moderation.md", ("worse.example", '"reports"', "spam.example\tdomain")),
        (DOCS / "realtime-and-webhooks.md", ('"subscription":"/site-', '"feed":"user:ada"')),
        (DOCS / "web-hooks.md", ("Orchard CI finished run 512",)),
        (
            DOCS / "08-streams.md",
            ("the operator must be one of", "HTTP/1.1 201", "Calibrated at dawn", "run 512 failed"),
        ),
        (
            DOCS / "09-feeds-from-elsewhere.md",
            ("First frost", "Garden notes", 'type="rss"', "is not read any more"),
        ),
        (DOCS / "public-feeds.md", ('"publicKeyPem"', "ada has been to Café Central: first flush!")),
    ],
    ids=[
        "README",
        "first-steps",
        "programs",
        "applications",
        "events",
        "moderation",
        "realtime",
        "web-hooks",
        "streams",
        "feeds-from-elsewhere",
        "public-feeds",
    ],
)
def test_the_commands_work_when_pasted(town: Town, page: Path, shown: tuple[str, str]) -> None:
    server = town.server()
    done = subprocess.run(
        ["bash", "-c", _script(page, server.port)], cwd=server.directory, capture_output=True, text=True, timeout=300,
        env=server.environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert all(words in done.stdout for words in shown), done.stdout


def test_the_commands_that_init_prints_work_when_pasted(town: Town) -> None:
    server = town.server()
    printed = subprocess.run(
        [sys.executable, "-m", "server", "init"], cwd=server.directory, capture_output=True, text=True, timeout=60,
        env=server.environment, check=True,
    ).stdout  # fmt: skip
    commands = PREAMBLE + printed.split("terminal:\n")[1]
    done = subprocess.run(
        ["bash", "-c", commands], cwd=server.directory, capture_output=True, text=True, timeout=300,
        env=server.environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Hello, world" in done.stdout.split("201 Created")[1]


def test_other_servers_are_told_what_we_speak() -> None:
    """AP-700: FEDERATION.md has the parts that FEP-67ff asks for, and a link behind every proposal it names."""
    text = (TOP / "FEDERATION.md").read_text()
    for heading in (
        "Supported federation protocols and standards",
        "Supported FEPs",
        "Additional documentation",
    ):
        assert f"## {heading}" in text
    named = re.findall(r"\bFEP-([0-9a-f]{4}): ", text)
    assert named
    assert not [one for one in named if f"/fep/{one}/fep-{one}.md" not in text]
