"""The virtual board: the real firmware image in an emulated RP2040, with a Wi-Fi chip whose sockets are the host's."""

from pathlib import Path
from typing import IO, Mapping, Optional, Sequence

from host_tools.errors import TargetError
from host_tools.models.nina import Nina
from host_tools.models.sockets import HostSockets
from host_tools.models.wiring import Wiring
from host_tools.paths import firmware_image
from host_tools.target.serial import SerialTarget
from host_tools.virtual_board.board import VirtualBoard
from host_tools.virtual_board.nano import BOARD, nina_wiring

_JOIN = """
import network, time
station = network.WLAN(network.WLAN.IF_STA)
station.active(True)
station.connect(%r, %r)
while not station.isconnected():
    time.sleep_ms(50)
"""


class VirtualTarget(SerialTarget):
    """A board that is switched on, and off by close().

    apps: appid -> folder of a packed mini-program, copied to /apps/<appid> over the console.
    flash: the file that plays the flash and keeps it; without one the flash is new and forgotten.
    output, errors: where the mini-program prints, and where tracebacks go; by default the host's own.
    name_server: "IP:PORT" to ask for the addresses of names; by default the host's.
    chips: what else is wired to the board.
    settings: further ones of VirtualBoard.
    """

    def __init__(
        self,
        apps: Optional[Mapping[str, Path]] = None,
        flash: Optional[Path] = None,
        output: Optional[IO] = None,
        errors: Optional[IO] = None,
        name_server: Optional[str] = None,
        image: Optional[Path] = None,
        chips: Sequence[Wiring] = (),
        **settings,
    ):
        image = image or firmware_image(BOARD)
        if not image.exists():
            raise TargetError(f"{image} is not there; run: make firmware BOARD={BOARD}")
        self.nina = Nina(sockets=HostSockets(name_server=name_server))
        self.board = VirtualBoard(image, flash=flash, chips=[nina_wiring(self.nina), *chips], **settings)
        try:
            super().__init__(self.board.port, output, errors)
            for appid, folder in (apps or {}).items():
                self.install(Path(folder), appid)
        except TargetError as error:
            ended = self.board.ended
            self.board.close()
            raise TargetError(f"the virtual board has ended: {ended}" if ended else str(error)) from error

    def join(self) -> None:
        """Have the board join the network that is in the air, as one does that has been told of it."""
        network = self.nina.networks[0]
        self.exec(_JOIN % (network.ssid, network.key))

    def close(self) -> None:
        """Switch the board off; its flash is as a cut of the power would leave it."""
        if self.board.ended is None:
            super().close()
        self.board.close()
