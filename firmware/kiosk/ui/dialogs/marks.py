"""The marks of toasts and of the page after a crash: drawn of discs, whose edges are smooth; and pictures that are as small."""

from kiosk.ui.paint.surface import Surface

# Twelve places on a circle of radius 256, clockwise from the top.
_CIRCLE = (
    (0, -256), (128, -222), (222, -128), (256, 0), (222, 128), (128, 222),
    (0, 256), (-128, 222), (-222, 128), (-256, 0), (-222, -128), (-128, -222),
)  # fmt: skip
SPOKES = const(12)
_TICK = ((8, 24), (18, 34), (36, 12))  # in a square of 44
_CROSS = ((10, 10), (34, 34))
_OTHER = ((34, 10), (10, 34))


def _stroke(surface, x, y, places, side, color):
    """A line along places of a square of 44 px, shown `side` px large."""
    thick = max(side // 11, 2)
    half = thick // 2
    for (left, top), (right, bottom) in zip(places, places[1:]):
        steps = max(abs(right - left), abs(bottom - top))
        for step in range(steps + 1):
            at_x = x + (left * steps + (right - left) * step) * side // (44 * steps)
            at_y = y + (top * steps + (bottom - top) * step) * side // (44 * steps)
            surface.rounded_rect(at_x - half, at_y - half, thick, thick, half, color)


def draw_success(surface, x, y, side, color):
    """A tick in a square."""
    _stroke(surface, x, y, _TICK, side, color)


def draw_error(surface, x, y, side, color):
    """A cross in a square."""
    _stroke(surface, x, y, _CROSS, side, color)
    _stroke(surface, x, y, _OTHER, side, color)


def draw_loading(surface, x, y, side, color, turn):
    """Twelve dots in a square, the brightest at place `turn` of them."""
    reach = side * 2 // 5
    dot = max(side // 8, 3)
    for at in range(SPOKES):
        right, down = _CIRCLE[at]
        age = (turn - at) % SPOKES
        left, top = x + side // 2 + right * reach // 256 - dot // 2, y + side // 2 + down * reach // 256 - dot // 2
        surface.rounded_rect(left, top, dot, dot, dot // 2, color, 255 - age * 18)


class Picture:
    """
    A picture in an open file, which is closed, as Surface.image() paints it: in memory, side * side pixels over a background (0xRRGGBB).

    ValueError: it is none; MemoryError, OSError.
    """

    start = alpha = little = 0
    depth = 2
    palette = b""

    def __init__(self, file, side, background):
        from kiosk.ui.images import open_picture

        self.width = self.height = side
        picture = open_picture(file, None, side, side)
        try:
            surface = Surface(2 * side * side)
            surface.aim(0, 0, side, side)
            surface.fill_rect(0, 0, side, side, background)
            longer = max(picture.width, picture.height)
            width, height = picture.width * side // longer, picture.height * side // longer
            surface.image((side - width) // 2, (side - height) // 2, width, height, picture)
        finally:
            picture.close()
        self._pixels = memoryview(surface.buffer)

    def row(self, number):
        """memoryview: RGB565, the higher byte first."""
        at = 2 * number * self.width
        return self._pixels[at : at + 2 * self.width]
