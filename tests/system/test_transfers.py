"""uploadFile, downloadFile and the queue against servers that are not ours, and against a flash that other people read."""

import ast
import contextlib
import gzip
import hashlib
import json
import socket
import threading
import time

import pytest

pytestmark = pytest.mark.online

CONTENT = hashlib.shake_256(b"mpkiosk").digest(300_000)
UPLOADER = """
import uploads
import wx

@Page
class Index:
    data = {"events": []}

    def onLoad(self, query):
        for event, listen in (("sent", uploads.onUploadSent), ("failed", uploads.onUploadFailed)):
            listen(lambda res, event=event: self.setData({"events": self.data["events"] + [event]}))
        if query.get("url"):
            wx.getFileSystemManager().writeFileSync(wx.env.USER_DATA_PATH + "/a.txt", "kept for later")
            uploads.addUpload(url=query["url"], filePath=wx.env.USER_DATA_PATH + "/a.txt", name="f",
                complete=lambda res: self.setData({"events": self.data["events"] + [res.errMsg]}))
"""


@pytest.fixture
def shop(kiosk):
    """A running mini-program that may talk to any server."""
    assert kiosk.run(urlCheck=False)["errMsg"] == "launch:ok"
    return kiosk


def digest(kiosk, url):
    """SHA-1 of a file of the mini-program's, read past the API."""
    path = "/data/test/" + url[len("wxfile://") :]
    code = f"""
import hashlib
digest = hashlib.sha1()
with open({path!r}, "rb") as file:
    while piece := file.read(4096):
        digest.update(piece)
print(digest.digest().hex())
"""
    return kiosk.exec(code).strip()


def listing(kiosk, folder):
    """Names in a folder of the mini-program's; None if there is none."""
    code = f"import os\nprint(os.listdir('/data/test/{folder}') if '{folder}' in os.listdir('/data/test') else None)"
    return ast.literal_eval(kiosk.exec(code))


@pytest.mark.parametrize("place", [None, "wxfile://usr/big.bin"])
def test_download(shop, nginx, place):
    url = nginx.add("big.bin", CONTENT)
    options = {"filePath": place} if place else {}
    result = shop.call("downloadFile", {"url": url, **options})
    assert result["errMsg"] == "downloadFile:ok" and result["statusCode"] == 200
    assert digest(shop, place or result["tempFilePath"]) == hashlib.sha1(CONTENT).hexdigest()


@pytest.mark.parametrize("folder", ["chunked", "packed", "gzip"])
def test_download_however_it_is_framed(shop, nginx, folder, tmp_path):
    url = nginx.add("text.txt", CONTENT[:60000].hex().encode())
    if folder == "packed":
        nginx.add("text.txt.gz", gzip.compress((nginx.files / "text.txt").read_bytes()))
    header = {"accept-encoding": "gzip"}
    result = shop.call("downloadFile", {"url": url.replace("/files/", f"/{folder}/"), "header": header})
    assert result["errMsg"] == "downloadFile:ok", result
    assert digest(shop, result["tempFilePath"]) == hashlib.sha1((nginx.files / "text.txt").read_bytes()).hexdigest()


