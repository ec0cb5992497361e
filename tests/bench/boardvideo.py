"""Video on the emulated RP2040

An AVI of a moving picture with 8 kHz sound, played from the flash in a box of its own size: what is decoded and painted of its
pictures, the rest is left out.  Gaps: how often the speaker's line had nothing to play.
"""

from pathlib import Path

from PIL import Image

from tests.bench.table import Row
from tests.system.video.boardfilm import play
from tests.system.video.films import film

_SECONDS = 2


def rows(scratch: Path):
    """The figures of this bench."""
    for size, fps in (((160, 120), 25), ((320, 240), 10)):
        folder = scratch / f"video{size[0]}"
        folder.mkdir()
        content = film(folder, _SECONDS, fps, size, paint=lambda number, size=size: _picture(number, size))
        played = play(folder, content, f"width:{size[0]}px;height:{size[1]}px")
        what = f"emulated RP2040: video of {size[0]}x{size[1]} with 8 kHz sound"
        beside = f"{played.shown} of {_SECONDS * fps} shown; {len(content) // _SECONDS // 1024} KB a second"
        yield Row(f"{what}, pictures a second", played.shown / _SECONDS, "a second", peer=beside)
        yield Row(f"{what}, gaps in the sound", played.underruns, "gaps", 0)


def _picture(number: int, size: tuple) -> Image.Image:
    """Gradients that turn, as boardimages.py has them: about what a photo costs."""
    turned = [Image.linear_gradient("L").rotate(9 * number), Image.radial_gradient("L"), Image.linear_gradient("L")]
    return Image.merge("RGB", turned).resize(size, Image.Resampling.BICUBIC)
