"""Scenarios of LivePlayerContext and <live-player>, with a server in the same loop that gives pictures and sound; see proof.py."""

import asyncio
import struct

FAKES = ("drivers/display/fake", "drivers/touch/fake")
_SDP = (
    b"v=0\r\ns=-\r\na=control:*\r\nm=video 0 RTP/AVP 26\r\na=control:v\r\n"
    b"m=audio 0 RTP/AVP 97\r\na=rtpmap:97 L16/8000\r\na=control:a\r\n"
)
# A JPEG of 16x16 as RFC 2435 has it, with the standard's tables: six blocks, grey, or the upper half bright.
_DARK = b"\x28\xa2\x8a\x00"
_BRIGHT = b"\xef\x28\xae\x0e\x8a\x00"
_TONE = b"\x20\x10" * 160  # 20 ms


class _Speaker:
    # Takes a second for a second, or nearly.  heard: what was played since somebody looked.
    rates_hz = (8000,)
    ring_ms = 20
    is_open = False

    def __init__(self):
        self.heard = bytearray()

    def open(self, rate_hz, channels):
        assert (rate_hz, channels) == (8000, 1)
        self.is_open = True

    async def write(self, view):
        if len(self.heard) < 16384:
            self.heard.extend(view)
        await asyncio.sleep_ms(len(view) // 16)

    async def close(self):
        self.is_open = False

    def deinit(self):
        self.is_open = False


class _Stage:
    """A page with a <live-player>, a speaker and a server; asked: its requests; is_bright: what it sends."""

    def __init__(self, **attributes):
        from kiosk import ui
        from kiosk.live import lasting
        from kiosk.media import mixer
        from kiosk.ui.boardscreen import BoardScreen

        self.ui, self.BoardScreen, self.mixer = ui, BoardScreen, mixer
        lasting.retry_ms = 10
        self.speaker = _Speaker()
        self.asked, self.log = [], []
        self.is_bright = False
        self._attributes = attributes
        self._sending = None

    async def __aenter__(self):
        import sys

        self.mixer._current = self.mixer.Mixer(self.speaker)
        for self.port in range(26000, 26900):
            try:
                self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
                break
            except OSError:
                continue
        self.url = "rtsp://127.0.0.1:%d/live" % self.port
        page = self.page = getCurrentPages()[-1]
        page.heard = self.log.append
        events = []
        for name in ("statechange", "netstatus", "fullscreenchange"):
            events.extend((name, 0, "heard"))
        box = (("width", 60 << 9, "height", 40 << 9), ())
        given = {"id": "p", "src": self.url, "style": box, "max-cache": 0.2, "min-cache": 0}
        given.update(self._attributes)
        given = tuple([part for pair in given.items() for part in pair])

        class Markup:
            NODES = (("live-player", given, (), tuple(events), (), 0),)
            TEMPLATES = READS = RULES = ()

        self.name = page.route.replace("/", ".") + "_wxml"
        sys.modules[self.name] = Markup
        self.display = Display(100, 112)  # noqa: F821  of the fakes, as those below
        self.screen, self.before = self.BoardScreen(self.display, Touch()), self.ui.screen  # noqa: F821
        self.ui.screen = self.screen
        self.screen.opened(page)
        self.top = self.screen.shown[1].top
        self.screen._fingers.watching.cancel()
        self.context = wx.createLivePlayerContext("p")
        return self

    async def __aexit__(self, *exc):
        import sys

        self.screen.closed(self.page)
        self.ui.screen = self.before
        sys.modules.pop(self.name, None)
        self.screen.close()
        if self._sending:
            self._sending.cancel()
        self.mixer.shut()
        self.mixer._current = None
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader, writer):
        try:
            while True:
                first = await reader.read(1)
                if first == b"$":
                    head = await reader.readexactly(3)
                    await reader.readexactly(head[1] << 8 | head[2])
                    continue
                if not first:
                    break
                lines = [(first + await reader.readline()).decode().strip()]
                while lines[-1]:
                    lines.append((await reader.readline()).decode().strip())
                fields = dict([line.split(": ", 1) for line in lines[1:-1]])
                method, target, _ = lines[0].split(" ")
                self.asked.append((method, target))
                answer = "RTSP/1.0 200 OK\r\nCSeq: %s\r\nSession: s\r\n" % fields["CSeq"]
                if "Transport" in fields:
                    answer += "Transport: %s\r\n" % fields["Transport"]
                body = _SDP if method == "DESCRIBE" else b""
                writer.write((answer + "Content-Length: %d\r\n\r\n" % len(body)).encode() + body)
                await writer.drain()
                if method == "PLAY":
                    self._sending = asyncio.create_task(self._send(writer))
                if method == "TEARDOWN":
                    self._sending.cancel()
        except (EOFError, OSError):
            pass  # the kiosk has hung up
        if self._sending:
            self._sending.cancel()
        await writer.wait_closed()

    async def _send(self, writer):
        number = 0
        try:
            while True:
                scan = _BRIGHT if self.is_bright else _DARK
                picture = struct.pack(">BBHII", 128, 26 | 128, number & 0xFFFF, number * 1800, 7) + struct.pack(
                    ">IBBBB", 0, 1, 50, 2, 2
                )
                sound = struct.pack(">BBHII", 128, 97, number & 0xFFFF, number * 160, 8) + _TONE
                for channel, packet in ((0, picture + scan), (2, sound)):
                    writer.write(struct.pack(">BBH", 36, channel, len(packet)) + packet)
                await writer.drain()
                number += 1
                await asyncio.sleep_ms(20)
        except OSError:
            pass  # the kiosk has hung up

    def methods(self):
        return [method for method, _ in self.asked]

    def codes(self):
        return [event.detail["code"] for event in self.log if event.type == "statechange"]

    def details(self, name):
        return [event.detail for event in self.log if event.type == name]

    def grey(self, x=14, y=4):
        return self.display.pixel(x, y + self.top) & 0x1F

    def hears(self, sound=True):
        # Whether in the next 0.1 s there is sound, or silence.
        heard = self.speaker.heard
        if len(heard) < 1600:
            return False
        self.speaker.heard = bytearray()
        return any(heard) == sound


