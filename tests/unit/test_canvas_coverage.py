"""The canvas's loops over pixels: viper against plain Python, and both against areas reckoned by hand."""

import random
from array import array

import kiosk
from kiosk.ui.canvas import coverage, plaincoverage
from kiosk.ui.paint import pixels

_NAMES = coverage._NAMES


def _state(**values):
    state = array("i", bytes(4 * 28))
    places = {"count": 0, "left": 1, "top": 2, "right": 3, "bottom": 4, "stride": 5, "place": 8, "width": 9, "colour": 10,
              "opacity": 11, "masked": 12, "copies": 13, "round": 18, "little": 19, "cell": 20}  # fmt: skip
    state[6] = state[7] = 16384
    for at in range(14, 18):
        state[at] = 0x20000000
    state[13] = 1
    for name, value in values.items():
        state[places[name]] = value
    return state


def _both(name, state, *arguments):
    """The same call in both, each on copies of its arguments; what they made of them."""
    made = []
    for functions in (kiosk._coverage, plaincoverage.PLAIN):
        copies = [
            array("i", one)
            if isinstance(one, array)
            and isinstance(one[0], int)
            and name in ("accumulate", "cover")
            and one is arguments[0]
            else bytearray(one)
            if isinstance(one, bytearray)
            else one
            for one in arguments
        ]
        if name in ("ramp", "sample"):
            copies[0] = array("i", arguments[0])
        numbers = array("i", state)
        functions[_NAMES.index(name)](*copies, numbers)
        made.append(copies)
    assert [list(one) for one in made[0]] == [list(one) for one in made[1]], (name, list(state))
    return made[0]


