"""The `kiosk` command as a user meets it: a process, its output, its exit status."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
import zipfile

import pytest

from host_tools.paths import ROOT

KIOSK = [sys.executable, "-m", "host_tools.cli.main"]
PRINTS = '@Page\nclass Index:\n    def onLoad(self, query):\n        print("loaded", query)\n'


def kiosk(*args, timeout=60):
    """Run the command from the project's folder."""
    return subprocess.run([*KIOSK, *map(str, args)], cwd=ROOT, capture_output=True, text=True, timeout=timeout)


@pytest.fixture
def app(tmp_path):
    """Make a mini-program: app(files) -> folder."""

    def make(files=None):
        folder = tmp_path / "shop"
        base = {"app.json": '{"pages": ["pages/index/index"]}', "pages/index/index.py": PRINTS}
        for path, text in {**base, **(files or {})}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        return folder

    return make


def test_run_prints_as_it_is_and_ends_with_the_timeout(app):
    done = kiosk("run", app(), "--timeout", "0.5", "--query", "a=1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "loaded {'a': '1'}\n", "")


def test_run_ends_when_the_mini_program_does(app):
    page = '@Page\nclass Index:\n    def onLoad(self, query):\n        print("中文")\n        wx.exitMiniProgram()\n'
    done = kiosk("run", app({"pages/index/index.py": page}), "--headless")
    assert (done.returncode, done.stdout, done.stderr) == (0, "中文\n", "")


def test_run_on_the_32_bit_build_with_a_small_heap(app):
    page = "import gc\n" + PRINTS
    folder = app({"pages/index/index.py": PRINTS + "        print(len(bytearray(100000)))\n"})
    assert kiosk("run", folder, "--timeout", "0.5", "--heap", "190k").stdout.endswith("100000\n")
    failed = kiosk("run", folder, "--timeout", "0.5", "--heap", "100k")
    assert "MemoryError" in failed.stderr and 'File "pages/index/index.py", line 5' in failed.stderr
    refused = kiosk("run", app({"pages/index/index.py": page}))
    assert refused.returncode == 1
    assert refused.stderr == "kiosk: pages/index/index.py:1: import of gc: a mini-program has no such library\n"


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({"app.json": '{\n"pages": ["pages/index/index",]}'}, "kiosk: app.json:2: "),
        ({"app.json": '{"pages": ["pages/gone/gone"]}'}, "kiosk: app.json:1: pages[0]: "),
        ({"pages/index/index.py": "x = 1\ndef f(:\n"}, "kiosk: pages/index/index.py:2: SyntaxError"),
        ({"pages/index/index.py": "x = 1\nawait x\n"}, "kiosk: pages/index/index.py:2: SyntaxError"),
        ({"pages/index/index.py": "x = 1\n"}, 'kiosk: page "pages/index/index" has not been registered'),
    ],
)
def test_what_cannot_start_is_one_line_and_status_1(app, files, error):
    done = kiosk("run", app(files), "--timeout", "5")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(error) and done.stderr.count("\n") == 1, done.stderr


def test_a_failing_page_script_shows_its_traceback(app):
    done = kiosk("run", app({"pages/index/index.py": "x = 1\nx / 0\n"}), "--timeout", "5")
    assert done.returncode == 1
    assert 'File "pages/index/index.py", line 2' in done.stderr and "ZeroDivisionError" in done.stderr


def test_a_mini_program_that_had_to_be_stopped_is_status_1(app):
    page = "@Page\nclass Index:\n    def onShow(self):\n        while True:\n            pass\n"
    done = kiosk("run", app({"pages/index/index.py": page}), "--timeout", "20")
    assert done.returncode == 1
    assert 'File "pages/index/index.py", line' in done.stderr and "Stalled" in done.stderr


def test_an_exception_in_a_handler_goes_to_stderr_and_is_no_failure(app):
    page = "@Page\nclass Index:\n    def onShow(self):\n        raise ValueError('oops')\n"
    done = kiosk("run", app({"pages/index/index.py": page}), "--timeout", "0.5")
    assert done.returncode == 0 and done.stdout == ""
    assert 'File "pages/index/index.py", line 4' in done.stderr and "ValueError: oops" in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["nonsense"],
        ["run"],
        ["run", "x", "--target", "moon"],
        ["run", "x", "--target", "serial:"],
        ["run", "x", "--timeout", "soon"],
        ["run", "x", "--timeout", "-1"],
        ["run", "x", "--heap", "5"],
        ["run", "x", "--nonsense"],
        ["new"],
    ],
)
def test_wrong_usage_is_one_line_and_status_2(args):
    done = kiosk(*args)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("kiosk") and done.stderr.count("\n") == 1, done.stderr


