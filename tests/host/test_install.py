"""
`kiosk install`: the runtime as files on an interpreter that was there before, over its console.

That interpreter is the emulator, or a stock build of the Unix port.  The stock port has no raw REPL, which mpremote and so
the installer need; tests/stock_boards/STOCK_UNIX/switch_on.py gives it one, and a flash, and starts main.py as a board does.
"""

import os
import random
import subprocess
import sys
import threading

import pytest

from host_tools.errors import TargetError
from host_tools.firmware import boards, frozen
from host_tools.firmware import install as installer
from host_tools.package.pack import pack_folder
from host_tools.paths import ROOT
from host_tools.target import SerialTarget, Target, UnixTarget
from host_tools.target.line import connect
from tests import stock

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
    with UnixTarget(flash_kb=4096) as target:
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
    with UnixTarget(flash_kb=4096) as target:
        install(target, board)
        assert install(target, board) == 0
        target.put("/lib/kiosk/log.mpy", b"something else")
        assert install(target, board) == 2  # that one, and main.py last
        assert install(target, board) == 0


def test_progress_goes_up_to_the_end(board):
    seen = []
    with UnixTarget(flash_kb=4096) as target:
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

    with UnixTarget(flash_kb=4096) as target:
        install(target, board)
        target.put("/lib/kiosk/app.mpy", b"old")
        target.put("/lib/wx/storage.mpy", b"old")
        with pytest.raises(Cut):
            install(target, board, cut)
        assert target.exec("import os;print('main.py' in os.listdir('/'))").strip() == "False"
        assert install(target, board) in (1, 2)
        assert target.exec("import os;print('main.py' in os.listdir('/'))").strip() == "True"


def test_another_platform_is_refused_and_nothing_is_written():
    with UnixTarget(flash_kb=4096) as target:
        with pytest.raises(TargetError, match="runs on linux; GENERIC_S3_STOCK is for esp32"):
            install(target, boards.load("GENERIC_S3_STOCK"))
        assert target.exec("import os;print('lib' in os.listdir('/'))").strip() == "False"


def test_a_flash_that_is_too_small_is_refused(board):
    refused = pytest.raises(TargetError, match=r"the board has \d+ KB free, the runtime takes \d+ KB")
    with UnixTarget(flash_kb=256) as target, refused:
        install(target, board)


@pytest.fixture(autouse=True)
def _compiled_once(monkeypatch):
    """The runtime does not change between two tests."""
    monkeypatch.setattr(installer, "compiled", compiled_once)


def compiled_once(board, scratch):
    """As compiled(); a dict of the caller's own."""
    key = (board.folder, board.facts["arch"])
    if key not in _COMPILED:
        _COMPILED[key] = compiled(board, scratch)
    return dict(_COMPILED[key])


_COMPILED = {}
compiled = installer.compiled


def on_stock(unix, progress=quiet):
    return installer.install(unix.port, stock.board("STOCK_UNIX"), progress)


stock_build = pytest.mark.timeout(300)  # the first run compiles it

MINI_PROGRAM = {
    "app.json": '{"pages": ["pages/index/index"]}',
    "pages/index/index.py": "@Page\nclass Index:\n    data = {}\n    def onLoad(self, query):\n        print('loaded', query)\n",
}


@stock_build
def test_a_stock_interpreter_becomes_a_kiosk(tmp_path):
    for path, text in MINI_PROGRAM.items():
        (tmp_path / "app" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "app" / path).write_text(text)
    pack_folder(tmp_path / "app", tmp_path / "packed")
    unix = stock.StockUnix(tmp_path / "flash")
    with unix.switched_on():
        assert on_stock(unix) > 90
        assert on_stock(unix) == 0
    with unix.switched_on(), open(tmp_path / "output", "w+", encoding="utf-8") as output:
        with SerialTarget(unix.port, output) as kiosk:
            assert kiosk.state()["running"] is None
            kiosk.install(tmp_path / "packed", "test")
            assert kiosk.launch("test", query="a=1")["errMsg"] == "launch:ok"
            assert kiosk.state()["running"] == "test"
            # The paths of what runs: nothing of it is the interpreter's own.
            files = "sorted({m.__file__[:5] for n, m in sys.modules.items() if n.partition('.')[0] in ('kiosk', 'wx', 'board')})"
            assert kiosk.exec(f"import sys; print({files})").strip() == "['/lib/']"
        output.seek(0)
        assert "loaded {'a': '1'}" in output.read()


PARTS = 12  # the stock RP2040 is unplugged at twice as many moments


