"""Scenarios of the fields and their keyboard, on a display that nobody sees; see tests/conformance/proof.py."""


class _Glass:
    # A display that takes what is painted.
    width, height = 320, 240

    def begin(self, x, y, width, height):
        pass

    def write(self, view):
        pass

    def end(self):
        pass

    def backlight(self, percent):
        pass

    def deinit(self):
        pass


class _Markup:
    # What the compiler makes of <input id="f" value="a" bindinput="heard" ... />.
    _HANDLERS = ("focus", 0, "heard", "input", 0, "heard", "confirm", 0, "heard", "blur", 0, "heard")
    NODES = (("input", ("id", "f", "value", "a", "maxlength", 3, "type", "number"), (), _HANDLERS, (), 0),)
    TEMPLATES = READS = RULES = ()


async def _field():
    # (the screen, what the page hears) after a tap on its input.
    import sys

    from kiosk import app, ui
    from kiosk.ui.boardscreen import BoardScreen

    sys.modules["pages.index.index_wxml"] = _Markup
    idle, ui.screen = ui.screen, BoardScreen(_Glass(), None)
    app.current.at_close += (lambda: setattr(ui, "screen", idle),)
    page = getCurrentPages()[-1]
    heard = []
    page.heard = lambda event: heard.append((event.type, event.detail.get("value")))
    ui.screen.opened(page)
    ui.screen.views[page].tree.root.children[0].component.tapped(5, 5)
    return ui.screen, heard


def _is_open(screen):
    return any(type(layer).__name__ == "Keyboard" for layer in screen.layers.shown)


async def typing(t):
    """<input>"""
    screen, heard = await _field()
    assert _is_open(screen)  # the keyboard, which tells its listener what is typed
    screen.focused.typed("b")
    screen.focused.typed("cd")
    screen.focused.erased()
    screen.focused.confirmed()
    assert [name for name, _ in heard] == ["focus", "input", "input", "input", "confirm", "blur"]
    assert [value for _, value in heard] == ["a", "ab", "abc", "ab", "ab", "ab"]
    assert not _is_open(screen)


async def hiding(t):
    """wx.hideKeyboard wx.onKeyboardHeightChange wx.offKeyboardHeightChange"""
    heights, others = [], []

    def other(result):
        others.append(result.height)

    wx.onKeyboardHeightChange(lambda result: heights.append(result.height))
    wx.onKeyboardHeightChange(other)
    screen, heard = await _field()
    assert heights == others and heights[0] > 50
    wx.offKeyboardHeightChange(other)
    assert (await wx.hideKeyboard()).errMsg == "hideKeyboard:ok"
    assert not _is_open(screen) and heard[-1] == ("blur", "a") and heights[1:] == [0] and len(others) == 1
    await t.fails(lambda: wx.hideKeyboard(), 1001, "input not exists")
