"""Web hooks of Gitea and Forgejo: GitHub's events with some names of their own (Atom §11)."""

from typing import Any, Final

from vocab.dialects.webhooks import github
from vocab.dialects.webhooks.payload import text
from vocab.dialects.webhooks.report import Report

APPLICATION: Final = "io.gitea"

_REVIEWS: Final = {
    "pull_request_approved": "approved",
    "pull_request_review_approved": "approved",
    "pull_request_rejected": "changes_requested",
    "pull_request_review_rejected": "changes_requested",
    "pull_request_comment": "commented",
    "pull_request_review_comment": "commented",
}


def read(event: str, data: dict[str, Any]) -> list[Report]:
    """Return what an event reports, by the name in ``X-Gitea-Event`` or ``X-Forgejo-Event``.

    A review there says nothing but its kind and its text; one without a comment of its own reads like GitHub's.
    """
    state = _REVIEWS.get(event)
    if state is not None and "comment" not in data:
        review = data.get("review")
        given = review if isinstance(review, dict) else {}
        at = text(data, "pull_request.updated_at")
        data = {
            **data,
            "action": "submitted",
            "review": {"submitted_at": at, "id": at, **given, "state": state},
        }
        event = "pull_request_review"
    return github.read("issue_comment" if state and "comment" in data else event, data)
