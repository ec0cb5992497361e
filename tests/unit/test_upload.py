"""wx.uploadFile: the form on the wire, its length, progress, answers that come early, and what cannot be sent."""

import asyncio
import gc

import wx
from kiosk import files
from kiosk.errors import KioskError
from kiosk.files import tree
from kiosk.net.multipart import Form
from tests.fakes import filestore
from tests.fakes.filestore import USR
from tests.fakes.httpserver import Heard, ok, replies
from tests.fakes.shop import Shop, noise

_PHOTO = USR + "photo.png"


def keep(net, data, name="photo.png"):
    """Put a file into usr."""
    filestore.put(net.files.folder + "/usr/" + name, data)


def failed(result, reason, errno=600001):
    assert result["errMsg"] == "uploadFile:fail " + reason and result["errno"] == errno, result


def value(lines, name):
    """The value of a header that was sent once."""
    (found,) = [line.partition(": ")[2] for line in lines if line.lower().startswith(name + ":")]
    return found


async def test_the_form():
    data = noise(5000)
    async with Shop(replies(ok('{"a": 1} é'.encode()))) as net:
        keep(net, data)
        result = await net.ask(
            "uploadFile",
            "/up?x=1",
            filePath=_PHOTO,
            name='fi"le',
            formData={"user": "é", "n": 1, "list": [1, 2], 'q"\r\n': "a\r\nb"},
            header={"X-A": "1", "Content-Type": "text/plain", "Referer": "no"},
        )
        assert sorted(result) == ["data", "errMsg", "profile", "statusCode"] and result.errMsg == "uploadFile:ok"
        assert result.data == '{"a": 1} é' and result.statusCode == 200  # a string, never parsed
        assert result.profile.sendBytesCount > 5000
        head, body = net.heads[0], net.bodies[0]
        assert head[0] == "POST /up?x=1 HTTP/1.1" and "X-A: 1" in head and "Referer: no" not in head
        kind, _, boundary = value(head, "content-type").partition("; boundary=")
        assert kind == "multipart/form-data" and 12 < len(boundary) <= 70
        assert int(value(head, "content-length")) == len(body)
        expected = ""
        for name, text in (("user", "é"), ("n", "1"), ("list", "[1, 2]"), ("q%22%0D%0A", "a\r\nb")):
            expected += '--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (boundary, name, text)
        expected += '--%s\r\nContent-Disposition: form-data; name="fi%%22le"; filename="photo.png"\r\n' % boundary
        expected += "Content-Type: image/png\r\n\r\n"
        parts = body.split(bytes(data))
        assert len(parts) == 2 and parts[1] == ("\r\n--%s--\r\n" % boundary).encode()
        assert sorted(parts[0].split(b"--" + boundary.encode())) == sorted(
            expected.encode().split(b"--" + boundary.encode())
        )
        assert parts[0].endswith(expected[-90:].encode())


async def test_what_can_be_sent():
    async with Shop(replies(*[ok(b"")] * 3)) as net:
        keep(net, b"", "empty")
        tree.make(net.files.folder + "/tmp")
        filestore.put(net.files.folder + "/tmp/1.bin", b"temporary")
        for path, content in (
            (USR + "empty", b"Content-Type: application/octet-stream\r\n\r\n\r\n--"),
            ("wxfile://tmp/1.bin", b"\r\n\r\ntemporary\r\n--"),
            ("/a.txt", b"Content-Type: text/plain\r\n\r\npackage\r\n--"),
        ):
            result = await net.ask("uploadFile", filePath=path, name="f")
            assert result.errMsg == "uploadFile:ok", result
            assert content in net.bodies[-1], net.bodies[-1]


async def test_what_cannot_be_sent():
    async with Shop(replies()) as net:
        keep(net, b"x")
        for path, reason, errno in (
            (USR + "none", "no such file or directory " + USR + "none", 1300002),
            (USR[:-1], "is a directory " + USR[:-1], 1300021),
            ("wxfile://usr/../secret", "permission denied wxfile://usr/../secret", 1300013),
            ("/etc/passwd", "no such file or directory /etc/passwd", 1300002),
            ("file:///etc/passwd", "permission denied file:///etc/passwd", 1300013),
            ("", "is a directory ", 1300021),
        ):
            result = await net.ask("uploadFile", filePath=path, name="f")
            assert result["errno"] == errno or path == "", (path, result)
            if path:
                failed(result, reason, errno)
        for options in ({"name": "f"}, {"filePath": _PHOTO}, {"filePath": _PHOTO, "name": "f", "formData": [1]}):
            assert (await net.ask("uploadFile", **options))["errno"] == 1001
        result = await net.ask("uploadFile", filePath=_PHOTO, name="f", header={"X": "a\r\nb"})
        failed(result, "parameter error: parameter.header has an invalid field 'X';", 1001)
        net.program.settings.update({"urlCheck": True, "domains": {"download": ["https://127.0.0.1"]}})
        failed(await net.ask("uploadFile", filePath=_PHOTO, name="f"), "url not in domain list", 600002)
        net.program.settings["urlCheck"] = False
        assert net.connections == 0 and net.files.held == []


