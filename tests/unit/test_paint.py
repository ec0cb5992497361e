"""Strips, dirty rectangles, clips and lines of text, on a display that keeps its picture."""

import sys

sys.path.insert(0, "drivers")

from display.fake import Display

from kiosk.ui.paint import font, image, text
from kiosk.ui.paint.painter import Damage, Painter
from kiosk.ui.paint.surface import Surface

RED, GREEN, WHITE, BLACK = 0xF800, 0x07E0, 0xFFFF, 0


class Box:
    """An item of one colour, that counts how often it is drawn."""

    def __init__(self, x, y, width, height, color):
        self.box = (x, y, width, height)
        self.color = color
        self.drawn = 0

    def draw(self, surface):
        self.drawn += 1
        surface.fill_rect(*self.box, color=self.color)


def _painted(items, damage, display=None, strip_bytes=128):
    display = display or Display()
    painter = Painter(strip_bytes=strip_bytes)
    for box in damage:
        painter.damage.add(*box)
    painter.paint(display, items)
    return display


def test_a_screen_is_painted_in_strips_whatever_their_size():
    whole = (0, 0, 32, 24)
    items = [Box(2, 3, 10, 10, 0xFF0000), Box(8, 8, 30, 4, 0x00FF00)]
    pictures = [bytes(_painted(items, [whole], strip_bytes=size).pixels) for size in (64, 128, 200, 4096)]
    assert len(set(pictures)) == 1
    late = _painted(items, [whole], Display(late=True))
    assert bytes(late.pixels) == pictures[0]  # a strip is left alone while it goes out
    assert late.windows == [whole] and late.written == 32 * 24 * 2
    assert (late.pixel(2, 3), late.pixel(8, 8), late.pixel(31, 11), late.pixel(1, 3)) == (RED, GREEN, GREEN, WHITE)


def test_only_what_is_out_of_date_is_sent_and_drawn():
    display = _painted([], [(0, 0, 32, 24)])
    inside, outside = Box(0, 0, 8, 8, 0xFF0000), Box(20, 20, 4, 4, 0x00FF00)
    display.written = 0
    _painted([inside, outside], [(4, 4, 6, 6)], display)
    assert display.windows[1:] == [(4, 4, 6, 6)] and display.written == 72
    assert inside.drawn and not outside.drawn
    assert (display.pixel(4, 4), display.pixel(7, 7), display.pixel(8, 8), display.pixel(3, 3)) == (
        RED,
        RED,
        WHITE,
        WHITE,
    )


def test_damage_beside_the_screen_is_nothing():
    display = Display()
    painter = Painter()
    for box in ((-50, -50, 20, 20), (32, 0, 5, 5), (0, 24, 99, 99), (4, 4, 0, 5), (4, 4, 5, -1)):
        painter.damage.add(*box)
    assert painter.paint(display, []) == 0 and display.windows == []
    painter.damage.add(-1000000, -1000000, 2000000, 2000000)
    assert painter.paint(display, []) == 32 * 24 and display.windows == [(0, 0, 32, 24)]
    assert painter.paint(display, []) == 0


def test_damage_is_merged_where_that_is_cheaper():
    damage = Damage()
    damage.add(0, 0, 100, 100)
    damage.add(50, 50, 100, 100)
    assert len(damage.boxes) == 2  # what encloses them has 5,000 pixels too many
    damage.add(0, 0, 150, 150)
    assert damage.take(320, 240) == [(0, 0, 150, 150)]
    damage.add(0, 0, 10, 10)
    damage.add(12, 0, 10, 10)  # side by side
    assert damage.take(320, 240) == [(0, 0, 22, 10)]
    for place in range(20):
        damage.add(place * 37 % 300, place * 71 % 220, 20, 20)
    boxes = damage.take(320, 240)
    assert len(boxes) <= 8
    for place in range(20):
        x, y = place * 37 % 300, place * 71 % 220
        assert any(l <= x and t <= y and x + 20 <= l + w and y + 20 <= t + h for l, t, w, h in boxes)  # noqa: E741


def test_an_item_that_raises_leaves_everything_out_of_date():
    class Broken:
        box = (0, 0, 9, 9)

        def draw(self, surface):
            raise RuntimeError("broken")

    display = Display()
    painter = Painter()
    painter.damage.add(0, 0, 5, 5)
    try:
        painter.paint(display, [Broken()])
        raise AssertionError("not raised")
    except RuntimeError:
        assert display._window is None  # the display was let go
    assert painter.paint(display, []) == 32 * 24