def _covers(edges, window=(0, 0, 8, 4), **more):
    """Rows of the cover of each pixel in a window, from 0 to 32."""
    left, top, right, bottom = window
    stride = right - left + 1
    state = _state(count=len(edges) // 4, left=left, top=top, right=right, bottom=bottom, stride=stride, **more)
    sums = array("i", bytes(4 * stride * (bottom - top)))
    sums = _both(
        "accumulate",
        state,
        sums,
        array("H", edges),
    )[0]
    covers = bytearray(len(sums))
    covers = _both("cover", state, sums, covers, bytearray([16] * len(sums)))[1]
    return [list(covers[row * stride : (row + 1) * stride - 1]) for row in range(bottom - top)]


def _box(x0, y0, x1, y1):
    return [x0, y0, x0, y1, x1, y1, x1, y0]


def test_machine_code_is_there():
    assert kiosk._coverage is not plaincoverage.PLAIN, "no native emitter"


def test_a_rectangle_covers_its_area():
    assert _covers(_box(32, 32, 96, 96)) == [[0] * 8, [0, 32, 32, 0, 0, 0, 0, 0], [0, 32, 32, 0, 0, 0, 0, 0], [0] * 8]
    assert _covers(_box(48, 48, 96, 112)) == [
        [0] * 8,
        [0, 8, 16, 0, 0, 0, 0, 0],
        [0, 16, 32, 0, 0, 0, 0, 0],
        [0, 8, 16, 0, 0, 0, 0, 0],
    ]
    assert _covers(_box(40, 40, 48, 56))[1] == [0, 4, 0, 0, 0, 0, 0, 0]  # 8/32 by 16/32


def test_a_triangle_covers_its_area():
    rows = _covers([0, 0, 128, 128, 128, 128, 0, 128, 0, 128, 0, 0])
    assert rows == [[16] + [0] * 7, [32, 16] + [0] * 6, [32, 32, 16] + [0] * 5, [32, 32, 32, 16] + [0] * 4]
    flat = _covers([0, 0, 256, 32, 256, 32, 0, 32, 0, 32, 0, 0])[0]  # a nearly level edge, over eight pixels
    assert flat == [30, 26, 22, 18, 14, 10, 6, 2]


def test_what_lies_beside_the_window_covers_what_is_in_it():
    whole = _box(0, 0, 800, 800)
    assert _covers(whole, (10, 5, 15, 8)) == [[32] * 5] * 3
    assert _covers(_box(0, 0, 64, 800), (2, 0, 5, 1)) == [[0] * 3]
    assert _covers(_box(800, 0, 900, 800), (2, 0, 5, 1)) == [[0] * 3]
    cut = [0, 0, 320, 320, 320, 320, 0, 320, 0, 320, 0, 0]
    assert _covers(cut, (3, 4, 6, 6)) == [[32, 16, 0], [32, 32, 16]]


def test_winding_more_than_once_is_once_and_both_ways_is_not_at_all():
    assert _covers(_box(0, 0, 64, 32) + _box(32, 0, 96, 32))[0] == [32, 32, 32] + [0] * 5
    back = _box(32, 0, 96, 32)
    back = back[:1] + [32, 32, 0] + back[4:5] + [0, 96, 32]
    assert _covers(_box(0, 0, 64, 32) + back)[0] == [32, 0, 32] + [0] * 5
    assert _covers(_box(0, 0, 64, 32) * 100)[0] == [32, 32] + [0] * 6


def test_a_mask_and_copies_take_their_share():
    assert _covers(_box(0, 0, 64, 32), masked=1)[0][:3] == [16, 16, 0]
    assert _covers(_box(0, 0, 64, 32), copies=4)[0][:3] == [8, 8, 0]


def test_random_shapes_are_the_same_in_both():
    random.seed(5)
    for _ in range(60):
        corners = [random.randrange(700) for _ in range(2 * random.randrange(3, 9))]
        edges = []
        for at in range(0, len(corners), 2):
            edges += corners[at - 2 : at] if at else corners[-2:]
            edges += corners[at : at + 2]
        for window in ((0, 0, 22, 22), (3, 4, 9, 15)):
            _covers(edges, window)


def _noise(count, seed=3):
    random.seed(seed)
    return bytearray(random.getrandbits(8) for _ in range(count))


def test_painting_is_the_same_in_both():
    covers = bytearray(value % 33 for value in _noise(9 * 5))
    for opacity in (0, 7, 32):
        window = {"left": 3, "top": 2, "right": 11, "bottom": 7, "stride": 9, "place": 37, "width": 16}
        made = _both(
            "solid", _state(opacity=opacity, colour=pixels.spread(0x12AB9F), **window), _noise(16 * 16 * 2), covers
        )
        assert opacity or made[0] == _noise(16 * 16 * 2)
        colors = array("i", [random.getrandbits(16) | random.randrange(33) << 16 for _ in range(8)])
        _both("blend", _state(opacity=opacity, cell=9, **window), _noise(16 * 16 * 2), covers, colors)
        _both("restore", _state(cell=18, **window), _noise(16 * 16 * 2), covers, _noise(16 * 16 * 2, 4))


def test_gradients_are_the_same_in_both():
    table = array("i", [5 * at for at in range(128)])
    for circular in (0, 1):
        for u, v, du, dv in (
            (0, 0, 256, 0),
            (-5000, 300, 1000, -77),
            (1 << 28, -(1 << 28), 1 << 17, 1 << 17),
            (3, -900, 0, 9),
        ):
            state = _state(left=0, right=40, round=circular)
            for at, value in enumerate((u, v, du, dv)):
                state[14 + at] = value + 0x20000000
            found = _both("ramp", state, array("i", bytes(160)), table)[0]
            if (u, du) == (0, 256):
                assert list(found) == [5 * at for at in range(40)]


def test_pictures_are_the_same_in_both():
    source = _noise(8 * 8 * 4)
    for depth, little in ((1, 0), (2, 0), (2, 1), (3, 1), (4, 1)):
        for u, v, du, dv in ((0, 0, 16384, 0), (-9999, 5, 8000, 9000), (200000, 99999, -16384, -3)):
            state = _state(left=0, right=20, round=depth, little=little)
            for at, value in enumerate((u, v, du, dv)):
                state[14 + at] = value + 0x20000000
            for at, value in enumerate((8, 8, 0, 8 * depth)):
                state[22 + at] = value
            _both("sample", state, array("i", bytes(80)), source, _noise(512))
