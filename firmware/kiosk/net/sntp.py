"""
The time of day from a time server (SNTP, RFC 4330).  Touches the network through datagram, and no clock.

Raises KioskError "network" when nobody gives a time that can be believed.
"""

import asyncio
import os
import struct
from time import ticks_diff, ticks_ms

from kiosk.errors import KioskError
from kiosk.net.datagram import exchange
from kiosk.net.reasons import failed
from kiosk.net.resolve import resolve_text

_TRY_MS = const(2000)
_BYTES = const(48)
_TO_1970 = const(2208988800)  # seconds from 1900, where NTP's time begins
_ERA = const(1 << 32)  # in 2036 its 32 bits begin anew
_FIRST_YEAR_S = 1704067200  # 2024: a server that says less has no time either


async def unix_time(servers):
    """(seconds since 1970, milliseconds of the second): as the first of `servers` that answers has it.

    servers: (name or IP, port) of each.
    """
    for server in servers:
        try:
            return await asyncio.wait_for_ms(_ask(server), _TRY_MS)
        except (asyncio.TimeoutError, KioskError):
            continue
    raise failed("NTP_TIMED_OUT")


async def _ask(server):
    # What is in the transmit timestamp comes back as the originate timestamp: random, only who got it can answer.
    cookie = os.urandom(8)
    address = (await resolve_text(server[0]))[0]
    asked = ticks_ms()
    packet = b"\x23" + bytes(39) + cookie  # version 4, client
    answer = await exchange((address, server[1]), packet, lambda answer: _believable(answer, cookie), 2 * _BYTES)
    took_ms = ticks_diff(ticks_ms(), asked)
    ms = (struct.unpack_from("!I", answer, 44)[0] * 1000 >> 32) + took_ms // 2
    return _unix_s(answer) + ms // 1000, ms % 1000


def _believable(answer, cookie):
    if len(answer) < _BYTES or answer[24:32] != cookie or answer[0] & 7 != 4 or answer[0] >> 6 == 3:
        return False
    return 0 < answer[1] < 16 and _unix_s(answer) >= _FIRST_YEAR_S


def _unix_s(answer):
    seconds = struct.unpack_from("!I", answer, 40)[0]
    return seconds - _TO_1970 if seconds >= 1 << 31 else seconds + _ERA - _TO_1970
