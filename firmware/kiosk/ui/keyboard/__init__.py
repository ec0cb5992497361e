"""
The on-screen keyboard, a layer (kiosk/ui/layers.py); imported when a field has the focus for the first time.

    keyboard = Keyboard(screen, "text", "send", listener)
    keyboard.open()

It tells its listener:

    typed(text)      put this in; what has been composed is over with it
    erased()         take away the character before the caret
    confirmed()      the return key
    composing(text)  the letters of pinyin that are not hanzi yet; "": there are none any more
    closed()         the user wants it to go away; it is the listener that calls close()

`height` is in px of the screen, from its lower edge.  open() and close() may be called again.  Shown it holds 1 KB of heap, 3 KB while
pinyin is composed, and nothing after close(); what has been imported (5.4 KB with two sizes of text and one loop in viper) stays.
"""

import asyncio

from kiosk import log
from kiosk.ui.keyboard import layouts
from kiosk.ui.keyboard.caption import caption, confirm_label, is_chinese
from kiosk.ui.layers import KEYBOARD
from kiosk.ui.paint import font

_TAG = "keyboard"
_PADS = {"number": "", "digit": ".", "idcard": "X"}
_LATIN = ("safe-password",)
_FULL_WIDTH = {",": "，", ".": "。"}
_LONG_MS = const(400)
_REPEAT_MS = const(80)
_BACKGROUND = const(0xD1D5DB)
_KEY = const(0xFFFFFF)
_SPECIAL = const(0xADB3BC)
_DOWN = const(0x8A9099)
_ACCENT = const(0x07C160)
_INK = const(0x000000)
_WHITE = const(0xFFFFFF)
_LOWER = const(0)
_UPPER = const(1)  # for one letter; 2: for all


