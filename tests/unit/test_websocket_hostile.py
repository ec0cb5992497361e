"""Peers that lie, flood, stall or break off on an open socket: the code they are told, and memory that stays flat."""

import asyncio
import gc

import wx
from kiosk import api
from kiosk.errors import KioskError
from kiosk.net.stream import Stream
from kiosk.net.websocket.outbox import Outbox
from tests.fakes.fakesocket import FakeSocket
from tests.fakes.wspeer import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    Client,
    Sockets,
    accepted,
    closing,
    echo,
    frame,
    websocket,
)

_FAILED = "connectSocket:fail "


async def test_what_breaks_the_protocol_is_told_and_ends():
    said = []

    def sending(data):
        async def play(peer):
            await peer.raw(data)
            said.append(await peer.until_close())

        return play

    async with Sockets(None) as net:
        for data, code, reason in (
            (frame(TEXT, b"x", bits=0x40), 1002, "reserved bits are set"),
            (frame(3, b"x"), 1002, "unknown opcode 3"),
            (frame(0, b"x"), 1002, "a continuation of no message"),
            (frame(TEXT, b"\0\0\0\0x", mask=True), 1002, "a server must not mask frames"),
            (frame(PING, b"x" * 126), 1002, "a control frame is fragmented or too long"),
            (frame(TEXT, b"a\xff"), 1007, "a text is not UTF-8"),
            (frame(TEXT, b"a\xe4\xbd", final=False) + frame(0, b"x"), 1007, "a text is not UTF-8"),
            (frame(TEXT, b"\xe4\xbd"), 1007, "a text ends within a character"),
            (frame(BINARY, b"x", length=1 << 40), 1009, "message too big"),
            (closing(1005), 1002, "invalid close code"),
            (closing(1000, b"\xff"), 1007, "a close reason is not UTF-8"),
            (frame(CLOSE, b"x"), 1002, "invalid close code"),
        ):
            net.play = websocket(sending(frame(TEXT, b"before") + data + frame(TEXT, b"after")))
            client = Client(net)
            assert await client.closed() == (code, reason, [_FAILED + reason])
            assert client.messages() == ["before"]
            await net.settle()
            assert said.pop() == code.to_bytes(2, "big") + reason.encode()


async def test_an_end_and_a_reset_at_every_byte_of_the_handshake():
    for with_reset in (False, True):

        async def play(connection, with_reset=with_reset):
            lines = await connection.request()
            answer = accepted(lines)
            await connection.send(answer[: net.connections * 3])
            if with_reset:
                await asyncio.sleep_ms(1)
                connection.reset()

        async with Sockets(play) as net:
            for count in range(1, 43):
                code, reason, errors = await Client(net).closed()
                assert (code, reason) == (1006, "abnormal closure") and len(errors) == 1
                assert errors[0].startswith(_FAILED + "net::ERR_CONNECTION_" + ("RESET" if with_reset else "CLOSED"))
                assert net.connections == count
            await net.settle()


async def test_everything_one_byte_at_a_time():
    async def play(connection):
        talk = accepted(await connection.request()) + frame(TEXT, "é".encode(), final=False) + frame(PING, b"p")
        talk += frame(0, "你".encode()) + frame(BINARY, b"x" * 130) + closing(1000, b"ok")
        for at in range(len(talk)):
            await connection.send(talk[at : at + 1])
            await asyncio.sleep_ms(0)
        await connection.request()

    async with Sockets(play) as net:
        client = Client(net)
        assert await client.closed() == (1000, "ok", [])
        assert client.messages() == ["é你", b"x" * 130]


async def test_frames_in_one_piece_with_the_handshake():
    async def play(connection):
        await connection.send(accepted(await connection.request()) + frame(TEXT, b"x" * 2000) + closing(1000))
        await connection.request()

    async with Sockets(play) as net:
        client = Client(net)
        assert await client.closed() == (1000, "normal closure", [])
        assert client.messages() == ["x" * 2000]


async def test_a_flood_of_pings_from_a_peer_that_never_reads():
    held = []

    async def play(peer):
        flood = frame(PING, b"p" * 125) * 16
        for count in range(1500):  # 3 MB of pongs are owed
            await peer.raw(flood)
            if count in (300, 1499):
                gc.collect()
                held.append(gc.mem_alloc())
        await peer.send(TEXT, b"end")
        await peer.until_close()

    async with Sockets(websocket(play)) as net:
        client = await Client(net).opened()
        turns = 0
        while not client.messages():
            await asyncio.sleep_ms(0)
            turns += 1
        assert turns > 50, turns  # others get their turns
        assert held[1] - held[0] < 2000, held


async def test_a_peer_that_never_reads():
    async def play(peer):
        await peer.raw(frame(TEXT, b"go"))
        await released.wait()
        while (await peer.receive())[0] != CLOSE:
            received[0] += 1
        await peer.raw(closing(1000))

    released, received = asyncio.Event(), [0]
    async with Sockets(websocket(play)) as net:
        client = await Client(net).opened()
        await client.until("message")
        accepted_count = refused = held = 0
        data = b"x" * 1000
        for count in range(10000):
            failures = []
            client.task.send(data=data, fail=failures.append)
            await asyncio.sleep_ms(0)
            if failures:
                refused += 1
                assert failures[0].errMsg.startswith("sendSocketMessage:fail send queue is full: "), failures
            else:
                accepted_count += 1
            assert client.task.bufferedAmount <= 32768
            if count in (6000, 9999):
                gc.collect()
                held, before = gc.mem_alloc(), held
        assert refused > 2000 and held - before < 500, (refused, held - before)
        assert client.task.bufferedAmount > 25000
        released.set()
        await client.task.close()
        assert await client.closed() == (1000, "normal closure", [])
        assert received[0] == accepted_count, "what was accepted arrives before the close"
        assert client.task.bufferedAmount == 0


