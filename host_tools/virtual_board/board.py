"""
The virtual board: the emulator's process, the serial port, and the thread that answers for the chips' models.

    with VirtualBoard(image) as board:
        print(board.port)       # `mpremote connect PORT` works as with a board
"""

import json
import os
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import traceback
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Callable, List, Optional, Sequence, Tuple

from host_tools.errors import TargetError
from host_tools.models.wiring import Wiring
from host_tools.paths import BUILD
from host_tools.virtual_board.chips import Chips
from host_tools.virtual_board.console import Console
from host_tools.virtual_board.link import COUNTS_SIZE, Counts, Frame, Link, LinkClosedError
from host_tools.virtual_board.rom import rom_image

RP2040JS = BUILD / "virtual_board" / "node" / "node_modules" / "rp2040js"
_MAIN = Path(__file__).parent / "emulator" / "main.mjs"
_FLASH_BYTES = 16 * 1024 * 1024
_LOOK_S = 0.02  # a closed port has no event for being opened: look at it so often
_SLEEP_S = 1.0


@dataclass(frozen=True)
class Mark:
    """A write to TBMAN, `machine.mem32[0x4006C000] = value`, which does nothing on silicon; or a probe, by its address."""

    value: int
    cycles: int
    busy_cycles: int
    erased: int = 0  # flash operations so far
    programmed: int = 0


