"""Animations: what export() gives, and the values at a time, against hand-reckoned ones and Chromium's."""

import wx
from kiosk import api
from kiosk.ui import animation, colors, transform
from kiosk.ui.animation import Animation

# Chromium 143's progress of a linear animation with this easing, at 10, 25, 50, 75 and 90 %; tests/system/pages/test_animation.py asks anew.
EASED = {
    "linear": (0.1, 0.25, 0.5, 0.75, 0.9),
    "ease": (0.0948, 0.4085, 0.8024, 0.9605, 0.9943),
    "ease-in": (0.0170, 0.0935, 0.3154, 0.6220, 0.8394),
    "ease-out": (0.1606, 0.3780, 0.6846, 0.9065, 0.9830),
    "ease-in-out": (0.0197, 0.1292, 0.5, 0.8708, 0.9803),
    "step-start": (1, 1, 1, 1, 1),
    "step-end": (0, 0, 0, 0, 0),
}


def _near(one, other, off=0.001):
    return len(one) == len(other) and all(abs(a - b) <= off * max(1, abs(b)) for a, b in zip(one, other))


def _run(made, **start):
    return Animation(made.export(), start)


def _fails(call, text):
    try:
        call()
    except (api.Error, ValueError) as exc:
        assert text in str(exc), exc
        return
    raise AssertionError("no failure")


def test_an_export_has_wechats_shape_and_clears():
    made = wx.createAnimation(duration=1000, timingFunction="ease")
    assert made.scale(2, 2).rotate(45).step() is made
    made.translate(30).opacity(0.5).width(10).height("5%").backgroundColor("#ff0000").step(
        {"duration": 200, "delay": 7}
    )
    steps = made.export()["actions"]
    assert steps[0] == {
        "animates": [{"type": "scale", "args": [2, 2]}, {"type": "rotate", "args": [45]}],
        "option": {
            "transformOrigin": "50% 50% 0",
            "transition": {"duration": 1000, "timingFunction": "ease", "delay": 0},
        },
    }
    assert [(one["type"], one["args"]) for one in steps[1]["animates"]] == [
        ("scale", [2, 2]),
        ("rotate", [45]),
        ("translate", [30, 0]),
        ("style", ["opacity", 0.5]),
        ("style", ["width", "10px"]),
        ("style", ["height", "5%"]),
        ("style", ["background-color", "#ff0000"]),
    ]
    assert steps[1]["option"]["transition"] == {"duration": 200, "timingFunction": "ease", "delay": 7}
    assert made.export() == {"actions": []}
    made.rotate(90).step()
    assert [one["args"] for one in made.export()["actions"][0]["animates"]][:2] == [[2, 2], [90]]


def test_the_defaults_are_the_documented_ones():
    made = wx.createAnimation()
    for name in ("scale", "matrix", "matrix3d", "rotate3d", "scale3d", "translate3d", "skew"):
        getattr(made, name)()
    made.scale(3)
    made.step()
    step = made.export()["actions"][0]
    assert step["option"]["transition"] == {"duration": 400, "timingFunction": "linear", "delay": 0}
    args = {one["type"]: one["args"] for one in step["animates"]}
    assert args["scale"] == [3, 3] and args["matrix"] == [1, 0, 0, 1, 1, 1] and args["rotate3d"] == [0, 0, 0, 0]
    assert args["matrix3d"][::5] == [1, 1, 1, 1] and sum(args["matrix3d"]) == 4 and args["scale3d"] == [1, 1, 1]


