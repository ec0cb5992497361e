"""
Bad input to every API, made from the typings: the API's own errMsg and errno, once, and nothing else comes of it.

On the 32-bit build with a board's heap; every option also on the other one, which has room for the longest values.
bad_values.py does the work on the kiosk; a fault names the option and the number of the value in its VALUES.
"""

import json
import subprocess

import pytest

from host_tools.paths import MPY_CROSS
from tests.conformance import typings
from tests.conformance.runtime import PROGRAM, offered
from tests.conftest import Kiosk

_HEAP = 190 * 1024
_HUGE = 100 * 1024
_ROOM = (24000, 12000, 6000)  # bytes of heap that a call is left with; below, not even the answer has room
# Bytes that a round of up to 3,000 calls may leave: less than 7 a call.  The collector is conservative: what a stale
# word in a buffer or on the stack points at stays for a while, so that the same round leaves now more, now less.
_ROUNDS = 4
_LEFT = 20 * 1024
_PAGES = {**dict.fromkeys(("navigateTo", "redirectTo", "reLaunch"), "/pages/a/a"), "switchTab": "/pages/tab1/tab1"}
_TASKS = ("RequestTask", "UploadTask", "DownloadTask", "SocketTask")
_HOLDERS = ("wx", "FileSystemManager")
GOOD = {
    "url": "http://127.0.0.1:1/",
    "key": "k",
    "data": "d",
    "filePath": "wxfile://usr/file",
    "name": "n",
    "path": "wxfile://usr/file",
    "dirPath": "wxfile://usr/dir",
    "oldPath": "wxfile://usr/file",
    "newPath": "wxfile://usr/file2",
    "srcPath": "wxfile://usr/file",
    "destPath": "wxfile://usr/file3",
    "fd": "1",
    "length": 2,
    "arrayBuffer": bytearray(4),
    "tempFilePath": "wxfile://tmp/none",
    "zipFilePath": "wxfile://usr/file",
    "targetPath": "wxfile://usr/out",
    "entries": "all",
    "compressionAlgorithm": "br",
    "dataUrl": "wxfile://usr/file",
    "position": 1,
    "canvasId": "chart",
    "actions": [],
    "x": 1,
    "y": 1,
    "width": 2,
    "height": 2,
    "destWidth": 2,
    "destHeight": 2,
    "src": "wxfile://usr/file",
    "urls": ["wxfile://usr/file"],
}


class Bombarded:
    """A kiosk with bad_values.py in it, its mini-program running."""

    def __init__(self, kiosk, folder, is_small):
        self.kiosk = kiosk
        self.is_small = is_small
        self._logged = 0
        kiosk.program(PROGRAM)
        for name in ("proof", "bad_values"):  # compiled here: compiling leaves a small heap in pieces
            compiled = folder / f"{name}.mpy"
            subprocess.run([MPY_CROSS, "-o", compiled, typings.HERE / f"{name}.py"], check=True)
            kiosk.put(f"/apps/test/{name}.mpy", compiled.read_bytes())
        self.restart()
        kiosk.exec("from proof import *")
        self.offered = offered(kiosk)

    def restart(self):
        """Begin anew, with a file to work on."""
        self.kiosk.stop()
        launched = self.kiosk.launch("test", urlCheck=False, allow=["scope.record"])  # else there would be a question
        assert launched["errMsg"] == "launch:ok"
        self.kiosk.exec("from bad_values import *\nbegin()\nfrom kiosk.ui import canvas\n"
                        "canvas.attach(getCurrentPages()[-1], 'chart', 20, 10)\n"
                        "wx.getFileSystemManager().writeFileSync('wxfile://usr/file', 'x')")  # fmt: skip

    def ask(self, code):
        """What one function of bad_values.py answers."""
        return json.loads(self.kiosk.exec(code, timeout_s=60).splitlines()[-1])

    def calls(self, holder, kinds=("api", "sync")):
        """Yield (name, declaration, options with good values) of what `holder` offers."""
        for name, declared in sorted(self.offered.items()):
            if name.rpartition(".")[0] != holder or declared["kind"] not in kinds or name == "wx.exitMiniProgram":
                continue
            typed = typings.callable_of(name) or {"options": None, "parameters": ()}
            fields = typed["options"] if typed["options"] is not None else typed["parameters"]
            options = [field["name"] for field in fields] or [one[0].lstrip("*") for one in declared.get("options", ())]
            yield name, typed, [[option, self._good(name, option)] for option in options]

    def _good(self, name, option):
        if option == "url" and name == "wx.connectSocket":
            return "ws://127.0.0.1:1/"
        if option == "url" and name.rpartition(".")[2] in _PAGES:
            return _PAGES[name.rpartition(".")[2]]
        return GOOD.get(option)

    def silent(self):
        """Whether nothing has been heard or logged since the last call."""
        logged, self._logged = self._logged, len(self.kiosk.errors)
        return self.kiosk.exec("print(heard)").strip() == "[]" and self.kiosk.errors[logged:] == ""

    def _used(self):
        self.restart()
        return self.kiosk.state()["heapUsed"]

    def twice(self, work):
        """Do `work()`, which answers with faults, two times; afterwards all is as before and the kiosk works."""
        used = []
        # The first time, names and tables come that stay.  The collector takes what looks like a pointer for one, so what
        # has stayed by such a chance gets another; what leaks, leaks each time.
        while len(used) < 2 or (len(used) < _ROUNDS and used[-1] - used[-2] > _LEFT):
            self.restart()
            assert work() == []
            assert self.silent(), self.kiosk.errors[-2000:]
            self.kiosk.exec("tasks.clear()")
            used.append(min(self._used() for _ in range(5)))
        assert used[-1] - used[-2] <= _LEFT, used
        assert self.kiosk.call("setStorageSync", ["alive", 1]) is None
        assert self.kiosk.call("getStorageSync", ["alive"]) == 1


