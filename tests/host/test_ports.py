"""What a port may hide instead of a kiosk: each command says in one line what is wrong with it, and ends."""

import os
import random
import re
import select
import subprocess
import sys
import threading
import tty
from contextlib import ExitStack

import pytest
import serial

from host_tools.paths import EXAMPLES, ROOT
from tests.stock import StockUnix

BANNER = b"raw REPL; CTRL-B to exit\r\n>"
COMMANDS = {
    "install": ("install", "--port", "{port}"),
    "run": ("run", EXAMPLES / "hello", "--headless", "--target", "serial:{port}"),
    "wifi": ("wifi", "--target", "serial:{port}"),
    "doctor": ("doctor", "--port", "{port}"),
}
PATIENCE_S = 100  # a command must have given up by then, however busy the machine is


class Peer:
    """The other end of a port: `answer(data)` says what it sends back, b"" to have said something unasked."""

    def __init__(self, answer):
        self._answer = answer
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()
        os.close(self._master)
        os.close(self._slave)

    def _run(self):
        while not self._done.wait(0.01):
            ready = select.select([self._master], [], [], 0)[0]
            said = self._answer(os.read(self._master, 4096) if ready else b"")
            if said and select.select([], [self._master], [], 0)[1]:
                os.write(self._master, said)


NOISE = bytes(random.Random(4).randrange(256) for _ in range(40))


PEERS = {
    "silent": lambda data: b"",
    "echoes": lambda data: data,
    "floods": lambda data: b"\x00>OK\x04" * 50,
    "garbage": lambda data: NOISE if data else b"",
    "hangs": lambda data: BANNER if b"\x01" in data else b"",
    "mumbles": lambda data: BANNER if b"\r\x01" in data else NOISE if data else b"",
}
NOTHING = "no MicroPython answers at {port}"
HUNG = {
    "install": "the board at {port} no longer answers; reset it and repeat the command",
    **dict.fromkeys(("run", "wifi", "doctor"), "the kiosk at {port} does not answer: .*"),
}
LINES = {peer: HUNG if peer in ("hangs", "mumbles") else dict.fromkeys(COMMANDS, NOTHING) for peer in PEERS}


def start(command, port):
    """Begin a command."""
    words = [str(word).format(port=port) for word in COMMANDS[command]]
    command = [sys.executable, "-m", "host_tools.cli.main", *words]
    return subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def refused(command, process, line):
    """Whether the command has ended with status 1 and that line."""
    out, err = process.communicate(timeout=PATIENCE_S)
    line = line if command == "doctor" else f"kiosk: {line}\n"
    said = (
        re.findall(r"missing  the kiosk at the port: (.*); see docs/boards.md", out) if command == "doctor" else [err]
    )
    assert process.returncode == 1 and len(said) == 1 and re.fullmatch(line, said[0]), (out, err, line)
    return True


@pytest.mark.timeout(300)
def test_what_is_no_micropython_is_one_line_and_the_command_ends():
    with ExitStack() as stack:  # all at once: they wait, most of the time
        running = []
        for name, answer in PEERS.items():
            for command in COMMANDS:
                port = stack.enter_context(Peer(answer)).port
                running.append((name, command, port, start(command, port)))
                stack.callback(running[-1][-1].kill)
        for name, command, port, process in running:
            assert refused(command, process, LINES[name][command].format(port=port)), name


@pytest.mark.parametrize("command", COMMANDS)
def test_a_port_that_another_program_has_is_one_line(command):
    with Peer(PEERS["echoes"]) as peer, serial.Serial(peer.port, exclusive=True):
        assert refused(command, start(command, peer.port), f"{peer.port} is in use by another program")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_port_that_is_not_there_is_one_line(command, tmp_path):
    assert refused(command, start(command, tmp_path / "tty"), f"{tmp_path}/tty: there is no such port")


@pytest.mark.parametrize("path", ["/dev/null", str(ROOT), __file__, "no-such-scheme://x"])
def test_what_is_no_port_is_one_line(path):
    assert refused("wifi", start("wifi", path), re.escape(f"{path} is no serial port"))


@pytest.mark.timeout(300)  # the first run compiles the stock port
@pytest.mark.parametrize("command", ["run", "wifi", "doctor"])
def test_a_micropython_without_a_kiosk_is_told_from_one(command, tmp_path):
    stock = StockUnix(tmp_path / "flash")
    with stock.switched_on():
        line = f"the MicroPython at {stock.port} is no kiosk .ImportError: no module named 'kiosk'."
        assert refused(command, start(command, stock.port), line)
