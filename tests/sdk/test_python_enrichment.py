"""stream-python: references replaced by what they name, and reactions beside activities (Feeds §9)."""

from urllib.parse import parse_qs, urlsplit

import pytest
from application import following_page, fresh, without

FIELDS = {"id", "actor", "verb", "object", "target", "foreign_id", "time", "origin"}


@pytest.fixture
def feed(client):
    return client.feed("user", fresh("mike"))


@pytest.fixture
def activity(feed):
    return feed.add_activity({"actor": "mike", "verb": "buy", "object": "machine"})


def enriched(feed, **reactions):
    (read,) = feed.get(reactions=reactions)["results"]
    return read


def test_references_are_replaced(client, feed):
    """Feeds §9.1: in every field of the activity, and only when asked."""
    user = client.users.add(fresh("mike"), {"name": "Mike"})
    entry = client.collections.add("items", {"name": "time machine"})
    other = feed.add_activity({"actor": "mike", "verb": "sell", "object": "machine"})
    reaction = client.reactions.add("like", other["id"], user["id"])
    sent = {
        "actor": client.users.create_reference(user), "verb": "buy",
        "object": client.collections.create_reference(entry=entry),
        "about": f"SA:{other['id']}", "because": f"SR:{reaction['id']}", "plain": "SU", "list": [f"SU:{user['id']}"],
    }  # fmt: skip
    added = feed.add_activity(sent)
    assert {name: added[name] for name in sent} == sent
    assert feed.get()["results"][0] == without(added)
    read = feed.get(enrich=True, limit=1)["results"][0]
    assert read == {
        **without(added), "actor": without(user), "object": without(entry), "about": without(other),
        "because": without(reaction),
    }  # fmt: skip
    assert client.get_activities(ids=[added["id"]], enrich=True)["results"] == [read]


def test_references_to_nothing(feed):
    """Feeds §9.3: told in their place."""
    zero = "00000000-0000-0000-0000-000000000000"
    feed.add_activity(
        {
            "actor": "SU:absent",
            "verb": "eat",
            "object": "SO:food:x",
            "about": f"SA:{zero}",
            "because": f"SR:{zero}",
        }
    )
    (read,) = feed.get(enrich=True)["results"]
    absent = {"error": "ReferenceNotFound"}
    assert {name: read[name] for name in ("actor", "object", "about", "because")} == {
        "actor": {"id": "absent", **absent, "reference": "SU:absent", "reference_type": "user"},
        "object": {
            "id": "x",
            **absent,
            "reference": "SO:food:x",
            "reference_type": "object",
            "collection": "food",
        },
        "about": {"id": zero, **absent, "reference": f"SA:{zero}", "reference_type": "activity"},
        "because": {"id": zero, **absent, "reference": f"SR:{zero}", "reference_type": "reaction"},
    }


def test_fields_are_there_when_asked_for_and_then_always(client, feed, activity):
    """Feeds §9.2: empty when there is nothing."""
    assert feed.get(enrich=True)["results"][0].keys() == FIELDS
    assert enriched(feed, own=True).keys() == FIELDS | {"own_reactions"}
    assert enriched(feed, recent=True).keys() == FIELDS | {"latest_reactions", "latest_reactions_extra"}
    assert enriched(feed, counts=True).keys() == FIELDS | {"reaction_counts"}
    read = enriched(feed, own=True, recent=True, counts=True)
    assert [read[name] for name in read.keys() - FIELDS] == [{}] * 4
    assert (feed.get(withFirstReactions=True, enrich=True)["results"][0]["first_reactions"]) == {}


def test_the_newest_five_of_each_kind(client, feed, activity):
    """Feeds §9.2: newest first, with an address for the rest when there is one."""
    made = {"like": [], "comment": []}
    for number in range(7):
        made["like"].insert(0, without(client.reactions.add("like", activity["id"], "bob")))
        if number < 5:
            made["comment"].insert(0, without(client.reactions.add("comment", activity["id"], "bob")))
    read = enriched(feed, recent=True, counts=True)
    assert read["latest_reactions"] == {kind: shown[:5] for kind, shown in made.items()}
    assert read["reaction_counts"] == {"like": 7, "comment": 5}
    assert read["latest_reactions_extra"]["comment"] == {"next": ""}
    rest = urlsplit(read["latest_reactions_extra"]["like"]["next"])
    assert rest.scheme in ("http", "https")
    assert rest.path == f"/api/v1.0/reaction/activity_id/{activity['id']}/like/"
    assert parse_qs(rest.query) == {
        "id_lt": [made["like"][4]["id"]],
        "limit": ["5"],
        "withOwnChildren": ["false"],
    }
    (first,) = feed.get(enrich=True, withFirstReactions=True)["results"]
    assert first["first_reactions"] == {kind: shown[:-6:-1] for kind, shown in made.items()}
    (few,) = feed.get(reactions={"recent": True}, recentReactionsLimit=2)["results"]
    assert {kind: len(shown) for kind, shown in few["latest_reactions"].items()} == {"like": 2, "comment": 2}