async def a_stream(t):
    """wx.createLivePlayerContext LivePlayerContext.play LivePlayerContext.stop <live-player>"""
    async with _Stage() as stage:
        await asyncio.sleep_ms(20)
        assert stage.asked == []
        assert (await stage.context.play()).errMsg == "operateLivePlayer:ok"
        await t.until(lambda: 10 < stage.grey() < 24 and any(stage.speaker.heard))
        stage.is_bright = True
        await t.until(lambda: stage.grey() > 24)
        base = stage.url
        assert stage.asked[:5] == [
            ("OPTIONS", base), ("DESCRIBE", base), ("SETUP", base + "/v"), ("SETUP", base + "/a"), ("PLAY", base),
        ]  # fmt: skip
        assert b"\x10\x20" * 100 in bytes(stage.speaker.heard)
        await t.until(lambda: stage.details("netstatus"))
        codes = stage.codes()
        assert codes[:3] == [2001, 2002, 2007] and sorted(codes[3:]) == [2003, 2004, 2009]
        info = stage.details("netstatus")[0]["info"]
        assert sorted(info) == sorted(
            (
                "videoBitrate",
                "audioBitrate",
                "videoFPS",
                "videoGOP",
                "netSpeed",
                "netJitter",
                "videoWidth",
                "videoHeight",
            )
        )
        assert info.videoFPS > 0 and info.netSpeed == info.videoBitrate + info.audioBitrate
        assert (info.videoWidth, info.videoHeight) == (16, 16)
        await stage.context.stop()
        await t.until(lambda: stage.methods()[-1] == "TEARDOWN")
        count = len(stage.codes())
        await stage.context.play()
        await t.until(lambda: stage.codes()[count:][:2] == [2001, 2002])


