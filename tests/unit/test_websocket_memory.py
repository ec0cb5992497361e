"""What a socket holds: messages as they come and not as they are announced, slow listeners, a soak of 2,000 messages."""

import asyncio
import gc
import random

from kiosk import tasks
from kiosk.net.stream import Stream
from kiosk.net.websocket.frames import Refused
from kiosk.net.websocket.inbox import Inbox
from kiosk.net.websocket.reader import Reader
from tests.fakes.fakesocket import FakeSocket
from tests.fakes.wspeer import BINARY, CLOSE, PING, TEXT, Client, Sockets, closing, echo, frame, websocket


def _held():
    gc.collect()
    return gc.mem_alloc()


async def _least_held():
    # The collector takes a number on the stack for an address now and then, so no single figure says much.
    figures = []
    for _ in range(5):
        await asyncio.sleep_ms(2)
        figures.append(_held())
    return min(figures)


class _Given(FakeSocket):
    """Gives what a generator yields, so that no test holds all of it."""

    def __init__(self, source):
        super().__init__([])
        self._source = source

    def readinto(self, view):
        if not self.gives:
            self.gives.append(next(self._source))
        return super().readinto(view)


async def test_what_is_only_announced_takes_nothing():
    async def play(peer):
        # Of a message of 30,000 bytes one byte comes.
        await peer.raw(frame(BINARY, b"x", length=30000))
        await released.wait()

    released = asyncio.Event()
    async with Sockets(websocket(echo)) as net:
        client = await Client(net).opened()  # everything is loaded now
        await client.task.close()
        await client.closed()
        net.play = websocket(play)
        before = _held()
        clients = []
        for _ in range(5):
            clients.append(await Client(net).opened())
        await asyncio.sleep_ms(50)
        # Both ends of five sockets, and a piece of 4 KB for each; 150 KB are announced.
        assert _held() - before < 5 * 13000, _held() - before
        released.set()
        for client in clients:
            assert (await client.closed())[0] == 1001


async def test_a_long_message_is_put_together_from_pieces():
    for opcode, data in ((TEXT, ("é你😀x" * 900).encode()), (BINARY, bytes(range(256)) * 35)):
        raw = memoryview(frame(opcode, data))
        for size in (1, 997, 1024, 1025, 4000, 20000):
            cut = (raw[at : at + size] for at in range(0, len(raw), size))
            found, got = await Reader(Stream(_Given(cut))).next()
            assert found == opcode and memoryview(got) == data, (opcode, size)


async def test_a_long_message_in_small_fragments():
    def fragments(size):
        yield frame(TEXT, final=False)
        for at in range(0, len(data), size):
            yield frame(0, data[at : at + size], final=False)
        yield frame(0)

    text = "é你😀x" * 700
    data = memoryview(text.encode())
    for size in (1, 3, 100, 1300):
        assert await Reader(Stream(_Given(fragments(size)))).next() == (TEXT, text), size


async def test_a_message_of_a_third_of_the_heap():
    gc.collect()
    size = gc.mem_free() // 3

    class Zeros(FakeSocket):
        def readinto(self, view):
            if self.gives:
                return super().readinto(view)
            view[:] = bytes(len(view))
            return len(view)

    reader = Reader(Stream(Zeros([frame(BINARY, b"", length=size)])))
    opcode, data = await reader.next()
    assert opcode == BINARY and len(data) == size
    data = None
    # The next one is too big: told by its head, and nothing of it is kept.
    before = _held()
    reader = Reader(Stream(Zeros([frame(BINARY, b"", length=gc.mem_free())])))
    try:
        await reader.next()
        raise AssertionError
    except Refused as exc:
        assert exc.code == 1009
    assert _held() - before < 3000


class _Task:
    def __init__(self, done):
        self._done = done

    def done(self):
        return self._done


def test_the_inbox_counts_what_is_being_worked_on():
    inbox = Inbox()
    for _ in range(200):
        inbox.add((_Task(True),), "x" * 1000)
    assert not inbox.full
    inbox.add((_Task(False),), b"x" * 40000)
    assert inbox.full, "a single message may be longer; then it is enough"
    inbox = Inbox()
    worker = _Task(False)
    for count in range(1, 100):
        inbox.add((worker, _Task(True)), "é" * 100)
        assert inbox.full == (count * (200 + 2 * 512) > 32768), count
    worker._done = True
    assert not inbox.full


async def test_slow_listeners_hold_up_the_peer():
    sent = [0]

    async def play(peer):
        message = frame(TEXT, b"x" * 1000)
        while sent[0] < 20000:  # 20 MB
            await peer.raw(message)
            sent[0] += 1
        await peer.until_close()

    working, most, seen = 0, 0, 0

    async def slow(res):
        nonlocal working, most, seen
        del client.heard[1:]  # the Client would keep them all
        working += 1
        seen += 1
        most = max(most, working)
        await released.wait()
        working -= 1

    released = asyncio.Event()
    async with Sockets(websocket(play)) as net:
        client = Client(net)
        client.task.onMessage(slow)
        await client.opened()
        before = 0
        while sent[0] != before:  # until the system's own buffers are full too
            before = sent[0]
            await asyncio.sleep_ms(100)
        assert sent[0] < 20000, "the peer has been held up"
        assert most == seen == 32768 // (1000 + 512) + 1, (most, seen)
        held = _held()
        await asyncio.sleep_ms(200)
        assert seen == most and _held() - held < 500
        released.set()
        while seen < 1000:  # reading goes on
            await asyncio.sleep_ms(5)
        assert client.task.readyState == client.task.OPEN


