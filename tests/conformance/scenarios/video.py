"""Scenarios of <video> and its VideoContext, on a display that keeps what it is sent; see tests/conformance/proof.py."""

import struct

FAKES = ("drivers/display/fake", "drivers/touch/fake")
_EVENTS = (
    "play",
    "pause",
    "ended",
    "timeupdate",
    "waiting",
    "error",
    "loadedmetadata",
    "seekcomplete",
    "fullscreenchange",
    "controlstoggle",
)


def _picture(is_bright):
    # A JPEG of 8x8 grey pixels, of which nothing is said but how bright they are.
    # DC codes: one table with the code 0 for a difference of 10 bits; AC: the code 0 for "end of block".
    tables = b"\xff\xc4\0\x14\0\x01" + bytes(15) + b"\x0a" + b"\xff\xc4\0\x14\x10\x01" + bytes(15) + b"\0"
    quantum = b"\xff\xdb\0C\0" + b"\x01" * 64
    frame = b"\xff\xc0\0\x0b\x08\0\x08\0\x08\x01\x01\x11\0"
    scan = b"\xff\xda\0\x08\x01\x01\0\0?\0"
    # 0, ten bits of the difference (1000 or -1000: 10 bits, the lower half of whose values is negative), 0, ones to the end
    bits = "0" + "{:010b}".format(1000 if is_bright else 23) + "0" + "1111"
    data = bytes([int(bits[:8], 2), int(bits[8:], 2)])
    return b"\xff\xd8" + quantum + frame + tables + scan + data.replace(b"\xff", b"\xff\0") + b"\xff\xd9"


def _chunk(name, data):
    return struct.pack("<4sI", name, len(data)) + data + bytes(len(data) & 1)


def _film(count):
    # An AVI without sound: `count` pictures, ten a second, dark ones and after 1 s bright ones.
    head = struct.pack("<14I", 100000, 0, 0, 16, count, 0, 1, 4096, 8, 8, 0, 0, 0, 0)
    stream = b"vidsMJPG" + struct.pack("<10I", 0, 0, 0, 1, 10, 0, count, 4096, 0, 0) + bytes(8)
    form = struct.pack("<IiiHH4sIIIII", 40, 8, 8, 1, 24, b"MJPG", 192, 0, 0, 0, 0)
    lists = b"strl" + _chunk(b"strh", stream) + _chunk(b"strf", form)
    hdrl = b"hdrl" + _chunk(b"avih", head) + _chunk(b"LIST", lists)
    movi, index = b"movi", b""
    for number in range(count):
        picture = _picture(number >= 10)
        index += struct.pack("<4sIII", b"00dc", 16, len(movi), len(picture))
        movi += _chunk(b"00dc", picture)
    body = b"AVI " + _chunk(b"LIST", hdrl) + _chunk(b"LIST", movi) + _chunk(b"idx1", index)
    return _chunk(b"RIFF", body)


class _Cinema:
    # A page with one <video>; `log` is what its heard() has heard.
    def __init__(self, **attributes):
        import sys

        import board
        from kiosk import app, ui
        from kiosk.ui.boardscreen import BoardScreen

        wx.getFileSystemManager().writeFileSync("wxfile://usr/film.avi", _film(20))
        fixed = {"id": "v", "src": "wxfile://usr/film.avi", "style": (("width", 60 << 9, "height", 60 << 9), ())}
        fixed.update(attributes)
        given = tuple([part for pair in fixed.items() for part in pair])
        heard = tuple([part for name in _EVENTS for part in (name, 0, "heard")])

        class Markup:
            NODES = (("video", given, (), heard, (), 0),)
            TEMPLATES = READS = RULES = ()

        self.page = getCurrentPages()[-1]
        self.log = []
        self.page.heard = self.log.append
        name = self.page.route.replace("/", ".") + "_wxml"
        sys.modules[name] = Markup
        self.display = Display(100, 112)  # noqa: F821  of the fake
        screen, before = BoardScreen(self.display, Touch()), ui.screen  # noqa: F821
        ui.screen = screen
        speaker, board.speaker = board.speaker, None  # the clock is the loop's

        def close():
            ui.screen, board.speaker = before, speaker
            sys.modules.pop(name, None)
            screen.close()

        app.current.at_close += (close,)
        screen.opened(self.page)
        self.top = screen.shown[1].top
        self.screen = screen
        self.fingers = screen._fingers
        self.fingers.watching.cancel()
        self.context = wx.createVideoContext("v")

    def grey(self, x=30, y=20):
        return self.display.pixel(x, y + self.top) & 0x1F

    def detail(self, name):
        found = [event.detail for event in self.log if event.type == name]
        return found[-1] if found else None

    def times(self):
        return [event.detail["currentTime"] for event in self.log if event.type == "timeupdate"]


