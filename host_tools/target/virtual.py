"""The virtual board: the real firmware image in an emulated RP2040, with a Wi-Fi chip whose sockets are the host's."""

import time
from pathlib import Path
from typing import IO, Mapping, Optional, Sequence

from host_tools.errors import TargetError
from host_tools.models.nina import Network, Nina
from host_tools.models.sockets import HostSockets
from host_tools.models.timeserver import TimeServer
from host_tools.models.wiring import Wiring
from host_tools.paths import firmware_image
from host_tools.target.serial import SerialTarget
from host_tools.target.target import Target
from host_tools.virtual_board.board import VirtualBoard
from host_tools.virtual_board.nano import BOARD, nina_wiring

_ATTEMPTS = 5  # to reach the console, each of ten seconds
_JOIN_S = 40
_CLOCK_POLLS, _CLOCK_POLL_S = 100, 0.1


def join(target: Target, nina: Nina) -> None:
    """Tell a kiosk of the network that is in the air, as `kiosk wifi` does, and wait until it is there and has the time."""
    network = nina.networks[0]
    if nina.sockets.time_server:
        gateway_tells_time(target)
    answer = target.ask("wifi", network.ssid, network.key, timeout_s=_JOIN_S)
    if answer.get("ssid") != network.ssid:
        raise TargetError(f"the board is not in {network.ssid}: {answer.get('reason') or answer['errMsg']}")
    if nina.sockets.time_server:
        _wait_for_time(target)


def _wait_for_time(target: Target) -> None:
    for _ in range(_CLOCK_POLLS):
        if clock_is_set(target):
            return
        time.sleep(_CLOCK_POLL_S)
    raise TargetError("the board has joined, and is not told the time")


def gateway_tells_time(target: Target) -> None:
    """Have a kiosk ask its gateway for the time, until it is switched off: there may be no way to the Internet's servers."""
    target.exec("from kiosk.net import wifi\nwifi.Station.time_servers = (('10.0.0.1', 123),)")


def clock_is_set(target: Target) -> bool:
    """Whether a kiosk knows what day it is."""
    return target.exec("import time\nprint(time.gmtime()[0] >= 2024)").strip() == "True"


class VirtualTarget(SerialTarget):
    """A board that is switched on, and off by close().

    apps: appid -> folder of a packed mini-program, copied to /apps/<appid> over the console.
    flash: the file that plays the flash and keeps it; without one the flash is new and forgotten.
    output, errors: where the mini-program prints, and where tracebacks go; by default the host's own.
    name_server: "IP:PORT" to ask for the addresses of names; by default the host's.
    chips: what else is wired to the board.
    networks: what is in the air at first; by default the network that join() joins.
    settings: further ones of VirtualBoard.
    """

    patience_s = 120  # the emulator may be slow, and its host busy

    def __init__(
        self,
        apps: Optional[Mapping[str, Path]] = None,
        flash: Optional[Path] = None,
        output: Optional[IO] = None,
        errors: Optional[IO] = None,
        name_server: Optional[str] = None,
        image: Optional[Path] = None,
        chips: Sequence[Wiring] = (),
        networks: Sequence[Network] = (Network("kiosk", "password"),),
        **settings,
    ):
        image = image or firmware_image(BOARD)
        if not image.exists():
            raise TargetError(f"{image} is not there; run: make firmware BOARD={BOARD}")
        self.time_server = TimeServer()
        sockets = HostSockets(name_server=name_server, time_server=self.time_server.address)
        self.nina = Nina(networks, sockets)
        self.board = VirtualBoard(image, flash=flash, chips=[nina_wiring(self.nina), *chips], **settings)
        try:
            self._open(output, errors)
            for appid, folder in (apps or {}).items():
                self.install(Path(folder), appid)
        except TargetError as error:
            ended = self.board.ended
            self._end()
            raise TargetError(f"the virtual board has ended: {ended}" if ended else str(error)) from error

    def _open(self, output: Optional[IO], errors: Optional[IO]) -> None:
        """A board boots in half a second of its own, of which a busy host makes many."""
        for attempt in range(_ATTEMPTS):
            try:
                super().__init__(self.board.port, output, errors)
                return
            except TargetError:
                if self.board.ended is not None or attempt == _ATTEMPTS - 1:
                    raise

    def join(self) -> None:
        """Have the kiosk join the network that is in the air; the clock is set then."""
        join(self, self.nina)

    def exec(self, code: str, timeout_s: float = 15) -> str:
        """As Target.exec(), with the patience that an emulator takes."""
        return super().exec(code, max(timeout_s, self.patience_s))

    def close(self) -> None:
        """Switch the board off; its flash is as a cut of the power would leave it."""
        try:
            if self.board.ended is None:
                super().close()
        finally:
            self._end()

    def _end(self) -> None:
        self.board.close()
        self.time_server.close()
