"""Whatever is posted as an outside activity is stored or refused with reasons, never a mistake of ours (Atom §6.3)."""

import asyncio
import secrets
from typing import Any

from atomhall import RUN, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MEMBERS = (
    "generator", "id", "url", "title", "content", "published", "verb", "actor", "user", "object", "target", "icon",
    "to", "cc", "application", "provider", "displayName", "objectType", "summary", "uri", "image", "width", "height",
)  # fmt: skip
TEXTS = ("https://a.example/", "urn:x:1", "ORCHARD-7", "", "<b>x", "@public", "ci", "a" * 300)
names = st.sampled_from(MEMBERS) | st.text(max_size=8)
numbers = st.integers(1 - 2**53, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
plain = st.none() | st.booleans() | numbers | st.text(max_size=40) | st.sampled_from(TEXTS)
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
bodies = st.dictionaries(st.sampled_from(MEMBERS), values, max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(several=st.lists(bodies | values, min_size=8, max_size=8))
def test_never_a_mistake_of_ours(ready_url: str, several: list[Any]) -> None:
    async def walk() -> None:
        async with opened(ready_url) as hall:
            name = f"ci{secrets.token_hex(6)}"
            ci = await hall.bearer(await hall.member(name), "read write activities:onbehalf")
            for body in several:
                for sent in (body, {**RUN, **body} if isinstance(body, dict) else body):
                    answer = await ci.post(sent)
                    assert answer.status_code in (200, 201, 400, 403), (sent, answer.text)
                    assert ("subCode" in answer.json()) == (answer.status_code >= 400)

    asyncio.run(walk())