async def test_the_end_while_a_peer_does_not_read():
    async def play(peer):
        await released.wait()
        peer.connection.reset()

    for ending in ("reset", "close_all"):
        released = asyncio.Event()
        async with Sockets(websocket(play)) as net:
            client = await Client(net).opened()
            failures = []
            while not failures:
                client.task.send(data=b"x" * 8000, fail=failures.append)
                await asyncio.sleep_ms(0)
            if ending == "reset":
                released.set()
                code, reason, errors = await client.closed()
                assert (code, errors) == (1006, [_FAILED + "net::ERR_CONNECTION_RESET"]), (code, errors)
            else:
                net.program.at_close[0]()
                assert client.task.readyState == 3
                released.set()
            await net.settle()
            assert client.task.bufferedAmount == 0


class _Stuck(FakeSocket):
    def write(self, data):
        return None


async def test_the_queue_counts_small_messages_too():
    outbox = Outbox(Stream(_Stuck()), None)
    for size, most in ((0, 513), (1, 505), (40000, 1)):  # the first is being sent, the others wait
        count = 0
        try:
            while count < 1000:
                outbox.message(BINARY, memoryview(bytes(size)))
                count += 1
                await asyncio.sleep_ms(0)
        except KioskError as exc:
            assert exc.args == ("network", "send queue is full: %d bytes are waiting" % (count * size))
        assert count == most, count
        assert outbox.buffered == count * size
        outbox.cancel()
        assert outbox.buffered == 0


async def test_no_memory_to_send_ends_the_socket():
    async def play(peer):
        await released.wait()

    class NoMemory:
        def write_now(self, data):
            return 0

        def write(self, data):
            raise MemoryError

    released = asyncio.Event()
    async with Sockets(websocket(play)) as net:
        client = await Client(net).opened()
        client.task.connection._outbox._stream = NoMemory()
        client.task.send(data="x" * 5000)
        assert await client.closed() == (1006, "abnormal closure", [_FAILED + "out of memory"])
        released.set()


async def test_a_message_longer_than_the_queue():
    async with Sockets(websocket(echo)) as net:
        client = await Client(net).opened()
        data = bytes(range(256)) * 20
        await client.task.send(data=data)
        assert await client.until("message") == data
        sent = bytearray(b"abc")
        await_sent = client.task.send(data=sent)
        sent[0] = 0  # what was handed over does not change any more
        await await_sent
        assert await client.until("message", 2) == b"abc"
        try:
            await client.task.send(data=str(b"\xed\xa0\x80x", "utf-8"))
            raise AssertionError
        except api.Error as exc:
            assert exc.errMsg == "sendSocketMessage:fail invalid request data: parameter.data is not valid UTF-8"
        for bad in (None, 5, {}, [1]):
            try:
                await client.task.send(data=bad)
                raise AssertionError(bad)
            except api.Error as exc:
                assert exc.errMsg.startswith(
                    "sendSocketMessage:fail parameter error: parameter.data should be String or"
                )


async def test_the_close_waits_for_a_pong_and_for_what_is_queued():
    got = []

    async def play(peer):
        await peer.send(PING, b"1")
        await asyncio.sleep_ms(20)
        while True:
            got.append(await peer.receive())
            if got[-1][0] == CLOSE:
                await peer.raw(closing(1000))
                return

    async with Sockets(websocket(play)) as net:
        client = await Client(net).opened()
        for number in range(5):
            client.task.send(data=str(number) * 1500)
        client.task.close(reason="end")
        assert await client.closed() == (1000, "end", [])
        assert [data[:1] for opcode, data in got if opcode == TEXT] == [b"0", b"1", b"2", b"3", b"4"]
        assert got[-1] == (CLOSE, b"\x03\xe8end")
        assert got.count((PONG, b"1")) <= 1


async def test_masking_keys_differ():
    keys = []

    async def play(peer):
        for _ in range(20):
            await peer.receive()
        keys.extend(peer.keys)
        await peer.raw(closing(1000))

    async with Sockets(websocket(play)) as net:
        client = await Client(net).opened()
        for _ in range(20):
            await client.task.send(data="the same")
        await client.closed()
        assert len(set(keys)) == 20


async def test_nothing_is_left_on_the_heap():
    async def one(net, number):
        client = await Client(net).opened()
        await client.task.send(data="é" * 700 * (number % 3))
        await client.until("message")
        if number % 4 == 1:
            net.program.at_background[0]()
        else:
            await client.task.close()
        await client.closed()
        await net.settle()
        net.heads.clear()
        net.bodies.clear()

    async with Sockets(websocket(echo)) as net:
        held = []
        for number in range(60):
            await one(net, number)
            if number in (19, 59):
                gc.collect()
                held.append(gc.mem_alloc())
        assert held[1] - held[0] < 512, held
        assert isinstance(Client(net).task, wx.socket.SocketTask)
