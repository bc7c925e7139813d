"""One run: its rows, its rounds, and what every part of it does."""

import base64
import hashlib
import itertools
import json
import statistics
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from benchmarks.driver import Outcome, request

AS2 = "application/activity+json"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
TEXT = "<p>" + "A note of an ordinary length, as people write them every day. " * 8 + "</p>"


@dataclass
class Row:
    name: str
    figure: str
    beside: str
    ratio: float
    floor: float
    goal: float
    less_is_better: bool = False

    def verdict(self) -> str:
        reached = (
            (lambda target: self.ratio <= target)
            if self.less_is_better
            else (lambda target: self.ratio >= target)
        )
        return "goal" if reached(self.goal) else "floor" if reached(self.floor) else "BELOW"


class Bench:
    """The servers of one run and what they are asked."""

    def __init__(self, directory: Path, quick: bool) -> None:
        self.directory, self.rounds, self.scale = directory, 3 if quick else 5, 0.25 if quick else 1.0
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.rows: list[Row] = []
        self.numbers = itertools.count(1)

    def count(self, full: int) -> int:
        return max(64, int(full * self.scale))

    def compare(
        self,
        name: str,
        us: Callable[[], Outcome],
        them: Callable[[], Outcome],
        beside: str,
        floor: float,
        goal: float,
    ) -> None:
        """Take rounds of us and them in turn and note the median ratio of answers per second."""
        mine, theirs = [], []
        us(), them()
        for _ in range(self.rounds):
            mine.append(us().per_second)
            theirs.append(them().per_second)
        ratio = statistics.median(a / b for a, b in zip(mine, theirs, strict=True))
        self.rows.append(
            Row(
                name,
                f"{statistics.median(mine):,.0f}/s",
                f"{beside} {statistics.median(theirs):,.0f}/s",
                ratio,
                floor,
                goal,
            )
        )
        print(self.rows[-1], flush=True)

    def actor_document(self) -> str:
        pem = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        id = "http://127.0.0.1:{port}/u/sender"
        return json.dumps(
            {
                "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
                "id": id, "type": "Person", "preferredUsername": "sender", "inbox": f"{id}/inbox",
                "outbox": f"{id}/outbox",
                "publicKey": {"id": f"{id}#main-key", "owner": id, "publicKeyPem": pem.decode()},
            }
        )  # fmt: skip

    def signed(self, host: str, target: str, sender: str, to: str, count: int) -> list[bytes]:
        """Return signed Creates of 1.7 KB, each another one."""
        made = []
        for number in itertools.islice(self.numbers, count):
            note = {
                "id": f"{sender}/n/{number}", "type": "Note", "attributedTo": sender, "to": [PUBLIC], "cc": [to],
                "content": TEXT, "published": "2026-01-01T00:00:00Z", "url": f"{sender}/n/{number}",
                "tag": [{"type": "Mention", "href": to, "name": "@ada"}], "sensitive": False,
            }  # fmt: skip
            body = json.dumps(
                {
                    "@context": ["https://www.w3.org/ns/activitystreams", {"sensitive": "as:sensitive"}],
                    "id": f"{sender}/a/{number}", "type": "Create", "actor": sender, "to": [PUBLIC], "cc": [to],
                    "published": "2026-01-01T00:00:00Z", "object": note,
                }
            ).encode()  # fmt: skip
            digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
            date = formatdate(usegmt=True)
            text = f"(request-target): post {target}\nhost: {host}\ndate: {date}\ndigest: {digest}\ncontent-type: {AS2}"
            signature = base64.b64encode(
                self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
            ).decode()
            made.append(
                request(
                    "POST", host, target,
                    {
                        "Date": date, "Digest": digest, "Content-Type": AS2,
                        "Signature": f'keyId="{sender}#main-key",algorithm="rsa-sha256",'
                        f'headers="(request-target) host date digest content-type",signature="{signature}"',
                    },
                    body,
                )
            )  # fmt: skip
        return made


def expect(outcome: Outcome, status: int) -> Outcome:
    if set(outcome.statuses) != {status}:
        raise RuntimeError(f"answers: {outcome.statuses}")
    return outcome


def read(url: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": AS2}), timeout=30) as answer:
        return str(answer.read().decode())


def settled(base_url: str, queue: str, seconds: float = 120) -> None:
    """Wait until a queue is empty."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        waiting = [
            float(line.rsplit(" ", 1)[1]) for line in read(f"{base_url}/metrics").splitlines()
            if f'queue="{queue}"' in line and ('state="waiting"' in line or 'state="leased"' in line)
        ]  # fmt: skip
        if waiting and not sum(waiting):
            return
        time.sleep(0.2)
    raise RuntimeError(f"{queue} did not run empty")