def test_bad_arguments_are_told_and_change_nothing():
    made = wx.createAnimation()
    made.rotate(5)
    nan = float("nan")
    for call, text in (
        (
            lambda: wx.createAnimation(duration="5"),
            "createAnimation:fail parameter error: parameter.duration should be",
        ),
        (lambda: wx.createAnimation(5), "parameter should be Object instead of Number"),
        (lambda: wx.createAnimation(duration=nan), "parameter.duration"),
        (lambda: wx.createAnimation(duration=-1), "parameter.duration"),
        (lambda: wx.createAnimation(timingFunction="bounce"), "parameter.timingFunction should be one of"),
        (lambda: made.step(delay=float("inf")), "step:fail parameter error: parameter.delay"),
        (lambda: made.rotate("5"), "rotate takes numbers, not String"),
        (lambda: made.scale(1, nan), "scale takes numbers, not nan"),
        (lambda: made.translate(1, 2, 3), "translate takes 2 numbers"),
        (lambda: made.opacity("0.5"), "opacity takes numbers, not String"),
        (lambda: made.width(None), "width takes numbers, not Null"),
        (lambda: made.backgroundColor(0xFF0000), "parameter.value should be String"),
    ):
        _fails(call, text)
    made.step()
    assert [one["type"] for one in made.export()["actions"][0]["animates"]] == ["rotate"]

    def forgotten():
        for _ in range(1000):
            made.step()

    _fails(forgotten, "more than 200 steps")
    assert len(made.export()["actions"]) == 200


def test_timing_functions_are_cubic_beziers():
    for name, wanted in EASED.items():
        found = [animation.eased(name, share) for share in (0.1, 0.25, 0.5, 0.75, 0.9)]
        assert _near(found, wanted), (name, found)
    for name in EASED:
        assert animation.eased(name, 1) == 1 and (animation.eased(name, 0) == 0 or name == "step-start")
    _fails(lambda: animation.eased("bounce", 0), "no timing function bounce")


def test_values_go_from_the_start_to_the_end():
    made = wx.createAnimation(duration=100, delay=50)
    run = _run(made.opacity(0).width(30).step().width("50px").step(duration=0), opacity=1.0, width=10.0)
    assert run.duration_ms == 200
    for ms, opacity, width in ((-5, 1, 10), (49, 1, 10), (50, 1, 10), (100, 0.5, 20), (149, 0.01, 29.8), (150, 0, 30)):
        values = run.at(ms)
        assert set(values) == {"opacity", "width"} and _near((values["opacity"], values["width"]), (opacity, width)), ms
    assert run.at(199)["width"] == 30 and run.at(200)["width"] == 50 and run.at(9999)["opacity"] == 0
    assert run.ends["width"] == 50 and run.ends["opacity"] == 0
    assert Animation({"actions": []}, {}).at(5) == {}


def test_a_delay_below_zero_begins_in_the_middle():
    run = _run(wx.createAnimation(duration=100, delay=-40).left(100).step(), left=0.0)
    assert _near([run.at(0)["left"], run.at(30)["left"]], [40, 70]) and run.duration_ms == 60


def test_colors_are_mixed_by_their_alpha():
    run = _run(wx.createAnimation(duration=100).backgroundColor("#ff0000").step())
    assert run.at(0) == {"background-color": 0}
    half = run.at(50)["background-color"]
    assert half >> 16 == 128 and half & 0xFFFF == 0xF800
    run = _run(
        wx.createAnimation(duration=100).backgroundColor("white").step(), **{"background-color": colors.color("black")}
    )
    assert run.at(50)["background-color"] == 255 << 16 | 16 << 11 | 32 << 5 | 16


