"""Scenarios of the chapter "Animation"; see tests/conformance/proof.py."""

_STYLES = ("opacity", "backgroundColor", "width", "height", "top", "left", "bottom", "right")
_ANGLES = ("rotate", "rotateX", "rotateY", "rotateZ", "skewX", "skewY")
_ONES = ("scaleX", "scaleY", "scaleZ", "translateX", "translateY", "translateZ")
_MORE = (
    ("rotate3d", 4),
    ("scale", 2),
    ("scale3d", 3),
    ("translate", 2),
    ("translate3d", 3),
    ("skew", 2),
    ("matrix", 6),
    ("matrix3d", 16),
)


async def animation_methods(t):
    """wx.createAnimation Animation.opacity Animation.backgroundColor Animation.width Animation.height Animation.top Animation.left Animation.bottom Animation.right Animation.rotate Animation.rotateX Animation.rotateY Animation.rotateZ Animation.rotate3d Animation.scale Animation.scaleX Animation.scaleY Animation.scaleZ Animation.scale3d Animation.translate Animation.translateX Animation.translateY Animation.translateZ Animation.translate3d Animation.skew Animation.skewX Animation.skewY Animation.matrix Animation.matrix3d Animation.step Animation.export"""  # fmt: skip
    made = wx.createAnimation(transformOrigin="0 0", duration=10, timingFunction="ease-in", delay=3)
    wanted = []
    for name in _STYLES:
        value = "red" if name == "backgroundColor" else 0.5 if name == "opacity" else 7
        assert getattr(made, name)(value) is made
        told = "background-color" if name == "backgroundColor" else name
        wanted.append({"type": "style", "args": [told, "7px" if value == 7 else value]})
    for name in _ANGLES + _ONES:
        assert getattr(made, name)(5) is made
        wanted.append({"type": name, "args": [5]})
    for name, count in _MORE:
        args = list(range(1, count + 1))
        assert getattr(made, name)(*args) is made
        wanted.append({"type": name, "args": args})
    assert made.step() is made
    made.step(duration=20, timingFunction="step-end", delay=0, transformOrigin="1px 2px")
    steps = made.export()["actions"]
    assert steps[0]["animates"] == wanted and steps[1]["animates"] == wanted
    assert steps[0]["option"] == {
        "transformOrigin": "0 0",
        "transition": {"duration": 10, "timingFunction": "ease-in", "delay": 3},
    }
    assert steps[1]["option"]["transition"] == {"duration": 20, "timingFunction": "step-end", "delay": 0}
    assert steps[1]["option"]["transformOrigin"] == "1px 2px" and made.export() == {"actions": []}
