"""wx.downloadFile: where the file is, what is left of a failure, progress, room, and transfers that break."""

import asyncio
import gc
import os
from binascii import a2b_base64

import wx
from kiosk import app, files
from kiosk.files import tree
from tests.fakes import filestore
from tests.fakes.filestore import USR, read
from tests.fakes.httpserver import Heard, ok, replies
from tests.fakes.shop import Shop, noise, send

_TAGGED = 'ETag: "v1"'


def failed(result, reason, errno=600001):
    assert result["errMsg"] == "downloadFile:fail " + reason and result["errno"] == errno, result


async def test_a_temporary_file():
    body = noise(5001)
    async with Shop(replies(ok(body, "Content-Type: image/png"), ok(b"", status="404 Not Found"))) as net:
        result = await net.ask("downloadFile", "/a/photo?x=1")
        assert sorted(result) == ["errMsg", "profile", "statusCode", "tempFilePath"], result
        assert result.errMsg == "downloadFile:ok" and result.statusCode == 200
        assert result.tempFilePath.startswith("wxfile://tmp/") and result.tempFilePath.endswith(".png")
        assert read(net.files, result.tempFilePath) == body
        assert len(result.profile) == 31 and result.profile.receivedBytedCount > 5001
        assert net.heads[0][0] == "GET /a/photo?x=1 HTTP/1.1"
        missing = await net.ask("downloadFile", "/b.TXT")  # any status is a success
        assert missing.statusCode == 404 and missing.tempFilePath.endswith(".TXT")
        assert read(net.files, missing.tempFilePath) == b""
        assert len(net.temporary()) == 2
        wx.getFileSystemManager().saveFileSync(result.tempFilePath, USR + "kept.png")
        assert read(net.files, USR + "kept.png") == body


async def test_a_place_of_its_own():
    body = noise(5000)
    async with Shop(replies(ok(body), ok(b"short"))) as net:
        assert sorted(await net.ask("downloadFile", filePath=USR + "f.bin")) == [
            "errMsg",
            "filePath",
            "profile",
            "statusCode",
        ]
        assert read(net.files, USR + "f.bin") == body and net.files.quota.used() == 5000
        assert (await net.ask("downloadFile", filePath=USR + "f.bin", enableProfile=False)).profile is None
        assert read(net.files, USR + "f.bin") == b"short" and net.files.quota.used() == 5
        net.nothing_left()


async def test_places_that_are_refused_before_a_byte_is_sent():
    async with Shop(replies()) as net:
        filestore.put(filestore.MOUNT + "/test/usr/file", b"x")
        for place, reason, errno in (
            ("wxfile://tmp/x", "permission denied, open wxfile://tmp/x", 603303),
            ("wxfile://store/x", "permission denied, open wxfile://store/x", 603303),
            ("pages/x", "permission denied, open pages/x", 603303),
            (USR + "../x", "permission denied, open " + USR + "../x", 603303),
            ("http://tmp/x", "permission denied, open http://tmp/x", 603303),
            (USR + "no/x", "no such file or directory " + USR + "no/x", 1300002),
            (USR + "file/x", "not a directory " + USR + "file/x", 1300020),
            (USR, "operation not permitted " + USR, 1300001),
            ("", "invalid argument ", 1300022),
        ):
            failed(await net.ask("downloadFile", filePath=place), reason, errno)
        wx.getFileSystemManager().openSync({"filePath": USR + "file", "flag": "r+"})
        failed(await net.ask("downloadFile", filePath=USR + "file"), "operation not permitted " + USR + "file", 1300001)
        files.descriptors.close_all(net.files)
        assert net.connections == 0
        net.nothing_left()


async def test_progress():
    told = []
    body = noise(10000)

    async def play(connection):
        await connection.request()
        await send(connection, ok(b"", length=10000), body)
        await connection.request()
        await send(
            connection, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2328\r\n", memoryview(body)[:9000]
        )
        await connection.send(b"\r\n0\r\n\r\n")

    async with Shop(play) as net:
        task = wx.downloadFile(url=net.url + "/")
        heads = []
        task.onHeadersReceived(lambda res: heads.append(res.statusCode))
        task.onProgressUpdate(told.append)
        await task
        assert heads == [200]
        assert [res.progress for res in told] == [20, 40, 61, 81, 100]
        for res in told:
            assert res.totalBytesExpectedToWrite == res.totalBytesExpectedToSend == 10000
            assert res.totalBytesWritten == res.totalBytesSent
        assert told[0].totalBytesWritten == 2048 and told[-1].totalBytesWritten == 10000
        told.clear()
        task = wx.downloadFile(url=net.url + "/")
        task.onProgressUpdate(told.append)
        await task
        assert [(res.progress, res.totalBytesExpectedToWrite) for res in told] == [(0, 0)] * 4 + [(100, 9000)]


