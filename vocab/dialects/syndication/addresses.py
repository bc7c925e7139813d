"""Addresses as feeds have them: of the web, and written so that every reader can follow them (SEC-078)."""

from vocab import iri as iris


def web(address: str | None) -> str | None:
    """Return an address of the web as it may be written; None for anything else."""
    return iris.written(address) if address is not None and iris.is_http(address) else None
