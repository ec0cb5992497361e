"""Pictures on the emulated RP2040

Decoded from a file on the flash, row by row, as a page has them; cycles between marks, of which reading the flash and the
interrupts are a part.  The heap is what the decoder holds (`state_bytes`) when it is open.
"""

import io
from pathlib import Path

from PIL import Image

from host_tools.target import open_target
from tests.bench.board import cycles_text, run_script
from tests.bench.table import Row

_SHOWN = (320, 240)
_SIZES = ((320, 240), (640, 480))
_PATIENCE_S = 600
_DECODE = """
import gc, images, machine
for name in %r:
    gc.collect()
    with open(name, "rb") as file:
        decoder = images.Decoder(name.rpartition(".")[2], file, None, 320, 240)
        row = bytearray(320 * 2)
        machine.mem32[0x4006C000] = decoder.state_bytes
        for _ in range(240):
            decoder.row(row)
        machine.mem32[0x4006C000] = 1
        decoder.close()
"""
_COMPRESS = """
import gc, images, machine
gc.collect()
with open("/640.jpeg", "rb") as source, open("/small.jpeg", "wb") as file:
    decoder = images.Decoder("jpeg", source, None, 320, 240, 3)
    encoder = images.Encoder(file, 320, 240, 80)
    row = bytearray(320 * 3)
    machine.mem32[0x4006C000] = decoder.state_bytes + encoder.state_bytes
    for _ in range(240):
        decoder.row(row)
        encoder.row(row, 3)
    machine.mem32[0x4006C000] = 1
"""


def rows(scratch: Path):
    """The figures of this bench."""
    flash = scratch / "images.flash"
    cases = [(kind, size) for kind in ("png", "jpeg") for size in _SIZES]
    with open_target("virtual", flash=flash, warp=True) as target:
        for kind, size in cases:
            target.put(_name(kind, size), _picture(kind, size))
    board = run_script(
        _DECODE % ([_name(*case) for case in cases],), 2 * len(cases), flash=flash, patience_s=_PATIENCE_S
    )
    for (kind, size), start, end in zip(cases, board.marks[::2], board.marks[1::2]):
        taken = end.busy_cycles - start.busy_cycles
        what = f"emulated RP2040: {kind.upper()} of {size[0]}x{size[1]}, shown as 320x240, decoded"
        beside = f"{taken / (size[0] * size[1]):.0f} cycles a pixel of the file; {cycles_text(taken)}"
        yield Row(what, taken / (_SHOWN[0] * _SHOWN[1]), "cycles a pixel shown", peer=beside)
        yield Row(
            f"emulated RP2040: {kind.upper()} of {size[0]}x{size[1]}, heap held by its decoder", start.value, "bytes"
        )
    board = run_script(_COMPRESS, 2, flash=flash, patience_s=_PATIENCE_S)
    start, end = board.marks
    taken = end.busy_cycles - start.busy_cycles
    what = "emulated RP2040: JPEG of 640x480 compressed to one of 320x240"
    yield Row(what, taken / (_SHOWN[0] * _SHOWN[1]), "cycles a pixel made", peer=cycles_text(taken))
    yield Row(what + ", heap held", start.value, "bytes")


def _name(kind: str, size: tuple) -> str:
    return f"/{size[0]}.{kind}"


def _picture(kind: str, size: tuple) -> bytes:
    """Runs of colour with edges: what a photo costs to decode lies a bit above, an icon far below."""
    runs = [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L").rotate(90)]
    made = io.BytesIO()
    Image.merge("RGB", runs).resize(size, Image.Resampling.BICUBIC).save(made, kind.upper(), quality=85)
    return made.getvalue()
