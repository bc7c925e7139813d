"""getstream: what was done by whom, and what a user left (Feeds §7.8, §7.9)."""

from uuid import uuid1

import pytest
from application import fresh, without
from nodesdk import Refused


def test_what_was_done_is_kept(backend):
    """Feeds §7.8: by what was touched and by who did it, newest first, page by page."""
    user = fresh("audited")
    backend.user(user).create({"name": "Ada"})
    backend.user(user).update({"name": "Countess"})
    made = backend["reactions"].add("like", str(uuid1()), {}, userId=user)
    backend["reactions"].update(made["id"], {"x": 1})
    backend["reactions"].delete(made["id"])
    answer = backend["auditLogs"].filter(entity_type="reaction", entity_id=made["id"])
    assert answer.keys() == {"audit_logs", "next", "prev", "duration"}
    assert [each["action"] for each in answer["audit_logs"]] == ["delete", "update", "create"]
    entry = answer["audit_logs"][2]
    assert entry.keys() == {"entity_type", "entity_id", "action", "user_id", "custom", "created_at"}
    assert (entry["entity_type"], entry["entity_id"], entry["user_id"]) == ("reaction", made["id"], user)
    first = backend["auditLogs"].filter(entity_type="reaction", entity_id=made["id"], limit=2)
    rest = backend["auditLogs"].filter(
        entity_type="reaction", entity_id=made["id"], limit=2, next=first["next"]
    )
    assert [each["action"] for each in rest["audit_logs"]] == ["create"]
    assert len(backend["auditLogs"].filter(entity_type="user", entity_id=user)["audit_logs"]) == 2
    with pytest.raises(Refused) as refused:
        backend["auditLogs"].filter()
    assert refused.value.status == 400


def test_forgetting(backend):
    """Feeds §7.9: what a user made, to be listed and deleted."""
    user = fresh("private")
    feed = backend.feed("user", user)
    said = [
        feed.addActivity({"actor": actor, "verb": "say", "object": 1})["id"]
        for actor in (f"SU:{user}", user, "SU:other")
    ]
    made = [backend["reactions"].add("like", said[2], {}, userId=user)["id"] for _ in range(2)]
    assert backend.exportUserActivitiesAndReactionIDs(user)["export"] == {
        "user_id": user, "activity_count": 2, "activity_ids": said[:2], "reaction_count": 2, "reaction_ids": made,
    }  # fmt: skip
    assert without(backend.deleteActivities([{"id": said[0]}])) == {}
    assert without(backend.deleteReactions(made)) == {}
    exported = backend.exportUserActivitiesAndReactionIDs(user)["export"]
    assert (exported["activity_ids"], exported["reaction_ids"]) == ([said[1]], [])
    assert len(feed.get()["results"]) == 2
