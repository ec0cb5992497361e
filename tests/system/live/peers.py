"""The servers of the tests of live streams: ffmpeg and nginx that take a stream, GStreamer, ffmpeg and nginx that give one."""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

from host_tools.paths import BUILD
from host_tools.setup.peers import SYSTEM_PYTHON, gstreamer_environment
from tests.system.live.conftest import SIZE, number_of, picture


def free_port():
    """A port of the loopback that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for_port(port):
    """Return when somebody listens there.  ffmpeg takes one connection only, so it is not tried: the kernel's table says so."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with open("/proc/net/tcp", encoding="ascii") as table:
            if any(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A" for line in list(table)[1:]):
                return
        time.sleep(0.02)
    raise RuntimeError(f"nobody listens at {port}")


class Listener:
    """ffmpeg as the server: pictures as gray pixels and sound as WAV, in `folder`."""

    def __init__(self, folder, has_picture=True, has_sound=True, options=(), form=("-pix_fmt", "gray")):
        port = free_port()
        self.url = f"rtsp://127.0.0.1:{port}/live/kiosk"
        self._folder = folder
        self._is_gray = "gray" in form
        command = [
            "ffmpeg",
            "-hide_banner",
            "-loglevel",
            "info",
            "-nostdin",
            *options,
            "-rtsp_flags",
            "listen",
            "-i",
            self.url,
        ]
        if has_picture:
            command += [
                "-map",
                "0:v",
                "-fps_mode",
                "passthrough",
                *form,
                "-f",
                "rawvideo",
                folder / "pictures",
            ]
        if has_sound:
            command += ["-map", "0:a", "-y", folder / "sound.wav"]
        self._log = open(folder / "ffmpeg.log", "w", encoding="utf-8")  # noqa: SIM115
        self._process = subprocess.Popen([str(part) for part in command], stdout=self._log, stderr=self._log)
        wait_for_port(port)

    def finish(self):
        """Wait until the stream is over; ([number of each picture], [samples], what ffmpeg says)."""
        self._process.wait(60)
        self._log.close()
        numbers, samples = [], []
        if self._is_gray and (self._folder / "pictures").exists():
            data, size = (self._folder / "pictures").read_bytes(), SIZE[0] * SIZE[1]
            numbers = [number_of(data[at : at + size]) for at in range(0, len(data), size)]
        if (self._folder / "sound.wav").exists():
            data = (self._folder / "sound.wav").read_bytes()
            data = data[data.index(b"data") + 8 :]
            samples = list(struct.unpack(f"<{len(data) // 2}h", data[: len(data) // 2 * 2]))
        return numbers, samples, (self._folder / "ffmpeg.log").read_text(encoding="utf-8")

    def close(self):
        """End it, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._log.close()


_NGINX = BUILD / "peers" / "nginx"
_CONFIGURATION = """
daemon off;
worker_processes 1;
@USER@
pid pid;
error_log log info;
load_module @MODULE@;
events { worker_connections 64; }
rtmp {
    access_log off;
    server {
        listen 127.0.0.1:@PORT@;
        chunk_size 512;
        application live { live on; record all; record_path @FOLDER@/records; record_suffix .flv; }
        application closed { live on; deny publish all; }
    }
}
"""


class RtmpServer:
    """nginx with its module for RTMP, that records what is published below /live, and lets nobody publish below /closed."""

    def __init__(self, folder):
        self.port = free_port()
        self.url = f"rtmp://127.0.0.1:{self.port}/live/kiosk"
        self.closed_url = f"rtmp://127.0.0.1:{self.port}/closed/kiosk"
        self.folder = folder
        (folder / "records").mkdir(parents=True)
        text = _CONFIGURATION.replace("@PORT@", str(self.port))
        text = text.replace("@FOLDER@", str(folder)).replace(
            "@MODULE@", str(_NGINX / "usr" / "lib" / "nginx" / "modules" / "ngx_rtmp_module.so")
        )
        # As root it would run its worker as somebody who may not write our folder.
        text = text.replace("@USER@", "user root root;" if os.geteuid() == 0 else "")
        (folder / "nginx.conf").write_text(text, encoding="utf-8")
        command = [_NGINX / "usr" / "sbin" / "nginx", "-p", f"{folder}/", "-c", "nginx.conf", "-e", "log"]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for_port(self.port)

    def recorded(self):
        """The one file that there is, once nginx has finished it."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            found = list((self.folder / "records").glob("*.flv"))
            if found and not self._is_open(found[0]):
                return found[0]
            time.sleep(0.1)
        raise AssertionError("nginx has recorded nothing")

    def _is_open(self, path):
        workers = (
            Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text(encoding="ascii").split()
        )
        links = [link for worker in workers for link in Path(f"/proc/{worker}/fd").iterdir()]
        return any(os.path.realpath(link) == str(path.resolve()) for link in links)

    def close(self):
        """End it, with its worker."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


_GSTREAMER = BUILD / "peers" / "gstreamer"


class Server:
    """Takes connections one after the other; `play(connection, number)` is what happens to each."""

    def __init__(self, play):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"rtsp://127.0.0.1:{self._listener.getsockname()[1]}/live"
        self.count = 0
        self._play = play
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # closed: the test is over
                return
            with connection:
                self.count += 1
                try:
                    self._play(connection, self.count)
                except OSError:
                    continue  # the kiosk has hung up

    def close(self):
        """The end."""
        with contextlib.suppress(OSError):  # else accept() may go on with whatever socket gets the number next
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


class _Program:
    """A program that ends with the test; its log is in `folder`."""

    def __init__(self, folder, name, command, environment=None):
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}.log"
        self._log = open(self.path, "w", encoding="utf-8")  # noqa: SIM115
        self._process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, **(environment or {})},
        )

    def line(self):
        """The next line that it prints."""
        return self._process.stdout.readline().decode().strip()

    def ends(self):
        """Wait until it ends by itself; how."""
        return self._process.wait(60)

    def close(self):
        """End it."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        self._log.close()


NUMBERS = (0b10100101, 0b01011010, 0b11110000, 0b00001111, 0b11001100)  # of a film


def film(folder, numbers=NUMBERS, rate=10, seconds=60, sound_hz=16000):
    """The path of an AVI whose pictures show these numbers again and again (each bit for bit as conftest.picture() has it), with a tone of 440 Hz."""
    folder.mkdir(parents=True, exist_ok=True)
    for at, number in enumerate(numbers):
        (folder / f"{at}.jpg").write_bytes(picture(number))
    sound = ["-f", "lavfi", "-i", f"sine=frequency=440:sample_rate={sound_hz}"]
    command = [
        "ffmpeg",
        "-loglevel",
        "error",
        "-framerate",
        rate,
        "-stream_loop",
        "-1",
        "-i",
        folder / "%d.jpg",
        *sound,
    ]
    command += ["-t", seconds, "-c:v", "copy", "-c:a", "pcm_s16le", folder / "film.avi"]
    subprocess.run([str(part) for part in command], check=True)
    return folder / "film.avi"


class GstServer(_Program):
    """GStreamer's RTSP server: plays an AVI file to whoever asks, its pictures as RTP/JPEG and its sound as L16 or PCMU."""

    def __init__(self, folder, path, sound="rtpL16pay", password=""):
        pipeline = f"( filesrc location={path} ! avidemux name=d  d.video_0 ! queue ! rtpjpegpay name=pay0 pt=26 "
        pipeline += f"d.audio_0 ! queue ! audioconvert ! {sound} name=pay1 )" if sound else ")"
        server = Path(__file__).parent / "gstserver.py"
        command = [SYSTEM_PYTHON, server, pipeline, password]
        super().__init__(folder, "gstreamer", command, gstreamer_environment(_GSTREAMER))
        self.port = int(self.line() or 0)
        self.url = f"rtsp://{password + '@' if password else ''}127.0.0.1:{self.port}/live"


class HttpServer(_Program):
    """ffmpeg that waits for one listener over HTTP and sends him a file in a format, as fast as it is to be seen."""

    def __init__(self, folder, path, form="mpjpeg", options=("-c", "copy", "-an")):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/live"
        types = {"mpjpeg": "multipart/x-mixed-replace;boundary=ffmpeg", "flv": "video/x-flv"}
        command = ["ffmpeg", "-loglevel", "info", "-nostdin", "-re", "-i", path, *options, "-f", form]
        command += ["-content_type", types[form], "-listen", 1, self.url]
        super().__init__(folder, "http", command)
        wait_for_port(port)


class RtmpPublisher(_Program):
    """ffmpeg that publishes a tone, and pictures in H.264 beside it, to a server."""

    def __init__(self, folder, url, codec=("aac", "-ar", 16000, "-ac", 1, "-b:a", "32k"), has_picture=False):
        command = [
            "ffmpeg",
            "-loglevel",
            "info",
            "-nostdin",
            "-re",
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=440:sample_rate=16000",
        ]
        if has_picture:
            command += ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=10", "-c:v", "libx264", "-preset", "ultrafast"]
        command += ["-t", 60, "-c:a", *codec, "-f", "flv", url]
        super().__init__(folder, "publisher", command)
