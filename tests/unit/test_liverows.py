"""Moving pictures on a display that keeps what it is sent: where they are, what lies over them; and frames for mini-programs."""

import sys

sys.path.insert(0, "drivers")

from test_boardscreen import BLACK, BLUE, GREEN, RED, WHITE, element, filled, painted, rule, shown

from kiosk.camera import pixelframes
from kiosk.ui import components
from kiosk.ui.components.component import Base
from kiosk.ui.liverows import LiveRows


def picture(width, height, color=None):
    """Pixels: each has its row in the upper byte and its column in the lower one, or all a color."""
    found = bytearray()
    for row in range(height):
        for column in range(width):
            found += bytes((row, column) if color is None else (color >> 8, color & 0xFF))
    return memoryview(found)


class Player(Base):
    """A component whose picture comes by itself."""

    def draw(self, surface, place, look, opacity):
        """Black."""
        surface.fill_rect(*place, 0, opacity)


async def playing(nodes, rules):
    """(screen, display, page, LiveRows of the first <canvas>)"""
    made = components.made
    components.made = lambda node, view: Player(node, view) if node.tag == "canvas" else None
    try:
        screen, display, page = await shown(nodes, rules)
    finally:
        components.made = made
    view = screen.shown[1]
    component = next(each for each in view._components if isinstance(each, Player))
    return screen, display, page, LiveRows(component)


def player(*children):
    return ("canvas", ("class", "player"), (), (), children, 0)


_PLAYER = rule("player", ("width", 24 << 9, "height", 12 << 9, "margin-left", 10 << 9, "margin-top", 6 << 9))


def put(rows, pixels, width, step):
    for at in range(0, len(pixels), 2 * width * step):
        rows.put(pixels[at : at + 2 * width * step])


async def test_a_picture_as_large_as_the_box():
    for step in (1, 5, 12):
        screen, display, _, rows = await playing((player(),), (_PLAYER,))
        assert display.pixel(12, 8) == BLACK and display.pixel(9, 8) == WHITE
        assert rows.begin(24, 12)
        put(rows, picture(24, 12), 24, step)
        for x, y in ((0, 0), (23, 0), (0, 11), (23, 11), (7, 6)):
            assert display.pixel(10 + x, 6 + y) == y << 8 | x, (x, y)
        assert display.pixel(9, 6) == display.pixel(34, 17) == display.pixel(10, 18) == WHITE


async def test_larger_and_smaller_ones_lie_in_the_middle():
    screen, display, _, rows = await playing((player(),), (_PLAYER,))
    assert rows.begin(30, 20)
    put(rows, picture(30, 20), 30, 3)
    assert display.pixel(10, 6) == 4 << 8 | 3 and display.pixel(33, 17) == 15 << 8 | 26
    assert display.pixel(9, 6) == display.pixel(34, 17) == display.pixel(20, 18) == WHITE
    assert rows.begin(20, 8)
    put(rows, picture(20, 8, RED), 20, 3)
    assert display.pixel(12, 8) == display.pixel(31, 15) == RED
    assert display.pixel(11, 8) == 6 << 8 | 4 and display.pixel(12, 16) == 14 << 8 | 5


async def test_what_lies_over_it_stays():
    over = rule("over", ("width", 6 << 9, "height", 4 << 9), filled(GREEN))
    screen, display, _, rows = await playing((player(element("over")),), (_PLAYER, over))

    class Layer:
        box = (30, 14, 30, 26)
        is_modal = False

        def draw(self, surface):
            surface.fill_rect(*self.box, 0x0000F8)

        def touched(self, phase, x, y):
            """Nothing."""

    screen.layers.put(Layer(), 1)
    await painted(screen)
    assert rows.begin(24, 12)
    put(rows, picture(24, 12, RED), 24, 2)
    assert display.pixel(10, 6) == display.pixel(15, 9) == GREEN
    assert display.pixel(16, 6) == display.pixel(10, 10) == display.pixel(29, 17) == RED
    assert display.pixel(30, 14) == display.pixel(33, 17) == BLUE and display.pixel(30, 13) == RED


async def test_what_is_not_seen_is_not_sent():
    far = rule("player", ("width", 24 << 9, "height", 12 << 9, "margin-top", 100 << 9))
    screen, display, page, rows = await playing((player(),), (far,))
    display.windows.clear()
    assert not rows.begin(24, 12)
    put(rows, picture(24, 12), 24, 2)
    assert display.windows == []
    low = rule("player", ("width", 80 << 9, "height", 12 << 9, "margin-top", 35 << 9))
    screen, display, page, rows = await playing((player(),), (low,))
    display.windows.clear()
    assert rows.begin(80, 12)
    put(rows, picture(80, 12), 80, 2)
    assert display.windows == [(0, 35, 60, 2), (0, 37, 60, 2), (0, 39, 60, 1)]
    assert display.pixel(59, 39) == 4 << 8 | 59
    screen.closed(page)
    assert not rows.begin(80, 12)


async def test_pixels_for_a_mini_program():
    heard = []
    for width, height in ((8, 6), (16, 12), (40, 20)):
        frames = pixelframes.PixelFrames(width, height, heard.append)
        pixelframes.camera.kind, pixelframes.camera.size = "rgb565", (24, 18)
        pixels = picture(24, 18)
        for step in (1, 7, 18):
            frames.begin(len(pixels), 0)
            for at in range(0, len(pixels), 48 * step):
                await frames.write(pixels[at : at + 48 * step])
            await frames.end(True)
            found = heard.pop()
            assert (found.width, found.height, len(found.data)) == (width, height, 4 * width * height)
            for y in range(height):
                row = (2 * y + 1) * 18 // (2 * height)
                for x in (0, width // 2, width - 1):
                    column = ((24 << 14) // width * (2 * x + 1) >> 1) >> 14
                    value = row << 8 | column
                    red, green, blue = value >> 11 << 3, (value >> 5 & 63) << 2, (value & 31) << 3
                    expected = (red | red >> 5, green | green >> 6, blue | blue >> 5, 255)
                    at = 4 * (y * width + x)
                    assert tuple(found.data[at : at + 4]) == expected, (x, y)
        frames.begin(len(pixels), 0)
        await frames.write(pixels[:48])
        await frames.end(False)
        pixelframes.camera.kind = "jpeg"
        frames.begin(100, 0)
        await frames.write(pixels[:100])
        await frames.end(True)
        assert heard == []
