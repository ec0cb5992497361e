"""Canvases: what contexts record, what comes of it in any strips, and what is refused."""

import binascii
import gc
import io
import math

import wx
from kiosk import api
from kiosk.errors import KioskError
from kiosk.ui import canvas
from kiosk.ui.canvas import Canvas, export, replay
from kiosk.ui.canvas.deflated import Deflated
from kiosk.ui.paint.image import Rgb565
from kiosk.ui.paint.surface import Surface

NAN = float("nan")


def _drawn(draw, width=40, height=30):
    context = wx.createContext()
    draw(context)
    made = Canvas(width, height)
    made.run(context.getActions(), False)
    return made


def _rgba(made, x=0, y=0, width=None, height=None):
    data = bytearray()
    for row in export.rows(made.shapes, x, y, width or made.width, height or made.height):
        data += row
    return data


def _pixel(made, x, y):
    return tuple(_rgba(made, x, y, 1, 1))


def _fails(call, *texts):
    try:
        call()
    except (api.Error, KioskError, ValueError) as exc:
        said = exc.reason if isinstance(exc, KioskError) else str(exc)
        assert any(text in said for text in texts), said
        return
    raise AssertionError("no failure: %s" % (texts,))


def _mixture(c):
    c.setFillStyle("red")
    c.fillRect(3, 4, 20, 10)
    c.setLineWidth(3)
    c.beginPath()
    c.arc(20, 15, 10, 0, 7)
    c.stroke()
    gradient = c.createLinearGradient(0, 0, 40, 30)
    gradient.addColorStop(0, "rgba(0,255,0,0.5)")
    gradient.addColorStop(1, "blue")
    c.setFillStyle(gradient)
    c.fillRect(10, 12, 28, 16)
    c.save()
    c.beginPath()
    c.arc(30, 10, 8, 0, 7)
    c.clip()
    c.clearRect(24, 6, 10, 20)
    c.restore()
    c.setFillStyle("black")
    c.setFontSize(12)
    c.fillText("Ab", 4, 26)
    c.setShadow(2, 2, 4, "#00f")
    c.fillRect(30, 2, 5, 5)


def test_a_picture_is_the_same_in_any_strips_and_places():
    made = _drawn(_mixture)
    wanted = None
    for rows, x, y in ((30, 0, 0), (1, 0, 0), (7, 0, 0), (4, 13, 50)):
        picture = bytearray()
        surface = Surface(40 * rows * 2)
        for top in range(0, 30, rows):
            count = min(rows, 30 - top)
            surface.aim(x, y + top, 40, count)
            surface.fill_rect(x, y + top, 40, count, 0xFFEEDD)
            made.draw(surface, x, y)
            picture += surface.pixels()
        assert wanted is None or picture == wanted, (rows, x, y)
        wanted = bytes(picture)
    assert len({wanted[at] << 8 | wanted[at + 1] for at in range(0, len(wanted), 2)}) > 20


