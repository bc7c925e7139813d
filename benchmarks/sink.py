"""A sink: answers every POST with 202 and counts it, serves one actor under any path, tells the count."""

import asyncio
import sys
import time
from pathlib import Path
from typing import cast


class Sink(asyncio.Protocol):
    """One connection; requests come one after the other."""

    count = 0
    first = last = 0.0
    actor = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.buffer = bytearray()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.buffer[:end]).lower()
            at = head.find(b"content-length:")
            length = 0 if at < 0 else int(head[at + 15 :].split(b"\r\n", 1)[0])
            if len(self.buffer) < end + 4 + length:
                return
            self.answer(head)
            del self.buffer[: end + 4 + length]

    def answer(self, head: bytes) -> None:
        if head.startswith(b"post"):
            Sink.last = time.monotonic()
            Sink.first = Sink.first or Sink.last
            Sink.count += 1
            self.transport.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
        elif head.startswith(b"get /reset"):
            Sink.count, Sink.first = 0, 0.0
            self.reply(b"")
        elif head.startswith(b"get /count"):
            self.reply(f"{Sink.count} {Sink.first} {Sink.last}".encode())
        else:
            self.reply(Sink.actor, b"application/activity+json")

    def reply(self, body: bytes, media_type: bytes = b"text/plain") -> None:
        self.transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b"
            % (media_type, len(body), body)
        )


async def main(port: int, actor: Path) -> None:
    Sink.actor = await asyncio.to_thread(actor.read_bytes)
    Sink.actor = Sink.actor.replace(b"{port}", str(port).encode())
    server = await asyncio.get_running_loop().create_server(Sink, "0.0.0.0", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main(int(sys.argv[1]), Path(sys.argv[2])))