class VirtualBoard:
    """A board that is switched on by the constructor and off by close(), as by a cut of the power.

    image: the firmware, as flashed.  flash: the file that keeps the flash chip; without one it is new and forgotten.
    chips: what is wired to it.
    cut_after: the power is cut after so many flash operations (a sector erased, a page programmed).
    torn: the power goes in the last of those operations instead of behind it; the seed (0 to 2**32 - 1) chooses which of
    its bits have changed by then.
    script: what is typed at which emulated time (ns since power on, bytes), as if a program had the port open; a run with
    a script and nothing else at the port takes the same cycles each time.
    trace: a VCD file of the pins and buses.  warp: sleeps take no time of the host's (emulated time is the same).
    probes: addresses of code; each time the core gets to one, that is a mark with the address as its value.
    """

    def __init__(
        self,
        image: Path,
        flash: Optional[Path] = None,
        chips: Sequence[Wiring] = (),
        cut_after: Optional[int] = None,
        torn: Optional[int] = None,
        trace: Optional[Path] = None,
        warp: bool = False,
        script: Sequence[Tuple[float, bytes]] = (),
        probes: Sequence[int] = (),
    ):
        if not RP2040JS.exists() or not shutil.which("node"):
            raise TargetError("the emulator is not there; run: make virtual")
        if torn is not None and cut_after is None:
            raise TargetError("torn: in which flash operation? cut_after says it")
        self._chips = Chips(chips)
        self.counts = Counts(0, 0, 0, 0)
        self.marks: List[Mark] = []
        self.ended: Optional[str] = None  # "off", "cut" (the power), "bootloader", "fault: ..."
        self._warp = warp
        self._requests: List[Callable[[], None]] = []
        self._now_ns = 0.0
        self._was_open = False
        self._scratch = tempfile.TemporaryDirectory(prefix="mpkiosk-")
        flash = Path(flash) if flash else Path(self._scratch.name) / "flash"
        write_image(flash, Path(image))
        if trace:
            _create(Path(trace))
        self.console = Console()
        self.port = self.console.port
        self._wake, self._woken = socket.socketpair()
        settings = {
            "rom": str(rom_image()),
            "flash": str(flash),
            "cutAfter": cut_after,
            "torn": torn,
            "trace": str(trace) if trace else None,
            "probes": list(probes),
            **self._chips.settings(),
        }
        self._start(settings)
        self._thread = threading.Thread(target=self._serve, name="virtual board", daemon=True)
        self._chips.attach(self._add, lambda: self._now_ns)
        self.printed = bytearray()  # what a scripted board has printed
        self._scripted = bool(script)
        if script:
            self._link.add("d", 1)
        for at_ns, data in script:
            self._link.add("c", 0, at_ns, data)
        self._thread.start()

    def _start(self, settings: dict) -> None:
        self._stream, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            ["node", str(_MAIN), json.dumps({**settings, "link": theirs.fileno()})],
            pass_fds=[theirs.fileno()],
            env={**os.environ, "RP2040JS": str(RP2040JS)},
            start_new_session=True,
        )
        theirs.close()
        self._link = Link(self._stream)

    def _add(self, kind: str, unit: int, value: float, payload: bytes) -> None:
        """What a model does to its wires, whichever thread it is in."""
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._request(lambda: self._link.add(kind, unit, value, payload))
        else:
            self._link.add(kind, unit, value, payload)

    # What runs in the board's own thread.

    def _serve(self) -> None:
        try:
            while self.ended is None:
                self._handle(self._link.receive())
        except LinkClosedError as error:
            self.ended = str(error)
        except Exception as error:  # noqa: BLE001  a supervisor: a model's bug ends the board, which then says so
            traceback.print_exc()
            self.ended = f"a model failed: {error!r}"
            self.process.kill()
        self.process.wait()
        self.console.close()  # whoever has the port open sees the board go

    def _handle(self, frame: Frame) -> None:
        if frame.kind not in "im":  # their values are no times
            self._now_ns = frame.value
        if frame.kind in "ti":
            self._turn(frame)
        elif frame.kind == "c":
            if self._scripted:
                self.printed += frame.payload
            self.console.write(frame.payload)
        elif frame.kind == "m":
            self.marks.append(Mark(int(frame.value), *astuple(Counts.unpack(frame.payload))))
        elif frame.kind == "q":
            self.counts = Counts.unpack(frame.payload)
            self.ended = frame.payload[COUNTS_SIZE:].decode()
        else:
            self._chips.handle(frame, self._link)

    def _turn(self, frame: Frame) -> None:
        self.counts = Counts.unpack(frame.payload)
        if frame.kind == "i":
            self._link.add("e", 0, self._sleep(frame.value))
        self.console.flush()
        is_open = self.console.is_open()
        if is_open != self._was_open:
            self._was_open = is_open
            self._link.add("d", int(is_open))
        typed = self.console.read()
        if typed:
            self._link.add("c", 0, 0, typed)
        while self._requests:
            self._requests.pop(0)()
        self._link.answer()

    def _sleep(self, nanos: float) -> float:
        """Wait as long as the core sleeps, or until there is something for it; return the ns that have passed."""
        if self._warp and nanos != float("inf"):
            return nanos
        wanted = min(nanos / 1e9, _SLEEP_S)
        start = time.monotonic()
        watched = [self._woken]
        if self._was_open:
            watched.append(self.console)
        else:
            wanted = min(wanted, _LOOK_S)
        ready = select.select(watched, [], [], wanted)[0]
        if self._woken in ready:
            self._woken.recv(4096)
        if not ready and wanted == nanos / 1e9:
            return nanos
        return (time.monotonic() - start) * 1e9

    # What other threads may call.

    def _request(self, action: Callable[[], None]) -> None:
        self._requests.append(action)
        self._wake.send(b"!")

    def reset(self) -> None:
        """Press the reset button."""
        self._request(lambda: self._link.add("r"))

    def wait_ended(self, timeout_s: float) -> Optional[str]:
        """Why the board has ended, once it has or the time is over (then None)."""
        self._thread.join(timeout_s)
        return self.ended

    def __enter__(self) -> "VirtualBoard":
        return self

    def __exit__(self, *exc_info) -> None:
        self.close()

    def close(self) -> None:
        """Switch the board off; its flash is as a cut of the power would leave it."""
        if self._thread.is_alive():
            self._request(lambda: self._link.add("q"))
            self._thread.join(2)
        if self._thread.is_alive():
            self.process.kill()
            self._thread.join()
        for end in (self._stream, self._wake, self._woken):
            end.close()
        self._scratch.cleanup()


def _create(trace: Path) -> None:
    try:
        trace.write_bytes(b"")
    except OSError as error:
        raise TargetError(f"{trace}: {error.strerror}")


def write_image(flash: Path, image: Path) -> None:
    """Flash an image: the file that plays the flash chip begins with it; what lies behind it stays."""
    code = image.read_bytes()
    if len(code) > _FLASH_BYTES:
        raise TargetError(f"{image}: {len(code)} bytes do not fit the flash of {_FLASH_BYTES}")
    if not flash.exists():
        flash.write_bytes(b"\xff" * _FLASH_BYTES)
    if flash.stat().st_size != _FLASH_BYTES:
        raise TargetError(f"{flash}: not a flash of {_FLASH_BYTES} bytes")
    with flash.open("r+b") as file:
        file.write(code)
