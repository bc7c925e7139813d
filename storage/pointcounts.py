"""Counting and measuring points: one statement for a whole analysis, grouped by the database (Events §19).

What a client wrote is only ever a parameter. Which columns of ``points`` are meant follows from the series.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from storage import pointaudience
from storage.connection import Transaction, Value
from storage.patterns import TEXT_CHARS_MAX
from storage.pointqueries import METRIC, TYPE, VALUE, Choice, Counting, Group, Measure, Run
from storage.pointseries import DIMENSION_COLUMNS, METRIC_COLUMNS, TIMESERIES, Series
from storage.sql import each, listed


async def count(tx: Transaction, wanted: Counting, *, most: int) -> list[Group]:
    """Return the groups in their order, not more than ``most``. One statement."""
    statement = _Statement(tx.engine, wanted)
    if not statement.sources or not wanted.runs:
        return []
    rows = await tx.all(statement.sql(), **statement.parameters, most=most)
    width = len(wanted.dimensions)
    return [
        Group(row[0], row[1 : 1 + width], row[1 + width :])  # type: ignore[arg-type]
        for row in rows
    ]


@dataclass
class _Numbers:
    """The numbers that a name has in the series, and how a statement gets at that of a point's."""

    sql: str
    """The number as text, a constant where all have the same one."""
    all: tuple[int, ...]

    def pick(self, letter: str, columns: int) -> str:
        """Return the column that has the value; NULL for what has none."""
        known = sorted({number for number in self.all if 0 < number <= columns})
        if len(set(self.all)) == 1:
            return f"p.{letter}{known[0]}" if known else "NULL"
        arms = " ".join(f"WHEN '{number}' THEN p.{letter}{number}" for number in known)
        return f"CASE {self.sql} {arms} END" if arms else "NULL"


