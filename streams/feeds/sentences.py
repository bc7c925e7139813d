"""What people elsewhere are told of an activity: a sentence, by the template of its group or the usual one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from streams.aggregation import Placement
from streams.feeds.group import Group
from vocab import instants, markup, telling
from vocab.dialects.getstream import FeedActivity, FeedId, Reference, activities, verbs

Names = Mapping[Reference, str]
"""What users and entries of collections are called, as far as that is known."""

_TOWARDS: Final = {"Add": "to", "Invite": "to", "Move": "to", "Offer": "to", "Remove": "from"}
"""How a sentence goes on from its object to its target; others have a comma there."""
_NAMELESS: Final = {"activity": "an activity", "reaction": "a reaction"}
"""What is said of references whose ids tell people nothing."""


def content(
    group: Group, feed: FeedId, made: FeedActivity, names: Names, app: str, *, usual: str = ""
) -> str:
    """Return the text of a post that tells an activity, as markup in which nothing of the activity is markup.

    Without a template ``usual`` is told, if there is something to tell.
    """
    told = _readable(made, names)
    text = "" if group.template is None else group.template.text(_placement(told, feed, app))
    return markup.of_plain(text or usual or _sentence(told))


def _readable(made: FeedActivity, names: Names) -> FeedActivity:
    """Return an activity whose references are names: ``SU:ada`` is Ada, or at least ada."""
    return replace(
        made, actor=_named(made.actor, names), object=_named(made.object, names),
        target=_named(made.target, names),
    )  # fmt: skip


def _named(text: str, names: Names) -> str:
    reference = Reference.parse(text)
    if reference is None:
        return text
    return names.get(reference) or _NAMELESS.get(reference.kind) or reference.id


def _placement(told: FeedActivity, feed: FeedId, app: str) -> Placement:
    time = instants.microseconds(told.time)
    return Placement(activities.spelled(told), time, feed.slug, feed.id, app)


def _sentence(told: FeedActivity) -> str:
    type = verbs.type_of(told.verb)
    sentence = f"{told.actor} {telling.deed(type, told.verb)} {told.object}"
    if not told.target:
        return sentence
    towards = _TOWARDS.get(type)
    return f"{sentence} {towards} {told.target}" if towards else f"{sentence}, {told.target}"
