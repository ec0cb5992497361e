"""
A DNS client that does not hold up the loop: one question, A or AAAA, to the board's name servers over UDP (RFC 1035).

Touches the network through datagram.  Raises KioskError "network": NAME_NOT_RESOLVED when the name does not exist,
DNS_TIMED_OUT when nobody answers, DNS_MALFORMED_RESPONSE when what comes cannot be read.  It has no time limit of its own
beyond its tries: whoever asks is cancelled when its time is up.
"""

import asyncio
import random
import struct

from kiosk.net.datagram import exchange
from kiosk.net.reasons import failed

A = 1
AAAA = 28
_CNAME = const(5)
_IN = const(1)
_TRY_MS = const(1500)
_TRIES = const(3)  # for each server
_ANSWER_BYTES = const(512)
_TTL_MAX_S = const(300)  # a kiosk runs for a year: what is cached must not outlive a move of the server for long


async def ask(name, kind, servers):
    """Return ([address as text], ttl in s) for `name`; `servers` is a list of (IP as text, port)."""
    if not servers:
        raise failed("NAME_NOT_RESOLVED")
    identity = random.getrandbits(16)
    question = _question(name, kind)
    packet = struct.pack("!HHHHHH", identity, 0x0100, 1, 0, 0, 0) + question

    def accept(answer):
        return len(answer) >= 12 and _belongs(answer, identity, question)

    for _ in range(_TRIES):
        for server in servers:
            try:
                answer = await asyncio.wait_for_ms(exchange(server, packet, accept, _ANSWER_BYTES), _TRY_MS)
            except asyncio.TimeoutError:
                continue
            return _read(answer, len(question), kind)
    raise failed("DNS_TIMED_OUT")


def _question(name, kind):
    parts = []
    for label in name.rstrip(".").split("."):
        data = label.encode()
        if not 0 < len(data) < 64 or len(data) != len(label):
            raise failed("NAME_NOT_RESOLVED")  # empty, too long, or not in ASCII
        parts.append(bytes((len(data),)) + data)
    question = b"".join(parts) + b"\0" + struct.pack("!HH", kind, _IN)
    if len(question) > 259:
        raise failed("NAME_NOT_RESOLVED")
    return question


def _belongs(answer, identity, question):
    # Names are compared without case: a server may answer in another one than was asked.
    same = answer[12 : 12 + len(question)].lower() == question.lower()
    return same and struct.unpack_from("!H", answer)[0] == identity and answer[2] & 0x80


def _read(answer, question_bytes, kind):
    code, count = answer[3] & 15, struct.unpack_from("!H", answer, 6)[0]
    if code == 3 or (code == 0 and not count):
        return [], 0
    if code:
        raise failed("NAME_NOT_RESOLVED")
    addresses, ttl = [], _TTL_MAX_S
    try:
        position = 12 + question_bytes
        for _ in range(count):
            position = _past_name(answer, position)
            found, _, record_ttl, size = struct.unpack_from("!HHIH", answer, position)
            position += 10
            if position + size > len(answer):
                raise ValueError
            if found == kind:
                addresses.append(_address_text(answer[position : position + size], kind))
            if found in (kind, _CNAME):
                ttl = min(ttl, record_ttl)
            position += size
    except (ValueError, IndexError):
        if not addresses:  # a reply cut off after the first addresses has what is needed
            raise failed("DNS_MALFORMED_RESPONSE")
    return addresses, ttl


def _past_name(answer, position):
    # Only skips: where a name points to does not matter, so no pointer can lead in circles.
    while True:
        length = answer[position]
        if length >= 0xC0:
            return position + 2
        position += 1 + length
        if not length:
            return position


def _address_text(data, kind):
    if len(data) != (4 if kind == A else 16):
        raise ValueError
    if kind == A:
        return "%d.%d.%d.%d" % tuple(data)
    return ":".join(["%x" % part for part in struct.unpack("!8H", data)])
