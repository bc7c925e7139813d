"""Outside activities, read and written (Atom §6.1, §6.3)."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from vocab.dialects import thirdparty
from vocab.entry import Entry

NOW = 1_795_176_000_000_000
MEMBERS = (
    "generator", "id", "url", "title", "content", "published", "verb", "actor", "object", "target", "icon", "to",
    "displayName", "objectType", "summary", "width",
)  # fmt: skip
TEXTS = (
    "https://a.example/",
    "urn:x:1",
    "ORCHARD-7",
    "",
    "<b>x",
    "@public",
    "<script>alert(1)</script>",
    "a" * 256,
)
plain = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(TEXTS)
)
names = st.sampled_from(MEMBERS)
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=3), max_leaves=6
)
LEAST: dict[str, Any] = {"generator": {"id": "https://ci.example/", "displayName": "CI"}, "id": "urn:x:1"}


@settings(deadline=None)
@given(st.dictionaries(names, values, max_size=5) | values)
def test_anything_is_read_or_refused_with_reasons(body: Any) -> None:
    for sent in (body, {**LEAST, **body} if isinstance(body, dict) else body):
        made, problems = thirdparty.read(sent, now=NOW)
        assert (made is None) == bool(problems)
        if made is None:
            assert all(": " in problem for problem in problems)
        else:
            entry = Entry.of(
                {"actor": "https://here.example/users/ci", **thirdparty.as2.entry(made, published=NOW)}
            )
            assert entry.id == made.named


@settings(deadline=None)
@given(st.fixed_dictionaries({name: st.sampled_from(TEXTS[:-1]) for name in ("title", "content")}))
def test_what_is_answered_reads_as_it_was(texts: dict[str, str]) -> None:
    """What was made harmless once stays as it is: an answer may be posted again."""
    made, _ = thirdparty.read({**LEAST, **texts, "published": "2026-01-01T00:00:00.25Z"}, now=NOW)
    assert made is not None
    told = thirdparty.spelled(made, published=made.published or 0, poster="ci")
    again, problems = thirdparty.read(told, now=NOW)
    assert problems == ()
    assert again is not None
    assert thirdparty.spelled(again, published=again.published or 0, poster="ci") == told


def test_names_that_are_no_addresses() -> None:
    """Keys and simple names keep what their application called them, and are no ids anywhere else (Atom §12.2)."""
    made, _ = thirdparty.read(
        {**LEAST, "object": {"id": "build-12"}, "target": {"id": "urn:x:9", "url": "A-1"}}, now=NOW
    )
    assert made is not None
    entry = thirdparty.as2.entry(made, published=NOW)
    assert entry["object"] == {"type": "Object", "name": "build-12", "hw:sourceId": "build-12"}
    assert entry["target"] == {"type": "Object", "name": "A-1", "hw:sourceId": "urn:x:9"}
    assert entry["verb"] == ["http://activitystrea.ms/schema/1.0/post"]
    assert entry["type"] == "Create"
