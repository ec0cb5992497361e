"""`kiosk install`: the runtime as files on an interpreter that was there before, over its console."""

import os
import pty
import subprocess
import sys
import threading

import pytest
import serial

from host_tools.errors import TargetError
from host_tools.firmware import boards, frozen
from host_tools.firmware import install as installer
from host_tools.paths import ROOT
from host_tools.target import Target, UnixTarget

RUNTIME = ("wx", "kiosk", "uploads")


@pytest.fixture
def board(tmp_path):
    """A board for the only interpreter at hand: the emulator's, whose console speaks MicroPython's raw REPL."""
    folder = tmp_path / "boards" / "TOY"
    folder.mkdir(parents=True)
    (folder / "board.json").write_text('{"port": "stock", "mcu": "", "platform": "linux", "arch": "x64"}')
    (folder / "manifest.py").write_text(
        f'package("wx", base_path="{ROOT}/firmware")\npackage("kiosk", base_path="{ROOT}/firmware")\n'
        f'module("uploads.py", base_path="{ROOT}/firmware")\nmodule("main.py", base_path="{ROOT}/firmware")\n'
    )
    return boards.load("TOY", tmp_path / "boards")


def quiet(*_):
    """Progress that nobody watches."""


def install(target, board, progress=quiet):
    with target.released() as port:
        return installer.install(port, board, progress)


def test_the_runtime_arrives_and_is_what_is_imported(board):
    with UnixTarget() as target:
        written = install(target, board)
        assert written == len(frozen.modules(board.folder / "manifest.py"))
        assert target.get("/main.py") == (ROOT / "firmware/main.py").read_bytes()
        # Only what is on the flash may answer now; asyncio is the interpreter's own.
        loaded = target.exec(
            "import sys\n"
            "kept = dict(sys.modules)\n"
            "for name in list(sys.modules):\n"
            f" if name.partition('.')[0] in {RUNTIME!r}: del sys.modules[name]\n"
            "sys.path[:] = ['/lib', '.frozen']\n"
            "import wx, uploads, kiosk.supervisor, kiosk.net.http, kiosk.files.archive, kiosk.net.websocket\n"
            f"print(sorted({{m.__file__[:5] for n, m in sys.modules.items() if n.partition('.')[0] in {RUNTIME!r}}}))\n"
            "sys.modules.update(kept)\n"
        )
        assert loaded.strip() == "['/lib/']"


def test_a_second_time_writes_only_what_differs(board):
    with UnixTarget() as target:
        install(target, board)
        assert install(target, board) == 0
        target.put("/lib/kiosk/log.mpy", b"something else")
        assert install(target, board) == 2  # that one, and main.py last
        assert install(target, board) == 0


def test_progress_goes_up_to_the_end(board):
    seen = []
    with UnixTarget() as target:
        install(target, board, lambda path, done, total: seen.append((path, done, total)))
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)
    assert seen[0][1] == 0 and seen[-1][1] == seen[-1][2]
    assert seen[-2][0] == "/main.py"


def test_a_copy_that_breaks_off_starts_nothing_and_is_continued(board):
    class Cut(Exception):
        """What the test breaks the copy off with."""

    def cut(path, done, total):
        if done > total // 2:
            raise Cut

    with UnixTarget() as target:
        install(target, board)
        target.put("/lib/kiosk/app.mpy", b"old")
        target.put("/lib/wx/storage.mpy", b"old")
        with pytest.raises(Cut):
            install(target, board, cut)
        assert target.exec("import os;print('main.py' in os.listdir('/'))").strip() == "False"
        assert install(target, board) in (1, 2)
        assert target.exec("import os;print('main.py' in os.listdir('/'))").strip() == "True"


def test_another_platform_is_refused_and_nothing_is_written():
    with UnixTarget() as target:
        with pytest.raises(TargetError, match="runs on linux; GENERIC_S3_STOCK is for esp32"):
            install(target, boards.load("GENERIC_S3_STOCK"))
        assert target.exec("import os;print('lib' in os.listdir('/'))").strip() == "False"


def test_a_flash_that_is_too_small_is_refused(board):
    refused = pytest.raises(TargetError, match=r"the board has \d+ KB free, the runtime takes \d+ KB")
    with UnixTarget(flash_kb=256) as target, refused:
        install(target, board)


def run(*arguments):
    command = [sys.executable, "-m", "host_tools.cli.main", "install", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr


def test_a_port_that_is_not_there_is_one_line(tmp_path):
    assert run("--port", tmp_path / "tty") == (1, f"kiosk: {tmp_path}/tty: there is no such port\n")


def test_a_port_in_use_is_one_line():
    master, slave = pty.openpty()
    port = os.ttyname(slave)
    with serial.Serial(port, exclusive=True):
        assert run("--port", port) == (1, f"kiosk: {port} is in use by another program\n")
    os.close(master)
    os.close(slave)


def test_a_line_at_which_no_micropython_answers_is_one_line():
    master, slave = pty.openpty()
    port = os.ttyname(slave)
    assert run("--port", port) == (1, f"kiosk: no MicroPython answers at {port}\n")
    os.close(master)
    os.close(slave)


def test_a_board_that_is_unplugged_in_mid_copy_is_one_line(board):
    target = UnixTarget()
    ended = threading.Event()

    def unplug(path, done, total):
        if done > total // 3 and not ended.is_set():
            ended.set()
            target.process.kill()
            target.process.wait()
            os.dup2(nothing, target._master)  # the last end of the line on the board's side

    nothing = os.open(os.devnull, os.O_RDONLY)
    line = pytest.raises(TargetError, match="broke off; connect the board again and repeat the command")
    try:
        with line:
            Target.close(target)
            installer.install(target.port, board, unplug)
    finally:
        os.close(nothing)
        target._end()
    assert ended.is_set()


def test_a_board_with_an_image_of_its_own_is_refused():
    line = "kiosk: RPI_PICO_W has an image of its own; use: make firmware BOARD=RPI_PICO_W\n"
    assert run("--port", "x", "--board", "RPI_PICO_W") == (1, line)


def test_every_file_of_the_stock_board_compiles(tmp_path):
    files = installer.compiled(boards.load("GENERIC_S3_STOCK"), tmp_path)
    assert list(files)[-1] == "/main.py"
    assert {"/lib/board.mpy", "/lib/softguard.mpy", "/lib/wx/__init__.mpy"} <= set(files)
    assert all(data[:2] == b"M\x06" for path, data in files.items() if path.endswith(".mpy"))
