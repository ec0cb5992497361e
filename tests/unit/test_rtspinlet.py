"""A server that is played over RTSP, in the same loop: what comes of it, what it refuses, and what is wrong with what it says."""

import asyncio
import random
import struct
import time

from kiosk import log
from kiosk.errors import KioskError
from kiosk.live import rtsp
from kiosk.live.address import Address
from kiosk.live.rtspinlet import Inlet

log.level = len(log.LEVELS)
_SDP = b"v=0\r\ns=-\r\nm=video 0 RTP/AVP 26\r\na=control:v\r\nm=audio 0 RTP/AVP 97\r\na=rtpmap:97 L16/8000\r\na=control:a\r\n"
_H264 = b"v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nm=audio 0 RTP/AVP 97\r\na=rtpmap:97 OPUS/48000/2\r\n"


class Taker:
    """whole (int): frames that came so; ended (int): frames."""

    def __init__(self):
        self.whole = self.ended = 0

    def begin(self, size_bytes, at_ms):
        pass

    async def write(self, view):
        pass

    async def end(self, is_whole):
        self.ended += 1
        self.whole += is_whole


class Server:
    """changed(bytes) is what it says instead; refused (str): a method."""

    def __init__(self, sdp=_SDP, changed=None, refused=None):
        self.asked = []
        self._sdp, self._changed, self._refused = sdp, changed or (lambda data: data), refused
        self.packets = b""
        for number in range(3):
            picture = struct.pack(">BBHIIIBBBB", 128, 26 | 128, number, number, 7, 0, 1, 50, 2, 2) + b"\x28\xa2\x8a\0"
            sound = struct.pack(">BBHII", 128, 97, number, number * 4, 8) + b"\0\1\0\2\0\3\0\4"
            for channel, packet in ((0, picture), (2, sound)):
                self.packets += struct.pack(">BBH", 36, channel, len(packet)) + packet

    async def __aenter__(self):
        for self.port in range(29000, 29900):
            try:
                self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
                break
            except OSError:
                continue
        self.address = Address("rtsp://127.0.0.1:%d/live" % self.port)
        return self

    async def __aexit__(self, *exc):
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader, writer):
        try:
            while True:
                line = await reader.readline()
                if not line:
                    break
                if line[:1] == b"$":
                    continue
                fields = {}
                method = line.split(b" ")[0].decode()
                while line.strip():
                    line = await reader.readline()
                    name, _, value = line.decode().strip().partition(": ")
                    fields[name] = value
                self.asked.append(method)
                writer.write(self._changed(self._answer(method, fields)))
                if method == "PLAY":
                    writer.write(self._changed(self.packets))
                await writer.drain()
        except (OSError, ValueError):
            pass  # the client has hung up
        writer.close()
        await writer.wait_closed()

    def _answer(self, method, fields):
        status = "461 Unsupported Transport" if method == self._refused else "200 OK"
        body = self._sdp if method == "DESCRIBE" else b""
        lines = [
            "RTSP/1.0 " + status,
            "CSeq: " + fields.get("CSeq", ""),
            "Session: s",
            "Content-Length: %d" % len(body),
        ]
        if "Transport" in fields:
            lines.append("Transport: " + fields["Transport"])
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def _played(server, until=lambda inlet, taker: False, limit_ms=30000):
    # (inlet, taker, the KioskError that has ended it, or None)
    taker = Taker()
    inlet = Inlet(server.address, taker, 0, 1000)
    fault = None
    try:
        await inlet.open()
        running = asyncio.create_task(_fault_of(inlet))
        start = time.ticks_ms()
        while not running.done() and not until(inlet, taker) and time.ticks_diff(time.ticks_ms(), start) < limit_ms:
            await asyncio.sleep_ms(2)
        fault = await running if running.done() else running.cancel() and None
    except KioskError as exc:
        fault = exc
    finally:
        await inlet.close()
    return inlet, taker, fault


async def _fault_of(inlet):
    try:
        await inlet.run()
    except KioskError as exc:
        return exc


async def test_pictures_and_sound():
    heard = memoryview(bytearray(100))
    counts = []

    def until(inlet, taker):
        if taker.whole == 3 and inlet.sound_bytes == 24:
            counts.append(inlet.samples.read_into(heard))
        return counts

    async with Server() as server:
        inlet, taker, fault = await _played(server, until)
        assert fault is None and taker.ended == 3 and counts == [24] and struct.unpack("<4h", heard[:8]) == (1, 2, 3, 4)
        assert server.asked == ["OPTIONS", "DESCRIBE", "SETUP", "SETUP", "PLAY", "TEARDOWN"]
        assert inlet.has_picture and inlet.has_sound and inlet.left_out == "" and inlet.lost == 0
        assert inlet.samples.read_into(heard) == 0


async def test_what_cannot_be_played():
    async with Server(_H264) as server:
        _, _, fault = await _played(server)
        assert fault.args[0] == "unsupported" and "H264, OPUS" in fault.reason and server.asked[-1] == "DESCRIBE"
    async with Server(b"v=0\r\n") as server:
        _, _, fault = await _played(server)
        assert fault.args[0] == "unsupported"
    async with Server(refused="SETUP") as server:
        inlet, _, fault = await _played(server)
        assert fault.fields["status"] == 461 and inlet.may_try_again(fault)


async def test_mutations_neither_hang_nor_crash():
    random.seed(7)
    patience_ms, rtsp.patience_ms = rtsp.patience_ms, 40

    def changed(data):
        data = bytearray(data)
        for _ in range(random.randrange(3)):
            at = random.randrange(len(data))
            if random.getrandbits(1):
                data[at] = random.getrandbits(8)
            else:
                data[at : at + random.randrange(12)] = b""
        return bytes(data)

    try:
        for _ in range(60):
            async with Server(changed=changed) as server:
                _, taker, fault = await _played(server, lambda inlet, taker: taker.whole == 3, 40)
                assert taker.whole <= 3 and (fault is None or fault.args[0] in ("network", "unsupported", "url")), fault
    finally:
        rtsp.patience_ms = patience_ms
