"""The servers of the tests of live streams: ffmpeg that waits for a stream, and servers that misbehave."""

import contextlib
import socket
import struct
import subprocess
import time

from tests.system.live.conftest import SIZE, number_of


def free_port():
    """A port of the loopback that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Listener:
    """ffmpeg as the server: pictures as gray pixels and sound as WAV, in `folder`."""

    def __init__(self, folder, has_picture=True, has_sound=True, options=()):
        self.url = f"rtsp://127.0.0.1:{free_port()}/live/kiosk"
        self._folder = folder
        command = ["ffmpeg", "-hide_banner", "-loglevel", "info", "-nostdin", *options, "-rtsp_flags", "listen", "-i", self.url]
        if has_picture:
            command += ["-map", "0:v", "-fps_mode", "passthrough", "-pix_fmt", "gray", "-f", "rawvideo", folder / "pictures"]
        if has_sound:
            command += ["-map", "0:a", "-y", folder / "sound.wav"]
        self._log = open(folder / "ffmpeg.log", "w", encoding="utf-8")  # noqa: SIM115
        self._process = subprocess.Popen([str(part) for part in command], stdout=self._log, stderr=self._log)
        self._wait_for_port()

    def _wait_for_port(self):
        # ffmpeg takes one connection only, so it is not tried: the kernel's table says when it listens.
        port = int(self.url.rpartition(":")[2].partition("/")[0])
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with open("/proc/net/tcp", encoding="ascii") as table:
                if any(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A" for line in list(table)[1:]):
                    return
            time.sleep(0.02)
        raise RuntimeError("ffmpeg does not listen")

    def finish(self):
        """Wait until the stream is over; ([number of each picture], [samples], what ffmpeg says)."""
        self._process.wait(60)
        self._log.close()
        numbers, samples = [], []
        if (self._folder / "pictures").exists():
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
