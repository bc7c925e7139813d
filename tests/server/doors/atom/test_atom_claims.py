"""What somebody says of who did it, and where, binds nobody but themselves (Atom §11, §17.5)."""

from typing import Any

import pytest
from atomhall import Hall

from streams.happenings import facets
from vocab import Object

pytestmark = pytest.mark.anyio

OURS: dict[str, Any] = {
    "hw:sourceId": "https://ci.example/1",
    "hw:provider": "git",
    "hw:verb": ["http://activitystrea.ms/schema/1.0/post", "http://activitystrea.ms/schema/1.0/approve"],
    "hw:titleHtml": "<b>ada</b> approved it",
    "hw:application": "https://bank.example/",
    "hw:key": "SECRET",
}


async def test_nobody_speaks_for_another_by_terms_of_ours(hall: Hall) -> None:
    """A client that names an author is not believed: it is its member who says it."""
    ada, eve = await hall.member("ada"), await hall.member("eve")
    program = await hall.bearer(eve)
    said = {
        "@context": "https://www.w3.org/ns/activitystreams", "type": "Create",
        "to": "https://www.w3.org/ns/activitystreams#Public",
        "hw:author": {"type": "Person", "id": ada.iri, "name": "ada"}, **OURS,
        "object": {"type": "Note", "content": "I, ada, resign", "to": "https://www.w3.org/ns/activitystreams#Public",
                   "hw:author": ada.iri, **OURS},
    }  # fmt: skip
    answer = await program.ask(
        "POST", f"{eve.iri}/outbox", json=said, headers={"content-type": "application/activity+json"}
    )
    assert answer.status_code == 201, answer.text
    as_ada = await hall.anybody.get("/activity?streams=user+IS+ada&format=as2")
    assert "resign" not in as_ada.text
    as_eve = await hall.anybody.get("/activity?streams=user+IS+eve&format=as2")
    assert "resign" in as_eve.text
    assert "bank.example" not in as_eve.text
    assert "approved it" not in as_eve.text


def test_what_others_say_of_authors_is_not_told() -> None:
    """An activity of another server is by its actor, whoever it says did it elsewhere."""
    said = {
        "hw:sourceId": "x",
        "hw:author": {"id": "https://here.example/users/ada"},
        "actor": "https://t.example/u",
    }
    theirs, ours = (
        Object({**said, "id": f"{root}/activities/1"})
        for root in ("https://t.example", "https://here.example")
    )
    assert [one.id for one in facets.actors(theirs, "https://here.example")] == ["https://t.example/u"]
    (described,) = facets.actors(ours, "https://here.example")  # as a feed does
    assert described.id is None
    named = ours.with_(**{"hw:author": ["https://here.example/users/ada"]})
    (known,) = facets.actors(named, "https://here.example")
    assert known.id == "https://here.example/users/ada"
