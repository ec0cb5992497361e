"""The keyboard on the screen: where its keys are, and what a finger on them does."""

import asyncio
import gc

from kiosk.ui.boardscreen import BoardScreen
from kiosk.ui.keyboard import Keyboard, layouts


class Display:
    """One that keeps nothing but which parts of it have been painted: 320x240 pixels are more than a board's heap."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.painted = []

    def begin(self, x, y, width, height):
        self.painted.append((x, y, width, height))

    def write(self, pixels):
        pass

    def end(self):
        pass

    def backlight(self, percent):
        pass


class Listener:
    """What an input would be."""

    def __init__(self):
        self.text = ""
        self.heard = []

    def typed(self, text):
        self.text += text

    def erased(self):
        self.text = self.text[:-1]

    def composing(self, text):
        self.spelt = text

    def confirmed(self):
        self.heard.append("confirmed")

    def closed(self):
        self.heard.append("closed")


def _opened(kind="text", confirm="done", size=(320, 240)):
    display = Display(*size)
    screen = BoardScreen(display, None)
    listener = Listener()
    keyboard = Keyboard(screen, kind, confirm, listener)
    keyboard.open()
    return keyboard, listener, screen, display


def _at(keyboard, name):
    """The middle of the key that types or does `name`."""
    for key in keyboard._keys:
        if name == (key[0] or key[1]):
            x, y, width, height = keyboard._place(key)
            return x + width // 2, y + height // 2
    raise AssertionError(name)


def _tap(keyboard, *names):
    for name in names:
        place = _at(keyboard, name)
        keyboard.touched("start", *place)
        keyboard.touched("end", *place)


async def test_keys_lie_in_the_keyboard_and_not_over_each_other():
    for size in ((320, 240), (240, 320), (240, 240), (480, 320)):
        for kind in ("text", "number", "digit", "idcard"):
            keyboard, _, _, _ = _opened(kind, size=size)
            for name in ("abc", "ABC", "123") if kind == "text" else ("number",):
                keyboard._change(name)
                taken = []
                for key in keyboard._keys:
                    _, _, x, y, width, height = key
                    assert x >= 0 and x + width <= size[0] and y >= 0 and y + height <= 4 * keyboard._row, (size, key)
                    for left, top, right, bottom in taken:
                        assert x >= right or x + width <= left or y >= bottom or y + height <= top, (size, name, key)
                    taken.append((x, y, x + width, y + height))
                assert min([key[4] for key in keyboard._keys]) >= size[0] // 10
            assert keyboard.box[1] + keyboard.height == size[1] and keyboard.box[1] >= 72
            keyboard.close()
            await asyncio.sleep_ms(50)  # until it has been painted: its strips are needed for the next


async def test_latin_letters_and_signs():
    keyboard, listener, _, _ = _opened()
    _tap(keyboard, "chinese", "h", "i", " ", "shift", "Y", "o", "123", "4", "2", "/", "abc", ",", ".")
    assert listener.text == "hi Yo42/,."
    _tap(keyboard, "erase", "erase", "confirm")
    assert listener.text == "hi Yo42/" and listener.heard == ["confirmed"]


async def test_chinese_is_spelt_and_chosen():
    keyboard, listener, _, _ = _opened()
    _tap(keyboard, *"nihao")
    assert (listener.text, listener.spelt) == ("", "nihao")
    _tap(keyboard, " ")
    assert (listener.text, listener.spelt) == ("你好", "")
    _tap(keyboard, ",", *"woaini")
    row = keyboard.box[1] + 5
    x, _, _ = keyboard._candidates._seen[0]
    keyboard.touched("start", x + 4, row)
    keyboard.touched("end", x + 4, row)
    assert listener.text.startswith("你好，我") and listener.spelt in ("aini", "ni")
    while listener.spelt:
        _tap(keyboard, "erase")
    assert len(listener.text) in (4, 5)
    _tap(keyboard, *"ok", "confirm")  # what is not chosen is text as it stands
    assert listener.text.endswith("ok") and listener.spelt == "" and listener.heard == []


async def test_the_row_of_candidates_goes_on():
    keyboard, listener, _, _ = _opened()
    _tap(keyboard, *"shi")
    row = keyboard._candidates
    first = [number for _, _, number in row._seen]
    keyboard.touched("end", 318, keyboard.box[1] + 5)
    second = [number for _, _, number in row._seen]
    assert first[0] == 0 and second[0] == first[-1] + 1
    for _ in range(60):
        keyboard.touched("end", 318, keyboard.box[1] + 5)
        if row._seen[0][2] == 0:
            break
    assert [number for _, _, number in row._seen] == first and listener.text == ""


async def test_more_letters_than_anybody_means():
    keyboard, listener, _, _ = _opened()
    _tap(keyboard, *["z"] * 200)
    assert listener.spelt == "z" * 24
    _tap(keyboard, "123")
    assert listener.text == "z" * 24 and listener.spelt == ""


async def test_digits_and_what_goes_with_them():
    for kind, extra in (("number", None), ("digit", "."), ("idcard", "X")):
        keyboard, listener, _, _ = _opened(kind)
        _tap(keyboard, "1", "0", *([extra] if extra else []), "9", "erase", "confirm", "close")
        assert listener.text == "10" + (extra or "") and listener.heard == ["confirmed", "closed"]


async def test_a_finger_that_slides_types_where_it_is_lifted():
    keyboard, listener, _, _ = _opened("number")
    keyboard.touched("start", *_at(keyboard, "1"))
    keyboard.touched("move", *_at(keyboard, "2"))
    keyboard.touched("end", *_at(keyboard, "2"))
    assert listener.text == "2"
    keyboard.touched("start", *_at(keyboard, "1"))
    keyboard.touched("cancel", *_at(keyboard, "1"))
    assert listener.text == "2" and keyboard._pressed is None


async def test_erasing_goes_on_while_the_finger_stays():
    keyboard, listener, _, _ = _opened("number")
    listener.text = "123456789"
    keyboard.touched("start", *_at(keyboard, "erase"))
    for _ in range(500):
        await asyncio.sleep_ms(10)
        if len(listener.text) < 7:
            break
    left = len(listener.text)
    keyboard.touched("end", *_at(keyboard, "erase"))
    await asyncio.sleep_ms(250)
    assert left == len(listener.text) < 7
    _tap(keyboard, "erase")
    assert len(listener.text) == left - 1


async def test_what_is_erased_may_close_the_keyboard():
    keyboard, listener, screen, _ = _opened("number")
    listener.erased = keyboard.close
    keyboard.touched("start", *_at(keyboard, "erase"))
    for _ in range(500):
        await asyncio.sleep_ms(10)
        if keyboard not in screen.layers.shown:
            break
    assert keyboard not in screen.layers.shown and keyboard._repeating is None


async def test_a_key_that_is_pressed_is_all_that_is_painted():
    keyboard, _, screen, display = _opened("number")
    await asyncio.sleep_ms(100)
    x, y, width, height = keyboard._place(keyboard._keys[0])
    keyboard.touched("start", x + 20, y + 10)
    await asyncio.sleep_ms(100)
    assert display.painted.pop() == (x, y, width, height)
    keyboard.close()
    await asyncio.sleep_ms(100)
    assert display.painted.pop() == keyboard.box


async def test_a_line_break_and_what_the_confirming_key_says():
    keyboard, listener, _, _ = _opened(confirm="return")
    _tap(keyboard, "confirm")
    assert listener.text == "\n" and listener.heard == []
    for confirm, label in (("send", "发送"), ("search", "搜索"), ("nonsense", "完成")):
        keyboard, _, _, _ = _opened(confirm=confirm)
        assert [key[1] for key in keyboard._keys if key[0] == "confirm"] == [label]
        keyboard.close()


async def test_a_keyboard_gives_back_what_it_held():
    display = Display(320, 240)
    screen = BoardScreen(display, None)
    listener = Listener()

    def once():
        keyboard = Keyboard(screen, "text", "done", listener)
        keyboard.open()
        _tap(keyboard, *"zhongguo")
        gc.collect()
        held = gc.mem_alloc()
        keyboard.close()
        return held

    once()
    gc.collect()
    before = gc.mem_alloc()
    held = once()
    gc.collect()
    assert gc.mem_alloc() - before < 256, gc.mem_alloc() - before
    assert held - before < 8 * 1024, held - before


def test_heights_of_rows():
    assert [layouts.rows_height(height) for height in (120, 240, 320, 480)] == [24, 32, 40, 40]