@pytest.fixture(scope="module")
def bombarded(request, tmp_path_factory):
    """One Bombarded for all tests; with a heap of 190 KB unless the test says otherwise."""
    heap = getattr(request, "param", _HEAP)
    settings = {"heap": heap} if request.config.getoption("--target") == "unix" else {}
    folder = tmp_path_factory.mktemp("bad")
    kiosk = Kiosk(request.config.getoption("--target"), folder, **settings)
    if request.config.getoption("--target") == "virtual":
        kiosk.target.join()
    yield Bombarded(kiosk, folder, heap is not None)
    kiosk.close()


@pytest.mark.emulator("tens of thousands of calls take an emulated board hours")
@pytest.mark.parametrize("bombarded", [_HEAP, None], ids=["190 KB", "megabytes"], indirect=True)
@pytest.mark.parametrize("holder", _HOLDERS)
def test_any_value_of_any_option(bombarded, holder):
    totals, longest = [], []

    def work():
        faults, total = [], 0
        for name, typed, good in bombarded.calls(holder):
            sync = name.endswith("Sync")
            code = f"bombard({name!r}, {good!r}, {sync}, {typed['options'] is not None})"
            count, bytes_max, found = bombarded.ask(code)
            total += count
            longest.append(bytes_max)
            faults += [(name, *fault) for fault in found]
        totals.append(total)
        return faults

    bombarded.twice(work)
    assert totals[0] > 4000
    # A board's heap may have no room for that in one piece.
    assert bombarded.is_small or min(longest) == _HUGE


@pytest.mark.emulator("tens of thousands of calls take an emulated board hours")
@pytest.mark.parametrize("holder", _HOLDERS)
def test_options_that_are_no_dict_and_callbacks_that_cannot_be_called(bombarded, holder):
    def work():
        faults = []
        for name, _, good in bombarded.calls(holder, ("api",)):
            faults += [(name, *fault) for fault in bombarded.ask(f"misuse({name!r}, {good!r})")]
        return faults

    bombarded.twice(work)


def test_a_task_of_a_socket(bombarded, ws_echo):
    """send and close of an open socket; the first close that is taken ends it, so what follows fails for that."""
    code = f"""
async def opened():
    tasks["SocketTask"] = wx.connectSocket(url={ws_echo!r})
    while tasks["SocketTask"].readyState != 1:
        await asyncio.sleep_ms(5)
kiosk.run(opened())
"""

    def work():
        faults = []
        for name in ("SocketTask.send", "SocketTask.close"):
            good = [[field["name"], {"data": "x"}.get(field["name"])] for field in typings.callable_of(name)["options"]]
            bombarded.ask(code)
            faults += [(name, *fault) for fault in bombarded.ask(f"bombard({name!r}, {good!r})")[2]]
            bombarded.ask(code)
            faults += [(name, *fault) for fault in bombarded.ask(f"misuse({name!r}, {good!r})")]
        return faults

    bombarded.twice(work)


def test_listeners_that_cannot_be_called(bombarded):
    code = """
for name in "request", "uploadFile", "downloadFile", "connectSocket":
    if hasattr(wx, name):
        task = getattr(wx, name)(url="http://127.0.0.1:1/", filePath="wxfile://usr/file", name="n")
        tasks[type(task).__name__] = task
"""
    names = []
    for name, declared in bombarded.offered.items():
        holder, _, member = name.rpartition(".")
        if declared["kind"] == "function" and member[:2] == "on" and holder in ("wx", *_TASKS):
            names.append(name)
    assert len(names) >= 15

    def work():
        bombarded.kiosk.exec(code)
        return [(name, *fault) for name in names for fault in bombarded.ask(f"listeners({name!r})")]

    bombarded.twice(work)


def test_questions_that_are_none(bombarded):
    bombarded.twice(lambda: bombarded.ask("questions()"))


@pytest.mark.emulator("tens of thousands of calls take an emulated board hours")
@pytest.mark.parametrize("room", _ROOM)
def test_hardly_any_memory(bombarded, room):
    """A call either has the memory or fails with errno 111; it ends in any case, and the kiosk goes on."""

    def work():
        faults = []
        for holder in _HOLDERS:
            for name, _, good in bombarded.calls(holder, ("api",)):
                faults += [(name, *fault) for fault in bombarded.ask(f"cramped({name!r}, {good!r}, {room})")]
        return faults

    bombarded.twice(work)
