"""Accounts that end or go elsewhere: by the command line, while servers run, told over the wire."""

from collections.abc import Iterator

import httpx
import pytest
from peer import Peer
from town import Server, Town, eventually


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def test_an_account_is_closed_and_every_server_is_told(town: Town, peer: Peer) -> None:
    """AP-068, AP-232, AP-311: the Delete is signed while the keys still exist; then 410 for all who ask."""
    server = town.server()
    ada = server.person("ada")
    fan = peer.actor("fan")
    follow = {"id": f"{fan}/follow", "type": "Follow", "actor": fan, "object": ada.id}
    assert peer.send(ada.document["inbox"], follow).status_code == 202
    eventually(lambda: ada.items("followers") == [fan])
    note = ada.note("I was here")["object"]["id"]
    said = server.cli("actor", "remove", "ada", "--yes")
    told = eventually(lambda: [body for body in peer.bodies() if body["type"] == "Delete"])
    assert (told[0]["id"], told[0]["actor"], told[0]["object"]) == (said["delete"], ada.id, ada.id)
    signed = next(headers for _, headers, body in peer.received if said["delete"].encode() in body)
    assert f'keyId="{ada.id}#main-key"' in signed["signature"]
    eventually(lambda: ada.get(note, signed_in=False).status_code == 410)
    assert ada.get(ada.id, signed_in=False).status_code == 410
    assert ada.get(ada.id).status_code == 401
    again = {**follow, "id": f"{fan}/again"}
    assert peer.send(ada.document["inbox"], again).status_code == 410
    server.cli("actor", "remove", "ada", "--yes", expect=1)


def test_someone_moves_from_one_server_to_another(two: tuple[Server, Server], town: Town) -> None:
    """AP-262, AP-376: alias there, move here; who followed the old account follows the new one."""
    old, new = (server.person("mover") for server in two)
    fan = two[1].person("moverfan")
    fan.follow(old)
    eventually(lambda: fan.items("following") == [old.id])
    refused = two[0].cli("actor", "move", "mover", new.id, expect=1)
    assert refused is None
    assert two[1].cli("actor", "alias", "mover", old.id)["alsoKnownAs"] == [old.id]
    assert two[0].cli("actor", "move", "mover", new.id)["movedTo"] == new.id
    eventually(lambda: fan.items("following") == [new.id])
    eventually(lambda: old.items("followers") == [])
    assert httpx.get(old.id, headers={"Accept": "application/activity+json"}).json()["movedTo"] == new.id
    old.post({"type": "Note", "content": "still here?"}, expect=403)
    two[1].cli("actor", "alias", "mover", old.id, "--remove")
    assert "alsoKnownAs" not in new.get(new.id).json()
