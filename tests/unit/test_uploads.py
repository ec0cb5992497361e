"""`import uploads`: the queue on the flash; what servers say, what the network does, restarts, and a flash that is full."""

import asyncio
import json
import os

import uploads
import wx
from kiosk import app, files, leftovers
from kiosk import uploads as service
from kiosk.files import paths, tree
from tests.fakes import filestore
from tests.fakes.filestore import USR
from tests.fakes.httpserver import ok, replies
from tests.fakes.shop import Shop

_PHOTO = USR + "photo.png"


async def _silent(connection):
    await connection.request()
    await connection.request()  # until the client hangs up


class Counter(Shop):
    """A shop whose queue is watched: `told` has (event, id, statusCode or None)."""

    def watch(self):
        """Listen to the queue."""
        self.told = []
        for event, listen in (
            ("sent", uploads.onUploadSent),
            ("failed", uploads.onUploadFailed),
            ("refused", uploads.onUploadRefused),
        ):
            listen(lambda res, event=event: self.told.append((event, res.id, res.get("statusCode"))))

    async def add(self, data=b"photo", path=_PHOTO, **options):
        """The id of a new entry."""
        if path == _PHOTO:
            filestore.put(self.files.folder + "/usr/photo.png", data)
        return (await uploads.addUpload(url=self.url + "/up", filePath=path, name="f", **options)).id

    async def until(self, count):
        """Wait for that many events."""
        waited = 0
        while len(self.told) < count:
            await asyncio.sleep_ms(5)
            waited += 5
            assert waited < 8000, self.told

    def on_flash(self):
        """Names of what the queue has on the flash."""
        folder = self.files.folder + "/" + paths.UPLOADS
        return sorted(os.listdir(folder)) if tree.look(folder) else []

    async def restart(self, play):
        """The mini-program as the next launch has it: the queue is read from the flash."""
        service._queue._task.cancel()
        await self.settle()
        self.play = play
        service._forget()
        files._current = None
        leftovers.tend(self.program)
        self.files = files.current()

    async def __aexit__(self, *exc):
        if service._queue:
            service._queue._task.cancel()
        await super().__aexit__(*exc)


async def test_sent_and_gone():
    async with Counter(replies(ok(b"thanks", status="201 Created"))) as net:
        net.watch()
        heard = []
        uploads.onUploadSent(heard.append)
        assert await net.add(formData={"n": 1, "deep": {"a": [1]}}, header={"X-A": 7}) == 1
        await net.until(1)
        assert net.told == [("sent", 1, 201)] and heard[0].data == "thanks"
        assert uploads.getUploadsSync() == [] and net.on_flash() == []
        head, body = net.heads[0], net.bodies[0]
        assert head[0] == "POST /up HTTP/1.1" and "X-A: 7" in head
        assert b'name="f"; filename="photo.png"\r\nContent-Type: image/png\r\n\r\nphoto\r\n' in body
        assert b'{"a": [1]}' in body
        (key,) = [line for line in head if line.startswith("Idempotency-Key: ")]
        assert len(key) == 17 + 32
        assert net.files.quota.used() == 5, net.files.quota.used()  # the original is where it was


async def test_a_temporary_file_is_moved():
    async with Counter(replies(ok(b""))) as net:
        url, path = net.files.temporary(".bin")
        filestore.put(path, b"x" * 3000)
        net.play = _silent
        await net.add(path=url)
        assert tree.look(path) is None and net.on_flash() == ["1.bin", "1.json"], net.on_flash()
        assert 3000 < net.files.quota.used() < 3500
        (entry,) = uploads.getUploadsSync()
        assert entry.size == 3000 and entry.filePath == url and entry.id == 1 and entry.name == "f"


async def test_what_the_server_says_decides():
    async with Counter(None) as net:
        net.watch()
        for status, event in (
            ("200 OK", "sent"),
            ("204 No Content", "sent"),
            ("400 Bad Request", "refused"),
            ("404 Not Found", "refused"),
            ("413 Content Too Large", "refused"),
            ("304 Not Modified", "refused"),
            ("500 Internal Server Error", "failed"),
            ("503 Service Unavailable", "failed"),
            ("429 Too Many Requests", "failed"),
            ("408 Request Timeout", "failed"),
        ):
            net.told.clear()
            net.play = replies(ok(b"", status=status))
            number = await net.add()
            await net.until(1)
            assert net.told[0] == (event, number, int(status[:3])), (status, net.told)
            left = uploads.getUploadsSync()
            if event == "sent":
                assert left == []
            else:
                assert left[0].state == ("refused" if event == "refused" else "waiting"), left
                assert left[0].statusCode == (int(status[:3]) if event == "refused" else 0)
                uploads.removeUploadSync(number)
            assert net.on_flash() == []


async def test_goes_on_when_the_network_comes_back():
    async def away(connection):
        connection.reset()

    async with Counter(away) as net:
        net.watch()
        first, second = await net.add(b"one"), await net.add(b"two")
        await net.until(2)
        assert {event for event, _, _ in net.told} == {"failed"}
        net.play = replies(ok(b""), ok(b""))
        net.told.clear()
        await net.until(2)
        assert net.told[-2:] == [("sent", first, 200), ("sent", second, 200)], net.told
        assert b"one" in net.bodies[-2] and b"two" in net.bodies[-1]


async def test_the_same_key_each_time():
    async with Counter(replies(ok(b"", status="500 Oops"), ok(b""))) as net:
        net.watch()
        await net.add()
        await net.until(2)
        keys = [[line for line in head if line.startswith("Idempotency-Key")] for head in net.heads]
        assert len(keys) == 2 and keys[0] == keys[1]


