"""The loops over pixels: viper against plain Python, and both against what they promise."""

import random
from array import array

import kiosk
from kiosk.ui.paint import font, pixels, plainpixels

_NAMES = ("fill", "blend", "locate", "draw", "corners", "pick", "layer", "find")


def _noise(count, seed=1):
    random.seed(seed)
    return bytearray(random.getrandbits(8) for _ in range(count))


def _both(name, state, *rest):
    """The same call in both, each on its own copy of a noisy buffer of 32x16; what they made of it."""
    index = _NAMES.index(name)
    made = []
    for functions in (kiosk._pixels, plainpixels.PLAIN):
        buffer = _noise(32 * 16 * 2)
        numbers = array("i", state + [0] * (16 - len(state)))
        if name == "draw":  # after what it draws has been located
            spots = array("H", bytes(256))
            answer = functions[index - 1](*rest, numbers, spots)
            functions[index](buffer, rest[0], spots, numbers)
            made.append((buffer, answer, list(numbers), list(spots)))
            continue
        if name in ("fill", "corners"):
            made.append((buffer, functions[index](buffer, numbers, *rest), list(numbers)))
            continue
        functions[index](buffer, *rest, numbers)
        made.append((buffer,))
    assert made[0] == made[1], (name, state)
    return made[0][0]


def _pixel(buffer, x, y):
    at = (y * 32 + x) * 2
    return buffer[at] << 8 | buffer[at + 1]


def test_machine_code_is_there():
    assert kiosk._pixels is not plainpixels.PLAIN, "no native emitter"


def test_a_colour_is_what_a_display_takes():
    assert pixels.rgb565(0xFFFFFF) == 0xFFFF and pixels.rgb565(0) == 0
    assert (pixels.rgb565(0xFF0000), pixels.rgb565(0x00FF00), pixels.rgb565(0x0000FF)) == (0xF800, 0x07E0, 0x001F)


def test_blending_goes_from_what_was_to_the_colour():
    before = _noise(32 * 16 * 2)
    for color in (0, 0xFFFFFF, 0x12AB9F):
        for cover in (0, 1, 7, 16, 31, 32):
            made = _both("blend", [3 * 32 + 5, 11, 9, 32, pixels.spread(color), cover])
            for y in range(16):
                for x in range(32):
                    inside = 5 <= x < 16 and 3 <= y < 12
                    if not inside or cover == 0:
                        assert _pixel(made, x, y) == _pixel(before, x, y)
                    elif cover == 32:
                        assert _pixel(made, x, y) == pixels.rgb565(color)
                    else:
                        for shift, mask in ((11, 31), (5, 63), (0, 31)):
                            old = _pixel(before, x, y) >> shift & mask
                            end = pixels.rgb565(color) >> shift & mask
                            new = _pixel(made, x, y) >> shift & mask
                            assert abs(new * 32 - (old * (32 - cover) + end * cover)) <= 32