def test_a_heap_in_small_pieces_paints_the_same():
    made = _drawn(_mixture)
    surface = Surface(40 * 30 * 2)

    def picture():
        surface.aim(0, 0, 40, 30)
        surface.fill_rect(0, 0, 40, 30, 0xFFEEDD)
        made.draw(surface, 0, 0)
        return bytes(surface.pixels())

    wanted = picture()
    canvas.release()
    gc.collect()
    held = [None] * (gc.mem_free() // 3000 + 1)
    count = 0
    try:
        while True:  # all there is, in pieces of 3 KB
            held[count] = bytearray(3000)
            count += 1
    except MemoryError:
        for at in range(0, count, 2):
            held[at] = None
    gc.collect()
    larger = None
    try:
        while True:  # where two holes have met
            larger = (bytearray(5200), larger)
    except MemoryError:
        gc.collect()
        assert gc.mem_free() > 40000
    again = picture()
    held = larger = None
    assert again == wanted


def test_what_lies_beside_the_clip_is_left_alone():
    made = _drawn(lambda c: c.fillRect(-5, -5, 999, 999))
    surface = Surface(60 * 50 * 2)
    surface.aim(0, 0, 60, 50)
    surface.fill_rect(0, 0, 60, 50, 0xFFFFFF)
    before = surface.clip(12, 14, 10, 100)
    made.draw(surface, 10, 10)
    made.draw(surface, 400, 10)
    surface.unclip(before)
    for y in range(50):
        for x in range(60):
            inside = 12 <= x < 22 and 14 <= y < 40
            assert (surface.buffer[2 * (60 * y + x)] == 0) == inside, (x, y)


def test_pixels_are_read_back_with_their_alpha():
    def draw(c):
        c.setFillStyle("rgb(255, 0, 0)")
        c.fillRect(0, 0, 10, 30)
        c.setFillStyle("rgba(0, 255, 0, 0.5)")
        c.fillRect(10, 0, 10, 30)

    made = _drawn(draw)
    assert _pixel(made, 5, 5) == (255, 0, 0, 255) and _pixel(made, 30, 5) == (0, 0, 0, 0)
    red, green, blue, alpha = _pixel(made, 15, 5)
    assert (red, blue) == (0, 0) and green > 245 and 120 <= alpha <= 136
    assert _rgba(made, 38, 28, 5, 5) == bytes(100)


def test_reserve_keeps_what_is_there():
    made = _drawn(lambda c: c.fillRect(0, 0, 5, 5))
    context = wx.createContext()
    context.setFillStyle("blue")
    context.fillRect(10, 0, 5, 5)
    made.run(context.getActions(), True)
    assert _pixel(made, 2, 2)[3] == _pixel(made, 12, 2)[3] == 255
    made.run(context.getActions(), False)
    assert _pixel(made, 2, 2)[3] == 0 and _pixel(made, 12, 2)[3] == 255
    context.clearActions()
    assert context.getActions() == []
    made.run([], False)
    assert _pixel(made, 12, 2)[3] == 0


def test_clearing_all_forgets_what_was_drawn():
    made = _drawn(_mixture)
    assert made.shapes.used > 500
    context = wx.createContext()
    context.clearRect(0, 0, 40, 30)
    made.run(context.getActions(), True)
    assert made.shapes.used == 0 and made.shapes.shapes == []


def test_state_is_saved_and_restored():
    def draw(c):
        c.setFillStyle("red")
        c.save()
        c.setFillStyle("lime")
        c.translate(20, 0)
        c.fillRect(0, 0, 5, 5)
        c.restore()
        c.fillRect(0, 0, 5, 5)
        c.restore()  # more often than saved

    made = _drawn(draw)
    assert _pixel(made, 2, 2)[:3] == (255, 0, 0) and _pixel(made, 22, 2)[:3] == (0, 255, 0)
    _fails(lambda: _drawn(lambda c: [c.save() for _ in range(60)]), "more than 50 are saved")


def test_pictures_whole_in_part_stretched_and_turned():
    data = bytearray()
    for color in (0xF800, 0x07E0, 0x001F, 0xFFFF):
        data += bytes((color >> 8, color & 255))
    picture = Rgb565(data, 2, 2)

    def draw(c):
        c.drawImage(picture, 0, 0)
        c.drawImage(picture, 4, 0, 8, 8)
        c.drawImage(picture, 1, 0, 1, 1, 20, 0, 6, 6)
        c.translate(20, 20)
        c.rotate(math.pi / 2)
        c.drawImage(picture, -4, -4, 8, 8)

    made = _drawn(draw)
    assert [_pixel(made, x, y)[:3] for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))] == [
        (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255),
    ]  # fmt: skip
    assert _pixel(made, 7, 3)[:3] == (255, 0, 0) and _pixel(made, 8, 3)[:3] == (0, 255, 0)
    assert _pixel(made, 25, 5)[:3] == (0, 255, 0)
    assert _pixel(made, 18, 18)[:3] == (0, 0, 255) and _pixel(made, 22, 18)[:3] == (255, 0, 0)

    class Rows(Rgb565):
        """One row at a time, as a file has it."""

        def row(self, number):
            self.start = 0
            return self._data[4 * number : 4 * number + 4]

    rows = Rows(data, 2, 2)
    assert _pixel(_drawn(lambda c: c.drawImage(rows, 0, 0, 8, 8)), 5, 5)[:3] == (255, 255, 255)

    def turned(c):
        c.rotate(0.5)
        c.drawImage(rows, 0, 0)

    _fails(lambda: _drawn(turned), "has to be in memory")


