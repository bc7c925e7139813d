"""The keys a new actor is given: where federation, which makes keys, meets streams, which hands them out."""

from federation import KeyPair, generate_pair


def fresh() -> list[KeyPair]:
    """Make one pair of each kind we sign with (AP-093, AP-094). Takes a good part of a second."""
    return [generate_pair("rsa"), generate_pair("ed25519")]
