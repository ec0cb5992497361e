"""Chapter "Image": wx.getImageInfo and wx.compressImage.  Headers: test_pictures.py; against Pillow: tests/system/images."""

import gc
import io
import os
import struct

import images

import board
import wx
from kiosk import app, errors, files
from kiosk.files import tree
from kiosk.pictures import header
from tests.fakes import filestore
from tests.fakes.filestore import USR, put, read
from tests.fakes.httpserver import answer, ok, replies
from tests.fakes.shop import Shop

TURNED = b"\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0"


class Flash(Shop):
    """A mini-program with files on a flash, and no server, which a board could not be at the same time."""

    def __init__(self, size_kb=1024):
        super().__init__(None, size_kb)

    async def __aenter__(self):
        filestore.mount_in_a_file(self._size_kb)
        board.data_folder = filestore.MOUNT
        app.current = self.program = app.MiniProgram("/", {}, {"appid": "test"}, {})
        self.program.root = filestore.ROOT
        self.files = files.current()
        tree.make(self.files.folder + "/tmp")
        return self

    async def __aexit__(self, *exc):
        for close in self.program.at_close:
            close()
        app.current = None
        filestore.unmount()
        gc.collect()


def jpeg(width=48, height=32, quality=80, extra=b""):
    """A picture of noise, by the encoder under test."""
    row = bytearray(3 * width)
    file = io.BytesIO()
    encoder = images.Encoder(file, width, height, quality, extra)
    value = 1
    for _ in range(height):
        for x in range(len(row)):
            value = value * 75 % 65537
            row[x] = value & 127
        encoder.row(row, 3)
    encoder.close()
    return file.getvalue()


async def _fails(api, text, errno, **options):
    result = await answer(api, options)
    assert result.errMsg == api + ":fail " + text and result.errno == errno, result


def _head(files, url):
    with open(files.readable(url), "rb") as file:
        return header.read(file)


async def test_files_of_the_mini_program_and_of_its_package():
    async with Flash() as net:
        put(net.files.readable(USR + "a.txt"), jpeg(extra=TURNED))  # the name says something else
        put(net.program.root + "/b.jpg", b"GIF89a\x05\0\x04\0\0\0\0,\0\0\0\0\x05\0\x04\0\0")
        info = await wx.getImageInfo(src=USR + "a.txt")
        assert info == {
            "errMsg": "getImageInfo:ok", "width": 48, "height": 32, "orientation": "right", "type": "jpeg", "path": USR + "a.txt",
        }  # fmt: skip
        for src in ("b.jpg", "/b.jpg"):
            info = await wx.getImageInfo(src=src)
            assert (info.width, info.height, info.orientation, info.type, info.path) == (5, 4, "up", "gif", src)
        net.nothing_left()


async def test_what_is_no_picture_or_not_there():
    async with Flash() as net:
        put(net.files.readable(USR + "a"), b"hello, this is text")
        put(net.files.readable(USR + "cut"), jpeg()[:200])
        for api in ("getImageInfo", "compressImage"):
            await _fails(
                api,
                "invalid image: no picture that is known: it begins with 68 65 6c 6c 6f 2c 20 74",
                1001,
                src=USR + "a",
            )
            await _fails(api, "invalid image: the JPEG is cut off", 1001, src=USR + "cut")
            await _fails(api, "file not found", 1300002, src=USR + "none")
            await _fails(api, "file not found", 1300002, src="none.png")
            await _fails(api, "is a directory wxfile://usr", 1300021, src="wxfile://usr")
            await _fails(api, "permission denied wxfile://other/a", 1300013, src="wxfile://other/a")
            await _fails(api, "permission denied /../a", 1300013, src="/../a")
            await _fails(api, "parameter error: parameter.src should be String instead of Undefined;", 1001)
            await _fails(api, "parameter error: parameter.src should be String instead of Number;", 1001, src=1)
        await _fails("compressImage", "permission denied http://a/b.jpg", 1300013, src="http://a/b.jpg")
        net.nothing_left()