def test_others_may_run_between_the_strips():
    display, painter = Display(), Painter(strip_bytes=128)
    painter.turn_ms = 0
    areas = []

    def items_in(area):
        areas.append(area)
        return [Box(0, 0, 32, 24, 0xFF0000 if len(areas) == 1 else 0x00FF00)]

    painter.damage.add(0, 0, 32, 24)
    turns = 0
    for _ in painter.steps(display, items_in):
        assert display._window is None  # the bus may be another's, too
        turns += 1
        if turns == 3:
            painter.is_stale = True
    assert turns == 12 and areas == [(0, 0, 32, 24)] * 2
    assert display.pixel(0, 5) == RED and display.pixel(0, 6) == GREEN and display.pixel(31, 23) == GREEN
    assert list(painter.steps(display, items_in)) == []  # nothing is out of date
    painter.damage.add(0, 0, 32, 5)
    steps = painter.steps(display, items_in)
    next(steps)
    display.write = None  # it breaks in the second strip
    try:
        list(steps)
        raise AssertionError("not raised")
    except TypeError:
        assert display._window is None and painter.damage.bounds() == (0, 0, 32, 24)


def test_a_strip_that_holds_no_row_is_refused():
    painter = Painter(strip_bytes=32)
    painter.damage.add(0, 0, 32, 24)
    try:
        painter.paint(Display(), [])
        raise AssertionError("not raised")
    except ValueError as exc:
        assert "holds no row of 32" in str(exc)
    for size in ((0, 5), (5, 0), (-1, -1), (100, 100)):
        try:
            Surface(64).aim(0, 0, *size)
            raise AssertionError("not raised")
        except ValueError:
            pass


def _shapes(surface, x, y, width, height):
    surface.fill_rect(x, y, width, height, 0x123456)
    surface.fill_rect(x, y, width, height, 0x123456, 90)
    for radius in (0, 1, 7, 1000000, -3):
        surface.rounded_rect(x, y, width, height, radius, 0x654321)
        for thick in (0, 1, 9, 1000000, -2):
            surface.border(x, y, width, height, radius, thick, 0xABCDEF, 70)
    surface.image(x, y, width, height, image.Rgb565(bytes(range(24)), 4, 3), 200)
    surface.text(x, y, "Ag你\x01\u0e01", font.face(16), 0x999999)


def test_rectangles_of_no_size_beside_the_strip_and_huge():
    surface = Surface(640)
    surface.aim(100, 50, 20, 16)
    surface.fill_rect(100, 50, 20, 16, 0xFFFFFF)
    before = bytes(surface.pixels())
    for box in ((100, 50, 0, 9), (100, 50, 9, 0), (100, 50, -5, -5)):
        surface.fill_rect(*box, color=0)
        surface.rounded_rect(*box, radius=3, color=0)
        surface.border(*box, radius=3, thickness=2, color=0)
        surface.image(*box, picture=image.Rgb565(b"\0\0", 1, 1))
    for box in ((0, 0, 99, 99), (121, 50, 50, 50), (100, 66, 20, 20), (-400000, -400000, 9, 9)):
        _shapes(surface, *box)
    assert bytes(surface.pixels()) == before
    outside = surface.clip(300, 300, 10, 10)
    _shapes(surface, 90, 40, 60, 60)
    surface.unclip(outside)
    nothing = surface.clip(105, 55, -4, 3)
    _shapes(surface, 90, 40, 60, 60)
    surface.unclip(nothing)
    assert bytes(surface.pixels()) == before
    _shapes(surface, -300000, -300000, 600000, 600000)
    surface.fill_rect(-300000, -300000, 600000, 600000, 0xFF0000)
    assert bytes(surface.pixels()) == b"\xf8\x00" * 320


def test_what_is_drawn_stays_in_its_clip():
    surface = Surface(32 * 24 * 2)
    surface.aim(0, 0, 32, 24)
    surface.fill_rect(0, 0, 32, 24, 0)
    before = surface.clip(10, 6, 8, 9)
    for place in range(-20, 30, 3):
        _shapes(surface, place, place - 3, 25, 18)
    surface.unclip(before)
    for y in range(24):
        for x in range(32):
            if not (10 <= x < 18 and 6 <= y < 15):
                assert surface.buffer[(y * 32 + x) * 2 :][:2] == b"\0\0", (x, y)


