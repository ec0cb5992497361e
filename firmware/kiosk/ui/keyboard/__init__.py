"""
The keyboard on the screen.

    keyboard = Keyboard(screen, "text", "done", listener)
    keyboard.open()
    keyboard.height         # px: what it covers of the screen, from below
    keyboard.close()

screen: a BoardScreen; kind: the `type` of an <input>: text, number, digit, idcard, or another, which is text; confirm: its
`confirm-type`: send, search, next, go, done or return; the listener has

    typed(text)         these characters have been typed
    erased()            the character before the caret is to go
    composing(text)     this is spelt and no text yet ("" when it is not any longer)
    confirmed()         the key at the lower right
    closed()            the keyboard has been closed by its own key

Chinese is spelt in pinyin (pinyin.py) where the image has the table.  Held while it is open: some 4 KB of keys and
candidates; a face of the fonts.  Loaded by the first input that gets the focus.
"""

import asyncio

from kiosk import system
from kiosk.ui.keyboard import layouts
from kiosk.ui.layers import KEYBOARD
from kiosk.ui.paint import font

_PAPER = const(0xD1D5DB)
_KEY = const(0xFFFFFF)
_OTHER = const(0xADB3BC)  # keys that type nothing
_PRESSED = const(0x9AA1AB)
_CONFIRM = const(0x07C160)
_INK = const(0x000000)
_GAP_PX = const(2)  # between a key and the edge of its place
_RADIUS_PX = const(4)
_REPEAT_AFTER_MS = const(500)
_REPEAT_MS = const(100)
_CONFIRMS = {
    "send": ("发送", "Send"),
    "search": ("搜索", "Search"),
    "next": ("下一个", "Next"),
    "go": ("前往", "Go"),
    "done": ("完成", "Done"),
    "return": ("换行", "Return"),
}
_STOPS = {",": "，", ".": "。"}


