"""Providers found, made, put in use and out of it (Atom §8.4)."""

import importlib.metadata
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from plugins import Plug

from server.config import load
from server.providers import Providers, discovery, open_providers
from server.providers.registry import unfit
from storage import Store, open_store, providersettings
from streams.providers import Host

pytestmark = pytest.mark.anyio


@pytest.fixture
async def store(ready_url: str) -> AsyncIterator[Store]:
    async with open_store(ready_url) as opened:
        yield opened


def configured(**factories: Any) -> Any:
    """Return a configuration with providers by their names: a factory, or all that is to be said of one."""
    providers = {name: {"factory": one} if isinstance(one, str) else one for name, one in factories.items()}
    return load(None, {"HEADWATER_PROVIDERS": json.dumps(providers)})


def named(providers: Providers) -> dict[str, str]:
    return {
        one.found.name: one.problem or ("in use" if one.running else "disabled") for one in providers.entries
    }


async def test_what_cannot_be_made_is_out_of_use_and_harms_nobody(store: Store) -> None:
    """Atom §8.4: the server starts; each says why."""
    config = configured(
        plug="plugins:Plug", missing="nowhere:Plug", nameless="plugins:Nothing", wrong="plugins", later="plugins:Later",
        reserved="plugins:Reserved", quits="plugins:quits", nothing="plugins:nothing", five="plugins:not_a_factory",
        twin="plugins:Plug", unstarted="plugins:Unstarted", off={"factory": "plugins:Other", "enabled": False},
    )  # fmt: skip
    async with open_providers(store, config, None) as providers:
        found = named(providers)
        assert [one.key for one in await providers.running() if one.key == "plug"] == ["plug"]
    assert found["plug"] == "in use"
    assert found["off"] == "disabled"
    reasons = {
        "missing": "ModuleNotFoundError", "nameless": "AttributeError", "wrong": "package.module:factory",
        "later": "requires version 2", "reserved": "reserved", "quits": "SystemExit", "nothing": "its key",
        "five": "cannot be called", "twin": "another provider has the key plug", "unstarted": "no database",
    }  # fmt: skip
    for name, reason in reasons.items():
        assert reason in found[name], name


async def test_it_is_put_in_and_out_of_use_while_the_server_runs(store: Store) -> None:
    """Atom §8.4: settings too, without a restart; startup and shutdown are called."""
    config = configured(plug={"factory": "plugins:Plug", "settings": {"count": 3}})
    async with open_providers(store, config, None) as providers:
        first = (await providers.find("plug")).provider  # type: ignore[union-attr]
        assert (first.config, first.calls) == ({"count": 3}, ["startup"])
        await store.write(providersettings.put, "plug", enabled=False, settings=None, now=1)
        assert await providers.find("plug") is None
        assert first.calls == ["startup", "shutdown"]
        await store.write(providersettings.put, "plug", enabled=True, settings='{"count": 5}', now=2)
        second = (await providers.find("plug")).provider  # type: ignore[union-attr]
        assert second.config == {"count": 5}
        await providers.refresh()
        assert (await providers.find("plug")).provider is second  # type: ignore[union-attr]
    assert second.calls == ["startup", "shutdown"]


async def test_installed_ones_are_found_and_configured_by_name(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Atom §8.4: the group ``headwater.providers``; a second one with the name or key is refused."""

    def points(*, group: str) -> list[importlib.metadata.EntryPoint]:
        point = importlib.metadata.EntryPoint
        return [point("plug", "plugins:Plug", group), point("other", "plugins:Other", group)]

    monkeypatch.setattr("server.providers.discovery.entry_points", points)
    monkeypatch.setattr("server.providers.discovery.installed", discovery.installed.__wrapped__)
    config = configured(plug={"settings": {"count": 1}}, other={"enabled": False}, ghost={"enabled": True})
    host = Host(store, "https://hub.example", lambda: 1)
    async with open_providers(store, config, host) as providers:
        found = named(providers)
        assert (found["plug"], found["other"]) == ("in use", "disabled")
        assert "package.module:factory" in found["ghost"]
        plug = (await providers.find("plug")).provider  # type: ignore[union-attr]
        assert plug.config == {"count": 1}


async def test_one_that_stands_for_several_is_asked_as_these(store: Store) -> None:
    """Atom §9: linked applications come and go; who stays keeps its record."""
    async with open_providers(store, configured(family="plugins:Plug"), None) as providers:
        family = (await providers.find("plug")).provider  # type: ignore[union-attr]
        wiki, builds = Plug(None), Plug(None)
        wiki.key, builds.key = "wiki@docs", "builds@ci"
        family.members = lambda: [wiki, builds]
        first = {one.key: one for one in await providers.running() if "@" in one.key}
        assert set(first) == {"wiki@docs", "builds@ci"}
        family.members = lambda: [wiki]
        assert [one for one in await providers.running() if "@" in one.key] == [first["wiki@docs"]]


@pytest.mark.parametrize(
    "key", ["", "Plug", "1x", "a b", "a@b", "streams", "providers", None, 5, "a" * 65, "é"]
)
def test_what_is_no_key(key: Any) -> None:
    """Atom §4.2, §8.1."""
    plug = Plug(None)
    plug.key = key
    assert "key" in unfit(plug)
