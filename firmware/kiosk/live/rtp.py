"""
RTP and RTCP: heads of packets, reports of senders and receivers.  Touches the clock.

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


def payload(view):
    """(sequence, whether the mark is set, timestamp (bytes), payload) of a packet (memoryview; RFC 3550, 5.1); None for what is none."""
    if len(view) < 12 or view[0] >> 6 != 2:
        return None
    at, end = 12 + 4 * (view[0] & 15), len(view)
    if view[0] & 0x10:
        if at + 4 > end:
            return None
        at += 4 + 4 * (view[at + 2] << 8 | view[at + 3])
    if view[0] & 0x20:
        end -= view[end - 1]
    if at > end:
        return None
    return view[2] << 8 | view[3], view[1] >> 7, bytes(view[4:8]), view[at:end]


class Reception:
    """One stream of packets that comes, and what a receiver says of it (RFC 3550, A.3, A.8).  channel: of RTSP's.

    octets (int): of payload, so far; lost (int): packets that are missing; jitter (int): in ticks of its clock.
    """

    def __init__(self, rate_hz, channel):
        self.rate_hz = rate_hz
        self.channel = channel
        self.octets = self.jitter = 0
        self._ssrc = None
        self._own = struct.unpack("<I", os.urandom(4))[0]

    def take(self, view, found):
        """Count a packet of which `found` is the payload()."""
        sequence, _, timestamp, data = found
        self.octets += len(data)
        ssrc = bytes(view[8:12])
        if ssrc != self._ssrc:
            self._ssrc = ssrc
            self._first = self._highest = sequence
            self._count = self._told = self._told_count = 0
            self._transit = None
        self._count += 1
        ahead = sequence - self._highest & 0xFFFF
        if ahead < 0x8000:
            self._highest += ahead
        ticks = struct.unpack(">I", timestamp)[0] & 0xFFFFFF
        transit = ticks_ms() % 100000 * self.rate_hz // 1000 - ticks & 0xFFFFFF
        if self._transit is not None:
            changed = abs((transit - self._transit + 0x800000 & 0xFFFFFF) - 0x800000)
            if changed < self.rate_hz:  # else a clock has begun anew
                self.jitter += (changed - self.jitter) // 16
        self._transit = transit

    @property
    def lost(self):
        """See above."""
        return max(0, self._highest - self._first + 1 - self._count) if self._ssrc else 0

    def report(self):
        """bytearray: a receiver report with RTSP's framing, or None before the first packet."""
        if self._ssrc is None:
            return None
        expected = self._highest - self._first + 1
        missing = expected - self._told - (self._count - self._told_count)
        fraction = max(0, missing) * 256 // max(1, expected - self._told)
        self._told, self._told_count = expected, self._count
        data = bytearray(FRAMING + 32 + 16)
        struct.pack_into(
            ">BBHBBHI", data, 0, 36, self.channel + 1, len(data) - FRAMING, 129, 201, 7, self._own
        )  # fmt: skip
        data[12:16] = self._ssrc
        struct.pack_into(
            ">IIIII", data, 16, min(fraction, 255) << 24 | min(self.lost, 0x7FFFFF), self._highest & 0xFFFFFFFF, self.jitter, 0, 0
        )  # fmt: skip
        struct.pack_into(">BBHIBB", data, 36, 129, 202, 3, self._own, 1, 5)
        data[46:52] = _NAME[:6]
        return data
