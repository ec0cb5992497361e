"""
MicroPython script: masking 16 KB of a WebSocket message, in viper and by the plain loop that stands in for it.

Prints one JSON line of microseconds a KB, the medians of rounds that take turns.
"""

import json
import time

from kiosk.net.websocket import octets

_ROUNDS = 31
_BYTES = 16384
_KEY = 0xA1B2C3D4
data = bytearray(_BYTES)


def taken_us(mask, times):
    start = time.ticks_us()
    for _ in range(times):
        mask(data, 0, _BYTES, _KEY)
    return time.ticks_diff(time.ticks_us(), start) / times / (_BYTES // 1024)


rounds = {"viper": [], "plain": []}
for _ in range(_ROUNDS):
    rounds["viper"].append(taken_us(octets.mask, 50))
    rounds["plain"].append(taken_us(octets.plain_mask, 1))
print(json.dumps({name: sorted(taken)[_ROUNDS // 2] for name, taken in rounds.items()}))
