"""
What a host does with a kiosk, over its serial console and nothing else.

mpremote's SerialTransport speaks the raw REPL (paste mode with flow control included); on top of it are the functions of
firmware/kiosk/console/remote.py, each of which answers with one line of JSON.
"""

import contextlib
import json
import time
from pathlib import Path
from typing import Any, Iterator, Optional

import serial
from mpremote.transport import TransportError

from host_tools.errors import ExecError, TargetError
from host_tools.target.line import SILENCE_S, connect

_FAREWELL_S = 0.5  # for the kiosk to leave its loop


class Target:
    """A running kiosk.  Use it as a context manager, or close() it."""

    patience_s = SILENCE_S  # how long the line may be silent where an answer is due

    def __init__(self, port: str):
        self.port = port
        self._connect()

    def _connect(self) -> None:
        self._transport = connect(self.port, timeout_s=self.patience_s)
        try:
            self.exec("import kiosk")
        except ExecError as error:
            self._transport.close()
            raise TargetError(f"the MicroPython at {self.port} is no kiosk ({error})") from error
        except TargetError:
            self._transport.close()
            raise

    @contextlib.contextmanager
    def released(self) -> Iterator[str]:
        """Let go of the line for a while, so that another program may use it; yields the port."""
        Target.close(self)
        try:
            yield self.port
        finally:
            self._connect()

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def exec(self, code: str, timeout_s: float = 15) -> str:
        """Run Python code on the kiosk; return what it printed.  ExecError if it raised, TargetError if it hangs."""
        try:
            out, err = self._transport.exec_raw(code, timeout=timeout_s)
        except (TransportError, serial.SerialException, OSError) as error:
            raise TargetError(f"the kiosk at {self.port} does not answer: {error}") from error
        if err:
            raise ExecError(out.decode(errors="replace"), err.decode(errors="replace"))
        return out.decode(errors="replace")

    def ask(self, function: str, *args: Any, timeout_s: float = 15) -> Any:
        """Call one function of the kiosk's console with plain data; return its answer."""
        text = ", ".join(repr(argument) for argument in args)
        lines = self.exec(f"kiosk.{function}({text})", timeout_s).strip().splitlines()
        if not lines:
            raise TargetError(f"kiosk.{function} gave no answer")
        return json.loads(lines[-1])

    def call(self, name: str, options: Any = None, timeout_s: float = 65) -> Any:
        """Call `wx.<name>` (a dict of options, or a list of arguments for a ...Sync one); return its result."""
        return self.ask("call", name, options, timeout_s=timeout_s)

    def mock(self, name: str, result: Optional[dict] = None) -> dict:
        """Let `result` answer for an API; without one the real API answers again."""
        return self.ask("mock", name, result)

    def pages(self) -> list:
        """The page stack, the visible page last: route, options, data."""
        return self.ask("pages")

    def launch(self, appid: str, **options: Any) -> dict:
        """Launch an installed mini-program: query (str), path (str), urlCheck (bool), allow (list of scopes, no others)."""
        return self.ask("launch", appid, options)

    def quit(self) -> None:
        """End the kiosk: from now on exec(), put() and get() are answered by MicroPython's own prompt, nothing else is."""
        self.ask("quit")
        time.sleep(_FAREWELL_S)
        try:
            self._transport.enter_raw_repl(timeout_overall=self.patience_s)
        except (TransportError, serial.SerialException, OSError) as error:
            raise TargetError(f"no prompt at {self.port}: {error}") from error

    def permission(self, *answer: str) -> dict:
        """What the running mini-program asks for (asked) and was told (answers); a scope and "allow" or "refuse" answer."""
        return self.ask("permission", *answer)

    def policy(self, *choice: str) -> dict:
        """The kiosk's policies; a scope and "allow", "refuse" or "ask" set one for good."""
        return self.ask("policy", *choice)

    def stop(self) -> dict:
        """Close the running mini-program."""
        return self.ask("stop")

    def hide(self) -> dict:
        """Put the running mini-program into the background."""
        return self.ask("hide")

    def show(self) -> dict:
        """Bring the running mini-program to the front."""
        return self.ask("show")

    def state(self) -> dict:
        """running (appid or None), failure (str), heapUsed and heapFree (bytes, after a collection)."""
        return self.ask("state")

    def wait(self, timeout_ms: int) -> dict:
        """The state, once the mini-program has ended or the time has passed."""
        return self.ask("wait", timeout_ms, timeout_s=timeout_ms / 1000 + 15)

    def catch_up(self) -> None:
        """Have what the kiosk has printed so far where it belongs."""

    def put(self, path: str, data: bytes) -> None:
        """Write a file on the kiosk; its folder must be there."""
        self._files(self._transport.fs_writefile, path, data)

    def get(self, path: str) -> bytes:
        """Read a file of the kiosk."""
        return bytes(self._files(self._transport.fs_readfile, path))

    def install(self, folder: Path, appid: str) -> None:
        """Copy a packed mini-program's folder to the kiosk."""
        root = f"/apps/{appid}"
        self._make_folder(root)
        for path in sorted(folder.rglob("*")):
            inside = f"{root}/{path.relative_to(folder).as_posix()}"
            if path.is_dir():
                self._make_folder(inside)
            else:
                self.put(inside, path.read_bytes())

    def _make_folder(self, path: str) -> None:
        if not self._files(self._transport.fs_exists, path):
            self._files(self._transport.fs_mkdir, path)

    def _files(self, operation, *args):
        try:
            return operation(*args)
        except TransportError as error:
            raise TargetError(f"{args[0]}: {error}") from error

    def close(self) -> None:
        """Leave the kiosk as it is and let go of the line."""
        try:
            self._transport.exit_raw_repl()
        except (TransportError, serial.SerialException, OSError):
            return  # the kiosk is gone already, which is what close() is for
        finally:
            self._transport.close()