def test_a_fill_is_the_colour_and_nothing_beside_it():
    before = _noise(32 * 16 * 2)
    for alpha in (-5, 0, 100, 255):
        for box in ((0, 0, 99, 99), (-300000, -300000, 600000, 600000), (12, 9, 5, 5), (11, 8, -4, 9), (30, 20, 9, 1)):
            _both("fill", [0] * 16 + [3, 2, 21, 12, 9, 7, 32], *box, 0x12AB9F, alpha)
    for at in (0, 1, 32, 33, 70):
        for width in (0, 1, 2, 15, 16, 17, 31):
            for height in (0, 1, 5):
                clip = [0, 0, 32, 16, 9, 7, 32]
                place = (at % 32 + 9, at // 32 + 7)
                made = _both("fill", [0] * 16 + clip, *place, width, height, 0x12AB9F, 255)
                for place in range(32 * 16):
                    row, column = divmod(place - at, 32)
                    inside = place >= at and row < height and column < min(width, 32 - at % 32)
                    wanted = pixels.rgb565(0x12AB9F) if inside else before[2 * place] << 8 | before[2 * place + 1]
                    assert made[2 * place] << 8 | made[2 * place + 1] == wanted, (at, width, height, place)


def test_nothing_is_blended_into_nothing():
    before = _noise(32 * 16 * 2)
    for width, height in ((0, 5), (5, 0)):
        assert _both("blend", [0, width, height, 32, 0, 32]) == before


def test_characters_at_any_scale_and_place():
    for data in (font._data("regular12"), font._data("cjk16")):
        count = data[8] | data[9] << 8
        for text in ("Ag,j", "é\u200b|\n你W", "", "\U0001f600a", "一A"):
            for scale in (1, 2, 3):
                for x, y in ((0, 0), (-7, -5), (13, 9), (-400, 3), (40, 0), (3, 400), (3, -60)):
                    for missing, later, opacity in ((0, 0, 32), (9, 0, 13), (0, 1, 32), (5, 1, 0)):
                        clip = [0, 0, 32, 16] if scale != 2 else [4, 3, 20, 12]
                        state = (
                            [x + 32768, y + 32768]
                            + clip
                            + [32, pixels.spread(0x4080C0), opacity, count, scale, 0, len(text), missing, later]
                        )
                        _both("draw", state, data, text)


def test_corners_of_every_kind():
    clip = [0] * 4 + [pixels.spread(0xFF8000), 29] + [0] * 10 + [2, 1, 31, 15, 100, 50, 32]
    for radius in (0, 1, 2, 5, 7):
        for border in (0, 1, 2, radius, radius + 3):
            for box in ((104, 52, 24, 12), (95, 45, 40, 26), (130, 60, 20, 20), (60, 50, 50, 16), (100, 30, 20, 21)):
                _both("corners", clip, *box, max(radius, border), radius, border)


def test_a_corner_is_round():
    """Against the circle itself: a pixel is covered as much as one in a hundred of its points lie inside."""
    buffer = bytearray(32 * 16 * 2)
    state = array("i", [0] * 4 + [pixels.spread(0xFFFFFF), 32] + [0] * 10 + [0, 0, 12, 12, 0, 0, 32])
    pixels.corners(buffer, state, 0, 0, 30, 30, 12, 12, 0)
    for y in range(12):
        for x in range(12):
            inside = 0
            for point in range(100):
                far = (12 - x - point % 10 / 10 - 0.05) ** 2 + (12 - y - point // 10 / 10 - 0.05) ** 2
                inside += far <= 144
            green = _pixel(buffer, x, y) >> 5 & 63
            assert abs(green / 63 - inside / 100) < 0.17, (x, y, green, inside)


def test_pictures_of_every_depth():
    source = bytes(_noise(600, 3))
    palette = bytes(_noise(512, 4))
    for depth in (1, 2, 3, 4):
        for step in (16384, 9000, 40000):
            for cover in (32, 10):
                for little in (0, 1):
                    _both("pick", [40, 25, 8000, step, depth, cover, 9, little], source, palette)


def test_a_picture_with_opacity_is_laid_over():
    source = _noise(9 + 40 * 3, 5)
    before = _noise(32 * 16 * 2)
    for place in (9 + 80, 9 + 81, 9 + 82):
        source[place] = (0, 128, 255)[place - 9 - 80]
    for step in (16384, 5000, 30000):
        for cover in (0, 9, 32):
            made = _both("layer", [40, 20, 0, step, 9 + 80, cover, 9], source)
            if step == 16384:
                assert _pixel(made, 8, 1) == _pixel(before, 8, 1)  # transparent
                if cover == 32:
                    assert _pixel(made, 10, 1) == source[13] << 8 | source[14]  # opaque
                    assert _pixel(made, 9, 1) not in (_pixel(before, 9, 1), source[11] << 8 | source[12])


def test_a_character_is_found_by_halves():
    font = bytearray(12 + 10 * 57)
    for index in range(57):
        code = 40 + 3 * index + 200 * index
        font[12 + 10 * index] = code & 255
        font[13 + 10 * index] = code >> 8
    for code in range(12000):
        assert pixels.find(font, 57, code) == plainpixels.plain_find(font, 57, code)
    assert pixels.find(font, 57, 40) == 12 and pixels.find(font, 57, 41) == 0 and pixels.find(font, 0, 40) == 0