async def test_a_picture_of_a_server_becomes_a_temporary_file():
    body = jpeg()
    async with Shop(
        replies(ok(body, "Content-Type: image/jpeg"), ok(b"none", status="404 Not Found"), ok(b"no picture"))
    ) as net:
        info = await wx.getImageInfo(src=net.url + "/photo")
        assert (info.width, info.height, info.type, info.orientation) == (48, 32, "jpeg", "up")
        assert (
            info.path.startswith("wxfile://tmp/") and info.path.endswith(".jpg") and read(net.files, info.path) == body
        )
        assert len(net.temporary()) == 1
        await _fails("getImageInfo", "download image fail. reason: HTTP 404", 600001, src=net.url + "/none")
        reason = "invalid image: no picture that is known: it begins with 6e 6f 20 70 69 63 74 75"
        await _fails("getImageInfo", reason, 1001, src=net.url + "/text")
        result = await answer("getImageInfo", {"src": "http://127.0.0.1:1/x"})
        assert result.errno == 600001 and result.errMsg.startswith("getImageInfo:fail download image fail. reason: "), (
            result
        )
        assert len(net.temporary()) == 1  # failures leave none
        assert (await wx.getImageInfo(src=info.path)).width == 48


async def test_servers_are_those_of_download_file():
    settings = {"urlCheck": True, "domains": {"request": ["https://a.test"], "download": ["https://b.test"]}}
    async with Shop(replies(), settings=settings) as net:
        await _fails("getImageInfo", "url not in domain list", 600002, src="https://a.test/x.png")
        net.program.settings["urlCheck"] = False  # for what Shop asks in the end


async def test_compressed():
    async with Flash() as net:
        put(net.files.readable(USR + "a"), jpeg(200, 100, 100))
        size = os.stat(net.files.readable(USR + "a"))[6]
        await wx.compressImage(src=USR + "a", quality=1)  # which loads what it takes
        gc.collect()
        before = gc.mem_alloc()
        sizes = []
        for quality in (100, 80, 30, 0):
            made = await wx.compressImage(src=USR + "a", quality=quality)
            assert made.errMsg == "compressImage:ok" and sorted(made) == ["errMsg", "tempFilePath"]
            assert made.tempFilePath.startswith("wxfile://tmp/") and made.tempFilePath.endswith(".jpg")
            sizes.append(os.stat(net.files.readable(made.tempFilePath))[6])
        assert sizes == sorted(sizes, reverse=True) and sizes[1] < size // 2, sizes
        plain = await wx.compressImage(src=USR + "a")
        assert read(net.files, plain.tempFilePath) == read(net.files, "wxfile://tmp/" + sorted(net.temporary())[2])
        for options, wanted in (
            ({"compressedWidth": 100}, (100, 50)),
            ({"compressedHeight": 10}, (20, 10)),
            ({"compressedWidth": 50, "compressedHeight": 60}, (50, 60)),
            ({"compressedWidth": 500}, (200, 100)),
            ({"compressedWidth": 1}, (1, 1)),
        ):
            head = _head(net.files, (await wx.compressImage(src=USR + "a", **options)).tempFilePath)
            assert (head.width, head.height) == wanted, options
        made = None
        gc.collect()
        assert gc.mem_alloc() - before < 3000, gc.mem_alloc() - before
        assert net.files.held == []


async def test_the_orientation_stays_and_nothing_else_of_exif():
    async with Flash() as net:
        place = b"\xff\xe1\0\x10" + b"GPS of my house"[:14]
        put(net.files.readable(USR + "a"), jpeg(extra=TURNED + place))
        url = (await wx.compressImage(src=USR + "a")).tempFilePath
        assert (await wx.getImageInfo(src=url)).orientation == "right"
        assert b"GPS" not in read(net.files, url) and b"GPS" in read(net.files, USR + "a")


async def test_a_bmp_and_rgb565_and_what_is_not_decoded():
    async with Flash() as net:
        pixels = b"\0\0\xff" * 4
        bmp = (
            b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54 + 24, 0, 0, 54, 40, 4, 2, 1, 24, 0, 24, 0, 0, 0, 0) + 2 * pixels
        )
        put(net.files.readable(USR + "a"), bmp)
        put(net.files.readable(USR + "b"), b"R565" + struct.pack("<HH", 4, 2) + b"\xf8\0" * 8)
        for name in "ab":
            url = (await wx.compressImage(src=USR + name, quality=100)).tempFilePath
            decoder = images.Decoder("jpeg", io.BytesIO(read(net.files, url)), None, 4, 2, 3)
            row = bytearray(12)
            assert decoder.row(row) and row[0] > 245 and row[1] < 10 and row[2] < 10, row
        put(net.files.readable(USR + "c"), b"GIF89a\x05\0\x04\0\0\0\0,\0\0\0\0\x05\0\x04\0\0")
        await _fails("compressImage", "invalid image: a GIF, which is not decoded here", 1001, src=USR + "c")


