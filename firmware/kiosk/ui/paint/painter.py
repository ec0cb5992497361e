"""
What is painted anew, and in which strips: no frame is kept, so each part of the screen is drawn whenever it changes.

An item has `box`, (x, y, width, height) on the screen, and `draw(surface)`.  Items are drawn in their order, the later over the earlier.

    painter = Painter()
    painter.damage.add(0, 0, display.width, display.height)
    painter.paint(display, items)

Two strips are held: one is drawn while the other goes out, where the display has a sender.  A refresh takes as long as the bytes of what is
painted (20 ms for 320x240 at 62.5 MHz) or as the drawing, whichever is more; steps() lets others run meanwhile.
"""

from time import ticks_diff, ticks_ms

from kiosk.ui.paint.surface import Surface

_STRIP_BYTES = const(5120)  # 8 rows of 320 pixels; two of them are 10 KB of heap
_MOST_BOXES = const(8)
_BAND_STRIPS = const(6)
_WINDOW_PIXELS = const(1200)  # what opening a window costs, as pixels that could have been sent meanwhile


class Damage:
    """The parts of the screen that are out of date: at most eight rectangles, [left, top, right, bottom].

    Two become one where sending both would cost as much as sending what encloses them; beyond eight, those whose union wastes least do.
    """

    def __init__(self):
        self.boxes = []

    def add(self, x: int, y: int, width: int, height: int) -> None:
        """A rectangle is out of date."""
        if width < 1 or height < 1:
            return
        new = [x, y, x + width, y + height]
        boxes = self.boxes
        merged = True
        while merged:  # what has grown may swallow another
            merged = False
            for box in boxes:
                if _waste(box, new) <= _WINDOW_PIXELS:
                    boxes.remove(box)
                    _enclose(new, box)
                    merged = True
                    break
        boxes.append(new)
        if len(boxes) > _MOST_BOXES:
            self._merge_cheapest()

    def bounds(self):
        """(x, y, width, height) of what encloses all that is out of date, which must be something."""
        left, top, right, bottom = self.boxes[0]
        for box in self.boxes:
            left, top, right, bottom = min(left, box[0]), min(top, box[1]), max(right, box[2]), max(bottom, box[3])
        return left, top, right - left, bottom - top

    def _merge_cheapest(self):
        boxes = self.boxes
        least = None
        for index, one in enumerate(boxes):
            for other in boxes[:index]:
                waste = _waste(one, other)
                if least is None or waste < least:
                    least, first, second = waste, one, other
        boxes.remove(second)
        _enclose(first, second)

    def take(self, width: int, height: int):
        """List of (x, y, width, height): what is out of date on a screen of this size; nothing is, afterwards."""
        found = []
        for left, top, right, bottom in self.boxes:
            left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
            if left < right and top < bottom:
                found.append((left, top, right - left, bottom - top))
        self.boxes.clear()
        return found


def _waste(one, other):
    """Pixels that two rectangles have not, and what encloses them has; negative where they lie over each other."""
    width = max(one[2], other[2]) - min(one[0], other[0])
    height = max(one[3], other[3]) - min(one[1], other[1])
    return width * height - (one[2] - one[0]) * (one[3] - one[1]) - (other[2] - other[0]) * (other[3] - other[1])


def _enclose(box, other):
    box[0] = min(box[0], other[0])
    box[1] = min(box[1], other[1])
    box[2] = max(box[2], other[2])
    box[3] = max(box[3], other[3])


class Painter:
    """
    background: colour where no item is, 0xRRGGBB.  damage: what paint() is to paint.  is_stale: set where the items are others
    than when steps() asked for them.  turn_ms: how long it paints before others may run.
    """

    turn_ms = 24

    def __init__(self, background: int = 0xFFFFFF, strip_bytes: int = _STRIP_BYTES):
        self.background = background
        self.damage = Damage()
        self.is_stale = False
        self._strips = (Surface(strip_bytes), Surface(strip_bytes))
        self._strip_pixels = strip_bytes // 2

    def paint(self, display, items) -> int:
        """Paint what is out of date; returns how many pixels that were.  What an item or the display raises goes on, and all is out of date."""
        painted = 0
        try:
            for x, y, width, height in self.damage.take(display.width, display.height):
                self._paint(display, items, x, y, width, height)
                painted += width * height
        except BaseException:
            self.damage.add(0, 0, display.width, display.height)
            raise
        return painted

    def steps(self, display, items_in):
        """
        paint() for who has more to do: a generator that yields after each `turn_ms`, with no window open.

        items_in(area) is asked for the items in (x, y, width, height), and again after a yield if they are stale: what has been
        painted by then stays, and whoever has changed it has added that to the damage.
        """
        if not self.damage.boxes:
            return
        area = self.damage.bounds()
        items = None
        begun = ticks_ms()
        try:
            for x, y, width, height in self.damage.take(display.width, display.height):
                bottom = y + height
                while y < bottom:
                    if items is None or self.is_stale:
                        is_first = items is None
                        self.is_stale = False
                        items = items_in(area)
                        if is_first and self.turn_ms and ticks_diff(ticks_ms(), begun) >= self.turn_ms // 2:
                            yield  # a long list takes as long to look through as some strips to draw
                            begun = ticks_ms()
                            continue
                    y = self._paint(display, items, x, y, width, bottom - y, begun)
                    if ticks_diff(ticks_ms(), begun) >= self.turn_ms:
                        yield
                        begun = ticks_ms()
        except BaseException:
            self.damage.add(0, 0, display.width, display.height)
            raise

    def _paint(self, display, items, x, y, width, height, begun=None):
        """Paint a rectangle, or as much of it as may be done in a turn that began at `begun`; return where the rest of it begins."""
        if width > self._strip_pixels:
            raise ValueError("a strip of %d pixels holds no row of %d" % (self._strip_pixels, width))
        right = x + width
        rows = self._strip_pixels // width
        one, other = self._strips
        bottom = y + height
        band = y
        display.begin(x, y, width, height)
        try:
            while y < bottom:
                if y >= band:  # what is seen of some strips is chosen at once
                    band = y + rows * _BAND_STRIPS
                    seen = []
                    for item in items:
                        left, upper, across, down = item.box
                        if upper < band and upper + down > y and left < right and left + across > x:
                            seen.append((upper, upper + down, item))
                count = min(rows, bottom - y)
                end = y + count
                one.aim(x, y, width, count)
                one.fill_rect(x, y, width, count, self.background)
                for upper, lower, item in seen:
                    if upper < end and lower > y:
                        item.draw(one)
                display.write(one.pixels())
                y = end
                one, other = other, one
                if begun is not None and ticks_diff(ticks_ms(), begun) >= self.turn_ms:
                    break
        finally:
            display.end()
        return y
