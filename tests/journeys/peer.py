"""A small foreign server, written for tests alone: it serves an actor, signs by itself and keeps what it gets.

It shares no code with the program, so that a mistake on one side does not hide on the other.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

AS2_TYPE = "application/activity+json"


class Peer:
    """A server on a free port of 127.0.0.1 with any number of actors that share one key pair."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        self.fetched: list[str] = []
        self.documents: dict[str, Any] = {}
        self.on_post: Callable[[BaseHTTPRequestHandler], bool] = lambda handler: False
        self.on_get: Callable[[BaseHTTPRequestHandler], bool] = lambda handler: False
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                peer.fetched.append(self.path)
                if not peer.on_get(self):
                    peer._serve(self)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                peer.received.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                if not peer.on_post(self):
                    answer(self, 202)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.base_url = f"http://{self.host}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def actor(self, name: str, **members: Any) -> str:
        """Serve one more actor and return its id."""
        id = f"{self.base_url}/people/{name}"
        pem = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.documents[f"/people/{name}"] = {
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": id, "type": "Person", "preferredUsername": name, "inbox": f"{id}/in", "outbox": f"{id}/out",
            "followers": f"{id}/fans",
            "publicKey": {"id": f"{id}#main-key", "owner": id, "publicKeyPem": pem.decode()},
            **members,
        }  # fmt: skip
        return id

    def sign(self, url: str, body: bytes, actor: str, **changes: str) -> dict[str, str]:
        """Return the headers of a correctly signed POST; ``changes`` spoil one before it is signed."""
        parts = urlsplit(url)
        headers = {
            "Host": changes.get("host", parts.netloc),
            "Date": changes.get("date", formatdate(usegmt=True)),
            "Digest": "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode(),
            "Content-Type": AS2_TYPE,
        }
        covered = changes.get("covered", "(request-target) host date digest content-type").split()
        lines = {"(request-target)": f"{changes.get('method', 'post')} {changes.get('path', parts.path)}"}
        lines |= {name.lower(): value for name, value in headers.items()}
        text = "\n".join(f"{name}: {lines[name]}" for name in covered)
        signature = base64.b64encode(
            self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        ).decode()
        headers["Signature"] = (
            f'keyId="{changes.get("key_id", actor + "#main-key")}",algorithm="rsa-sha256",'
            f'headers="{" ".join(covered)}",signature="{signature}"'
        )
        headers["Host"] = parts.netloc
        return headers

    def send(self, inbox: str, activity: dict[str, Any], **changes: str) -> httpx.Response:
        """Sign an activity in its actor's name and post it."""
        body = json.dumps({"@context": "https://www.w3.org/ns/activitystreams", **activity}).encode()
        return httpx.post(inbox, content=body, headers=self.sign(inbox, body, activity["actor"], **changes))

    def read(self, url: str, actor: str) -> httpx.Response:
        """Read something with a signature in an actor's name."""
        headers = self.sign(url, b"", actor, method="get", covered="(request-target) host date")
        return httpx.get(url, headers={**headers, "Accept": AS2_TYPE})

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, _, body in self.received]

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        document = self.documents.get(handler.path)
        if document is None:
            answer(handler, 404)
        else:
            answer(handler, 200, json.dumps(document).encode(), AS2_TYPE)


def answer(
    handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", type: str = "text/plain", **headers: str
) -> None:
    """Send one answer."""
    handler.send_response(status)
    handler.send_header("Content-Type", type)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def drip(handler: BaseHTTPRequestHandler, seconds: float) -> None:
    """Send a body one byte at a time."""
    handler.send_response(200)
    handler.send_header("Content-Type", AS2_TYPE)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.2)
