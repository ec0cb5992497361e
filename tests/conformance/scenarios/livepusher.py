"""Scenarios of LivePusherContext and <live-pusher>, with a camera that gives what it is told and a server in the same loop; see proof.py."""

import asyncio

FAKES = ("drivers/display/fake", "drivers/touch/fake", "drivers/camera/fake", "drivers/audio/fake")
_TABLES = b"\xff\xdb\0\x84\0" + bytes(64) + b"\1" + bytes(64)
_HEAD = (
    b"\xff\xd8"
    + _TABLES
    + b"\xff\xc0\0\x11\x08\0\x78\0\xa0\3\1\x22\0\2\x11\1\3\x11\1\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0"
)
PICTURE = _HEAD + b"what the camera sees" + b"\xff\xd9"


class _Stage:
    """A page with a <live-pusher>, a camera, a microphone and a server; asked: its requests; packets: the first that has come to a channel, of which there
    may be thousands, as a fake microphone says a lot in no time."""

    def __init__(self, *attributes, allow=("scope.camera", "scope.record"), facings=("back", "front")):
        import sys

        import board
        from kiosk import app, ui
        from kiosk.live import lasting
        from kiosk.media import recorder
        from kiosk.ui.boardscreen import BoardScreen

        app.current.settings["allow"] = list(allow)
        self.camera = Camera([PICTURE])  # noqa: F821  of the fakes, as those below
        self.microphone = Microphone(b"\x10\x20" * 4000)  # noqa: F821
        recorder._current = recorder.Recorder(self.microphone)
        stage = self

        class Lens:
            used = []

            def camera(self, facing):
                self.used.append(facing)
                return stage.camera

        self.lens = Lens()
        self.lens.facings = facings
        board.camera = "fakelens"
        sys.modules["fakelens"] = self.lens
        lasting.retry_ms = 10
        self.asked, self.packets, self.counts, self.log = [], {}, {}, []
        self._attributes = attributes
        self.app, self.ui, self.BoardScreen = app, ui, BoardScreen

    async def __aenter__(self):
        import sys

        for self.port in range(27000, 27900):
            try:
                self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
                break
            except OSError:
                continue
        self.url = "rtsp://127.0.0.1:%d/live" % self.port
        page = self.page = getCurrentPages()[-1]
        page.heard = self.log.append
        events = ("statechange", 0, "heard", "netstatus", 0, "heard", "error", 0, "heard")

        class Markup:
            NODES = (("live-pusher", self._attributes or ("url", self.url), (), events, (), 0),)
            TEMPLATES = READS = RULES = ()

        self.name = page.route.replace("/", ".") + "_wxml"
        sys.modules[self.name] = Markup
        self.display = Display(100, 112)  # noqa: F821
        self.screen, self.before = self.BoardScreen(self.display, Touch()), self.ui.screen  # noqa: F821
        self.ui.screen = self.screen
        self.screen.opened(page)
        self.screen._fingers.watching.cancel()
        self.context = wx.createLivePusherContext()
        return self

    async def __aexit__(self, *exc):
        import sys

        self.screen.closed(self.page)
        self.ui.screen = self.before
        sys.modules.pop(self.name, None)
        self.screen.close()
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader, writer):
        try:
            while True:
                first = await reader.read(1)
                if first == b"$":
                    head = await reader.readexactly(3)
                    data = await reader.readexactly(head[1] << 8 | head[2])
                    self.packets.setdefault(head[0], data)
                    self.counts[head[0]] = self.count(head[0]) + 1
                    continue
                if not first:
                    break
                lines = [(first + await reader.readline()).decode().strip()]
                while lines[-1]:
                    lines.append((await reader.readline()).decode().strip())
                fields = dict([line.split(": ", 1) for line in lines[1:-1]])
                await reader.readexactly(int(fields.get("Content-Length", 0)))
                self.asked.append(lines[0].split(" ")[0])
                answer = "RTSP/1.0 200 OK\r\nCSeq: %s\r\nSession: s\r\n" % fields["CSeq"]
                if "Transport" in fields:
                    answer += "Transport: %s\r\n" % fields["Transport"]
                writer.write((answer + "\r\n").encode())
                await writer.drain()
        except (EOFError, OSError):
            pass  # the kiosk has hung up
        await writer.wait_closed()

    def codes(self):
        return [event.detail["code"] for event in self.log if event.type == "statechange"]

    def count(self, channel):
        return self.counts.get(channel, 0)


async def a_stream(t):
    """wx.createLivePusherContext LivePusherContext.start LivePusherContext.stop <live-pusher>"""
    async with _Stage() as stage:
        assert (await stage.context.start()).errMsg == "operateLivePusher:ok"
        await t.until(lambda: stage.count(0) > 2 and stage.count(2) > 2)
        assert stage.asked == ["OPTIONS", "ANNOUNCE", "SETUP", "SETUP", "RECORD"]
        assert stage.packets[0].endswith(b"what the camera sees") and stage.packets[2][12:14] == b"\x20\x10"
        assert sorted(stage.codes()) == [1001, 1002, 1003, 1007]
        await t.fails(lambda: stage.context.start(), 1001, "operateLivePusher:fail it has been started")
        await t.until(lambda: any(event.type == "netstatus" for event in stage.log))
        info = [event.detail["info"] for event in stage.log if event.type == "netstatus"][0]
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
        assert info.videoFPS > 0 and info.netSpeed == info.videoBitrate + info.audioBitrate and info.videoWidth == 160
        await stage.context.stop()
        await t.until(
            lambda: stage.asked[-1] == "TEARDOWN" and not stage.camera.is_open and not stage.microphone.is_open
        )