def test_text_is_where_it_is_aligned():
    for align, columns in (("left", (20, 40)), ("right", (0, 20)), ("center", (10, 30))):
        for baseline, rows in (("top", (15, 30)), ("bottom", (0, 15)), ("middle", (6, 24))):

            def draw(c, align=align, baseline=baseline):
                c.setFontSize(12)
                c.setTextAlign(align)
                c.setTextBaseline(baseline)
                c.fillText("HH", 20, 15)

            data = _rgba(_drawn(draw))
            seen = [(at // 4 % 40, at // 160) for at in range(0, len(data), 4) if data[at + 3]]
            assert seen and all(columns[0] - 1 <= x <= columns[1] and rows[0] <= y < rows[1] for x, y in seen), (
                align,
                baseline,
            )
    context = wx.createContext()
    context.setFontSize(16)
    assert context.measureText("HH").width == 2 * context.measureText("H").width > 16
    wide = _drawn(lambda c: c.setFontSize(32) or c.fillText("Wide", 0, 25, 30), 90, 30)
    assert not any(_rgba(wide, 34, 0, 50, 30)) and any(_rgba(wide, 0, 0, 30, 30))


def test_properties_are_setters():
    def by_property(c):
        c.fillStyle = "#00ff00"
        c.lineWidth = 4
        c.globalAlpha = 0.5
        c.lineCap = "round"
        c.font = "bold 20px sans-serif"
        c.strokeRect(5, 5, 20, 10)
        c.fillText("A", 10, 25)

    def by_setter(c):
        c.setFillStyle("#00ff00")
        c.setLineWidth(4)
        c.setGlobalAlpha(0.5)
        c.setLineCap("round")
        c.setFontSize(20)
        c._set_font(20, True, "")
        c.strokeRect(5, 5, 20, 10)
        c.fillText("A", 10, 25)

    assert _rgba(_drawn(by_property)) == _rgba(_drawn(by_setter))

    def shadow_by_property(c):
        c.shadowOffsetX = 5
        c.shadowOffsetY = 4
        c.shadowBlur = 3
        c.shadowColor = "red"
        c.fillRect(5, 5, 10, 10)

    def shadow_by_setter(c):
        c.setShadow(5, 4, 3, "red")
        c.fillRect(5, 5, 10, 10)

    assert _rgba(_drawn(shadow_by_property)) == _rgba(_drawn(shadow_by_setter))
    context = wx.createContext()
    context.lineJoin = "bevel"
    assert context.lineJoin == "bevel" and context.miterLimit == 10 and context.fillStyle == "#000000"


def test_bad_arguments_are_told_and_nothing_is_recorded():
    c = wx.createContext()
    for call, text in (
        (lambda: c.moveTo(1, NAN), "moveTo:fail parameter error: moveTo takes a number, not nan"),
        (lambda: c.moveTo(1), "moveTo takes 2 arguments, not 1"),
        (lambda: c.lineTo("1", 2), "lineTo takes a number, not String"),
        (lambda: c.lineTo(True, 2), "lineTo takes a number, not Boolean"),
        (lambda: c.arc(1, 2, 3, 4), "arc takes 5 arguments, not 4"),
        (lambda: c.arc(1, 2, 3, 4, 5, 6), "arc takes a Boolean, not a Number"),
        (lambda: c.fillRect(0, 0, float("inf"), 1), "fillRect takes a number, not inf"),
        (lambda: c.fillText(5, 0, 0), "fillText takes a String, not a Number"),
        (lambda: c.setFillStyle("notacolor"), "setFillStyle:fail parameter error: notacolor is no color"),
        (lambda: c.setFillStyle(5), "setFillStyle takes a color or a gradient, not a Number"),
        (lambda: c.setLineWidth(-1), "setLineWidth takes a number from 0"),
        (lambda: c.setGlobalAlpha(2), "setGlobalAlpha takes a number from 0 to 1"),
        (lambda: c.setLineCap("flat"), "setLineCap takes one of butt, round, square"),
        (lambda: c.setLineDash([1, -1]), "setLineDash takes no length below 0"),
        (lambda: c.setLineDash(5), "setLineDash takes an Array"),
        (lambda: c.setFontSize(0), "setFontSize takes a size"),
        (lambda: c.setShadow(1, 1, -5, "red"), "a blur of -5"),
        (lambda: c.setShadow(1, 1, 5, 5), "is no color"),
        (lambda: c.drawImage("/none.bmp", 0), "drawImage takes 2, 4 or 8 numbers, not 1"),
        (lambda: c.drawImage(5, 0, 0), "drawImage takes a path, not a Number"),
        (lambda: c.createLinearGradient(0, 0, 0, NAN), "createLinearGradient takes a number, not nan"),
        (lambda: c.createCircularGradient(0, 0, 5).addColorStop(2, "red"), "2 is not between 0 and 1"),
        (lambda: c.createCircularGradient(0, 0, 5).addColorStop(0, None), "is no color"),
        (lambda: c.createPattern("/a.bmp", "repeat"), "createPattern:fail not supported"),
        (lambda: setattr(c, "globalCompositeOperation", "xor"), "globalCompositeOperation:fail not supported: xor"),
        (lambda: setattr(c, "font", "large"), "font takes a text"),
        (lambda: setattr(c, "shadowBlur", -1), "shadowBlur takes a number from 0 to 100"),
        (lambda: c.measureText(None), "measureText takes a String, not a Null"),
    ):
        _fails(call, text)
    assert c.getActions() == []


def test_a_mistake_leaves_the_canvas_as_it_was():
    made = _drawn(lambda c: c.fillRect(0, 0, 5, 5))
    for actions, text in (
        ([("fill_rect", 0, 0, 9, 9), ("arc", 1, 1, -5, 0, 1)], "action 1, arc: the radius is -5"),
        ([("fill_rect", 0)], "action 0, fill_rect"),
        ([("set", "shapes", 5)], "action 0, set: no shapes"),
        ([("scale", 1e5, 1)] * 3, "the transform becomes"),
    ):
        _fails(lambda actions=actions: made.run(actions, True), text)
        assert _pixel(made, 2, 2)[3] == 255 and _pixel(made, 8, 8)[3] == 0 and len(made.shapes.shapes) == 1


def test_memory_is_bounded_and_said():
    def points(c):
        c.beginPath()
        for number in range(1500):
            c.lineTo(number % 40, number % 7)

    def many(c):
        points(c)
        c.stroke()

    _fails(lambda: _drawn(many), "there is no room for", "fail out of memory")

    def longer(c):
        points(c)
        points(c)

    _fails(lambda: _drawn(longer), "more than 2000 actions", "fail out of memory")  # a board's heap may be full before
    _fails(
        lambda: _drawn(lambda c: [c.fillRect(0, 0, 1 + n % 9, 1) for n in range(1200)]),
        "no room for",
        "fail out of memory",
    )
    _fails(lambda: Canvas(0, 5), "a canvas of 0x5")
    _fails(lambda: Canvas(5, 1001), "a canvas of 5x1001")

    def huge(c):
        c.setLineWidth(9999)
        c.setLineDash([0.001, 0.001])
        c.strokeRect(-1e8, -1e8, 2e8, 2e8)

    _fails(lambda: _drawn(huge), "there is no room for so many")


def test_shapes_that_are_nothing_paint_nothing():
    def draw(c):
        for width, height in ((0, 5), (5, 0), (0, 0)):
            c.fillRect(3, 3, width, height)
        c.beginPath()
        c.fill()
        c.stroke()
        c.closePath()
        c.moveTo(5, 5)
        c.fill()
        c.stroke()
        c.setFillStyle(c.createLinearGradient(0, 0, 9, 9))  # without colors
        c.fillRect(0, 0, 9, 9)
        gradient = c.createLinearGradient(4, 4, 4, 4)
        gradient.addColorStop(0, "red")
        c.setFillStyle(gradient)
        c.fillRect(0, 0, 9, 9)
        c.setFillStyle("red")
        c.fillRect(90, 90, 9, 9)
        c.scale(0, 1)
        c.fillRect(0, 0, 9, 9)
        c.fillText("", 5, 5)
        c.setGlobalAlpha(0)
        c.setTransform(1, 0, 0, 1, 0, 0)
        c.fillRect(0, 0, 9, 9)

    assert not any(_rgba(_drawn(draw)))


def test_canvases_go_by_page_and_id():
    class Page:
        """As much of one as is needed."""

    page, changed = Page(), []
    made = canvas.attach(page, "one", 20, 10, lambda: changed.append(1))
    assert canvas.find(page, "one") is made
    made.run([], False)
    assert changed == [1]
    _fails(lambda: canvas.find(page, "two"), "canvas two is not found")
    _fails(lambda: canvas.find(Page(), "one"), "canvas one is not found")
    canvas.detach(page, "one")
    canvas.detach(page, "one")
    _fails(lambda: canvas.find(page, "one"), "canvas one is not found")
    replay.release()


def _unpacked(data):
    import deflate

    return deflate.DeflateIO(io.BytesIO(data), deflate.ZLIB).read()


def test_runs_are_packed_and_come_out_again():
    for data in (b"", b"a", b"ab" * 50, bytes(300), bytes(range(256)) * 2, b"\xff" * 3, b"x" * 260 + b"y" * 4 + b"zz"):
        for size in (1, 7, 1000):
            file = io.BytesIO()
            stream = Deflated(file)
            for at in range(0, len(data), size):
                stream.write(data[at : at + size])
            stream.close()
            assert _unpacked(file.getvalue()) == data, (data[:9], size)
    lengths = list(range(1, 30)) + [
        99,
        130,
        131,
        162,
        163,
        226,
        227,
        257,
        258,
        259,
        260,
        261,
        262,
        515,
        516,
        517,
        518,
        600,
    ]
    file = io.BytesIO()
    stream = Deflated(file)
    for length in lengths:
        stream.write(bytes([length & 255]) * length)
    stream.close()
    assert _unpacked(file.getvalue()) == b"".join([bytes([length & 255]) * length for length in lengths])


def test_a_png_holds_the_pixels():
    made = _drawn(_mixture)
    file = io.BytesIO()
    for _ in export.write_png(file, export.rows(made.shapes, 0, 0, 40, 30), 40, 30):
        pass
    data = file.getvalue()
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and data[16:29] == b"\0\0\0\x28\0\0\0\x1e\x08\x06\0\0\0"
    at, packed = 8, b""
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        assert int.from_bytes(data[at + 8 + size : at + 12 + size], "big") == binascii.crc32(body, binascii.crc32(name))
        packed += body if name == b"IDAT" else b""
        at += 12 + size
    lines = bytearray(_unpacked(packed))
    above, found = bytearray(160), bytearray()
    for start in range(0, len(lines), 161):
        assert lines[start] == 2
        for place in range(160):
            above[place] = above[place] + lines[start + 1 + place] & 255
        found += above
    assert found == _rgba(made)


def test_a_size_of_its_own_takes_the_pixels_that_are_there():
    made = _drawn(lambda c: c.fillRect(0, 0, 20, 30))
    for width, height in ((4, 3), (80, 60)):
        rows = [bytes(row) for row in export.scaled(made.shapes, (0, 0, 40, 30), width, height)]
        half = b"\0\0\0\xff" * (width // 2) + bytes(2 * width)
        assert rows == [half] * height


def test_wild_numbers_draw_something_or_say_why():
    import random

    random.seed(8)
    sizes = (0, 1e-6, 0.5, 3, 20, 41, 500, 1e5, 9e8)

    def number():
        return random.choice(sizes) * random.choice((-1, 1, 0.7))

    drawn = 0
    surface = Surface(40 * 30 * 2)
    for _ in range(120):
        c = wx.createContext()
        c.setLineWidth(random.choice((0, 0.1, 1, 7, 300)))
        c.setLineJoin(random.choice(("miter", "round", "bevel")))
        c.setLineCap(random.choice(("butt", "round", "square")))
        c.setLineDash(random.choice(([], [0, 0], [5], [0, 3], [400, 9])))
        c.setShadow(number() % 50, 3, random.choice((0, 9)), "rgba(0,0,255,.5)")
        c.transform(number() / 9, 0.1, 0, 1, number() / 1e4, 3)
        for name, count in (
            ("moveTo", 2),
            ("lineTo", 2),
            ("bezierCurveTo", 6),
            ("quadraticCurveTo", 4),
            ("rect", 4),
            ("lineTo", 2),
        ):
            getattr(c, name)(*[number() for _ in range(count)])
        c.arc(number(), number(), abs(number()), number(), number(), random.choice((True, False)))
        c.arcTo(number(), number(), number(), number(), abs(number()))
        random.choice((c.fill, c.stroke))()
        c.closePath()
        c.clip()
        c.fillText("x", number(), number())
        c.strokeRect(number(), number(), number(), number())
        made = Canvas(40, 30)
        try:
            made.run(c.getActions(), False)
        except KioskError as exc:
            assert "there is no room" in exc.reason or "the transform becomes" in exc.reason, exc.reason
            continue
        surface.aim(0, 0, 40, 30)
        made.draw(surface, 0, 0)
        drawn += 1
    assert drawn > 60, drawn
