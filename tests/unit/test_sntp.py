"""kiosk.net.sntp: a time server's answers, honest and not; and the board's clock."""

import asyncio
import socket
import struct
from asyncio import core

from kiosk import app
from kiosk.errors import KioskError
from kiosk.net import sntp, wifi
from tests.fakes.wlan import FAILURES, FakeWlan

_TO_1970 = 2208988800


class Server:
    """A time server on loopback that answers what `answer(question)` gives, a list of bytes."""

    def __init__(self, answer):
        self._answer = answer
        self.asked = []

    async def __aenter__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for port in range(21000, 29000):
            try:
                self._socket.bind(socket.getaddrinfo("127.0.0.1", port)[0][-1])
                break
            except OSError:
                continue
        self.port = port
        self._socket.setblocking(False)
        self._task = asyncio.create_task(self._serve())
        return self

    async def __aexit__(self, *exc):
        self._task.cancel()
        await asyncio.sleep_ms(0)
        self._socket.close()

    async def _serve(self):
        while True:
            await _readable(self._socket)
            question, sender = self._socket.recvfrom(512)
            self.asked.append(question)
            for answer in self._answer(question):
                self._socket.sendto(answer, sender)


def _readable(sock):
    yield core._io_queue.queue_read(sock)


def answer_for(question, unix_s=1800000000, fraction=1 << 31, mode=4, leap=0, stratum=2, cookie=None):
    head = bytes((leap << 6 | 4 << 3 | mode, stratum, 0, 0)) + bytes(20)
    seconds = (unix_s + _TO_1970) & 0xFFFFFFFF
    return head + (cookie or question[40:48]) + bytes(8) + struct.pack("!II", seconds, fraction)


async def _ask(answer):
    async with Server(answer) as server:
        return await sntp.unix_time((("127.0.0.1", server.port),)), server.asked


async def test_the_time():
    (seconds, ms), asked = await _ask(lambda question: [answer_for(question)])
    assert seconds == 1800000000 and 500 <= ms < 600
    assert len(asked[0]) == 48 and asked[0][0] == 0x23


async def test_after_2036():
    (seconds, _), _ = await _ask(lambda question: [answer_for(question, unix_s=2100000000)])
    assert seconds == 2100000000


async def test_answers_that_are_not_believed():
    def liar(question):
        return [
            b"",
            b"x" * 47,
            answer_for(question, cookie=b"12345678"),  # not to what was asked
            answer_for(question, mode=3),
            answer_for(question, leap=3),  # the server has no time itself
            answer_for(question, stratum=0),  # kiss of death
            answer_for(question, stratum=16),
            answer_for(question, unix_s=1000000000),  # 2001
            answer_for(question),
        ]

    (seconds, _), _ = await _ask(liar)
    assert seconds == 1800000000


async def test_nobody_answers():
    async with Server(lambda question: []) as silent, Server(lambda question: [answer_for(question)]) as good:
        servers = (("no such name.", 123), ("127.0.0.1", silent.port), ("127.0.0.1", good.port))
        assert (await sntp.unix_time(servers))[0] == 1800000000
        try:
            await sntp.unix_time(servers[:2])
        except KioskError as exc:
            assert exc.reason == "net::ERR_NTP_TIMED_OUT"
        else:
            raise AssertionError("a time from nowhere")


async def test_the_clock_is_set_when_the_network_comes():
    import board

    told = []
    board.set_clock = lambda seconds, ms: told.append(seconds)
    board.wlan_failures = FAILURES
    app.current = None
    async with Server(lambda question: [answer_for(question)]) as server:
        wifi._FILE = "/tmp/mpkiosk-none.json"
        station = wifi.Station(FakeWlan({"shop": ""}), 10)
        station.known = [["shop", ""]]
        station.time_servers = (("127.0.0.1", server.port),)
        task = asyncio.create_task(wifi.keep(station))
        for _ in range(200):
            await asyncio.sleep_ms(5)
            if told:
                break
        task.cancel()
    assert told == [1800000000]
