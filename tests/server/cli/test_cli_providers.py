"""``headwater provider``."""

import json
from collections.abc import Callable

import pytest

from server.providers import discovery
from server.providers.discovery import Found

Terminal = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [Found("plug", "plugins:Plug", package="plugs"), Found("broken", "plugins:Nothing")]
    monkeypatch.setattr(discovery, "found", lambda configured: listed)


def states(terminal: Terminal) -> dict[str, str]:
    code, out, _ = terminal("provider", "list", "--json")
    assert code == 0
    return {one["name"]: one["state"] for one in json.loads(out)["providers"]}


def test_they_are_listed_and_put_in_and_out_of_use(terminal: Terminal) -> None:
    """Atom §8.4: what cannot be made is listed with the reason."""
    assert states(terminal) == {"plug": "in use", "broken": "failed"}
    assert terminal("provider", "disable", "plug")[0] == 0
    assert states(terminal)["plug"] == "disabled"
    assert terminal("provider", "enable", "plug", "--settings", '{"count": 2}')[0] == 0
    assert states(terminal)["plug"] == "in use"
    assert terminal("provider", "disable", "ghost")[0] == 1
    assert terminal("provider", "enable", "plug", "--settings", "[]")[0] == 2


def test_a_plug_in_is_tried(terminal: Terminal) -> None:
    """Atom §8.4: exit code 1 when a rule is broken."""
    code, out, _ = terminal("provider", "check", "plugins:Plug", "--json")
    assert (code, json.loads(out)["passed"]) == (0, True)
    code, out, _ = terminal("provider", "check", "plugins:Unordered")
    assert code == 1
    assert "FAILED order" in out
