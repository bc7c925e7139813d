"""getstream: reactions by users, and what reading shows of them (Feeds §7.3, §9)."""

from urllib.parse import parse_qs, urlsplit

import pytest
from application import fresh, without
from nodesdk import Refused

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


def test_users_read_enriched(people, eating):
    """Feeds §9.2: by default; the flags are options of get."""
    ada = people["ada"]
    (read,) = ada.feed("user").get()["results"]
    assert read == eating
    assert ada.feed("user").get(enrich=False)["results"][0]["actor"] == f"SU:{ada['userId']}"
    assert ada.getActivities(ids=[eating["id"]])["results"] == [eating]
    assert ada.feed("user").getActivityDetail(eating["id"], {"reactions": {"counts": True}})["results"] == [
        {**eating, "reaction_counts": {}}
    ]


def test_a_servers_program_reads_enriched_when_it_asks(backend, people, eating):
    """Feeds §9.2: any flag, or enrich."""
    feed = backend.feed("user", people["ada"]["userId"])
    assert feed.get()["results"][0]["actor"] == f"SU:{people['ada']['userId']}"
    assert feed.get(enrich=True)["results"] == [eating]
    assert feed.get(withReactionCounts=True)["results"] == [{**eating, "reaction_counts": {}}]


def test_own_and_latest_and_counts(backend, people, eating):
    """Feeds §9.2: own is of who reads; kinds with more than five have an address for the rest."""
    bob, made = people["bob"], {"like": [], "clap": []}
    for number in range(7):
        for kind in ("like", "clap")[: 1 + (number < 5)]:
            made[kind].insert(0, without(bob["reactions"].add(kind, eating["id"], {"number": number})))
    wanted = {"reactions": {"own": True, "recent": True, "counts": True}}
    (read,) = bob.feed("user", people["ada"]["userId"]).get(**wanted)["results"]
    assert read.keys() == ACTIVITY | {
        "own_reactions",
        "latest_reactions",
        "latest_reactions_extra",
        "reaction_counts",
    }
    assert (
        read["own_reactions"] == read["latest_reactions"] == {kind: those[:5] for kind, those in made.items()}
    )
    assert read["reaction_counts"] == {"like": 7, "clap": 5}
    assert made["like"][0]["user"] == bob["currentUser"]["full"]
    assert read["latest_reactions_extra"]["clap"]["next"] == ""
    rest = urlsplit(read["latest_reactions_extra"]["like"]["next"])
    assert rest.path.endswith(f"/activity_id/{eating['id']}/like/")
    assert parse_qs(rest.query) == {
        "id_lt": [made["like"][4]["id"]],
        "limit": ["5"],
        "withOwnChildren": ["false"],
    }
    (read,) = people["carl"].feed("user", people["ada"]["userId"]).get(**wanted)["results"]
    assert read["own_reactions"] == {}
    theirs = {"own": True, "user_id": bob["userId"]}
    (read,) = backend.feed("user", people["ada"]["userId"]).get(reactions=theirs)["results"]
    assert read["own_reactions"].keys() == {"like", "clap"}


def test_some_kinds(people, eating):
    """Feeds §1.2: lists with brackets."""
    for kind in ("like", "clap", "comment"):
        people["bob"]["reactions"].add(kind, eating["id"])
    wanted = {"counts": True, "recent": True, "kinds": ["like", "clap"]}
    (read,) = people["ada"].feed("user").get(reactions=wanted)["results"]
    assert read["reaction_counts"] == {"like": 1, "clap": 1}
    assert read["latest_reactions"].keys() == {"like", "clap"}


