"""Deliveries, from the job to what becomes of it."""

import asyncio
import contextlib

import pytest

from federation import Deliverer, DeliveryPolicy
from storage import actors, hosts, jobs, letters
from storage.jobs import NewJob
from vocab import Object

pytestmark = pytest.mark.anyio

INBOX = "https://a.example/u/ada/inbox"
ADA = "https://a.example/u/ada"
BODY = '{"type":"Create","id":"https://b.example/activities/1"}'
LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
POLICY = DeliveryPolicy(idle_seconds=0.02, drain_seconds=0.2)


class Post:
    """The queue of a world, and a deliverer that works it off."""

    def __init__(self, world) -> None:
        self.world, self.gone = world, []

    async def add(self, *inboxes, key=""):
        async def work(tx):
            letter = await letters.write(tx, BODY, now=self.world.now)
            new = [
                NewJob(
                    {
                        "inbox": inbox,
                        "actor": self.world.instance_actor,
                        "activity": "https://b.example/activities/1",
                    },
                    lane=inbox.split("/")[2],
                    key=key,
                )
                for inbox in inboxes
            ]
            await jobs.add_many(tx, "deliver", new, now=self.world.now, letter=letter)

        await self.world.store.write(work)

    @contextlib.asynccontextmanager
    async def running(self, policy=POLICY):
        deliverer = Deliverer(
            self.world.store,
            self.world.client,
            self.world.keyring,
            self.world.fetcher,
            clock=self.world.clock,
            policy=policy,
            on_gone=self.note_gone,
            jitter=lambda: 0.5,
        )
        task = asyncio.create_task(deliverer.run())
        try:
            yield deliverer
        finally:
            await deliverer.stop()
            await task

    async def note_gone(self, actor):
        self.gone.append(actor)

    async def counts(self):
        return (await self.world.store.scan(jobs.counts)).get("deliver", jobs.Counts())

    async def settle(self, *, waiting=0):
        """Run until nothing is leased and only so much waits, all of it for later."""
        async with self.running(), asyncio.timeout(5):
            while True:
                counts = await self.counts()
                if counts.leased == 0 and counts.waiting == waiting and not await self.due():
                    break
                await asyncio.sleep(0.005)
        return counts

    async def due(self):
        """Tell whether anything could be tried now."""
        for report in await self.world.store.scan(jobs.waiting, "deliver"):
            state = await self.world.store.read(hosts.get, report.lane)
            if report.run_at <= self.world.now and not state.is_closed_to_us(self.world.now):
                return True
        return False

    async def report(self):
        found = await self.world.store.scan(jobs.dead, "deliver") + await self.world.store.scan(
            jobs.waiting, "deliver"
        )
        return found[0]


@pytest.fixture
def post(world):
    return Post(world)


async def test_delivered(post, net):
    """AP-290, AP-299: the letter's bytes, signed by its author, and the job is done."""
    net.fail(INBOX, 202)
    await post.add(INBOX)
    counts = await post.settle()
    assert (counts.done, counts.dead) == (1, 0)
    request = net.requests[0]
    assert request.method == "POST"
    assert request.content.decode() == BODY
    assert request.headers["content-type"] == LD_JSON
    assert 'keyId="https://b.example/actor#main-key"' in request.headers["signature"]
    assert request.headers["digest"].startswith("SHA-256=")


async def test_woken_by_a_commit(post, net):
    """REL-012: new work is seen at once, without waiting for the next look."""
    arrived = asyncio.Event()

    def answer(request):
        arrived.set()
        return (202, {}, b"")

    net.answers[INBOX] = answer
    async with post.running(DeliveryPolicy(idle_seconds=60)), asyncio.timeout(5):
        await asyncio.sleep(0.05)
        await post.add(INBOX)
        await arrived.wait()


@pytest.mark.parametrize("status", [None, 408, 500, 502])
async def test_tried_again(post, net, world, status):
    """AP-295, AP-296: later, with the same bytes and a new signature; then it is done."""
    if status is None:
        net.silence(INBOX)
    else:
        net.fail(INBOX, status)
    await post.add(INBOX)
    await post.settle(waiting=1)
    report = await post.report()
    assert (report.attempts, report.status) == (1, status)
    assert report.run_at == world.now + 60 * 1_000_000
    net.fail(INBOX, 202)
    world.later(61)
    counts = await post.settle()
    assert counts.done == 1
    first, second = net.requests
    assert first.content == second.content
    assert first.headers["signature"] != second.headers["signature"]


@pytest.mark.parametrize("status", [405, 406, 413, 422])
async def test_refused_for_good(post, net, status):
    """AP-296, REL-015: buried at once, for the operator to see."""
    net.fail(INBOX, status)
    await post.add(INBOX)
    counts = await post.settle()
    assert counts.dead == 1
    assert len(net.requests) == 1
    assert (await post.report()).status == status


async def test_retry_after(post, net, world):
    """REL-014, AP-296, IQ-734: the host says when, and nothing else goes there before."""
    net.fail(INBOX, 429, **{"retry-after": "7200"})
    await post.add(INBOX)
    await post.settle(waiting=1)
    assert (await post.report()).run_at == world.now + 8100 * 1_000_000
    await post.add(INBOX)
    world.later(60)
    await post.settle(waiting=2)
    assert len(net.requests) == 1


