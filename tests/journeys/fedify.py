"""The peer made with Fedify (``tests/peers/fedify``): a process, told what to do over its control address."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx

DIRECTORY = Path(__file__).parent.parent / "peers" / "fedify"
CAVAGE = "draft-cavage-http-signatures-12"
RFC9421 = "rfc9421"


def missing() -> str | None:
    """Return what this machine lacks to run the peer, or None."""
    if shutil.which("node") is None:
        return "no Node.js: the independent peer cannot run"
    if not (DIRECTORY / "node_modules").is_dir():
        return f"the independent peer is not installed: npm ci --ignore-scripts --prefix {DIRECTORY}"
    return None


class Fedify:
    """One Fedify server; it signs first in the form named and has any actor that is asked for."""

    def __init__(self, log: Path, first_knock: str = RFC9421) -> None:
        self.log = log
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                ["node", "peer.mjs", first_knock], cwd=DIRECTORY,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, log.read_text()
        addresses = json.loads(line)
        self.base_url: str = addresses["federation"]
        self._control = httpx.Client(base_url=addresses["control"], timeout=30)

    def close(self) -> None:
        """End the process and wait for it."""
        self._control.close()
        self._process.communicate()

    def actor(self, name: str) -> str:
        """Return the id of an actor, who exists from now on."""
        found = self._asked("actor", name=name)
        return str(found["id"])

    def say(self, name: str, type: str, *to: str, **members: str) -> dict[str, Any]:
        """Have an actor make an activity and send it to others; return it."""
        said: dict[str, Any] = self._told("say", {"as": name, "type": type, "to": to, **members})
        return said

    def received(self, type: str | None = None) -> list[dict[str, Any]]:
        """Return the verified activities it got, oldest first."""
        return [one for one in self._asked("received") if type in (None, one["type"])]

    def posts(self) -> list[dict[str, Any]]:
        """Return every POST to an inbox: the form of its signature and the status of the answer."""
        return list(self._asked("posts"))

    def refuse(self, *forms: str) -> None:
        """Answer 401 to these forms of signature from now on."""
        self._told("refuse", {"forms": forms})

    def followers(self, name: str) -> list[str]:
        """Return the ids of an actor's followers."""
        return list(self._asked("followers", name=name))

    def look(self, name: str, iri: str) -> dict[str, Any] | None:
        """Return a document as the actor may read it and the implementation understands it."""
        found: dict[str, Any] | None = self._asked("look", **{"as": name}, iri=iri)
        return found

    def verify(self, iri: str) -> dict[str, Any]:
        """Return whether the integrity proof of a served activity holds, and how many proofs it has."""
        found: dict[str, Any] = self._asked("verify", iri=iri)
        return found

    def _asked(self, question: str, **query: str) -> Any:
        return self._answer(self._control.get(f"/{question}", params=query))

    def _told(self, order: str, body: dict[str, Any]) -> Any:
        return self._answer(self._control.post(f"/{order}", json=body))

    @staticmethod
    def _answer(answer: httpx.Response) -> Any:
        assert answer.status_code == 200, answer.text
        return answer.json()
