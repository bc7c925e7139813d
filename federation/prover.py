"""Proofs on what our actors say in public, and on what that embeds of theirs (AP-503, FEP-8b32)."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import proofs
from federation.authorship import author_of
from federation.memory import Recent
from federation.signers import Signers
from vocab import Audience, jsontext, of

PROVEN_REMEMBERED = 256


class Prover:
    """Put proofs into documents that are about to be shown or sent."""

    def __init__(self, signers: Signers) -> None:
        self._signers = signers
        self._proven: Recent[tuple[str, int, bytes], bytes] = Recent(PROVEN_REMEMBERED)

    async def prove(self, text: bytes, *, created: int) -> bytes:
        """Return a document with its author's proof; as it was if it is not one of ours said in public.

        ``created`` is the proof's date, in microseconds: the same text, date and key give the same bytes.
        """
        document = jsontext.loads(text)
        author = author_to_prove(document) if isinstance(document, dict) else None
        signer = None if author is None else await self._signers.find(author, "ed25519")
        if signer is None or author is None or not isinstance(document, dict):
            return text
        known = self._proven.get((signer.key_id, created, text))
        if known is None and isinstance(signer.key, Ed25519PrivateKey):
            made = _whole(document, author, signer.key, signer.key_id, created)
            known = jsontext.dumps(made)
            self._proven.put((signer.key_id, created, text), known)
        return known or text


def author_to_prove(document: dict[str, Any]) -> str | None:
    """Return whose proof a document should carry: its author's, when it is public and has none yet."""
    node = of(document)
    if "proof" in document or node.id is None:
        return None
    return author_of(node) if node.is_actor or Audience.of(node).public else None


def _whole(
    document: dict[str, Any], author: str, key: Ed25519PrivateKey, method: str, created: int
) -> dict[str, Any]:
    """Prove a document, and first what it embeds as its object, which must also stand alone."""
    about = document.get("object")
    if isinstance(about, dict) and author_to_prove(about) == author:
        context = [*_entries(document.get("@context")), *_entries(about.get("@context"))]
        distinct = [entry for n, entry in enumerate(context) if entry not in context[:n]]
        inner = {"@context": distinct} | about | {"@context": distinct}
        document = {**document, "object": proofs.prove(inner, key=key, method=method, created=created)}
    return proofs.prove(document, key=key, method=method, created=created)


def _entries(context: Any) -> list[Any]:
    return [] if context is None else context if isinstance(context, list) else [context]