@pytest.mark.parametrize("args", [["run", "/nowhere/at-all"], ["pack", "/nowhere/at-all"], ["run", __file__]])
def test_missing_or_wrong_mini_program_is_one_line_and_status_1(args):
    done = kiosk(*args)
    assert done.returncode == 1 and done.stderr.startswith("kiosk: ") and done.stderr.count("\n") == 1


def test_new_pack_and_run(tmp_path):
    folder = tmp_path / "tea-shop"
    assert kiosk("new", folder).returncode == 0
    assert json.loads((folder / "kiosk.json").read_text())["appid"] == "tea-shop"
    packed = tmp_path / "tea.zip"
    assert kiosk("pack", folder, "-o", packed).returncode == 0
    with zipfile.ZipFile(packed) as archive:
        names = set(archive.namelist())
        assert archive.testzip() is None
    assert {"app.json", "app.mpy", "kiosk.json", "pages/index/index.mpy"} <= names
    assert not [name for name in names if name.endswith((".py", ".wxml", ".wxss"))]
    again = tmp_path / "again.zip"
    kiosk("pack", folder, "-o", again)
    assert again.read_bytes() == packed.read_bytes()
    flash = tmp_path / "flash.img"
    for visit in (1, 2):
        done = kiosk("run", packed, "--timeout", "0.5", "--flash", flash)
        assert done.returncode == 0 and done.stdout.endswith(f"visit number {visit}\n"), done.stderr
    assert kiosk("run", folder, "--timeout", "0.5").stdout.endswith("visit number 1\n")


def test_new_refuses_to_overwrite_and_bad_names(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "precious.txt").write_text("mine")
    done = kiosk("new", tmp_path / "full")
    assert done.returncode == 1 and "not empty" in done.stderr
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["precious.txt"]
    assert kiosk("new", tmp_path / "no spaces").returncode == 1
    assert not (tmp_path / "no spaces").exists()


def test_a_packed_file_that_reaches_outside_is_refused(tmp_path):
    evil = tmp_path / "evil.zip"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("../outside.txt", "x")
    done = kiosk("run", evil)
    assert done.returncode == 1 and "outside of itself" in done.stderr
    assert not (tmp_path / "outside.txt").exists()


def test_ctrl_c_closes_the_mini_program(app):
    page = PRINTS + '    def onUnload(self):\n        print("unloaded", wx.setStorageSync("k", 1))\n'
    process = subprocess.Popen(
        [*KIOSK, "run", str(app({"pages/index/index.py": page}))],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline().startswith("loaded")
    time.sleep(0.3)  # past the launch, into the waiting
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out == "unloaded None\n" and "Traceback" not in err


def test_a_killed_host_takes_its_kiosk_along(app):
    process = subprocess.Popen([*KIOSK, "run", str(app())], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().startswith("loaded")
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
    )
    (child,) = [int(word) for word in children.stdout.split()]
    process.kill()
    process.wait()
    for _ in range(100):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        with open(f"/proc/{child}/stat") as stat:
            if stat.read().split()[2] == "Z":
                return  # dead, and nobody in this container to collect it
        time.sleep(0.05)
    raise AssertionError("the kiosk outlived its host")


def test_doctor_finds_everything():
    done = kiosk("doctor")
    assert done.returncode == 0, done.stdout
    assert all(line.startswith("ok ") for line in done.stdout.splitlines()) and "answers" in done.stdout


def test_demo_without_a_terminal_makes_its_tour_and_ends():
    done = subprocess.run(
        [sys.executable, "-m", "host_tools.demo"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "launch number 1",
        "index is shown with 1 page(s) open",
        "answered with status 200",
        "Hello from the server in 中文, en",
        "index is shown with 1 page(s) open",
    ]


def test_demo_with_a_terminal_stays_until_ctrl_c():
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "host_tools.demo"], cwd=ROOT, stdin=slave, stdout=subprocess.PIPE, text=True
    )
    lines = [process.stdout.readline() for _ in range(5)]
    assert lines[-1].startswith("index is shown")
    time.sleep(1)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    process.stdout.close()
    os.close(master)
    os.close(slave)
