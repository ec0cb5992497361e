"""
Paints a DisplayList on a strip of the screen.  While a canvas is painted this holds 9 KB, and another strip where clearRect() is used.

A shape is done in bands of as many rows as the sums have room for; a band's work is bounded by what of the shape's box lies in it.
"""

import gc
from array import array

from kiosk.ui.canvas import coverage
from kiosk.ui.canvas.displaylist import CLEAR, TEXT

_CELLS = const(1300)
_KERNEL = (-2, -1, 0, 1, 2)
_scratch = None


class _Scratch:
    def __init__(self):
        self.sums = array("i", bytes(4 * _CELLS))
        self.covers = bytearray(_CELLS)
        self.mask = bytearray(_CELLS)
        self.state = array("i", bytes(4 * 28))
        self.colors = None
        self.before = None


def release() -> None:
    """Give back what painting holds: no canvas is shown any longer."""
    global _scratch
    _scratch = None


def draw(shapes, surface, x: int, y: int) -> None:
    """Paint a DisplayList's shapes on a Surface, the canvas's corner at (x, y)."""
    global _scratch
    if _scratch is None:
        gc.collect()  # so that it lies low, and leaves the 32 KB in one piece that a PNG wants
        _scratch = _Scratch()
    clip = surface.clip(x, y, shapes.width, shapes.height)
    try:
        left, top, right, bottom = surface.clipped()
        if left >= right or top >= bottom:
            return
        window = left - x, top - y, right - x, bottom - y
        if any(shape[0] == CLEAR for shape in shapes.shapes):
            if _scratch.before is None or len(_scratch.before) != len(surface.buffer):
                _scratch.before = bytearray(len(surface.buffer))
            _scratch.before[:] = surface.buffer
        for shape in shapes.shapes:
            box = _common(shape[1], window)
            if box[0] < box[2] and box[1] < box[3]:
                if shape[0] == TEXT:
                    _text(shape, box, surface, x, y)
                    continue
                try:
                    _fill(shape, box, surface, x, y)
                except MemoryError:  # once more, with what the other pictures are decoded with
                    rest(shapes)
                    gc.collect()
                    _fill(shape, box, surface, x, y)
    finally:
        surface.unclip(clip)


def rest(shapes) -> None:
    """Give back what decoding the pictures of a DisplayList holds: the screen has been painted."""
    for shape in shapes.shapes:
        rest_one = getattr(shape[3], "rest", None)  # of a text it is a face
        if rest_one:
            rest_one()


def _common(one, other):
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _text(shape, box, surface, x, y):
    _, _, text, face, color, alpha, left, top = shape
    clip = surface.clip(box[0] + x, box[1] + y, box[2] - box[0], box[3] - box[1])
    try:
        surface.text(left + x, top + y, text, face, color, alpha)
    finally:
        surface.unclip(clip)


def _fill(shape, box, surface, x, y):
    kind, _, edges, paint, opacity, clips, blur = shape
    for clip, _ in clips:
        box = _common(box, clip)
    left, top, right, bottom = box
    if left >= right:
        return
    state = _scratch.state
    stride = right - left + 1
    rows = _CELLS // stride
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
        _paint(kind, paint, surface, stride)
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


def _paint(kind, paint, surface, stride):
    state, covers = _scratch.state, _scratch.covers
    if isinstance(paint, int):
        state[10] = (paint << 16 | paint) & 0x7E0F81F
        coverage.solid(surface.buffer, covers, state)
        return
    if kind != CLEAR and (_scratch.colors is None or len(_scratch.colors) < stride):
        _scratch.colors = array("i", bytes(4 * stride))
    left, top, bottom = state[1], state[2], state[4]
    for row in range(bottom - top):
        state[20] = row * stride
        if kind == CLEAR:
            coverage.restore(surface.buffer, covers, _scratch.before, state)
        else:
            paint.row(_scratch.colors, state, left, top + row)
            state[20] = row * stride
            state[21] = 0
            coverage.blend(surface.buffer, covers, _scratch.colors, state)
        state[8] += surface.width
