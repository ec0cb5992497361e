"""Scenarios of the chapter "Interaction", on a glass that nobody sees; see tests/conformance/proof.py."""


class _Glass:
    # A display that keeps nothing.
    width, height = 320, 240

    def begin(self, x, y, width, height):
        pass

    write = backlight = lambda self, value: None
    end = deinit = lambda self: None


def _begin():
    # The screen is on.
    from kiosk import app, ui
    from kiosk.ui.boardscreen import BoardScreen

    idle, ui.screen = ui.screen, BoardScreen(_Glass(), None)

    def close():
        ui.screen.close()
        ui.screen = idle

    app.current.at_close += (close,)
    return ui.screen.layers


def _tap(layers, x, y):
    layer = layers.at(x, y)
    layer.touched("start", x, y)
    layer.touched("end", x, y)


async def a_toast(t):
    """wx.showToast"""
    layers = _begin()
    assert (await wx.showToast(title="done", duration=50)).errMsg == "showToast:ok"
    toast = layers.shown[0]
    assert toast.icon == "success" and not toast.is_modal and layers.at(5, 5) is None
    await t.until(lambda: not layers.shown)
    wx.showToast(title="wrong", icon="error", mask=True)
    assert layers.shown[0].icon == "error" and layers.at(5, 5) is layers.shown[0]
    wx.showToast(title="plain", icon="none")
    assert len(layers.shown) == 1 and layers.shown[0].icon == "none"
    wx.getFileSystemManager().writeFileSync("wxfile://usr/no.png", "no picture")
    await t.fails(lambda: wx.showToast(title="t", image="wxfile://usr/no.png"), 1001, "parameter.image")
    await t.fails(lambda: wx.showToast(title="t", image="missing.png"), 1300002)
    await t.fails(lambda: wx.showToast(title="t", icon="fail"), 1001, "parameter.icon")
    await t.fails(lambda: wx.showToast(title="t", duration=-1), 1001, "parameter.duration")
    assert layers.shown[0].icon == "none"


async def a_toast_is_hidden(t):
    """wx.hideToast"""
    layers = _begin()
    assert (await wx.hideToast()).errMsg == "hideToast:ok"
    wx.showToast(title="t", duration=100000)
    wx.hideToast(noConflict=True)
    assert not layers.shown
    wx.showLoading(title="t")
    wx.hideToast(noConflict=True)
    assert layers.shown
    wx.hideToast()
    assert not layers.shown


async def a_loading(t):
    """wx.showLoading"""
    layers = _begin()
    wx.showToast(title="t")
    assert (await wx.showLoading(title="wait", mask=True)).errMsg == "showLoading:ok"
    assert len(layers.shown) == 1 and layers.shown[0].icon == "loading" and layers.shown[0].is_modal
    turn = layers.shown[0].turn
    await t.until(lambda: layers.shown[0].turn != turn)


async def a_loading_is_hidden(t):
    """wx.hideLoading"""
    layers = _begin()
    assert (await wx.hideLoading()).errMsg == "hideLoading:ok"
    wx.showLoading(title="t")
    wx.hideLoading(noConflict=True)
    assert not layers.shown
    wx.showToast(title="t", duration=100000)
    wx.hideLoading(noConflict=True)
    assert layers.shown
    wx.hideLoading()
    assert not layers.shown


async def a_question(t):
    """wx.showModal"""
    layers = _begin()
    asked = wx.showModal(title="Sure?", content="It is gone then.", confirmText="Yes", cancelText="No")
    await t.until(lambda: layers.shown)
    _tap(layers, 230, 150)
    answer = await asked
    assert answer == {"errMsg": "showModal:ok", "confirm": True, "cancel": False, "content": ""}, answer
    asked = wx.showModal(title="Sure?", cancelColor="#ff0000", confirmColor="#00ff00")
    await t.until(lambda: layers.shown)
    _tap(layers, 5, 5)
    _tap(layers, 90, 140)
    answer = await asked
    assert answer.cancel is True and answer.confirm is False and not layers.shown
    asked = wx.showModal(content="Read this", showCancel=False)
    await t.until(lambda: layers.shown)
    _tap(layers, 90, 140)
    assert (await asked).confirm
    await t.fails(
        lambda: wx.showModal(confirmText="12345"), 1001, "showModal:fail confirmText length should not large then 4"
    )
    await t.fails(lambda: wx.showModal(cancelText="12345"), 1001, "cancelText length")
    await t.fails(lambda: wx.showModal(cancelColor="red-ish"), 1001, "parameter.cancelColor")


async def a_question_for_a_text(t):
    """wx.showModal"""
    layers = _begin()

    def tap_key(name):
        for x, y, _, _, each in layers.shown[-1]._keys:
            if each == name:
                return _tap(layers, x + 2, y + 2)
        raise ValueError(name)

    for end, content in (("confirm", "ice axi"), ("cancel", "")):
        asked = wx.showModal(title="What?", content="ice ", editable=True, placeholderText="a drink")
        await t.until(lambda: len(layers.shown) == 2)
        dialog, keyboard = layers.shown
        x, y, width, height = dialog.frame
        assert y >= 0 and y + height <= keyboard.box[1]
        if keyboard.is_pinyin:
            tap_key("mode")
        tap_key("a")
        tap_key("mode")
        tap_key("x")
        tap_key("i")
        x, y, width, height = dialog.place(end == "confirm")
        _tap(layers, x + width // 2, y + height // 2)
        answer = await asked
        assert answer.confirm is (end == "confirm") and answer.content == content, answer
        assert not layers.shown
    asked = wx.showModal(editable=True, placeholderText="a drink")
    await t.until(lambda: len(layers.shown) == 2)
    assert layers.shown[0]._hint == "a drink" and (await wx.hideKeyboard()).errMsg == "hideKeyboard:ok"
    assert len(layers.shown) == 1
    layers.shown[0].choose(True)
    assert (await asked).content == ""


async def a_choice(t):
    """wx.showActionSheet"""
    layers = _begin()
    asked = wx.showActionSheet(itemList=["A", "B", "C"], itemColor="#ff0000", alertText="Choose")
    await t.until(lambda: layers.shown)
    _tap(layers, 100, 240 - 50 - 44 - 20)
    answer = await asked
    assert answer == {"errMsg": "showActionSheet:ok", "tapIndex": 1}, answer
    for place in ((100, 5), (100, 230)):
        asked = wx.showActionSheet(itemList=["A", "B"])
        await t.until(lambda: layers.shown)
        _tap(layers, *place)
        await t.fails(lambda asked=asked: asked, 104, "showActionSheet:fail cancel")
    await t.fails(lambda: wx.showActionSheet(itemList=[]), 1001, "itemList")
    await t.fails(lambda: wx.showActionSheet(itemList=["A"] * 7), 1001, "should not be large than 6")
    await t.fails(lambda: wx.showActionSheet(itemList=["A", 5]), 1001, "itemList")


async def without_a_screen(t):
    """wx.showToast wx.showLoading wx.showModal wx.showActionSheet"""
    import board

    shown, board.display = board.display, None
    try:
        for call in (
            lambda: wx.showToast(title="t"),
            lambda: wx.showLoading(title="t"),
            lambda: wx.showModal(title="t"),
            lambda: wx.showActionSheet(itemList=["A"]),
        ):
            await t.fails(call, 100, "not supported: this board has no screen")
    finally:
        board.display = shown
