"""Transforms: how they are written, where they put things, and the loops that sample texts and pictures."""

from array import array

from kiosk.ui import gradient, transform, transformed
from kiosk.ui.canvas import coverage
from kiosk.ui.paint.surface import Surface
from kiosk.ui.transformed import notation, plainsampling, sampling
from kiosk.ui.transformed.surface import TurnedSurface


def _px(text, is_down):
    return float(text[:-2]) if text.endswith("px") else float(text[:-1]) * (2 if is_down else 1)


def _fails(reason, function, *args):
    try:
        function(*args)
    except ValueError as exc:
        assert reason in str(exc), exc
        return
    raise AssertionError("nothing was wrong: " + reason)


def test_what_is_written_is_read():
    for text, wanted in (
        ("none", []),
        ("rotate(45deg)", [("rotate", [45])]),
        ("rotate(0.25turn) skewX(100grad)", [("rotate", [90]), ("skewX", [90])]),
        ("translate(3px, 10%) scale(2)", [("translate", [3, 20]), ("scale", [2, 2])]),
        (" translateY( 5% ),skew(0) ", [("translateY", [10]), ("skew", [0, 0])]),
        ("rotate3d(1, 0, 0, 60deg)", [("rotate3d", [1, 0, 0, 60])]),
    ):
        found = notation.functions(text, _px)
        assert [(name, [round(value, 3) for value in values]) for name, values in found] == wanted, (text, found)
    assert notation.origin("right", _px) == (100, 100) and notation.origin("top 5px", _px) == (5, 0)
    assert notation.origin("1px 2px 3px", _px) == (1, 2)


def test_what_is_wrong_is_said():
    for text, reason in (
        ("rotate", "is no list of functions"),
        ("rotate(45deg", "is no list of functions"),
        ("rotate(45)", "45 has no unit"),
        ("rotate(x)", "x is no number"),
        ("rotate(nandeg)", "is no number for rotate"),
        ("scale(1, 2, 3)", "no transform scale of 3 numbers"),
        ("spin(1)", "no transform spin"),
        ("perspective(9px)", "perspective() is not supported"),
    ):
        _fails(reason, notation.checked, "transform", text)
    for text, reason in (
        ("1px 2px 3px 4px", "is no transform-origin"),
        ("auto", "is no length"),
        ("left left", "is no transform-origin"),
    ):
        _fails(reason, notation.checked, "transform-origin", text)


def test_a_matrix_and_its_inverse_undo_each_other():
    one = transform.flat([("rotate", [30]), ("skew", [20, 0]), ("translate", [5, 7])])
    whole = transformed.product(one, transformed.inverse(one))
    assert all(abs(a - b) < 1e-5 for a, b in zip(whole, (1, 0, 0, 1, 0, 0))), whole
    assert transformed.about((0, 0, 0, 0, 1, 1), 5, 5) is None
    assert transformed.around([0.5, 1.5, -2.5, 9]) == (-3, 1, 4, 8)


def test_gradients_are_read():
    for text, reason in (
        ("url(a)", "no url(...) or linear-gradient(...)"),
        ("linear-gradient(red)", "two colors"),
        ("linear-gradient(to left left, red, blue)", "no direction to left left"),
        ("linear-gradient(5, red, blue)", "5 has no unit"),
        ("linear-gradient(red, blue 120%)", "not between 0% and 100%"),
        ("linear-gradient(red, plaid)", "plaid"),
    ):
        _fails(reason, gradient.Linear, text)
    assert gradient._placed(["red", "lime", "blue 80%", "rgb(1, 2, 3)"]) == [
        (0, "red"),
        (0.4, "lime"),
        (0.8, "blue"),
        (1, "rgb(1, 2, 3)"),
    ]
    assert gradient.Linear("linear-gradient(0deg, red, blue)")._direction(9, 9) == (0, -1)


def test_the_loops_do_as_those_in_python():
    source = bytearray((at * 37 + at // 7) & 255 for at in range(12 * 8 * 2))
    opacity = bytearray((at * 91) & 255 for at in range(12 * 8 * 2))
    for u, v, du, dv in ((600, -900, 700, 300), (9000, 8000, -433, -250), (-2000, 3000, 1024, 0), (5000, 0, 0, 1024)):
        state = array("i", bytes(4 * 28))
        state[3] = 30
        state[14], state[15], state[16], state[17] = [0x20000000 + value for value in (u, v, du, dv)]
        state[18], state[22], state[23] = 0x1234, 12, 8
        found = []
        for function, plain, more in (
            (sampling.letters, plainsampling.plain_letters, ()),
            (sampling.texture, plainsampling.plain_texture, (opacity,)),
        ):
            fast, slow = array("i", bytes(120)), array("i", bytes(120))
            function(fast, source, *more, array("i", state))
            plain(slow, source, *more, array("i", state))
            assert fast == slow, (function, fast, slow)
            found += fast
        assert len(set(found)) > 5
    assert sampling.letters is not plainsampling.plain_letters and coverage.solid


def test_strips_meet_without_a_seam():
    """What is painted in strips is what is painted at once."""
    whole = Surface(60 * 60 * 2)
    whole.aim(0, 0, 60, 60)
    _paint(whole)
    for rows in (7, 20):
        strip = Surface(60 * rows * 2)
        for top in range(0, 60, rows):
            count = min(rows, 60 - top)
            strip.aim(0, top, 60, count)
            _paint(strip)
            wanted = whole.buffer[top * 120 : (top + count) * 120]
            for at in range(0, count * 120, 2):  # an edge that is cut is cut to 1/32 px
                assert abs((strip.buffer[at] >> 3) - (wanted[at] >> 3)) <= 2, (rows, top, at)
    assert len(set(whole.buffer)) > 4


def _paint(surface):
    surface.fill_rect(0, 0, 60, 60, 0xFFFFFF)
    turned = TurnedSurface(surface, transformed.about((0.8, 0.6, -0.6, 0.8), 30, 30), {})
    turned.rounded_rect(10, 10, 40, 40, 8, 0x3060C0, 200)
    before = turned.clip(12, 12, 20, 90)
    turned.border(14, 14, 30, 30, 0, 3, 0xC00000)
    turned.unclip(before)
    assert turned.is_hidden(200, 200, 5, 5)