def test_the_whole_trail(people, eating):
    """Feeds §7.3: children within children, own ones when asked; all gone with their root, the count a zero."""
    ada, bob = people["ada"], people["bob"]
    comment = bob["reactions"].add("comment", eating["id"], {"text": "yummy"})
    like = ada["reactions"].addChild("like", comment)
    nested = ada["reactions"].addChild("like", {"id": like["id"]}, {"deep": True})
    assert (nested["parent"], nested["activity_id"]) == (like["id"], eating["id"])
    wanted = {"own": True, "recent": True, "counts": True, "own_children": True}
    (read,) = ada.feed("user").get(limit=1, reactions=wanted)["results"]
    (shown,) = read["latest_reactions"]["comment"]
    assert shown.keys() == REACTION | {"own_children"}
    assert shown["children_counts"] == {"like": 1}
    assert shown["latest_children"]["like"][0]["latest_children"]["like"][0]["id"] == nested["id"]
    assert [each["id"] for each in shown["own_children"]["like"]] == [like["id"]]
    bob["reactions"].delete(comment["id"])
    for one in (comment, like, nested):
        with pytest.raises(Refused) as gone:
            ada["reactions"].get(one["id"])
        assert gone.value.status == 404
    (read,) = ada.feed("user").get(reactions=wanted)["results"]
    assert (read["reaction_counts"], read["latest_reactions"], read["own_reactions"]) == (
        {"comment": 0},
        {},
        {},
    )


def test_many_at_the_same_time(node, people, eating):
    """Feeds §7.3: counts are right whoever reacts meanwhile."""
    comment, reactions = people["bob"]["reactions"].add("comment", eating["id"]), people["ada"]["reactions"]
    made = node.together(*[(reactions, "addChild", "like", comment["id"])] * 40)
    kept = people["carl"]["reactions"].get(comment["id"])
    assert (kept["children_counts"], len(kept["latest_children"]["like"])) == ({"like": 40}, 10)
    node.together(*[(reactions, "delete", one["id"]) for one in made[1:]])
    kept = people["carl"]["reactions"].get(comment["id"])
    assert (kept["children_counts"], kept["latest_children"]["like"]) == ({"like": 1}, [without(made[0])])


def test_an_id_of_ones_own(people, eating):
    """Feeds §7.3: taken once."""
    bob, name = people["bob"], fresh("mine")
    assert bob["reactions"].add("like", eating["id"], {}, id=name)["id"] == name
    with pytest.raises(Refused) as taken:
        bob["reactions"].add("like", eating["id"], {}, id=name)
    assert (taken.value.status, taken.value.body["exception"]) == (409, "ConflictException")


def test_by_a_server_for_a_user(backend, people, eating):
    """Feeds §7.3: userId; feeds may be given as objects."""
    bob = people["bob"]
    made = backend["reactions"].add(
        "comment", eating["id"], {}, userId=bob["userId"], targetFeeds=[bob.feed("user", bob["userId"])]
    )
    assert made["user"] == bob["currentUser"]["full"]
    with pytest.raises(Refused) as nobody:
        backend["reactions"].add("comment", eating["id"], {})
    assert (nobody.value.status, nobody.value.code) == (400, 10)
    child = backend["reactions"].addChild("like", made, {}, userId=people["ada"]["userId"])
    assert child["user"] == people["ada"]["currentUser"]["full"]
    assert without(bob["reactions"].delete(made["id"])) == {}


def test_pages(people, eating):
    """Feeds §7.3, §14.8: as the SDK's users walk them, with cursors taken from what they got."""
    bob, likes = people["bob"], []
    for number in range(11):
        likes.insert(0, without(bob["reactions"].add("like", eating["id"], {"number": number})))

    def walk(**query):
        seen = []
        while True:
            page = bob["reactions"].filter(activity_id=eating["id"], kind="like", limit=5, **query)
            seen += page["results"]
            if not page["next"]:
                return seen
            name = "id_gt" if "id_gt" in query or "id_gte" in query else "id_lt"
            query = {name: page["results"][-1]["id"]}

    assert walk() == likes
    assert walk(id_gte=likes[-1]["id"]) == likes[::-1]
    assert len(bob["reactions"].filter(activity_id=eating["id"])["results"]) == 10
    page = bob["reactions"].filter(activity_id=eating["id"], limit=1, with_activity_data=True)
    assert {name: page["activity"][name] for name in eating} == eating
    assert page["activity"].keys() == ACTIVITY | {
        "own_reactions",
        "latest_reactions",
        "latest_reactions_extra",
        "reaction_counts",
    }
