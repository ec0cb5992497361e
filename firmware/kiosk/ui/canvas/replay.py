"""
Paints a DisplayList on a strip of the screen.  While a canvas is painted this holds 9 KB (filling.py), and another strip where
clearRect() is used.
"""

import gc

from kiosk.ui.canvas import filling
from kiosk.ui.canvas.displaylist import CLEAR, TEXT


def release() -> None:
    """Give back what painting holds: no canvas is shown any longer."""
    filling.release()


def draw(shapes, surface, x: int, y: int) -> None:
    """Paint a DisplayList's shapes on a Surface, the canvas's corner at (x, y)."""
    if surface.is_turned:
        from kiosk.ui.transformed import shapes as turned

        turned.draw(shapes, surface, x, y)
        return
    filling.prepare(surface.width)
    clip = surface.clip(x, y, shapes.width, shapes.height)
    try:
        left, top, right, bottom = surface.clipped()
        if left >= right or top >= bottom:
            return
        window = left - x, top - y, right - x, bottom - y
        if any(shape[0] == CLEAR for shape in shapes.shapes):
            filling.keep(surface)
        for shape in shapes.shapes:
            box = filling.common(shape[1], window)
            if box[0] < box[2] and box[1] < box[3]:
                if shape[0] == TEXT:
                    _text(shape, box, surface, x, y)
                    continue
                try:
                    filling.fill(shape, box, surface, x, y)
                except MemoryError:  # once more, with what the other pictures are decoded with
                    rest(shapes)
                    gc.collect()
                    filling.fill(shape, box, surface, x, y)
    finally:
        surface.unclip(clip)


def rest(shapes) -> None:
    """Give back what decoding the pictures of a DisplayList holds: the screen has been painted."""
    for shape in shapes.shapes:
        rest_one = getattr(shape[3], "rest", None)  # of a text it is a face
        if rest_one:
            rest_one()


def _text(shape, box, surface, x, y):
    _, _, text, face, color, alpha, left, top = shape
    clip = surface.clip(box[0] + x, box[1] + y, box[2] - box[0], box[3] - box[1])
    try:
        surface.text(left + x, top + y, text, face, color, alpha)
    finally:
        surface.unclip(clip)
