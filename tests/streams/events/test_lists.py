"""Lists against what a few lines of Python say they are: any events, any question, any page (Events §1.5, §16)."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from annals import Annals, instant
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import open_store
from streams.events import reading
from streams.events.wanted import Everything, History, Page, Wanted
from vocab.dialects.events import Ref

ENTITIES = ("Vessel/a", "Vessel/b", "Vessel/c")
"""The first two are the same."""
ROLES = ("ACTOR:PILOT", "AFFECTS", "MESSAGING:SENT_TO_BCC")
TYPES = ("as.a", "as.a.b", "as.ab")
READERS: tuple[tuple[str, ...], ...] = ((), (), ("asuser/bo",), ("USER", "asuser/eve"))


class Kept(NamedTuple):
    """An event of the model."""

    id: str
    at: int
    received: int
    type: str
    importance: int
    tags: tuple[str, ...]
    readers: tuple[str, ...]
    roles: dict[str, str]
    grouped: str | None


def _drawn(place: int) -> dict[str, Any]:
    """One of many different events: all members vary by numbers that have no common divisor."""
    roles = {ROLES[index]: ENTITIES[(place + index) % 3] for index in range(3) if place >> index & 1}
    return {
        "at": place * 7 % 5, "received": place * 3 % 4, "type": TYPES[place % 3], "importance": place % 6,
        "tags": ("x", "y")[: place % 3], "readers": READERS[place % 4], "roles": roles,
        "grouped": (None, "g", "h", None, None)[place % 5],
    }  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def asked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Callable[..., Page], list[Kept]]]:
    """A tenant with sixty events, asked for pages; and the same events."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("lists") / "test.db"
        path.write_bytes(request.getfixturevalue("migrated_sqlite").read_bytes())
        url = f"sqlite:///{path}"
    else:
        url = request.getfixturevalue("emptied_postgres")
    with asyncio.Runner() as runner:
        opening = open_store(url)
        past = runner.run(Annals.begun(runner.run(opening.__aenter__()), "lists", 978))
        kept = runner.run(_fill(past))

        def page(parties: tuple[str, ...], wanted: Wanted) -> Page:
            return runner.run(past.store.read(reading.page, past.space, past.reader(*parties), wanted))

        yield page, kept
        runner.run(opening.__aexit__(None, None, None))


async def _fill(past: Annals) -> list[Kept]:
    for name in ENTITIES:
        await past.entity(name)
    await past.link("Vessel/a", "AKA", "Vessel/b")
    kept = []
    for place in range(60):
        drawn = _drawn(place)
        kept.append(Kept(await past.event(**drawn), **drawn))
    return kept


class Question(NamedTuple):
    """What is asked: by whom, of which stream, and what is left out."""

    parties: tuple[str, ...]
    stream: str | None
    types: tuple[str, ...]
    tags: tuple[str, ...]
    roles: tuple[str, ...]
    since: int | None
    until: int | None
    min_importance: int | None
    order: str
    collapse: bool


questions = st.builds(
    Question,
    st.sampled_from(((), ("asuser/bo",), ("asuser/eve", "USER"))),
    st.none() | st.sampled_from(ENTITIES),
    st.sampled_from(((), (), ("as.a",), ("as.ab", "as.a.b"), ("as",))),
    st.sampled_from(((), (), ("y",), ("x", "y"))),
    st.sampled_from(((), (), ("PILOT",), ("ACTOR", "AFFECTS"), ("SENT_TO_BCC",))),
    st.none() | st.integers(0, 4),
    st.none() | st.integers(1, 5),
    st.none() | st.integers(0, 5),
    st.sampled_from(("-occurred_at", "-occurred_at", "occurred_at", "-importance", "type", "-_received_at")),
    st.booleans(),
)


def _expected(kept: list[Kept], asked: Question) -> list[str]:
    found = sorted((one for one in kept if _is_wanted(one, asked)), key=lambda one: one.id)
    columns = {"occurred_at": "at", "importance": "importance", "type": "type", "_received_at": "received"}
    column = columns[asked.order.removeprefix("-")]
    found.sort(
        key=lambda one: (getattr(one, column), one.at, one.received), reverse=asked.order.startswith("-")
    )
    if asked.collapse:
        firsts: dict[Any, Kept] = {}
        for one in found:
            firsts.setdefault((one.type, one.grouped) if one.grouped else one.id, one)
        found = list(firsts.values())
    return [one.id for one in found]


def _is_wanted(one: Kept, asked: Question) -> bool:
    same = ENTITIES[:2] if asked.stream in ENTITIES[:2] else (asked.stream,)
    roles = [
        role for role, of in one.roles.items() if "BCC" not in role and (asked.stream is None or of in same)
    ]
    labels = {label for role in roles for label in role.split(":")}
    return (
        (not one.readers or not set(one.readers).isdisjoint(asked.parties))
        and (asked.stream is None or bool(roles))
        and (not asked.types or any(f"{one.type}.".startswith(f"{type}.") for type in asked.types))
        and (not asked.tags or not set(asked.tags).isdisjoint(one.tags))
        and (not asked.roles or not labels.isdisjoint(asked.roles))
        and (asked.since is None or one.at >= asked.since)
        and (asked.until is None or one.at < asked.until)
        and one.importance >= (asked.min_importance or 0)
    )


@settings(deadline=None, max_examples=60)
@given(questions, st.integers(1, 7))
def test_pages_are_the_list(
    asked: tuple[Callable[..., Page], list[Kept]], question: Question, size: int
) -> None:
    page, kept = asked
    expected = _expected(kept, question)
    source = Everything() if question.stream is None else History(Ref.parse(question.stream))
    for number in range(1, 4):
        wanted = Wanted(
            source, number, size, types=question.types, tags=question.tags, roles=question.roles,
            since=None if question.since is None else instant(question.since),
            until=None if question.until is None else instant(question.until),
            min_importance=question.min_importance, order=question.order, collapse=question.collapse,
        )  # fmt: skip
        found = page(question.parties, wanted)
        assert [item["_stream_id"] for item in found.items] == expected[(number - 1) * size : number * size]
        assert found.total == len(expected)
