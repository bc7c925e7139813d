"""getstream: what reactions tell in feeds (Feeds §7.3)."""

import pytest
from application import without

REACTION = {
    "id", "kind", "activity_id", "user_id", "user", "data", "created_at", "updated_at", "parent", "latest_children",
    "children_counts",
}  # fmt: skip
ACTIVITY = {"id", "foreign_id", "time", "actor", "verb", "target", "object", "origin"}


@pytest.fixture
def people(sign_in):
    """Ada, Bob, Carl and Dave, who said who they are."""
    made = {name: sign_in(name) for name in ("ada", "bob", "carl", "dave")}
    for name, client in made.items():
        client.setUser({"name": name.title()})
    return made


@pytest.fixture
def eating(people):
    """What Ada did, with her as she is shown."""
    ada = people["ada"]
    said = ada.feed("user").addActivity({"verb": "eat", "object": "cheeseburger"})
    return {**without(said), "actor": ada["currentUser"]["full"]}


def test_posting_reactions_to_feeds(people, eating):
    """Feeds §7.3: made, changed to other feeds, deleted; whoever is told sees it enriched."""
    ada, bob, carl, dave = people.values()
    text = {"text": "Looking yummy!"}

    def feeds(*others):
        return [bob.feed("user", bob["userId"])["id"], *[f"notification:{each['userId']}" for each in others]]

    made = bob["reactions"].add(
        "comment", eating["id"], text, targetFeeds=feeds(ada, carl), targetFeedsExtraData={"custom": "yay"}
    )
    assert made.keys() == REACTION | {"duration", "target_feeds", "target_feeds_extra_data"}
    comment = without(made, "target_feeds_extra_data")
    assert without(ada["reactions"].get(made["id"])) == comment
    (told,) = ada.feed("user", bob["userId"]).get()["results"]
    assert told.keys() == ACTIVITY | {"reaction", "custom"}
    assert {name: told[name] for name in ("verb", "foreign_id", "time", "target", "origin", "custom", "actor")} == {
        "verb": "comment", "foreign_id": f"reaction:{made['id']}", "time": made["created_at"][:-1], "target": "",
        "origin": None, "custom": "yay", "actor": bob["currentUser"]["full"],
    }  # fmt: skip
    assert (told["object"], told["reaction"]) == (eating, comment)
    for anyone in (ada, carl):
        (group,) = anyone.feed("notification").get()["results"]
        assert group["activities"] == [told]

    changed = bob["reactions"].update(
        made["id"], {"text": "@dave"}, targetFeeds=feeds(ada, dave), targetFeedsExtraData={"custom": "yay"}
    )
    assert (changed["created_at"], changed["data"]) == (made["created_at"], {"text": "@dave"})
    assert changed["updated_at"] > made["updated_at"]
    assert carl.feed("notification").get()["results"] == []
    (group,) = dave.feed("notification").get()["results"]
    assert without(group["activities"][0], "reaction") == without(told, "reaction")

    bob["reactions"].update(made["id"], {"text": "nobody"})
    for feed in (bob.feed("user"), ada.feed("notification"), dave.feed("notification")):
        assert feed.get()["results"] == []
    bob["reactions"].delete(made["id"])