async def test_a_slow_listener_does_not_keep_a_socket_from_closing():
    async def play(peer):
        for _ in range(100):
            await peer.send(TEXT, b"x" * 1000)
        assert await peer.until_close() == b"\x03\xe8enough"
        await peer.raw(closing(1000))

    async def never(res):
        await asyncio.Event().wait()

    async with Sockets(websocket(play)) as net:
        client = Client(net)
        client.task.onMessage(never)
        await client.until("message", 20)
        await client.task.close(reason="enough")
        assert await client.closed() == (1000, "enough", [])


async def test_a_listener_may_wait_for_what_comes_next():
    arrived = asyncio.Event()

    async def first_waits_for_second(res):
        if res.data == "first":
            await arrived.wait()
            heard.append("first is done")
        else:
            arrived.set()

    async def play(peer):
        await peer.raw(frame(TEXT, b"first") + frame(TEXT, b"second"))
        await peer.until_close()

    heard = []
    async with Sockets(websocket(play)) as net:
        client = Client(net)
        client.task.onMessage(first_waits_for_second)
        await client.until("message", 2)
        await asyncio.sleep_ms(20)
        assert heard == ["first is done"]


async def test_a_burst_of_small_messages_that_are_all_answered():
    # A thousand of them fit into the system's buffers, and each answer is a call of the API with a task of its own.
    got = [0]

    async def play(peer):
        await peer.raw(frame(TEXT, b"") * 1000)
        while got[0] < 1000:
            assert await peer.receive() == (TEXT, b"")
            got[0] += 1
        await peer.raw(closing(1000))
        await peer.until_close()

    def answer(res):
        nonlocal most
        most = max(most, len(tasks._running))
        client.heard.clear()
        client.task.send(data=res.data)

    most = 0
    async with Sockets(websocket(play)) as net:
        client = Client(net)
        client.task.onMessage(answer)
        assert await client.closed() == (1000, "normal closure", [])
        assert got[0] == 1000 and most < 40, (got, most)


async def test_ten_pings_at_once_are_all_answered():
    got = []

    async def play(peer):
        await peer.raw(b"".join(frame(PING, b"%d" % number) for number in range(10)))
        for _ in range(10):
            got.append((await peer.receive())[1])
        await peer.until_close()

    async with Sockets(websocket(play)) as net:
        await Client(net).opened()
        while len(got) < 10:
            await asyncio.sleep_ms(2)
        assert got == [b"%d" % number for number in range(10)]


async def test_soak():
    """2,000 messages with random cuts and lengths: `make bench` has 10,000.  One answer and one echo for each."""

    async def cutting(peer):
        # An echo in random fragments that reach the client in random pieces.
        peer.connection.stream.s.setsockopt(6, 1, 1)  # TCP_NODELAY: the second piece is not to wait for an answer
        while True:
            opcode, data = await peer.receive()
            if opcode == CLOSE:
                await peer.send(opcode, data)
                return
            middle = random.getrandbits(11) % (len(data) + 1)
            raw = frame(opcode, data[:middle], final=False) + frame(0, data[middle:])
            cut = random.getrandbits(11) % (len(raw) + 1)
            await peer.raw(raw[:cut])
            if random.getrandbits(2) == 0:
                await asyncio.sleep_ms(0)
            await peer.raw(raw[cut:])

    outcomes = {"success": 0, "fail": 0, "complete": 0}

    def count(name):
        outcomes[name] += 1

    async def talk(net, messages):
        client = await Client(net).opened()
        arrived = asyncio.Event()
        client.task.onMessage(lambda res: arrived.set())
        for number in range(messages):
            text = "é你x" * random.getrandbits(8)
            data = text if number & 1 else text.encode()
            client.task.send(
                data=data,
                success=lambda res: count("success"),
                fail=lambda res: count("fail"),
                complete=lambda res: count("complete"),
            )
            await asyncio.wait_for_ms(arrived.wait(), 5000)
            arrived.clear()
            assert client.messages() == [data]
            client.heard.clear()
        await client.task.close()
        await client.closed()
        await net.settle()
        net.heads.clear()
        net.bodies.clear()

    async with Sockets(websocket(cutting)) as net:
        held = []
        for _ in range(8):
            await talk(net, 250)
            held.append(await _least_held())
        # A leak of a block for each message would be 16 KB; the middle ones, as the collector lets go of more now and then.
        assert sorted(held[4:])[2] - sorted(held[:4])[2] < 512, held
        assert outcomes == {"success": 2000, "fail": 0, "complete": 2000}, outcomes


async def test_masked_and_checked_without_machine_code():
    import kiosk
    from kiosk.net.websocket import octets

    assert octets.mask is not octets.plain_mask
    from kiosk.net.websocket import connection, outbox, reader

    outbox.mask, reader.check, connection.check = octets.plain_mask, octets.plain_check, octets.plain_check
    try:
        async with Sockets(websocket(echo)) as net:
            client = await Client(net).opened()
            sent = ["é你😀" * 50, b"\x00\xff" * 1500, "x" * 3, ""]
            for data in sent:
                await client.task.send(data=data)
            await client.until("message", len(sent))
            assert client.messages() == sent
    finally:
        outbox.mask, (reader.check) = kiosk._socket_octets[0], kiosk._socket_octets[1]
        connection.check = reader.check
