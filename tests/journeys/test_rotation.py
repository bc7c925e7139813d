"""New keys while the server runs."""

from peer import Peer
from town import PUBLIC, Town, eventually


def test_rotation(town: Town) -> None:
    """AP-436: other servers are told with the new key and believe it; what is signed afterwards is signed with it."""
    here, there = town.server(), town.server()
    ada, bob = here.person("ada"), there.person("bob")
    bob.follow(ada)
    eventually(lambda: ada.id in bob.items("following"))
    before = ada.note("before", to=PUBLIC, cc=[ada.document["followers"]])
    eventually(lambda: bob.has(before))
    peer = Peer()
    try:
        ada.note("hello", to=[PUBLIC, peer.actor("eve")])
        eventually(lambda: peer.received)
        made = here.cli("actor", "rotate-keys", "ada")["keys"]
        update = eventually(lambda: [body for body in peer.bodies() if body["type"] == "Update"])[0]
        _, headers, _ = next(item for item in peer.received if b'"Update"' in item[2])
    finally:
        peer.close()
    shown = ada.get(ada.id, signed_in=False).json()
    assert {shown["publicKey"]["id"], shown["assertionMethod"][0]["id"]} == set(made)
    assert shown["publicKey"] == update["object"]["publicKey"]
    assert shown["publicKey"]["publicKeyPem"] != ada.document["publicKey"]["publicKeyPem"]
    assert f'keyId="{shown["publicKey"]["id"]}"' in headers["signature"]
    assert update["proof"]["verificationMethod"] == shown["assertionMethod"][0]["id"]
    eventually(lambda: any(item["type"] == "Update" for item in bob.inbox()))
    after = ada.note("after", to=PUBLIC, cc=[ada.document["followers"]])
    eventually(lambda: bob.has(after))


def test_the_servers_own_keys(town: Town) -> None:
    """AP-436: the instance actor's too; it goes on reading others."""
    here, there = town.server(), town.server(HEADWATER_FEDERATION_AUTHORIZED_FETCH="true")
    ada, bob = here.person("ada"), there.person("bob")
    here.cli("actor", "rotate-keys", here.host)
    assert here.cli("actor", "rotate-keys", "nobody", expect=1) is None
    ada.follow(bob)
    eventually(lambda: bob.id in ada.items("following"))
