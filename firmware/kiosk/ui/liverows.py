"""
A moving picture, row by row straight to where an element is: RGB565 as displays take it, no frame of it is held.

    rows = LiveRows(component)
    if rows.begin(width, height):   # the picture's: it is cut about its middle where it is larger than the element, else it lies in the middle
        rows.put(view)              # whole rows, as they come

What lies over the element (children, layers) is painted over each row, in a strip of its own, and only there.  What else is
painted of the element, by its draw(), is seen until the next rows come.
"""

from kiosk.ui.paint.surface import Surface


class LiveRows:
    """component: of an element on a BoardScreen."""

    def __init__(self, component):
        self._component = component
        self._strip = None

    def begin(self, width: int, height: int) -> bool:
        """A picture begins at its top; whether any of it is seen."""
        component = self._component
        screen = component.view.screen
        found = component.is_shown() and screen.seen_of(component)
        self._at = None
        if not found:
            return False
        self._display, (x, y, across, down), (left, top, seen_width, seen_height), self._over = found
        x += (across - width) >> 1  # of the picture's corner
        y += (down - height) >> 1
        right = min(left + seen_width, x + width, self._display.width)
        self._bottom = min(top + seen_height, y + height, self._display.height)
        left, self._top = max(left, x, 0), max(top, y, 0)
        if left >= right or self._top >= self._bottom:
            return False
        self._left, self._count = left, right - left
        self._skip = 2 * (left - x)
        self._stride = 2 * width
        self._at = y
        return True

    def put(self, view) -> None:
        """The next rows (memoryview).  OSError of the display."""
        if self._at is None:
            return
        stride = self._stride
        first = self._at
        self._at += len(view) // stride
        top, bottom = max(first, self._top), min(self._at, self._bottom)
        if top >= bottom:
            return
        view = view[(top - first) * stride : (bottom - first) * stride]
        over = [item for item in self._over if _meets(item.box, self._left, top, self._count, bottom - top)]
        display = self._display
        if over:
            view = self._painted(view, top, bottom - top, over)
            stride = 2 * self._count
        display.begin(self._left, top, self._count, bottom - top)
        try:
            if stride == 2 * self._count:
                display.write(view)
            else:
                for at in range(self._skip, len(view), stride):
                    display.write(view[at : at + 2 * self._count])
        finally:
            display.end()

    def _painted(self, view, top, rows, over):
        size = 2 * self._count * rows
        strip = self._strip
        if strip is None or len(strip.buffer) < size:
            strip = self._strip = Surface(size)
        strip.aim(self._left, top, self._count, rows)
        pixels = strip.pixels()
        width = 2 * self._count
        for row in range(rows):
            at = row * self._stride + self._skip
            pixels[row * width : (row + 1) * width] = view[at : at + width]
        for item in over:
            item.draw(strip)
        return pixels


def _meets(box, x, y, width, height):
    return box[0] < x + width and box[1] < y + height and box[0] + box[2] > x and box[1] + box[3] > y
