"""Pictures

A photograph of 5 MB, with 50 KB of Exif and 128 KB of a profile before its size: what wx.getImageInfo reads of it.  What
wx.compressImage holds of the heap is that of its decoder and its encoder (`state_bytes`).
"""

import json
import subprocess
from pathlib import Path

from host_tools.paths import ROOT, unix_image
from tests.bench.table import Row
from tests.system.images import mixfiles

_LIMIT_BYTES = 8192
_MEASURE = ROOT / "tests" / "system" / "images" / "decode.py"
_HELD = """
import images, io
file = open({path!r}, "rb")
decoder = images.Decoder("jpeg", file, None, {width}, {height}, 3)
encoder = images.Encoder(io.BytesIO(), {width}, {height}, 80)
decoder.row(bytearray(3 * {width}))
print(decoder.state_bytes, encoder.state_bytes)
"""


def rows(scratch: Path):
    """The figures of this bench."""
    path = scratch / "large.jpg"
    path.write_bytes(mixfiles.large(6))
    job = json.dumps({"path": str(path), "measure": True}) + "\n"
    answer = json.loads(_run([_MEASURE], job))
    what = f"unix32: getImageInfo of a JPEG of {path.stat().st_size:,} bytes, read of it"
    yield Row(what, answer["read"], "bytes", _LIMIT_BYTES)
    path.write_bytes(mixfiles.photo(1600, 1200))
    for width, height in ((320, 240), (800, 600), (1600, 1200)):
        decoder, encoder = map(int, _run(["-c", _HELD.format(path=str(path), width=width, height=height)]).split())
        what = f"unix32: compressImage of a JPEG of 1600x1200 as {width}x{height}, heap held"
        yield Row(what, decoder + encoder, "bytes", peer=f"{decoder:,} by the decoder, {encoder:,} by the encoder")


def _run(arguments, said="") -> str:
    command = [unix_image(32), "-X", "heapsize=1m", *arguments]
    return subprocess.run(command, input=said, capture_output=True, text=True, cwd=ROOT, check=True).stdout
