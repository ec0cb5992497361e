"""
What a text that is typed has, on a page and in a dialog: what the keyboard says, a caret that blinks, the part that is seen.

Mixed into a class that has measure(text), px; edited(text, caret, key), the text is to be this one; repaint(); and is_focused.
"""

import asyncio

MOST = const(10000)  # characters, whatever is asked for: the heap of a board
_BLINK_MS = const(500)
_BACKSPACE = const(8)
_CARET = const(0x07C160)
_CARET_PX = const(2)
_ROOM_PX = const(3)  # for the caret behind the last character


class Typing:
    """
    text: str; caret: before which character; spelt: what is composed at the caret and no part of the text yet; most: characters.
    """

    text = spelt = ""
    caret = 0
    most = MOST
    is_caret_on = True
    _caret_box = None
    _first = 0  # the first character that is seen of a line

    # What the keyboard says.

    def typed(self, text):
        """Put it in at the caret."""
        self.spelt = ""
        text = text[: max(0, self.most - len(self.text))]
        if text:
            at = self.caret
            self.edited(self.text[:at] + text + self.text[at:], at + len(text), ord(text[-1]))
        else:
            self.repaint()

    def erased(self):
        """Take away the character before the caret."""
        at = self.caret
        if at:
            self.edited(self.text[: at - 1] + self.text[at:], at - 1, _BACKSPACE)

    def composing(self, text):
        """What is spelt at the caret."""
        self.spelt = text
        self.repaint()

    def closed(self):
        """The keyboard has been closed by its own key."""
        self.blur()

    # What is seen.

    def window(self, text, caret, width):
        """(int, str): the first character that is seen of a line of `width` px, and those that may be."""
        if not self.is_focused:
            self._first = 0
            return 0, text[: width // 2 + 2]
        width -= _ROOM_PX
        first = min(self._first, caret)
        first = max(first, caret - width // 2)  # a character takes two px at least: the rest need not be measured
        while first < caret and self.measure(text[first:caret]) > width:
            first += 1
        while first and self.measure(text[first - 1 : first + width // 2]) <= width:
            first -= 1  # no room is left while there is text before
        self._first = first
        return first, text[first : first + width // 2 + 2]

    def nearest(self, text, x):
        """int: before which character of a line a finger at x px is."""
        low, high = 0, len(text)
        while low < high:  # the last one that begins left of it
            middle = (low + high + 1) // 2
            if self.measure(text[:middle]) <= x:
                low = middle
            else:
                high = middle - 1
        if low < len(text) and self.measure(text[: low + 1]) - x < x - self.measure(text[:low]):
            low += 1
        return low

    def draw_line(self, surface, x, y, first, shown, face, ink, cover):
        """What window() gave, and a line under what of it is spelt; ink: 0xRRGGBB, cover: 0 to 255 of it."""
        surface.text(x, y, shown, face, ink, cover)
        if self.spelt:
            begin = self.measure(shown[: max(0, self.caret - first)])
            end = self.measure(shown[: max(0, self.caret + len(self.spelt) - first)])
            surface.fill_rect(int(x + begin), y + face.ascent + 2, int(end - begin), 1, ink, cover)

    def draw_caret(self, surface, x, y, height, opacity=255):
        """Where it is in px of the screen; its box alone is painted when it blinks."""
        self._caret_box = (x, y, _CARET_PX, height)
        if self.is_caret_on:
            surface.fill_rect(x, y, _CARET_PX, height, _CARET, opacity)

    async def blink(self, screen):
        """Until it is cancelled."""
        while True:
            for is_on in (True, False):
                self.is_caret_on = is_on
                if self._caret_box:
                    screen.spoil(*self._caret_box)
                await asyncio.sleep_ms(_BLINK_MS)