async def test_abort_leaves_nothing():
    async def half(connection):
        await connection.request()
        await connection.send(ok(noise(6000), length=20000))
        await connection.request()  # until the client hangs up

    for moment in ("at once", "head", "progress"):
        async with Shop(half) as net:
            heard = Heard()
            task = wx.downloadFile(heard.options(url=net.url, filePath=USR + "f"))
            if moment == "at once":
                task.abort()
            elif moment == "head":
                task.onHeadersReceived(lambda res, task=task: task.abort())
            else:
                task.onProgressUpdate(lambda res, task=task: task.abort())
            await heard.until(2)
            failed(heard[0][1], "abort", 104)
            assert heard.names() == ["fail", "complete"]
            await net.settle()
            net.nothing_left()
            assert tree.look(filestore.MOUNT + "/test/usr/f") is None and net.room() == net.free


async def test_closing_the_mini_program_in_the_middle_leaves_nothing():
    from kiosk import tasks

    async def half(connection):
        await connection.request()
        await connection.send(ok(noise(6000), length=20000))
        await connection.request()

    async with Shop(half) as net:
        heard = Heard()
        task = wx.downloadFile(heard.options(url=net.url))
        going = []
        task.onProgressUpdate(lambda res: going.append(1))
        while not going:
            await asyncio.sleep_ms(1)
        assert len(net.temporary()) == 1
        await tasks.cancel_all()
        net.nothing_left()
        assert heard == []


async def test_what_has_no_room():
    async with Shop(replies(*[ok(b"x", length=size) for size in (161 * 1024, 201 << 20)])) as net:
        for reason, errno in (
            ("download save file error: no space left on device", 603300),
            ("exceed max file size", 603301),
        ):
            failed(await net.ask("downloadFile"), reason, errno)
            await net.settle()
            net.nothing_left()


async def test_a_flash_that_fills_up_in_the_middle():
    async def endless(connection):
        await connection.request()
        await connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(200):
            await connection.send(noise(1024))

    async with Shop(endless) as net:
        wx.setStorageSync("key", "value")
        files.now(files.content.write_file, net.files, USR + "other", b"kept")
        free = net.room()
        failed(
            await net.ask("downloadFile", filePath=USR + "other"),
            "download save file error: no space left on device",
            603300,
        )
        await net.settle()
        net.nothing_left()
        assert net.room() == free and read(net.files, USR + "other") == b"kept" and wx.getStorageSync("key") == "value"


async def test_the_quota():
    async with Shop(replies(ok(noise(3000)), ok(noise(3000)), ok(b"", length=30000))) as net:
        net.files.quota.limit_bytes = 5000
        await net.ask("downloadFile", filePath=USR + "a")
        failed(
            await net.ask("downloadFile", filePath=USR + "b"),
            "the maximum size of the file storage limit is exceeded",
            1300202,
        )
        net.nothing_left()
        failed(
            await net.ask("downloadFile", filePath=USR + "a"),
            "the maximum size of the file storage limit is exceeded",
            1300202,
        )
        assert net.files.quota.used() == 3000


def part(body, start, whole):
    """A response with the rest of `whole` bytes from `start`; `body` may hold none of it."""
    span = "Content-Range: bytes %d-%d/%d" % (start, whole - 1, whole)
    return ok(body, span, status="206 Partial Content", length=whole - start)


async def test_a_transfer_that_breaks_goes_on_where_it_broke():
    body = noise(12000)
    sent = []

    async def play(connection):
        while await connection.request():
            ranges = [line for line in net.heads[-1] if line.startswith("Range:")]
            sent.append((ranges, "If-Range: " + _TAGGED[6:] in net.heads[-1]))
            start = int(ranges[0][13:-1]) if ranges else 0
            end = min(start + 5000, len(body))
            head = part(b"", start, 12000) if ranges else ok(b"", _TAGGED, length=12000)
            await send(connection, head, memoryview(body)[start:end])
            if end < len(body):
                break
        if connection.number == 1:
            connection.reset()

    for place in (None, USR + "f"):
        async with Shop(play) as net:
            sent.clear()
            told = []
            options = {"url": net.url}
            if place:
                options["filePath"] = place
            task = wx.downloadFile(options)
            task.onProgressUpdate(lambda res, told=told: told.append(res.totalBytesWritten))
            task.onHeadersReceived(lambda res, told=told: told.append("head"))
            result = await task
            assert result.statusCode == 200 and read(net.files, place or result.tempFilePath) == body
            assert (
                sent[0] == ([], False) and all(ranges and tagged for ranges, tagged in sent[1:]) and len(sent) >= 3
            ), sent
            assert told[0] == "head" and told.count("head") == 1 and told[1:] == sorted(told[1:])


