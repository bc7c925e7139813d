"""The ActivityPub door: actors, objects and collections to read, outboxes and inboxes to post to."""

from server.doors.activitypub.routes import routes

__all__ = ["routes"]
