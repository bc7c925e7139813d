"""Analyses of points that are really kept, on both engines, beside counting them by hand (Events §19)."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import Store, Transaction, open_store, points, tenants
from storage.points import NewPoint
from streams.analytics import Asked, answer, parse
from streams.errors import Malformed
from streams.events.reader import Reader
from vocab import instants
from vocab.dialects.events import Point

pytestmark = pytest.mark.anyio

TENANT = 7
EVERYONE = Reader(TENANT, sees_all=True)
BEGIN = datetime(2031, 3, 29, tzinfo=UTC)
NOW = instants.microseconds(BEGIN + timedelta(days=30))


@pytest.fixture
async def store(ready_url: str) -> AsyncIterator[Store]:
    async with open_store(ready_url) as opened:
        await opened.write(tenants.add, TENANT, "north", now=1)
        yield opened


def point(
    minutes: float = 0,
    *,
    dataset: str = "events",
    series: str = "as.fleet.cargo.loaded",
    metrics: dict[str, float] | None = None,
    **dimensions: str | tuple[str, ...],
) -> Point:
    at = instants.microseconds(BEGIN + timedelta(minutes=minutes))
    return Point(dataset, series, at, {"type": series, **dimensions}, metrics or {})


async def keep(store: Store, *kept: Point) -> None:
    await store.write(points.add, TENANT, [NewPoint(one) for one in kept], now=1)


async def asks(store: Store, path: str, reader: Reader = EVERYONE, **parameters: str) -> list[dict[str, Any]]:
    """Ask with the segments of an address and its parameters; ``query_type`` for ``queryType``."""
    pairs = tuple(
        ("queryType" if name == "query_type" else name, value) for name, value in parameters.items()
    )
    query = parse(Asked(*path.split("/"), parameters=pairs), now=NOW)
    return await answer(store, reader, query)


async def test_points_are_grouped_by_bucket_and_values(store: Store) -> None:
    """Events §19.2: a row for each bucket and combination, with the metrics summed."""
    await keep(
        store,
        point(1, quay="7", metrics={"pallets": 14}),
        point(2, quay="7", metrics={"pallets": 2.5}),
        point(3, quay="8"),
        point(24 * 60, quay="7"),
        point(4, pier="1"),
    )
    assert await asks(store, "events/all/quay/count,pallets/day/2031-03") == [
        {"version": "v1", "timestamp": "2031-03-29T00:00:00.000Z", "event": {"quay": "7", "count": 2, "pallets": 16.5}},
        {"version": "v1", "timestamp": "2031-03-29T00:00:00.000Z", "event": {"quay": "8", "count": 1, "pallets": 0}},
        {"version": "v1", "timestamp": "2031-03-30T00:00:00.000Z", "event": {"quay": "7", "count": 1, "pallets": 0}},
    ]  # fmt: skip
    assert await asks(store, "events/all/none/count/all/2031-03") == [
        {"version": "v1", "timestamp": "2031-03-01T00:00:00.000Z", "event": {"count": 5}}
    ]


async def test_the_best_of_each_bucket(store: Store) -> None:
    """Events §19.2: topN, by the first metric unless something else is said; tags count once each."""
    await keep(
        store,
        *(point(n, tags=("urgent", "outbound")) for n in range(3)),
        *(point(n, tags="outbound") for n in range(3, 5)),
        point(24 * 60, tags="late", metrics={"pallets": 5}),
    )
    top = await asks(store, "events/all/tags/count/day/2031-03", query_type="topN", limit="1")
    assert top == [
        {"timestamp": "2031-03-29T00:00:00.000Z", "result": [{"tags": "outbound", "count": 5}]},
        {"timestamp": "2031-03-30T00:00:00.000Z", "result": [{"tags": "late", "count": 1}]},
    ]
    least = await asks(store, "events/all/tags/count/all/2031-03", query_type="topN", sort="count", limit="2")
    assert [row["tags"] for row in least[0]["result"]] == ["late", "urgent"]


async def test_a_curve_has_no_gaps(store: Store) -> None:
    """Events §19.2: empty buckets are filled with 0."""
    await keep(store, point(61, metrics={"pallets": 2}), point(62), point(190))
    path = "events/all/none/count,pallets/hour/2031-03-29T00:00/2031-03-29T05:00"
    curve = await asks(store, path, query_type="timeseries")
    assert [(row["timestamp"][11:16], row["result"]["count"]) for row in curve] == [
        ("00:00", 0), ("01:00", 2), ("02:00", 0), ("03:00", 1), ("04:00", 0),
    ]  # fmt: skip
    assert curve[1]["result"] == {"count": 2, "pallets": 2}


async def test_a_local_day_is_as_long_as_its_clocks_say(store: Store) -> None:
    """Events §19.1: in Berlin the 30th of March 2031 has 23 hours."""
    await keep(store, *(point(60 * hour) for hour in range(72)))
    path = "events/all/none/count/day/2031-03-29/2031-04-01"
    rows = await asks(store, path, tz="Europe/Berlin")
    assert [(row["timestamp"], row["event"]["count"]) for row in rows] == [
        ("2031-03-29T00:00:00.000+01:00", 23),  # points begin at 01:00 there
        ("2031-03-30T00:00:00.000+01:00", 23),
        ("2031-03-31T00:00:00.000+02:00", 24),
    ]


async def test_types_are_told_by_their_beginning(store: Store) -> None:
    """Events §19.1: with or without ``as.``, by whole segments, as the series or as a filter."""
    await keep(store, point(1), point(2, series="as.fleet.van.washed"), point(3, series="as.fleets.gone"))

    async def counted(series: str, **parameters: str) -> int:
        rows = await asks(store, f"events/{series}/none/count/all/2031-03", **parameters)
        return rows[0]["event"]["count"] if rows else 0

    assert await counted("all") == 3
    assert await counted("as.fleet") == await counted("fleet") == 2
    assert await counted("all", type="fleet.van,as.fleets") == 2
    assert await counted("all", type="/fleet\\..*/") == 2
    assert await counted("fleet.cargo", type="fleet.van") == 0
    grouped = await asks(store, "events/all/type/count/all/2031-03")
    assert [row["event"]["type"] for row in grouped] == [
        "as.fleet.cargo.loaded", "as.fleet.van.washed", "as.fleets.gone",
    ]  # fmt: skip


async def test_filters_are_values_and_patterns(store: Store) -> None:
    """Events §19.1: several values of one parameter are OR, several parameters AND, patterns match the whole."""
    for number, (quay, tags) in enumerate([("7", ("a", "b")), ("8", "a"), ("17", "b"), ("C++", ("c", "d"))]):
        await keep(store, point(number, quay=quay, tags=tags))

    async def quays(**parameters: str) -> list[str]:
        rows = await asks(store, "events/all/quay/count/all/2031-03", **parameters)
        return [row["event"]["quay"] for row in rows]

    assert await quays(quay="7,8") == ["7", "8"]
    assert await quays(quay="7,8", tags="b") == ["7"]
    assert await quays(tags="a") == ["7", "8"]
    assert await quays(quay=".*7") == ["17", "7"]
    assert await quays(quay="/1?7/") == ["17", "7"]
    assert await quays(quay="C++") == ["C++"]
    assert await quays(tags="[bc]") == ["17", "7", "C++"]
    assert await quays(pier="7") == []


async def test_measures_of_every_kind(store: Store) -> None:
    """Events §19.1: each is reported under its own text; of nothing, the least and the most are null."""
    await keep(
        store,
        point(1, quay="7", weather="fog", metrics={"pallets": 3}, tags=("a", "b")),
        point(2, quay="7", weather="clear", metrics={"pallets": 5}, tags=("b", "c")),
        point(3, quay="7", weather="fog", tags="a"),
        point(4, quay="8"),
    )
    metrics = (
        "count,count:weather=fog,count:tags=b,count:weather,count:pallets,pallets,min:pallets,max:pallets,"
        "avg:pallets,cardinality:weather,cardinality:tags"
    )
    rows = await asks(store, f"events/all/quay/{metrics}/all/2031-03")
    seven, eight = (list(row["event"].values())[1:] for row in rows)
    assert list(rows[0]["event"]) == ["quay", *metrics.split(",")]
    assert seven == [3, 2, 2, 3, 2, 8, 3, 5, 4, 2, 3]
    assert eight == [1, 0, 0, 0, 0, 0, None, None, None, 0, 0]
    grouped = await asks(store, "events/all/tags/count,cardinality:tags,cardinality:quay/all/2031-03")
    assert [tuple(row["event"].values()) for row in grouped] == [
        ("a", 2, 1, 1),
        ("b", 2, 1, 1),
        ("c", 1, 1, 1),
    ]


async def test_more_names_than_there_are_columns(store: Store) -> None:
    """Dimensions and metrics beyond the columns of the table are counted like any other."""
    names = [f"n{number:02}" for number in range(40)]
    for minute in range(3):
        one = point(
            minute, metrics={f"m{name}": minute + 0.5 for name in names}, **dict.fromkeys(names, f"v{minute}")
        )
        await keep(store, one)
    for name in (names[0], names[30], names[39]):
        rows = await asks(
            store, f"events/all/{name}/count,m{name},max:m{name}/all/2031-03", **{name: "v[12]"}
        )
        assert [tuple(row["event"].values()) for row in rows] == [("v1", 1, 1.5, 1.5), ("v2", 1, 2.5, 2.5)]


async def test_a_point_of_a_series_is_counted_once(store: Store) -> None:
    """Points that are sent as such, and say the same, are one; those of events are as many as there are events."""
    engine = point(1, dataset="timeseries", series="tug.engine", metrics={"rpm": 1420}, side="port")
    await keep(store, engine)
    await keep(
        store, engine, point(1, dataset="timeseries", series="tug.engine", metrics={"rpm": 1421}, side="port")
    )
    rows = await asks(store, "timeseries/tug.engine/side/count,max:rpm/hour/2031-03")
    assert [row["event"] for row in rows] == [{"side": "port", "count": 2, "max:rpm": 1421}]


async def test_metrics_of_a_time_series_as_values(store: Store) -> None:
    """Events §19.4: ``metric`` is a dimension of time series, ``value`` what each of them is."""
    await keep(
        store,
        point(1, dataset="timeseries", series="tug.engine", metrics={"rpm": 1000, "oil": 4}),
        point(2, dataset="timeseries", series="tug.engine", metrics={"rpm": 2000}),
        point(2, dataset="timeseries", series="van.engine", metrics={"oil": 6}),
    )
    rows = await asks(store, "timeseries/all/metric/count,avg:value/all/2031-03")
    assert [tuple(row["event"].values()) for row in rows] == [("oil", 2, 5), ("rpm", 2, 1500)]
    rows = await asks(store, "timeseries/tug.engine/none/max:value/all/2031-03", metric="rpm")
    assert rows[0]["event"] == {"max:value": 2000}


async def test_one_tenant_never_counts_what_is_another_s(store: Store) -> None:
    """SEC-102."""
    await store.write(tenants.add, 8, "east", now=1)
    await keep(store, point(1, quay="7"))
    assert await asks(store, "events/all/quay/count/all/2031-03", Reader(8, sees_all=True)) == []


async def test_an_answer_has_an_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows than are told are refused, not cut; a limit asks for less."""
    monkeypatch.setattr("streams.analytics.answering.ROWS_MAX", 3)
    await keep(store, *(point(n, quay=str(n)) for n in range(5)))
    with pytest.raises(Malformed, match="more than 3 rows"):
        await asks(store, "events/all/quay/count/all/2031-03")
    rows = await asks(store, "events/all/quay/count/all/2031-03", sort="-quay", limit="2")
    assert [row["event"]["quay"] for row in rows] == ["4", "3"]
    with pytest.raises(Malformed, match="more than 3 buckets"):
        await asks(store, "events/all/none/count/hour/2031-03-29/2031-03-30", query_type="timeseries")


