"""The streams of two servers in one (Atom §9)."""

import httpx
from town import Server, Town, eventually


def entries(server: Server, **asked: str) -> str:
    answer = httpx.get(f"{server.base_url}/activity", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_what_is_public_there_is_in_the_stream_here(town: Town) -> None:
    here, there = town.server(), town.server()
    here.person("ada").note("Cold here")
    bob = there.person("bob")
    bob.note("Frost there")
    bob.note("for nobody's eyes", to=[])
    made = here.cli("link", "add", "orchard", there.base_url, "--owner", "ada")
    assert "social@orchard" in made["providers"]
    eventually(lambda: "Frost there" in entries(here))
    whole = entries(here, maxResults="50")
    assert "Cold here" in whole
    assert "nobody" not in whole
    assert f"<id>{there.base_url}" in whole.partition("<source>")[2]
    assert "Frost there" not in entries(here, local="true")
    assert "Cold here" not in entries(here, providers="social@orchard")
    assert "Frost there" not in entries(here, streams="text CONTAINS cold")
    config = httpx.get(f"{here.base_url}/rest/activity-stream/1.0/config").json()
    assert "social@orchard" in [one["key"] for one in config["filters"]]
    here.cli("link", "remove", "orchard")
    eventually(lambda: "Frost there" not in entries(here))


def test_no_circle_is_closed(town: Town) -> None:
    """Atom §9: a request that came through this server already is refused, whatever else it says."""
    here, there = town.server(), town.server()
    here.person("ada").note("Cold here")
    there.person("bob").note("Frost there")
    here.cli("link", "add", "there", there.base_url, "--owner", "ada")
    there.cli("link", "add", "here", here.base_url, "--owner", "bob")
    eventually(lambda: "Frost there" in entries(here) and "Cold here" in entries(there))
    assert entries(here).count("<entry>") == 2
    answer = httpx.get(f"{here.base_url}/activity", headers={"Via": f"1.1 other.example, 1.1 {here.host}"})
    assert answer.status_code == 508
