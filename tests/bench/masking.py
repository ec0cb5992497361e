"""Masking on the emulated RP2040

One KB of a WebSocket message, as kiosk/net/websocket/octets.py does it before it is sent; the plain loop beside it.
"""

from pathlib import Path

from tests.bench.board import CYCLES_A_MS, run_script
from tests.bench.table import Row

_SCRIPT = """
import machine
from kiosk.net.websocket.octets import mask, plain_mask
data = bytearray(1024)
for function in (mask, plain_mask):
    function(data, 0, 1024, 0x12345678)
    machine.mem32[0x4006C000] = 1
    function(data, 0, 1024, 0x12345678)
    machine.mem32[0x4006C000] = 2
"""


def rows(_scratch: Path):
    """The figures of this bench."""
    marks = run_script(_SCRIPT, 4).marks
    native, plain = (end.busy_cycles - start.busy_cycles for start, end in zip(marks[::2], marks[1::2]))
    yield Row("emulated RP2040: masking of 1 KB of a WebSocket message", native / CYCLES_A_MS * 1000, "us", 60,
              peer=f"{native:,} cycles; plain loop: {plain:,}")  # fmt: skip
