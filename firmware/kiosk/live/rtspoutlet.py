"""
A server that is published to over RTSP: ANNOUNCE, SETUP of picture and sound, RECORD, then packets and reports.

Pictures are RTP/JPEG (RFC 2435), sound L16 of 16 kHz or PCMU of 8 kHz, both of one channel.  Packets go interleaved over the
connection (RFC 2326, 10.12); a server that refuses that (461) gets them over UDP, where the board has it.
"""

import asyncio
import socket
from time import ticks_ms

from kiosk.errors import KioskError
from kiosk.live import g711, rtp
from kiosk.live.rtpjpeg import Packets
from kiosk.live.rtsp import Client, parameter
from kiosk.net.reasons import failed, from_socket
from kiosk.net.resolve import resolve_text

HAS_PICTURE = True
_PATIENCE_MS = const(60)  # of a packet of a picture: then the frame is given up, for the camera does not wait
_REPORT_MS = const(5000)
_TEARDOWN_MS = const(1000)
_PICTURE = const(26)
_L16 = const(96)
_PCMU = const(0)
_UNSUPPORTED_TRANSPORT = const(461)
_SOUND_MS = const(20)
_DRIFT_MS = const(120)  # between the two clocks, before the sound jumps


class Outlet:
    """address: address.Address.  has_picture, has_sound (bool): what is published; is_low: sound of 8 kHz.

    rate_hz, block (int): of the sound that sound() takes, and bytes of a packet of it.  frames, dropped (int): pictures that were sent
    and that were not, the server being slow; picture_bytes, sound_bytes: so far; jitter_ms: as the server has it; size: of the pictures.
    """

    def __init__(self, address, has_picture, has_sound, is_low=False):
        self.rate_hz = 8000 if is_low else 16000
        self.block = 2 * self.rate_hz * _SOUND_MS // 1000
        self.frames = self.dropped = 0
        self.jitter_ms = 0
        self.has_picture = has_picture
        self._client = Client(address, self._heard)
        moment = rtp.clock()
        self._picture = rtp.Source(_PICTURE, 90000, 0, moment) if has_picture else None
        self._sound = (
            rtp.Source(_PCMU if is_low else _L16, self.rate_hz, 2 if has_picture else 0, moment) if has_sound else None
        )
        self._packets = Packets(self._picture, self._send_picture) if has_picture else None
        self._buffer = bytearray(rtp.HEAD + (self.block // 2 if is_low else self.block))
        self._is_low = is_low
        self._next = None  # timestamp of the sound that follows without a gap
        self._sockets = {}  # channel -> socket, over UDP
        self._is_recording = self._fails = False

    async def open(self):
        """Connect and begin to publish.  KioskError (network, url, redirects)."""
        client = self._client
        await client.connect()
        await client.request("ANNOUNCE", None, ("Content-Type: application/sdp",), self._description())
        for source in (self._picture, self._sound):
            if source:
                await self._set_up(source)
        await client.request("RECORD", client.address.text, ("Range: npt=0.000-",))
        self._is_recording = True

    def _description(self):
        lines = [
            "v=0",
            "o=- %d 1 IN IP4 127.0.0.1" % rtp.clock()[0],
            "s=kiosk",
            "c=IN IP4 0.0.0.0",
            "t=0 0",
            "a=control:*",
        ]
        if self._picture:
            lines += ["m=video 0 RTP/AVP 26", "a=rtpmap:26 JPEG/90000", "a=control:streamid=0"]
        if self._sound:
            kind, name = (_PCMU, "PCMU") if self._is_low else (_L16, "L16")
            lines += ["m=audio 0 RTP/AVP %d" % kind, "a=rtpmap:%d %s/%d/1" % (kind, name, self.rate_hz)]
            lines.append("a=control:streamid=1")
        return ("\r\n".join(lines) + "\r\n").encode()

    async def _set_up(self, source):
        client = self._client
        target = client.address.text + "/streamid=%d" % (source is self._sound)
        first = source.channel
        if not self._sockets:
            wanted = "Transport: RTP/AVP/TCP;unicast;interleaved=%d-%d;mode=record" % (first, first + 1)
            try:
                answer = await client.request("SETUP", target, (wanted,))
            except KioskError as exc:
                if exc.fields.get("status") != _UNSUPPORTED_TRANSPORT:
                    raise
            else:
                ports = parameter(answer.get(b"transport"), "interleaved")
                if ports:  # a server may give other channels than were asked for
                    source.channel = ports[0]
                return
        pair = [_datagrams(), _datagrams()]
        self._sockets[first], self._sockets[first + 1] = pair
        mine = [port for _, port in pair]
        wanted = "Transport: RTP/AVP;unicast;client_port=%d-%d;mode=record" % tuple(mine)
        answer = await client.request("SETUP", target, (wanted,))
        ports = parameter(answer.get(b"transport"), "server_port")
        if not ports:
            raise failed("INVALID_RESPONSE")
        host = (await resolve_text(client.address.url.host))[0]
        for (sock, _), port in zip(pair, ports):
            try:
                sock.connect(socket.getaddrinfo(host, port, 0, socket.SOCK_DGRAM)[0][-1])
            except OSError as exc:
                raise from_socket(exc)

    async def run(self):
        """Keep the session, report to the receivers; returns only by raising: what has ended it."""
        reports = asyncio.create_task(self._report())
        try:
            await self._client.keep_alive()
        finally:
            reports.cancel()

    async def _report(self):
        try:
            while True:
                now = ticks_ms()
                for source in (self._picture, self._sound):
                    if source and source.packets:
                        await self._send(source.channel + 1, source.report(now, source.timestamp(now)), None)
                await asyncio.sleep_ms(_REPORT_MS)
        except KioskError as exc:
            self._client.fault = exc

    async def close(self):
        """End what is published, if the server still listens, and hang up."""
        try:
            if self._is_recording and not self._client.fault and not self._fails:
                self._is_recording = False
                await asyncio.wait_for_ms(self._client.request("TEARDOWN", self._client.address.text), _TEARDOWN_MS)
        except (KioskError, asyncio.TimeoutError):
            self._fails = True  # it need not have the last word
        finally:
            self.abandon()

    def abandon(self):
        """Hang up at once."""
        self._client.close()
        for sock, _ in self._sockets.values():
            sock.close()
        self._sockets.clear()

    # A picture; see kiosk/camera.

    def begin(self, at_ms):
        """A frame begins."""
        self._packets.begin(at_ms)

    async def write(self, view):
        """Some of it.  bool: whether more of it is of use."""
        return await self._packets.write(view)

    async def end(self, is_whole):
        """It is over."""
        if await self._packets.end(is_whole):
            self.frames += 1
        elif is_whole and not self._packets.fault:
            self.dropped += 1

    @property
    def is_connected(self):
        """bool: whether there is, or was, a connection."""
        return self._client.stream is not None

    def may_try_again(self, exc):
        """bool: whether another try after this KioskError may have another outcome."""
        return exc.args[0] != "oom"

    def is_failing(self, exc):
        """Whether the connection is over; if `exc` is a KioskError of the network, it is now."""
        if isinstance(exc, KioskError) and exc.args[0] == "network":
            self._client.fault = self._client.fault or exc
        return self._client.fault is not None

    @property
    def fault(self):
        """str: why the pictures cannot be sent; "" where they can."""
        return self._packets.fault if self._packets else ""

    @property
    def size(self):
        """(width, height) of the pictures."""
        return self._packets.size if self._packets else (0, 0)

    @property
    def picture_bytes(self):
        """int: of the pictures, so far."""
        return self._picture.octets if self._picture else 0

    @property
    def sound_bytes(self):
        """int: of the sound, so far."""
        return self._sound.octets if self._sound else 0

    async def _send_picture(self, view):
        try:
            return await self._send(self._picture.channel, view, _PATIENCE_MS)
        except KioskError as exc:
            self._client.fault = exc  # run() raises it: the camera has no use for it
            return False

    # Sound.

    async def sound(self, view, at_ms):
        """A packet of int16 (memoryview, `block` bytes) that was heard until at_ms (ticks_ms)."""
        count = len(view) // 2
        body = memoryview(self._buffer)[rtp.HEAD :]
        (g711.to_mu if self._is_low else g711.swap)(body, view, count)
        size = rtp.HEAD + (count if self._is_low else 2 * count)
        timestamp = self._sound.timestamp(at_ms) - count & 0xFFFFFFFF
        if self._next is not None and abs(timestamp - self._next) < self.rate_hz * _DRIFT_MS // 1000:
            timestamp = self._next  # what was heard in one go has no gaps, whenever the loop came to it
        self._next = timestamp + count & 0xFFFFFFFF
        self._sound.pack(self._buffer, size, timestamp, False)
        await self._send(self._sound.channel, memoryview(self._buffer)[:size], None)

    async def _send(self, channel, view, patience_ms):
        if not self._sockets:
            return await self._client.out.send(view, patience_ms)
        try:
            self._sockets[channel][0].send(memoryview(view)[rtp.FRAMING :])
        except OSError as exc:
            if exc.errno not in (11, 12, 105, 111):  # full for now; nobody listens yet
                raise from_socket(exc)
        return True

    async def _heard(self, channel, packet):
        source = self._picture or self._sound
        found = rtp.heard(packet, source.ssrc)
        if found:
            self.jitter_ms = found[1] * 1000 // source.rate_hz


def _datagrams():
    # (socket, its port): one that the system has chosen.
    try:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    except OSError as exc:
        raise from_socket(exc)
    port = 20000
    while port < 20200:
        try:
            sock.setblocking(False)
            sock.bind(socket.getaddrinfo("0.0.0.0", port, 0, socket.SOCK_DGRAM)[0][-1])
            return sock, port
        except OSError:
            port += 1
    sock.close()
    raise failed("ADDRESS_IN_USE")
