"""
Paints shapes on a strip of the screen: what edges cover, in a color or with a paint (paints.py).  While that is done this holds 9 KB,
or what a heap in small pieces has, down to 6 bytes for each pixel of a row.

A shape is done in bands of as many rows as the sums have room for; a band's work is bounded by what of the shape's box lies in it.
"""

import gc
from array import array

from kiosk.ui.canvas import coverage

_CELLS = const(1300)  # four rows of a screen of 320 px
_KERNEL = (-2, -1, 0, 1, 2)
_scratch = None


class _Scratch:
    def __init__(self, cells):
        self.cells = cells
        self.sums = array("i", bytes(4 * cells))
        self.covers = bytearray(cells)
        self.mask = bytearray(cells)
        self.state = array("i", bytes(4 * 28))
        self.colors = None
        self.before = None


def release() -> None:
    """Give back what painting holds: no shape is shown any longer."""
    global _scratch
    _scratch = None


def prepare(width: int) -> None:
    """Have what painting on a strip of `width` px holds (MemoryError: not even what a row takes)."""
    global _scratch
    least = width + 1
    if _scratch is None or _scratch.cells < least:
        _scratch = None
        gc.collect()  # so that it lies low, and leaves the 32 KB in one piece that a PNG wants
        cells = max(_CELLS, least)
        while _scratch is None:
            try:
                _scratch = _Scratch(cells)
            except MemoryError:  # a page late in a mini-program: slower is better than not painted
                if cells == least:
                    raise
                cells = max(cells // 2, least)


def keep(surface) -> None:
    """What is in the strip now is what a shape without a paint puts back."""
    if _scratch.before is None or len(_scratch.before) != len(surface.buffer):
        _scratch.before = bytearray(len(surface.buffer))
    _scratch.before[:] = surface.buffer


def common(one, other):
    """What two (left, top, right, bottom) have in common; nothing where left is not less than right, or top than bottom."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def fill(shape, box, surface, x, y):
    """Paint a shape, as displaylist.py has it, as far as it is in `box`, whose (0, 0) is at (x, y) of the screen.

    All of the box has to be in the strip.
    """
    _, _, edges, paint, opacity, clips, blur = shape
    for clip, _ in clips:
        box = common(box, clip)
    left, top, right, bottom = box
    if left >= right:
        return
    state = _scratch.state
    stride = right - left + 1
    rows = _scratch.cells // stride
    state[1] = left
    state[3] = right
    state[5] = stride
    state[9] = surface.width
    state[11] = opacity
    while top < bottom:
        last = min(top + rows, bottom)
        state[2] = top
        state[4] = last
        state[8] = (top + y - surface.top) * surface.width + left + x - surface.left
        state[12] = 0
        for _, data in clips:
            _cover(data, 0, _scratch.mask)
            state[12] = 1
        _cover(edges, blur, _scratch.covers)
        _paint(paint, surface, stride)
        top = last


def _cover(edges, blur, covers):
    """What edges cover of the window, in `covers`."""
    state, sums = _scratch.state, _scratch.sums
    state[0] = len(edges) // 4
    for dy in _KERNEL if blur else (0,):
        for dx in _KERNEL if blur else (0,):
            state[6] = 16384 + dx * blur
            state[7] = 16384 + dy * blur
            coverage.accumulate(sums, edges, state)
    state[13] = 25 if blur else 1
    coverage.cover(sums, covers, _scratch.mask, state)


def _paint(paint, surface, stride):
    state, covers = _scratch.state, _scratch.covers
    if isinstance(paint, int):
        state[10] = (paint << 16 | paint) & 0x7E0F81F
        coverage.solid(surface.buffer, covers, state)
        return
    if paint and (_scratch.colors is None or len(_scratch.colors) < stride):
        _scratch.colors = array("i", bytes(4 * stride))
    left, top, bottom = state[1], state[2], state[4]
    for row in range(bottom - top):
        state[20] = row * stride
        if paint is None:
            coverage.restore(surface.buffer, covers, _scratch.before, state)
        else:
            paint.row(_scratch.colors, state, left, top + row)
            state[20] = row * stride
            state[21] = 0
            coverage.blend(surface.buffer, covers, _scratch.colors, state)
        state[8] += surface.width
