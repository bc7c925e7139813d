"""The provider of the documentation: it is as short as it says, keeps the rules, and is in the stream."""

import json
import os
import re
import tomllib
from pathlib import Path

import httpx
import pytest
from town import Town, eventually

PAGE = Path(__file__).parent.parent / "docs" / "providers.md"
LINES = "2026-01-01T05:00:00Z mirela 14 pears\n2026-01-02T05:00:00Z tavo 9 <i>quinces</i>\n"


def block(language: str, nth: int = 0) -> str:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)[nth]


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "orchard.py").write_text(block("python"))
    (tmp_path / "picked.txt").write_text(LINES)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_it_is_short() -> None:
    """Atom §8: a provider in under fifty lines."""
    assert len(block("python").splitlines()) < 50


def test_it_is_in_the_stream(plug_in: Path, town: Town) -> None:
    """Atom §8.4: from the configuration that the page shows; it keeps the rules of the kit."""
    settings = tomllib.loads(block("toml"))["providers"]
    settings["orchard"]["settings"]["path"] = str(plug_in / "picked.txt")
    path = os.pathsep.join((str(plug_in), os.environ.get("PYTHONPATH", "")))
    server = town.server(HEADWATER_PROVIDERS=json.dumps(settings), PYTHONPATH=path)
    given = json.dumps(settings["orchard"]["settings"])
    checked = server.cli("provider", "check", "orchard:Orchard", "--settings", given)
    assert checked["passed"], checked
    found = httpx.get(f"{server.base_url}/activity?providers=orchard").text
    assert "Tavo" in found
    assert "14 pears" in found
    one = httpx.get(
        f"{server.base_url}/activity?orchard=activity+IS+harvest:post&streams=user+IS+mirela"
    ).text
    assert "14 pears" in one
    assert "quinces" not in one
    config = httpx.get(f"{server.base_url}/rest/activity-stream/1.0/config").json()["filters"]
    assert "orchard" in [provider["key"] for provider in config]
    server.cli("provider", "disable", "orchard")
    eventually(lambda: "14 pears" not in httpx.get(f"{server.base_url}/activity?providers=orchard").text)


def test_its_package_names_what_is_found() -> None:
    """Atom §8.4: the group that the server looks in."""
    project = tomllib.loads(block("toml", 1))["project"]
    assert project["entry-points"] == {"headwater.providers": {"orchard": "orchard:Orchard"}}
