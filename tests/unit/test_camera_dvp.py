"""The driver of the parallel port, over a stand-in of micropython-camera-API's module."""

import asyncio

from drivers.camera.dvp import Dvp

PICTURE = b"\xff\xd8\xff\xda\x00\x02abc\xff\xd9" * 3


class PixelFormat:
    JPEG, RGB565 = "JPEG", "RGB565"


class FrameSize:
    QQVGA, QCIF, R240X240, QVGA, CIF, VGA, SVGA, XGA, SXGA, UXGA = range(10)


class Module:
    """What `import camera` gives.  heard: list of what was called; waits: looks until a frame is there; fails: of the next."""

    def __init__(self, old=False):
        self.heard = []
        self.waits = 0
        self.fails = None
        self.PixelFormat, self.FrameSize = PixelFormat, FrameSize
        module = self

        class Camera:
            def __init__(self, **settings):
                module.heard.append(("init", settings))
                module._fail()

            def reconfigure(self, **settings):
                module.heard.append(("reconfigure", settings))
                module._fail()

            def set_quality(self, percent):
                module.heard.append(("quality", percent))

            def capture(self):
                module.heard.append(("capture",))
                return memoryview(PICTURE) if module.waits <= 0 else None

            def deinit(self):
                module.heard.append(("deinit",))

        class Newer(Camera):
            def frame_available(self):
                module.waits -= 1
                return module.waits < 0

            def free_buffer(self):
                module.heard.append(("free",))

        self.Camera = Camera if old else Newer

    def _fail(self):
        fails, self.fails = self.fails, None
        if fails:
            raise fails

    def names(self):
        return [call[0] for call in self.heard]


def made(module, **settings):
    return Dvp(range(8), 8, 9, 10, 11, 12, 13, module=module, **settings)


async def read(camera, piece=7):
    view, found = memoryview(bytearray(piece)), b""
    while True:
        count = await camera.read_into(view)
        if not count:
            return found
        found += bytes(view[:count])


async def fails(job, number, part):
    try:
        await job
    except OSError as exc:
        assert exc.args[0] == number and part in exc.args[1], exc.args
    else:
        raise AssertionError(part)


async def test_a_picture_and_its_settings():
    for old in (False, True):
        module = Module(old)
        camera = made(module)
        await camera.open("jpeg", 640, 480)
        name, settings = module.heard[0]
        assert name == "init" and settings["pixel_format"] == "JPEG" and settings["frame_size"] == FrameSize.VGA
        assert settings["data_pins"] == list(range(8)) and settings["pclk_pin"] == 8 and settings["scl_pin"] == 13
        assert (settings["vsync_pin"], settings["href_pin"]) == (9, 10)
        camera.quality(70)
        camera.quality(70)
        assert module.heard[1:] == [("quality", 70)]
        for _ in range(2):
            camera.begin()
            module.waits = 0 if old else 2
            assert await camera.ready() == len(PICTURE)
            assert await read(camera) == PICTURE and await read(camera) == b""
        camera.begin()
        assert module.names().count("free") == (0 if old else 2)
        await camera.open("rgb565", 320, 240)
        assert module.heard[-1] == ("reconfigure", {"pixel_format": "RGB565", "frame_size": FrameSize.QVGA})
        camera.close()
        camera.close()
        assert module.names()[-1] == "deinit" and module.names().count("deinit") == 1


async def test_what_it_cannot_do():
    camera = made(Module())
    assert camera.fit("jpeg", 700, 10) == (800, 600) and camera.fit("jpeg", 9999, 1) == (1600, 1200)
    assert camera.fit("rgb565", 200, 200) == (240, 240) and camera.fit("rgb565", 800, 600) == (320, 240)
    for kind, width, height in (("jpeg", 100, 100), ("rgb565", 640, 480), ("yuv", 320, 240)):
        try:
            await camera.open(kind, width, height)
            raise AssertionError(kind)
        except ValueError:
            pass
    await fails(camera.ready(), 1, "closed")
    await fails(camera.read_into(memoryview(bytearray(4))), 1, "closed")
    try:
        camera.begin()
        raise AssertionError("begun")
    except OSError:
        pass


async def test_faults_and_that_it_works_again():
    module = Module()
    camera = made(module)
    module.fails = OSError(0x105, "no sensor")
    await fails(camera.open("jpeg", 320, 240), 19, "no sensor")
    await camera.open("jpeg", 320, 240)
    module.fails = ValueError("no buffer")
    await fails(camera.open("rgb565", 320, 240), 19, "no buffer")
    assert module.names() == ["init", "init", "reconfigure", "deinit"]
    await camera.open("jpeg", 320, 240)
    camera.begin()
    module.waits = 1 << 20
    await fails(camera.ready(), 110, "no frame")
    module.waits = 0
    camera.begin()
    assert await camera.ready() == len(PICTURE)
    waiting = asyncio.create_task(camera.ready())
    module.waits = 1 << 20
    await asyncio.sleep_ms(20)
    camera.close()
    await fails(waiting, 1, "closed")


async def test_a_firmware_without_the_module():
    camera = made(None)
    await fails(camera.open("jpeg", 320, 240), 19, "no module for cameras")


async def test_the_light():
    states = []
    camera = made(Module(), torch=states.append)
    assert camera.has_torch
    camera.torch(True)
    camera.close()
    assert states == [1, 0]
    made(Module()).torch(True)