async def a_stream_that_begins_by_itself(t):
    """<live-player>"""
    async with _Stage(autoplay=True, muted=True) as stage:
        await t.until(lambda: 10 < stage.grey() < 24 and stage.speaker.is_open)
        assert not any(stage.speaker.heard)


async def silence(t):
    """LivePlayerContext.mute"""
    async with _Stage() as stage:
        await stage.context.play()
        await t.until(stage.hears)
        await stage.context.mute()
        await t.until(lambda: stage.hears(False))
        await stage.context.mute()
        await t.until(stage.hears)


async def a_pause(t):
    """LivePlayerContext.pause LivePlayerContext.resume"""
    async with _Stage() as stage:
        await t.fails(lambda: stage.context.pause(), 1001, "operateLivePlayer:fail it has not been started")
        await stage.context.play()
        await t.until(lambda: 10 < stage.grey() < 24)
        await stage.context.pause()
        stage.is_bright = True
        await t.until(lambda: stage.hears(False))
        await asyncio.sleep_ms(100)
        assert 10 < stage.grey() < 24
        await stage.context.resume()
        await t.until(lambda: stage.grey() > 24 and stage.hears())
        assert stage.methods().count("PLAY") == 1


async def all_of_the_screen(t):
    """LivePlayerContext.requestFullScreen LivePlayerContext.exitFullScreen"""
    async with _Stage() as stage:
        stage.is_bright = True
        await stage.context.play()
        await t.until(lambda: stage.grey() > 24)
        await t.fails(lambda: stage.context.requestFullScreen(direction=45), 1001, "parameter.direction")
        # The picture's upper half is bright: the right one of a picture that is turned to the right.
        for direction, bright, dark in ((0, (25, 35), (25, 85)), (90, (75, 35), (25, 35)), (-90, (25, 85), (75, 35))):
            await stage.context.requestFullScreen(direction=direction)
            await t.until(
                lambda: (
                    stage.display.pixel(*bright) & 31 > 24  # noqa: B023  in this turn of the loop only
                    and stage.display.pixel(*dark) & 31 < 24  # noqa: B023
                )
            )
            kind = "horizontal" if direction else "vertical"
            assert stage.details("fullscreenchange")[-1] == {"fullScreen": True, "direction": kind}
        await stage.context.exitFullScreen()
        assert stage.details("fullscreenchange")[-1] == {"fullScreen": False, "direction": "horizontal"}
        await t.until(lambda: stage.display.pixel(75, 85) == 0xFFFF)  # the page


async def a_snapshot(t):
    """LivePlayerContext.snapshot"""
    async with _Stage() as stage:
        await t.fails(lambda: stage.context.snapshot(), 1001, "there are no pictures")
        await stage.context.play()
        await t.until(lambda: 2004 in stage.codes())
        result = await stage.context.snapshot(quality="raw")
        data = wx.getFileSystemManager().readFileSync(result.tempImagePath)
        assert data[:2] == b"\xff\xd8" and data.endswith(_DARK + b"\xff\xd9")
        assert (result.width, result.height) == (16, 16)
        await t.fails(lambda: stage.context.snapshot(quality="best"), 1001, "parameter.quality")
        await t.fails(lambda: stage.context.snapshot(sourceType="view"), 100, "as the stream has it")


async def nothing_to_play(t):
    """wx.createLivePlayerContext LivePlayerContext.play"""
    await t.fails(lambda: wx.createLivePlayerContext("p").play(), 1001, 'there is no <live-player id="p">')
    await t.fails(lambda: wx.createLivePlayerContext(5), 1001, "parameter.id")
    async with _Stage(src="") as stage:
        await t.fails(lambda: stage.context.play(), 1001, "src is empty")