class Cut:
    """A wire to a server that breaks after so many bytes of an answer, as often as it is told to."""

    def __init__(self, port, limits, own_port=0):
        self._port = port
        self._limits = limits
        self.asked = []  # the head of each request
        self._listener = socket.create_server(("127.0.0.1", own_port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        for limit in self._limits:
            near, _ = self._listener.accept()
            with near, socket.create_connection(("127.0.0.1", self._port)) as far:
                asked = near.recv(65536)
                self.asked.append(asked.decode())
                far.sendall(asked)
                threading.Thread(target=_forward, args=(near, far), daemon=True).start()
                while limit > 0:
                    data = far.recv(min(limit, 65536))
                    if not data:
                        break
                    near.sendall(data)
                    limit -= len(data)
                near.shutdown(socket.SHUT_RDWR)  # closing alone would wait for the other thread
        self._listener.close()


def _forward(near, far):
    with contextlib.suppress(OSError):
        while data := near.recv(65536):
            far.sendall(data)


def test_download_over_a_wire_that_breaks(shop, nginx):
    url = nginx.add("big.bin", CONTENT)
    wire = Cut(nginx.port, [100_000, 50_000, 400, 1 << 30])
    result = shop.call(
        "downloadFile", {"url": url.replace(str(nginx.port), str(wire.port)), "filePath": "wxfile://usr/b"}
    )
    assert result["errMsg"] == "downloadFile:ok" and result["statusCode"] == 200, result
    assert digest(shop, "wxfile://usr/b") == hashlib.sha1(CONTENT).hexdigest()
    ranges = [line for head in wire.asked for line in head.split("\r\n") if line.startswith("Range")]
    starts = [int(line.removeprefix("Range: bytes=").removesuffix("-")) for line in ranges]
    assert len(wire.asked) == 4 and len(starts) == 3 and 90_000 < starts[0] < starts[1] <= starts[2] < 160_000, starts
    assert all("If-Range: " in head for head in wire.asked[1:])


def test_download_from_a_server_that_cannot_resume(shop, nginx):
    url = nginx.add("big.bin", CONTENT).replace("/files/", "/plain/")
    wire = Cut(nginx.port, [100_000, 1 << 30])
    result = shop.call("downloadFile", {"url": url.replace(str(nginx.port), str(wire.port))})
    assert result["errMsg"] == "downloadFile:ok", result  # it sends all of it again, which is taken
    assert digest(shop, result["tempFilePath"]) == hashlib.sha1(CONTENT).hexdigest()


def test_upload(shop, httpbin):
    text = "line\r\n--boundary\r\n" * 400
    shop.exec(f"import wx\nwx.getFileSystemManager().writeFileSync('wxfile://usr/n\"ote.txt', {text[:18]!r} * 400)")
    form = {"user": "é你", "n": 3, "nested": {"a": [1]}}
    result = shop.call(
        "uploadFile",
        {"url": httpbin.url + "/post", "filePath": 'wxfile://usr/n"ote.txt', "name": "fi le", "formData": form},
    )
    assert result["errMsg"] == "uploadFile:ok" and result["statusCode"] == 200, result
    assert isinstance(result["data"], str)
    seen = json.loads(result["data"])
    assert seen["files"] == {"fi le": text}
    assert seen["form"] == {"user": "é你", "n": "3", "nested": '{"a": [1]}'}
    assert seen["headers"]["Content-Type"].startswith("multipart/form-data; boundary=")
    assert int(seen["headers"]["Content-Length"]) > len(text)


def test_upload_that_is_too_large_for_the_server(shop, nginx):
    shop.exec("import wx\nwx.getFileSystemManager().writeFileSync('wxfile://usr/a', 'x' * 60000)")
    result = shop.call("uploadFile", {"url": nginx.url + "/small", "filePath": "wxfile://usr/a", "name": "f"})
    assert result["statusCode"] == 413 and "Too Large" in result["data"], result


def test_a_full_flash_in_the_middle_of_a_download(make_kiosk, nginx):
    kiosk = make_kiosk(flash_kb=256)
    kiosk.run(urlCheck=False)
    kiosk.call("setStorage", {"key": "k", "data": "value"})
    kiosk.exec("import wx\nwx.getFileSystemManager().writeFileSync('wxfile://usr/kept', 'x' * 5000)")
    url = nginx.add("big.bin", CONTENT)
    for folder in ("files", "chunked"):  # told beforehand, and found out
        result = kiosk.call(
            "downloadFile", {"url": url.replace("/files/", f"/{folder}/"), "filePath": "wxfile://usr/kept"}
        )
        assert result["errno"] == 603300, result
        assert result["errMsg"] == "downloadFile:fail download save file error: no space left on device"
        assert digest(kiosk, "wxfile://usr/kept") == hashlib.sha1(b"x" * 5000).hexdigest()
        assert kiosk.call("getStorage", {"key": "k"})["data"] == "value"
        assert listing(kiosk, "tmp") == []
    result = kiosk.call("downloadFile", {"url": nginx.add("small.bin", CONTENT[:9000])})
    assert digest(kiosk, result["tempFilePath"]) == hashlib.sha1(CONTENT[:9000]).hexdigest()


def test_temporary_files_go_when_it_closes_and_when_the_power_goes(make_kiosk, nginx, tmp_path):
    kiosk = make_kiosk(flash=tmp_path / "flash")
    kiosk.run(urlCheck=False)
    url = nginx.add("big.bin", CONTENT)
    assert kiosk.call("downloadFile", {"url": url})["errMsg"] == "downloadFile:ok"
    kiosk.stop()
    assert listing(kiosk, "tmp") is None
    kiosk.run(urlCheck=False)
    slow = url.replace("/files/", "/slow/")
    kiosk.exec(f"import wx\nwx.downloadFile(url={slow!r}, complete=print)")
    deadline = time.monotonic() + 60
    while not listing(kiosk, "tmp"):
        assert time.monotonic() < deadline
    kiosk.close()
    again = make_kiosk(flash=tmp_path / "flash")
    assert listing(again, "tmp")
    again.run(appid="other", urlCheck=False)
    assert listing(again, "tmp") is None


def test_an_upload_that_waits_for_its_server_across_a_power_cut(make_kiosk, httpbin, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    dead = f"http://127.0.0.1:{port}/post"  # nobody is there
    kiosk = make_kiosk(flash=tmp_path / "flash")
    kiosk.run({"pages/index/index.py": UPLOADER}, query=f"url={dead}", urlCheck=False)
    _until(kiosk, "failed")
    kiosk.close()
    again = make_kiosk(flash=tmp_path / "flash")
    wire = Cut(httpbin.port, [1 << 30], own_port=port)  # somebody is, now
    again.run({"pages/index/index.py": UPLOADER}, urlCheck=False)
    _until(again, "sent")
    assert "POST /post" in wire.asked[0] and "Idempotency-Key: " in wire.asked[0]
    assert again.exec("import uploads\nprint(uploads.getUploadsSync())").strip() == "[]"
    assert listing(again, "uploads") == []


def _until(kiosk, event):
    deadline = time.monotonic() + 60
    while event not in (events := kiosk.exec("print(getCurrentPages()[-1].data['events'])")):
        assert time.monotonic() < deadline, (events, kiosk.errors)
        time.sleep(0.05)
