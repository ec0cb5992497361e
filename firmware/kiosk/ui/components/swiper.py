"""
<swiper>: shows some of its items, and slides to others: by a finger, by itself, by `current`.

Heap: some 700 bytes.  Only what is seen and what lies beside it is laid out, so of a thousand items all but three take no more than
their nodes do.  The items lie around the current one, and what slides is the swiper's `scroll`.
"""

import time

from kiosk.api import Result
from kiosk.ui.animation import eased
from kiosk.ui.components.component import Base
from kiosk.ui.items import rgb
from kiosk.ui.layout import hide
from kiosk.ui.ticks import Ticks

_INK = const(0x4D0000)  # black, 0.3
_ACTIVE = const(0xFF0000)
_DOT_PX = const(8)
_GAP_PX = const(16)  # from one dot to the next
_EASINGS = {"linear": "linear", "easeInCubic": "ease-in", "easeOutCubic": "ease-out", "easeInOutCubic": "ease-in-out"}
_LEAST_MS = const(50)
_FLICK_MS = const(250)  # a finger that is gone as soon as that has meant the next item


class Component(Base):
    """
    Attributes: current, autoplay, interval, duration, circular, vertical, indicator-dots, indicator-color, indicator-active-color,
    display-multiple-items, previous-margin, next-margin, easing-function, disable-touch.

    Events: change and animationfinish (current, currentItemId, source: "autoplay", "touch" or ""), transition (dx, dy).
    """

    def __init__(self, node, view):
        super().__init__(node, view)
        self._given = node.get("current")
        self._current = None  # number of the first item that is shown; None until the items are there
        self._offset = 0  # px that they have slid towards the next
        self._far = None  # (place, number) of an item that is slid to and not beside the current one
        self._grabbed = None  # (x or y, ticks_ms) where and when a finger has taken it, and the offset then
        self._source = ""
        self._sliding = Ticks()
        self._autoplay = Ticks()
        self._start_autoplay()

    # What it has.

    @property
    def draws_over(self):
        """Dots."""
        return self.flag("indicator-dots")

    def _items(self):
        return [child for child in self.node.children if child.tag != "#text"]

    def _is_vertical(self):
        return self.flag("vertical")

    def _shown(self, count):
        return max(1, min(int(self.number("display-multiple-items", 1, 1, 100)), count))

    def _is_circular(self, count):
        return self.flag("circular") and count > self._shown(count)

    def _number_at(self, place, count):
        """Number of the item so many places after the current one, or None."""
        if self._far and self._far[0] == place:
            return self._far[1]
        number = self._current + place
        if self._is_circular(count):
            return number % count
        return number if 0 <= number < count else None

    # Where they are.

    def lay_out(self, edges, width, height):
        """Lay out the items that are near."""
        items = self._items()
        count = len(items)
        height = 150 << 6 if height is None else height
        for child in self.node.children:
            hide(child)
        if not count:
            return height
        if self._current is None:
            self._current = self._valid(count)
        self._current = min(self._current, count - 1)
        is_down = self._is_vertical()
        before, after = max(0, self.length("previous-margin")), max(0, self.length("next-margin"))
        extent = height if is_down else width
        self._step = max(64, (extent - before - after) // self._shown(count))
        own_width, own_height = (width, self._step) if is_down else (self._step, height)
        layout = self.view.layout
        for number, place in self._near(count):
            item = items[number]
            if layout.styled(item).get("display") != "none":
                layout.box(item, own_width, own_height, own_width, own_height)
                along = before + place * self._step
                item.x, item.y = (edges[3], edges[0] + along) if is_down else (edges[3] + along, edges[0])
        return height

    def _near(self, count):
        """[(number, place)], each item once: those that are seen first, then those on the side to which they slide."""
        shown = self._shown(count)
        places = list(range(shown))
        beside = [shown, -1] if self._offset >= 0 else [-1, shown]
        if self.length("previous-margin") or self.length("next-margin"):
            beside += [shown + 1, -2]
        if self._far:
            beside.insert(0, self._far[0])
        found, seen = [], []
        for place in places + beside:
            number = self._number_at(place, count)
            if number is not None and number not in seen:
                seen.append(number)
                found.append((number, place))
        return found

    def _valid(self, count):
        """The number that `current` says, or the nearest there is."""
        return max(0, min(int(self.number("current", 0)), count - self._shown(count)))

    def _move(self, offset):
        """Slide to `offset`; whoever shows few items in a circle has the same one on both sides."""
        turned = (offset < 0) != (self._offset < 0)
        change = offset - self._offset
        self._offset = offset
        is_down = self._is_vertical()
        self.node.scroll = (0, offset) if is_down else (offset, 0)
        if turned:
            self.view.moved(self.node)
        else:
            self.repaint()
        if change:
            self.tell("transition", Result(dx=0 if is_down else offset, dy=offset if is_down else 0))

    # Sliding.

    def _slide(self, place, source):
        """Slide until what is `place` places after the current item is the current one."""
        count = len(self._items())
        number = self._number_at(place, count)
        if number is None:
            place, number = 0, self._current
        first, last = self._offset, place * (self._step >> 6)
        duration_ms = int(self.number("duration", 500, 0, 60000))
        easing = _EASINGS.get(self.node.get("easing-function"), "ease-out")
        is_other = number != self._current
        self._source = source
        if is_other:
            self.tell("change", self._detail(number))
            if not self.view.tree:
                return  # the handler has closed the page

        def step(ms):
            share = eased(easing, ms / duration_ms) if ms < duration_ms else 1
            if share < 1:
                self._move(int(first + (last - first) * share))
                return None
            self._settle(number, is_other)
            return False

        if duration_ms < _LEAST_MS or first == last:
            self._sliding.stop()
            self._settle(number, is_other)
        else:
            self._sliding.start(step)

    def _settle(self, number, is_other):
        self._current = number
        self._offset = 0
        self._far = None
        self.node.scroll = None
        self.view.moved(self.node)
        if is_other:
            self.tell("animationfinish", self._detail(number))

    def _detail(self, number):
        items = self._items()
        name = items[number].get("item-id", "") if number < len(items) else ""
        return Result(current=number, currentItemId=name, source=self._source)

    def changed(self):
        """Slide to another `current`; show the rest of what has changed."""
        given = self.node.get("current")
        count = len(self._items())
        self._start_autoplay()
        if given != self._given and count and self._current is not None:
            self._given = given
            wanted = self._valid(count)
            if wanted != self._current:
                self._finish()
                place = self._shown(count) if wanted > self._current else -1
                if self._number_at(place, count) != wanted:
                    self._far = (place, wanted)
                self.view.moved(self.node)
                self._slide(place, "")
                return
        self.view.moved(self.node)

    def _finish(self):
        """End a slide where it leads."""
        if self._sliding.is_running():
            self._sliding.stop()
            self._offset = 0
            self._far = None
            self.node.scroll = None

    def _start_autoplay(self):
        if not self.flag("autoplay"):
            self._autoplay.stop()
        elif not self._autoplay.is_running():
            self._autoplay.start(self._play, int(self.number("interval", 5000, _LEAST_MS, 1e6)))

    def _play(self, ms):
        count = len(self._items())
        if not self.is_shown() or self._grabbed or self._sliding.is_running() or self._current is None:
            return
        if count <= self._shown(count):
            return
        if self._number_at(1, count) is None or (
            not self._is_circular(count) and self._current >= count - self._shown(count)
        ):
            self._far = (-1, 0)  # back to the first
            self.view.moved(self.node)
            self._slide(-1, "autoplay")
        else:
            self._slide(1, "autoplay")

    # Fingers.

    def drags(self, is_down, x, y):
        """Take a finger that moves along it."""
        count = len(self._items())
        if (
            is_down != self._is_vertical()
            or count <= self._shown(count)
            or self.flag("disable-touch")
            or self._current is None
        ):
            return False
        self._sliding.stop()
        if self._far:
            self._finish()
        self._grabbed = (y if is_down else x), time.ticks_ms(), self._offset
        return True

    def dragged(self, x, y):
        """Slide along, by one item at most, and not far where there is none."""
        start, _, offset = self._grabbed
        offset += start - (y if self._is_vertical() else x)
        count = len(self._items())
        step = self._step >> 6
        if offset > 0 and not self._can_go(1, count) or offset < 0 and not self._can_go(-1, count):
            offset = max(-step, min(offset, step)) // 3
        self._move(max(-step, min(offset, step)))

    def _can_go(self, by, count):
        if self._is_circular(count):
            return True
        return 0 <= self._current + by <= count - self._shown(count)

    def dropped(self, x, y):
        """Go where the finger has meant."""
        _, since_ms, _ = self._grabbed
        self._grabbed = None
        is_flick = time.ticks_diff(time.ticks_ms(), since_ms) < _FLICK_MS
        far = (self._step >> 6) // (8 if is_flick else 2)
        by = 1 if self._offset > far else -1 if self._offset < -far else 0
        self._slide(by if by and self._can_go(by, len(self._items())) else 0, "touch")

    # Painting.

    def draw_over(self, surface, place, look, opacity):
        """The dots."""
        count = len(self._items())
        x, y, width, height = place
        is_down = self._is_vertical()
        extent = height if is_down else width
        gap = min(_GAP_PX, extent // max(count, 1))
        if gap < 2 or self._current is None:
            return  # a thousand items: nobody could tell them apart
        size = min(_DOT_PX, gap - 1)
        ink, active = self.color("indicator-color", _INK), self.color("indicator-active-color", _ACTIVE)
        at = (extent - gap * count + gap - size) // 2
        for number in range(count):
            shown = (number - self._current) % count < self._shown(count)
            color = active if shown else ink
            left, top = (x + width - 10 - size, y + at) if is_down else (x + at, y + height - 10 - size)
            surface.rounded_rect(left, top, size, size, size // 2, rgb(color), (color >> 16) * opacity // 255)
            at += gap

    def hidden(self):
        """Where it slides to it is when it is seen again; a finger is gone."""
        self._grabbed = None

    def close(self):
        """Stop."""
        self._sliding.stop()
        self._autoplay.stop()
