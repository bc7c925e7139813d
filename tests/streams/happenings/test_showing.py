"""How happenings are shown as entries (Atom §15)."""

import json
from typing import Any

from storage.happeningpages import Named, Told
from streams.happenings import showing
from vocab import Activity

BASE = "https://here.example"


def shown(document: dict[str, Any]) -> Any:
    """Return the object of an entry that names a stored document."""
    iri = document["id"]
    row = Told(**dict.fromkeys(Told._fields) | {"item": 1, "published": 1, "provider": "activitypub"})
    activity = Activity({"type": "Like", "actor": "https://there.example/u", "object": iri})
    known = {iri: Named(iri, 1, "Note", 0, json.dumps(document), None, None)}
    return showing.entry(row, activity, known, BASE).activity.get("object")


def test_what_is_very_long_is_not_kept_in_memory() -> None:
    """SEC §2: hundreds of long documents of others take no more memory than they do in storage."""
    note = {"id": "https://there.example/1", "type": "Note", "content": "short"}
    assert shown(note) == note
    kept = showing._remembered.cache_info().currsize
    for number in range(3):
        long = {**note, "id": f"https://there.example/long/{number}", "content": ["x" * 10_000] * 3}
        assert shown(long) == long
    assert showing._remembered.cache_info().currsize == kept
    assert shown(note) == note
    assert showing._remembered.cache_info().hits
