"""`kiosk install` on a stock image of the RP2040: a kiosk afterwards, and a board that starts wherever the copy broke off."""

import contextlib
import os
import signal
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from host_tools.errors import TargetError
from host_tools.firmware.install import install
from host_tools.paths import ROOT
from host_tools.target import SerialTarget
from host_tools.target.line import connect
from host_tools.virtual_board.board import VirtualBoard
from tests import stock
from tests.system.virtual import boards

pytestmark = pytest.mark.timeout(600)  # the first run compiles the stock image

CHIP_BYTES = 4 * 1024 * 1024  # the flash of the image's board; the virtual board's is larger, and empty behind that
EVERY = 130  # flash operations from one picture of the flash to the next
AGAIN = (0.7,)  # how far the copies were that are begun once more; each takes its time
TRIES = 60

# Whether there is a main.py, all of it (a file being written is an empty one), and whether a kiosk runs
LOOK = f"""
import os, sys
print('main.py' in os.listdir('/') and os.stat('/main.py')[6] == {(ROOT / "firmware/main.py").stat().st_size},
      'kiosk.supervisor' in sys.modules)
"""

INDEX = """
@Page
class Index:
    data = {}
    def onLoad(self, query):
        wx.setStorageSync("k", "from flash")
        print("loaded", wx.getStorageSync("k"))
"""


def nobody(*_):
    """Progress that nobody watches."""


def connected(port):
    """The line to a board that may still be starting."""
    for _ in range(TRIES - 1):
        with contextlib.suppress(TargetError):
            return connect(port, interrupt=False, timeout_s=1)
    return connect(port, interrupt=False, timeout_s=1)


def kiosk_at(port, output=None):
    """The kiosk on a board that may still be starting."""
    connected(port).close()
    return SerialTarget(port, output)


class Pictures(threading.Thread):
    """Pictures of a board's flash, taken while it runs: what a board would have that is unplugged just then."""

    def __init__(self, board, flash):
        super().__init__(daemon=True)
        self.taken = []
        self.done = threading.Event()
        self._board, self._flash = board, flash

    def run(self):
        """Until `done`: after each so many flash operations."""
        due = 1
        while not self.done.is_set():
            counts = self._board.counts
            if counts.erased + counts.programmed < due:
                time.sleep(0.002)
                continue
            due = counts.erased + counts.programmed + EVERY
            os.kill(self._board.process.pid, signal.SIGSTOP)
            with self._flash.open("rb") as file:
                self.taken.append(zlib.compress(file.read(CHIP_BYTES), 1))
            os.kill(self._board.process.pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """(the flash with the runtime on it, pictures from the copy)"""
    flash = tmp_path_factory.mktemp("stock") / "flash"
    with VirtualBoard(stock.rp2040_image(), flash=flash) as board:
        pictures = Pictures(board, flash)
        connected(board.port).close()  # it has made its file system
        pictures.start()
        written = install(board.port, stock.board("STOCK_RP2040"), nobody)
        pictures.done.set()
        pictures.join()
        assert written > 90
        with kiosk_at(board.port) as kiosk:  # it has started by itself
            assert kiosk.state()["failure"] == ""
    return flash, pictures.taken


def test_the_board_is_a_kiosk_afterwards(installed, tmp_path):
    with open(tmp_path / "output", "w+", encoding="utf-8") as output:
        with VirtualBoard(stock.rp2040_image(), flash=installed[0]) as board:
            kiosk = kiosk_at(board.port, output)
            idle = kiosk.state()
            boards.install(kiosk, tmp_path, INDEX)
            assert kiosk.launch("test")["errMsg"] == "launch:ok"
            assert kiosk.state()["running"] == "test"
            kiosk.close()
        output.seek(0)
        assert output.read() == "loaded from flash\n"
    assert idle["running"] is None
    assert idle["heapFree"] > 184 * 1024  # of 240: the runtime lies in RAM here, not in the image


def switched_on_again(folder, number, picture, again):
    """Start a board from a picture, deflated; return whether it answers with its plain prompt, and is a kiosk in the end."""
    flash = folder / str(number)
    flash.write_bytes(zlib.decompress(picture).ljust(16 * 1024 * 1024, b"\xff"))
    with VirtualBoard(stock.rp2040_image(), flash=flash) as board:
        line = connected(board.port)
        complete, runs = line.exec(LOOK).decode().split()
        line.close()
        assert complete == runs, (number, complete, runs)
        if again:
            assert install(board.port, stock.board("STOCK_RP2040"), nobody) > 0
            with kiosk_at(board.port) as kiosk:
                assert kiosk.state()["failure"] == "", number
    flash.unlink()


def test_a_board_that_was_unplugged_in_mid_copy_starts_and_takes_the_rest(installed, tmp_path):
    pictures = installed[1]
    assert len(pictures) >= 20
    again = {int(len(pictures) * part) for part in AGAIN}
    with ThreadPoolExecutor(2) as pool:
        boards_ = [
            pool.submit(switched_on_again, tmp_path, number, picture, number in again)
            for number, picture in enumerate(pictures)
        ]
        for board in boards_:
            board.result()


def test_a_stock_image_for_another_chip_is_refused(tmp_path):
    other = stock.board("STOCK_UNIX")
    with VirtualBoard(stock.rp2040_image()) as board:
        connected(board.port).close()
        with pytest.raises(TargetError, match="runs on rp2; STOCK_UNIX is for linux"):
            install(board.port, other, nobody)
        other.facts.update(platform="rp2", arch="xtensawin")
        with pytest.raises(TargetError, match="runs armv6m code; STOCK_UNIX is compiled for xtensawin"):
            install(board.port, other, nobody)
        line = connect(board.port)
        assert line.exec("import os; print(os.listdir('/'))") == b"[]\r\n"
        line.close()