def test_transforms_are_matrices():
    for functions, wanted in (
        ([], (1, 0, 0, 1, 0, 0)),
        ([("translate", [10, 20]), ("scale", [2, 3])], (2, 0, 0, 3, 10, 20)),
        ([("scale", [2, 3]), ("translate", [10, 20])], (2, 0, 0, 3, 20, 60)),
        ([("rotate", [90])], (0, 1, -1, 0, 0, 0)),
        ([("skew", [45, 0])], (1, 0, 1, 1, 0, 0)),
        ([("skewY", [45])], (1, 1, 0, 1, 0, 0)),
        ([("matrix", [1, 2, 3, 4, 5, 6])], (1, 2, 3, 4, 5, 6)),
        ([("rotateX", [60])], (1, 0, 0, 0.5, 0, 0)),
        ([("rotateY", [60])], (0.5, 0, 0, 1, 0, 0)),
        ([("rotateX", [60]), ("rotateX", [-60])], (1, 0, 0, 1, 0, 0)),
        ([("rotate3d", [0, 0, 5, 90])], (0, 1, -1, 0, 0, 0)),
        ([("rotate3d", [0, 0, 0, 90])], (1, 0, 0, 1, 0, 0)),
        ([("rotateY", [90]), ("translateZ", [40])], (0, 0, 0, 1, 40, 0)),
        ([("translate3d", [1, 2, 3]), ("scale3d", [4, 5, 6]), ("scaleZ", [7])], (4, 0, 0, 5, 1, 2)),
    ):
        assert _near(transform.flat(functions), wanted), (functions, transform.flat(functions))
    _fails(lambda: transform.flat([("rotate", [1, 2])]), "no transform rotate of 2 numbers")
    _fails(lambda: transform.flat([("spin", [1])]), "no transform spin")
    _fails(lambda: transform.flat([("rotate", [float("nan")])]), "is no number")


def test_transforms_are_mixed_function_by_function():
    made = wx.createAnimation(duration=100)
    run = _run(made.rotate(180).step().translate(100, 0).step())
    assert _near(run.at(50)["transform"], (0, 1, -1, 0, 0, 0))
    assert _near(run.at(150)["transform"], (-1, 0, 0, -1, -50, 0))  # what the first step has set stays
    assert run.at(150)["transform-origin"] == "50% 50% 0"
    again = Animation(made.rotate(0).step().export(), run.ends)
    assert _near(again.at(50)["transform"], (0, 1, -1, 0, 0, 100)) and again.at(100)["transform"][4] == 100


def test_other_transforms_are_mixed_as_matrices():
    # From rotate(90deg) to scale(3): Chromium's, 45 degrees and twice the size.
    found = transform.between([("rotate", [90])], [("scale", [3, 3])], 0.5)
    assert _near(found, (1.41421, 1.41421, -1.41421, 1.41421, 0, 0))
    found = transform.between([("matrix", [1, 0, 0, 1, 0, 0])], [("matrix", [0, 2, -2, 0, 50, 0])], 0.5)
    assert _near(found, (1.06066, 1.06066, -1.06066, 1.06066, 25, 0))
    flat = [("scaleX", [0])]  # has no inverse
    assert (
        transform.between([("rotate", [90])], flat, 0.4)[1] == 1
        and transform.between([("rotate", [90])], flat, 0.6)[0] == 0
    )


def test_an_origin_is_a_place_in_the_node():
    for text, wanted in (
        ("50% 50% 0", (100, 20)),
        ("left top", (0, 0)),
        ("top left", (0, 0)),
        ("bottom", (100, 40)),
        ("right", (200, 20)),
        ("10px 25%", (10, 10)),
        ("center 5", (100, 5)),
    ):
        assert animation.origin(text, 200, 40) == wanted, text
    for text in ("", "a b", "1 2 3 4"):
        _fails(lambda text=text: animation.origin(text, 1, 1), "")


def test_what_is_no_animation_is_refused():
    good = wx.createAnimation().top(5).step().export()
    for exported in (None, 5, {}, {"actions": 5}, {"actions": [{}]}, {"actions": [{"animates": 5, "option": {}}]}):
        _fails(lambda exported=exported: Animation(exported, {}), "no exported animation")
    _fails(lambda: Animation(good, {}), "the node has no top")
    _fails(lambda: Animation(wx.createAnimation().top("5em").step().export(), {"top": 0.0}), "5em is no length")
    run = Animation(wx.createAnimation().top("5em").step().export(), {"top": 0.0}, lambda name, text: 80.0)
    assert run.at(400)["top"] == 80
