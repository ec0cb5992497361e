"""The unit tests on a board: compiled for it, copied to its flash, run one after the other at MicroPython's own prompt."""

import ast
import subprocess
import tempfile
from pathlib import Path
from typing import Iterator

from host_tools.errors import ExecError, TargetError
from host_tools.firmware.install import ARCHITECTURES
from host_tools.paths import MPY_CROSS, ROOT
from host_tools.target import open_target

_FOLDER = "/unit"
# A test starts with nothing loaded but what is built in and asyncio, as it would in a process of its own.
_CLEAR = """
import gc, os, sys, vfs
for name in tuple(sys.modules):
    if name.partition('.')[0] not in ('__main__', 'asyncio', 'rp2', 'gc', 'os', 'sys', 'vfs'):
        del sys.modules[name]
module = result = None
gc.collect()
gc.collect()  # the finalisers of the first may have let go of more
"""
_RUN = """
sys.path[:] = [%(root)r + '/tests/unit', %(root)r, '.frozen']
try:
    module = __import__(%(module)r)
    result = module.%(function)s()
    if result is not None:
        import asyncio
        asyncio.new_event_loop()
        asyncio.run(result)
    print('passed')
except Exception as exc:
    if type(exc).__name__ != 'OnlyInTheEmulator':
        raise
    print('skipped:', exc)
finally:
    module = result = None
    for name in os.listdir('/'):
        if name not in %(files)r:
            try:
                vfs.umount('/' + name)
            except OSError:
                pass
"""


class Board:
    """A board that runs one test function at a time; after one that hung, a new one does the next.

    Earlier tests leave the heap in pieces, which the emulator's processes do not know: what fails on a board that has
    run others is run again on a new one, and that counts.
    """

    def __init__(self, name: str):
        self._name = name
        self._target = None

    def run(self, path: Path, function: str, timeout_s: float) -> str:
        """What the test printed, or ExecError with its traceback; TargetError if it did not end."""
        if self._target is not None:
            try:
                return self._try(path, function, timeout_s)
            except ExecError:
                self.close()
        self._start()
        return self._try(path, function, timeout_s)

    def _try(self, path: Path, function: str, timeout_s: float) -> str:
        try:
            self._target.exec(_CLEAR)
            for file in with_fakes(path):
                self._provide(file)
            values = {"root": _FOLDER, "module": path.stem, "function": function, "files": self._files}
            return self._target.exec(_RUN % values, timeout_s=timeout_s)
        except TargetError as error:
            if not isinstance(error, ExecError):
                self.close()
            raise

    def _start(self) -> None:
        self._output = tempfile.TemporaryFile("w+")  # noqa: SIM115  the board's, until it is closed
        self._target = open_target(self._name, output=self._output, errors=self._output)
        self._target.quit()
        number = int(self._target.exec("import os, sys\nprint(sys.implementation._mpy >> 10 & 15)"))
        self._march = ARCHITECTURES[number]
        self._provided = set()
        for folder in ("", "/tests", "/tests/unit", "/tests/fakes", "/drivers", "/drivers/audio"):
            self._target.exec(
                f"try:\n    os.mkdir({_FOLDER + folder!r})\nexcept OSError as exc:\n    assert exc.errno == 17"
            )
        self._files = self._target.exec("print(os.listdir('/'))").strip()

    def _provide(self, file: Path) -> None:
        if file in self._provided:
            return
        inside = file.relative_to(ROOT)
        with tempfile.NamedTemporaryFile(suffix=".mpy") as compiled:
            command = [MPY_CROSS, f"-march={self._march}", "-s", inside, "-o", compiled.name, file]
            subprocess.run([str(part) for part in command], check=True)
            self._target.put(f"{_FOLDER}/{inside.with_suffix('.mpy').as_posix()}", Path(compiled.name).read_bytes())
        self._provided.add(file)

    def close(self) -> None:
        """Let go of the board."""
        if self._target:
            self._target.close()
            self._output.close()
            self._target = None


def with_fakes(path: Path) -> Iterator[Path]:
    """A file of tests and, before it, the modules of tests/ and drivers/ that it imports, however indirectly."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module.startswith(("tests", "drivers")):
            for name in [node.module] + [f"{node.module}.{alias.name}" for alias in node.names]:
                file = ROOT / (name.replace(".", "/") + ".py")
                if file.exists():
                    yield from with_fakes(file)
    yield path
