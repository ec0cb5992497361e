"""Unit tests run in MicroPython: each `test_*` function in a process of its own, in the 64-bit and the 32-bit build.

The 32-bit one has a board's 190 KB of heap, so a test that passes there fits on a board.  With `--target virtual` or
`serial:PORT` they run on the board itself (onboard.py).
"""

import ast
import subprocess

import pytest

from host_tools.errors import HostError
from host_tools.paths import ROOT, unix_image
from tests.unit.onboard import Board, with_fakes

RUNNER = ROOT / "tests" / "unit" / "runner.py"
BUILDS = {"unix": ["-X", "heapsize=4m"], "unix32": ["-X", "heapsize=190k"]}
TIMEOUT_S = 120
BOARD_TIMEOUT_S = 600  # the emulated one is a hundred times slower than a process
# What `make test` runs on the virtual board of these; `make test TARGET=virtual` runs all.
QUICK_ON_BOARD = (
    "test_datapath.py",
    "test_domains.py",
    "test_events.py",
    "test_images.py",
    "test_url.py",
    "test_wx_storage.py",
)
_BOARD = pytest.StashKey()


def pytest_pycollect_makemodule(module_path, parent):
    """Take every test module of this folder away from CPython."""
    return UnitFile.from_parent(parent, path=module_path)


class UnitFile(pytest.File):
    """The test functions of one file, found without running it."""

    def collect(self):
        """Yield each function once for each build."""
        tree = ast.parse(self.path.read_text(encoding="utf-8"), str(self.path))
        is_server = any(_listens(file) for file in with_fakes(self.path))
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
                target = self.config.getoption("--target")
                for build in BUILDS if target == "unix" else (target,):
                    item = UnitTest.from_parent(self, name=f"{node.name}[{build}]", function=node, build=build)
                    if is_server and build not in BUILDS:
                        item.add_marker(pytest.mark.skip(reason="is the server, too: a Wi-Fi chip has no loopback"))
                    yield item


def _listens(file):
    """Whether a module of tests opens sockets itself, as servers do."""
    return any(
        (isinstance(node, ast.Import) and node.names[0].name == "socket")
        or (isinstance(node, ast.Attribute) and node.attr == "start_server")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    )


class UnitTest(pytest.Item):
    """One function in one build."""

    def __init__(self, *, function, build, **rest):
        super().__init__(**rest)
        self.function_name = function.name
        self._line = function.lineno - 1
        self.build = build
        if build not in BUILDS:
            self.add_marker(pytest.mark.timeout(BOARD_TIMEOUT_S + 100))
            if self.path.name in QUICK_ON_BOARD:
                self.add_marker("board")

    def runtest(self):
        """Run it; anything but a clean end fails."""
        if self.build not in BUILDS:
            self._run_on_board()
            return
        image = unix_image(32 if self.build == "unix32" else 64)
        command = [str(image), *BUILDS[self.build], str(RUNNER), str(self.path), self.function_name]
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S, check=False
        )
        if done.returncode or "passed" not in done.stdout.splitlines()[-1:]:
            raise UnitFailure(f"{' '.join(command)}\n{done.stdout}{done.stderr}")

    def _run_on_board(self):
        if _BOARD not in self.config.stash:
            self.config.stash[_BOARD] = Board(self.build)
            self.config.add_cleanup(self.config.stash[_BOARD].close)
        try:
            printed = self.config.stash[_BOARD].run(self.path, self.function_name, BOARD_TIMEOUT_S)
        except HostError as error:
            text = getattr(error, "traceback", "") or str(error)
            raise UnitFailure(f"{self.path} {self.function_name} on {self.build}\n{text}")
        if printed.strip().startswith("skipped:"):
            pytest.skip(printed.strip().partition(":")[2].strip())
        if "passed" not in printed.splitlines()[-1:]:
            raise UnitFailure(printed)

    def repr_failure(self, excinfo, style=None):
        """What MicroPython said, below the command that runs this one case again."""
        if isinstance(excinfo.value, UnitFailure):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self):
        """Where the test is."""
        return self.path, self._line, f"{self.path.name}::{self.name}"


class UnitFailure(Exception):
    """A test failed in MicroPython; the text is its output."""
