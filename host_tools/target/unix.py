"""The emulator: a process of the Unix port whose console is a pseudo terminal."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import tty
from pathlib import Path
from typing import IO, Mapping, Optional, Sequence

from host_tools.errors import ExecError, TargetError
from host_tools.models.audio import Microphone
from host_tools.models.bench import Bench
from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.ov2640 import ArduCam
from host_tools.models.st7789 import St7789
from host_tools.models.wiring import I2sWiring, Wiring
from host_tools.paths import unix_image
from host_tools.target.target import Target

# The ESP32-S3's 8 MB of PSRAM hold objects of 32 bits: twice the bytes hold the same of 64.
_HEAP_64_BITS = 16 * 1024 * 1024
_PR_SET_PDEATHSIG = 1
# What the board calls them (boards/UNIX/wired.py)
_NAMES = ((St7789, "display"), (Ft6x36, "touch"), (ArduCam, "camera"))


def _wired_name(chip: Wiring) -> Optional[str]:
    """The name of the capability that a chip takes the place of; None for all that are no capability's."""
    if isinstance(chip, I2sWiring):
        return "microphone" if isinstance(chip.model, Microphone) else "speaker"
    return next((name for kind, name in _NAMES if isinstance(chip.model, kind)), None)


class UnixTarget(Target):
    """A new emulator, ended by close().

    apps: appid -> folder of a packed mini-program, found at /apps/<appid> as if installed.
    flash: the file that plays the flash and keeps it; without one the flash is new and forgotten.
    heap: bytes; given, the 32-bit image runs, whose objects have a board's sizes.
    name_server: "IP:PORT" to ask for the addresses of names; by default the host's.
    chips: what is wired to the board; without any, its pins and buses are bare.
    output, errors: where the mini-program prints, and where tracebacks go; by default the host's own.
    """

    def __init__(
        self,
        apps: Optional[Mapping[str, Path]] = None,
        flash: Optional[Path] = None,
        flash_kb: int = 2048,
        heap: Optional[int] = None,
        output: Optional[IO] = None,
        errors: Optional[IO] = None,
        log_level: str = "warn",
        name_server: Optional[str] = None,
        chips: Sequence[Wiring] = (),
    ):
        self._resources = contextlib.ExitStack()
        image = unix_image(32 if heap else 64)
        if not image.exists():
            raise TargetError(f"{image} is not there; run: make setup" + (" unix32" if heap else ""))
        self._bench = Bench(chips, self._model_failed) if chips else None
        self._line_cut = False
        # Its working folder is empty: the port would take a main.py there for its own.
        self._scratch = self._resources.enter_context(tempfile.TemporaryDirectory(prefix="mpkiosk-"))
        flash = Path(flash).resolve() if flash else Path(self._scratch) / "flash"
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        streams = [(output or sys.stdout).fileno(), (errors or sys.stderr).fileno()]
        command = [str(image), "-X", f"heapsize={heap or _HEAP_64_BITS}", "-m", "main"]
        command += ["--flash", str(flash), "--flash-kb", str(flash_kb), "--log", log_level]
        if name_server:
            command += ["--name-server", name_server]
        wired = [name for name in map(_wired_name, chips) if name]
        if wired:
            command += ["--wired", ",".join(wired)]
        for appid, folder in (apps or {}).items():
            command += ["--app", f"{appid}={Path(folder).resolve()}"]
        self.process = self._spawn(command, streams)
        if self._bench:
            self._bench.start()
        try:
            super().__init__(os.ttyname(self._slave))
        except TargetError as error:
            code = self.process.poll()
            self._end()
            self._blame(error)
            raise TargetError("the emulator ended at once" if code is not None else str(error)) from error

    def _spawn(self, command, streams):
        # Copies, because descriptors 0 to 2 cannot be handed on under their own numbers.
        copies = [os.dup(stream) for stream in streams]
        passed = list(copies)
        command = [*command, "--output", str(copies[0]), "--errors", str(copies[1])]
        if self._bench:
            passed.append(self._bench.theirs.fileno())
            command += ["--models", str(self._bench.theirs.fileno())]
        try:
            return subprocess.Popen(
                command,
                stdin=self._master,
                stdout=self._master,
                stderr=copies[1],
                pass_fds=passed,
                cwd=self._scratch,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        finally:
            for copy in copies:
                os.close(copy)

    def _model_failed(self) -> None:
        """In the bench's thread: whoever waits for the console sees the line go."""
        self.process.kill()
        self._cut_line()

    def _cut_line(self) -> None:
        if not self._line_cut:
            self._line_cut = True
            os.close(self._master)
            os.close(self._slave)

    def _blame(self, error: TargetError) -> None:
        """If a model is why the emulator does not answer, say so instead."""
        if self._bench and self._bench.failure:
            raise TargetError(f"the emulator has ended: {self._bench.failure}") from error

    def exec(self, code: str, timeout_s: float = 15) -> str:
        """As any target; TargetError also when a model has failed."""
        try:
            return super().exec(code, timeout_s)
        except ExecError:
            raise
        except TargetError as error:
            self._blame(error)
            raise

    def close(self) -> None:
        """End the emulator; its flash is as a cut of the power would leave it."""
        with contextlib.suppress(OSError):  # of a line that has been cut
            super().close()
        self._end()

    def _end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self._bench:
            self._bench.close()
        self._cut_line()
        self._resources.close()


def _die_with_parent() -> None:
    """In the child: a host that is killed takes its emulator with it (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
