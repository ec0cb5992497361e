"""The servers of the tests of live streams: ffmpeg that waits for a stream, and servers that misbehave."""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import time
from pathlib import Path

from host_tools.paths import BUILD
from tests.system.live.conftest import SIZE, number_of


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