@stock_build
@pytest.mark.parametrize("part", range(PARTS + 1))
def test_a_stock_interpreter_that_is_unplugged_in_mid_copy_comes_up_and_takes_the_rest(part, tmp_path):
    unix = stock.StockUnix(tmp_path / "flash")
    numbers = random.Random(part)
    with unix.switched_on() as process:
        # In the middle of a file, not between two; once, and before the line is another one.
        hand = threading.Timer(numbers.uniform(0, 0.01), unix.unplug, [process])

        def unplug(path, done, total):
            if done >= total * part // PARTS and not hand.ident:
                hand.start()

        broke_off = pytest.raises(TargetError, match="broke off|no longer answers")
        if part < PARTS:
            with broke_off:
                on_stock(unix, unplug)
            hand.join()
        else:
            on_stock(unix)
            unix.unplug(process)
    with unix.switched_on():
        transport = connect(unix.port)
        runs = transport.exec("import sys; print('kiosk.supervisor' in sys.modules)").strip() == b"True"
        transport.close()
        assert runs == (part == PARTS)
        assert (on_stock(unix) > 0) == (part < PARTS)
    with unix.switched_on(), SerialTarget(unix.port) as kiosk:
        assert kiosk.state()["failure"] == ""


@stock_build
def test_a_flash_without_room_is_refused_before_the_first_byte(tmp_path):
    unix = stock.StockUnix(tmp_path / "flash", flash_kb=256)
    with unix.switched_on():
        with pytest.raises(TargetError, match=r"the board has \d+ KB free, the runtime takes \d+ KB"):
            on_stock(unix)
        assert told(unix, "import os; print(os.listdir('/'))") == "[]"


@stock_build
def test_an_update_without_room_leaves_the_kiosk_that_was_there(tmp_path):
    unix = stock.StockUnix(tmp_path / "flash")
    with unix.switched_on():
        on_stock(unix)
        told(unix, "import os; os.remove('/lib/wx/__init__.mpy')\nfree = os.statvfs('/')[3]")
        told(unix, "f = open('/full', 'w')\nfor _ in range(free - 3): f.write(' ' * 4096)\nf.close()")
        with pytest.raises(TargetError, match="KB free, the runtime takes"):
            on_stock(unix)
        assert told(unix, "import os; print('main.py' in os.listdir('/'))") == "True"


@stock_build
def test_a_main_py_of_the_user_s_own_is_kept(tmp_path):
    unix = stock.StockUnix(tmp_path / "flash")
    with unix.switched_on():
        told(unix, "f = open('/main.py', 'w')\nf.write('mine = 1')\nf.close()")
        on_stock(unix)
        assert told(unix, "print(open('/main.old.py').read())") == "mine = 1"
        told(unix, "f = open('/lib/kiosk/log.mpy', 'w')\nf.close()")
        on_stock(unix)  # this time main.py is the kiosk's own
        assert told(unix, "print(open('/main.old.py').read())") == "mine = 1"


@stock_build
def test_what_arrives_damaged_is_not_started(tmp_path, monkeypatch):
    unix = stock.StockUnix(tmp_path / "flash")
    write = installer._write
    monkeypatch.setattr(
        installer, "_write", lambda line, path, data: write(line, path, data[:-1] if "router" in path else data)
    )
    with unix.switched_on():
        with pytest.raises(TargetError, match="/lib/kiosk/router.mpy did not arrive at .* as it was sent"):
            on_stock(unix)
        assert told(unix, "import os; print('main.py' in os.listdir('/'))") == "False"


@stock_build
@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"arch": "xtensawin"}, "runs x64 code; STOCK_UNIX is compiled for xtensawin"),
        ({"platform": "esp32"}, "runs on linux; STOCK_UNIX is for esp32"),
    ],
)
def test_another_processor_is_refused_and_nothing_is_written(facts, reason, tmp_path):
    board = stock.board("STOCK_UNIX")
    board.facts.update(facts)
    unix = stock.StockUnix(tmp_path / "flash")
    with unix.switched_on():
        with pytest.raises(TargetError, match=reason):
            installer.install(unix.port, board, quiet)
        assert told(unix, "import os; print(os.listdir('/'))") == "[]"


def told(unix, code):
    """What the code prints on the stock interpreter, an exception included."""
    transport = connect(unix.port)
    out, err = transport.exec_raw(code, timeout=30)
    transport.close()
    return (out + err).decode().strip()


def run(*arguments):
    command = [sys.executable, "-m", "host_tools.cli.main", "install", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr


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
    files = compiled(boards.load("GENERIC_S3_STOCK"), tmp_path)
    assert list(files)[-1] == "/main.py"
    assert {"/lib/board.mpy", "/lib/softguard.mpy", "/lib/wx/__init__.mpy"} <= set(files)
    assert all(data[:2] == b"M\x06" for path, data in files.items() if path.endswith(".mpy"))
