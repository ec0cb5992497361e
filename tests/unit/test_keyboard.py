"""The on-screen keyboard: what keys tell the listener, and what of it is painted."""

import asyncio

from kiosk.ui.keyboard import Keyboard, layouts
from kiosk.ui.layers import Layers


class Screen:
    """A screen that notes what is to be painted."""

    def __init__(self, width=320, height=240):
        self.width = width
        self.height = height
        self.spoilt = []
        self.layers = Layers(lambda *box: self.spoilt.append(box))


class Listener:
    """Keeps what it is told."""

    def __init__(self):
        self.told = []
        self.closes = None

    def _tell(self, *what):
        self.told.append(what)
        if self.closes:
            self.closes.close()

    def typed(self, text):
        self._tell("typed", text)

    def erased(self):
        self._tell("erased")

    def confirmed(self):
        self._tell("confirmed")

    def composing(self, text):
        self._tell("composing", text)

    def closed(self):
        self._tell("closed")


def made(type="text", confirm="done", width=320, height=240):
    listener = Listener()
    keyboard = Keyboard(Screen(width, height), type, confirm, listener)
    keyboard.open()
    return keyboard, listener


def place(keyboard, name):
    """The middle of a key: a name as in layouts.py, or a candidate's text."""
    for x, y, width, height, each in keyboard._keys:
        if each == name or (isinstance(each, tuple) and each[0] == name):
            return x + width // 2, y + height // 2
    raise AssertionError("no key %s" % name)


def tap(keyboard, *names):
    for name in names:
        x, y = place(keyboard, name)
        keyboard.touched("start", x, y)
        keyboard.touched("end", x, y)


def labels(keyboard):
    return [keyboard._label(key) for key in keyboard._keys]


def test_all_keys_are_on_the_screen_large_enough_and_beside_each_other():
    for width, height in ((320, 240), (240, 320), (240, 240), (480, 320)):
        for type in ("text", "number", "idcard", "digit", "safe-password", "nickname"):
            keyboard, _ = made(type, "done", width, height)
            for page in range(-1, layouts.SIGN_PAGES if type == "text" else 0):
                keyboard._page = page
                keyboard._lay()
                left, top, across, down = keyboard.box
                assert top + down == height and down == keyboard.height and top >= 60, (width, height, type)
                for index, (x, y, w, h, name) in enumerate(keyboard._keys):
                    assert w >= 28 and h >= 28, (width, height, name, w, h)
                    assert x >= left and y >= top and x + w <= across and y + h <= height
                    for x2, y2, w2, h2, _ in keyboard._keys[index + 1 :]:
                        assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def test_each_layout_has_all_letters_and_digits():
    for width in (320, 240):
        keyboard, _ = made(width=width, height=320)
        assert set("abcdefghijklmnopqrstuvwxyz ,.") <= {key[4] for key in keyboard._keys}
        tap(keyboard, layouts.SIGNS)
        assert set("0123456789 @.-") <= {key[4] for key in keyboard._keys}


def test_latin_with_shift_and_capitals():
    keyboard, listener = made("safe-password")
    tap(keyboard, "a", layouts.SHIFT, "b", "c", layouts.SHIFT, layouts.SHIFT, "d", "e", layouts.SHIFT, "f", " ", ".")
    assert "".join(text for _, text in listener.told) == "aBcDEf ."
    assert layouts.MODE not in [key[4] for key in keyboard._keys]


async def test_pinyin_is_composed_and_chosen():
    keyboard, listener = made()
    tap(keyboard, "z", "h", "o", "n", "g", "g")
    assert listener.told[-1] == ("composing", "zhongg")
    tap(keyboard, "中国")
    assert listener.told[-2:] == [("typed", "中国"), ("composing", "")]
    listener.told.clear()
    tap(keyboard, "w", "o", "a", " ", layouts.ERASE, ",")
    assert [each for each in listener.told if each[0] != "composing"] == [("typed", "我"), ("typed", "，")]


