"""PostgreSQL: a pool of connections, and a bell that other processes hear. Needs the extra ``postgres``."""

from storage.postgres.store import PostgresStore

__all__ = ["PostgresStore"]