async def test_second_knock_is_remembered(post, net, world):
    """AP-455: 401 for one form, then the other; the next delivery starts with what worked."""

    def answer(request):
        return (202 if "signature-input" in request.headers else 401, {}, b"")

    net.answers[INBOX] = answer
    await post.add(INBOX)
    assert (await post.settle()).done == 1
    assert len(net.requests) == 2
    assert (await world.store.read(hosts.get, "a.example")).signature == "rfc9421"
    await post.add(INBOX)
    assert (await post.settle()).done == 2
    assert len(net.requests) == 3


async def test_a_form_that_is_asked_for(post, net, world):
    """AP-456: a host whose answer has Accept-Signature gets RFC 9421 from then on."""
    net.fail(INBOX, 202, **{"accept-signature": 'sig1=("@method");created'})
    await post.add(INBOX)
    await post.settle()
    await post.add(INBOX)
    await post.settle()
    assert ["signature-input" in request.headers for request in net.requests] == [False, True]


async def test_unwilling(post, net, world):
    """AP-296: 401 in both forms: two more tries, then dead."""
    net.fail(INBOX, 401)
    await post.add(INBOX)
    for attempt in (1, 2):
        await post.settle(waiting=1)
        assert len(net.requests) == 2 * attempt
        world.later(3600)
    assert (await post.settle()).dead == 1
    assert len(net.requests) == 6


async def test_other_content_type(post, net, world):
    """AP-290: on 415 the other type, remembered for the host."""

    def answer(request):
        return (202 if request.headers["content-type"] == "application/activity+json" else 415, {}, b"")

    net.answers[INBOX] = answer
    await post.add(INBOX)
    assert (await post.settle()).done == 1
    await post.add(INBOX)
    assert (await post.settle()).done == 2
    assert len(net.requests) == 3


@pytest.fixture
async def ada(world, vectors):
    """A remote actor we know, reached at INBOX."""
    await world.store.write(actors.keep, Object(vectors.actor), now=world.now)
    return vectors.actor


async def test_inbox_has_moved(post, net, ada):
    """AP-296: 404 makes us read the actor again and use its new inbox."""
    moved = f"{ADA}/mailbox"
    net.show(ADA, ada | {"inbox": moved})
    net.fail(moved, 202)
    await post.add(INBOX)
    assert (await post.settle()).done == 1
    assert net.asked == [INBOX, ADA, moved]


@pytest.mark.parametrize("status", [404, 307])
async def test_inbox_is_not_there(post, net, world, ada, status):
    """AP-296, IQ-755: not moved: three tries, then dead; a redirect is never followed (SEC-015)."""
    net.fail(INBOX, status, location="https://evil.example/")
    net.show(ADA, ada)
    await post.add(INBOX)
    for _ in range(2):
        await post.settle(waiting=1)
        world.later(3600)
    assert (await post.settle()).dead == 1
    assert "https://evil.example/" not in net.asked


async def test_actor_is_gone(post, net, ada):
    """AP-297: 410 at the inbox and at the actor: reported, and dead at once."""
    net.fail(INBOX, 410)
    net.fail(ADA, 410)
    await post.add(INBOX)
    assert (await post.settle()).dead == 1
    assert post.gone == [ADA]


async def test_only_the_inbox_is_gone(post, net, ada):
    """AP-297: an actor that is still there is not taken for gone."""
    net.fail(INBOX, 410)
    net.show(ADA, ada)
    await post.add(INBOX)
    assert (await post.settle()).dead == 1
    assert post.gone == []


async def test_circuit(post, net, world):
    """REL-016: five failures close the host to us; what waits is held, and a success lets it go."""
    net.silence(INBOX)
    await post.add(*[INBOX] * 20)
    await post.settle(waiting=20)
    assert 5 <= len(net.requests) <= 6
    assert (await world.store.read(hosts.get, "a.example")).is_closed_to_us(world.now)
    await post.settle(waiting=20)
    assert len(net.requests) <= 6
    net.fail(INBOX, 202)
    world.later(1801)
    counts = await post.settle()
    assert counts.done == 20


async def test_refusals_do_not_close_a_host(post, net, world):
    """REL-016: whoever says no is there."""
    net.fail(INBOX, 422)
    await post.add(*[INBOX] * 10)
    assert (await post.settle()).dead == 10
    assert not (await world.store.read(hosts.get, "a.example")).is_closed_to_us(world.now)


async def test_one_slow_host(post, net):
    """REL-018, AP-303: a host that hangs holds two turns and nobody else."""
    quick = [f"https://{number}.example/inbox" for number in range(20)]
    for inbox in quick:
        net.fail(inbox, 202)

    async with post.running():
        slow = asyncio.Event()
        hanging = []

        async def hold(url, *args, **kwargs):
            if "slow" in url:
                hanging.append(url)
                await slow.wait()
            return await original(url, *args, **kwargs)

        original, post.world.client.post = post.world.client.post, hold
        await post.add(*["https://slow.example/inbox"] * 10, *quick)
        async with asyncio.timeout(5):
            while (await post.counts()).done < 20:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        assert len(hanging) == 2
        slow.set()