def test_letters_that_are_composed_are_not_lost():
    keyboard, listener = made()
    tap(keyboard, "h", "i", layouts.RETURN)
    assert listener.told[-2:] == [("typed", "hi"), ("composing", "")]
    tap(keyboard, layouts.RETURN)
    assert listener.told[-1] == ("confirmed",)
    listener.told.clear()
    tap(keyboard, "a", layouts.MODE, "b", layouts.MODE)
    assert listener.told == [("composing", "a"), ("typed", "a"), ("composing", ""), ("typed", "b")]
    listener.told.clear()
    tap(keyboard, *("a" * 200))
    assert listener.told[-1] == ("composing", "a" * 24)
    tap(keyboard, layouts.SIGNS, "1")
    assert listener.told[-3:] == [("typed", "a" * 24), ("composing", ""), ("typed", "1")]


def test_pads():
    for type, extra in (("number", None), ("digit", "."), ("idcard", "X")):
        keyboard, listener = made(type)
        characters = [key[4] for key in keyboard._keys if len(key[4]) == 1]
        assert sorted(characters) == sorted("0123456789" + (extra or ""))
        tap(keyboard, "7", extra or "0", layouts.RETURN, layouts.CLOSE)
        assert listener.told == [("typed", "7"), ("typed", extra or "0"), ("confirmed",), ("closed",)]


def test_the_return_key_says_what_it_does():
    wanted = {"send": "发送", "search": "搜索", "next": "下一项", "go": "前往", "done": "完成", "no such": "完成"}
    for confirm, label in wanted.items():
        for type in ("text", "number"):
            assert label in labels(made(type, confirm)[0])
    from kiosk import system

    before, system.info = system.info, lambda: {"language": "en"}
    try:
        keyboard, listener = made("text", "search")
        assert "Search" in labels(keyboard)
        tap(keyboard, "a")
        assert listener.told == [("typed", "a")]
    finally:
        system.info = before


def test_a_press_repaints_that_key_only():
    keyboard, _ = made("safe-password")
    spoilt = keyboard._screen.spoilt
    spoilt.clear()
    x, y = place(keyboard, "g")
    keyboard.touched("start", x, y)
    keyboard.touched("end", x, y)
    assert len(spoilt) == 2 and spoilt[0] == spoilt[1]
    assert spoilt[0][2] * spoilt[0][3] <= 32 * 40


def test_fingers_slide_overlap_and_are_cancelled():
    keyboard, listener = made("safe-password")
    a, s = place(keyboard, "a"), place(keyboard, "s")
    keyboard.touched("start", *a)
    keyboard.touched("move", *s)
    keyboard.touched("end", *s)
    keyboard.touched("start", *a)
    keyboard.touched("start", *s)  # the other thumb
    keyboard.touched("end", *a)
    keyboard.touched("end", *s)
    assert listener.told == [("typed", "s"), ("typed", "a"), ("typed", "s")]
    listener.told.clear()
    keyboard.touched("start", *a)
    keyboard.touched("cancel", *a)
    keyboard.touched("start", *a)
    keyboard.touched("end", 0, 0)
    keyboard.touched("end", *a)
    assert listener.told == []


async def test_erasing_repeats_until_the_finger_leaves():
    keyboard, listener = made("number")
    at = place(keyboard, layouts.ERASE)
    keyboard.touched("start", *at)
    while len(listener.told) < 4:
        await asyncio.sleep_ms(20)
    keyboard.touched("end", *at)
    count = len(listener.told)
    await asyncio.sleep_ms(300)
    assert listener.told == [("erased",)] * count


async def test_it_may_be_closed_by_whom_it_tells():
    for name in ("a", layouts.RETURN, layouts.ERASE, layouts.CLOSE):
        keyboard, listener = made()
        listener.closes = keyboard
        tap(keyboard, name)
        assert keyboard._keys == [] and keyboard._screen.layers.shown == [] and len(listener.told) == 1, name
    await asyncio.sleep_ms(500)
    assert len(listener.told) == 1


def test_it_can_be_opened_again():
    keyboard, listener = made()
    tap(keyboard, "n", "i", layouts.SIGNS)
    keyboard.close()
    keyboard.close()
    keyboard.open()
    tap(keyboard, "a")
    assert listener.told[-1] == ("composing", "a")
