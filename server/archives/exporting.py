"""Exporting an actor: an archive in Mastodon's shape, written as it is read (AP-756)."""

import json
import mimetypes
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from server.archives import mastodon as layout
from server.archives.importing import BOOKMARKS
from server.archives.packing import Packer, copy, packing
from storage import Store, media
from storage.actors import ActorRow
from storage.files import Files
from storage.media import Media
from streams import ids, leaving
from vocab import dump
from vocab.dialects import mastodon


@dataclass
class Export:
    """One actor's way out. ``step`` is told of each piece, for a progress bar; memory does not grow with them."""

    store: Store
    files: Files
    actor: ActorRow
    base_url: str
    step: Callable[[str], None] = field(default=lambda kind: None)
    counts: Counter[str] = field(default_factory=Counter)

    async def run(self, target: Path) -> Counter[str]:
        """Write everything the actor may take along into a new archive, and return how much of what it is.

        Raises BadArchive for a name that no archive can have.
        """
        with packing(target) as packer:
            await self._profile(packer)
            await self._list(packer, layout.OUTBOX, "posts", self._said())
            await self._list(packer, layout.LIKES, "likes", _quoted(leaving.liked(self.store, self.actor)))
            marked = leaving.collected(self.store, self.actor, BOOKMARKS)
            await self._list(packer, layout.BOOKMARKS, "bookmarks", _quoted(marked))
            await self._relations(packer)
            await self._files(packer)
        return self.counts

    async def _profile(self, packer: Packer) -> None:
        profile = await self.store.read(leaving.profile, self.actor, self.base_url)
        paths = await self._paths(dump.dump(profile).decode())
        places = {"outbox": layout.OUTBOX, "likes": layout.LIKES, "bookmarks": layout.BOOKMARKS}
        with packer.entry(layout.ACTOR) as entry:
            entry.write(dump.dump(mastodon.with_paths(profile, paths).with_(**places)))

    async def _said(self) -> AsyncIterator[bytes]:
        async for activity in leaving.said(self.store, self.actor):
            paths = await self._paths(dump.dump(activity).decode())
            yield dump.dump(mastodon.from_activity(activity, paths))

    async def _paths(self, text: str) -> dict[str, str]:
        """Return the path in the archive of each file that a document shows, by its address."""
        paths = {}
        for token in ids.media_tokens(text):
            file = await self.store.read(media.find, token)
            if file is not None:
                paths[ids.media(self.base_url, token)] = _path(file)
        return paths

    async def _list(self, packer: Packer, name: str, kind: str, items: AsyncIterator[bytes]) -> None:
        """Write a collection item by item; it says how many they were at its end."""
        head = {"@context": "https://www.w3.org/ns/activitystreams", "id": name, "type": "OrderedCollection"}
        with packer.entry(name) as entry:
            entry.write(json.dumps(head).encode()[:-1] + b', "orderedItems": [')
            async for item in items:
                entry.write((b",\n" if self.counts[kind] else b"\n") + item)
                self.counts[kind] += 1
                self.step(kind)
            entry.write(b'\n], "totalItems": %d}\n' % self.counts[kind])

    async def _relations(self, packer: Packer) -> None:
        store, actor = self.store, self.actor
        with packer.entry(layout.FOLLOWING) as entry:
            rows = layout.RowWriter(
                entry, "Account address", "Show boosts", "Notify on new posts", "Languages"
            )
            async for address in leaving.following(store, actor):
                rows.write(address, "true", "false", "")
        for name, kind, heading, more in (
            (layout.BLOCKED, "block", (), ()),
            (layout.MUTED, "mute", ("Account address", "Hide notifications"), ("true",)),
            (layout.BLOCKED_DOMAINS, "domain", (), ()),
        ):
            with packer.entry(name) as entry:
                rows = layout.RowWriter(entry, *heading)
                for target in await store.read(leaving.unwanted, actor, kind):
                    rows.write(target, *more)
        with packer.entry(layout.LISTS) as entry:
            rows = layout.RowWriter(entry)
            for name in await leaving.collections(store, actor):
                if name != BOOKMARKS:
                    async for member in leaving.collected(store, actor, name):
                        rows.write(name, await store.read(leaving.address, member))

    async def _files(self, packer: Packer) -> None:
        async for file in leaving.files(self.store, self.actor):
            source = self.files.path(file.digest)
            if source.is_file():
                with packer.entry(_path(file)) as entry:
                    copy(source, entry)
                self.counts["files"] += 1
                self.step("files")


def _path(file: Media) -> str:
    return f"{mastodon.FILES}{file.token}/original{mimetypes.guess_extension(file.type) or ''}"


async def _quoted(iris: AsyncIterator[str]) -> AsyncIterator[bytes]:
    async for iri in iris:
        yield json.dumps(iri).encode()
