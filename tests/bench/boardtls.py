"""TLS handshakes on the emulated RP2040

As wx.request makes them: over the Wi-Fi chip, the server's chain verified (root, authority, server), 10 ms a round trip.
Keys and nonces are random, so the figures differ by some per cent: medians of three.
"""

import statistics
from pathlib import Path
from typing import List, Tuple

import trustme

from host_tools.models.nina import Nina
from host_tools.virtual_board.nano import nina_wiring
from tests.bench.board import CYCLES_A_MS, run_script
from tests.bench.table import Row
from tests.servers import Authority
from tests.system.virtual.boards import CONNECT

_KEYS = (("ECDSA P-256", trustme.KeyType.ECDSA), ("RSA 2048", trustme.KeyType.RSA))
_ROUNDS = 3
_SCRIPT = """
import binascii, kiosk, machine
from kiosk.net import stream, trust, url
machine.RTC().datetime((2026, 11, 21, 0, 12, 0, 0, 0))
join()
with open("/ca/test.der", "wb") as file:
    file.write(binascii.unhexlify("%s"))
async def shake():
    link = await stream.connect(url.parse("https://127.0.0.1:%d/"), {})
    machine.mem32[0x4006C000] = 1
    await link.write(b"GET /close HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\n\\r\\n")
    machine.mem32[0x4006C000] = 2
    await link.fill()
    link.close()
async def measure():
    for _ in range(%d):
        await shake()
        await shake()
        trust.forget()
kiosk.run(measure())
"""


def rows(_scratch: Path):
    """The figures of this bench."""
    for name, key_type in _KEYS:
        full, resumed = _measure(key_type)
        yield Row(f"emulated RP2040: TLS handshake, {name}", full[0] / CYCLES_A_MS, "ms", peer=_cycles(full))
        yield Row(
            f"emulated RP2040: TLS handshake, {name}, resumed", resumed[0] / CYCLES_A_MS, "ms", peer=_cycles(resumed)
        )


def _cycles(taken: Tuple[float, float]) -> str:
    return f"{taken[0]:,.0f} cycles, {taken[1]:,.0f} of them busy"


def _measure(key_type) -> List[Tuple[float, float]]:
    """(cycles, busy cycles) of a full handshake and of a resumed one."""
    authority = Authority(key_type)
    server = authority.child(key_type).serve("127.0.0.1", key_type=key_type)
    server.server.patience_s = 120
    code = CONNECT + _SCRIPT % (authority.der.hex(), server.port, _ROUNDS)
    board = run_script(code, 4 * _ROUNDS, chips=[nina_wiring(Nina())], patience_s=300)
    authority.close()
    assert server.handshakes == [False, True] * _ROUNDS, server.handshakes
    taken = [
        (end.cycles - start.cycles, end.busy_cycles - start.busy_cycles)
        for start, end in zip(board.marks[::2], board.marks[1::2])
    ]
    return [tuple(statistics.median(part) for part in zip(*taken[first::2])) for first in (0, 1)]
