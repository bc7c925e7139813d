"""Whatever is sent to act on is done or refused, never a mistake of ours (Atom §7.2, §7.3)."""

import asyncio
import secrets
from urllib.parse import quote

from atomhall import opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PARTS = (
    "social",
    "events",
    "thirdparty",
    "activities",
    "users",
    "entities",
    "Issue",
    "ORCHARD-7",
    "ada",
    "https://x.example/1",
)
segments = (
    st.sampled_from(PARTS) | st.text(max_size=12) | st.sampled_from(["", "..", "%2F", "a" * 3_000, "\x00"])
)
paths = st.lists(segments, max_size=4).map(lambda parts: "/".join(quote(part, safe="") for part in parts))
forms = st.dictionaries(
    st.sampled_from(["comment", "replyTo", "xsrfToken", "x"]), st.text(max_size=30), max_size=3
)
roots = st.sampled_from(["/plugins/servlet/streamscomments", "/rest/stream-actions/1.0/actions"])
calls = st.tuples(st.sampled_from(["POST", "DELETE"]), roots, paths, forms)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(several=st.lists(calls, min_size=12, max_size=12))
def test_never_a_mistake_of_ours(ready_url: str, several: list[tuple[str, str, str, dict[str, str]]]) -> None:
    async def walk() -> None:
        async with opened(ready_url) as hall:
            caller = await hall.bearer(await hall.member(f"bob{secrets.token_hex(6)}"))
            for method, root, path, form in several:
                answer = await caller.ask(method, f"{root}/{path}", data=form)
                assert answer.status_code < 500, (method, root, path, form, answer.text)

    asyncio.run(walk())