async def test_an_answer_that_takes_too_long_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other work goes on, and a shorter question is answered after it."""
    first = instants.microseconds(BEGIN)
    several = [Point("events", "as.x.done", first + n, {"quay": str(n % 9)}, {}) for n in range(5_000)]
    await keep(store, *several)
    with monkeypatch.context() as patched:
        patched.setattr("streams.analytics.answering.SECONDS_MAX", 0.001)
        with pytest.raises(Malformed, match=r"longer than 0\.001 seconds"):
            await asks(store, "events/all/quay/count,cardinality:quay/PT1M/2031-03", quay="(.*7|.*8|[^x]*)*")
    rows = await asks(store, "events/all/none/count/all/2031-03")
    assert rows[0]["event"] == {"count": 5_000}


VALUES = {"quay": ["7", "8", "9"], "weather": ["fog", "clear"], "tags": ["a", "b", "c"]}
KEPT = st.lists(
    st.builds(
        lambda minutes, series, some, amount: point(
            minutes, series=series, metrics={} if amount is None else {"pallets": amount},
            **{name: values[0] if len(values) == 1 else tuple(values) for name, values in some.items() if values},
        ),
        st.integers(0, 4 * 24 * 60 - 1),
        st.sampled_from(["as.fleet.cargo.loaded", "as.fleet.van.washed"]),
        st.fixed_dictionaries(
            {name: st.lists(st.sampled_from(values), max_size=2, unique=True) for name, values in VALUES.items()}
        ),
        st.none() | st.integers(-9, 9),
    ),
    max_size=25,
)  # fmt: skip


@given(
    KEPT,
    st.lists(st.sampled_from([*VALUES, "type"]), unique=True, max_size=3),
    st.dictionaries(st.sampled_from(["quay", "tags"]), st.sampled_from(["7", "8", "a", "b"]), max_size=2),
    st.sampled_from(["all", "day", "hour", "PT5H", "P2D"]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_database_counts_like_a_person(
    store: Store, kept: list[Point], dimensions: list[str], filters: dict[str, str], granularity: str
) -> None:
    """Any grouping says the same as going through the points one by one."""
    await store.write(_clear)
    await keep(store, *kept)
    path = f"events/all/{','.join(dimensions) or 'none'}/count,pallets,max:pallets/{granularity}/2031-03-29/2031-04-02"
    rows = await asks(store, path, **filters)
    found = {
        (row["timestamp"], *list(row["event"].values())[:-3]): list(row["event"].values())[-3:]
        for row in rows
    }
    assert len(found) == len(rows)
    assert found == _by_hand(
        {id(one): one for one in _distinct(kept)}.values(), dimensions, filters, granularity
    )


def _distinct(kept: Iterable[Point]) -> list[Point]:
    said = {(one.series, one.at, str(sorted(one.dimensions.items())), str(one.metrics)): one for one in kept}
    return list(said.values())


def _by_hand(
    kept: Iterable[Point], dimensions: list[str], filters: dict[str, str], granularity: str
) -> dict[tuple[str, ...], list[float | None]]:
    amounts: dict[tuple[str, ...], list[float | None]] = defaultdict(list)
    for one in kept:
        several = {
            name: (value,) if isinstance(value, str) else value for name, value in one.dimensions.items()
        }
        if not all(value in several.get(name, ()) for name, value in filters.items()):
            continue
        for values in product(*(several.get(name, ()) for name in dimensions)):
            amounts[_bucket(one.at, granularity), *values].append(one.metrics.get("pallets"))
    return {
        key: [
            len(some),
            sum(one or 0 for one in some),
            max((one for one in some if one is not None), default=None),
        ]
        for key, some in amounts.items()
    }


def _bucket(at: int, granularity: str) -> str:
    then = instants.moment(at)
    day = then.replace(hour=0, minute=0)
    match granularity:
        case "all":
            begin = BEGIN
        case "day":
            begin = day
        case "P2D":
            begin = day - timedelta(days=(day - datetime(1970, 1, 1, tzinfo=UTC)).days % 2)
        case "hour":
            begin = then.replace(minute=0)
        case _:
            begin = then.replace(hour=then.hour // 5 * 5, minute=0)
    return begin.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def _clear(tx: Transaction) -> None:
    await tx.run("DELETE FROM points")
    await tx.run("DELETE FROM point_series")
