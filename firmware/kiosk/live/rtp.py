"""
RTP and RTCP: heads of packets, sender reports, and what receivers say.  Touches the clock.

Source: RFC 3550.  A packet lies in its buffer behind the four bytes that it takes within RTSP (RFC 2326, 10.12): `$`,
channel, length; over UDP those are left away.
"""

import os
import struct
from time import gmtime, ticks_diff, ticks_ms, time

FRAMING = const(4)
HEAD = const(16)  # with the framing
_TO_1970 = const(2208988800)  # seconds from 1900, where NTP's time begins
_TO_2000 = const(946684800)
_REPORT = const(36)  # sender report and source description
_NAME = b"kiosk\0\0"  # CNAME, and the end of the list, filled up to 32 bits


def clock():
    """(seconds since 1900, ticks_ms) of one moment: what the reports of all sources of a session are about."""
    return time() + (_TO_2000 if gmtime(0)[0] == 2000 else 0) + _TO_1970, ticks_ms()


class Source:
    """One stream of packets that is sent.  kind: payload type; channel: of RTSP's, that of its reports is the next.

    packets, octets (int): of payload, so far.
    """

    def __init__(self, kind, rate_hz, channel, moment):
        self.rate_hz = rate_hz
        self.channel = channel
        self.packets = self.octets = 0
        self._kind = kind
        self._moment = moment
        seed = struct.unpack("<IHI", os.urandom(10))
        self.ssrc, self.sequence, self._first = seed[0], seed[1], seed[2]

    def timestamp(self, now_ms):
        """int: of a moment by ticks_ms(), on the clock of the packets."""
        return self._first + ticks_diff(now_ms, self._moment[1]) * self.rate_hz // 1000 & 0xFFFFFFFF

    def pack(self, buffer, size, timestamp, is_marked):
        """Write the head of a packet of `size` bytes (with its head) that lies in `buffer`, and count it."""
        struct.pack_into(
            ">BBHBBHII", buffer, 0, 36, self.channel, size - FRAMING, 128, self._kind | is_marked << 7,
            self.sequence, timestamp, self.ssrc,
        )  # fmt: skip
        self.sequence = self.sequence + 1 & 0xFFFF
        self.packets += 1
        self.octets += size - HEAD

    def report(self, now_ms, timestamp):
        """bytearray: a sender report: `timestamp` is that of `now_ms`."""
        data = bytearray(FRAMING + _REPORT + 8)
        passed = ticks_diff(now_ms, self._moment[1])
        seconds, ms = passed // 1000, passed % 1000
        struct.pack_into(
            ">BBHBBHIIIIII", data, 0, 36, self.channel + 1, len(data) - FRAMING, 128, 200, 6, self.ssrc,
            self._moment[0] + seconds & 0xFFFFFFFF, (ms << 32) // 1000, timestamp, self.packets & 0xFFFFFFFF,
            self.octets & 0xFFFFFFFF,
        )  # fmt: skip
        struct.pack_into(">BBHIBB", data, 32, 129, 202, 3, self.ssrc, 1, 5)
        data[42:48] = _NAME[:6]
        return data


def heard(packet, ssrc):
    """(lost of 256, jitter in ticks of the stream) of the newest report about a source, or None: there is none in it.

    packet: bytes-like, RTCP; nonsense in it is no error.
    """
    at, found = 0, None
    while at + 8 <= len(packet) and packet[at] >> 6 == 2:
        count, kind = packet[at] & 31, packet[at + 1]
        end = at + 4 * (struct.unpack_from(">H", packet, at + 2)[0] + 1)
        block = at + (8 if kind == 201 else 28)
        if kind in (200, 201):
            for _ in range(count):
                if block + 24 > min(end, len(packet)):
                    return found
                about, lost, _, jitter = struct.unpack_from(">IIII", packet, block)
                if about == ssrc:
                    found = lost >> 24, jitter
                block += 24
        at = end
    return found