async def test_no_key_no_delivery(post, net, world):
    """A sender without a key cannot be spoken for: dead, with the reason."""

    async def work(tx):
        letter = await letters.write(tx, BODY, now=world.now)
        payload = {"inbox": INBOX, "actor": "https://b.example/users/nobody", "activity": "x"}
        await jobs.add_many(tx, "deliver", [NewJob(payload, lane="a.example")], now=world.now, letter=letter)

    await world.store.write(work)
    assert (await post.settle()).dead == 1
    assert net.requests == []


@pytest.mark.parametrize("inbox", ["https://b.example/inbox", "ftp://a.example/inbox", "nonsense"])
async def test_where_nothing_is_sent(post, net, world, inbox):
    """AP-302: not to ourselves, not to what is no address of the web."""

    async def work(tx):
        letter = await letters.write(tx, BODY, now=world.now)
        payload = {"inbox": inbox, "actor": world.instance_actor, "activity": "x"}
        await jobs.add_many(tx, "deliver", [NewJob(payload, lane="x")], now=world.now, letter=letter)

    await world.store.write(work)
    counts = await post.settle()
    assert counts.dead == 1


async def test_stop_gives_back(post, net, world):
    """REL-026: on stop, what hangs is cut off and given back without counting as an attempt."""
    started = asyncio.Event()

    async def hang(*args, **kwargs):
        started.set()
        await asyncio.sleep(60)

    world.client.post = hang
    await post.add(*[INBOX] * 5)
    async with post.running(), asyncio.timeout(5):
        await started.wait()
    counts = await post.counts()
    assert (counts.waiting, counts.leased) == (5, 0)
    assert (await post.report()).attempts == 0


async def test_leases_are_renewed(post, net, world):
    """REL-013: a slow delivery keeps its lease, so nobody else repeats it."""
    started, gate = asyncio.Event(), asyncio.Event()

    async def slow(*args, **kwargs):
        started.set()
        await gate.wait()
        return await original(*args, **kwargs)

    original, world.client.post = world.client.post, slow
    net.fail(INBOX, 202)
    await post.add(INBOX)
    async with post.running(DeliveryPolicy(lease_seconds=1, idle_seconds=0.02)), asyncio.timeout(5):
        await started.wait()
        world.later(0.9)
        await asyncio.sleep(0.5)
        world.later(0.9)
        taken = await world.store.write(
            jobs.claim, "deliver", now=world.now, owner="other", lease_us=1_000_000, limit=5
        )
        assert taken == []
        gate.set()


async def test_one_after_the_other(post, net):
    """AP-300, REL-017: what is about one thing reaches a host in order."""
    seen = []

    def answer(request):
        seen.append(request)
        return (202, {}, b"")

    for number in range(5):
        net.answers[f"https://a.example/{number}"] = answer
        await post.add(f"https://a.example/{number}", key="a.example note")
    assert (await post.settle()).done == 5
    assert [str(request.url)[-1] for request in seen] == ["0", "1", "2", "3", "4"]


async def test_many_slow_hosts_leave_room(post, net):
    """REL-018: hosts with long queues do not fill our hands so that newcomers wait."""
    gate = asyncio.Event()
    arrived = asyncio.Event()

    async def send(url, *args, **kwargs):
        if "slow" in url:
            await gate.wait()
        else:
            arrived.set()
        return await original(url, *args, **kwargs)

    original, post.world.client.post = post.world.client.post, send
    net.fail("https://new.example/inbox", 202)
    policy = DeliveryPolicy(held_max=16, held_per_host_max=4, idle_seconds=0.02, drain_seconds=0.1)
    async with post.running(policy), asyncio.timeout(5):
        await post.add(*[f"https://slow{number}.example/inbox" for number in range(3) for _ in range(20)])
        await asyncio.sleep(0.05)
        await post.add("https://new.example/inbox")
        await arrived.wait()


async def test_surprises(post, net, world):
    """REL-019: a job that fails for no reason we know is tried again, and dead after ten times."""

    async def surprise(*args, **kwargs):
        raise ZeroDivisionError

    world.client.post = surprise
    await post.add(INBOX)
    for _ in range(9):
        await post.settle(waiting=1)
        world.now = (await post.report()).run_at
    assert (await post.settle()).dead == 1
    assert "ZeroDivisionError" in (await post.report()).error


async def test_a_host_that_is_down_for_a_week(post, net, world):
    """AP-298: what waits for it is cut to the newest of each thing."""
    net.silence(INBOX)
    for n in range(hosts.FAILURES_MAX):
        await world.store.write(hosts.failed, "a.example", world.now + n)
    world.later(8 * 24 * 3600)
    for n in range(4):
        await post.add(INBOX, key=f"{INBOX} thing{n % 2}")
    await post.settle(waiting=2)
    assert (await post.counts()).discarded == 2
    state = await world.store.read(hosts.get, "a.example")
    assert state.is_suspended(world.now)
    assert state.open_until == world.now + hosts.PROBE_US
