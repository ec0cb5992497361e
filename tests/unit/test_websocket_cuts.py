"""A session cut, reset or dribbled at every byte; handshakes that lie.  One end for each, and nothing left."""

import asyncio
import gc

from tests.fakes.wspeer import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    Client,
    Peer,
    Sockets,
    accepted,
    closing,
    frame,
    websocket,
)

_FAILED = "connectSocket:fail "
_LIE = _FAILED + "Error during WebSocket handshake: "
_SESSION_BYTES = 2048
_HEARD = ("é你😀" * 20, b"\x00\xff" * 200, "x" * 126)


def _session():
    # What follows the handshake: 2 KB and more of every kind of frame.
    text = _HEARD[0].encode()
    talk = frame(TEXT, text[:7], final=False) + frame(PING, b"1" * 125) + frame(0, text[7:50], final=False)
    talk += frame(0, b"", final=False) + frame(0, text[50:])
    talk += frame(BINARY, _HEARD[1]) + frame(PONG, b"nobody asked") + frame(TEXT, _HEARD[2].encode())
    return talk + frame(BINARY, bytes(1200)) + closing(1000, b"ok")


async def _ended(net):
    # The events of a socket from its beginning to its end, without the waits of Client.closed().
    client = Client(net)
    over = asyncio.Event()
    client.task.onClose(lambda res: over.set())
    await asyncio.wait_for_ms(over.wait(), 5000)
    kinds = [kind for kind, _ in client.heard]
    assert kinds[-1] == "close" and kinds.count("close") == 1 and kinds.count("error") <= 1, kinds
    messages = client.messages()
    assert messages[:3] == list(_HEARD[: len(messages)]), messages
    return client.heard[-1][1], kinds.count("error"), len(messages)


async def _break_at_every_byte(how, first, last, step=1):
    talk = _session()
    at = 0

    async def play(connection):
        connection.stream.s.setsockopt(6, 1, 1)  # TCP_NODELAY
        whole = accepted(await connection.request()) + talk
        await connection.send(whole[:at])
        await asyncio.sleep_ms(0)
        if how == "reset":
            connection.reset()
        elif how == "cut":
            await connection.send(whole[at:])
            await Peer(connection).until_close()

    async with Sockets(play) as net:
        most = 0
        for at in range(first, last, step):
            (code, reason), errors, messages = await _ended(net)
            if how == "cut":
                assert (code, reason, errors, messages) == (1000, "ok", 0, 4), at
            elif code == 1001:  # an end where the connection stood: no error
                assert how == "end" and reason == "Stream end encountered" and not errors, at
            else:
                assert (code, reason, errors) == (1006, "abnormal closure", 1), at
            net.heads.clear()
            net.bodies.clear()
            if at // step % 128 == 127:
                await net.settle()
                gc.collect()
                most = most or gc.mem_alloc() + 2048
                assert gc.mem_alloc() < most, (at, gc.mem_alloc(), most)


async def test_a_reset_after_each_of_the_first_bytes():
    await _break_at_every_byte("reset", 0, _SESSION_BYTES)


async def test_an_end_after_each_of_the_first_bytes():
    await _break_at_every_byte("end", 0, _SESSION_BYTES, 3)


async def test_every_cut_of_a_session():
    await _break_at_every_byte("cut", 1, _SESSION_BYTES)