async def test_one_server_that_fails_does_not_hold_up_another():
    async with Counter(replies(ok(b""))) as net:
        net.watch()
        filestore.put(net.files.folder + "/usr/photo.png", b"x")
        dead = await uploads.addUpload(url="http://127.0.0.1:1/", filePath=_PHOTO, name="f")
        await net.add()
        while ("sent", 2, 200) not in net.told:
            await asyncio.sleep_ms(5)
        (left,) = uploads.getUploadsSync()
        assert left.id == dead.id and left.state == "waiting"


async def test_goes_on_after_a_restart():
    async def away(connection):
        connection.reset()

    async with Counter(away) as net:
        net.watch()
        for text in (b"one", b"two", b"three"):
            await net.add(text)
        await net.until(1)
        folder = net.files.folder + "/" + paths.UPLOADS
        # What a power cut leaves: an entry whose order was not written yet, one half written, one half removed.
        for name in ("7.bin", "8.new", "9.bin", "9.new"):
            filestore.put(folder + "/" + name, b"x")
        filestore.put(folder + "/10.json", b'{"url": "ht')
        filestore.put(folder + "/10.bin", b"x")
        tree.make(net.files.folder + "/tmp")
        filestore.put(net.files.folder + "/tmp/5.part", b"x")
        await net.restart(replies(*[ok(b"")] * 3))
        net.bodies.clear()
        net.watch()
        assert tree.look(net.files.folder + "/tmp") is None
        await net.until(3)
        assert net.told == [("sent", 1, 200), ("sent", 2, 200), ("sent", 3, 200)], net.told
        assert [text in body for text, body in zip((b"one", b"two", b"three"), net.bodies)] == [True] * 3
        assert net.on_flash() == []


async def test_refused_ones_are_tried_again_when_asked():
    async with Counter(replies(ok(b"", status="403 Forbidden"))) as net:
        net.watch()
        number = await net.add()
        await net.until(1)
        await net.restart(replies())
        net.watch()
        await asyncio.sleep_ms(50)
        assert net.connections == 1 and uploads.getUploadsSync()[0].state == "refused"
        net.play = replies(ok(b""))
        uploads.retryUploadsSync()
        await net.until(1)
        assert net.told == [("sent", number, 200)]


async def test_what_is_refused_at_once():
    async with Counter(replies()) as net:
        filestore.put(net.files.folder + "/usr/photo.png", b"x")
        good = {"url": net.url, "filePath": _PHOTO, "name": "f"}
        for change, errno in (
            ({"url": "ftp://x/"}, 600009),
            ({"url": "x"}, 600009),
            ({"filePath": USR + "none"}, 1300002),
            ({"filePath": "wxfile://uploads/1.bin"}, 1300013),
            ({"filePath": 5}, 1001),
            ({"name": None}, 1001),
            ({"header": {"X": "a\r\nb"}}, 1001),
            ({"formData": "x"}, 1001),
        ):
            options = dict(good)
            options.update(change)
            try:
                await uploads.addUpload(options)
            except wx.Error as exc:
                assert exc.errno == errno and exc.errMsg.startswith("addUpload:fail "), (change, exc.errMsg)
            else:
                raise AssertionError(change)
        net.program.settings.update({"urlCheck": True, "domains": {"upload": []}})
        try:
            await uploads.addUpload(good)
        except wx.Error as exc:
            assert exc.errno == 600002
        net.program.settings["urlCheck"] = False
        for number in (0, 7, -1):
            try:
                uploads.removeUploadSync(number)
            except wx.Error as exc:
                assert exc.errMsg == "removeUploadSync:fail no upload %d" % number, exc
            else:
                raise AssertionError(number)
        assert net.on_flash() == []


async def test_a_full_flash_loses_nothing():
    async with Counter(_silent) as net:
        url, path = net.files.temporary(".bin")
        filestore.put(path, bytes(40000))
        filestore.put(net.files.folder + "/usr/photo.png", bytes(40000))
        filler = net.files.folder + "/usr/filler"
        with open(filler, "wb") as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        for source in (_PHOTO, url):
            try:
                await uploads.addUpload(url=net.url, filePath=source, name="f")
            except wx.Error as exc:
                assert exc.errno in (1300202, 111), exc.errMsg
        # The copy had no room; the temporary file is where it was, or on the queue, which takes none.
        left = net.on_flash()
        assert (tree.look(path) and left == []) or (tree.look(path) is None and left == ["2.bin", "2.json"]), left
        os.remove(filler)
        assert tree.look(net.files.folder + "/usr/photo.png")[6] == 40000
        net.files.quota.limit_bytes = 50000
        net.files.quota.recount()
        try:
            await uploads.addUpload(url=net.url, filePath=_PHOTO, name="f")
        except wx.Error as exc:
            assert exc.errno == 1300202
        else:
            raise AssertionError("beyond the quota")
        assert net.on_flash() == left


async def test_a_hundred_and_no_more():
    async with Counter(_silent, size_kb=2000) as net:
        net.watch()
        for _ in range(100):
            await net.add(b"x")
        try:
            await net.add(b"x")
        except wx.Error as exc:
            assert exc.errMsg == "addUpload:fail exceed max upload count 100" and exc.errno == 600007
        else:
            raise AssertionError("101 entries")
        assert len(uploads.getUploadsSync()) == 100
        first = json.loads(json.dumps(uploads.getUploadsSync()[0]))
        assert first["state"] == "sending" and first["id"] == 1
        try:
            uploads.removeUploadSync(1)
        except wx.Error as exc:
            assert exc.errno == 1300001
        uploads.removeUploadSync(2)
        assert len(uploads.getUploadsSync()) == 99


def test_names_of_folders_are_the_files_own():
    assert leftovers._TEMPORARY == paths.TEMPORARY and leftovers._UPLOADS == paths.UPLOADS
    assert app.current is None
