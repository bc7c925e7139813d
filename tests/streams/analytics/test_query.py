"""Reading what an analysis asks for (Events §19.1)."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.pointqueries import Choice, Measure
from streams.analytics import Asked, Query, parse
from streams.errors import Malformed
from vocab import instants

NOW = 1_930_000_000_000_000


def query(path: str, **parameters: str) -> Query:
    return parse(Asked(*path.split("/"), parameters=tuple(parameters.items())), now=NOW)


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("events/all/quay/count/all/2031-03", {"type": "as.fleet.cargo.loaded"}),
        ("events/all/quay,weather/count,pallets/day/2031-03-01", {}),
        ("events/all/tags/count/day/2031-03", {"queryType": "topN", "limit": "5"}),
        ("events/all/quay/count,count:weather=fog,count:weather=clear/all/2031-03", {}),
        ("trades/all/mug/total_price/P1W/2031-05-01", {}),
        ("timeseries/tug.engine/side/max:rpm/hour/P-1D", {}),
        (
            "trades/all/none/item_count,count/day/2031-05-01",
            {"queryType": "timeseries", "action": "PURCHASED"},
        ),
    ],
)
def test_every_shape_of_the_specification_is_understood(path: str, parameters: dict[str, str]) -> None:
    """Events §19.3."""
    assert query(path, **parameters).metrics


def test_the_parts_of_a_query() -> None:
    found = query(
        "trades/All/Currency_Code/item_count,count,max:total_price/day/2031-05-01/2031-05-02",
        action="PURCHASED,RENTED", sort="-count", limit="3", tz="Atlantic/Reykjavik", apikey="k",
    )  # fmt: skip
    assert (found.dataset, found.series, found.dimensions) == ("trades", (), ("currency_code",))
    assert [(metric.text, metric.measure) for metric in found.metrics] == [
        ("item_count", Measure("sum", "item_count")),
        ("count", Measure("count")),
        ("max:total_price", Measure("max", "total_price")),
    ]
    assert found.filters == (("action", Choice(("PURCHASED", "RENTED"))),)
    assert (found.order, found.limit, found.kind) == (((3, True),), 3, "groupBy")
    assert instants.spell(found.span.since) == "2031-05-01T00:00:00Z"


def test_a_value_with_what_only_patterns_have_is_one() -> None:
    """A dot alone is no sign of a pattern; between slashes everything is one."""
    found = dict(query("events/all/none/count/all/2031", origin="depot.north,/depot.*/,a|b,C++").filters)[
        "origin"
    ]
    assert found.values == ("depot.north", "a|b", "C++")
    assert [pattern.source for pattern in found.patterns] == ["depot.*", "a|b"]


@pytest.mark.parametrize(
    ("path", "parameters", "field"),
    [
        ("orders/all/none/count/all/2031", {}, "dataset"),
        ("events//none/count/all/2031", {}, "series"),
        ("events/all/quay,,x/count/all/2031", {}, "dimensions"),
        ("events/all/" + ",".join(f"d{n}" for n in range(11)) + "/count/all/2031", {}, "dimensions"),
        ("events/all/none/median:x/all/2031", {}, "metrics"),
        ("events/all/none/count,/all/2031", {}, "metrics"),
        ("events/all/none/max:/all/2031", {}, "metrics"),
        ("events/all/none/count:x=/all/2031", {}, "metrics"),
        ("events/all/none/count/all/2031", {"x": "/(/"}, "x"),
        ("events/all/none/" + ",".join(f"m{n}" for n in range(21)) + "/all/2031", {}, "metrics"),
        ("events/all/none/count/PT1S/2031", {}, "granularity"),
        ("events/all/none/count/all/soon", {}, "from"),
        ("events/all/none/count/all/2031", {"queryType": "scan"}, "queryType"),
        ("events/all/none/count/all/2031", {"queryType": "topN"}, "dimensions"),
        ("events/all/quay/count/all/2031", {"queryType": "timeseries"}, "dimensions"),
        ("events/all/none/count/all/2031", {"limit": "0"}, "limit"),
        ("events/all/none/count/all/2031", {"limit": "-1"}, "limit"),
        ("events/all/none/count/all/2031", {"sort": "-pallets"}, "sort"),
        ("events/all/none/count/all/2031", {"tz": "Mars"}, "tz"),
        ("events/all/none/count/all/2031", {"quay": ""}, "quay"),
        ("events/all/none/count/all/2031", {"quay": "/(?=x)/"}, "quay"),
        ("events/all/none/count/all/2031", {"quay": ",".join(map(str, range(101)))}, "query"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(path: str, parameters: dict[str, str], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        query(path, **parameters)
    assert refused.value.field == field


@given(
    st.lists(st.text(max_size=12), min_size=5, max_size=7),
    st.dictionaries(st.text(max_size=8), st.text(max_size=8)),
)
def test_any_text_is_understood_or_refused(segments: list[str], parameters: dict[str, str]) -> None:
    with contextlib.suppress(Malformed):
        parse(Asked(*segments, parameters=tuple(parameters.items())), now=NOW)
