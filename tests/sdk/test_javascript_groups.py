"""getstream: marks of notification feeds (Feeds §8.3)."""

from application import fresh


def ids(page):
    return [each["id"] for each in page["results"]]


def test_marks_are_heard(backend, node):
    """Feeds §11.2: all, the page that is shown, or those named."""
    feed, ear = backend.feed("notification", fresh("ada")), node.ear()
    feed.addActivities([{"actor": 1, "verb": "add", "object": 1}, {"actor": 2, "verb": "test", "object": 2}])
    feed.subscribe(ear)
    feed.get(limit=1, mark_seen="current")
    assert ear.next()["mark_seen"] == "current"
    first, _ = ids(feed.get(mark_seen=True))
    assert ear.next()["mark_seen"] == "all"
    feed.get(mark_read=[first])
    assert ear.next()["mark_read"] == [first]
    feed.unsubscribe()


def test_marks(backend):
    """Feeds §8.3: true, one id, several."""
    feed = backend.feed("notification", fresh("ada"))
    feed.addActivities([{"actor": 1, "verb": "add", "object": 1}, {"actor": 2, "verb": "test", "object": 2}])
    first, second = ids(feed.get())
    feed.get(limit=2, mark_seen=True, mark_read=first)
    page = feed.get(limit=2)
    assert [(each["is_seen"], each["is_read"]) for each in page["results"]] == [(True, True), (True, False)]
    assert (page["unseen"], page["unread"]) == (0, 1)
    feed.get(mark_read=[first, second])
    assert feed.get()["unread"] == 0


def test_counts_alone(backend):
    """Feeds §8.3: a limit of 0 tells what is unseen and unread, and nothing else."""
    feed = backend.feed("notification", fresh("ada"))
    feed.addActivities([{"actor": 1, "verb": "add", "object": 1}, {"actor": 2, "verb": "test", "object": 2}])
    page = feed.get(limit=0)
    assert (page["results"], page["next"], page["unseen"], page["unread"]) == ([], "", 2, 2)
