"""Recordings that leave the board while they are made: frames over HTTP and WebSocket, and back to the speaker."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

from tests.system.audio.studio import LIMIT_S, TARGETS, samples_of
from tests.system.audio.test_codecs import _ratio_db
from tests.system.audio.test_sound import tone, wav
from tests.system.audio.waiting import sounds

UPLOADING = """
        self.parts = []
        self.path = wx.env.USER_DATA_PATH + "/frame%d"
        manager.onFrameRecorded(self.onFrame)

    async def onFrame(self, res):
        number = self.data["frames"]
        self.setData({"frames": number + 1})
        path = self.path % number
        fs = wx.getFileSystemManager()
        fs.writeFileSync(path, res.frameBuffer)
        await wx.uploadFile(url="%s", filePath=path, name="frame", formData={"number": number, "last": res.isLastFrame})
        fs.unlinkSync(path)
        self.setData({"sent": self.data["sent"] + 1})
"""
SENDING = """
        self.task = wx.connectSocket(url="%s")
        manager.onFrameRecorded(lambda res: self.task.send(data=res.frameBuffer))
        self.task.onOpen(lambda res: self.add("Open"))
"""


class _Uploads(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fields = {}
        for part in body.split(b"--" + self.headers["Content-Type"].partition("boundary=")[2].strip('"').encode()):
            head, _, content = part.partition(b"\r\n\r\n")
            if b'name="' in head:
                fields[head.split(b'name="')[1].split(b'"')[0].decode()] = content[:-2]
        self.server.parts[int(fields["number"])] = (fields["frame"], fields["last"])
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        frames = b"".join(self.server.parts[number][0] for number in sorted(self.server.parts))
        body = wav(samples_of(frames)) if self.path.endswith(".wav") else frames
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def uploads():
    """A server that keeps what is uploaded, by its number."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Uploads) as server:
        server.parts = {}
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@TARGETS
@pytest.mark.parametrize("options", [{"format": "mp3", "encodeBitRate": 48000}, {"format": "PCM"}])
def test_frames_are_uploaded_while_it_records_and_are_the_file(studio, uploads, name, options):
    it = studio(tone(40000), name)
    it.run(UPLOADING.replace("%s", "http://127.0.0.1:%d/" % uploads.server_address[1]))
    data, file = it.record(frameSize=4, sampleRate=16000, numberOfChannels=1, duration=2000, **options)
    data = it.until(lambda data: data["sent"] == data["frames"])
    parts = [uploads.parts[number] for number in range(data["frames"])]
    assert b"".join(part for part, _ in parts) == file and len(parts) >= 3 and data["errors"] == []
    assert [last.lower() for _, last in parts] == [b"false"] * (len(parts) - 1) + [b"true"]


PLAYING = """
import wx
ended = []
async def play():
    res = await wx.downloadFile(url=%r)
    context = wx.createInnerAudioContext()
    context.onEnded(ended.append)
    context.src = res.tempFilePath
    context.play()
kiosk.run(play())
"""


@TARGETS
@pytest.mark.parametrize(
    "options,suffix", [({"format": "PCM"}, "wav"), ({"format": "mp3", "encodeBitRate": 96000}, "mp3")]
)
def test_what_was_said_goes_up_while_it_is_recorded_comes_down_and_is_heard(studio, uploads, name, options, suffix):
    said = tone(24000)
    it = studio(said, name)
    url = "http://127.0.0.1:%d/" % uploads.server_address[1]
    it.run(UPLOADING.replace("%s", url))
    it.record(frameSize=4, sampleRate=16000, numberOfChannels=1, duration=1500, **options)
    it.until(lambda data: data["sent"] == data["frames"] and data["frames"] > 2)
    it.kiosk.exec(PLAYING % (url + "sound." + suffix))
    end = time.monotonic() + LIMIT_S
    while it.kiosk.exec("print(len(ended))").strip() != "1":
        assert time.monotonic() < end
        time.sleep(0.1)
    heard = sounds(it.speaker)
    if suffix == "wav":
        assert heard[:24000] == said
    else:
        best = max(range(3000), key=lambda delay: _ratio_db(said[:16000], heard, delay, 1, count=200))
        assert _ratio_db(said[:16000], heard, best, 1) > 40


@TARGETS
def test_frames_go_over_a_websocket_and_are_the_file(studio, name):
    got = []

    def keep(connection):
        try:
            got.extend(connection)
        except ConnectionClosed:
            return

    with serve(keep, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        it = studio(tone(40000), name)
        it.run(SENDING.replace("%s", "ws://127.0.0.1:%d/" % server.socket.getsockname()[1]))
        it.until(lambda data: "Open" in data["events"])
        _, file = it.record(format="PCM", frameSize=2, sampleRate=16000, numberOfChannels=1, duration=1500)
        end = time.monotonic() + LIMIT_S
        while sum(map(len, got)) < len(file) and time.monotonic() < end:
            time.sleep(0.05)
        server.shutdown()
    assert b"".join(got) == file and samples_of(file) == tone(24000)