def test_whose_own(client, feed, activity):
    """Feeds §9.2: of the user named; without one, a server's own are everybody's."""
    mine = without(client.reactions.add("like", activity["id"], "mike"))
    other = without(client.reactions.add("like", activity["id"], "bob"))
    (read,) = feed.get(reactions={"own": True}, user_id="mike")["results"]
    assert read["own_reactions"] == {"like": [mine]}
    (read,) = feed.get(reactions={"own": True}, user_id="carl")["results"]
    assert read["own_reactions"] == {}
    assert enriched(feed, own=True)["own_reactions"] == {"like": [other, mine]}


def test_some_kinds(client, feed, activity):
    """Feeds §9.2: in everything that is shown."""
    for kind in ("like", "reshare", "comment"):
        client.reactions.add(kind, activity["id"], "bob")
    read = enriched(feed, recent=True, own=True, counts=True, kinds="like,comment")
    assert read["latest_reactions"].keys() == read["own_reactions"].keys() == {"like", "comment"}
    assert read["reaction_counts"] == {"like": 1, "comment": 1}
    read = client.get_activities(
        ids=[activity["id"]], reactions={"counts": True, "kinds": ["", "reshare  ", "comment\n"]}
    )
    assert read["results"][0]["reaction_counts"] == {"comment": 1, "reshare": 1}


def test_counts_keep_zeros(client, feed, activity):
    """Feeds §7.3, §14.7: also of what was soft-deleted."""
    for soft in (False, True):
        made = client.reactions.add("like" if soft else "comment", activity["id"], "bob")
        client.reactions.delete(made["id"], soft=soft)
    read = enriched(feed, recent=True, counts=True)
    assert read["reaction_counts"] == {"comment": 0, "like": 0}
    assert read["latest_reactions"] == {}


def test_children_of_reactions(client, feed, activity):
    """Feeds §7.3, §9.2: latest children always, own ones when asked."""
    comment = client.reactions.add("comment", activity["id"], "bob")
    for number in range(6):
        client.reactions.add_child("clap", comment["id"], "mike", data={"number": number})
    client.reactions.add_child("clap", comment["id"], "carl")
    shown = enriched(feed, recent=True)["latest_reactions"]["comment"][0]
    assert (shown["children_counts"], len(shown["latest_children"]["clap"])) == ({"clap": 7}, 7)
    assert "own_children" not in shown
    (read,) = feed.get(enrich=True, withRecentReactions=True, withOwnChildren=True, user_id="mike")["results"]
    own = read["latest_reactions"]["comment"][0]["own_children"]
    assert [each["data"]["number"] for each in own["clap"]] == [5, 4, 3, 2, 1]


def test_the_next_page_is_enriched_as_well(client, feed):
    """Feeds §6.3: flags are carried over, and the path."""
    feed.add_activities([{"actor": "mike", "verb": "buy", "object": number} for number in range(3)])
    page = feed.get(reactions={"counts": True, "own": True}, user_id="mike", limit=2)
    query = following_page(page, f"enrich/feed/user/{feed.user_id}/")
    last = page["results"][-1]["id"]
    assert {name.lower() for name in query} == {
        "id_lt",
        "limit",
        "withreactioncounts",
        "withownreactions",
        "user_id",
    }
    assert (query["id_lt"], query["limit"], query["user_id"]) == (last, "2", "mike")
    page = feed.get(enrich=True, **query)
    assert [each.keys() for each in page["results"]] == [FIELDS | {"reaction_counts", "own_reactions"}]


def test_activities_with_reactions(client, feed, activity):
    """Feeds §7.3: with_activity_data adds what was reacted to."""
    reaction = client.reactions.add("like", activity["id"], "mike")
    page = client.reactions.filter(activity_id=activity["id"], with_activity_data=True, kind="like", limit=1)
    assert page["activity"] == {
        **without(activity), "own_reactions": {"like": [without(reaction)]}, "reaction_counts": {"like": 1},
        "latest_reactions": {"like": [without(reaction)]}, "latest_reactions_extra": {"like": {"next": ""}},
    }  # fmt: skip
