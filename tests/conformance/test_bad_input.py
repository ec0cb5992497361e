"""
Bad input to every API, made from the typings: the API's own errMsg and errno, once, and nothing else comes of it.

On the 32-bit build with a board's heap.  bad_values.py does the work on the kiosk; a fault names the option and the
number of the value in its VALUES.
"""

import json

import pytest

from tests.conformance import typings
from tests.conformance.runtime import PROGRAM, offered
from tests.conftest import Kiosk

_HEAP = 190 * 1024
_ROOM = (24000, 12000, 6000)  # bytes of heap that a call is left with; below, not even the answer has room
# Bytes that a round of up to 3,000 calls may leave: less than 7 a call.  The collector is conservative: what a stale
# word in a buffer or on the stack points at stays for a while, so that the same round leaves now more, now less.
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
}


class Bombarded:
    """A kiosk with bad_values.py in it, its mini-program running."""

    def __init__(self, kiosk):
        self.kiosk = kiosk
        kiosk.program(PROGRAM)
        self._launch()
        for name in ("proof", "bad_values"):
            kiosk.exec((typings.HERE / f"{name}.py").read_text(encoding="utf-8"))
        self.offered = offered(kiosk)

    def _launch(self):
        assert self.kiosk.launch("test", urlCheck=False)["errMsg"] == "launch:ok"

    def restart(self):
        """Begin anew, with a file to work on and one use of each chapter's memory."""
        self.kiosk.stop()
        self._launch()
        self.logged = len(self.kiosk.errors)
        self.kiosk.exec("begin()\nwx.getFileSystemManager().writeFileSync('wxfile://usr/file', 'x')")

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

    def twice(self, work):
        """Do `work()`, which answers with faults, two times; afterwards all is as before and the kiosk works."""
        used = []
        for _ in range(2):  # the first time, names and tables come that stay
            self.restart()
            assert work() == []
            assert self.kiosk.exec("print(heard)").strip() == "[]"
            assert self.kiosk.errors[self.logged :] == ""
            self.kiosk.exec("tasks.clear()")
            self.restart()
            used.append(self.kiosk.state()["heapUsed"])
        assert used[1] - used[0] <= _LEFT, used
        assert self.kiosk.call("setStorageSync", ["alive", 1]) is None
        assert self.kiosk.call("getStorageSync", ["alive"]) == 1


@pytest.fixture(scope="module")
def bombarded(request, tmp_path_factory):
    """One Bombarded for all."""
    settings = {"heap": _HEAP} if request.config.getoption("--target") == "unix" else {}
    kiosk = Kiosk(request.config.getoption("--target"), tmp_path_factory.mktemp("bad"), **settings)
    yield Bombarded(kiosk)
    kiosk.close()


@pytest.mark.parametrize("holder", _HOLDERS)
def test_any_value_of_any_option(bombarded, holder):
    totals = []

    def work():
        faults, total = [], 0
        for name, typed, good in bombarded.calls(holder):
            sync = name.endswith("Sync")
            count, found = bombarded.ask(f"bombard({name!r}, {good!r}, {sync}, {typed['options'] is not None})")
            total += count
            faults += [(name, *fault) for fault in found]
        totals.append(total)
        return faults

    bombarded.twice(work)
    assert totals[0] > 2000


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
            faults += [(name, *fault) for fault in bombarded.ask(f"bombard({name!r}, {good!r})")[1]]
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