async def test_what_came_after_a_break_is_something_else():
    old, new = noise(6000), bytes(5000)
    rest = bytes(memoryview(old)[4500:])
    for second, outcome in (
        (ok(new, 'ETag: "v2"'), new),  # the content has changed: all of it, anew
        (part(rest, 4500, 6000).replace(b"4500-", b"4400-"), None),
        (part(rest, 4500, 6000).replace(b"/6000", b"/6001"), None),
        (part(rest, 4500, 6000).replace(b"Content-Range", b"X-Other"), None),
        (ok(b"", status="416 Range Not Satisfiable"), None),
        (ok(b"", status="404 Not Found"), None),
    ):

        async def play(connection, second=second):
            await connection.request()
            if connection.number == 1:
                await send(connection, ok(b"", _TAGGED, length=6000), memoryview(old)[:4500])
            else:
                await connection.send(second)

        async with Shop(play) as net:
            result = await net.ask("downloadFile", filePath=USR + "f")
            if outcome:
                assert result.statusCode == 200 and read(net.files, USR + "f") == outcome, result
            else:
                failed(result, "net::ERR_CONTENT_LENGTH_MISMATCH")
                assert tree.look(filestore.MOUNT + "/test/usr/f") is None
            await net.settle()
            net.nothing_left()
            assert net.connections == 2


async def test_what_cannot_be_taken_up_is_not():
    for lines in ((), ('ETag: W/"v1"',), ("Accept-Ranges: none", _TAGGED)):

        async def play(connection, lines=lines):
            await connection.request()
            await connection.send(ok(noise(4500), *lines, length=9000))

        async with Shop(play) as net:
            failed(await net.ask("downloadFile"), "net::ERR_CONTENT_LENGTH_MISMATCH")
            await net.settle()
            assert net.connections == 1
            net.nothing_left()


async def test_a_server_that_breaks_again_and_again_is_given_up():
    async def play(connection):
        await connection.request()
        if connection.number == 1:
            await connection.send(ok(noise(4500), _TAGGED, length=9000))

    async with Shop(play) as net:
        failed(await net.ask("downloadFile", timeout=1200), "timeout", 5)
        assert 2 <= net.connections <= 3  # after 0.5 s, and 1 s later
        await net.settle()
        net.nothing_left()


# What Python's gzip makes of b"mini-program " * 700, and of 300 KB of zeros.
_PACKED = a2b_base64("H4sIAAAAAAACA+3HMQ0AIAwAMCsYQBQX2TFG5v/AA3f7NePEvF27V44UEREREREREREREREREREREZHfPP7sAayMIwAA")
_BOMB = a2b_base64(
    "H4sIAAAAAAACA+3BAQ0AAADCoPdPbQ43oAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAODPAJbA7IIAsAQA"
)


async def test_compressed_bodies():
    coding = "Content-Encoding: gzip"
    async with Shop(replies(ok(_PACKED, coding), ok(_PACKED[:-12], coding), ok(b"\0\1\2\3", coding))) as net:
        result = await net.ask("downloadFile", "/a.txt")
        assert result.tempFilePath.endswith(".txt") and read(net.files, result.tempFilePath) == b"mini-program " * 700
        assert len(net.temporary()) == 1
        for _ in range(2):
            failed(await net.ask("downloadFile", filePath=USR + "f"), "net::ERR_CONTENT_DECODING_FAILED")
            assert len(net.temporary()) == 1 and tree.look(filestore.MOUNT + "/test/usr/f") is None


async def test_a_bomb_ends_where_the_flash_does():
    async with Shop(replies(ok(_BOMB, "Content-Encoding: gzip"))) as net:
        failed(await net.ask("downloadFile"), "download save file error: no space left on device", 603300)
        net.nothing_left()


async def test_memory_is_that_of_two_pieces():
    async def large(connection):
        while await connection.request():
            await connection.send(ok(b"", length=60000))
            for _ in range(60):
                await connection.send(bytes(1000))

    async with Shop(large) as net:
        result = await net.ask("downloadFile")  # loads what there is to load
        assert result.errMsg == "downloadFile:ok", result
        os.remove(net.files.readable(result.tempFilePath))
        gc.collect()
        before = gc.mem_alloc()
        grown = []

        def note(res):
            gc.collect()
            grown.append(gc.mem_alloc() - before)

        task = wx.downloadFile(url=net.url + "/")
        task.onProgressUpdate(note)
        await task
        assert len(grown) == 30 and max(grown) < 4 * 4096, grown  # the server's end is in here, too


async def test_the_download_list():
    async with Shop(replies(), settings={"domains": {"request": ["https://127.0.0.1"]}}) as net:
        net.play = replies(ok(b""))
        failed(await net.ask("downloadFile"), "url not in domain list", 600002)
        assert net.connections == 0
        app.current.settings["urlCheck"] = False