class Keyboard:
    """
    screen: the BoardScreen; type: of an <input> ("text", "number", "idcard", "digit", "safe-password", "nickname");
    confirm_type: "send", "search", "next", "go", "done".  Of another type it is as for "text", or "done".
    """

    is_modal = False

    def __init__(self, screen, type: str, confirm_type: str, listener):
        self._screen = screen
        self._listener = listener
        self._extra = _PADS.get(type)  # None: no pad
        self._confirm = confirm_label(confirm_type)
        row = layouts.row_height(screen.height, screen.width, self._extra is not None)
        rows = 5 if self._extra is None and screen.width < layouts.NARROW_PX else 4
        self._row = row
        self._bar = layouts.BAR_PX if self._extra is None else 0
        self.height = rows * row + self._bar
        self.box = (0, screen.height - self.height, screen.width, self.height)
        self._has_pinyin = self._extra is None and type not in _LATIN and _table() is not None
        self.is_pinyin = self._has_pinyin and is_chinese()
        self.composer = None
        self._shift = _LOWER
        self._page = -1  # of the signs; -1: the letters
        self._keys = []
        self._down = None
        self._has_acted = False
        self._repeating = None

    # What it is to the listener.

    def open(self, level=KEYBOARD):
        """Show it, as it was made; level: see layers.py."""
        self._shift, self._page = _LOWER, -1
        self._lay()
        self._screen.layers.put(self, level)

    def close(self):
        """Take it away; what is being composed is dropped."""
        self._stop_repeating()
        self._screen.layers.take(self)
        self._keys = []
        self._down = self.composer = None

    # Keys.

    def _lay(self):
        _, y, width, _ = self.box
        if self._extra is not None:
            self._keys = layouts.pad(width, y, self._row, self._extra)
            return
        y += self._bar
        if self._page >= 0:
            self._keys = layouts.signs(width, y, self._row, self._page)
        else:
            self._keys = layouts.letters(width, y, self._row, self._has_pinyin)
        self._lay_bar()

    def _lay_bar(self):
        """The keys of the bar: candidates and the way through their pages, or the one that closes."""
        self._keys = [key for key in self._keys if key[1] >= self.box[1] + self._bar]
        if self.composer and self.composer.letters:
            self._keys += self.composer.keys(self.box[2], self.box[1], self._bar)
        else:
            self._keys.append((self.box[2] - 40, self.box[1], 40, self._bar, layouts.CLOSE))

    def _label(self, key):
        name = key[4]
        if isinstance(name, tuple):
            return name[0]
        if len(name) == 1:
            if name in _FULL_WIDTH and self._page < 0 and self.is_pinyin and self._extra is None:
                return _FULL_WIDTH[name]
            return name.upper() if self._shift and self._page < 0 else name
        if name == layouts.RETURN:
            return self._confirm
        return caption(name, self._shift, self.is_pinyin, self._page)

    def _key_at(self, x, y):
        for key in self._keys:
            if key[0] <= x < key[0] + key[2] and key[1] <= y < key[1] + key[3]:
                return key
        return None

    def _changed(self, key):
        if key:
            self._screen.layers.changed(self, key[:4])

    def _show_all(self):
        if self._keys:  # the listener may have closed it
            self._lay()
            self._screen.layers.changed(self)

    def _show_bar(self):
        if not self._keys:
            return
        self._lay_bar()
        left, top, width, _ = self.box
        self._screen.layers.changed(self, (left, top, width, self._bar))

    # Fingers.

    def touched(self, phase: str, x: int, y: int) -> None:
        """As in kiosk/ui/layers.py.  A key acts when it is let go, or when the next one is pressed: thumbs overlap."""
        key = self._key_at(x, y)
        if phase == "start":
            self._let_go(self._down)
            self._press(self._key_at(x, y))
        elif phase == "move":
            if key is not self._down and self._down and key and not self._has_acted:
                self._press(key)
        elif phase == "cancel":
            self._has_acted = True
            self._let_go(self._down)
        elif key is self._down or self._has_acted:
            self._let_go(key)
        elif self._down and not key:  # slid off
            self._has_acted = True
            self._let_go(self._down)

    def _press(self, key):
        self._changed(self._down)
        self._down = key
        self._has_acted = False
        self._changed(key)
        if key and key[4] == layouts.ERASE:
            self._has_acted = True
            self._repeating = asyncio.create_task(self._repeat())
            self._erase()

    def _let_go(self, key):
        self._stop_repeating()
        down, self._down = self._down, None
        self._changed(down)
        if key and key is down and not self._has_acted:
            self._act(key[4])

    async def _repeat(self):
        await asyncio.sleep_ms(_LONG_MS)
        while self._repeating:  # the listener may close the keyboard
            self._erase()
            await asyncio.sleep_ms(_REPEAT_MS)

    def _stop_repeating(self):
        task, self._repeating = self._repeating, None
        if task and task is not asyncio.current_task():
            task.cancel()

    # What keys do.

    def _act(self, name):
        if isinstance(name, tuple):
            self._take(name)
        elif len(name) == 1:
            self._type(name)
        elif name == layouts.RETURN:
            if not self.spell_out():
                self._listener.confirmed()
        elif name == layouts.CLOSE:
            self._listener.closed()
        elif name in (layouts.BACK, layouts.NEXT):
            self.composer.turn(name == layouts.NEXT)
            self._show_bar()
        else:
            self._switch(name)

    def _switch(self, name):
        if name == layouts.SHIFT:
            self._shift = (self._shift + 1) % 3
        elif name == layouts.MODE:
            self.spell_out()
            self.is_pinyin = not self.is_pinyin
        elif name == layouts.SIGNS:
            self.spell_out()
            self._page = (self._page + 1) % layouts.SIGN_PAGES
        else:
            self._page = -1
        self._show_all()

    def _type(self, name):
        text = name
        if self._page < 0 and self._extra is None:
            if self._shift:
                text = name.upper()
            elif self.is_pinyin and self._compose(name):
                return
            if self.is_pinyin:
                text = _FULL_WIDTH.get(text, text)
        self.spell_out()
        self._listener.typed(text)
        if self._shift == _UPPER and self._page < 0:
            self._shift = _LOWER
            self._show_all()

    def _compose(self, name):
        """Whether the key was one for pinyin."""
        letters = self.composer.letters if self.composer else ""
        if name == " " and letters:
            first = self.composer.first()
            if first:
                self._take(first)
            else:
                self.spell_out()
            return True
        if not "a" <= name <= "z" and not (name == "'" and letters):
            return False
        if self.composer is None:
            from kiosk.ui.keyboard.composer import Composer

            try:
                self.composer = Composer(_table(), font.face(16))
            except ValueError as exc:  # the image is damaged: Latin can still be typed
                log.error(_TAG, "%s", exc)
                self._has_pinyin = self.is_pinyin = False
                self._show_all()
                return False
        if self.composer.spell(letters + name):
            self._tell_letters()
        return True

    def _tell_letters(self):
        self._listener.composing(self.composer.letters)
        self._show_bar()

    def _take(self, candidate):
        text, taken = candidate
        rest = self.composer.letters[taken:].lstrip("'")
        self.composer.spell(rest)
        self._listener.typed(text)
        if self._keys:
            self._tell_letters()

    def spell_out(self):
        """Type the letters that are being composed as they are; whether there were any."""
        if not (self.composer and self.composer.letters):
            return False
        letters = self.composer.letters
        self.composer.spell("")
        self._listener.typed(letters)
        if self._keys:
            self._tell_letters()
        return True

    def _erase(self):
        if self.composer and self.composer.letters:
            self.composer.spell(self.composer.letters[:-1])
            self._tell_letters()
        else:
            self._listener.erased()

    # Pictures.

    def draw(self, surface) -> None:
        """Paint what of it is out of date."""
        left, top, width, height = self.box
        surface.fill_rect(left, top, width, height, _BACKGROUND)
        if self._bar and self.composer and self.composer.letters:
            surface.text(left + 4, top, self.composer.letters, font.face(12), _INK)
        for key in self._keys:
            if not surface.is_hidden(*key[:4]):
                self._draw_key(surface, key)

    def _draw_key(self, surface, key):
        x, y, width, height, name = key
        label = self._label(key)
        is_choice = isinstance(name, tuple)
        color, ink = (_KEY if len(name) == 1 else _SPECIAL), _INK
        if name == layouts.RETURN:
            color, ink = _ACCENT, _WHITE
        if key is self._down:
            color = _DOWN
        face = font.face(16)
        across = face.measure(label)
        if is_choice or key[1] < self.box[1] + self._bar:
            if key is self._down:
                surface.rounded_rect(x, y, width, height, 4, color)
            surface.text(x + (width - across) // 2, y + height - face.height - 1, label, face, _INK)
            return
        surface.rounded_rect(x + 2, y + 2, width - 4, height - 4, 4, color)
        surface.text(x + (width - across) // 2, y + (height - face.height) // 2, label, face, ink)


def _table():
    """bytes, or None in an image without pinyin (PINYIN_KB=0)."""
    try:
        from kiosk.ui.keyboard.table import DATA
    except ImportError:
        return None
    return DATA