@dataclass
class _Statement:
    engine: str
    wanted: Counting
    parameters: dict[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        needed = [*self.wanted.dimensions, *(name for name, _ in self.wanted.filters)]
        kept = [one for one in self.wanted.series if all(self._has(one, name) for name in needed)]
        self._apart = self._takes_apart()
        self.series = kept
        self.sources: list[tuple[int, str, str]] = (
            [(one.id, one.name, metric) for one in kept for metric in one.metrics]
            if self._apart
            else [(one.id, one.name, "") for one in kept]
        )
        self._by_id = {one.id: one for one in kept}
        self._columns: list[list[str]] = []

    def sql(self) -> str:
        """Return the statement."""
        wanted = self.wanted
        grouped = self._grouped([self._measure(measure) for measure in wanted.measures])
        tables = [f"grouped AS ({grouped})"]
        keys = ["bucket", *(f"v{place}" for place in range(len(wanted.dimensions)))]
        shown, joined = [f"g.{key}" for key in keys], []
        for place, measure in enumerate(wanted.measures):
            if not self._counts_apart(measure):
                shown.append(f"g.a{place}")
                continue
            value, join = self._value(measure.name, "beside")
            tables.append(f"x{place} AS ({self._grouped([f'COUNT(DISTINCT {value})'], join)})")
            same = " AND ".join(f"x{place}.{key} = g.{key}" for key in keys)
            joined.append(f" LEFT JOIN x{place} ON {same}")
            shown.append(f"coalesce(x{place}.a0, 0)")
        names = [*keys, *(f"a{place}" for place in range(len(wanted.measures)))]
        whole = f"SELECT {', '.join(f'{said} AS {name}' for said, name in zip(shown, names, strict=True))}"
        whole += f" FROM grouped g{''.join(joined)}"
        order = ", ".join(self._order(names))
        if wanted.each_bucket:
            self.parameters["best"] = wanted.limit
            places = f"row_number() OVER (PARTITION BY bucket ORDER BY {order}) AS place"
            whole = f"SELECT * FROM (SELECT w.*, {places} FROM ({whole}) w) r WHERE place <= :best"  # noqa: S608
            order = "bucket, place"
            whole = f"SELECT {', '.join(names)} FROM ({whole}) t ORDER BY {order} LIMIT :most"  # noqa: S608
        else:
            whole = f"SELECT * FROM ({whole}) w ORDER BY {order} LIMIT :most"  # noqa: S608
        self.parameters |= pointaudience.named(wanted.tenant, wanted.parties)
        begun = pointaudience.hidden(self.engine, wanted.parties).strip() or "WITH"
        return f"{begun}{',' if wanted.parties is not None else ''} {', '.join([*self._listed(), *tables])} {whole}"

    def _listed(self) -> list[str]:
        """Return the series and the runs as tables."""
        rows: list[tuple[str | int, ...]] = [
            (*source, *(column[place] for column in self._columns))
            for place, source in enumerate(self.sources)
        ]
        self.parameters |= {"series": listed(rows), "runs": listed(self.wanted.runs)}
        self.parameters |= {"since": self.wanted.runs[0].since, "until": self.wanted.runs[-1].until}
        texts = "".join(f", each.value ->> {3 + place} AS n{place}" for place in range(len(self._columns)))
        runs = ", ".join(
            f"CAST(each.value ->> {place} AS BIGINT) AS {name}" for place, name in enumerate(Run._fields)
        )
        sources = (
            "CAST(each.value ->> 0 AS BIGINT) AS id, each.value ->> 1 AS name, each.value ->> 2 AS metric"
        )
        sources = f"SELECT {sources}{texts} FROM {each(self.engine, 'series')}"  # noqa: S608
        spans = f"SELECT {runs} FROM {each(self.engine, 'runs')}"  # noqa: S608
        return [f"source AS MATERIALIZED ({sources})", f"span AS MATERIALIZED ({spans})"]

    def _grouped(self, measures: Sequence[str], joined: str = "") -> str:
        """Return the statement of the groups, with points joined to more than the dimensions need."""
        values, joins, given = [], [joined], []
        for place, name in enumerate(self.wanted.dimensions):
            value, join = self._value(name, f"j{place}")
            values.append(value)
            joins.append(join)
            if join or self._is_column(name):
                given.append(f"{value} IS NOT NULL")
        conditions = [
            "p.series = source.id", "p.at >= span.since", "p.at < span.until",
            "p.at >= :since", "p.at < :until",  # from beginning to end, for PostgreSQL to find them by
            *given,
            *(self._passes(name, test) for name, test in self.wanted.filters),
        ]  # fmt: skip
        if self._apart:
            conditions.append(f"{self._metric(VALUE)} IS NOT NULL")
        if self.wanted.parties is not None:
            conditions.append(pointaudience.item(self.engine, self.wanted.parties))
            conditions.append(pointaudience.known(self.wanted.parties))
        bucket = "span.origin + (p.at - span.origin) / span.step * span.step"
        shown = [f"{bucket} AS bucket", *(f"{value} AS v{place}" for place, value in enumerate(values))]
        shown += [f"{measure} AS a{place}" for place, measure in enumerate(measures)]
        groups = ", ".join(str(place + 1) for place in range(1 + len(values)))
        return (
            f"SELECT {', '.join(shown)} FROM source CROSS JOIN span CROSS JOIN points p{''.join(joins)}"  # noqa: S608
            f" WHERE {' AND '.join(conditions)} GROUP BY {groups}"
        )

    def _order(self, names: list[str]) -> list[str]:
        said = [*self.wanted.order, *((place, False) for place in range(1 + len(self.wanted.dimensions)))]
        width = len(self.wanted.dimensions)
        order = []
        for place, largest in said:
            name = names[place]
            if 0 < place <= width and self.engine == "postgres":
                name += ' COLLATE "C"'
            if place > width:
                order.append(f"{name} IS NULL")
            order.append(f"{name} DESC" if largest else name)
        return order

    # Dimensions

    def _has(self, series: Series, name: str) -> bool:
        return name in series.dimensions or not self._is_column(name)

    def _is_column(self, name: str) -> bool:
        """Whether values of a dimension are in the points, rather than in the name of the series or metric."""
        if name == TYPE:
            return self.wanted.dataset == TIMESERIES
        return not (name == METRIC and self._is_apart(name, "dimensions"))

    def _value(self, name: str, alias: str) -> tuple[str, str]:
        """Return a dimension's value, and what has to be joined for it."""
        if not self._is_column(name):
            return ("source.name" if name == TYPE else "source.metric"), ""
        numbers = self._numbers(self._dimension(name))
        column = numbers.pick("d", DIMENSION_COLUMNS)
        if not self._is_beside(name):
            return column, ""
        lateral = "LATERAL " if self.engine == "postgres" else ""
        join = f" LEFT JOIN {lateral}{self._values(numbers, alias)} ON TRUE"
        return f"coalesce({column}, {alias}.value)", join

    def _dimension(self, name: str) -> list[int]:
        """Return the number of a dimension in each of the sources, 0 where there is none."""
        return [self._by_id[id].dimensions.get(name, 0) for id, _, _ in self.sources]

    def _is_beside(self, name: str) -> bool:
        """Whether some values of a dimension are in ``more``."""
        return any(
            name in one.several or one.dimensions.get(name, 0) > DIMENSION_COLUMNS for one in self.series
        )

    def _values(self, numbers: _Numbers, alias: str) -> str:
        if self.engine == "sqlite":
            return f"json_each(p.more, '$.d.\"' || {numbers.sql} || '\"') AS {alias}"
        return f"jsonb_array_elements_text(CAST(p.more AS JSONB) -> 'd' -> {numbers.sql}) AS {alias} (value)"

    def _passes(self, name: str, test: Choice) -> str:
        """Return the condition that a value of a dimension passes a test."""
        if not self._is_column(name):
            return self._tested("source.name" if name == TYPE else "source.metric", test)
        numbers = self._numbers(self._dimension(name))
        condition = self._tested(numbers.pick("d", DIMENSION_COLUMNS), test)
        if self._is_beside(name):
            values = self._values(numbers, "one")
            condition += f" OR EXISTS (SELECT 1 FROM {values} WHERE {self._tested('one.value', test)})"  # noqa: S608
        return f"({condition})"

    def _tested(self, value: str, test: Choice) -> str:
        if value == "NULL":
            return "1 = 0"
        ways = []
        if test.values:
            ways.append(f"{value} IN ({', '.join(self._put(one) for one in test.values)})")
        for pattern in test.patterns:
            if self.engine == "sqlite":
                ways.append(f"matches({value}, {self._put(pattern.source)})")
            else:
                ways.append(f"(length({value}) <= {TEXT_CHARS_MAX} AND {value} ~ {self._put(pattern.posix)})")
        return f"({' OR '.join(ways)})" if ways else f"{value} IS NOT NULL"

    # Measures

    def _measure(self, measure: Measure) -> str:
        if measure.how == "count" and not measure.name:
            return f"coalesce(SUM({self._weight}), 0)" if self.wanted.weight else "COUNT(*)"
        if measure.how == "count":
            condition = self._passes(measure.name, measure.test or Choice())
            if measure.test is None and any(measure.name in one.metrics for one in self.series):
                condition = f"({condition} OR {self._metric(measure.name)} IS NOT NULL)"
            return f"SUM(CASE WHEN {condition} THEN {self._weight} ELSE 0 END)"
        if measure.how == "cardinality":
            if measure.name in self.wanted.dimensions or self._counts_apart(measure):
                return "1"
            return f"COUNT(DISTINCT {self._value(measure.name, '')[0]})"
        amount = self._metric(measure.name)
        if measure.how == "sum":
            return f"coalesce(SUM({amount}), 0)"
        if self.wanted.weight and measure.how == "avg":
            weighed = f"CASE WHEN {amount} IS NOT NULL THEN {self._weight} END"
            return f"SUM({amount}) / nullif(SUM({weighed}), 0)"
        if self.wanted.weight:
            amount = f"coalesce({self._metric(f'{measure.how}_{measure.name}')}, {amount})"
        return f"{measure.how.upper()}({amount})"

    @property
    def _weight(self) -> str:
        """For how many a point stands."""
        return f"coalesce({self._metric(self.wanted.weight)}, 1)" if self.wanted.weight else "1"

    def _counts_apart(self, measure: Measure) -> bool:
        """Whether a measure needs points once for each value of a dimension by which they are not grouped."""
        return (
            measure.how == "cardinality"
            and measure.name not in self.wanted.dimensions
            and self._is_column(measure.name)
            and self._is_beside(measure.name)
        )

    def _metric(self, name: str) -> str:
        apart = self._apart and name == VALUE
        found = [self._by_id[id].metrics.get(metric if apart else name, 0) for id, _, metric in self.sources]
        numbers = self._numbers(found)
        column = numbers.pick("m", METRIC_COLUMNS)
        if max(found) <= METRIC_COLUMNS:
            return f"CAST({column} AS DOUBLE PRECISION)" if column == "NULL" else column
        if self.engine == "sqlite":
            beside = f"CAST(json_extract(p.more, '$.m.\"' || {numbers.sql} || '\"') AS REAL)"
        else:
            beside = f"CAST(CAST(p.more AS JSONB) -> 'm' ->> {numbers.sql} AS DOUBLE PRECISION)"
        return f"coalesce({column}, {beside})"

    def _takes_apart(self) -> bool:
        """Whether each metric of a point is wanted by itself: as a value of the dimension ``metric`` (Events §19.4)."""
        names = {*self.wanted.dimensions, *(name for name, _ in self.wanted.filters)}
        tested = {one.name for one in self.wanted.measures if one.how in ("count", "cardinality")}
        measured = {one.name for one in self.wanted.measures} - tested
        return (METRIC in names | tested and self._is_apart(METRIC, "dimensions")) or (
            VALUE in measured and self._is_apart(VALUE, "metrics")
        )

    def _is_apart(self, name: str, among: str) -> bool:
        """Whether a name means what every time series has, because none of them calls something of its own so."""
        return self.wanted.dataset == TIMESERIES and not any(
            name in getattr(one, among) for one in self.wanted.series
        )

    # Parameters

    def _numbers(self, found: list[int]) -> _Numbers:
        if len(set(found)) == 1:
            return _Numbers(f"'{found[0]}'", tuple(found))
        texts = [str(number) for number in found]
        if texts not in self._columns:
            self._columns.append(texts)
        return _Numbers(f"source.n{self._columns.index(texts)}", tuple(found))

    def _put(self, text: str) -> str:
        name = f"text{len(self.parameters)}"
        self.parameters[name] = text
        return f":{name}"
