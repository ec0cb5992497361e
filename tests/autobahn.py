"""
Autobahn's cases for WebSocket clients, served by kosoku to a client that sends back what it gets.

Each case has two verdicts, on the messages and on the close.  It is passed, for Autobahn, kosoku and us, when each of
them is OK, NON-STRICT (allowed, but not what a SHOULD of RFC 6455 says) or INFORMATIONAL (the RFC leaves it open).
"""

import asyncio
import time
from collections import Counter

# Framing, pings, reserved bits, opcodes, fragmentation, UTF-8, close, automatic fragmentation: 247 cases.  Not in here:
# 9, messages of up to 16 MB, and 12 and 13, compression.
GROUPS = ("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*")
_REPORT_S = 10

_PAGE = """
import wx

@Page
class Index:
    data = {"case": 0}

    def onLoad(self, query):
        self.count = 0
        self.open("/getCaseCount", self.onCount)

    def open(self, path, listener):
        self.task = wx.connectSocket(url="ws://127.0.0.1:%d" + path)
        self.task.onMessage(listener)
        self.task.onClose(self.onClose)

    def onCount(self, res):
        self.count = int(res.data)

    def onEcho(self, res):
        self.task.send(data=res.data)

    def onClose(self, res):
        case = self.data["case"] + 1
        if case <= self.count:
            self.open("/runCase?case=%%d&agent=mpkiosk" %% case, self.onEcho)
        elif case == self.count + 1:
            self.open("/updateReports?agent=mpkiosk", self.onEcho)
        self.data["case"] = case
        if case > self.count + 1:
            print("played")
"""


def run(play, cases=GROUPS):
    """List of kosoku's CaseResult: `play(port)` is called in a thread and plays the client in every case."""
    return asyncio.run(_run(play, cases))


async def _run(play, cases):
    from kosoku import FailureError, run_fuzzingserver

    async with run_fuzzingserver(cases, port=0) as server:
        results = asyncio.create_task(server.get_result())
        await asyncio.to_thread(play, server.port)
        try:
            return await asyncio.wait_for(results, _REPORT_S)
        except FailureError as failure:
            return failure.results


def play_in(kiosk, port, all_s=100, pause_s=0.1):
    """Play the client in a mini-program of a Kiosk; all_s, pause_s: for how long, and how often it is asked for the end.

    The emulator is not asked, it prints; a board's console takes time and memory in the middle of a case.
    """
    assert kiosk.run({"pages/index/index.py": _PAGE % port}, urlCheck=False)["errMsg"] == "launch:ok"
    deadline = time.monotonic() + all_s
    while "played" not in kiosk.output:
        assert time.monotonic() < deadline, kiosk.pages()
        time.sleep(pause_s)


def play_websockets(port):
    """Play the client with the `websockets` package."""
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    def opened(path):
        return connect(f"ws://127.0.0.1:{port}{path}", compression=None, max_size=None)

    with opened("/getCaseCount") as connection:
        count = int(connection.recv())
    for case in range(1, count + 1):
        try:
            with opened(f"/runCase?case={case}&agent=websockets") as connection:
                for message in connection:
                    connection.send(message)
        except ConnectionClosed:
            continue  # as the case may have it
    opened("/updateReports?agent=websockets").close()


def verdicts(results):
    """dict: how many cases have which two verdicts."""
    return dict(Counter(f"{result.behavior.value}/{result.behavior_close.value}" for result in results))


def failures(results):
    """List of str: the cases that are not passed, and why."""
    return [f"{r.case_id}: {r.result} {r.result_close}" for r in results if not r.passed]