async def video(t):
    """<video> wx.createVideoContext VideoContext.play VideoContext.pause VideoContext.seek VideoContext.stop"""
    cinema = _Cinema(controls=False)
    await t.until(lambda: cinema.detail("loadedmetadata"))
    assert cinema.detail("loadedmetadata") == {"width": 8, "height": 8, "duration": 2}
    context = cinema.context
    context.play()
    await t.until(lambda: len(cinema.times()) > 1 and cinema.detail("play") is not None)
    assert cinema.detail("timeupdate")["duration"] == 2
    context.pause()
    await t.until(lambda: cinema.detail("pause") is not None)
    assert cinema.grey() < 8
    context.seek(1.5)
    await t.until(lambda: cinema.grey() > 24)
    assert cinema.detail("seekcomplete") == {"position": 1.5}
    context.play()
    await t.until(lambda: cinema.detail("ended") is not None)
    context.seek(0.5)
    context.play()
    await t.until(lambda: cinema.times()[-1] < 1)
    context.stop()
    count = len(cinema.times())
    await t.until(lambda: cinema.grey() == 0)
    assert len(cinema.times()) == count


async def video_rate(t):
    """VideoContext.playbackRate"""
    from time import ticks_diff, ticks_ms

    cinema = _Cinema(controls=False)
    for wrong in (2, "1.5", None):
        await t.fails(lambda wrong=wrong: cinema.context.playbackRate(wrong), 1001, "playbackRate")
    took = []
    for rate in (1.5, 0.5):
        cinema.context.playbackRate(rate)
        del cinema.log[:]
        begun = ticks_ms()
        cinema.context.play()
        await t.until(lambda: cinema.detail("ended") is not None)
        took.append(ticks_diff(ticks_ms(), begun))
    assert took[1] > 1.5 * took[0]


async def video_full_screen(t):
    """VideoContext.requestFullScreen VideoContext.exitFullScreen VideoContext.showStatusBar VideoContext.hideStatusBar"""
    cinema = _Cinema(**{"initial-time": 1.2})
    context = cinema.context
    context.play()
    await t.until(lambda: cinema.grey() > 24)
    assert cinema.display.pixel(90, 100) == 0xFFFF
    context.requestFullScreen({"direction": 0})
    await t.until(lambda: cinema.display.pixel(90, 60) & 0x1F > 24 and cinema.display.pixel(90, 2) == 0)
    assert cinema.detail("fullscreenchange") == {"fullScreen": True, "direction": "vertical"}
    context.hideStatusBar()
    await t.until(lambda: cinema.detail("controlstoggle") == {"show": False})
    context.showStatusBar()
    await t.until(lambda: cinema.detail("controlstoggle") == {"show": True})
    await t.fails(lambda: context.requestFullScreen(direction=45), 1001, "direction")
    context.exitFullScreen()
    await t.until(lambda: cinema.display.pixel(90, 100) == 0xFFFF)
    assert cinema.detail("fullscreenchange")["fullScreen"] is False


async def video_danmu(t):
    """VideoContext.sendDanmu"""
    cinema = _Cinema(controls=False, **{"enable-danmu": True})
    cinema.context.play()
    await t.until(lambda: len(cinema.times()) > 0)
    cinema.context.sendDanmu({"text": "HHHHHHHH", "color": "#ff0000"})

    def has_red():
        return any(cinema.display.pixel(x, y + cinema.top) == 0xF800 for x in range(60) for y in range(4, 24))

    await t.until(has_red)
    await t.fails(lambda: cinema.context.sendDanmu({"color": "#fff"}), 1001, "sendDanmu")