async def test_progress():
    async with Shop(replies(ok(b""))) as net:
        keep(net, noise(10000))
        told = []
        task = wx.uploadFile(url=net.url, filePath=_PHOTO, name="f")
        task.onProgressUpdate(told.append)
        heads = []
        task.onHeadersReceived(heads.append)
        await task
        whole = len(net.bodies[0])
        assert [(res.progress, res.totalBytesSent, res.totalBytesExpectedToSend) for res in told][-1] == (
            100,
            whole,
            whole,
        )
        assert [res.progress for res in told] == sorted({res.progress for res in told}) and len(told) >= 3
        assert heads[0].statusCode == 200


async def test_abort():
    async def stuck(connection):
        await connection.stream.read(1)
        await asyncio.sleep_ms(300)

    for moment in ("at once", "connected", "progress"):
        async with Shop(stuck) as net:
            keep(net, bytes(60000))
            heard = Heard()
            task = wx.uploadFile(heard.options(url=net.url, filePath=_PHOTO, name="f"))
            if moment == "at once":
                task.abort()
            elif moment == "connected":
                while not net.connections:
                    await asyncio.sleep_ms(1)
                task.abort()
            else:
                task.onProgressUpdate(lambda res, task=task: task.abort())
            await heard.until(2)
            failed(heard[0][1], "abort", 104)
            assert heard.names() == ["fail", "complete"] and net.files.held == []


async def test_nobody_changes_the_file_meanwhile():
    async def play(connection):
        await asyncio.sleep_ms(30)
        await connection.request()
        await connection.send(ok(b""))

    async with Shop(play) as net:
        keep(net, bytes(3000))
        task = wx.uploadFile(url=net.url, filePath=_PHOTO, name="f")
        manager = wx.getFileSystemManager()
        while not net.connections:
            await asyncio.sleep_ms(1)
        for change in (lambda: manager.unlinkSync(_PHOTO), lambda: manager.writeFileSync(_PHOTO, "x")):
            try:
                change()
            except wx.Error as exc:
                assert exc.errno == 1300001, exc
            else:
                raise AssertionError("changed")
        await task
        manager.unlinkSync(_PHOTO)


async def test_a_redirect_sends_it_again():
    async with Shop(replies(ok(b"", "Location: /b", status="307 Temporary Redirect"), ok(b"done"))) as net:
        keep(net, noise(5000))
        assert (await net.ask("uploadFile", filePath=_PHOTO, name="f")).data == "done"
        assert net.bodies[0] == net.bodies[1] and net.heads[1][0] == "POST /b HTTP/1.1"


async def test_a_server_that_answers_before_it_has_read_all():
    """It reads no more, and does not hang up either: there is no waiting for that."""
    for interim in (False, True):

        async def play(connection, interim=interim):
            if interim:
                await connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")
                await asyncio.sleep_ms(50)
                while len(await connection.stream.read(4096)) == 4096:
                    pass
            else:
                connection.stream.s.setsockopt(1, 8, b"\0\x10\0\0")  # SOL_SOCKET, SO_RCVBUF: 4 KB
            await connection.send(ok(b"too large", status="413 Content Too Large"))
            await asyncio.sleep_ms(1200)

        async with Shop(play, size_kb=9000) as net:
            path = net.files.folder + "/usr/photo.png"
            with open(path, "wb") as file:  # more than the system's buffers take
                for _ in range(600):
                    file.write(bytes(10486))
            result = await net.ask("uploadFile", filePath=_PHOTO, name="f", timeout=5000)
            assert result.statusCode == 413 and result.data == "too large", result
            # One that has said that it reads on gets it all.
            assert (result.profile.sendBytesCount > 6 << 20) == interim, result


class _Wire:
    """Takes what is written."""

    async def write(self, data):
        pass


async def test_a_file_that_becomes_shorter():
    async with Shop(replies()) as net:
        keep(net, bytes(5000))
        form = Form({}, "f", net.files.folder + "/usr/photo.png", _PHOTO, 5001, lambda sent: None)
        try:
            await form.send(_Wire())
        except KioskError as exc:
            assert exc.reason == "input/output error " + _PHOTO and exc.errno == 1300005
        else:
            raise AssertionError("a form that is too short")


async def test_memory():
    async def play(connection):
        while await connection.stream.readline() != b"\r\n":
            pass
        while len(await connection.stream.read(1024)) == 1024:
            pass
        await connection.send(ok(b"", "Connection: close"))

    async with Shop(play) as net:
        keep(net, bytes(60000 - 12))
        await net.ask("uploadFile", filePath=_PHOTO, name="f")
        gc.collect()
        before = gc.mem_alloc()
        grown = []

        def note(res):
            gc.collect()
            grown.append(gc.mem_alloc() - before)

        task = wx.uploadFile(url=net.url, filePath=_PHOTO, name="f")
        task.onProgressUpdate(note)
        await task
        assert len(grown) > 10 and max(grown) < 4 * 4096, grown  # the server's end is in here, too


async def test_interrupted():
    async def stuck(connection):
        await asyncio.sleep_ms(500)

    async with Shop(stuck) as net:
        keep(net, bytes(60000))
        task = asyncio.create_task(net.ask("uploadFile", filePath=_PHOTO, name="f"))
        while not net.connections:
            await asyncio.sleep_ms(1)
        for interrupt in net.program.at_background:
            interrupt()
        failed(await task, "interrupted", 600003)
        assert files.current().held == []
