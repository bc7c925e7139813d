"""HTTP signatures, both spellings behind the same few functions: no network, no storage, no clock."""

from federation.signatures.algorithms import PrivateKey, PublicKey
from federation.signatures.aside import SigningThreads
from federation.signatures.choose import CAVAGE, RFC9421, claim, draft, first, other
from federation.signatures.message import Claim, Draft, Incoming, Outgoing, Signer

__all__ = [
    "CAVAGE",
    "RFC9421",
    "Claim",
    "Draft",
    "Incoming",
    "Outgoing",
    "PrivateKey",
    "PublicKey",
    "Signer",
    "SigningThreads",
    "claim",
    "draft",
    "first",
    "other",
]
