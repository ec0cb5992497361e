"""SDP as servers write it, and as nobody should; what a receiver reports of the packets that came."""

import random
import struct

from kiosk.errors import KioskError
from kiosk.live import rtp, sdp

_BASE = "rtsp://server/live"
# As GStreamer 1.22 and ffmpeg describe such streams.
_SDP = b"""v=0\r
o=- 1188340656180883 1 IN IP4 127.0.0.1\r
s=Session streamed with GStreamer\r
t=0 0\r
a=control:*\r
m=video 0 RTP/AVP 26\r
c=IN IP4 0.0.0.0\r
b=AS:96\r
a=framerate:10\r
a=control:stream=0\r
m=audio 0 RTP/AVP 97 98\r
a=rtpmap:98 opus/48000/2\r
a=rtpmap:97 L16/16000/1\r
a=control:rtsp://server/live/stream=1\r
m=application 0 RTP/AVP 107\r
"""


def _seen(found):
    return [(one.kind, one.number, one.name, one.rate_hz, one.channels, one.control) for one in found]


async def test_what_there_is_to_play():
    whole, found = sdp.parse(_SDP, _BASE)
    assert whole == _BASE and _seen(found) == [
        ("video", 26, "JPEG", 90000, 1, _BASE + "/stream=0"),
        ("audio", 97, "L16", 16000, 1, _BASE + "/stream=1"),
        ("application", 107, "", 0, 1, _BASE),
    ]
    whole, found = sdp.parse(b"v=0\na=control:rtsp://other/x/\nm=audio 0 RTP/AVP 0\na=control:t\n", _BASE)
    assert whole == "rtsp://other/x/" and _seen(found) == [("audio", 0, "PCMU", 8000, 1, "rtsp://other/x/t")]


async def test_what_is_none():
    for body in (b"", b"<html>", b"v=1\r\n", b"v=0\nm=video\n", b"v=0\nm=video 0 RTP/AVP x\n", b"v=0\n\xff\xff",
                 b"v=0\nm=a 0 R 96\na=rtpmap:96 L16/x\n", b"v=0\nm=a 0 R 96\na=rtpmap:96 L16\n", b"v=0\n" + b"a=x\n" * 300):  # fmt: skip
        try:
            sdp.parse(body, _BASE)
            raise AssertionError(body[:40])
        except KioskError as exc:
            assert "INVALID_RESPONSE" in exc.reason


async def test_mutations_do_no_harm():
    random.seed(5)
    for _ in range(300):
        data = bytearray(_SDP)
        for _ in range(random.randrange(1, 6)):
            at = random.randrange(len(data))
            if random.getrandbits(1):
                data[at] = random.getrandbits(8)
            else:
                data[at : at + random.randrange(20)] = b""
        try:
            _, found = sdp.parse(bytes(data), _BASE)
            assert len(found) < 8
        except KioskError as exc:
            assert "INVALID_RESPONSE" in exc.reason


def _take(reception, *numbers, ssrc=b"ssrc"):
    for number in numbers:
        packet = memoryview(struct.pack(">BBHI", 128, 26, number & 0xFFFF, number * 90) + ssrc + b"data")
        reception.take(packet, rtp.payload(packet))


async def test_a_report_says_what_is_missing():
    reception = rtp.Reception(90000, 2)
    assert reception.report() is None and reception.lost == 0
    _take(reception, 65534, 65535, 65536, 65539)
    assert reception.lost == 2 and reception.octets == 16
    data = bytes(reception.report())
    assert (
        data[:4] == struct.pack(">BBH", 36, 3, len(data) - 4)
        and data[4:8] == b"\x81\xc9\0\7"
        and data[12:16] == b"ssrc"
    )
    # RFC 3550, 6.4.1: a third of 256, two in all, the highest number with how often they went round.
    assert struct.unpack(">II", data[16:24]) == (85 << 24 | 2, 65539) and data[36:40] == b"\x81\xca\0\3"
    _take(reception, 65540, 65537)  # the second one late
    assert struct.unpack(">I", bytes(reception.report())[16:20])[0] == 1  # none of this time, one in all
    _take(reception, 7, ssrc=b"next")
    assert reception.lost == 0


async def test_jitter_is_that_of_the_clock():
    reception = rtp.Reception(1000, 0)
    for number in range(10):  # 10 ms each by their own clock, and at once by ours
        packet = memoryview(struct.pack(">BBHI", 128, 0, number, number * 10) + b"ssrc")
        reception.take(packet, rtp.payload(packet))
    assert reception.jitter == 0  # less than one of its sixteenths each time
    for number in range(10, 40):
        packet = memoryview(struct.pack(">BBHI", 128, 0, number, number * 100) + b"ssrc")
        reception.take(packet, rtp.payload(packet))
    assert 50 < reception.jitter <= 110
