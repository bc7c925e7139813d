"""The page on which providers are looked after."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from member import PASSWORD, Member
from town import Server, Town


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a provider that cannot be made."""
    town = Town(Path(tmp_path_factory.mktemp("hub")))
    yield town.server(HEADWATER_PROVIDERS=json.dumps({"broken": {"factory": "nowhere:Nothing"}}))
    for server in town.servers:
        server.kill()


def test_it_is_for_who_runs_the_server(hub: Server) -> None:
    """Atom §8.4: what failed is told, and any of them is put out of use and in use again."""
    with Member(hub, "ada") as ada, Member(hub, "eve") as eve:
        hub.cli("member", "add", "ada", "--password-stdin", "--admin", stdin=f"{PASSWORD}\n")
        assert eve.get("/account/providers").status_code == 303
        eve.sign_in()
        assert eve.get("/account/providers").status_code == 404
        ada.sign_in()
        page = ada.get("/account/providers")
        assert "nowhere" in page.text
        assert "ModuleNotFoundError" in page.text
        assert "server.providers.builtin:social" in page.text
        token = page.text.partition('name="csrf" value="')[2].partition('"')[0]

        def decide(name: str, do: str) -> httpx.Response:
            fields = {"csrf": token, "name": name, "do": do}
            return ada.browser.post("/account/providers", data=fields, headers={"Origin": hub.base_url})

        assert decide("social", "disable").status_code == 303
        assert "Out of use." in ada.get("/account/providers").text
        keys = [
            one["key"]
            for one in httpx.get(f"{hub.base_url}/rest/activity-stream/1.0/config").json()["filters"]
        ]
        assert "social" not in keys
        assert decide("social", "enable").status_code == 303
        assert "Out of use." not in ada.get("/account/providers").text
        assert decide("ghost", "enable").status_code == 404