async def started_anew(t):
    """LivePusherContext.stop"""
    async with _Stage() as stage:
        await stage.context.start()
        await t.until(lambda: stage.count(0))
        await stage.context.stop()
        await stage.context.start()  # at once: the one before still says good-bye
        await t.until(lambda: stage.asked.count("RECORD") == 2)
        before = stage.count(0), stage.count(2)
        await t.until(lambda: stage.count(0) > before[0] + 2 and stage.count(2) > before[1] + 2)
        assert stage.asked.count("TEARDOWN") == 1


async def nothing_to_send_to(t):
    """LivePusherContext.start wx.createLivePusherContext"""
    await t.fails(lambda: wx.createLivePusherContext().start(), 1001, "there is no <live-pusher>")
    await t.fails(lambda: wx.createLivePusherContext(None, 5), 1001, "parameter.component")
    async with _Stage("url", "") as stage:
        await t.fails(lambda: stage.context.start(), 1001, "url is empty")


async def no_camera_allowed(t):
    """LivePusherContext.start"""
    await _is_refused(t, ("scope.record",), -1301, 10001)


async def no_microphone_allowed(t):
    """LivePusherContext.start"""
    await _is_refused(t, ("scope.camera",), -1302, 10002)


async def _is_refused(t, allow, state, error):
    async with _Stage(allow=allow) as stage:
        stage.context.start()
        await t.until(lambda: any(event.type == "error" for event in stage.log))
        assert stage.codes()[-1] == state and stage.log[-1].detail["errCode"] == error and stage.asked == []
        await t.until(lambda: not stage.camera.is_open)


async def a_pause(t):
    """LivePusherContext.pause LivePusherContext.resume"""
    async with _Stage() as stage:
        await t.fails(lambda: stage.context.pause(), 1001, "it has not been started")
        await stage.context.start()
        await t.until(lambda: stage.count(0) and stage.count(2))
        await stage.context.pause()
        await asyncio.sleep_ms(100)
        before = stage.count(0), stage.count(2)
        await asyncio.sleep_ms(100)
        assert (stage.count(0), stage.count(2)) == before
        await stage.context.resume()
        await t.until(lambda: stage.count(0) > before[0] and stage.count(2) > before[1])


async def a_snapshot(t):
    """LivePusherContext.snapshot"""
    async with _Stage() as stage:
        await t.fails(lambda: stage.context.snapshot(), 1001, "the camera is off")
        await stage.context.start()
        await t.until(lambda: 1007 in stage.codes())
        result = await stage.context.snapshot(quality="raw")
        assert wx.getFileSystemManager().readFileSync(result.tempImagePath) == PICTURE
        assert (result.width, result.height) == (320, 240)
        await t.fails(lambda: stage.context.snapshot(quality="best"), 1001, "parameter.quality")


async def another_camera(t):
    """LivePusherContext.switchCamera LivePusherContext.toggleTorch LivePusherContext.setZoom LivePusherContext.getMaxZoom"""
    async with _Stage() as stage:
        await t.fails(lambda: stage.context.toggleTorch(), 1001, "the camera is off")
        await stage.context.start()
        await t.until(lambda: 1007 in stage.codes())
        await stage.context.toggleTorch()
        await stage.context.toggleTorch()
        assert [value for name, value in stage.camera.settings if name == "torch"] == [True, False]
        assert (await stage.context.getMaxZoom()).maxZoom == 4
        assert (await stage.context.setZoom(zoom=3)).zoom == 3 and ("zoom", 3) in stage.camera.settings
        await t.fails(lambda: stage.context.setZoom(zoom=0), 1001, "parameter.zoom")
        await stage.context.switchCamera()
        assert stage.lens.used == ["back", "front"]
        before = stage.count(0)
        await t.until(lambda: stage.count(0) > before)


async def no_other_camera(t):
    """LivePusherContext.switchCamera"""
    async with _Stage(facings=("back",)) as stage:
        await t.fails(lambda: stage.context.switchCamera(), 100, "no front camera")


async def a_preview(t):
    """LivePusherContext.startPreview LivePusherContext.stopPreview"""
    async with _Stage() as stage:
        await stage.context.startPreview()
        await t.until(lambda: 1007 in stage.codes() or stage.camera.begun > 2)
        assert stage.asked == []
        await stage.context.stopPreview()
        await t.until(lambda: not stage.camera.is_open)


async def loudness(t):
    """LivePusherContext.setMICVolume"""
    async with _Stage() as stage:
        await stage.context.setMICVolume(volume=0)
        await stage.context.start()
        await t.until(lambda: stage.count(2))
        assert stage.packets[2][12:] == bytes(640)
        await t.fails(lambda: stage.context.setMICVolume(volume=2), 1001, "parameter.volume")