async def test_handshakes_that_lie():
    def lying(lie):
        async def play(connection):
            await connection.send(lie(accepted(await connection.request())))
            await connection.stream.read()

        return play

    invalid = _FAILED + "net::ERR_INVALID_HTTP_RESPONSE"
    too_big = _FAILED + "net::ERR_RESPONSE_HEADERS_TOO_BIG"
    lies = (
        (lambda head: head.replace(b"Accept: ", b"Accept: x"), _LIE + "Incorrect 'Sec-WebSocket-Accept' header value"),
        (lambda head: head.replace(b"Sec-WebSocket-Accept", b"X"), _LIE + "Incorrect 'Sec-WebSocket-Accept' header value"),
        (lambda head: head.replace(b"Upgrade: WebSocket\r\n", b""), _LIE + "invalid 'Upgrade' header"),
        (lambda head: head.replace(b"keep-alive, Upgrade", b"keep-alive"), _LIE + "invalid 'Connection' header"),
        (lambda head: b"HTTP/1.1 301 Moved\r\nLocation: ws://127.0.0.1/\r\n\r\n", _LIE + "Unexpected response code: 301"),
        (lambda head: b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\n\r\n", _LIE + "Unexpected response code: 401"),
        (lambda head: b"HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\ncome back", _LIE + "Unexpected response code: 503"),
        (lambda head: b"HTTP/1.1 200 OK\r\n\r\n", _LIE + "Unexpected response code: 200"),
        (lambda head: b"\x81\x05hello" + head, invalid),
        (lambda head: b"\x00" * 40 + b"\r\n\r\n", invalid),
        (lambda head: head.replace(b"HTTP/1.1 101", b"HTTP/1.1 1O1"), invalid),
        (lambda head: head[:-2] + b"X: " + b"y" * 18000 + b"\r\n\r\n", too_big),
        (lambda head: head[:-2] + b"X: y\r\n" * 3000 + b"\r\n", too_big),
    )  # fmt: skip
    async with Sockets(None) as net:
        held = []
        for _ in range(2):
            for lie, expected in lies:
                net.play = lying(lie)
                code, reason, errors = await Client(net).closed()
                assert (code, reason, errors) == (1006, "abnormal closure", [expected]), (code, reason, errors)
                await net.settle()
                net.heads.clear()
            gc.collect()
            held.append(gc.mem_alloc())
        assert held[1] - held[0] < 512, held


async def test_lines_that_end_in_a_bare_lf():
    # RFC 9112, 2.2, lets a recipient take one for the end of a line; what the head says is checked all the same.
    async def play(connection):
        head = accepted(await connection.request()).replace(b"\r\n", b"\n")
        await connection.send(head + frame(TEXT, b"hello") + closing(1000))
        await Peer(connection).until_close()

    async with Sockets(play) as net:
        client = Client(net)
        assert await client.closed() == (1000, "normal closure", [])
        assert client.messages() == ["hello"]


async def test_lies_about_length():
    said = []

    def sending(data):
        async def play(peer):
            await peer.raw(data)
            opcode, answer = await peer.receive()
            said.append((opcode, answer[:2]))

        return play

    too_big, wrong = (1009).to_bytes(2, "big"), (1002).to_bytes(2, "big")
    async with Sockets(None) as net:
        before = 0
        for raw, code, answer in (
            (b"\x82\x7f" + b"\x7f" + b"\xff" * 7, 1009, too_big),
            (b"\x82\x7f" + b"\x80" + b"\x00" * 7, 1002, wrong),
            (b"\x81\x7f" + (1 << 40).to_bytes(8, "big"), 1009, too_big),
            (frame(TEXT, b"a", final=False) + b"\x80\x7f" + (1 << 33).to_bytes(8, "big"), 1009, too_big),
            (b"\x89\x7e\x00\x7e" + b"x" * 126, 1002, wrong),
            (b"\x88\x7f" + bytes(8), 1002, wrong),
        ):
            net.play = websocket(sending(raw))
            got, _, errors = await Client(net).closed()
            assert got == code and len(errors) == 1, (raw, got, errors)
            assert said.pop() == (CLOSE, answer)
            await net.settle()
            net.heads.clear()
            gc.collect()
            before = before or gc.mem_alloc()
            assert gc.mem_alloc() - before < 2048, gc.mem_alloc() - before
        # Longer forms than necessary are forbidden to the sender only (5.2), and harmless.
        for raw in (b"\x81\x7e\x00\x02hi", b"\x81\x7f" + bytes(7) + b"\x02hi"):

            async def short(peer, raw=raw):
                await peer.raw(raw + closing(1000))
                await peer.until_close()

            net.play = websocket(short)
            client = Client(net)
            assert await client.closed() == (1000, "normal closure", []) and client.messages() == ["hi"]
            await net.settle()
