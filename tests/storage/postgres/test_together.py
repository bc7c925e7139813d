"""Which statements take many rows at once on PostgreSQL, and how they are spelt then."""

import pytest

from storage.postgres.together import together


def test_rows_come_as_one_text() -> None:
    found = together("INSERT INTO crates (id, owner, size) VALUES (:id, :who, 0) ON CONFLICT (id) DO NOTHING")
    assert found is not None
    assert found.sql == (
        "INSERT INTO crates (id, owner, size) SELECT r.id, r.owner, 0"
        " FROM json_populate_recordset(NULL::crates, CAST(:rows AS json)) AS r ON CONFLICT (id) DO NOTHING"
    )
    assert found.rows([{"id": 1, "who": "ada", "more": 2}]) == '[{"id":1,"owner":"ada"}]'
    assert found.rows([{"id": 1, "who": b"\x00"}]) is None


def test_a_row_is_changed_once_by_a_statement() -> None:
    found = together(
        "INSERT INTO crates (owner, id) VALUES (:who, :id)"
        " ON CONFLICT (id, owner) DO UPDATE SET size = crates.size + 1 WHERE crates.size < 3"
    )
    assert found is not None
    assert found.sql.endswith(
        "ON CONFLICT (id, owner) DO UPDATE SET size = crates.size + 1 WHERE crates.size < 3"
    )
    assert found.rows([{"id": 1, "who": "ada"}, {"id": 1, "who": "bob"}]) is not None
    assert found.rows([{"id": 1, "who": "ada"}, {"id": 1, "who": "ada"}]) is None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE crates SET size = :size WHERE id = :id",
        "DELETE FROM crates WHERE id = :id",
        "INSERT INTO crates (id) VALUES (:id) ON CONFLICT (lower(id)) DO UPDATE SET size = 1",
        "INSERT INTO crates (id, size) VALUES (:id, 0) ON CONFLICT (size) DO UPDATE SET size = 1",
        "INSERT INTO crates (id) VALUES (:id) RETURNING id",
        "INSERT INTO crates (id, size) VALUES (:id, abs(:size))",
        "INSERT INTO crates (id, size) VALUES (:id, :size + 1)",
        "INSERT INTO crates (id, note) VALUES (:id, 'a, b')",
        "INSERT INTO crates (id) VALUES (:id) ON CONFLICT (id) WHERE size > :size DO NOTHING",
        "INSERT INTO crates (id) SELECT id FROM boxes WHERE id = :id",
        "INSERT INTO crates (id) VALUES (1)",
    ],
)
def test_others_are_left_alone(sql: str) -> None:
    assert together(sql) is None
