"""Verbs of Activity Streams 1.0 (Atom §3.9, §12.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.as1 import verbs
from vocab.terms import ACTIVITY_TYPES

S = "http://activitystrea.ms/schema/1.0/"
V = "http://streams.atlassian.com/syndication/verbs/"


@pytest.mark.parametrize(
    ("verb", "chain"),
    [
        ("post", (S + "post",)),
        (S + "post", (S + "post",)),
        ("", (S + "post",)),
        ("fail", (S + "fail",)),
        ("jira/resolve", (S + "update", V + "jira/transition", V + "jira/resolve")),
        (V + "jira/stop", (S + "update", V + "jira/transition", V + "jira/stop")),
        (V + "jira/remoteissuelink", (S + "update", V + "jira/remoteissuelink")),
        (V + "jira/vote", (S + "like", V + "jira/vote")),
        (V + "crucible/close", (V + "crucible/close",)),
        (V + "bamboo/fail", (V + "bamboo/fail",)),
        ("https://x.example/verbs/prune", ("https://x.example/verbs/prune",)),
        ("tag:x.example,2026:prune", ("tag:x.example,2026:prune",)),
    ],
)
def test_a_verb_is_told_with_all_that_it_is_a_kind_of(verb: str, chain: tuple[str, ...]) -> None:
    """Atom §3.9: most general first; simple names are the standard's, unknown IRIs stay what they are."""
    assert verbs.chain(verb) == chain


@pytest.mark.parametrize(
    ("verb", "key"),
    [
        (S + "post", "post"),
        (V + "jira/resolve", "resolve"),
        ("https://x.example/v#prune", "prune"),
        ("like", "like"),
    ],
)
def test_the_key_of_a_verb_is_its_last_segment(verb: str, key: str) -> None:
    assert verbs.key(verb) == key


@pytest.mark.parametrize(
    ("names", "type"),
    [
        ("post create author submit", "Create"),
        ("add attach insert append push tag", "Add"),
        ("update jira/transition jira/close jira/link jira/remoteissuelink", "Update"),
        ("delete archive retract", "Delete"),
        ("remove unshare untag", "Remove"),
        ("like favorite jira/vote", "Like"),
        ("dislike", "Dislike"),
        ("unlike unfavorite stop-following", "Undo"),
        ("share repost", "Announce"),
        ("follow watch-thread", "Follow"),
        ("accept approve confirm rsvp-yes", "Accept"),
        ("reject deny rsvp-no", "Reject"),
        ("rsvp-maybe", "TentativeAccept"),
        ("offer request make-friend request-friend", "Offer"),
        ("invite", "Invite"),
        ("experience watch", "View"),
        ("checkin at", "Arrive"),
        ("flag-as-inappropriate", "Flag"),
        ("fisheye/push", "Add"),
        ("bamboo/fail crucible/close crucible/summarize close https://x.example/like", "Activity"),
    ],
)
def test_each_verb_has_its_type(names: str, type: str) -> None:
    """Atom §12.1; a verb of somebody else's means nothing here, whatever it ends in."""
    assert {name: verbs.as2(verbs.chain(name)) for name in names.split()} == dict.fromkeys(
        names.split(), type
    )


def test_the_most_specific_verb_with_a_type_decides() -> None:
    """Atom §10.3.4: the last one listed is the most specific; what is not known there leaves it to the one before."""
    assert verbs.as2((S + "update", "https://x.example/prune")) == "Update"
    assert verbs.as2((S + "update", S + "delete")) == "Delete"
    assert verbs.as2(()) == "Create"


@pytest.mark.parametrize(
    ("type", "key"),
    [
        ("Create", "post"), ("Add", "add"), ("Update", "update"), ("Delete", "delete"), ("Remove", "remove"),
        ("Like", "like"), ("Announce", "share"), ("Follow", "follow"), ("Accept", "accept"), ("Join", "join"),
    ],
)  # fmt: skip
def test_a_type_is_told_as_a_verb(type: str, key: str) -> None:
    assert verbs.of_as2(type) == (S + key,)


def test_an_undoing_says_of_what() -> None:
    """Atom §12.1: unlike and stop-following are Undo of Like and Follow."""
    assert verbs.of_as2("Undo", "Like") == (S + "unlike",)
    assert verbs.of_as2("Undo", "Follow") == (S + "stop-following",)
    assert verbs.of_as2("Undo", "Block") == verbs.of_as2("Undo") == (S + "undo",)


@pytest.mark.parametrize("type", sorted(ACTIVITY_TYPES))
def test_every_type_comes_back(type: str) -> None:
    assert verbs.as2(verbs.of_as2(type)) == type


@given(st.text(max_size=40))
def test_a_chain_ends_in_its_verb_and_stands_by_itself(name: str) -> None:
    chain = verbs.chain(name)
    assert verbs.chain(chain[-1]) == chain
    assert verbs.as2(chain) in ACTIVITY_TYPES