class Keyboard:
    """The layer (layers.py) with the keys; see above."""

    is_modal = False

    def __init__(self, screen, kind, confirm, listener):
        self._screen = screen
        self._listener = listener
        self._row = layouts.rows_height(screen.height)
        is_chinese = system.info()["language"].startswith("zh")
        self._confirm = _CONFIRMS.get(confirm, _CONFIRMS["done"])[0 if is_chinese else 1]
        self._return = confirm == "return"
        self._extra = layouts.extra_of(kind)
        self._face = font.face(18)
        self._small = font.face(14)
        self._candidates = None if self._extra is not None or kind == "safe-password" else _candidates(screen.width)
        self._in_chinese = bool(self._candidates) and is_chinese
        self._name = "abc" if self._extra is None else "number"
        self._keys = ()
        self._pressed = None
        self._repeating = None
        self._has_repeated = False
        self._bar = self._row if self._candidates else 0
        self.height = layouts.ROWS * self._row + self._bar
        self.box = (0, screen.height - self.height, screen.width, self.height)
        self._lay_out()

    def open(self):
        """Show it."""
        self._screen.layers.put(self, KEYBOARD)

    def close(self):
        """Show it no longer; what was spelt and not chosen is forgotten."""
        self._stop_repeating()
        self._screen.layers.take(self)
        self._keys, self._pressed = (), None

    def _lay_out(self):
        chinese = ("中" if self._in_chinese else "En") if self._candidates else ""
        self._keys = layouts.keys(
            self._name, self._screen.width, self._row, self._confirm, self._extra or "", chinese
        )  # fmt: skip

    def _change(self, name):
        self._name = name
        self._lay_out()
        self._screen.layers.changed(self)

    # Painting.

    def draw(self, surface):
        """Paint what of it is out of date."""
        x, y, width, height = self.box
        surface.fill_rect(x, y, width, height, _PAPER)
        if self._bar and not surface.is_hidden(x, y, width, self._bar):
            self._candidates.draw(surface, y, self._bar)
        for key in self._keys:
            if not surface.is_hidden(*self._place(key)):
                self._draw_key(surface, key)

    def _place(self, key):
        return key[2], self.box[1] + self._bar + key[3], key[4], key[5]

    def _draw_key(self, surface, key):
        x, y, width, height = self._place(key)
        does, label = key[0], key[1]
        fill = _PRESSED if key is self._pressed else _KEY if not does else _CONFIRM if does == "confirm" else _OTHER
        surface.rounded_rect(
            x + _GAP_PX, y + _GAP_PX, width - 2 * _GAP_PX, height - 2 * _GAP_PX, _RADIUS_PX, fill
        )  # fmt: skip
        face = self._face if len(label) == 1 else self._small
        ink = _KEY if does == "confirm" else _INK
        surface.text(x + (width - face.measure(label)) // 2, y + (height - face.height) // 2, label, face, ink)

    # Fingers.

    def touched(self, phase, x, y):
        """A finger: see layers.py."""
        if self._bar and y < self.box[1] + self._bar:
            self._press(None)
            if phase == "end":
                self._tap_candidates(x)
            return
        key = None if phase == "cancel" else self._key_at(x, y)
        if phase in ("start", "move"):
            self._press(key)
        else:
            pressed = self._pressed
            self._press(None)
            if key is not None and key is pressed and not self._has_repeated:
                self._act(key)

    def _key_at(self, x, y):
        for key in self._keys:
            left, top, width, height = self._place(key)
            if left <= x < left + width and top <= y < top + height:
                return key
        return None

    def _press(self, key):
        if key is self._pressed:
            return
        before, self._pressed = self._pressed, key
        self._stop_repeating()
        for each in (before, key):
            if each is not None:
                self._screen.layers.changed(self, self._place(each))
        self._has_repeated = self._has_repeated and key is None
        if key is not None and key[0] == "erase":
            self._repeating = asyncio.create_task(self._repeat(key))

    async def _repeat(self, key):
        """A finger that stays on the key erases on and on."""
        await asyncio.sleep_ms(_REPEAT_AFTER_MS)
        while self._pressed is key:
            self._has_repeated = True
            self._act(key)
            await asyncio.sleep_ms(_REPEAT_MS)

    def _stop_repeating(self):
        task, self._repeating = self._repeating, None
        if task is not None and task is not asyncio.current_task():  # what it erases may have closed the keyboard
            task.cancel()

    # What the keys do.

    def _act(self, key):
        does, label = key[0], key[1]
        if not does:
            self._type(label)
        elif does == "erase":
            self._erase()
        elif does == "confirm":
            self._end()
        elif does == "shift":
            self._change("abc" if self._name == "ABC" else "ABC")
        elif does == "chinese":
            self._flush()
            self._in_chinese = not self._in_chinese
            self._change("abc")
        elif does == "close":
            self._listener.closed()
        else:
            self._flush()
            self._change(does)

    def _spelt(self):
        return self._candidates.spelt if self._candidates else ""

    def _type(self, label):
        spelt = self._spelt()
        if self._in_chinese and self._name == "abc" and ("a" <= label <= "z" or (label == "'" and spelt)):
            self._spell(spelt + label)
            return
        if spelt and label == " ":
            self._choose(self._candidates.choose())
            return
        self._flush()
        self._listener.typed(_STOPS.get(label, label) if self._in_chinese else label)
        if self._name == "ABC":
            self._change("abc")

    def _erase(self):
        spelt = self._spelt()
        if spelt:
            self._spell(spelt[:-1])
        else:
            self._listener.erased()

    def _end(self):
        if self._spelt():
            self._flush()
        elif self._return:
            self._listener.typed("\n")
        else:
            self._listener.confirmed()

    def _flush(self):
        """What is spelt and not chosen is text as it stands."""
        spelt = self._spelt()
        if spelt:
            self._spell("")
            self._listener.typed(spelt)

    def _spell(self, letters):
        self._candidates.spell(letters)
        self._candidates_changed()

    def _candidates_changed(self):
        x, y, width, _ = self.box
        self._screen.layers.changed(self, (x, y, width, self._bar))
        self._listener.composing(self._spelt())

    def _tap_candidates(self, x):
        self._choose(self._candidates.tap(x))

    def _choose(self, text):
        if text is not None:
            self._listener.typed(text)
        self._candidates_changed()


def _candidates(width):
    """The row of candidates, or None for an image without the table of pinyin."""
    try:
        from kiosk.ui.keyboard.table import DATA
    except ImportError:
        return None
    from kiosk.ui.keyboard.candidates import Candidates
    from kiosk.ui.keyboard.pinyin import Table

    return Candidates(Table(DATA), font.face(16), width)
