"""Scenarios of components, on a display that keeps what it is sent; see tests/conformance/proof.py."""

FAKES = ("drivers/display/fake", "drivers/touch/fake", "drivers/camera/fake")


class _Glass:
    # A page with these nodes on a screen; `log` is what its heard() has heard.

    def __init__(self, *nodes):
        import sys

        from kiosk import app, ui
        from kiosk.ui.boardscreen import BoardScreen

        class Markup:
            NODES = nodes
            TEMPLATES = READS = RULES = ()

        self.page = getCurrentPages()[-1]
        self.log = []
        self.page.heard = self.log.append
        name = self.page.route.replace("/", ".") + "_wxml"
        sys.modules[name] = Markup
        self.display = Display(100, 112)  # noqa: F821  of the fake
        screen, before = BoardScreen(self.display, Touch()), ui.screen  # noqa: F821
        ui.screen = screen

        def close():
            ui.screen = before
            sys.modules.pop(name, None)
            screen.close()

        app.current.at_close += (close,)
        screen.opened(self.page)
        self.top = screen.shown[1].top  # below the navigation bar
        self.fingers = screen._fingers
        self.fingers.watching.cancel()

    def tap(self, x, y):
        self.fingers.see([(0, x, y + self.top)])
        self.fingers.see([])

    def pixel(self, x, y):
        return self.display.pixel(x, y + self.top)

    def heard(self):
        return [event.type for event in self.log]


_BOX = (("width", 50 << 9, "height", 20 << 9), ("background-color", 0xFFF800))
_TAP = ("tap", 0, "heard")


async def view(t):
    """<view>"""
    inner = ("view", ("style", _BOX, "id", "inner"), (), (), (), 0)
    glass = _Glass(("view", ("style", ((), ("background-color", 0xFF001F))), (), _TAP, (inner,), 0))
    await t.until(lambda: glass.pixel(10, 10) == 0xF800 and glass.pixel(60, 10) == 0x001F)
    glass.tap(10, 10)
    assert glass.heard() == ["tap"] and glass.log[0].target.id == "inner"


async def button(t):
    """<button>"""
    glass = _Glass(
        ("button", ("type", "primary", "size", "mini", "loading", True), (), _TAP, ("go",), 0),
        ("button", ("disabled", True), (), _TAP, ("no",), 0),
    )
    await t.until(lambda: glass.pixel(5, 10) == 0x0E0C)
    glass.tap(5, 60)
    assert glass.heard() == []
    glass.tap(5, 10)
    assert glass.heard() == ["tap"]


async def canvas(t):
    """<canvas>"""
    glass = _Glass(("canvas", ("canvas-id", "c", "style", _BOX), (), ("touchstart", 0, "heard"), (), 0))
    context = wx.createCanvasContext("c")
    context.setFillStyle("#0000ff")
    context.fillRect(10, 0, 20, 20)
    context.draw()
    await t.until(lambda: glass.pixel(20, 10) == 0x001F and glass.pixel(5, 10) == 0xF800)
    glass.tap(20, 10)
    touch = glass.log[0].touches[0]
    assert (touch.x, touch.y, touch.identifier) == (20, 10, 0)


async def audio(t):
    """<audio>"""
    handlers = ("play", 0, "heard", "error", 0, "heard")
    glass = _Glass(("audio", ("id", "s", "controls", True, "src", "/none.wav", "name", "N"), (), handlers, (), 0))
    await t.until(lambda: "error" in glass.heard())  # there is no such file
    assert glass.log[0].detail.errMsg == 4 or glass.log[0].detail.errMsg == 3
    glass.log.clear()
    glass.tap(30, 30)
    await t.until(lambda: "error" in glass.heard())


async def a_camera(t):
    """<camera>"""
    import sys

    import board
    from kiosk import app

    app.current.settings["allow"] = ["scope.camera"]
    fake = Camera((), [b"\xf8\x00" * 3200, b"\x07\xe0" * 3200])  # noqa: F821  of the fake

    class Lens:
        facings = ("back",)

        def camera(self, facing):
            return fake

    board.camera = "fakelens"
    sys.modules["fakelens"] = Lens()
    style = (("width", 80 << 9, "height", 40 << 9), ())
    heard = ("initdone", 0, "heard", "error", 0, "heard", "stop", 0, "heard")
    glass = _Glass(("camera", ("style", style, "flash", "torch"), (), heard, (), 0))
    await t.until(lambda: glass.heard() == ["initdone"])
    assert glass.log[0].detail.maxZoom == 4 and fake.opened == [("rgb565", 80, 40)] and ("torch", True) in fake.settings
    await t.until(lambda: glass.pixel(0, 0) == 0xF800 and glass.pixel(79, 39) == 0xF800)
    await t.until(lambda: glass.pixel(0, 0) == 0x07E0 and glass.pixel(79, 39) == 0x07E0)
    assert glass.pixel(80, 20) == 0xFFFF and glass.pixel(40, 41) == 0xFFFF
    fake.faults += ["no answer"] * 3
    await t.until(lambda: glass.heard() == ["initdone", "stop", "error"])
    assert glass.log[2].detail.errMsg == "system error: the camera does not answer"
    await t.until(lambda: glass.heard()[3:] == ["initdone"])  # by itself
    from kiosk.ui.components import camera

    element = camera.of(glass.page)
    for mode, brightness, lights in (
        ("torch", 200, (True, True)), ("on", 200, (False, True)), ("off", 10, (False, False)),
        ("auto", 200, (False, False)), ("auto", 10, (False, True)), (None, 10, (False, True)),
    ):  # fmt: skip
        element.node.values, fake.brightness = {"flash": mode}, brightness
        element.flash(False)
        without = fake.settings[-1]
        element.flash(True)
        assert (without, fake.settings[-1]) == (("torch", lights[0]), ("torch", lights[1])), mode