def test_a_refresh_takes_no_heap():
    import gc

    display = Display(64, 48)
    display.write = lambda view: None
    painter = Painter(strip_bytes=1024)
    face = font.face(16)

    class Item:
        box = (0, 0, 64, 48)

        def draw(self, surface):
            surface.rounded_rect(2, 2, 60, 44, 9, 0x112233, 100)
            surface.border(2, 2, 60, 44, 9, 2, 0x445566)
            surface.text(6, 10, "Hi 你", face, 0)

    item = [Item()]
    used = []
    for _ in range(4):
        painter.damage.add(0, 0, 64, 48)
        gc.collect()
        before = gc.mem_alloc()
        painter.paint(display, item)
        used.append(gc.mem_alloc() - before)
        gc.collect()
        used.append(gc.mem_alloc() - before)
    assert used[-1] <= 0 and used[-2] < 4000, used  # small objects that the next collection gets back


# Text.


def _lines(words, width, **options):
    return [line for line, _ in text.wrap(words, font.face(16), width, **options)]


def test_lines_break_at_spaces():
    face = font.face(16)
    words = "the quick brown fox jumps over the lazy dog"
    for width in (60, 75, 120, 200, 1000):
        lines = text.wrap(words, face, width)
        assert " ".join(line for line, _ in lines) == words
        assert all(taken == face.measure(line) <= width for line, taken in lines)
    assert _lines(words, 100000) == [words]
    assert _lines("", 50) == [""] and _lines("a\n\nb\n", 50) == ["a", "", "b", ""]
    assert _lines("well-known", 60) == ["well-", "known"]


def test_a_word_that_is_too_long_breaks_where_it_must():
    lines = _lines("x" * 40 + " yy", 50)
    assert "".join(lines) == "x" * 40 + "yy" and len(lines) > 5
    assert _lines("abc", 0) == ["a", "b", "c"]  # one at least, or it would never end
    assert _lines("你好", 1) == ["你", "好"]


def test_chinese_breaks_anywhere_but_at_marks():
    assert _lines("一二三四五六", 48) == ["一二三", "四五六"]
    assert _lines("一二三，四五", 48) == ["一二", "三，四", "五"]
    assert _lines("一二（三）四", 48) == ["一二", "（三）", "四"]
    assert _lines("一二abc三", 70) == ["一二abc", "三"]


def test_a_text_that_is_too_long_ends_in_an_ellipsis():
    face = font.face(16)
    lines = text.wrap("一二三四五六七八九十", face, 48, 2, True)
    assert len(lines) == 2 and lines[1][0][-1] == "…" and lines[1][1] <= 48
    assert text.wrap("one two", face, 100, 1, True) == [("one two", face.measure("one two"))]
    assert _lines("one\ntwo", 100, most=1, ellipsis=True) == ["one…"]
    assert _lines("one\n", 100, most=1, ellipsis=True) == ["one"]
    assert _lines("one two three", 35, most=1) == ["one"]
    for width in (0, 5, 14, 20, 33, 60):
        line, taken = text.fit("everything", face, width)
        assert taken == face.measure(line) <= width


def test_lines_are_aligned():
    assert [text.aligned(10, 100, 40, way) for way in ("left", "center", "right")] == [10, 40, 70]
    assert [text.aligned(10, 30, 40, way) for way in ("left", "center", "right")] == [10, 10, 10]
    try:
        text.aligned(0, 9, 1, "middle")
        raise AssertionError("not raised")
    except ValueError:
        pass


def test_faces_are_those_of_the_image():
    assert [font.face(size).size for size in (1, 12, 13, 15, 19, 40, 500)] == [12, 12, 12, 14, 18, 32, 48]
    assert font.face(16) is font.face(16) and font.face(16, True) is not font.face(16)
    assert font.face(17, True).size == 16
    face = font.face(16)
    assert face.measure("") == face.measure("\x01\u200b\ufe0f\n") == 0
    assert face.measure("\U0001f600") == face.measure("\ue000") > 0  # the box for what is missing
    for words in ("Größe, 你好（a）x", "a\U0001f600b\u0e01", "“你”"):
        assert face.measure(words) == sum(face.find(ord(each)) for each in words)
    assert face.measure("你好") == 32 and font.face(32).measure("你好") == 64


def test_a_font_that_is_none_is_refused():
    for data in (
        b"",
        b"KF",
        b"no font at all, really",
        b"KF\x02\x04\x10\x10\x04\0\1\0\0\0",
        b"KF\x01\x04\x10\x10\x04\0\xff\0\0\0",
    ):
        try:
            font.Font(data)
            raise AssertionError("not raised")
        except ValueError:
            pass


def test_an_application_adds_characters():
    face = font.Face([font.Font(font._data("regular16"))], 16)
    assert face.measure("a你b") == face.measure("ab") + face.box
    assert face.find(0x4F60) == face.box
    face.add(font._data("cjk16"))
    assert face.find(0x4F60) == 16 and face.measure("a你b") == face.measure("ab") + 16
