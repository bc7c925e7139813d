"""Two servers agree on who follows whom."""

import sqlite3

import httpx
from town import Town, eventually


def test_a_follow_that_one_side_has_lost(town: Town) -> None:
    """AP-709, V-14: told with the next post to followers, asked for with a signature, and set right."""
    here, there = town.server(), town.server()
    ada, eve, bob = here.person("ada"), here.person("eve"), there.person("bob")
    for one in (ada, eve):
        one.follow(bob)
        eventually(lambda one=one: bob.id in one.items("following"))
    assert httpx.get(f"{bob.id}/followers_sync").status_code == 401
    assert bob.get(f"{bob.id}/followers_sync").status_code == 401
    with sqlite3.connect(there.directory / "headwater.db") as database:
        (lost,) = database.execute("SELECT id FROM objects WHERE iri = ?", [eve.id]).fetchone()
        database.execute(
            "DELETE FROM follows WHERE target IN (SELECT id FROM streams WHERE owner = ?)", [lost]
        )
        database.execute(
            "UPDATE streams SET version = version + 1 WHERE iri = ?", [bob.document["followers"]]
        )
    said = bob.note("to followers", to=bob.document["followers"])
    eventually(lambda: ada.has(said))
    eventually(lambda: bob.id not in eve.items("following"))
    assert bob.id in ada.items("following")
