"""Types of events that are known beforehand: their names, importance, roles and meaning (Events §20).

Types are free text, and this table forbids nothing: a client that says otherwise is warned at most.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

IMPORTANCE: Final = 2
"""How important an event is of which nothing says so (Events §3.1)."""


@dataclass(frozen=True, slots=True)
class Known:
    """One type of the catalogue. ``expected`` are roles without which a message looks wrong.

    ``as2`` are its types of Activity Streams; without any they follow from what the message says (§23.4).
    """

    type: str
    label: str
    importance: int = IMPORTANCE
    expected: tuple[str, ...] = ("ACTOR",)
    roles: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    as2: tuple[str, ...] = ()

    def spell(self) -> dict[str, Any]:
        """Return it as it is answered."""
        told = {
            "type": self.type, "label": self.label, "importance": self.importance,
            "expected_roles": list(self.expected), "roles": list(self.roles), "aspects": list(self.aspects),
            "as2_type": list(self.as2),
        }  # fmt: skip
        return {name: value for name, value in told.items() if value != []}

    def missing(self, paths: Iterable[str]) -> list[str]:
        """Return the expected roles that nobody has, given the paths of the roles that somebody has."""
        had = [f"{path}:" for path in paths]
        return [role for role in self.expected if not any(path.startswith(f"{role}:") for path in had)]

    @property
    def actorless(self) -> bool:
        """Whether nobody needs to have caused it (Events §3.3)."""
        return not any(role.partition(":")[0] == "ACTOR" for role in self.expected)


def find(type: str) -> Known | None:
    """Return what is known of a type."""
    return KNOWN.get(type)


_DESCRIBED: Final = """
as.commerce.cart.created                  | 1 | ACTOR | AFFECTS:CREATES | client_ip client_device | Create
as.commerce.cart.item.added               | 1 | ACTOR | INVOLVES AFFECTS | items | Add
as.commerce.cart.item.removed             | 1 | ACTOR | INVOLVES AFFECTS | items | Remove
as.commerce.cart.item.changed             | 1 | ACTOR | INVOLVES AFFECTS | items | Update
as.commerce.cart.coupon.added             | 1 | ACTOR | AFFECTS | | Add
as.commerce.cart.coupon.removed           | 1 | ACTOR | AFFECTS | | Remove
as.commerce.purchase.started              | 2 | ACTOR | | items | Activity hw:Purchase
as.commerce.purchase.completed            | 2 | ACTOR | ACTOR:BUYER ACTOR:SOLD_TO INVOLVES:BOUGHT_FOR INVOLVES:DELIVERED_TO SOLD_BY AFFECTS:CREATES | items client_ip transaction | Activity hw:Purchase
as.commerce.purchase.cancelled            | 2 | ACTOR | AFFECTS | items | Activity hw:Purchase
as.commerce.payment.started               | 2 | ACTOR | | transaction | Activity hw:Payment
as.commerce.payment.completed             | 2 | ACTOR | | transaction | Activity hw:Payment
as.commerce.item.returned                 | 2 | ACTOR | | items | Activity
as.web.pageviewed                         | 1 | ACTOR | | pageview client_ip | View
as.web.pageview                           | 1 | ACTOR | | pageview client_ip | View
as.web.page.view                          | 1 | ACTOR | | pageview client_ip | View
as.web.page.browse                        | 1 | ACTOR | | pageview client_ip | View
as.web.product.viewed                     | 1 | ACTOR INVOLVES:VIEWED | INVOLVES | pageview | View
as.web.product.carted                     | 1 | ACTOR | | items | Add
as.web.product.uncarted                   | 1 | ACTOR | | items | Remove
as.web.product.searched                   | 1 | ACTOR | | | Activity hw:Search
as.web.product.availability.checked       | 1 | ACTOR | | | Activity
as.web.product.interest                   | 1 | ACTOR | | | Activity
as.web.product.variant.selected           | 1 | ACTOR | | | Activity
as.web.product.unavailable                | 2 | ACTOR | | | Activity
as.web.product.shipping.selected          | 1 | ACTOR | | | Activity
as.web.customer.account.provided          | 1 | ACTOR | | client_ip | Activity
as.web.order.delivery.selected            | 1 | ACTOR | | | Activity
as.web.order.reviewed                     | 1 | ACTOR | | | Activity
as.web.order.reservation.started          | 1 | ACTOR | | | Activity
as.web.order.reservation.timeout          | 2 | ACTOR | | | Activity
as.web.purchase.started                   | 2 | ACTOR | | transaction | Activity hw:Purchase
as.web.payment.started                    | 2 | ACTOR | | transaction | Activity hw:Payment
as.web.payment.completed                  | 2 | ACTOR | | transaction | Activity hw:Payment
as.web.payment.failed                     | 2 | ACTOR | | transaction | Activity hw:Payment
as.web.session.started                    | 1 | ACTOR | | client_ip client_device traffic_sources | Arrive
as.web.session.resumed                    | 1 | ACTOR | | client_ip client_device traffic_sources | Arrive
as.pm.ticket.new                          | 2 | ACTOR AFFECTS:CREATES | AFFECTS:ASSIGNED_TO RELAYED_BY | dimensions presentation timed | Create
as.pm.ticket.assigned                     | 2 | ACTOR AFFECTS AFFECTS:ASSIGNED_TO | | | Offer
as.pm.ticket.promoted                     | 2 | ACTOR AFFECTS | | dimensions | Update
as.pm.ticket.demoted                      | 2 | ACTOR AFFECTS | | dimensions | Update
as.pm.ticket.updated                      | 2 | ACTOR AFFECTS | | dimensions | Update
as.pm.ticket.solved                       | 2 | ACTOR AFFECTS | | dimensions | Update
as.pm.ticket.closed                       | 2 | ACTOR AFFECTS | | dimensions | Update
as.pm.ticket.reopened                     | 2 | ACTOR AFFECTS | | dimensions | Update
as.pm.ticket.rated                        | 2 | ACTOR AFFECTS | | dimensions timed | Activity
as.pm.ticket.comment.new                  | 2 | ACTOR AFFECTS | | messaging | Create
as.crm.message.email.sent                 | 2 | ACTOR:SENDER INVOLVES:RECEIVER AFFECTS:CREATES CONCERNS | | messaging classification | Create
as.crm.message.email.bounced              | 2 | ACTOR CONCERNS | | messaging | Reject
as.crm.message.email.opened               | 1 | ACTOR CONCERNS | | messaging | Read
as.crm.message.email.clicked              | 1 | ACTOR CONCERNS | | messaging | View
as.crm.message.email.subscribed           | 2 | ACTOR CONCERNS | | messaging | Join
as.crm.message.email.unsubscribed         | 2 | ACTOR CONCERNS | | messaging | Leave
as.crm.email.subscribed                   | 2 | ACTOR CONCERNS | | messaging | Join
as.crm.email.unsubscribed                 | 2 | ACTOR CONCERNS | | messaging | Leave
as.ticketing.ticket.presented             | 2 | ACTOR INVOLVES | | | Offer
as.dogfood.oi.observation.liked           | 1 | ACTOR INVOLVES | | | Like
as.dogfood.oi.observation.disliked        | 1 | ACTOR INVOLVES | | | Dislike
as.dogfood.oi.observation.confused        | 1 | ACTOR INVOLVES | | | Activity
as.dogfood.oi.observation.seen            | 1 | ACTOR INVOLVES | | | Read
as.dogfood.oi.observation.expanded        | 1 | ACTOR INVOLVES | | | View
as.dogfood.oi.observation.workflow.status.changed | 1 | ACTOR INVOLVES | | | Update
as.dogfood.oi.observation.workflow.assignment.changed | 1 | ACTOR INVOLVES | | | Offer
as.dogfood.oi.observation.workflow.comment.created | 1 | ACTOR INVOLVES | | | Create
as.enrichment.weather.predicted           | 1 | INVOLVES | | local_weather | Activity
as.cms.page.published                     | 2 | ACTOR | AFFECTS | | Create
as.cms.page.updated                       | 2 | ACTOR | AFFECTS | | Update
as.cms.page.removed                       | 2 | ACTOR | AFFECTS | | Delete
as.entity.created                         | 1 | ACTOR AFFECTS | | entities | Create
as.entity.updated                         | 1 | ACTOR AFFECTS | | entities | Update
"""  # noqa: E501
"""Type, importance, expected roles, further roles, aspects, types of Activity Streams."""

_NAMED: Final = {
    "as.devops.server": "deployed commissioned decommissioned started stopped",
    "as.dev.repository": "created destroyed pushed committed released member.added member.removed",
    "as.commerce.product": "viewed searched carted uncarted unavailable",
    "as.commerce.order": "updated abandoned delivery.selected reservation.started reservation.timeout"
    " reservation.completed reviewed completed",
    "as.commerce.shipment": "created prepared pickup hop delivered delivery.attempted delivery.failed",
    "as.erp.payment": "completed started abandoned failed timedout refused",
    "as.erp.invoice": "sent overdue created cancelled",
    "as.erp.collection": "letter.created letter.sent legal.action.started legal.action.concluded"
    " legal.action.settled",
    "as.subscriptions.subscription": "created cancelled expired renewed",
    "as.pm.issue": "created assigned promoted demoted solved closed updated rated comment.created paused resumed",
    "as.crm.visit": "scheduled rescheduled unscheduled started ended web",
    "as.crm.message": "list.created list.removed sent bounced opened clicked success email.success",
    "as.crm.email": "blocked",
    "as.crm.conversation": "scheduled rescheduled unscheduled attempted started ended",
    "as.marketing.campaign": "created sent removed",
    "as.marketing.segment": "created removed",
    "as.marketing.content": "shown served impression interaction clicked",
    "as.marketing.ad": "shown served impression interaction clicked",
    "as.event.ticket": "issued invalidated transferred",
    "as.event.ticket.scan": "entered reentered exited failed invalid",
    "as.event.seat": "assigned unassigned usable",
    "as.event": "starts ends announced cancelled presale onsale doors",
    "as.media.playback": "started paused resumed stopped completed error",
    "as.media.playlist": "created edited",
    "as.media": "created edited",
    "as.authentication.user": "created removed blocked",
    "as.authentication.password": "set changed confirmed reset",
    "as.authentication.email": "added removed changed verified",
    "as.access": "login.succeeded login.failed logout.succeeded blocked",
    "as.app.application": "startup shutdown",
    "as.app.provisioning.tenant": "created removed activated deactivated",
    "as.app.provisioning.subtenant": "created removed activated deactivated",
    "as.app.provisioning.user": "created removed activated deactivated",
}
"""Types of which no more than the name is known."""


def _label(type: str) -> str:
    """Return what people may read for a type: its words without those that only sort it in."""
    words = type.split(".")[2:] or type.split(".")[1:]
    return " ".join(words).replace("_", " ").capitalize()


def _described() -> Iterator[Known]:
    for line in _DESCRIBED.strip().splitlines():
        type, importance, *lists = (cell.strip() for cell in line.split("|"))
        expected, roles, aspects, as2 = (tuple(cell.split()) for cell in lists)
        yield Known(type, _label(type), int(importance), expected, roles, aspects, as2)


def _named() -> Iterator[Known]:
    for prefix, names in _NAMED.items():
        for name in names.split():
            yield Known(f"{prefix}.{name}", _label(f"{prefix}.{name}"))


KNOWN: Final = {known.type: known for known in (*_named(), *_described())}