async def test_options_that_make_no_sense():
    async with Flash() as net:
        put(net.files.readable(USR + "a"), jpeg())
        nan = float("nan")
        for option, value, text in (
            ("quality", 101, "quality should be 0 to 100"),
            ("quality", -1, "quality should be 0 to 100"),
            ("quality", nan, "quality should be 0 to 100"),
            ("quality", "80", "quality should be Number instead of String"),
            ("compressedWidth", 0, "compressedWidth should be a size in pixels"),
            ("compressedWidth", float("inf"), "compressedWidth should be a size in pixels"),
            ("compressedHeight", nan, "compressedHeight should be a size in pixels"),
        ):
            await _fails(
                "compressImage", "parameter error: parameter.%s;" % text, 1001, src=USR + "a", **{option: value}
            )
        net.nothing_left()


async def test_no_memory_is_said_and_leaves_nothing():
    async with Flash() as net:
        put(net.files.readable(USR + "a"), jpeg(400, 16))
        held = []
        try:
            while True:
                held.append(bytearray(4096))
        except MemoryError:
            del held[-6:]  # 24 KB
        text = "out of memory: the heap does not hold what it takes to make of a JPEG of 400x16 one of 400x16"
        result = await answer("compressImage", {"src": USR + "a"})
        held = None
        assert result.errMsg == "compressImage:fail " + text and result.errno == 111, result
        net.nothing_left()
        assert (await wx.compressImage(src=USR + "a")).errMsg == "compressImage:ok"


async def test_a_full_flash_leaves_nothing():
    async with Flash(320) as net:
        put(net.files.readable(USR + "a"), jpeg(160, 120, 100))
        fillers = []
        try:
            while True:
                fillers.append(net.files.readable(USR + "filler%d" % len(fillers)))
                put(fillers[-1], bytes(8192))
        except OSError:
            fillers.pop()
        result = await answer("compressImage", {"src": USR + "a", "quality": 100})
        assert "no space" in result.errMsg and result.errno == 1300202, result
        assert net.temporary() == []
        for filler in fillers:
            os.remove(filler)
        assert (await wx.compressImage(src=USR + "a", quality=100)).errMsg == "compressImage:ok"


async def test_a_damaged_picture_is_refused_or_compressed_and_leaves_nothing():
    whole = jpeg(40, 24, 50)
    async with Flash() as net:
        path = net.files.readable(USR + "a")
        ended = {}
        for at in range(2, len(whole), 7):
            changed = bytearray(whole)
            changed[at] ^= 0xFF
            put(path, changed)
            result = await answer("compressImage", {"src": USR + "a"})
            ended[result.get("errno", 0)] = ended.get(result.get("errno", 0), 0) + 1
            for name in net.temporary():
                assert "tempFilePath" in result, result
                os.remove(net.files.readable("wxfile://tmp/" + name))
        assert set(ended) <= {0, 111, 1001} and ended[0] > 5 and ended[1001] > 10, ended


def test_an_encoder_that_is_asked_for_nonsense():
    file = io.BytesIO()
    for args in ((0, 1, 50), (1, 0, 50), (8193, 1, 50), (1, 1, 0), (1, 1, 101)):
        try:
            images.Encoder(file, *args)
        except ValueError:
            continue
        raise AssertionError(args)
    encoder = images.Encoder(file, 4, 1, 50)
    for row, depth in ((bytes(11), 3), (bytes(7), 2), (bytes(12), 1)):
        try:
            encoder.row(row, depth)
        except ValueError:
            continue
        raise AssertionError(depth)
    assert 4000 < encoder.state_bytes < 6000, encoder.state_bytes
    encoder.row(bytes(12), 3)
    whole = file.getvalue()
    assert whole[-2:] == b"\xff\xd9"
    encoder.row(bytes(12), 3)
    assert file.getvalue() == whole
    encoder.close()
    assert encoder.state_bytes == 0
    try:
        encoder.row(bytes(12), 3)
    except ValueError as error:
        assert str(error) == "closed"
    assert errors.KioskError("image file").errno == 1300002


async def test_a_board_without_the_encoder_says_so():
    import builtins

    load = builtins.__import__

    def lacking(name, *args):
        if name == "images":
            raise ImportError(name)
        return load(name, *args)

    async with Flash() as net:
        put(net.files.readable(USR + "a"), jpeg())
        builtins.__import__ = lacking
        try:
            await _fails(
                "compressImage", "not supported: this board's image has no encoder of JPEG", 100, src=USR + "a"
            )
            assert (await wx.getImageInfo(src=USR + "a")).width == 48
        finally:
            builtins.__import__ = load
        net.nothing_left()
